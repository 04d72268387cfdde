from odoo.http import Controller, content_disposition, request, route


class PartsApprovalController(Controller):
    @route("/auto_parts_sales/export", type="http", auth="user", readonly=True)
    def export(self):
        """Send the ledgers, approvals and minutes, to administrators only."""
        if not request.env.user.has_group("base.group_system"):
            raise request.not_found()
        content = request.env["parts.approval.export"]._build_archive()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition("auto_parts_sales.zip")),
            ],
        )
