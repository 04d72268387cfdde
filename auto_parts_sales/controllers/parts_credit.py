from odoo import http
from odoo.http import content_disposition, request


class PartsCredit(http.Controller):
    @http.route(
        "/auto_parts_sales/credit/files/xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def files_xlsx(self, file_ids=""):
        """Send credit files as a spreadsheet to whoever may read them.

        :param str file_ids: ids with commas between them
        """
        numbers = [int(part) for part in file_ids.split(",") if part.isdecimal()]
        files = request.env["parts.credit.file"].browse(numbers).exists()
        if not files or not files.has_access("read"):
            return request.not_found()
        content = request.env["parts.credit.file.xlsx"]._render(files)
        name = files.partner_id.display_name if len(files) == 1 else ""
        filename = f"{request.env._('Credit Files')} {name}".strip().replace("/", "-")
        return request.make_response(
            content,
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(f"{filename}.xlsx")),
            ],
        )
