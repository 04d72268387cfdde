from odoo import fields, models


class PartsCommissionFactor(models.Model):
    """From how many days late on a collection earns which part of its commission."""

    _name = "parts.commission.factor"
    _description = "Commission Lateness Factor"
    _inherit = ["parts.commission.plan.part.mixin"]
    _order = "plan_id, days_from, id"
    _rec_name = "days_from"

    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    days_from = fields.Integer(
        string="From Days Late",
        required=True,
        help="Days after the instalment's due date.",
    )
    factor = fields.Float(
        default=1.0,
        required=True,
        help="What the commission is multiplied by: 0.8 leaves 80 %.",
    )

    _days_uniq = models.Constraint(
        "UNIQUE(plan_id, days_from)",
        "A plan has one factor for each number of days.",
    )
    _factor_in_range = models.Constraint(
        "CHECK(factor >= 0 AND factor <= 1 AND days_from >= 1)",
        "A factor lies between 0 and 1, from the first day late on.",
    )
