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
    substitute_for_id = fields.Many2one(
        comodel_name="res.users",
        string="In the Stead of",
        ondelete="restrict",
        help="The absent person whose substitute decided.",
    )
    verdict = fields.Selection(
        selection=[("approved", "Approved"), ("refused", "Refused")], required=True
    )
    comment = fields.Text()
    # An attachment of this record: read by who reads the request, written by no role
    minutes = fields.Binary(attachment=True)
    minutes_name = fields.Char(string="File Name of the Minutes")

    _one_voice = models.UniqueIndex(
        "(approval_id, user_id)", "Nobody decides two steps of one request."
    )
