import base64
import csv
import io

from odoo.tools import file_open

from .common import PartsCommon


class ImportCommon(PartsCommon):
    """A catalogue to import into, and files made on the spot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.users["sales_manager"]
        cls.brakes, cls.pad_l, cls.pad_r = cls.env["product.product"].create(
            [
                {"name": "Brake disc", "default_code": "BD-1", "list_price": 200.0},
                {"name": "Brake pad left", "default_code": "BP-L"},
                {"name": "Brake pad right", "default_code": "BP-R"},
            ]
        )

    @classmethod
    def _csv(cls, rows, delimiter=",", encoding="utf-8"):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter).writerows(rows)
        return buffer.getvalue().encode(encoding)

    @classmethod
    def _sample(cls, name):
        with file_open(f"auto_parts_sales/tests/data/{name}", "rb") as sample:
            return sample.read()

    @classmethod
    def _xlsx(cls, rows, formats=None):
        from openpyxl import Workbook

        book = Workbook()
        for row in rows:
            book.active.append(row)
        for cell, number_format in (formats or {}).items():
            book.active[cell].number_format = number_format
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    @classmethod
    def _new(cls, kind, content, filename="file.csv", user=None, **values):
        """Return an import of a file, made by who keeps the catalogue.

        :param content: bytes, or rows for a CSV file
        """
        if not isinstance(content, bytes):
            content = cls._csv(content)
        return (
            cls.env["parts.catalog.import"]
            .with_user(user or cls.keeper)
            .create(
                {
                    "kind": kind,
                    "file": base64.b64encode(content),
                    "filename": filename,
                    "source_id": cls.source.id,
                    **values,
                }
            )
        )

    def _check(self, *args, **values):
        job = self._new(*args, **values)
        job.action_check()
        return job

    def _load(self, *args, **values):
        """Check and import a file; it must be done afterwards."""
        job = self._check(*args, **values)
        self.assertEqual(job.state, "checked", job.message)
        job.action_run()
        self.assertEqual(job.state, "done", job.message)
        return job

    def assertCounts(self, job, added=0, changed=0, dropped=0, unchanged=0, bad=0):
        self.assertEqual(
            {
                "added": job.added_count,
                "changed": job.changed_count,
                "dropped": job.dropped_count,
                "unchanged": job.unchanged_count,
                "bad": job.error_count,
            },
            {
                "added": added,
                "changed": changed,
                "dropped": dropped,
                "unchanged": unchanged,
                "bad": bad,
            },
            job.issue_ids.mapped("reason"),
        )

    def _reasons(self, job):
        """Return the issues of an import as (line, code), in order."""
        return [(issue.line, issue.code) for issue in job.issue_ids]

    def _fitments(self, source=None):
        return self.env["parts.catalog.fitment"].search(
            [("source_id", "=", (source or self.source).id)]
        )

    def _numbers(self, source=None):
        return self.env["parts.catalog.number"].search(
            [("source_id", "=", (source or self.source).id)]
        )
