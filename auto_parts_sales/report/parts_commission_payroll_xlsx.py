import io

import xlsxwriter

from odoo import api, models
from odoo.tools import format_date


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
        header = workbook.add_format({"bold": True, "bg_color": "#E9ECEF"})
        money = workbook.add_format({"num_format": "#,##0.00"})
        total = workbook.add_format({"num_format": "#,##0.00", "bold": True, "top": 1})
        columns = self._get_columns()
        for column, (label, width, _value) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, header)
        for row, statement in enumerate(statements, start=1):
            for column, (_label, _width, value) in enumerate(columns):
                cell = value(statement)
                if isinstance(cell, float):
                    sheet.write_number(row, column, cell, money)
                else:
                    # never write(): a name that begins with "=" is no formula
                    sheet.write_string(row, column, cell or "")
        last = len(statements) + 1
        amount = sum(statements.mapped("amount_total"))
        sheet.write_string(last, 0, self.env._("Total"), total)
        sheet.write_formula(last, 4, f"=SUM(E2:E{last})", total, amount)
        sheet.freeze_panes(1, 0)
        workbook.close()
        return output.getvalue()

    @api.model
    def _get_columns(self):
        """Return the columns: list of (label, width, value of a statement)."""
        _ = self.env._
        return [
            (_("Person"), 28, lambda x: x.user_id.name),
            (_("Login"), 24, lambda x: x.user_id.login),
            (_("Statement"), 20, lambda x: x.name),
            (_("Month"), 18, lambda x: x._get_month_label()),
            (_("Commission"), 16, lambda x: x.amount_total),
            (_("Currency"), 10, lambda x: x.currency_id.name),
            (_("Approved for"), 26, lambda x: x.company_id.name),
            (_("Paid on"), 14, lambda x: format_date(self.env, x.payment_date)),
        ]
