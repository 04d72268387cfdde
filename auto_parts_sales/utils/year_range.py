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

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .year_mark import AHEAD, LONGEST_CELL, OLD, MarkedDate, cut_marks, fold

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


# === MARKS === #


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
                return self._resolve(first, MarkedDate(number, short=True))
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
    folded = fold(text)
    marks = cut_marks(folded)
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
