"""Reader of the number cells of suppliers' lists: pure functions, used by imports.

A cell holds one number, several, none, or something else, and whatever a person
typed beside it. The reader answers as a careful clerk would: what it is sure of is
certain, what can be read in two ways is kept and flagged, and nothing is made up.

How: the cell is cleaned (:func:`_clean`), judged as a whole (:func:`_judge`), cut
into tokens, and the tokens are read from left to right by :class:`_Reader`, which
collects the words of one number until something ends it. All of it takes time in
proportion to the cell's length, whatever the text.
"""

import datetime
import html
import re
import unicodedata
from typing import NamedTuple

from . import number_words as words
from .part_number import LONGEST_KEY, SHORTEST_LOOKUP, number_key


class CellNumber(NamedTuple):
    """One number found in a cell, or the reason why there is none.

    - ``number``: as printed, tidied; "" if this part of the cell names none
    - ``side``: "L", "R" or ""
    - ``remark``: what else stands there about it
    - ``owner``: the brand or make named beside it, as written, or ""
    - ``certain``: False if a person should look
    - ``reason``: a code, "" if there is nothing to say. It may stand with a certain
      number, too: ``others`` says that the supplier knows more numbers.

    Reasons without a number: ``none`` (said to have none), ``pending`` (not known
    yet), ``text``, ``year_range``, ``date``, ``measure``, ``formula``, ``error`` (of
    a spreadsheet), ``scientific`` (digits lost in a spreadsheet), ``too_long``.
    Reasons to look: ``one_space`` (two numbers, or one with a space in it),
    ``slash``, ``tail`` (written short: 300/301), ``range`` (from, to), ``side``
    (letter of the number, or the side), ``scientific``, ``decimal``, ``thousands``,
    ``year``, ``date``, ``short``, ``dummy``, ``look_alike`` (letters of two
    scripts), ``encoding`` (characters lost), ``bracketed``, ``text`` (found in a
    sentence), ``owner`` (brand between two numbers), ``doubt`` (a question mark),
    ``replaced`` (an arrow: one number for another).
    """

    number: str
    side: str = ""
    remark: str = ""
    owner: str = ""
    certain: bool = True
    reason: str = ""


# A token of this many letters and digits, so many of them digits, can be a number
# by itself; BMW's short numbers have seven, aftermarket brands' six.
WHOLE = 6
WHOLE_DIGITS = 4
# The longest number that its maker prints with spaces: A 205 810 01 93 9197
LONGEST_SPACED = 16
# So many slashes and the like belong to one number, at the most
MOST_JOINTS = 4


def read_number_cell(cell):
    """Return the part numbers of a supplier's cell, in the order of the cell.

    :param cell: text, or what a spreadsheet's reader gives (int, float, date, None)
    :return: list of :class:`CellNumber`, empty for an empty cell; never raises
    """
    text, reason = _get_text(cell)
    if _PLAIN.fullmatch(text) and not reason:
        found = _read_plain(text)
        if found:
            return [found]
    text, damaged = _clean(text)
    if not text:
        return []
    verdict = _judge(text)
    if verdict:
        return [verdict]
    numbers = _Reader(text).get_numbers()
    for flag in filter(None, (reason, "encoding" if damaged else "")):
        numbers = [_doubt(number, flag) for number in numbers]
    return numbers


# === CLEANING === #

_PLAIN = re.compile(r"[0-9A-Z]+(?:[-.][0-9A-Z]+)*")
_HTML_BREAK = re.compile(r"<\s{0,3}(?:br|/?p|/?div|/?li|/?tr)\s{0,3}/?>", re.I)
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_XLSX_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINE_END = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－⁃"), "-")
_TILDES = dict.fromkeys(map(ord, "～〜∼˜"), "~")
_QUOTES = dict.fromkeys(map(ord, "\"“”„‟«»‹›`´‘’‚‛'＇＂′″"), " ")
_CIRCLED = {
    code: ";" for code in (*range(0x2460, 0x249C), *range(0x2776, 0x2794), 0x2022)
}
_SINGLE = {0xD7: "*", 0x2116: " No ", 0xB7: ".", 0x30FB: "."}
# These stand for whole sentences, which NFKC would write out
_SINGLE |= {0xFDFA: " ", 0xFDFB: " "}
_FOLDED = {**_DASHES, **_TILDES, **_QUOTES, **_CIRCLED, **_SINGLE}
_FUNCTION = re.compile(r"=\s{0,9}[-+]?[A-Za-z_.]+\d*\(")
_REFERENCE = re.compile(r"\$?[A-Za-z]{1,3}\$?\d{1,7}")
_OPERATOR = re.compile(r"[!&()$;,]|\w\s?[*+^]\s?\w")


def _get_text(cell):
    """Return the cell as text, and why it is doubtful as such."""
    if cell is None or isinstance(cell, bool):
        return "", ""
    if isinstance(cell, str):
        return cell, ""
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            return "", ""
        return (str(int(cell)), "decimal") if cell.is_integer() else (repr(cell), "")
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat(), ""
    return str(cell), ""


def _clean(text):
    """Return a cell's text in one form, and whether characters were lost in it.

    Full width and exotic dashes, quotes, spaces and line ends are folded, invisible
    characters and HTML go. Apart from that the text stays as it was typed.
    """
    if "_x" in text:
        text = _XLSX_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _HTML_TAG.sub(" ", _HTML_BREAK.sub("\n", text))
    damaged = False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _without_marks(text.translate(_FOLDED)))
        text, damaged = _without_hidden(text)
    text = _LINE_END.sub("\n", text.translate(_FOLDED))
    text = "".join(char for char in text if char >= " " or char in "\n\t")
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(filter(None, lines)), damaged


def _without_marks(text):
    """Cut runs of combining marks: putting a long one in order takes for ever."""
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= 4:
            kept.append(char)
    return "".join(kept)


def _without_hidden(text):
    kept, damaged = [], False
    for char in text:
        category = "" if char.isascii() else unicodedata.category(char)
        if category in ("Cf", "Cc"):
            continue
        if category in ("Co", "Cn", "Cs") or char == "\ufffd":
            damaged = True
            continue
        kept.append(str(unicodedata.decimal(char)) if category == "Nd" else char)
    return "".join(kept), damaged


# === THE CELL AS A WHOLE === #

_YEAR = r"(?:19[3-9]\d|20[0-4]\d)"
_MONTH = r"(?:[./,年]\s?(?:0?[1-9]|1[0-2])月?)?"
_TO = r"\s?(?:-+>?|~|/|至|到|to|till)\s?"
_YEARS = re.compile(
    rf"(?:(?:0?[1-9]|1[0-2])[./])?{_YEAR}{_MONTH}年?款?{_TO}"
    rf"(?:(?:0?[1-9]|1[0-2])[./])?(?:{_YEAR}{_MONTH}|\d\d)?(?:年?款?|on|up|\+)?"
    rf"|{_TO}{_YEAR}{_MONTH}年?款?|{_YEAR}{_MONTH}年款?|{_YEAR}款",
    re.I,
)
_SHORT_YEARS = re.compile(r"['’]?\d\d\s?[-~]\s?['’]?(?:\d\d)?|[-~]\s?\d\d")
_ONE_YEAR = re.compile(_YEAR)
_DATE = re.compile(
    rf"{_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[ T][\d:.]+)?"
    rf"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.]{_YEAR}"
    rf"|{_YEAR}年\d\d?月(?:\d\d?日)?|\d\d?月\d\d?日|\d\d?-\d\d?月"
    r"|(?:\d\d?-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"(?:-\d\d(?:\d\d)?)?",
    re.I,
)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]([+-]?)\d{1,3}")
_DECIMAL = re.compile(r"\d+\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ERROR = re.compile(r"#(?:N/A|REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|####*)[!?]?.*", re.I)
_MEASURE = re.compile(
    r"(?:[φΦØø]\s?)?\d+(?:[.,]\d+)?(?:\s?[x*]\s?\d+(?:[.,]\d+)?){0,3}\s?"
    r"(?:mm|cm|kg|ml|pcs?|ah|nm|kw|bar|米|毫米|厘米|升|公斤|个|只|件|套|片|条|支|对|副)"
    r"|(?:[φΦØø]\s?)?\d+(?:[.,]\d+)?(?:\s?[x*]\s?\d+(?:[.,]\d+)?){1,3}"
    r"|(?:6|12|24|36|48)\s?V(?:\s?\d{1,3}\s?[AW])?|[$€£¥￥]\s?\d[\d.,]*",
    re.I,
)
_LONGEST_VERDICT = 200


def _judge(text):
    """Return the verdict on a cell that is no list of numbers, or None."""
    if text.startswith("="):
        return _judge_formula(text)
    if len(text) > _LONGEST_VERDICT:
        return None
    if text in words.DITTO:
        return _no_number(text, "text")
    if not any(char.isalnum() for char in text):
        return _no_number(text, "none", certain=True)
    if text.casefold().strip(" .。!?*:") in words.NONE or not text.strip("0 .-"):
        return _no_number(text, "none", certain=True)
    if _ERROR.fullmatch(text):
        return _no_number(text, "error")
    if _DATE.fullmatch(text):
        return _no_number(text, "date")
    if _YEARS.fullmatch(text):
        return _no_number(text, "year_range", certain=True)
    if _SHORT_YEARS.fullmatch(text):
        return _no_number(text, "year_range")
    if _MEASURE.fullmatch(text):
        return _no_number(text, "measure")
    return _judge_figure(text)


def _judge_figure(text):
    """Return the verdict on what a spreadsheet made of a number, or None."""
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        # With a sign or a point the spreadsheet wrote it, and the digits are lost.
        lost = scientific[1] or "." in text
        return CellNumber(
            "" if lost else text, remark=text if lost else "", certain=False,
            reason="scientific",
        )  # fmt: skip
    if _DECIMAL.fullmatch(text):
        number = text.partition(".")[0]
        return CellNumber(number, remark=text, certain=False, reason="decimal")
    if _THOUSANDS.fullmatch(text):
        number = text.partition(".")[0].replace(",", "")
        return CellNumber(number, remark=text, certain=False, reason="thousands")
    if _ONE_YEAR.fullmatch(text):
        return CellNumber(text, certain=False, reason="year")
    return None


def _judge_formula(text):
    """Return the verdict on a cell with a formula; ="0123" is text kept by Excel."""
    # The quotes are gone by now: ="0123" reads = 0123
    plain = text[:_LONGEST_VERDICT].lstrip("= ")
    if (
        len(text) > _LONGEST_VERDICT
        or _FUNCTION.match(text)
        or _OPERATOR.search(plain)
        or (_REFERENCE.fullmatch(plain) and not _is_whole(_key(plain)))
    ):
        return _no_number(text, "formula")
    found = [_judge(plain)] if _judge(plain) else _Reader(plain).get_numbers()
    return found[0] if len(found) == 1 else _no_number(text, "formula")


def _no_number(text, reason, certain=False):
    return CellNumber("", remark=_shorten(text), certain=certain, reason=reason)


def _shorten(text, longest=500):
    text = " ".join(text[: 4 * longest].split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _doubt(number, reason):
    """Return ``number`` flagged; the first reason found stays."""
    if not number.number:
        return number
    kept = number.reason if not number.certain else reason
    return number._replace(certain=False, reason=kept)


# === KEYS AND SHAPES === #

_NOT_KEY = {code: None for code in range(128) if not chr(code).isalnum()}


def _key(text):
    if text.isascii():
        return text.translate(_NOT_KEY).upper()
    return number_key(text[: 8 * LONGEST_KEY])


def _digits(key):
    return sum(char in "0123456789" for char in key)


def _is_whole(key):
    """Tell whether a key can be a part number by itself, not a group of one."""
    return len(key) >= WHOLE and _digits(key) >= WHOLE_DIGITS


def _pattern(text):
    """Return the kind of each character: 0 for digits, A for letters."""
    return "".join("0" if char.isdigit() else "A" for char in text)


# Numbers as their makers print them, word by word
_SPACED = re.compile(
    r"(?:"
    # VAG, Porsche: 3-3-3, 1-3-3-2 for standard parts, one or two letters behind
    r"[0-9A-Z]{3} \d{3} \d{3}(?: \d{2}(?= |$)| [A-Z]{1,2}(?= |$))?"
    r"|[NW] \d{3} \d{3} \d{1,2}"
    # BMW
    r"|\d{2} \d{2} \d \d{3} \d{3}"
    # Mercedes
    r"|[ABNWQH] ?\d{3} \d{3} \d{2} \d{2}(?: \d{2,4}(?= |$))?"
    # Bosch
    r"|[0-9F] \d{3} [0-9A-Z]{3} [0-9A-Z]{3}"
    # Toyota, Hyundai, Nissan
    r"|\d{5} [0-9A-Z]{5}"
    # Peugeot, Citroën
    r"|\d{2} \d{3} \d{3} \d{2}"
    # Brands that put letters before: HU 711/2 x, VKBA 3569, GDB 1330
    r"|[A-Z]{1,4} \d{3,6}(?:/\d{1,2})?(?: [A-Za-z](?= |$))?"
    r")(?= |$)"
)


def _split_spaced(parts):
    """Return the numbers that words parted by one space make up.

    :param list parts: words with a digit, or short words beside one
    :return: list of texts, and the reason if a person should look
    """
    if len(parts) == 1:
        return parts, ""
    if _look_the_same(parts):
        return parts, "one_space"
    joined = " ".join(parts)
    found = _match_spaced(joined)
    if len(found) == 1:
        return found, ""
    if found:
        return found, "one_space"
    keys = [_key(part) for part in parts]
    chunk = _find_period(keys)
    if chunk:
        numbers = [" ".join(parts[i : i + chunk]) for i in range(0, len(parts), chunk)]
        return numbers, "one_space"
    whole = [_is_whole(key) for key in keys]
    if sum(whole) > 1:
        return _split_at_whole(parts, keys, whole), "one_space"
    total = sum(map(len, keys))
    return [joined], _doubt_spaced(keys, total)


def _look_the_same(parts):
    """Tell whether words are numbers of one kind: BKR6E-11 BKR7E-11."""
    pattern = _pattern(_key(parts[0][:300]))
    if not 5 <= len(pattern) <= LONGEST_KEY or len(set(pattern)) == 1:
        return False
    return all(_pattern(_key(part[:300])) == pattern for part in parts[1:])


def _match_spaced(joined):
    """Return numbers of known shapes if they make up all of a text, else none."""
    found, position = [], 0
    while position < len(joined):
        match = _SPACED.match(joined, position)
        if not match:
            return []
        found.append(match[0])
        position = match.end() + 1
    return found


def _find_period(keys):
    """Return of how many words each number has, if all have words of equal length."""
    lengths = list(map(len, keys))
    for chunk in range(2, min(7, len(keys) // 2 + 1)):
        size = sum(lengths[:chunk])
        if len(keys) % chunk or size < WHOLE:
            continue
        same = all(lengths[i] == lengths[i % chunk] for i in range(chunk, len(lengths)))
        prefix = keys[0].isalpha() and keys[0] == keys[chunk]
        if same and (prefix or size * 2 > LONGEST_SPACED - 2):
            return chunk
    return 0


def _split_at_whole(parts, keys, whole):
    """Return numbers that begin with each word that can be one by itself."""
    numbers, current, seen = [], [], False
    for part, key, is_whole in zip(parts, keys, whole, strict=True):
        starts = is_whole or (key.isalpha() and len(key) > 2)
        if starts and seen:
            numbers.append(" ".join(current))
            current, seen = [], False
        current.append(part)
        seen = seen or is_whole
    return [*numbers, " ".join(current)]


def _doubt_spaced(keys, total):
    """Return why words that make one number may be more, or an empty string."""
    if total > LONGEST_SPACED:
        return "one_space"
    long_first = any(
        len(key) >= 9 and any(_digits(rest) >= 3 for rest in keys[i + 1 :])
        for i, key in enumerate(keys[:3])
    )
    return "one_space" if long_first else ""


# === SLASHES, COMMAS AND RANGES: A LIST, A NUMBER WRITTEN SHORT, OR ONE NUMBER === #


def _get_tail(full, short):
    """Return ``full`` with its end replaced by ``short``, or "" if that cannot be.

    34116794300 and 301 make 34116794301; 06A905115A and D make 06A905115D;
    06A905115 and B make 06A905115B.
    """
    if len(full) > 200 or len(short) > 20:
        return ""
    full_key, short_key = _key(full), _key(short)
    if not short_key or len(full_key) < 8 or _digits(full_key) < 5:
        return ""
    if len(short_key) > 5 or len(short_key) * 2 > len(full_key) + 1:
        return ""
    if short_key.isalpha():
        if len(short_key) > 2:
            return ""
        stem = full.rstrip()
        if full_key[-1].isalpha():
            stem = re.sub(r"[A-Za-z]{1,2}$", "", stem)
        return stem + short
    if len(short_key) < 2 or _pattern(short_key) != _pattern(
        full_key[-len(short_key) :]
    ):
        return ""
    return _replace_end(full, short_key)


def _replace_end(full, key):
    """Put the letters and digits of ``key`` over the last ones of ``full``."""
    chars, left = list(full), list(key)
    for i in range(len(chars) - 1, -1, -1):
        if not left:
            break
        if chars[i].isalnum():
            chars[i] = left.pop()
    return "".join(chars)


# === TOKENS === #

# Letters of no script in which part numbers are written
_FOREIGN = r"[^\W\d_a-zA-Z\u00aa-\u024f\u0370-\u052f]"
_IN_WORD = r"[\w.\-*\#?!%@^$€£¥°]"
_SIDE = "(?:LHS?|RHS?|L|R)"
_TOKENS = re.compile(
    rf"""
      (?P<newline>\n)
    | (?P<years>(?<![\w.-]){_YEAR}(?:[./]\d\d?)?年?\s?[-~]\s?
        (?:{_YEAR}(?:[./]\d\d?)?|\d\d)?
        [年款]?(?![\w-]))
    | (?P<list>[;|\t、&=•]|(?<![0-9]),|,(?![0-9]))
    | (?P<comma>,)
    | (?P<arrow>-{{1,2}}>|[→⇒➔>])
    | (?P<both>(?<![A-Za-z0-9]){_SIDE}\ ?[/\\|,+&-]\ ?{_SIDE}(?![A-Za-z0-9])
        |左侧?\ ?[/\\|,+&-]\ ?右侧?|右侧?\ ?[/\\|,+&-]\ ?左侧?)
    | (?P<remark>(?<![A-Za-z0-9])(?:A/C|A/T|M/T|W/O|C/W)(?![A-Za-z0-9]))
    | (?P<label>(?<![A-Za-z0-9])(?:N/A|P/N|I/N|S/N)(?![A-Za-z0-9]))
    | (?P<slash>\ ?[/\\]\ ?)
    | (?P<range>\ ?~\ ?|\ -+\ )
    | (?P<plus>\ ?\+\ ?)
    | (?P<open>[(\[{{【〔《「『〈])
    | (?P<close>[)\]}}】〕》」』〉])
    | (?P<wide>\ {{2,}})
    | (?P<space>\ )
    | (?P<colon>:)
    | (?P<foreign>{_FOREIGN}+)
    | (?P<word>{_IN_WORD}+?(?={_FOREIGN})|{_IN_WORD}+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = dict(zip("([{【〔《「『〈", ")]}】〕》」』〉", strict=True))

_JOINTS = ("slash", "plus", "range", "comma", "wide")
_SIDE_ENDING = re.compile(
    r"(.*[0-9A-Za-z])[-_.](LHS?|RHS?|LEFT|RIGHT|L\.?H|R\.?H)", re.I
)
_SIDE_LETTER = re.compile(r".*\d-[LR]")
_SIDE_ATTACHED = re.compile(r".*\d(?:LH|RH)", re.I)
_TIMES = re.compile(r"(.*?)(\*\d{1,3})")
_PRICE = re.compile(r"[$€£¥]\d[\d.]*|\d[\d.]*[$%€£¥°]")
_BRAND_BEFORE = re.compile(r"([A-Za-z]{4,20})[-_]?(\d.*)")
_BRAND_BEHIND = re.compile(r"(.*\d[^-_]*)[-_]([A-Za-z]{4,20})")
_SPACED_TEXT = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-]{0,60}")
_VAG_WORDS = re.compile(r"[0-9A-Z]{3} ?\d{3} ?\d{3}", re.I)
_DOUBT_WORDS = frozenset(
    "not no old except without ohne nicht kein alt formerly instead".split()
)
_DOUBT_CHINESE = ("非", "不是", "旧", "除外", "不含", "老款号", "错")
# So many words make a sentence, and a number in it may be mentioned only
_SENTENCE = 3


def _match_brackets(tokens):
    """Return for each opening bracket where it closes; unclosed, at the line's end."""
    closes, open_ones = {}, []
    for index, (kind, text) in enumerate(tokens):
        if kind == "newline":
            closes.update(dict.fromkeys(open_ones, index))
            open_ones = []
        elif kind == "open":
            open_ones.append(index)
        elif kind == "close":
            same = [i for i in open_ones[-4:] if _CLOSING[tokens[i][1]] == text]
            while same and open_ones:
                opened = open_ones.pop()
                closes[opened] = index
                if opened == same[-1]:
                    break
    closes.update(dict.fromkeys(open_ones, len(tokens)))
    return closes


class _Reader:
    """Reads one cleaned cell. The words of a number being read make up a *run*: fields
    of words, joined by what may part numbers or belong to one."""

    def __init__(self, text, depth=0):
        self.text = text
        self.depth = depth
        self.tokens = [(match.lastgroup, match[0]) for match in _TOKENS.finditer(text)]
        self.numbers = []
        self.fields, self.joints = [[]], []
        self.piece_start = 0  # in self.numbers
        self.base = ""  # the last whole number of the line, for numbers written short
        self.pending = {"side": "", "owner": "", "remarks": [], "reason": ""}
        self.sticky_owner = ""
        self.owners_behind = []  # brands behind a number: how many were there, which
        self.sides_first = self.brands_first = None
        self.both = ""
        self.text_words = 0
        self.has_tilde = "~" in text
        letters = {text for kind, text in self.tokens if kind == "word"}
        self.has_both_letters = {"L", "R"} <= letters
        # HU 711/2x / HU 718/1n: the slashes with spaces part the numbers
        self.has_tight_slash = any(
            kind == "slash" and len(text) == 1 for kind, text in self.tokens
        )

    # --- walking ---

    def get_numbers(self):
        closes = _match_brackets(self.tokens)
        if closes.get(0) == len(self.tokens) - 1 and self.tokens[-1][0] == "close":
            if self.depth < 3:
                return _Reader(self.text[1:-1].strip(), self.depth + 1).get_numbers()
        index = 0
        while index < len(self.tokens):
            kind, text = self.tokens[index]
            if kind == "open":
                close = closes[index]
                self._bracket(index, close)
                # An unclosed bracket leaves the line's end to be read
                line_end = close < len(self.tokens) and self.tokens[close][0] != "close"
                index = close if line_end else close + 1
                continue
            index += self._token(kind, text, index)
        self._end_piece()
        return self._finish()

    def _token(self, kind, text, index):
        """Read one token; return how many tokens it took."""
        if kind == "word":
            return self._word(text, index)
        if kind == "foreign":
            self._foreign(text)
        elif kind in ("list", "newline", "arrow") or self._parts_here(kind, text):
            self._end_piece()
            if kind == "newline":
                self.base = ""
                self.sticky_owner = ""
            elif kind == "arrow":
                self.pending["reason"] = "replaced"
        elif kind in _JOINTS:
            self._joint(kind, text)
        elif kind == "colon":
            self._colon()
        elif kind == "both":
            self._both(text)
        elif kind in ("years", "remark", "other", "label"):
            if kind == "other" and not text.strip():
                return 1
            self._remark(text.strip() if kind != "label" else "")
        return 1

    def _parts_here(self, kind, text):
        return kind == "slash" and len(text) == 3 and self.has_tight_slash

    # --- the run ---

    @property
    def _run_words(self):
        return self.fields[-1]

    def _run_key(self):
        return _key(" ".join(word for field in self.fields[-3:] for word in field[-8:]))

    def _run_empty(self):
        return not self.fields[0]

    def _run_whole(self):
        return not self._run_empty() and _is_whole(self._run_key()[-60:])

    def _joint(self, kind, text):
        if not self.fields[-1]:
            # What stands before it is no number: it parts, or says nothing
            return
        self.fields.append([])
        self.joints.append((kind, text))

    def _end_run(self):
        """Turn the words collected into numbers."""
        fields, joints = self.fields, self.joints
        self.fields, self.joints = [[]], []
        if not fields[-1] and joints:
            fields.pop()
            joints.pop()
        if fields[0]:
            for number, reason, remark in self._read_fields(fields, joints):
                self._emit(number, reason, remark)

    def _end_piece(self):
        self._end_run()
        self._give_owners()
        if len(self.numbers) - self.piece_start == 2:
            self._give_both_sides(self.piece_start)
        self.piece_start = len(self.numbers)

    def _read_fields(self, fields, joints):
        """Yield text, reason and remark of the numbers of a run."""
        words_, doubt, joined = fields[0], "", 0
        for (kind, text), field in zip(joints, fields[1:], strict=True):
            decision, reason = self._decide(kind, text, words_ or [self.base], field)
            text = text.strip()
            joined = joined + 1 if decision == "belongs" else 0
            if decision == "belongs" and joined <= MOST_JOINTS:
                words_, doubt = _join_fields(words_ or [self.base], text, field), reason
                continue
            if words_:
                ours = "" if decision == "tail" and reason != "range" else reason
                yield from self._split(words_, doubt or ours)
            words_, doubt = [], ""
            if decision == "tail":
                short = " ".join(field)
                yield _get_tail(self.base, short), reason, text + short
            else:
                words_, doubt = field, reason
        if words_:
            yield from self._split(words_, doubt)

    def _decide(self, kind, text, left, right):
        """Return what a joint between two fields means, and the reason to look.

        :return: "list", "tail" or "belongs", and a reason or an empty string
        """
        left_text, right_text = " ".join(left[-8:]), " ".join(right[:8])
        left_key, right_key = _key(left_text), _key(right_text)
        if len(left_key) > LONGEST_KEY or len(left) > 40:
            return "list", "slash"
        if _is_whole(left_key) and _is_whole(right_key):
            return "list", self._doubt_list(kind, left_key, right_key)
        if kind in ("slash", "comma", "range") and len(right) == 1:
            full = left_text if len(left) <= 8 else left[-1]
            self.base = full if _is_whole(left_key) else self.base
            if full == self.base and _get_tail(full, right_text):
                return "tail", "range" if kind == "range" else "tail"
        if kind == "slash" and len(text) == 3 and len(right_key) >= SHORTEST_LOOKUP:
            return "list", "slash"
        return "belongs", self._doubt_belongs(kind, left_key, right_key)

    def _doubt_list(self, kind, left, right):
        if kind == "range":
            alike = len(left) == len(right) and left[:3] == right[:3]
            return "range" if alike else ""
        if kind in ("slash", "plus") and max(len(left), len(right)) < 8:
            return "slash"
        return ""

    def _doubt_belongs(self, kind, left, right):
        if kind == "wide" or (kind == "range" and not self.has_tilde):
            return ""
        if kind == "slash":
            return "" if len(left) <= 7 and len(right) <= 4 else "slash"
        return {"comma": "thousands", "range": "range"}.get(kind, "slash")

    def _split(self, words_, reason):
        numbers, doubt = _split_spaced(words_)
        if len(numbers) == 1:
            halves = _split_dash(numbers[0])
            if halves:
                numbers, doubt = halves, "range"
        for number in numbers:
            if _is_whole(_key(number[:300])):
                self.base = number
            yield number, reason or doubt, ""

    # --- what is found ---

    def _emit(self, number, reason, remark):
        key = _key(number)
        if len(key) > LONGEST_KEY or len(number) > 4 * LONGEST_KEY:
            self._add(_no_number(number, "too_long"))
            return
        if not _digits(key):
            self._add_letters(number)
            return
        if len(key) < SHORTEST_LOOKUP and self.numbers:
            self._remark_last(number)
            return
        judged = _judge_figure(number) if reason != "tail" else None
        if judged:
            number, reason = judged.number, judged.reason
            remark = judged.remark
        reason = reason or self.pending["reason"] or _doubt_number(key)
        owner = self.pending["owner"] or self.sticky_owner
        remarks = [*self.pending["remarks"], remark]
        self._add(
            CellNumber(
                " ".join(number.split()),
                side=self.pending["side"],
                remark=_shorten("; ".join(filter(None, remarks))),
                owner=owner,
                certain=not reason,
                reason=reason,
            )
        )
        self.pending = {"side": "", "owner": "", "remarks": [], "reason": ""}

    def _add(self, number):
        self.numbers.append(number)

    def _add_letters(self, text):
        """Keep letters that stood for a number: its other ending, or a word."""
        tail = _get_tail(self.base, text) if self.piece_start else ""
        if tail and len(self.numbers) == self.piece_start:
            self._add(CellNumber(tail, remark=text, certain=False, reason="tail"))
        else:
            self.text_words += 1
            self._put_remark(text)

    def _put_remark(self, text):
        """Keep a remark with the number before it, else with the one that follows."""
        if len(self.numbers) > self.piece_start:
            self._remark_last(text)
        elif text:
            self.pending["remarks"].append(text)

    def _remark_last(self, text):
        last = self.numbers[-1]
        if text and len(last.remark) < 500:
            remark = f"{last.remark}; {text}" if last.remark else text
            self.numbers[-1] = last._replace(remark=_shorten(remark))

    def _remark(self, text):
        self._end_run()
        self._put_remark(text)

    def _doubt_last(self, reason):
        if len(self.numbers) > self.piece_start:
            self.numbers[-1] = _doubt(self.numbers[-1], reason)
        else:
            self.pending["reason"] = self.pending["reason"] or reason

    # --- words ---

    def _word(self, raw, index):
        """Read a word of Latin, Greek or Cyrillic letters and digits."""
        word = raw.strip("#!?.*@^_-")
        if not word:
            if "?" in raw:
                self._end_run()
                self._doubt_last("doubt")
            elif self._run_empty() or raw.strip("-"):
                self._put_remark(raw.strip("#.-_"))
            return 1
        taken = 1
        if any(char.isdigit() for char in word):
            self._number_word(word, raw)
        else:
            taken = self._letters(word, index)
        if raw.rstrip("!.").endswith("?"):
            self._end_run()
            self._doubt_last("doubt")
        return taken

    def _number_word(self, word, raw):
        if len(word) > 2 * LONGEST_KEY:
            self._run_words.append(word)
            return
        times = _TIMES.fullmatch(word)
        if times and _is_whole(_key(times[1])):
            self._run_words.append(times[1])
            self._remark(times[2])
        elif self._is_beside(word, raw):
            self._remark(raw)
        elif (match := _BRAND_BEFORE.fullmatch(word)) and (
            match[1].casefold() in words.LATIN_BRANDS
        ):
            self._owner(match[1])
            self._run_words.append(match[2])
        elif (match := _BRAND_BEHIND.fullmatch(word)) and (
            match[2].casefold() in words.LATIN_BRANDS
        ):
            self._run_words.append(match[1])
            self._owner(match[2])
        elif match := _SIDE_ENDING.fullmatch(word):
            self._run_words.append(match[1])
            self._side(match[2][0].upper(), "side", behind=True)
        else:
            self._run_words.append(word)
            if _SIDE_ATTACHED.fullmatch(word) or _SIDE_LETTER.fullmatch(word):
                self._end_run()
                self._doubt_last("side")

    def _is_beside(self, word, raw):
        """Tell whether a word with digits stands beside a number: a size, a year."""
        if _PRICE.fullmatch(raw):
            return True
        seen = self._run_whole() or (
            self._run_empty() and len(self.numbers) > self.piece_start
        )
        return seen and bool(
            _MEASURE.fullmatch(word)
            or _ONE_YEAR.fullmatch(word)
            or re.fullmatch(r"x\d{1,2}|\*\d{1,3}", word)
        )

    def _letters(self, word, index):
        """Read a word of letters; return how many tokens it took."""
        low = word.casefold()
        brand, taken = self._find_brand(low, index)
        if brand:
            self._owner(brand)
            return taken
        if low in words.SIDES and self._takes_side(word):
            return self._side_word(word, index)
        if self._is_index(word):
            self._run_words.append(word)
        elif low in words.LATIN_OTHERS:
            self._others(word)
        elif low in words.LATIN_JOINTS and len(low) > 1:
            self._end_piece()
        elif self._is_label(low):
            self._end_run()
        elif low in words.CORNERS and self._run_whole():
            self._side(words.CORNERS[low], "side", behind=True)
            self._remark_last(word)
        elif self._is_text(word, low):
            self._text(word, low)
        else:
            self._run_words.append(word)
        return 1

    def _is_index(self, word):
        """Tell whether two capitals are the index of the number before them."""
        corner = word.casefold() in words.CORNERS and not self._vag_before()
        return (
            len(word) == 2
            and word.isupper()
            and word != "OR"
            and not corner
            and bool(self._run_words)
        )

    def _vag_before(self):
        return bool(_VAG_WORDS.fullmatch(" ".join(self._run_words[-3:])[:40]))

    def _is_label(self, low):
        letters = "".join(filter(str.isalpha, low))
        if low in words.LATIN_LABELS or letters in words.LATIN_LABELS:
            return self._run_empty() or self._run_whole()
        return False

    def _find_brand(self, low, index):
        """Return a brand of up to three words as written, and its tokens."""
        written, names, position = self.tokens[index][1], [low], index
        best = (written, 1) if low in words.LATIN_BRANDS else ("", 1)
        for _more in range(2):
            position += 2
            if position >= len(self.tokens):
                break
            between, following = self.tokens[position - 1], self.tokens[position]
            if between[0] not in ("space", "plus") or following[0] != "word":
                break
            names.append(following[1].casefold())
            written += between[1] + following[1]
            if " ".join(names) in words.LATIN_BRANDS:
                best = (written, position - index + 1)
        return best

    def _is_text(self, word, low):
        """Tell whether letters are a word of a sentence, not of a number."""
        if low in words.SHORT_WORDS or len(word) > 4:
            return True
        return len(word) > 2 and not word.isupper() and self._run_empty()

    def _text(self, word, low):
        self._end_run()
        self.text_words += 1
        self._put_remark(word)
        if low in _DOUBT_WORDS:
            self.pending["reason"] = "text"
        elif low in words.LATIN_REPLACES:
            self.pending["reason"] = "replaced"

    def _others(self, word):
        self._end_run()
        self._put_remark(word)
        if self.numbers and self.numbers[-1].certain:
            self.numbers[-1] = self.numbers[-1]._replace(reason="others")

    # --- sides ---

    def _takes_side(self, word):
        if len(word) > 1:
            return self._run_empty() or self._run_whole()
        if not word.isupper():
            return False
        if self.joints and not self._run_words:
            return False  # 8330A123L/R: the other ending
        return self._run_empty() or self._run_whole()

    def _side_word(self, word, index):
        side = words.SIDES[word.casefold()]
        reason = ""
        if len(word) == 1 and not self._run_empty():
            if self._vag_before():
                reason = "side"
                if not self.has_both_letters:
                    # The index letter of a Volkswagen number, more likely
                    self._run_words.append(word)
                    self._end_run()
                    self._doubt_last("side")
                    return 1
        elif len(word) == 1 and not self.has_both_letters:
            following = [kind for kind, _text in self.tokens[index + 1 : index + 3]]
            reason = "" if "colon" in following else "side"
        self._side(side, reason)
        return 1

    def _side(self, side, reason="", behind=False):
        """Note a side, of the number before it or of the next one."""
        if self.sides_first is None:
            self.sides_first = self._run_empty() and not self.numbers and not behind
        self._end_run()
        if self.sides_first and not behind:
            self.pending["side"] = side
            self.pending["reason"] = self.pending["reason"] or reason
        elif self.numbers:
            last = self.numbers[-1]
            if last.side and last.side != side:
                self.numbers[-1] = last._replace(side="")
                self._remark_last("L/R")
            else:
                self.numbers[-1] = last._replace(side=side)
            if reason:
                self.numbers[-1] = _doubt(self.numbers[-1], reason)
        else:
            self._put_remark(side)

    def _both(self, text):
        self._end_run()
        order = "".join("L" if c in "lL左" else "R" for c in text if c in "lLrR左右")
        self.both = order if order in ("LR", "RL") else ""
        if not self.both:
            self._put_remark(text)

    # --- brands ---

    def _owner(self, brand):
        if self.joints and not self.fields[-1]:
            self._end_piece()  # 06A905115D / BOSCH 0221504100
        if self.brands_first is None:
            self.brands_first = self._run_empty() and not self.numbers
        self._end_run()
        if not self.brands_first and len(self.numbers) > self.piece_start:
            self.owners_behind.append((len(self.numbers), brand))
        elif self.pending["owner"]:
            self.pending["remarks"].append(brand)
        else:
            self.pending["owner"] = brand

    def _give_owners(self):
        """Give brands that stand between and behind numbers to one of these."""
        marks, self.owners_behind = self.owners_behind, []
        if not marks:
            return
        behind = marks[-1][0] == len(self.numbers)
        for count, brand in marks:
            index = count - 1 if behind else count
            number = self.numbers[index]
            if number.owner and number.owner != brand:
                continue
            number = number._replace(owner=brand)
            between = not behind or len(self.numbers) - self.piece_start > len(marks)
            self.numbers[index] = _doubt(number, "owner") if between else number

    def _colon(self):
        behind = self._run_empty() and self.owners_behind
        if self._run_empty() and self.pending["owner"]:
            self.sticky_owner = self.pending["owner"]
            self.pending["owner"] = ""
        elif behind and self.owners_behind[-1][0] == len(self.numbers):
            self.sticky_owner = self.owners_behind.pop()[1]
        else:
            self._end_run()

    # --- Chinese and other scripts ---

    def _foreign(self, text):
        if text in words.CHINESE_RANGES and self._run_whole():
            self._joint("range", "~")
        elif text in words.CHINESE_JOINTS:
            self._end_piece()
        elif text in words.CHINESE_OTHERS:
            self._others(text)
        else:
            self._foreign_words(text[:300])

    def _foreign_words(self, text):
        rest = text
        for label in words.CHINESE_LABELS:
            rest = rest.replace(label, "") if label in rest else rest
        if any(doubt in rest for doubt in _DOUBT_CHINESE):
            self._end_run()
            self.pending["reason"] = "text"
        if any(word in rest for word in words.CHINESE_REPLACES):
            self._end_run()
            self.pending["reason"] = "replaced"
        left, right = "左" in rest, "右" in rest
        if left and right:
            self._end_run()
            self.both = "LR" if rest.index("左") < rest.index("右") else "RL"
            rest = rest if "通用" in rest or len(rest) > 2 else ""
        elif left or right:
            self._side("L" if left else "R")
            rest = rest if len(rest.strip("边侧")) > 1 else ""
        brand = "" if "左" in rest else _find_chinese_brand(rest)
        if brand:
            self._owner(brand)
            rest = rest.replace(brand, "", 1)
        for others in ("等", "及其他", "他"):
            if rest.endswith(others) and self.numbers and not self._run_whole():
                self._others(others)
                rest = rest.removesuffix(others)
        self._remark(rest)

    # --- brackets ---

    def _bracket(self, index, close):
        content = "".join(text for _kind, text in self.tokens[index + 1 : close][:400])
        content = " ".join(content.split())
        low = content.casefold()
        if not content:
            return
        if low.strip(". ") in words.SIDES:
            self._side(words.SIDES[low.strip(". ")])
        elif content.strip("边侧") in ("左", "右"):
            self._side("L" if "左" in content else "R")
        elif low.replace(" ", "") in words.BOTH_SIDES:
            self._both(content)
        elif low in words.LATIN_BRANDS or content in words.CHINESE_BRANDS:
            self._owner(content)
        elif low in words.LATIN_OTHERS or content in words.CHINESE_OTHERS:
            self._others(content)
        elif numbers := self._get_bracketed_numbers(content):
            self._end_run()
            for number in numbers:
                self._add(CellNumber(number, certain=False, reason="bracketed"))
        else:
            self._bracket_remark(content, index, close)

    def _bracket_remark(self, content, index, close):
        inside = self._touches(index - 1) and self._touches(close + 1)
        short = len(content) <= 2 and content.isalnum() and content.isascii()
        whole = self._run_whole()
        if not self._run_empty() and not whole and self._goes_on(close + 1):
            # 5G0 (new) 906 259: the number goes on behind the bracket
            self.pending["remarks"].append(content)
            self.pending["reason"] = self.pending["reason"] or "bracketed"
            return
        self._end_run()
        side = "L" if "左" in content else "R" if "右" in content else ""
        if side and not ("左" in content and "右" in content):
            self._side(side, behind=bool(self.numbers))
        self._put_remark(content)
        unclosed = self.tokens[close : close + 1] or [("newline", "")]
        lost = unclosed[0][0] == "newline" and _digits(content) >= WHOLE_DIGITS
        if inside or lost or (short and self._touches(index - 1)):
            self._doubt_last("bracketed")

    def _goes_on(self, index):
        following = [kind for kind, _text in self.tokens[index : index + 2]]
        return following[:1] == ["word"] or following == ["space", "word"]

    def _touches(self, index):
        return 0 <= index < len(self.tokens) and self.tokens[index][0] == "word"

    def _get_bracketed_numbers(self, content):
        """Return the numbers that a bracket holds, if it holds nothing else."""
        parts = [part.strip() for part in re.split("[,;/、]", content)]
        return parts if all(map(self._is_bracketed_number, parts)) else []

    def _is_bracketed_number(self, content):
        if not _SPACED_TEXT.fullmatch(content) or _judge(content):
            return False
        if _YEARS.search(content) or self._run_empty() and not self.numbers:
            return False
        key = _key(content)
        long_words = any(len(w) > 4 and w.isalpha() for w in content.split())
        return len(key) >= 7 and _digits(key) >= 5 and not long_words

    # --- the end ---

    def _finish(self):
        """Return the numbers, with what was left over put where it belongs."""
        self._give_both_sides(0)
        found = [number for number in self.numbers if number.number]
        if self.text_words and all(n.reason == "short" for n in found):
            self.numbers = [n for n in self.numbers if n.reason == "too_long"]
            found = []
        if not found:
            return self.numbers or [self._explain()]
        if self.pending["remarks"] or self.pending["owner"]:
            leftover = [self.pending["owner"], *self.pending["remarks"]]
            self._remark_last("; ".join(filter(None, leftover)))
        self._doubt_wrapped()
        if self.text_words >= _SENTENCE:
            return [_doubt(number, "text") for number in self.numbers]
        return self.numbers

    def _doubt_wrapped(self):
        """Doubt what may be the rest of a number that was broken into two lines."""
        for index, first in enumerate(self.numbers[:-1]):
            second = self.numbers[index + 1]
            both = f"{first.number} {second.number}"
            if first.reason == "short" and len(_match_spaced(both[:100])) == 1:
                self.numbers[index + 1] = _doubt(second, "one_space")

    def _give_both_sides(self, start):
        """Give "L/R" to two numbers; at the cell's end, else keep it as a remark."""
        if not self.both:
            return
        if len(self.numbers) - start == 2 and not any(
            number.side or not number.number for number in self.numbers[start:]
        ):
            for index, side in enumerate(self.both, start):
                self.numbers[index] = self.numbers[index]._replace(side=side)
        elif start:
            return
        elif self.numbers:
            self._remark_last("/".join(self.both))
        else:
            self.pending["remarks"].append("/".join(self.both))
        self.both = ""

    def _explain(self):
        """Return what a cell without a number says."""
        low = self.text[:2000].casefold()
        owner = self.pending["owner"] or self.sticky_owner
        if any(phrase in low for phrase in words.PENDING):
            reason = "pending"
        elif any(phrase in low for phrase in words.NONE_PHRASES) or any(
            word in words.NONE for word in re.split(r"[\s:：,;]+", low)
        ):
            reason = "none"
        else:
            reason = "text"
        said = _no_number(self.text, reason, certain=reason != "text")
        return said._replace(owner=owner)


def _join_fields(left, text, right):
    """Return the words of two fields whose joint belongs to the number."""
    if not text:
        return left + right
    return [*left[:-1], left[-1] + text + right[0], *right[1:]]


def _split_dash(text):
    """Return both ends of a range written with a dash, or nothing."""
    if not 17 <= len(text) <= 120 or "-" not in text:
        return []
    parts = text.split("-")
    half = len(parts) // 2
    left, right = "-".join(parts[:half]), "-".join(parts[half:])
    left_key, right_key = _key(left), _key(right)
    alike = len(left_key) == len(right_key) >= 8 and left_key[:3] == right_key[:3]
    return [left, right] if alike and _digits(left_key) >= 5 else []


def _find_chinese_brand(text):
    """Return the first known brand in a run of Chinese characters, the longest."""
    for start in range(len(text)):
        for length in range(words.LONGEST_CHINESE_BRAND, 1, -1):
            if text[start : start + length] in words.CHINESE_BRANDS:
                return text[start : start + length]
    return ""


_CYRILLIC_LOOKS_LATIN = frozenset("АВЕЁКМНОРСТУХІЈЅ")
_GREEK_LOOKS_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")


def _doubt_number(key):
    """Return why a number by itself deserves a look, or an empty string."""
    if len(key) <= SHORTEST_LOOKUP or (len(key) <= 4 and key.isdecimal()):
        return "short"
    if len(set(key)) == 1:
        return "dummy"
    if key.isascii():
        return ""
    letters = {char for char in key if char.isalpha()}
    latin = any(char.isascii() for char in letters)
    other = {char for char in letters if not char.isascii()}
    cyrillic_greek = {c for c in other if "\u0370" <= c <= "\u052f"}
    lookalike = cyrillic_greek <= (_CYRILLIC_LOOKS_LATIN | _GREEK_LOOKS_LATIN)
    return "look_alike" if cyrillic_greek and (latin or lookalike) else ""


def _read_plain(text):
    """Return the number of a cell that is a single word, or None: look closer."""
    key = text.translate(_NOT_KEY)
    if not 5 <= len(key) <= LONGEST_KEY or _digits(key) < 3 or len(text) > 40:
        return None
    if (
        text[0] == "0" and not text.strip("0.-")
        or text.endswith(("LH", "RH", "-L", "-R"))
        or _judge(text)
        or _split_dash(text)
        or len(set(key)) == 1
        or _BRAND_BEFORE.match(text)
    ):  # fmt: skip
        return None
    return CellNumber(text)
