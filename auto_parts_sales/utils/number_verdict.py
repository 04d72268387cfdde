"""What a cell says as a whole, and the texts in it: pure functions of the reader."""

import datetime
import html
import re
import unicodedata
from typing import NamedTuple

from . import number_words as words
from .part_number import LONGEST_KEY, number_key


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


def get_text(cell):
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


def clean(text):
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


YEAR = r"(?:19[3-9]\d|20[0-4]\d)"
_MONTH = r"(?:[./,年]\s?(?:0?[1-9]|1[0-2])月?)?"
_TO = r"\s?(?:-+>?|~|/|至|到|to|till)\s?"
YEARS = re.compile(
    rf"(?:(?:0?[1-9]|1[0-2])[./])?{YEAR}{_MONTH}年?款?{_TO}"
    rf"(?:(?:0?[1-9]|1[0-2])[./])?(?:{YEAR}{_MONTH}|\d\d)?(?:年?款?|on|up|\+)?"
    rf"|{_TO}{YEAR}{_MONTH}年?款?|{YEAR}{_MONTH}年款?|{YEAR}款",
    re.I,
)

_SHORT_YEARS = re.compile(r"['’]?\d\d\s?[-~]\s?['’]?(?:\d\d)?|[-~]\s?\d\d")
ONE_YEAR = re.compile(YEAR)
_DATE = re.compile(
    rf"{YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[ T][\d:.]+)?"
    rf"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.]{YEAR}"
    rf"|{YEAR}年\d\d?月(?:\d\d?日)?|\d\d?月\d\d?日|\d\d?-\d\d?月"
    r"|(?:\d\d?-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
    r"(?:-\d\d(?:\d\d)?)?",
    re.I,
)

_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]([+-]?)\d{1,3}")
_DECIMAL = re.compile(r"\d+\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ERROR = re.compile(r"#(?:N/A|REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|####*)[!?]?.*", re.I)
MEASURE = re.compile(
    r"(?:[φΦØø]\s?)?\d+(?:[.,]\d+)?(?:\s?[x*]\s?\d+(?:[.,]\d+)?){0,3}\s?"
    r"(?:mm|cm|kg|ml|pcs?|ah|nm|kw|bar|米|毫米|厘米|升|公斤|个|只|件|套|片|条|支|对|副)"
    r"|(?:[φΦØø]\s?)?\d+(?:[.,]\d+)?(?:\s?[x*]\s?\d+(?:[.,]\d+)?){1,3}"
    r"|\d{1,2}(?:[.,]\d)?\s?l|(?:6|12|24|36|48)\s?V(?:\s?\d{1,3}\s?[AW])?|[$€£¥￥]\s?\d[\d.,]*",
    re.I,
)

_LONGEST_VERDICT = 200


def judge(text):
    """Return the verdict on a cell that is no list of numbers, or None."""
    if text.startswith("="):
        return _judge_formula(text)
    if len(text) > _LONGEST_VERDICT:
        return None
    if text in words.DITTO:
        return no_number(text, "text")
    if not any(char.isalnum() for char in text):
        return no_number(text, "none", certain=True)
    if text.casefold().strip(" .。!?*:") in words.NONE or not text.strip("0 .-"):
        return no_number(text, "none", certain=True)
    if _ERROR.fullmatch(text):
        return no_number(text, "error")
    if _DATE.fullmatch(text):
        return no_number(text, "date")
    if YEARS.fullmatch(text):
        return no_number(text, "year_range", certain=True)
    if _SHORT_YEARS.fullmatch(text):
        return no_number(text, "year_range")
    if MEASURE.fullmatch(text):
        return no_number(text, "measure")
    return judge_figure(text)


def judge_figure(text):
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
    if ONE_YEAR.fullmatch(text):
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
        or (_REFERENCE.fullmatch(plain) and not can_stand(key_of(plain)))
    ):
        return no_number(text, "formula")
    # A formula may hold a text that only the reader can read
    from .number_reader import CellReader

    found = [judge(plain)] if judge(plain) else CellReader(plain).get_numbers()
    return found[0] if len(found) == 1 else no_number(text, "formula")


def no_number(text, reason, certain=False):
    return CellNumber("", remark=shorten(text), certain=certain, reason=reason)


def shorten(text, longest=500):
    text = " ".join(text[: 4 * longest].split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def doubted(number, reason):
    """Return ``number`` flagged; the first reason found stays."""
    if not number.number:
        return number
    kept = number.reason if not number.certain else reason
    return number._replace(certain=False, reason=kept)


NOT_KEY = {code: None for code in range(128) if not chr(code).isalnum()}


def key_of(text):
    if text.isascii():
        return text.translate(NOT_KEY).upper()
    return number_key(text[: 8 * LONGEST_KEY])


def count_digits(key):
    return sum(char in "0123456789" for char in key)


def can_stand(key):
    """Tell whether a key can be a part number by itself, not a group of one."""
    return len(key) >= WHOLE and count_digits(key) >= WHOLE_DIGITS


def pattern_of(text):
    """Return the kind of each character: 0 for digits, A for letters."""
    return "".join("0" if char.isdigit() else "A" for char in text)
