"""The rows of a delimited text, read in pieces: pure functions.

A file may hold a million rows. A piece in which every line is a row, which is nearly
every one, goes through the csv module at once; where a quotation mark spans lines, or
something is wrong, the piece is read row by row.
"""

import csv
import io
from itertools import compress
from operator import itemgetter

from .table_cell import (
    CONTROLS,
    LONGEST_CELL,
    MEBI,
    TablePiece,
    TableProblem,
    TableRow,
    flag_text,
)

PIECE = 256 * 1024
LONGEST_LINE = 2 * MEBI
# A cell with more line breaks than this is a quotation mark that was never closed
MOST_LINES = 200
FIRST = itemgetter(0)


class _Unclosed(io.RawIOBase):
    """A stream whose owner closes it, not the wrapper around it."""

    def __init__(self, stream):
        super().__init__()
        self._stream = stream

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Pieces:
    """Lines of a stream, none longer than allowed: memory stays flat whatever comes.

    ``line`` counts the lines handed out; ``record`` holds those handed out one by one
    since it was emptied.
    """

    def __init__(self, stream, encoding):
        stream.seek(0)
        self._text = io.TextIOWrapper(_Unclosed(stream), encoding, newline="")
        self._lines = []
        self.line = 0
        self.record = []

    def take(self):
        """Return the next piece as a list of whole lines, empty at the end."""
        text = self._text.read(PIECE)
        if not text:
            return []
        text += self._text.readline(LONGEST_LINE)
        lines = list(io.StringIO(text, newline=""))
        if max(map(len, lines)) >= LONGEST_LINE:
            long = next(n for n, line in enumerate(lines) if len(line) >= LONGEST_LINE)
            raise TableProblem("long_line", line=self.line + long + 1)
        return lines

    def give_back(self, lines):
        """Hand these out one by one, before what else is in the stream."""
        self._lines = lines[::-1]

    def __iter__(self):
        return self

    def __next__(self):
        line = self._lines.pop() if self._lines else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.line += 1
        if len(line) >= LONGEST_LINE:
            raise TableProblem("long_line", line=self.line)
        self.record.append(line)
        return line

    @property
    def pending(self):
        """Whether lines given back are left."""
        return bool(self._lines)


def read_csv(stream, encoding, delimiter):
    """Yield the rows of a text that are not empty: :class:`TablePiece`, and
    :class:`TableRow` where a cell may be more than a text.

    :param stream: seekable binary stream, which must stay open while rows are read
    :raises TableProblem: a line is too long, or a quotation mark is never closed
    """
    # The limit of the module is one for the process: nothing else may lower it.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    pieces = _Pieces(stream, encoding)
    while texts := pieces.take():
        rows = _split(texts, delimiter)
        if rows is None:
            pieces.give_back(texts)
            yield from _read_slowly(pieces, delimiter)
            continue
        lines = range(pieces.line + 1, pieces.line + 1 + len(rows))
        pieces.line += len(rows)
        # most rows begin with a word
        if not all(rows) or not all(map(str.strip, map(FIRST, rows))):
            full = [any(map(str.strip, cells)) for cells in rows]
            lines, rows = compress(lines, full), list(compress(rows, full))
        if rows and _is_plain(texts):
            yield TablePiece("", list(lines), rows)
        else:
            yield from map(_flagged, lines, rows)


def _split(lines, delimiter):
    """Return the cells of lines each of which is a row, or None if one is not."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None
    if len(rows) != len(lines) or (
        '"' in lines[-1] and _is_open(lines[-1:], delimiter)
    ):
        return None
    return rows


def _is_plain(lines):
    """Tell whether no cell can be anything but a text."""
    text = "".join(lines)
    return (
        "=" not in text
        and max(map(len, lines)) <= LONGEST_CELL
        and not CONTROLS.search(text)
    )


def _flagged(line, cells):
    text = "".join(cells)
    flagged = len(text) > LONGEST_CELL or "=" in text or not text.isprintable()
    if flagged:
        cells = [flag_text(cell) for cell in cells]
    return TableRow("", line, cells, flagged)


def _read_slowly(pieces, delimiter):
    """Yield the rows of lines given back, the last of which may go on behind them."""
    reader = csv.reader(pieces, delimiter=delimiter)
    while pieces.pending:
        line, pieces.record = pieces.line + 1, []
        try:
            cells = next(reader, None)
        except csv.Error:
            # Lines have a limit, so only a mark that is never closed gets here
            raise TableProblem("open_quote", line=line) from None
        lines = pieces.record
        # only the last row of a file can end within a mark
        ended = pieces.pending or not any('"' in text for text in lines)
        if len(lines) > MOST_LINES or (not ended and _is_open(lines, delimiter)):
            raise TableProblem("open_quote", line=line)
        if any(map(str.strip, cells or ())):
            yield _flagged(line, cells)


def _is_open(lines, delimiter):
    """Tell whether the last row of a text ends within quotation marks."""
    *_rows, last = csv.reader([*lines, delimiter], delimiter=delimiter)
    return last != ["", ""]
