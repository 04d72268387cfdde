from odoo import http
from odoo.http import content_disposition, request


class PartsCommission(http.Controller):
    @http.route(
        "/auto_parts_sales/commission/statement/<int:statement_id>/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def statement_xlsx(self, statement_id):
        """Send a statement as a spreadsheet to whoever may read it."""
        statement = request.env["parts.commission.statement"].browse(statement_id)
        if not statement.exists() or not statement.has_access("read"):
            return request.not_found()
        content = request.env["parts.commission.statement.xlsx"]._render(statement)
        filename = f"{statement.name} {statement.user_id.name}.xlsx".replace("/", "-")
        return self._send(content, filename)

    @http.route(
        "/auto_parts_sales/commission/payroll/<string:numbers>/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def payroll_xlsx(self, numbers):
        """Send paid statements, ids joined by hyphens, as a file to finance."""
        if not request.env.user.has_group("auto_parts_sales.group_parts_finance"):
            return request.not_found()
        ids = [int(number) for number in numbers.split("-") if number.isdigit()]
        statements = request.env["parts.commission.statement"].browse(ids).exists()
        if not statements or not statements.has_access("read"):
            return request.not_found()
        statements = statements.filtered(lambda x: x.payment_method == "payroll")
        content = request.env["parts.commission.payroll.xlsx"]._render(statements)
        day = max(filter(None, statements.mapped("payment_date")), default="")
        filename = f"{request.env._('Commission')} {day}".strip()
        return self._send(content, f"{filename}.xlsx")

    def _send(self, content, filename):
        return request.make_response(
            content,
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(filename)),
            ],
        )
