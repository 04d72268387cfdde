from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.month_label import month_label


class PartsCommissionPoolMonth(models.Model):
    """What a pool accrued by one signed month; never changed, never deleted."""

    _name = "parts.commission.pool.month"
    _description = "Month of a Commission Pool"
    _order = "date_from desc, id desc"

    pool_id = fields.Many2one(
        comodel_name="parts.commission.pool",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(related="pool_id.company_id", store=True)
    currency_id = fields.Many2one(related="pool_id.currency_id")
    team_id = fields.Many2one(related="pool_id.team_id", store=True)
    date_from = fields.Date(string="First Day", required=True, readonly=True)
    month = fields.Char(compute="_compute_month")
    date_to = fields.Date(string="Until", required=True, readonly=True)
    planned = fields.Monetary(
        readonly=True, aggregator=None, help="From the pool's first day to here."
    )
    collected = fields.Monetary(
        string="Collected (untaxed)",
        readonly=True,
        aggregator=None,
        help="From the pool's first day to here, as the ledger stood.",
    )
    reached = fields.Float(string="Reached (%)", compute="_compute_reached")
    due = fields.Monetary(
        string="Earned so Far",
        readonly=True,
        aggregator=None,
        help="What the pool earned from its first day to here.",
    )
    accrued = fields.Monetary(
        readonly=True,
        help="What this month adds: earned so far, less what the months before"
        " accrued. Corrections of older months are in it.",
    )
    create_date = fields.Datetime(string="Accrued On")
    create_uid = fields.Many2one(comodel_name="res.users", string="Signed By")

    _once_a_month = models.UniqueIndex(
        "(pool_id, date_from)", "This month of the pool is accrued already."
    )

    # === COMPUTE METHODS === #

    @api.depends("planned", "collected")
    def _compute_reached(self):
        for month in self:
            month.reached = (
                100.0 * month.collected / month.planned if month.planned else 0.0
            )

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_month(self):
        for month in self:
            date = month.date_from
            month.month = date and month_label(self.env, date)

    @api.depends("pool_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for month in self:
            month.display_name = self.env._(
                "%(pool)s, %(month)s",
                pool=month.pool_id.name or "",
                month=month.month,
            )

    # === CRUD METHODS === #

    def write(self, vals):  # pylint: disable=method-required-super
        # Neither superuser nor context opens it
        raise UserError(
            self.env._(
                "A signed month is never changed. What is corrected afterwards goes"
                " into the next month."
            )
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_uninstalling(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            raise UserError(self.env._("A signed month is never deleted."))
