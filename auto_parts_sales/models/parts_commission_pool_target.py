from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..utils.month_label import month_label


class PartsCommissionPoolTarget(models.Model):
    """What a team is to collect in one month, for a pool with a plan by month."""

    _name = "parts.commission.pool.target"
    _description = "Month of a Commission Pool's Plan"
    _inherit = ["parts.commission.plan.part.mixin"]
    _parts_part_of = "pool_id"
    _order = "pool_id, month, id"

    pool_id = fields.Many2one(
        comodel_name="parts.commission.pool",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="pool_id.currency_id")
    month = fields.Date(
        string="First Day", required=True, help="First day of the month."
    )
    name = fields.Char(string="Month", compute="_compute_name")
    amount = fields.Monetary(string="To Collect (untaxed)", required=True)

    _month_uniq = models.Constraint(
        "UNIQUE(pool_id, month)", "A pool has one amount for each month."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "A plan is zero or more."
    )

    # === COMPUTE METHODS === #

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_name(self):
        for target in self:
            target.name = target.month and month_label(self.env, target.month)

    # === CONSTRAINTS === #

    @api.constrains("month", "pool_id")
    def _check_month(self):
        for target in self:
            if target.month.day != 1:
                raise ValidationError(
                    self.env._("Name the plan's month by its first day.")
                )

    @api.constrains("month", "amount", "pool_id")
    def _check_not_accrued(self):
        """Refuse to change the plan of months that are accrued by it."""
        for target in self:
            target._check_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accrued(self):
        for target in self:
            target._check_open()

    def write(self, vals):
        # before as well: a month is not moved away from where it counted
        for target in self:
            target._check_open()
        return super().write(vals)

    def _check_open(self):
        self.ensure_one()
        months = self.sudo().pool_id.month_ids
        if months and self.month <= max(months.mapped("date_to")):
            raise UserError(
                self.env._(
                    "%(month)s is accrued already: its plan stays as it is.",
                    month=self.name,
                )
            )
