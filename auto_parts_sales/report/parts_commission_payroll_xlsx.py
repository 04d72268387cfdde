import io

import xlsxwriter

from odoo import api, models


class PartsCommissionPayrollXlsx(models.AbstractModel):
    """Statements as a file for payroll: one row a person and month."""

    _name = "parts.commission.payroll.xlsx"
    _description = "Commission for Payroll (XLSX)"

    @api.model
    def _render(self, statements):
        """Return the workbook of statements as bytes, in the reader's language.

        :param statements: readable by the user; access is checked by the caller
        """
        output = io.BytesIO()
        workbook = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = workbook.add_worksheet(self.env._("Commission")[:31])
        writer = self.env["parts.commission.statement.xlsx"]
        formats = writer._add_formats(workbook, statements[:1])
        columns = self._get_columns()
        for column, (label, width, style, _value) in enumerate(columns):
            sheet.set_column(column, column, width)
            name = "header_number" if style == "money" else "header"
            sheet.write_string(0, column, label, formats[name])
        for row, statement in enumerate(statements, start=1):
            for column, (_label, _width, style, value) in enumerate(columns):
                content = value(statement)
                writer._write_cell(sheet, row, column, content, formats[style])
        last = len(statements) + 1
        amount = sum(statements.mapped("amount_total"))
        for column in range(len(columns)):
            label = self.env._("Total") if column == 0 else ""
            sheet.write_string(last, column, label, formats["total"])
        sheet.write_formula(last, 4, f"=SUM(E2:E{last})", formats["total"], amount)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last - 1, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        workbook.close()
        return output.getvalue()

    @api.model
    def _get_columns(self):
        """Return the columns: list of (label, width, format, value of a statement)."""
        _ = self.env._
        return [
            (_("Person"), 28, "text", lambda x: x.user_id.name),
            (_("Login"), 24, "text", lambda x: x.user_id.login),
            (_("Statement"), 20, "text", lambda x: x.name),
            (_("Month"), 18, "text", lambda x: x._get_month_label()),
            (_("Commission"), 16, "money", lambda x: x.amount_total),
            (_("Currency"), 10, "text", lambda x: x.currency_id.name),
            (_("Approved for"), 30, "text", lambda x: x.company_id.name),
            (_("Paid on"), 16, "date", lambda x: x.payment_date),
        ]
