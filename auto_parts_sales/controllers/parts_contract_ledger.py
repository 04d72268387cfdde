from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PartsContractLedger(http.Controller):
    @http.route(
        "/auto_parts_sales/contract/ledger/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def ledger_xlsx(self, line_ids=""):
        """Send the contract ledger as a spreadsheet, of what the user may read.

        :param str line_ids: ids with commas between them; empty: all lines
        """
        ledger = request.env["parts.contract.ledger"]
        if not ledger.has_access("read"):
            return request.not_found()
        numbers = [int(part) for part in line_ids.split(",") if part.isdecimal()]
        lines = ledger.search([("id", "in", numbers)] if numbers else [])
        if not lines:
            return request.not_found()
        content = request.env["parts.contract.ledger.xlsx"]._render(lines)
        name = request.env._("Contract Ledger")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
