from odoo import fields, models


class PartsApprovalRefuse(models.TransientModel):
    _name = "parts.approval.refuse"
    _description = "Refuse a Request of Approval"

    approval_ids = fields.Many2many(comodel_name="parts.approval", required=True)
    comment = fields.Text(string="Reason", required=True)

    def action_refuse(self):
        """Refuse the requests with the reason given."""
        self.approval_ids.action_refuse(self.comment)
        return {"type": "ir.actions.act_window_close"}
