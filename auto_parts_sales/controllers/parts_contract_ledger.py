import json

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
    def ledger_xlsx(self, domain="[]"):
        """Send the contract ledger as a spreadsheet, of what the user may read.

        :param str domain: which lines, as JSON
        """
        ledger = request.env["parts.contract.ledger"]
        if not ledger.has_access("read"):
            return request.not_found()
        try:
            lines = ledger.search(json.loads(domain))
        except (ValueError, TypeError):
            # not JSON, or no domain: the address was changed by hand
            return request.not_found()
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
