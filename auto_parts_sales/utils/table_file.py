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
import zipfile
from datetime import date, datetime, time
from typing import NamedTuple
from xml.parsers import expat

MEBI = 1024 * 1024
# Excel itself allows no more in a cell; what is longer is no catalogue data.
LONGEST_CELL = 32767
LONGEST_LINE = 2 * MEBI
LARGEST_FILE = 1024 * MEBI
LARGEST_UNPACKED = 3 * 1024 * MEBI
# Strings and styles are the parts that have to be held in memory.
LARGEST_SHARED = 128 * MEBI
# Real sheets pack 10 to 60 times; deflate reaches a thousand.
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 16 * MEBI
MOST_PARTS = 5000
SAMPLE = 64 * 1024
# A cell with more line breaks than this is a quotation mark that was never closed
MOST_LINES = 200

DELIMITERS = (",", ";", "\t", "|", "，", "；")
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "cp1252", "big5", "shift_jis")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
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
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13, 26, 27})
# ="0446506100": how spreadsheets are told to leave a text alone
QUOTED_FORMULA = re.compile(r'="([^"]*)"\Z')
FORMULA = re.compile(r"[=+@](?=[A-Za-z_(@]|\d+\s*[-+*/(])|=[-+\d]")
ZEROS = re.compile(r"0{2,}\Z")


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
    ``controls``, ``digits_lost`` (a number longer than a spreadsheet keeps).
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


class Table(NamedTuple):
    """``format`` is ``csv`` or ``xlsx``; ``rows`` is an iterator of
    :class:`TableRow` over all sheets."""

    format: str
    encoding: str
    delimiter: str
    rows: object


def column_letters(index):
    """Return the name of a column as spreadsheets show it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


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
        return Table("xlsx", "", "", _read_workbook(stream))
    encoding = _checked(stream, encoding) if encoding else sniff_encoding(stream)
    delimiter = delimiter or sniff_delimiter(stream, encoding, better)
    return Table("csv", encoding, delimiter, _read_csv(stream, encoding, delimiter))


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
    if _undecodable(stream, "utf-8-sig") is None:
        return "utf-8-sig"
    if _undecodable(stream, "gb18030") is None and _looks_chinese(stream):
        return "gb18030"
    return _checked(stream, "cp1252")


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


class _BoundedLines:
    """Lines of a stream, none longer than allowed: memory stays flat whatever comes.

    ``record`` holds the lines read since it was emptied.
    """

    def __init__(self, stream, encoding):
        stream.seek(0)
        self._text = io.TextIOWrapper(_Unclosed(stream), encoding, newline="")
        self._count = 0
        self.record = []

    def __iter__(self):
        return self

    def __next__(self):
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self._count += 1
        if len(line) >= LONGEST_LINE:
            raise TableProblem("long_line", line=self._count)
        self.record.append(line)
        return line


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


def _read_csv(stream, encoding, delimiter):
    # The limit of the module is one for the process: nothing else may lower it.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    lines = _BoundedLines(stream, encoding)
    reader = csv.reader(lines, delimiter=delimiter)
    blank = delimiter + " \t\r\n\u3000\u00a0"
    while True:
        line, last, lines.record = reader.line_num + 1, lines.record, []
        try:
            cells = next(reader, None)
        except csv.Error:
            # Lines have a limit, so only a mark that is never closed gets here
            raise TableProblem("open_quote", line=line) from None
        if cells is None:
            if _is_open(last, delimiter):
                raise TableProblem("open_quote", line=line - len(last))
            return
        if reader.line_num - line > MOST_LINES:
            raise TableProblem("open_quote", line=line)
        text = delimiter.join(cells)
        if not text.strip(blank):
            continue
        flagged = len(text) > LONGEST_CELL or "=" in text or not text.isprintable()
        if flagged:
            cells = [_flag_text(cell) for cell in cells]
        yield TableRow("", line, cells, flagged)


def _is_open(lines, delimiter):
    """Tell whether the last record of a text ends within quotation marks."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _flag_text(text):
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


# === XLSX === #


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


def _read_workbook(stream):
    from openpyxl import load_workbook

    stream.seek(0)
    book = None
    try:
        book = load_workbook(stream, read_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                # What the file says of its own size is often wrong
                sheet.reset_dimensions()
                yield from _read_sheet(sheet)
    except (TableProblem, MemoryError, GeneratorExit):
        raise
    except Exception as error:
        # openpyxl fails with whatever Python says of the part that is broken
        raise TableProblem("broken_workbook") from error
    finally:
        if book is not None:
            book.close()


def _read_sheet(sheet):
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell_text(cell) for cell in row]
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
        return value if plain else _flag_text(value)
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
    if ZEROS.match(number_format or ""):
        return Flagged(str(value).zfill(len(number_format)), "number")
    return Flagged(str(value), "number")
