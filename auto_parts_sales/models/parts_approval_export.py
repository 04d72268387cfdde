import base64
import io
import re
import zipfile

import xlsxwriter

from odoo import api, models

BATCH = 5000
WORKBOOK = "auto_parts_sales.xlsx"
# What no file system takes in a name
UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


class PartsApprovalExport(models.AbstractModel):
    """Everything that is kept for good: a workbook, and the files that belong to it.

    Offered before the addon is uninstalled: the tables go with it.
    """

    _name = "parts.approval.export"
    _description = "Export of Ledgers and Approvals"

    @api.model
    def _export_models(self):
        """Return the names of the models to export; extend it for a ledger of yours."""
        return [
            "parts.approval",
            "parts.approval.figure",
            "parts.approval.decision",
            "parts.approval.hold",
            "parts.price.band",
            "parts.price.sheet",
            "parts.price.sheet.line",
            "parts.price.change",
            "parts.price.given",
            "parts.credit.file",
            "parts.credit.change",
            "parts.credit.opening",
            "parts.credit.opening.line",
            "parts.commission.basis",
            "parts.commission.entry",
            "parts.commission.statement",
            "parts.commission.pool",
            "parts.commission.pool.month",
            "parts.commission.pool.split",
            "parts.commission.pool.split.line",
            "parts.commission.signature",
        ]

    @api.model
    def _export_fields(self, model):
        return [
            name
            for name, field in model._fields.items()
            if field.store
            and field.type not in ("one2many", "many2many", "binary")
            and not name.startswith("message_")
        ]

    @api.model
    def _export_files(self):
        """Yield pairs of path and content (bytes) of further files to export.

        The minutes of committees: a folder for each document, the request's id in the
        name. Extend it for files of yours.
        """
        decisions = self.env["parts.approval.decision"].sudo()
        found = decisions.search([("minutes_name", "!=", False)], order="id")
        for decision in found.with_context(bin_size=False):
            if not decision.minutes:
                continue
            document = UNSAFE.sub("_", decision.approval_id.document_name or "")
            name = UNSAFE.sub("_", decision.minutes_name)
            path = (
                f"minutes/{document} ({decision.approval_id.id})/{decision.id} {name}"
            )
            yield path, base64.b64decode(decision.minutes)

    @api.model
    def _build_archive(self):
        """Return workbook and files as a ZIP archive, as bytes."""
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(WORKBOOK, self._build_workbook())
            for path, content in self._export_files():
                archive.writestr(path, content)
        return output.getvalue()

    @api.model
    def _build_workbook(self):
        """Return the workbook, a sheet for each model, as bytes."""
        output = io.BytesIO()
        with xlsxwriter.Workbook(
            output, {"constant_memory": True, "strings_to_formulas": False}
        ) as workbook:
            header = workbook.add_format({"bold": True, "bottom": 1})
            for name in self._export_models():
                if name in self.env:
                    self._write_sheet(workbook, header, self.env[name].sudo())
        return output.getvalue()

    @api.model
    def _write_sheet(self, workbook, header, model):
        # a sheet's name has at most 31 characters
        sheet = workbook.add_worksheet(model._name.removeprefix("parts.")[:31])
        sheet.freeze_panes(1, 0)
        names = self._export_fields(model)
        labels = model.fields_get(names, attributes=["string"])
        sheet.set_column(0, len(names) - 1, 18)
        for column, name in enumerate(names):
            sheet.write(0, column, f"{labels[name]['string']} ({name})", header)
        model = model.with_context(active_test=False)
        row = 0
        last_id = 0
        while records := model.search([("id", ">", last_id)], order="id", limit=BATCH):
            last_id = records[-1].id
            for record in records:
                row += 1
                for column, name in enumerate(names):
                    sheet.write(row, column, self._cell(record, name))
            model.env.invalidate_all()

    @api.model
    def _cell(self, record, name):
        value = record[name]
        field = record._fields[name]
        if field.type == "many2one":
            return value.display_name or ""
        if field.type in ("boolean", "integer", "float", "monetary"):
            return value
        return str(value) if value else ""
