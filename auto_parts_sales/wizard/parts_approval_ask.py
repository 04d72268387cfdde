from odoo import fields, models


class PartsApprovalAsk(models.TransientModel):
    _name = "parts.approval.ask"
    _description = "Ask for Approval"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    blocks_html = fields.Html(compute="_compute_blocks_html", sanitize=False)
    reason = fields.Text(required=True)

    def _document(self):
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        document.check_access("write")
        return document

    def _compute_blocks_html(self):
        for wizard in self:
            wizard.blocks_html = wizard._document().parts_gate_html

    def action_ask(self):
        """Send the request for every block that an approval may waive."""
        self._document().action_parts_request_approval(self.reason)
        return {"type": "ir.actions.act_window_close"}
