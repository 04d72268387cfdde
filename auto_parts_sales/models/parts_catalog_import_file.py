import io
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from ..utils import column_name, table_file
from ..utils.table_file import TableProblem

HEADER_WITHIN = 20
SAMPLE_ROWS = 50
SAMPLE_LENGTH = 80


class PartsCatalogImport(models.Model):
    """The file of an import, and what its columns mean."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.import"

    @contextmanager
    def _open_file(self):
        """Yield the file as a seekable binary stream, not held in memory.

        Note: self.ensure_one()
        """
        self.ensure_one()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw or b"")

    def _open_table(self, stream):
        """Return the :class:`~.table_file.Table` in a stream of the import's file."""
        kind = self._get_table_kind()
        hand = {column_name.name_key(name) for name in self.mapping or {}}

        def better(cells):
            said = sum(3 for cell in cells if column_name.name_key(cell) in hand)
            return column_name.score(cells, kind) + said

        return table_file.open_table(stream, self.encoding, self.delimiter, better)

    def _is_aces(self, stream):
        if self.kind == "aces":
            return True
        return self.kind == "fitment" and table_file.sniff_format(stream) == "xml"

    def _find_header(self, rows):
        """Return the place of the row that names the columns, among the first rows.

        :param rows: list of :class:`~.table_file.TableRow` of one sheet
        """
        kind = self._get_table_kind()
        hand = {column_name.name_key(name) for name in self.mapping or {}}
        scores = [
            column_name.score(row.cells, kind)
            + sum(3 for cell in row.cells if column_name.name_key(cell) in hand)
            for row in rows
        ]
        best = max(scores, default=0)
        return scores.index(best) if best > 1 else None

    def _read_columns(self):
        """Fill the list of columns from the file. Note: self.ensure_one()

        A file that cannot be read has none: checking it says why.
        """
        self.ensure_one()
        job = self.sudo()
        job.column_ids.unlink()
        if not job.with_context(bin_size=True).file or not job.kind:
            return
        if not job.mapping:
            kept = self.env["parts.catalog.import.mapping"]
            mapping = kept._get_mapping(job.source_id, job._get_table_kind())
            job._record({"mapping": mapping})
        try:
            with job._open_file() as stream:
                if job._is_aces(stream):
                    return
                rows = job._read_sample(stream)
        except TableProblem:
            return
        if rows:
            self.env["parts.catalog.import.column"].sudo().create(
                job._prepare_columns(rows)
            )

    def _read_sample(self, stream):
        """Return the header of the first sheet, and rows below it."""
        rows, sheet = [], None
        for row in self._open_table(stream).rows:
            if sheet is not None and row.sheet != sheet:
                break
            sheet = row.sheet
            rows.append(row)
            if len(rows) >= SAMPLE_ROWS:
                break
        header = self._find_header(rows[:HEADER_WITHIN])
        return rows[header or 0 :]

    def _prepare_columns(self, rows):
        headers = [str(cell).strip() for cell in rows[0].cells]
        meanings = self._get_meanings(headers)
        hand = self.mapping or {}
        vals_list = []
        for place, header in enumerate(headers):
            samples = (
                str(row.cells[place]).strip()
                for row in rows[1:]
                if place < len(row.cells)
            )
            vals_list.append(
                {
                    "import_id": self.id,
                    "sequence": place,
                    "name": header[: column_name.LONGEST_NAME],
                    "sample": next(filter(None, samples), "")[:SAMPLE_LENGTH],
                    "meaning": meanings[place] or False,
                    "recognised": bool(meanings[place]) and header not in hand,
                }
            )
        return vals_list

    def _get_meanings(self, headers):
        """Return what columns mean: as people say, else as their names are recognised.

        :return: list of a meaning or an empty string for each column
        """
        kind = self._get_table_kind()
        said = {
            column_name.name_key(name): meaning or ""
            for name, meaning in (self.mapping or {}).items()
        }
        keys = [column_name.name_key(header) for header in headers]
        taken = {said[key] for key in keys if said.get(key)}
        rest = [
            "" if key in said else header
            for key, header in zip(keys, headers, strict=True)
        ]
        several = column_name.SEVERAL.get(kind, ())
        return [
            said[key]
            if key in said
            else (meaning if meaning not in taken or meaning in several else "")
            for key, meaning in zip(
                keys, column_name.recognise(rest, kind), strict=True
            )
        ]

    def _map_by_hand(self, mapping):
        """Take what a person says of columns. Note: self.ensure_one()"""
        self.ensure_one()
        self._refuse_if_running()
        self.sudo()._record({"mapping": {**(self.mapping or {}), **mapping}})
        self._start_again()

    def _apply_mapping(self):
        """Show a mapping that was written as a whole. Note: self.ensure_one()"""
        self.ensure_one()
        kind = self._get_table_kind()
        known = column_name.NAMES.get(kind, {})
        for name, meaning in (self.mapping or {}).items():
            if meaning and meaning not in known:
                raise UserError(
                    self.env._(
                        "Column “%(column)s”: “%(meaning)s” is no meaning that a"
                        " column of this kind of file can have. Possible are:"
                        " %(known)s.",
                        column=name,
                        meaning=meaning,
                        known=", ".join(known),
                    )
                )
        self._read_columns()
