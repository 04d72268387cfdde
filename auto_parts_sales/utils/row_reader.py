"""How a row of a supplier's table becomes rows for a staging table: pure Python.

A reader knows the columns of one file and nothing of the database: names stay names
here, and are looked up for all rows at once later.
"""

from operator import itemgetter
from typing import NamedTuple

from . import cell_value
from .cell_value import tidy
from .number_cell import read_number_cell
from .part_number import LONGEST_KEY, number_key
from .year_range import read_year_range

# Parts a text that names something into what it is made of; never in a cell
SEPARATOR = "\x1f"
REMEMBERED = 50_000
LONGEST_REFERENCE = 120
UNUSABLE = frozenset({"formula", "error", "long", "controls"})


class Fault(NamedTuple):
    """What is wrong with a cell.

    ``column``: its place in the file, or -1 for the row; ``to_check``: a person may
    confirm it; ``blocks``: nothing of the row is loaded; ``part``: what the row says
    of the part.
    """

    column: int
    code: str
    value: str
    to_check: bool = False
    blocks: bool = True
    part: str = ""


class Memo(dict):
    """A dict that works out what it does not know, and remembers a bounded number.

    When it is full it begins anew: what a file repeats, it mostly repeats at once.
    """

    def __init__(self, function, most=REMEMBERED):
        super().__init__()
        self.function = function
        self.most = most

    def __missing__(self, key):
        value = self.function(key)
        if len(self) >= self.most:
            self.clear()
        self[key] = value
        return value


class Cells:
    """What some columns of a row mean together, worked out once for equal cells.

    Files repeat themselves: the same part, the same vehicle, the same remark.

    :param places: of the columns
    :param int width: of the row that ``function`` is given
    :param function: of (cells, faults); returns a value and adds to the faults
    """

    def __init__(self, places, width, function, most=REMEMBERED):
        self.places = places
        self.width = width
        self.function = function
        self.most = most
        self.known = Memo(self.work_out, most)
        self.key_of = itemgetter(*places) if places else lambda _cells: ()

    def read(self, cells, faults, flagged=False):  # pylint: disable=method-required-super
        """Return the value, and add what is wrong to ``faults``.

        :param bool flagged: cells are more than texts, so equal texts may differ
        """
        if flagged:
            return self.function(cells, faults)
        value, found = self.known[self.key_of(cells)]
        if found:
            faults += found
        return value

    def work_out(self, key):
        """Return the value of cells seen for the first time, and their faults."""
        cells, faults = [""] * self.width, []
        # of a single place the getter gives the cell itself
        key = (key,) if len(self.places) == 1 else key
        for place, cell in zip(self.places, key, strict=True):
            cells[place] = cell
        return self.function(cells, faults), faults


class RowReader:
    """Reads the rows of one file.

    :param columns: dict of a meaning to the places of its columns
    :param bool confirmed: a person has confirmed numbers that are uncertain
    """

    # Columns of the staging table, after line and sheet: name, type
    stage = ()
    # Function of many rows at once, for what comes by the million
    read_many = None

    def __init__(self, columns, confirmed=False):
        self.columns = {meaning: tuple(places) for meaning, places in columns.items()}
        self.places = [place for places in columns.values() for place in places]
        self.width = max(self.places, default=-1) + 1
        self.confirmed = confirmed
        self.years = Memo(read_year_range)
        self.readers = {}
        self.flagged = False

    def read(self, row):  # pylint: disable=method-required-super
        """Return the staging rows of a table's row, and its faults.

        :param row: a :class:`~.table_file.TableRow`
        :return: pair of a list of tuples (values of :attr:`stage`) and a list of
            :class:`Fault`
        """
        cells = row.cells
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        faults = []
        self.flagged = row.flagged
        if row.flagged:
            faults = self._unusable(cells)
            if faults:
                return [], faults
        records = self._read(cells, faults)
        if any(fault.blocks for fault in faults):
            records = []
        if faults:
            part = self._part_of(cells)
            faults = [fault._replace(part=part) for fault in faults]
        return records, faults

    def _unusable(self, cells):
        flagged = [place for place in self.places if type(cells[place]) is not str]
        self.flagged = bool(flagged)
        return [
            Fault(place, cells[place].flag, str(cells[place]))
            for place in flagged
            if cells[place].flag in UNUSABLE
        ]

    def _read(self, cells, faults):
        raise NotImplementedError

    def _part_of(self, cells):
        return ""

    # === CELLS === #

    def _place(self, meaning):
        places = self.columns.get(meaning)
        return places[0] if places else -1

    def _text(self, cells, meaning):
        places = self.columns.get(meaning)
        return tidy(cells[places[0]]) if places else ""

    def _value(self, cells, meaning, function, faults, default=None):
        """Return what a function of :mod:`.cell_value` reads in a column."""
        places = self.columns.get(meaning)
        if not places:
            return default
        memo = self.readers.get(meaning)
        if memo is None:
            memo = self.readers[meaning] = Memo(function)
        cell = cells[places[0]]
        value, code = memo[cell]
        if code:
            faults.append(Fault(places[0], code, str(cell)))
        return default if value is None else value

    def _needed(self, cells, meaning, faults):
        text = self._text(cells, meaning)
        if not text:
            faults.append(Fault(self._place(meaning), "missing", ""))
        return text

    def _numbers(self, cells, meaning, faults, every=False):
        """Return the numbers in all columns of a meaning, as pairs with their key.

        :param bool every: those that are uncertain, too
        """
        found = []
        for place in self.columns.get(meaning, ()):
            cell = cells[place]
            if not cell.strip():
                continue
            spoiled, lost = cell_value.spoiled_number(cell), cell_value.is_lost(cell)
            if spoiled and (lost or not self.confirmed):
                faults.append(Fault(place, spoiled, str(cell), not lost, False))
                continue
            for number in read_number_cell(str(cell)):
                key = number_key(number.number)
                if not key:
                    faults.append(
                        Fault(place, f"no_{number.reason}", str(cell), True, False)
                    )
                elif len(key) > LONGEST_KEY:
                    faults.append(Fault(place, "long", str(cell)[:200]))
                elif number.certain or self.confirmed or every:
                    found.append((number, key))
                else:
                    faults.append(Fault(place, number.reason, str(cell), True, False))
        return found

    def _span(self, cells, faults):
        """Return first and last year and month from one or two columns."""
        result = [None] * 4
        generation = ""
        for meaning, halves in (
            ("years", (0, 1, 2, 3)),
            ("year_from", (0, 1)),
            ("year_to", (2, 3)),
        ):
            place = self._place(meaning)
            if place < 0 or not cells[place].strip():
                continue
            span = self.years[str(cells[place])]
            said = span.year_from or span.year_to or span.generation
            if span.rest or not (said or span.certain):
                faults.append(Fault(place, "years", str(cells[place])))
                continue
            if not span.certain and not self.confirmed:
                faults.append(Fault(place, f"years_{span.reason}", cells[place], True))
                continue
            values = [span.year_from, span.month_from, span.year_to, span.month_to]
            if meaning == "year_to" and span.year_to is None:
                values[2:] = values[:2]
            for half in halves:
                result[half] = values[half]
            generation = generation or span.generation
        if result[0] and result[2] and result[0] > result[2]:
            faults.append(Fault(self._place("years"), "years_reversed", ""))
        return (*result, generation)


class PartReader(RowReader):
    """A reader whose rows each name a part of ours."""

    def _part_of(self, cells):
        """Return what the row says of the part: reference, barcode, key, brand."""
        number = self._text(cells, "number") if self.by_number else ""
        return SEPARATOR.join(
            (
                self._text(cells, "part")[:LONGEST_REFERENCE],
                self._text(cells, "barcode")[:LONGEST_REFERENCE],
                number_key(number)[:LONGEST_KEY],
                self._text(cells, "part_brand")[:LONGEST_REFERENCE],
            )
        )

    # Whether a number tells which part is meant, where there is no reference
    by_number = True

    def __init__(self, columns, confirmed=False):
        super().__init__(columns, confirmed)
        names = ("part", "barcode", "number", "part_brand", "brand")
        places = [place for name in names for place in self.columns.get(name, ())]
        if "number" in self.columns and not self.by_number:
            places = [p for p in places if p not in self.columns["number"]]
        self.parts = Cells(places, self.width, self._read_part)

    def _part(self, cells, faults):
        return self.parts.read(cells, faults, self.flagged)

    def _read_part(self, cells, faults):
        part = self._part_of(cells)
        reference = part.partition(SEPARATOR)[0]
        if not part.strip(SEPARATOR) or part.startswith(SEPARATOR * 3):
            places = [self._place(name) for name in ("part", "number", "barcode")]
            faults.append(Fault(max(places), "missing", ""))
        elif reference and (place := self._place("part")) >= 0:
            spoiled = cell_value.spoiled_number(cells[place])
            # A reference may well have a point; what is lost cannot be looked up
            if cell_value.is_lost(cells[place]) or (
                spoiled == "date" and type(cells[place]) is not str
            ):
                faults.append(Fault(place, spoiled, str(cells[place]), True))
        return part
