from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import date_utils, format_date

# What a month has been accrued by is not changed afterwards
TERMS = {
    "company_id",
    "team_id",
    "date_from",
    "plan_method",
    "plan_amount",
    "tier_method",
}


class PartsCommissionPool(models.Model):
    """What a sales team earns together on what it collected, against its plan.

    With C collected and P planned, both cumulated from the pool's first day to the
    end of a signed month, and tiers that begin at parts p of P with rates r, the pool
    has earned

        slab:    Σ r × what of C lies within the tier
        whole:   r of the highest tier reached × C

    and the month accrues that less what the months before accrued. So a correction of
    an older month goes into the next, and the months add up to the cent. What is
    accrued is split among people, under an approval, and paid with their statements.
    """

    _name = "parts.commission.pool"
    _description = "Commission Pool"
    _inherit = ["mail.thread"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self._default_date_from(),
        tracking=True,
        help="First day of a month.",
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        default=lambda self: self._default_date_to(),
        tracking=True,
        help="Last day of a month.",
    )

    # The plan
    plan_method = fields.Selection(
        selection=[
            ("even", "The same each month"),
            ("monthly", "An amount for each month"),
        ],
        string="Planned",
        default="even",
        required=True,
        tracking=True,
    )
    plan_amount = fields.Monetary(
        string="Plan of the Whole Period",
        tracking=True,
        help="What the team is to collect, untaxed, from the first day to the last.",
    )
    target_ids = fields.One2many(
        comodel_name="parts.commission.pool.target",
        inverse_name="pool_id",
        string="Plan by Month",
        copy=True,
    )
    tier_ids = fields.One2many(
        comodel_name="parts.commission.pool.tier",
        inverse_name="pool_id",
        string="Tiers",
        copy=True,
    )
    tier_method = fields.Selection(
        selection=[
            ("slab", "Each tier on the part of the total within it"),
            ("whole", "The highest tier reached, on the whole total"),
        ],
        string="Tiers Count",
        default="slab",
        required=True,
        tracking=True,
    )

    # What became of it
    month_ids = fields.One2many(
        comodel_name="parts.commission.pool.month",
        inverse_name="pool_id",
        string="Months",
        readonly=True,
    )
    split_ids = fields.One2many(
        comodel_name="parts.commission.pool.split",
        inverse_name="pool_id",
        string="Splits",
        readonly=True,
    )
    collected = fields.Monetary(
        string="Collected so Far",
        compute="_compute_so_far",
        help="Untaxed, from the first day to today, as the ledger stands.",
    )
    planned = fields.Monetary(
        string="Planned so Far",
        compute="_compute_so_far",
        help="Up to the end of this month.",
    )
    reached = fields.Float(string="Reached (%)", compute="_compute_so_far")
    accrued = fields.Monetary(
        compute="_compute_balance", help="By the months that are signed."
    )
    handed_out = fields.Monetary(
        string="Split", compute="_compute_balance", help="Handed in or approved."
    )
    balance = fields.Monetary(
        string="Left in the Pool", compute="_compute_balance", help="Can be split."
    )
    serial = fields.Integer(
        readonly=True,
        copy=False,
        help="Raised with each month and split, so that two at once conflict.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_from <= date_to)", "The pool ends before it begins."
    )
    _plan_positive = models.Constraint(
        "CHECK(plan_amount IS NULL OR plan_amount >= 0)", "A plan is zero or more."
    )

    # === DEFAULTS === #

    @api.model
    def _default_date_from(self):
        return date_utils.start_of(fields.Date.context_today(self), "year")

    @api.model
    def _default_date_to(self):
        return date_utils.end_of(fields.Date.context_today(self), "year")

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to", "plan_amount", "target_ids.amount")
    def _compute_so_far(self):
        today = fields.Date.context_today(self)
        for pool in self:
            if not pool.date_from or not pool.date_to or not pool.id:
                pool.collected = pool.planned = pool.reached = 0.0
                continue
            pool.collected = pool._get_collected(today)
            pool.planned = pool._get_planned(date_utils.end_of(today, "month"))
            pool.reached = (
                100.0 * pool.collected / pool.planned if pool.planned else 0.0
            )

    @api.depends("month_ids.accrued", "split_ids.state", "split_ids.amount_total")
    def _compute_balance(self):
        accrued = self._get_accrued()
        for pool in self:
            pool.accrued = accrued.get(pool._origin, 0.0)
            pool.handed_out = sum(
                split.amount_total
                for split in pool.sudo().split_ids
                if split.state != "draft"
            )
            pool.balance = pool.currency_id.round(pool.accrued - pool.handed_out)

    def _get_accrued(self):
        """Return {pool: sum of what its months accrued}."""
        groups = (
            self.env["parts.commission.pool.month"]
            .sudo()
            ._read_group(
                [("pool_id", "in", self._origin.ids)], ["pool_id"], ["accrued:sum"]
            )
        )
        return {self.browse(pool.id): amount for pool, amount in groups}

    # === CONSTRAINTS === #

    @api.constrains("date_from", "date_to")
    def _check_whole_months(self):
        for pool in self:
            if pool.date_from != date_utils.start_of(
                pool.date_from, "month"
            ) or pool.date_to != date_utils.end_of(pool.date_to, "month"):
                raise ValidationError(
                    self.env._(
                        "A pool runs from the first day of a month to the last day of"
                        " one."
                    )
                )

    @api.constrains("date_to")
    def _check_not_before_months(self):
        for pool in self:
            if pool.month_ids.filtered(
                lambda month, pool=pool: month.date_from > pool.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "Months after %(date)s are accrued already: the pool cannot end"
                        " before them.",
                        date=format_date(self.env, pool.date_to),
                    )
                )

    @api.constrains("active", "company_id", "team_id", "date_from", "date_to")
    def _check_one_pool_at_a_time(self):
        # As superuser: a pool that the user may not see overlaps, too
        for pool in self.sudo().filtered("active"):
            other = self.sudo().search(
                [
                    ("id", "!=", pool.id),
                    ("company_id", "=", pool.company_id.id),
                    ("team_id", "=", pool.team_id.id),
                    ("date_from", "<=", pool.date_to),
                    ("date_to", ">=", pool.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(team)s has the pool “%(other)s” in this period already. A"
                        " team has one pool at a time: end that one first.",
                        team=pool.team_id.name,
                        other=other.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        pools = super().create(vals_list)
        pools._check_not_own()
        # As superuser: who keeps pools need not be allowed to write rules
        rules = self.env["parts.approval.rule"].sudo()
        rules._create_defaults(pools.company_id, "pool")
        rules._switch_on(pools.company_id, ["pool"])
        return pools

    def write(self, vals):
        self._check_not_own()
        if TERMS & vals.keys():
            self._check_nothing_accrued()
        res = super().write(vals)
        self._check_not_own()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accrued(self):
        self._check_not_own()
        self._check_nothing_accrued()

    def _check_not_own(self):
        """Refuse that somebody writes the pool of a team that he belongs to."""
        if self.env.su:
            return
        own = self.sudo().filtered(
            lambda pool: (
                self.env.user in pool.team_id.user_id | pool.team_id.member_ids
            )
        )
        if own:
            raise AccessError(
                self.env._(
                    "You may be paid from the pool “%(pool)s” yourself: somebody else,"
                    " the financial deputy or the general manager, has to change it.",
                    pool=own[:1].name,
                )
            )

    def _check_nothing_accrued(self):
        """Refuse what would change the months that are accrued."""
        accrued = self.sudo().filtered("month_ids")
        if accrued:
            raise UserError(
                self.env._(
                    "“%(pool)s” has accrued months by these terms. End it with the last"
                    " of them, and open a new pool from the next month on.",
                    pool=accrued[:1].name,
                )
            )

    # === ACTIONS === #

    def action_split(self):
        """Open a new split of what is left in this pool."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.commission.pool.split",
            "views": [(False, "form")],
            "name": self.env._("Split of the Pool"),
            "context": {"default_pool_id": self.id},
        }

    @api.readonly
    def action_open_splits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_pool_split_action"
        )
        return {**action, "domain": [("pool_id", "=", self.id)]}
