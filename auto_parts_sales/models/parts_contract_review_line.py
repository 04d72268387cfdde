from odoo import fields, models


class PartsContractReviewLine(models.Model):
    """What one function said in a review, in its own name (CON-3)."""

    _name = "parts.contract.review.line"
    _description = "Function in a Review"
    _order = "id"

    review_id = fields.Many2one(
        comodel_name="parts.contract.review",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    function = fields.Char(readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Reviewed by", readonly=True
    )
    date = fields.Datetime(readonly=True)
    verdict = fields.Selection(
        selection=[("approved", "Approved"), ("refused", "Refused")], readonly=True
    )
    reason = fields.Text(readonly=True)
