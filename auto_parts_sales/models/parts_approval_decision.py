from odoo import fields, models


class PartsApprovalDecision(models.Model):
    """One person's decision on one step; written by the engine, kept for good."""

    _name = "parts.approval.decision"
    _inherit = ["parts.approval.part.mixin"]
    _description = "Decision on an Approval"
    _order = "id"

    step_id = fields.Many2one(
        comodel_name="parts.approval.step",
        required=True,
        ondelete="cascade",
        index=True,
    )
    approval_id = fields.Many2one(related="step_id.approval_id", store=True, index=True)
    user_id = fields.Many2one(comodel_name="res.users", required=True)
    verdict = fields.Selection(
        selection=[("approved", "Approved"), ("refused", "Refused")], required=True
    )
    comment = fields.Text()

    _one_voice = models.UniqueIndex(
        "(approval_id, user_id)", "Nobody decides two steps of one request."
    )
