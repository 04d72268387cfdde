from odoo import fields, models


class PartsCommissionTier(models.Model):
    """What is earned on top once a month's collected total reaches an amount."""

    _name = "parts.commission.tier"
    _description = "Commission Tier"
    _inherit = ["parts.commission.plan.part.mixin"]
    _order = "plan_id, amount_from, id"
    _rec_name = "amount_from"

    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    amount_from = fields.Monetary(
        string="Collected From",
        required=True,
        help="Untaxed total that a person collected by one statement.",
    )
    rate = fields.Float(
        string="Additional Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        required=True,
        help="Per cent of the collected total, on top of what the rules gave.",
    )

    _amount_uniq = models.Constraint(
        "UNIQUE(plan_id, amount_from)", "A plan has one tier for each amount."
    )
    _rate_in_range = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 100 AND amount_from >= 0)",
        "A tier begins at zero or more, and its rate lies between 0 and 100 %.",
    )
