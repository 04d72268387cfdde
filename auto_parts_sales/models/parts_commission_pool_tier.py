from odoo import api, fields, models


class PartsCommissionPoolTier(models.Model):
    """Which rate a pool earns from which part of its plan on."""

    _name = "parts.commission.pool.tier"
    _description = "Commission Pool Tier"
    _inherit = ["parts.commission.plan.part.mixin"]
    _parts_part_of = "pool_id"
    _order = "pool_id, percent_from, id"
    _rec_name = "percent_from"

    pool_id = fields.Many2one(
        comodel_name="parts.commission.pool",
        required=True,
        index=True,
        ondelete="cascade",
    )
    percent_from = fields.Float(
        string="From (% of the Plan)",
        help="Counts from this part of the cumulated plan on. Zero: from the first"
        " cent.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        required=True,
        help="Per cent of what the team collected.",
    )

    _percent_uniq = models.Constraint(
        "UNIQUE(pool_id, percent_from)",
        "A pool has one tier for each part of the plan.",
    )
    _rate_in_range = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 100 AND percent_from >= 0)",
        "A tier begins at zero or more, and its rate lies between 0 and 100 %.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.pool_id._check_nothing_accrued()
        return tiers

    def write(self, vals):
        self.pool_id._check_nothing_accrued()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accrued(self):
        self.pool_id._check_nothing_accrued()
