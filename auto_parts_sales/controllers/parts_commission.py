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
