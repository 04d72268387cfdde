from odoo import api, fields, models
from odoo.exceptions import ValidationError

COMMISSION_ROLE = [
    ("seller", "Seller"),
    ("developer", "Developer of the customer"),
    ("collector", "Collector"),
    ("lead", "Team lead"),
]


class PartsCommissionSplit(models.Model):
    """Who shares in the commission of a plan's sellers.

    A developer's or collector's share comes out of the seller's; a team lead's is
    an override on top of it. A share whose role nobody holds for a customer stays
    with the seller.
    """

    _name = "parts.commission.split"
    _description = "Commission Split"
    _inherit = ["parts.commission.plan.part.mixin"]
    _order = "plan_id, sequence, id"
    _rec_name = "role"

    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        selection=[item for item in COMMISSION_ROLE if item[0] != "seller"],
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        index=True,
        help="Empty: who holds the role for the customer (developer, collector) or"
        " leads the invoice's sales team.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(16, 4),
        min_display_digits=2,
        required=True,
        help="Per cent of the seller's commission.",
    )
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid Until")

    _share_in_range = models.Constraint(
        "CHECK(share > 0 AND share <= 100)", "A share lies between 0 and 100 %."
    )

    # === CONSTRAINTS === #

    @api.constrains("share", "role", "date_from", "date_to", "plan_id")
    def _check_seller_keeps_a_share(self):
        for plan in self.plan_id:
            splits = plan.split_ids
            for date in {False, *splits.mapped("date_from")}:
                taken = sum(
                    split.share
                    for split in splits
                    if split.role != "lead" and split._is_valid_on(date)
                )
                if taken > 100.0:
                    raise ValidationError(
                        self.env._(
                            "The shares taken from the seller in “%(plan)s” add up to"
                            " %(share)s %%: give away 100 %% at the most.",
                            plan=plan.name,
                            share=f"{taken:g}",
                        )
                    )

    # === BUSINESS METHODS === #

    def _is_valid_on(self, date):
        """Return whether this split counts at a date; False: the beginning of time."""
        self.ensure_one()
        if not date:
            return not self.date_from
        return (not self.date_from or self.date_from <= date) and (
            not self.date_to or date <= self.date_to
        )

    def _get_user(self, move, date):
        """Return who has this share of an invoice at a date; empty: nobody."""
        self.ensure_one()
        if self.user_id:
            return self.user_id
        if self.role == "lead":
            return move.team_id.user_id
        return self.env["parts.commission.party"]._get_user(
            move.company_id, move.commercial_partner_id, self.role, date
        )
