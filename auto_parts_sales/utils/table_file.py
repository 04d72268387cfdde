"""Tables as suppliers send them, CSV and XLSX, read row by row: pure functions.

A file is never trusted: sizes are limited before anything is unpacked, nothing is
computed, no link is followed. What cannot be read as a table at all raises
:class:`TableProblem`; what is wrong with one cell or row comes with that row, so that
the rest can still be read.
"""

import codecs
import csv
import io
import re
from typing import NamedTuple

from .table_cell import (
    MEBI,
    PROBLEMS,
    Flagged,
    TablePiece,
    TableProblem,
    TableRow,
    column_letters,
    each_row,
)
from .table_csv import read_csv
from .table_xlsx import check_workbook, read_workbook, refuse_doctype

__all__ = [
    "PROBLEMS",
    "Flagged",
    "Table",
    "TablePiece",
    "TableProblem",
    "TableRow",
    "check_workbook",
    "column_letters",
    "each_row",
    "open_table",
    "refuse_doctype",
    "sniff_format",
]

LARGEST_FILE = 1024 * MEBI
SAMPLE = 64 * 1024
# So many letters of another encoding are not UTF-8 by chance
MOST_BY_CHANCE = 8

DELIMITERS = (",", ";", "\t", "|", "，", "；")
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "cp1252", "big5", "shift_jis")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "packed"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf", "packed"),
    (b"\x89PNG", "binary"),
    (b"\xff\xd8\xff", "binary"),
    (b"GIF8", "binary"),
    (b"\x7fELF", "binary"),
    (b"MZ\x90", "binary"),
)
CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13, 26, 27})


class Table(NamedTuple):
    """``format`` is ``csv`` or ``xlsx``; ``pieces`` is an iterator of
    :class:`TableRow` and :class:`TablePiece` over all sheets."""

    format: str
    encoding: str
    delimiter: str
    pieces: object

    @property
    def rows(self):
        """All of ``pieces``, row by row."""
        return each_row(self.pieces)


def sniff_format(stream):
    """Return ``csv``, ``xlsx`` or ``xml``, whatever the name of the file says.

    :param stream: seekable binary stream; left at its beginning
    :raises TableProblem: it is empty, too large, or none of these
    """
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    head = stream.read(SAMPLE)
    stream.seek(0)
    if size > LARGEST_FILE:
        raise TableProblem("too_large", limit=LARGEST_FILE // MEBI)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise TableProblem("empty")
    if head.startswith(b"PK"):
        return "xlsx"
    for magic, code in MAGIC:
        if head.startswith(magic):
            raise TableProblem(code)
    text = _peek(head).lstrip().lower()
    if text.startswith(("<html", "<table", "<!doctype html", "<style", "<meta")):
        raise TableProblem("html")
    if text.startswith(("<?xml", "<!--", "<!doctype", "<aces", "<app")):
        return "xml"
    return "csv"


def _peek(head):
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return head.decode(encoding, errors="replace")
    if b"\x00" in head[:200]:
        order = "utf-16-be" if head[0] == 0 else "utf-16-le"
        return head.decode(order, errors="replace")
    return head.decode("latin-1")


def open_table(stream, encoding=None, delimiter=None, better=None):
    """Return the :class:`Table` in a stream, its rows still to be read.

    :param stream: seekable binary stream, which must stay open while rows are read
    :param encoding: said by a person; None: recognised
    :param delimiter: said by a person; None: recognised
    :param better: function of a list of cells that returns how well they do as the
        names of columns; decides between delimiters
    :raises TableProblem: what it holds is no table
    """
    kind = sniff_format(stream)
    if kind == "xml":
        raise TableProblem("xml")
    if kind == "xlsx":
        check_workbook(stream)
        return Table("xlsx", "", "", read_workbook(stream))
    encoding = _checked(stream, encoding) if encoding else sniff_encoding(stream)
    delimiter = delimiter or sniff_delimiter(stream, encoding, better)
    return Table("csv", encoding, delimiter, read_csv(stream, encoding, delimiter))


# === CSV === #


def sniff_encoding(stream):
    """Return the encoding of a text: UTF-8, UTF-16, GB18030 or Windows 1252.

    The whole stream is decoded once, so what follows meets no surprise.
    """
    stream.seek(0)
    head = stream.read(SAMPLE)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return _checked(stream, encoding)
    if guess := _sniff_utf16(head):
        return _checked(stream, guess)
    if sum(byte in CONTROL_BYTES for byte in head) > max(8, len(head) // 20):
        raise TableProblem("binary")
    line = _undecodable(stream, "utf-8-sig")
    if line is None:
        return "utf-8-sig"
    if _undecodable(stream, "gb18030") is None and _looks_chinese(stream):
        return "gb18030"
    if _begins_as_utf8(stream):
        # Some bytes are broken: another encoding would make nonsense of all others
        raise TableProblem("encoding", line=line, encoding="utf-8")
    return _checked(stream, "cp1252")


def _begins_as_utf8(stream):
    """Tell whether the first letters beyond ASCII, if there are some, are UTF-8."""
    stream.seek(0)
    found = 0
    while chunk := stream.read(MEBI):
        for run in re.findall(rb"[\x80-\xff]+", chunk):
            try:
                found += len(run.decode())
            except UnicodeDecodeError as error:
                # a run may be cut off by the end of the chunk
                return found + len(run[: error.start].decode()) >= MOST_BY_CHANCE
            if found >= MOST_BY_CHANCE:
                return True
    return False


def _sniff_utf16(head):
    """Recognise UTF-16 without a mark: every other byte of what is ASCII is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 8 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _checked(stream, encoding):
    place = _undecodable(stream, encoding)
    if place is not None:
        raise TableProblem("encoding", line=place, encoding=encoding)
    return encoding


def _undecodable(stream, encoding):
    """Return the line of the first byte that is not of this encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    line = 1
    while True:
        chunk = stream.read(MEBI)
        try:
            line += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        if not chunk:
            return None


def _looks_chinese(stream):
    """Tell Chinese from Western text, both of which decode as GB18030.

    In Chinese text bytes above 127 come in pairs; in Western text, one of them
    mostly stands between plain letters.
    """
    stream.seek(0)
    paired = single = 0
    while chunk := stream.read(MEBI):
        for run in re.findall(rb"[\x80-\xff]+", chunk):
            if len(run) == 1:
                single += 1
            else:
                paired += len(run) // 2
        if paired + single > 1000:
            break
    return paired >= single


def sniff_delimiter(stream, encoding, better=None):
    """Return what parts the cells of a text.

    The one that gives most recognised names of columns, then most cells in most
    lines of the beginning.
    """
    stream.seek(0)
    sample = _lines(stream, encoding, 30)
    scores = []
    for rank, delimiter in enumerate(DELIMITERS):
        rows = []
        try:
            rows += csv.reader(sample, delimiter=delimiter)
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        names = max(map(better, rows)) if better else 0
        scores.append((names, usual > 1, widths.count(usual), usual, -rank, delimiter))
    if not scores:
        raise TableProblem("one_column")
    return max(scores)[-1]


def _lines(stream, encoding, count):
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(stream.read(SAMPLE))
    return text.splitlines(keepends=True)[:count]
