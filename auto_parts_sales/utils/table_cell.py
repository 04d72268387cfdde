"""Cells and rows of suppliers' tables, and what may be wrong with a whole file."""

import re
from typing import NamedTuple

MEBI = 1024 * 1024
# Excel itself allows no more in a cell; what is longer is no catalogue data.
LONGEST_CELL = 32767
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# ="0446506100": how spreadsheets are told to leave a text alone
QUOTED_FORMULA = re.compile(r'="([^"]*)"\Z')


class TableProblem(Exception):
    """A file that cannot be read at all.

    :param str code: which problem, see :data:`PROBLEMS`
    :param values: what the sentence about it names
    """

    def __init__(self, code, **values):
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


PROBLEMS = (
    "empty",
    "no_rows",
    "too_large",
    "binary",
    "pdf",
    "packed",
    "old_excel",
    "html",
    "xml",
    "not_workbook",
    "password",
    "bomb",
    "doctype",
    "broken_workbook",
    "broken_xml",
    "not_aces",
    "encoding",
    "one_column",
    "long_line",
    "open_quote",
)


class Flagged(str):
    """The text of a cell that is more, or less, than a text.

    ``flag``: ``number``, ``date``, ``formula``, ``error``, ``bool``, ``long``,
    ``controls``, ``digits_lost`` (a number longer than a spreadsheet keeps),
    ``scientific`` (a number shown as 2.00E+10, which may have been typed as 2E10).
    """

    __slots__ = ("flag",)

    def __new__(cls, text, flag):
        self = super().__new__(cls, text)
        self.flag = flag
        return self


class TableRow(NamedTuple):
    """A row that is not empty: ``line`` counts from 1 as people see it in the file;
    ``flagged`` if some of its cells may be :class:`Flagged`."""

    sheet: str
    line: int
    cells: list
    flagged: bool = True


class TablePiece(NamedTuple):
    """Rows of a sheet whose cells are plain texts: ``lines`` of the file, and ``rows``,
    lists of cells. None of them is empty."""

    sheet: str
    lines: list
    rows: list


def each_row(items):
    """Yield the :class:`TableRow` of rows and pieces."""
    for item in items:
        if isinstance(item, TablePiece):
            for line, cells in zip(item.lines, item.rows, strict=True):
                yield TableRow(item.sheet, line, cells, False)
        else:
            yield item


def column_letters(index):
    """Return the name of a column as spreadsheets show it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def flag_text(text):
    """Return a cell as it is, or :class:`Flagged` if it may not be used as text."""
    if len(text) > LONGEST_CELL:
        return Flagged(text[:200], "long")
    if "\x00" in text or CONTROLS.search(text):
        return Flagged(CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), "controls")
    stripped = text.strip()
    if quoted := QUOTED_FORMULA.match(stripped):
        return quoted[1]
    if stripped.startswith("="):
        return Flagged(text, "formula")
    return text
