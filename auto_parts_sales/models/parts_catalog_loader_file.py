import itertools
import operator
from itertools import compress
from typing import NamedTuple

from odoo import api, models

from ..utils import column_name
from ..utils.aces_xml import AcesReader
from ..utils.catalog_row import READERS
from ..utils.row_reader import Fault
from ..utils.row_vehicle import read_application
from ..utils.table_file import TablePiece, TableProblem, each_row

HEADER_WITHIN = 20
IDS_NAMED = 20
SHEET_OF = operator.attrgetter("sheet")


class Block(NamedTuple):
    """Rows without a fault, each of which is one row of the staging table: ``lines`` of
    the file, and ``columns``, a list of values for each column after line and sheet."""

    sheet: str
    lines: list
    columns: list

    def behind(self, count):
        """Return what is left without the first rows."""
        columns = [column[count:] for column in self.columns]
        return Block(self.sheet, self.lines[count:], columns)


class PartsCatalogLoaderFile(models.AbstractModel):
    """The rows of an import's file, as rows of its staging table and faults."""

    _name = "parts.catalog.loader.file"
    _description = "Files of Catalogue Imports"

    @api.model
    def _iterate(self, job, stream):
        """Yield (line, sheet, staging rows, faults) for each row of the file, or a
        :class:`Block` for many."""
        if job._is_aces(stream):
            yield from self._iterate_aces(job, stream)
        else:
            yield from self._iterate_table(job, stream)

    @api.model
    def _iterate_table(self, job, stream):
        table = job._open_table(stream)
        found = " / ".join(filter(None, (table.format.upper(), table.encoding.upper())))
        job._record({"format_found": found})
        read_sheets, skipped = 0, []
        for sheet, rows in itertools.groupby(table.pieces, SHEET_OF):
            begin, rows = self._take_begin(rows)
            header = job._find_header(begin)
            if header is None and read_sheets:
                skipped.append(sheet)
                continue
            header = self._choose_header(job, header, begin)
            headers = [str(cell).strip() for cell in begin[header].cells]
            columns = self._get_columns(job, headers)
            missing = column_name.missing(columns, job._get_table_kind())
            if missing and read_sheets:
                skipped.append(sheet)
                continue
            self._refuse_headers(job, headers, columns, missing)
            read_sheets += 1
            rows = itertools.chain(begin[header + 1 :], rows)
            yield from self._read_rows(job, columns, len(headers), rows)
        if not read_sheets:
            raise TableProblem("no_rows")
        self._note_sheets(job, skipped)

    @api.model
    def _choose_header(self, job, header, begin):
        """Return the place of the header; without one only what people say counts."""
        if header is not None:
            return header
        if not any((job.mapping or {}).values()):
            raise TableProblem("no_header")
        return 0

    @api.model
    def _note_sheets(self, job, skipped):
        if skipped:
            self._add_note(
                job,
                self.env._(
                    "Not read, because their columns are others: %(sheets)s.",
                    sheets=", ".join(skipped),
                ),
            )

    @api.model
    def _add_note(self, job, text):
        """Say something about the file, beside what is said already."""
        job._record({"note": "\n".join(filter(None, (job.note, text)))})

    @api.model
    def _get_columns(self, job, headers):
        """Return the dict of meaning to places of its columns."""
        columns = {}
        for place, meaning in enumerate(job._get_meanings(headers)):
            if meaning:
                columns.setdefault(meaning, []).append(place)
        return columns

    @api.model
    def _refuse_headers(self, job, headers, columns, missing):
        """
        :raises TableProblem: columns are missing, or stand there twice
        """
        kind = job._get_table_kind()
        labels = job.env["parts.catalog.import.column"]._fields["meaning"]
        labels = dict(labels._description_selection(self.env))
        several = column_name.SEVERAL.get(kind, ())
        for meaning, places in columns.items():
            if len(places) > 1 and meaning not in several:
                raise TableProblem("meaning_doubled", meaning=labels[meaning])
        said = {column_name.name_key(name) for name in job.mapping or {}}
        for name in column_name.doubles(headers, kind):
            if column_name.name_key(name) not in said:
                raise TableProblem("doubled", column=name[:80])
        if missing:
            texts = (
                " / ".join(labels[m] for m in column_name.NAMES[kind] if m in choice)
                for choice in missing
            )
            raise TableProblem("columns", missing="; ".join(texts))

    @api.model
    def _take_begin(self, items):
        """Return the first rows as a list, and an iterator of what is behind them."""
        begin = []
        for item in items:
            begin += each_row((item,))
            if len(begin) >= HEADER_WITHIN:
                break
        last = begin[HEADER_WITHIN:]
        if last and not last[0].flagged:
            lines = [row.line for row in last]
            last = [TablePiece(last[0].sheet, lines, [row.cells for row in last])]
        return begin[:HEADER_WITHIN], itertools.chain(last, items)

    @api.model
    def _read_rows(self, job, columns, width, items):
        reader = READERS[job._get_table_kind()](columns, job.load_uncertain)
        for item in items:
            rows = (item,)
            if isinstance(item, TablePiece):
                block, rows = self._read_block(reader, width, item)
                if block:
                    yield block
            for row in rows:
                yield self._read_row(reader, width, row)

    @api.model
    def _read_row(self, reader, width, row):
        sheet, line, cells, _flagged = row
        if len(cells) > width and any(map(str.strip, cells[width:])):
            fault = Fault(-1, "too_many_cells", " | ".join(cells)[:200])
            return line, sheet, [], [fault]
        return line, sheet, *reader.read(row)

    @api.model
    def _read_block(self, reader, width, piece):
        """Return the block of those rows that can be read together, and the others.

        :param piece: a :class:`~.table_file.TablePiece`
        """
        if not reader.read_many or width < reader.width:
            return None, each_row((piece,))
        fit = [len(cells) == width for cells in piece.rows]
        lines, rows = (list(compress(c, fit)) for c in (piece.lines, piece.rows))
        columns = reader.read_many(rows)
        fit = [None not in said for said in zip(*columns, strict=True)]
        if not all(fit):
            lines, *columns = (list(compress(c, fit)) for c in (lines, *columns))
        block = Block(piece.sheet, lines, columns) if lines else None
        if len(lines) == len(piece.lines):
            return block, ()
        done = set(lines)
        return block, [row for row in each_row((piece,)) if row.line not in done]

    @api.model
    def _iterate_aces(self, job, stream):
        reader = AcesReader(stream)
        for app in reader:
            yield app.line, "", *read_application(app)
        if reader.record_count not in (None, reader.count):
            raise TableProblem(
                "record_count", expected=reader.record_count, found=reader.count
            )
        title = " ".join(filter(None, (reader.header.get("title"), reader.version)))
        job._record({"format_found": f"ACES {title}".strip()[:120]})
        if reader.unnamed:
            self._add_note(
                job,
                self.env._(
                    "Ids of licensed tables that the file does not name are shown as"
                    " ids: %(ids)s.",
                    ids=", ".join(sorted(reader.unnamed)[:IDS_NAMED])
                    + (" …" if len(reader.unnamed) > IDS_NAMED else ""),
                ),
            )
        if reader.header.get("submission", "").upper() in ("UPDATE", "TEST"):
            # Only what it adds and deletes; the rest of the source stays
            job._record({"drop_missing": False})
