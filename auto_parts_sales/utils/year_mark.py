"""The marks in a text about years: dates, signs for "to", words for "and later"."""

import re
import unicodedata
from typing import NamedTuple

LONGEST_CELL = 300
# Years ahead that a catalogue may know already
AHEAD = 2
# Before it two digits are more likely something else than a year
OLD = 1950


class MarkedDate(NamedTuple):
    """A year as written, with a month if there is one.

    ``short``: two digits, of which century is not known yet. ``order``: ``ym`` or
    ``my``, where two digits follow two digits; ``other``: (year, month) of the other
    order, if that is possible, too.
    """

    year: int
    month: int | None = None
    short: bool = False
    doubt: str = ""
    order: str = ""
    other: tuple | None = None


class _Mark(NamedTuple):
    kind: str
    start: int
    end: int
    value: object = None


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier januar enero jan janv ene",
            "february février fevrier februar febrero feb févr",
            "march mars märz marz marzo mar mär",
            "april avril abril apr avr abr",
            "may mai mayo",
            "june juin juni junio jun",
            "july juillet juli julio jul juil",
            "august août aout agosto aug ago",
            "september septembre septiembre sept sep",
            "october octobre oktober octubre oct okt",
            "november novembre noviembre nov",
            "december décembre dezember diciembre dec dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}

# No letter of an alphabet before or after; 丰田06 is a year behind a name all the same
_B = r"(?<![a-zß-ɏа-я])"
_E = r"(?![a-zß-ɏа-я])"
_D = r"(?<!\d)"
_N = r"(?!\d)"
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:18[89]\d|19\d\d|20\d\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_TO = r"(?:[-~]+|to|thru|through|bis|至|到)"
# What only says that the number is a year
_TAIL = rf"(?:\s*(?:年款|年份|年式|年型|年モデル|年|款|my{_E}))?"
_PURE = rf"{_N}(?!\.\d)(?!(?!(?:my|q[1-4]){_E})[a-zß-ɏа-я]){_TAIL}"


def _words(*words):
    return _B + "(?:" + "|".join(words) + ")" + _E + r"\.?"


# In this order: what stands first wins where several fit at the same place
_PATTERNS = [
    ("space", r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"),
    (
        "gen",
        r"第\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*代"
        rf"|{_D}\d{{1,2}}(?:\.\d)?\s*代|[一二三四五六七八九十]{{1,3}}代"
        rf"|{_B}mk\s*[.\-]?\s*(?:\d{{1,2}}{_N}|[ivx]{{1,4}}{_E})"
        rf"|{_D}\d{{1,2}}\s*(?:st|nd|rd|th)\s*gen(?:eration)?{_E}\.?"
        rf"|{_B}gen(?:eration)?[\s.]*\d{{1,2}}{_N}"
        rf"|{_B}(?-i:II|III|IV|VI|VII|VIII|IX)(?!\w)"
        rf"|{_B}(?-i:[EFG]\d\d|W\d{{3}})(?![\w-])",
    ),
    ("decade", rf"{_D}(?:{_YEAR}|\d0)\s*(?:年代|['’]?s{_E})"),
    (
        "all",
        rf"(?:所有|全部|不限|各)(?:年份|年款|年)|全年款|{_B}all(?:\s*years?)?{_E}",
    ),
    # The dash between year and month: only where the shape leaves no doubt
    (
        "ym_range",
        rf"{_D}({_YEAR})-({_MONTH})(?:-\d\d?)?\s*{_TO}\s*"
        rf"({_YEAR})-({_MONTH})(?:-\d\d?)?{_N}",
    ),
    ("my_range", rf"{_D}({_MONTH})-({_YEAR})\s*{_TO}\s*({_MONTH})-({_YEAR}){_N}"),
    ("ym", rf"{_D}({_YEAR})([-/.])({_MONTH})\2\d\d?{_N}"),
    ("ym_cn", rf"{_D}({_YEAR}|\d\d)\s*年\s*({_MONTH})\s*月(?:份|\s*\d\d?\s*日)?"),
    ("dmy", rf"{_D}(\d\d?)([/.-])(\d\d?)\2({_YEAR}){_N}"),
    (
        "compact",
        rf"{_D}({_YEAR})(0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?{_N}",
    ),
    ("glued", rf"{_D}({_YEAR})({_YEAR}){_N}"),
    ("float", rf"{_D}({_YEAR})\.0+{_N}"),
    (
        "ym",
        rf"{_D}({_YEAR})(-)(0[1-9]|1[0-2])"
        r"(?=\s*(?:~|→|至|到|\+|to\b|[-=]+>|--|-\s*$)|\s+-)",
    ),
    ("ym", rf"{_D}({_YEAR})\s*([/.])\s*({_MONTH}){_N}(?!\s*/\s*\d)"),
    ("ym", rf"{_D}(?<!\d,)({_YEAR})\s*(,)\s*({_MONTH}){_N}(?!\s*[,、/]\s*\d)"),
    ("my", rf"{_D}(?<!\d[/.])({_MONTH})\s*[/.,]\s*({_YEAR}){_N}"),
    ("name_year", rf"{_B}({_NAME}){_E}\.?\s*([-/,'’]?)\s*({_YEAR}|\d\d){_N}"),
    ("year_name", rf"{_D}({_YEAR}|\d\d)\s*([-/,.]?)\s*({_NAME}){_E}\.?"),
    ("sheet", rf"{_D}({_MONTH})\s*月\s*(\d\d?)\s*日"),
    ("month", rf"{_D}({_MONTH})\s*月份?"),
    ("three", r"(?<![\d/.])(\d\d)/(\d\d)/(\d\d)(?![\d/])"),
    (
        "two_ranges",
        r"(?<![\d/.])(\d\d)[-~](\d\d)\s*/\s*(\d\d)[-~](\d\d)(?![\d/.])",
    ),
    ("pair", rf"{_B}(?<![\d/.])(\d\d?)([/.])(\d\d?)(?![\d/]|\.\d){_E}"),
    ("year", rf"{_D}(?<!\d\.)({_YEAR}){_PURE}"),
    ("short", rf"{_B}{_D}(?<!\d\.)(?:['’‘`´]\s*)?(\d\d){_PURE}"),
    (
        "one_range",
        rf"{_B}(?<![\d.])(\d)\s*[-~]+\s*(\d\d?)(?![\d.]){_E}",
    ),
    ("digit", rf"{_B}{_D}(?<!\d\.)(\d)(?![\d.]){_E}"),
    # Words and signs
    (
        "open_end",
        r"至今|到今|迄今|今|目前|现在|現在|"
        + _words("present", "now", "current", "today", "heute", "ongoing", "date"),
    ),
    ("to", r"[-=]+>|→|⇒|➔|➜"),
    (
        "from",
        r">=|=>|≥|⩾|自从|自|从|從|"
        + _words("from", "since", "as of", "ab", "seit", "von", "desde", "depuis")
        + "|"
        + _words("a partir de", "à partir de", "с", "от"),
    ),
    ("until", r"<=|=<|≤|⩽|截止到?|截至"),
    ("above", ">"),
    ("after", _words("after", "nach", "après", "post")),
    ("before", "<|" + _words("before", "vor", "avant", "pre")),
    (
        "to",
        _words("up to", "to", "thru", "through", "till?", "until", "bis", "hasta")
        + "|"
        + _words("jusqu'?(?:à|en)?", "al", "à", "по", "до"),
    ),
    ("to", r"\.{2,}|[-~_]+|至|到"),
    ("later", r"(?:及|和|或)?(?:其)?以[后後上来](?:年款|款|年份)?|\++|及?更新|起|から"),
    (
        "later",
        r"(?:(?:\band\b|\bor\b|&)\s*)?"
        + _words("up", "newer", "later", "onwards?", "on", "ff", "above", "neuer"),
    ),
    ("after", r"之?[后後]"),
    ("earlier", r"(?:及|和|或)?(?:其)?以[前下](?:年款|款|年份)?|为?止|まで"),
    (
        "earlier",
        r"(?:(?:\band\b|\bor\b|&)\s*)?"
        + _words("earlier", "older", "below", "prior", "down", "älter"),
    ),
    ("before", r"之?前"),
    (
        "about",
        "大?约|左右|年?(?:底|末|初|中期?|上半年|下半年)|"
        + _words("about", "around", "circa", "ca", "approx", "mid", "early", "late")
        + "|"
        + _words("end", "etwa", "q[1-4]"),
    ),
    (
        "space",
        "年份|年款|生产|年|款|"
        + _words("built", "years?", "model", "baujahr", "bj", "my", "yrs?"),
    ),
    ("list", r"[,、;|/&\n]|[和及与與或]|" + _words("and", "or", "und", "et", "y", "и")),
    # What is left
    ("word", r"[^\W\d_]{1,3}-\d{1,3}(?!\d|\s*[-~])|\d+(?:\.\d+)?[a-zß-ɏа-я]\w*"),
    ("word", r"[一-鿿]|[^\W\d_一-鿿](?:[^\W一-鿿])*(?:-[^\W\d_一-鿿]+)*"),
    ("number", r"\d+(?:[.,]\d+)*"),
    ("space", r"\s+|[()\[\]{}'\"“”‘’:!?*#.]"),
    ("word", r"."),
]

_COMPILED = [
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for kind, pattern in _PATTERNS
]

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣－➖ー"), "-")
_TILDES = dict.fromkeys(map(ord, "～〜∼˜〰⁓≈∽"), "~")
_OTHER_SIGNS = {ord("。"): ".", ord("．"): ".", ord("﹐"): ",", ord("⁄"): "/"}


def fold(text):
    """Return the text with one sign for each meaning: half width, one dash."""
    folded = unicodedata.normalize("NFKC", text)
    folded = folded.translate({**_DASHES, **_TILDES, **_OTHER_SIGNS})
    folded = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded
    )
    # "06to12", "ab2004", "between 2004 and 2010"
    folded = re.sub(
        r"(?<=\d)\s*(?:to|bis|thru)\s*(?=['’\d])", " to ", folded, flags=re.I
    )
    folded = re.sub(
        r"\b(ab|from|since|seit|my|to|bis|until)(?=['’]?\d)", r"\1 ", folded, flags=re.I
    )
    return re.sub(r"\bbetween\b([^a-z]{1,30})\band\b", r" \1 to ", folded, flags=re.I)


def cut_marks(text):
    """Return the marks of a folded text; each position is looked at once."""
    marks, position = [], 0
    while position < len(text):
        for kind, pattern in _COMPILED:
            if match := pattern.match(text, position):
                marks.extend(_marks_of(kind, match))
                position = match.end()
                break
    return marks


def _marks_of(kind, match):
    """Return the marks of one match; dates are read here."""
    reader = _READERS.get(kind)
    if not reader:
        return [_Mark(kind, *match.span(), match[0])]
    dates = reader(match)
    if not dates:
        unread = "word" if re.fullmatch(r"\d\.\d", match[0]) else "number"
        return [_Mark(unread, *match.span(), match[0])]
    joints = _JOINTS.get(kind, ["to"])
    marks = []
    for index, value in enumerate(dates):
        if marks:
            marks.append(_Mark(joints[(index - 1) % len(joints)], *match.span()))
        marks.append(_Mark("date", *match.span(), value))
    return marks


def _year_of(text, **values):
    return MarkedDate(int(text), short=len(text) == 2, **values)


def _read_month_after(match):
    year, sign, month = match.groups()
    zero_lost = sign == "." and month == "1" and match[0].count(".") == 1
    return [_year_of(year, month=int(month), doubt="decimal" if zero_lost else "")]


def _read_day_month_year(match):
    first, sign, second, year = match.groups()
    first, second = int(first), int(second)
    months = [second] if second <= 12 else []
    if first <= 12 and first != second and sign != ".":
        months.append(first)
    if not months or not min(first, second):
        return []
    doubt = "month_order" if len(months) == 2 else ""
    return [_year_of(year, month=months[0], doubt=doubt)]


def _read_month_name(year, sign, name):
    # A spreadsheet turns 6-12 into Jun-12 or 12-Jun
    doubt = "excel_date" if len(year) == 2 and sign == "-" else ""
    return [_year_of(year, month=_MONTHS[name.lower()], doubt=doubt)]


def _read_three(match):
    """06/07/08 is rather a list of years than a day."""
    one, two, three = map(int, match.groups())
    if two == (one + 1) % 100 and three == (two + 1) % 100:
        return [
            _year_of(text, doubt="month_or_year" if index == 0 else "")
            for index, text in enumerate(match.groups())
        ]
    if 1 <= two <= 12:
        return [_year_of(match[1], month=two, doubt="month_order")]
    return []


def _read_pair(match):
    """98/01, 05.10, 6/12: month and year in the one order or the other."""
    one, sign, two = match.groups()
    if sign == "." and len(one) == len(two) == 1:
        return []  # a displacement
    readings = []
    if len(one) == 2 and 1 <= int(two) <= 12:
        readings.append(("ym", int(one), int(two)))
    if len(two) == 2 and 1 <= int(one) <= 12:
        readings.append(("my", int(two), int(one)))
    if readings:
        order, year, month = readings[0]
        other = readings[1][1:] if len(readings) == 2 else None
        return [MarkedDate(year, month, short=True, order=order, other=other)]
    if sign == "/" and len(one) == len(two) == 2:
        return [_year_of(one), _year_of(two)]
    return []


# What stands between the dates of one match; "to" if it is not here
_JOINTS = {"three": ["list"], "pair": ["list"], "two_ranges": ["to", "list"]}
_READERS = {
    "decade": lambda m: [
        _year_of(re.match(r"\d+", m[0])[0], doubt="about"),
        MarkedDate(
            int(re.match(r"\d+", m[0])[0]) + 9,
            short=len(re.match(r"\d+", m[0])[0]) == 2,
        ),
    ],
    "ym_range": lambda m: [
        _year_of(m[1], month=int(m[2])),
        _year_of(m[3], month=int(m[4])),
    ],
    "my_range": lambda m: [
        _year_of(m[2], month=int(m[1])),
        _year_of(m[4], month=int(m[3])),
    ],
    "ym": _read_month_after,
    "ym_cn": lambda m: [_year_of(m[1], month=int(m[2]))],
    "dmy": _read_day_month_year,
    "compact": lambda m: [_year_of(m[1], month=int(m[2]))],
    "glued": lambda m: [_year_of(m[1], doubt="glued"), _year_of(m[2])],
    "float": lambda m: [_year_of(m[1])],
    "my": lambda m: [_year_of(m[2], month=int(m[1]))],
    "name_year": lambda m: _read_month_name(m[3], m[2], m[1]),
    "year_name": lambda m: _read_month_name(m[1], m[2], m[3]),
    "sheet": lambda m: [
        MarkedDate(int(m[1]), short=True, doubt="excel_date"),
        MarkedDate(int(m[2]), short=True),
    ],
    "three": _read_three,
    "two_ranges": lambda m: [_year_of(text) for text in m.groups()],
    "pair": _read_pair,
    "year": lambda m: [_year_of(m[1])],
    "short": lambda m: [_year_of(m[1])],
    "one_range": lambda m: [
        MarkedDate(int(m[1]), short=True, doubt="one_digit"),
        MarkedDate(int(m[2]), short=True),
    ],
}
