"""Workbooks, read row by row: nothing is computed, no link is followed."""

import re
import zipfile
from datetime import date, datetime, time
from xml.parsers import expat

from .table_cell import LONGEST_CELL, MEBI, Flagged, TableProblem, TableRow, flag_text

LARGEST_UNPACKED = 3 * 1024 * MEBI
# Strings and styles are the parts that have to be held in memory.
LARGEST_SHARED = 128 * MEBI
# Real sheets pack 10 to 60 times; deflate reaches a thousand.
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 16 * MEBI
MOST_PARTS = 5000
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# More merged cells are a drawing, not a table
MOST_MERGES = 200_000
MOST_MERGED_COLUMNS = 50
ZEROS = re.compile(r"0{2,}\Z")
SCIENTIFIC = re.compile(r"0E[+-]0", re.I)


def check_workbook(stream):
    """Refuse what is no workbook, or would not stay one when unpacked.

    :raises TableProblem: see :data:`PROBLEMS`
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise TableProblem("broken_workbook") from error
    except (EOFError, OSError, RuntimeError, ValueError) as error:
        raise TableProblem("broken_workbook") from error


def _check_archive(archive):
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "EncryptedPackage" in names or any(part.flag_bits & 1 for part in parts):
        raise TableProblem("password")
    if not any(name.startswith("xl/") for name in names):
        raise TableProblem("not_workbook")
    if len(parts) > MOST_PARTS:
        raise TableProblem("bomb", part=str(len(parts)))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise TableProblem("bomb", part="xl")
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > RATIO_COUNTS_FROM and ratio > HIGHEST_RATIO:
            raise TableProblem("bomb", part=part.filename)
        held = "worksheets/" not in part.filename and part.filename.endswith(".xml")
        if held and part.file_size > LARGEST_SHARED:
            raise TableProblem("bomb", part=part.filename)
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as content:
                refuse_doctype(content, part.filename)


def refuse_doctype(content, name=""):
    """Refuse XML with a document type: no data needs one, but bombs do.

    :param content: binary stream, read until the first element
    :param str name: of the part, for the sentence
    :raises TableProblem: it has one, or is no XML
    """

    class Begun(Exception):
        pass

    def on_doctype(*_args):
        raise TableProblem("doctype", part=name)

    def on_element(*_args):
        raise Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        while chunk := content.read(8192):
            parser.Parse(chunk, False)
    except Begun:
        return
    except expat.ExpatError as error:
        code = "broken_workbook" if name else "broken_xml"
        raise TableProblem(code, line=error.lineno) from error
    raise TableProblem("broken_workbook" if name else "broken_xml", line=1)


def read_workbook(stream):
    from openpyxl import load_workbook

    stream.seek(0)
    book = None
    try:
        book = load_workbook(stream, read_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                # What the file says of its own size is often wrong
                sheet.reset_dimensions()
                yield from _read_sheet(sheet, _read_merges(stream, sheet))
    except (TableProblem, MemoryError, GeneratorExit):
        raise
    except Exception as error:
        # openpyxl fails with whatever Python says of the part that is broken
        raise TableProblem("broken_workbook") from error
    finally:
        if book is not None:
            book.close()


def _read_merges(stream, sheet):
    """Return the merged cells of a sheet that go over several rows.

    They stand behind the rows, so the sheet is unpacked once more, but not parsed.

    :return: dict of a first line to pairs of its columns and the last line
    """
    merges, rest, count = {}, b"", 0
    with zipfile.ZipFile(stream) as archive:
        # openpyxl does not say it in any other way
        with archive.open(sheet._worksheet_path) as content:
            while chunk := content.read(MEBI):
                rest += chunk
                for match in MERGE.finditer(rest):
                    first, last = int(match[2]), int(match[4])
                    columns = range(_column(match[1]), _column(match[3]) + 1)
                    count += 1
                    if last > first and len(columns) <= MOST_MERGED_COLUMNS:
                        merges.setdefault(first, []).append((columns, last))
                if count > MOST_MERGES:
                    return {}
                rest = rest[-64:] if b"<mergeCell " in rest[-64:] else rest[-16:]
    return merges


def _column(letters):
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _fill_merged(line, cells, merges, carried):
    """Write what a merged cell says into the rows below its first one.

    :param dict carried: columns to last line and text, from row to row
    """
    for columns, last in merges.get(line, ()):
        text = cells[columns[0]] if columns[0] < len(cells) else ""
        carried[columns[0]] = (last, text)
    for column, (last, text) in list(carried.items()):
        if line > last:
            del carried[column]
        elif text and not (column < len(cells) and cells[column]):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text


def _read_sheet(sheet, merges):
    carried = {}
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell_text(cell) for cell in row]
        if merges and any(cells):
            _fill_merged(line, cells, merges, carried)
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield TableRow(sheet.title, line, cells)


def _cell_text(cell):
    """Return what a cell shows as text, :class:`Flagged` if it is not a text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "f":
            return Flagged(value[:200], "formula")
        if cell.data_type == "e":
            return Flagged(value[:200], "error")
        plain = len(value) <= LONGEST_CELL and value.isprintable()
        return value if plain else flag_text(value)
    if isinstance(value, bool):
        return Flagged("1" if value else "0", "bool")
    if isinstance(value, int):
        return _whole(value, cell.number_format)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return _whole(int(value), cell.number_format)
        if abs(value) >= 1e15 or value != value:
            return Flagged(repr(value), "digits_lost")
        return Flagged(repr(value), "number")
    if isinstance(value, datetime):
        text = value.date().isoformat() if value.time() == time() else str(value)
        return Flagged(text, "date")
    if isinstance(value, date):
        return Flagged(value.isoformat(), "date")
    # array formulas, durations and times of day
    is_formula = hasattr(value, "ref") or cell.data_type == "f"
    return Flagged(str(value)[:200], "formula" if is_formula else "date")


def _whole(value, number_format):
    """Return a whole number with the leading zeros that its format shows."""
    if abs(value) >= 1e15:
        return Flagged(str(value), "digits_lost")
    if SCIENTIFIC.search(number_format or ""):
        # 2E10 may have been typed: what it was is not known any more
        return Flagged(str(value), "scientific")
    if ZEROS.match(number_format or ""):
        return Flagged(str(value).zfill(len(number_format)), "number")
    return Flagged(str(value), "number")
