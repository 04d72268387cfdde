import io

import xlsxwriter

from odoo import api, models


class PartsCreditFileXlsx(models.AbstractModel):
    """Credit files as a spreadsheet, in the reader's language."""

    _name = "parts.credit.file.xlsx"
    _description = "Credit Files (XLSX)"

    @api.model
    def _render(self, files):
        """Return the workbook of ``files`` as bytes.

        :param files: readable by the user; access is checked by the caller
        """
        output = io.BytesIO()
        workbook = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = workbook.add_worksheet(self.env._("Credit Files")[:31])
        formats = {
            "text": workbook.add_format({"valign": "top"}),
            "money": workbook.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}),
            "number": workbook.add_format({"num_format": "0.##"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "header": workbook.add_format(
                {"bold": True, "bg_color": "#E9ECEF", "bottom": 1, "text_wrap": True}
            ),
        }
        columns = self._get_columns(files)
        for index, (label, width, _style, _value) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, label, formats["header"])
        for row, file in enumerate(files, start=1):
            for index, (_label, _width, style, value) in enumerate(columns):
                self._write_cell(sheet, row, index, value(file), formats[style])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(files), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        workbook.close()
        return output.getvalue()

    @api.model
    def _get_columns(self, files):
        """Return the columns: list of (label, width, format, value of a file)."""
        info = files.fields_get()

        def selection(name):
            labels = dict(files._fields[name]._description_selection(self.env))
            return lambda file: labels.get(file[name]) or ""

        def column(name, width, style, value=None):
            return (
                info[name]["string"],
                width,
                style,
                value or (lambda file: file[name]),
            )

        return [
            column("partner_id", 30, "text", lambda file: file.partner_id.display_name),
            column("company_id", 20, "text", lambda file: file.company_id.name),
            column("currency_id", 10, "text", lambda file: file.currency_id.name),
            column("state", 14, "text", selection("state")),
            column("risk_class", 16, "text", selection("risk_class")),
            column("credit_limit", 16, "money"),
            column("temporary_limit", 16, "money"),
            column("temporary_until", 13, "date"),
            column("term_days", 12, "number"),
            column("overdue_days_allowed", 12, "number"),
            column("blocked", 10, "text", lambda file: "×" if file.blocked else ""),
            column("defaulter", 10, "text", lambda file: "×" if file.defaulter else ""),
            column("review_date", 13, "date"),
            column("exposure_receivable", 16, "money"),
            column("exposure_orders", 16, "money"),
            column("exposure_drafts", 16, "money"),
            column("exposure_down_payments", 16, "money"),
            column("exposure_uncleared", 16, "money"),
            column("exposure_transactions", 16, "money"),
            column("exposure", 16, "money"),
            column("available", 16, "money"),
            column("overdue_days", 12, "number"),
            column("overdue_amount", 16, "money"),
            column("days_to_pay", 12, "number"),
            column("late_share", 12, "number"),
            column("worst_delay", 12, "number"),
            column("rejected_count", 12, "number"),
            column("turnover", 16, "money"),
            column("suggested_class", 16, "text", selection("suggested_class")),
            column("suggested_limit", 16, "money"),
        ]

    @api.model
    def _write_cell(self, sheet, row, column, value, cell_format):
        if value is False or value is None:
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, cell_format)
        elif isinstance(value, str):
            # never write(): a customer named "=HYPERLINK(...)" is a name, no formula
            sheet.write_string(row, column, value, cell_format)
        else:
            sheet.write_datetime(row, column, value, cell_format)
