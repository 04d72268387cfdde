"""Years of construction as people write them: pure functions.

A cell such as ``06~12``, ``2013,12-2021``, ``ab 2004``, ``08-今`` or ``CIVIC 8代`` is
cut into marks (a date, a sign for "to", a word for "and later" ...), marks are put
together to ranges, and the ranges to one. Nothing is guessed in silence: where two
readings are possible the likelier one is returned with ``certain`` False and the
reason.

Two digits mean the hundred years that end two years from now: in 2026, 28 is 2028 and
29 is 1929. Beside a year of four digits they mean the nearest year that keeps the range
in order (``1998-02``).
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

LONGEST_CELL = 300
# Years ahead that a catalogue may know already
AHEAD = 2
# Before it two digits are more likely something else than a year
OLD = 1950

# Why a reading is not certain, or why there is none, the weightiest first.
REASONS = {
    "empty": "nothing is written",
    "all": "all years are meant",
    "too_long": "longer than any range of years",
    "text": "no year in it",
    "no_year": "the sign of a range without a year",
    "generation": "a generation instead of years",
    "reversed": "the first year is after the last one; read the other way round",
    "month_or_year": "the second number may be a month or a year",
    "month_order": "month and year may stand in either order",
    "excel_date": "looks like a range that a spreadsheet turned into a date",
    "one_digit": "a year of one digit",
    "gap": "years between are not named",
    "one_month": "one month alone, perhaps the first or the last of several years",
    "decimal": "the month may have lost its zero in a spreadsheet",
    "glued": "two years without a sign between them",
    "bound": "the year named may be meant or not",
    "about": "not an exact year",
    "future": "lies further ahead than cars are built",
    "old": "two digits that give a very old year",
    "rest": "other numbers stand beside the years",
}
_SAFE = {"", "empty", "all"}


class YearRange(NamedTuple):
    """What a cell says; ``year_from`` is never after ``year_to``.

    Years and months are int or None (not said: from the first, to the last, any
    month). ``rest`` is what was not read, in its order; ``reason`` a key of
    ``REASONS`` or empty.
    """

    year_from: int | None = None
    month_from: int | None = None
    year_to: int | None = None
    month_to: int | None = None
    generation: str = ""
    rest: str = ""
    certain: bool = True
    reason: str = ""


class _Date(NamedTuple):
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


# === MARKS === #

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


def _fold(text):
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


def _cut(text):
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
    return _Date(int(text), short=len(text) == 2, **values)


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
        return [_Date(year, month, short=True, order=order, other=other)]
    if sign == "/" and len(one) == len(two) == 2:
        return [_year_of(one), _year_of(two)]
    return []


# What stands between the dates of one match; "to" if it is not here
_JOINTS = {"three": ["list"], "pair": ["list"], "two_ranges": ["to", "list"]}
_READERS = {
    "decade": lambda m: [
        _year_of(re.match(r"\d+", m[0])[0], doubt="about"),
        _Date(
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
        _Date(int(m[1]), short=True, doubt="excel_date"),
        _Date(int(m[2]), short=True),
    ],
    "three": _read_three,
    "two_ranges": lambda m: [_year_of(text) for text in m.groups()],
    "pair": _read_pair,
    "year": lambda m: [_year_of(m[1])],
    "short": lambda m: [_year_of(m[1])],
    "one_range": lambda m: [
        _Date(int(m[1]), short=True, doubt="one_digit"),
        _Date(int(m[2]), short=True),
    ],
}


# === RANGES === #

_NO_REST = {"all", "list", "to", "open_end"}
_PREFIXES = {"from", "after", "above", "until", "before", "to", "about"}
# What a word before or behind a date makes of it: which end is open, and the doubt
_BEFORE_DATE = {
    "from": ("from", ""),
    "after": ("from", "bound"),
    "above": ("from", "bound"),
    "until": ("until", ""),
    "before": ("until", "bound"),
    "to": ("until", ""),
}
_BEHIND_DATE = {
    "open_end": ("from", ""),
    "later": ("from", ""),
    "above": ("from", ""),
    "after": ("from", "bound"),
    "earlier": ("until", ""),
    "before": ("until", "bound"),
}


class _Reader:
    """Puts the marks of one cell together; ``last`` is the last year there can be."""

    def __init__(self, marks, last):
        self.marks = [mark for mark in marks if mark.kind not in ("space", "gen")]
        self.last = last
        self.used = set()
        self.doubts = set()

    def kind(self, index):
        return self.marks[index].kind if 0 <= index < len(self.marks) else ""

    def read_ranges(self):
        """Return the ranges as pairs of (year, month); None: open at this end."""
        ranges, index = [], 0
        while index < len(self.marks):
            at = index
            while self.kind(at) in _PREFIXES:
                at += 1
            if self.kind(at) != "date":
                index = at if at > index else index + 1
                continue
            after = self._skip_to_second(at)
            ranges.append(self._read_range(index, at, after))
            end = max(after, at + 1)
            self.used.update(range(index, end))
            index = end
        return self._join_open_ends(ranges)

    def _skip_to_second(self, at):
        """Return the index behind the range that begins with the date at ``at``."""
        behind = at + 1
        while self.kind(behind) == "about":
            behind += 1
        sign = behind
        while self.kind(behind) in ("to", "until"):
            behind += 1
        if behind > sign:
            while self.kind(behind) == "about":
                behind += 1
            if self.kind(behind) in ("date", "month", "digit", "open_end"):
                behind += 1
            return behind
        return behind + (self.kind(behind) in _BEHIND_DATE)

    def _read_range(self, start, at, end):
        kinds = [self.kind(index) for index in range(start, end)]
        if "about" in kinds:
            self.doubts.add("about")
        first, last = self.marks[at].value, self.marks[end - 1]
        if last.kind == "date" and end - 1 > at:
            return self._resolve(first, last.value)
        if last.kind in ("month", "digit"):
            return self._read_short_end(first, last)
        if last.kind in _BEHIND_DATE:
            side, doubt = _BEHIND_DATE[last.kind]
        elif {"to", "until"} & set(kinds[at - start :]):
            side, doubt = "from", ""
        else:
            side, doubt = self._read_prefix(start, at)
        self.doubts.add(doubt)
        alone = self._resolve_one(first, alone=not side)
        return {"from": (alone[0], None), "until": (None, alone[1]), "": alone}[side]

    def _read_short_end(self, first, last):
        """Return the range that ends with a month or with one digit."""
        number = int(last.value.rstrip("份月 "))
        if last.kind == "digit":
            self.doubts.add("month_or_year" if first.month else "one_digit")
            if not first.month or not number:
                return self._resolve(first, _Date(number, short=True))
        year, month = self._resolve(first, first)[0]
        return self._in_order((year, month), (year, number))

    def _read_prefix(self, start, at):
        """Return what stands before a date that has nothing behind it."""
        if self.kind(start - 1) == "date" and start - 1 in self.used:
            return "", ""  # the third of 2008-2010-2012
        for index in range(start, at):
            side, doubt = _BEFORE_DATE.get(self.kind(index), ("", ""))
            if side and self.kind(index) == "to" and self.kind(start - 1) == "word":
                doubt = "bound"  # a dash behind a name may be no more than a dash
            if side:
                return side, doubt
        return "", ""

    def _resolve_one(self, value, alone):
        """Return a date by itself as (first, last)."""
        self.doubts.add(value.doubt)
        if value.order and alone and value.other and value.other[0] == value.year + 1:
            # 10/11: two years rather than a month
            self.doubts.add("month_or_year")
            first, last = value.year, value.other[0]
            return (self._full(first), None), (self._full(last), None)
        if value.other and value.other != (value.year, value.month):
            self.doubts.add("month_order")
        elif value.order:
            self.doubts.add("month_or_year")
        if value.month and alone:
            self.doubts.add("one_month")
        year = self._full(value.year) if value.short else self._known(value.year)
        return (year, value.month), (year, value.month)

    def _resolve(self, first, second):
        """Return two dates of one range as pairs of (year, month), in order."""
        self.doubts.update((first.doubt, second.doubt))
        first, second = self._agree_on_order(first, second)
        if bool(first.order) != bool(second.order):
            self.doubts.add("month_or_year")
        if second.short and not first.short:
            if month := self._month_behind(first, second):
                return month
            start = self._known(first.year)
            end = start + (second.year - start) % 100
            end = end if end <= self.last else self._full(second.year)
        elif first.short and not second.short:
            end = self._known(second.year)
            start = end - (end - first.year) % 100
            may_be_month = not first.month and 1 <= first.year <= 12
            if start < OLD and may_be_month and not second.month:
                self.doubts.add("one_month")
                return (end, first.year), (end, first.year)
            if may_be_month:
                self.doubts.add("month_or_year")
            if start < OLD < self._full(first.year, quiet=True):
                start = self._full(first.year)
        else:
            start, end = (
                self._full(value.year) if value.short else self._known(value.year)
                for value in (first, second)
            )
        return self._in_order((start, first.month), (end, second.month))

    def _month_behind(self, first, second):
        """Return the range if what looks like a second year is a month: 2013-12."""
        may_be_month = 1 <= second.year <= 12 and not first.month and not second.month
        if not may_be_month:
            return None
        if second.year < first.year % 100 or first.year + second.year % 100 < 2000:
            later = first.year + (second.year - first.year) % 100
            if later > self.last:
                self.doubts.add("one_month")
                start = (self._known(first.year), second.year)
                return start, start
        if first.year >= 2000:
            self.doubts.add("month_or_year")
        return None

    def _agree_on_order(self, first, second):
        """Choose between month/year and year/month for both ends alike."""
        if not (first.order and second.order):
            return first, second
        if first.other and second.other:
            if (first.year, second.year) != (first.month, second.month):
                self.doubts.add("month_order")
        elif first.other and first.order != second.order:
            first = first._replace(year=first.other[0], month=first.other[1])
        elif second.other and first.order != second.order:
            second = second._replace(year=second.other[0], month=second.other[1])
        return first, second

    def _in_order(self, start, end):
        if start[0] > end[0] or (
            start[0] == end[0] and start[1] and end[1] and start[1] > end[1]
        ):
            self.doubts.add("reversed")
            return end, start
        return start, end

    def _full(self, year, quiet=False):
        """Return a year of two digits in the hundred years that end with ``last``."""
        full = self.last - (self.last - year) % 100
        if full < OLD and not quiet:
            self.doubts.add("old")
        return full

    def _known(self, year):
        if year > self.last:
            self.doubts.add("future")
        return year

    @staticmethod
    def _join_open_ends(ranges):
        """Make one range of ">=2006, <=2012"."""
        joined = []
        for start, end in ranges:
            if start is None and joined and joined[-1][1] is None:
                before = joined[-1][0]
                if before and before[0] <= end[0]:
                    joined[-1] = (before, end)
                    continue
            joined.append((start, end))
        return joined

    def unite(self, ranges):
        """Return the one range from the first to the last, noting what lies between."""
        ranges = sorted(ranges, key=lambda pair: (pair[0] or (0, 0))[0])
        start, end = ranges[0]
        for next_start, next_end in ranges[1:]:
            if end and next_start and next_start[0] > end[0] + 1:
                self.doubts.add("gap")
            if next_end is None or end is None:
                end = None
            elif (next_end[0], next_end[1] or 12) > (end[0], end[1] or 12):
                end = next_end
        if len(ranges) > 1:
            self.doubts.discard("one_month")
        return start or (None, None), end or (None, None)

    def rest(self, text):
        """Return what was not read; what the signs were is no loss."""
        kept, previous = [], None
        for index, mark in enumerate(self.marks):
            if index in self.used or mark.kind in _NO_REST:
                continue
            if mark.kind in ("number", "digit", "date", "month"):
                self.doubts.add("rest")
            if kept and previous != mark.start:
                kept.append(" ")
            kept.append(text[mark.start : mark.end])
            previous = mark.end
        return " ".join("".join(kept).split())


# === READING === #


def read_year_range(text, today=None):
    """Read the years in a cell.

    :param str text: as people write it; None counts as empty
    :param date today: what "two digits" and "too far ahead" are measured from
    :return: a :class:`YearRange`; never raises
    """
    if text is None or text is False:
        text = ""
    return _read(str(text), (today or date.today()).year + AHEAD)


@lru_cache(maxsize=8192)
def _read(text, last):
    if len(text) > LONGEST_CELL:
        return YearRange(rest=text, certain=False, reason="too_long")
    folded = _fold(text)
    marks = _cut(folded)
    reader = _Reader(marks, last)
    ranges = reader.read_ranges()
    kinds = {mark.kind for mark in reader.marks}
    names = [mark.value for mark in marks if mark.kind == "gen"]
    generation = " ".join(" ".join(names).split())
    rest = reader.rest(folded)
    if not ranges:
        reason = _reason_for_none(folded, kinds, generation, rest)
        certain = reason in _SAFE
        return YearRange(
            generation=generation, rest=rest, certain=certain, reason=reason
        )
    start, end = reader.unite(ranges)
    reason = next((code for code in REASONS if code in reader.doubts), "")
    return YearRange(*start, *end, generation, rest, not reason, reason)


def _reason_for_none(text, kinds, generation, rest):
    if not text.strip():
        return "empty"
    if generation:
        return "generation"
    if rest:
        return "text"
    return "all" if "all" in kinds else "no_year"
