from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, date_utils, format_date

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
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
        tracking=True,
        help="First day of a month.",
    )
    date_to = fields.Date(
        string="To",
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
        string="Plan",
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

    # === HOOKS === #

    @api.model
    def _parts_commission_month_signed(self, company, month):
        """Return whether what was collected in a month is signed in a company.

        Pools accrue signed months alone. Here the commission officer signs (*Sign
        Month*). The contract room extends it where its ledger is reconciled each
        month, and calls `_accrue_signed` on the company's pools once both have signed.

        :param company: `res.company`
        :param month: date, first day of the month
        :rtype: bool
        """
        return bool(
            self.env["parts.commission.signature"]
            .sudo()
            .search_count(
                [("company_id", "=", company.id), ("month", "=", month)], limit=1
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_pools(self, company):
        """Return all pools of a company, as superuser, also archived ones."""
        pools = self.sudo().with_context(active_test=False)
        return pools.search([("company_id", "=", company.id)], order="id")

    def _lock(self):
        """Let nobody else accrue or split these pools at the same moment.

        Of two transactions, each on its own snapshot, the second fails and is run
        again.
        """
        self.flush_recordset()
        if self:
            self.env.execute_query(
                SQL(
                    "UPDATE parts_commission_pool SET serial = COALESCE(serial, 0) + 1"
                    " WHERE id IN %s RETURNING id",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(["serial"])

    def _accrue_signed(self):
        """Accrue the months that are over and signed, each once and in order.

        Called where a month was signed. A pool stops at its first month that is not.

        :return: the new `parts.commission.pool.month` records
        """
        pools = self.sudo()
        made = self.env["parts.commission.pool.month"].sudo()
        pools._lock()
        for pool in pools:
            made |= pool._accrue_missing()
        return made

    def _accrue_missing(self):
        self.ensure_one()
        months = self.env["parts.commission.pool.month"]
        made = months
        running = date_utils.start_of(fields.Date.context_today(self), "month")
        month = self._get_next_month()
        after = None
        while month < running and self._parts_commission_month_signed(
            self.company_id, month
        ):
            if month <= self.date_to:
                made |= months.create(self._prepare_month_vals(month))
            else:
                after = month
            month = fields.Date.add(month, months=1)
        if after:
            # after the pool's end: what was corrected since, if anything was
            vals = self._prepare_month_vals(after)
            if vals["accrued"]:
                made |= months.create(vals)
        return made

    def _get_next_month(self):
        """Return the first day of the first month that is not accrued."""
        self.ensure_one()
        last = self.env["parts.commission.pool.month"].search(
            [("pool_id", "=", self.id)], order="date_from desc", limit=1
        )
        return fields.Date.add(last.date_from, months=1) if last else self.date_from

    def _prepare_month_vals(self, month):
        """Return the `create` values of a month that is accrued now."""
        self.ensure_one()
        end = min(date_utils.end_of(month, "month"), self.date_to)
        collected = self._get_collected(end)
        planned = self._get_planned(end)
        due = self.currency_id.round(self._get_due(collected, planned))
        before = self._get_accrued().get(self, 0.0)
        return {
            "pool_id": self.id,
            "date_from": month,
            "date_to": date_utils.end_of(month, "month"),
            "planned": planned,
            "collected": collected,
            "due": due,
            "accrued": self.currency_id.round(due - before),
        }

    def _get_collected(self, date_to):
        """Return the untaxed total that the team collected up to a day.

        From the ledger, in company currency: what each line's people share counts
        once, overrides not at all. It is the team that the invoice had when it was
        posted. What earns nobody commission is in no ledger.
        """
        self.ensure_one()
        self.env["parts.commission.entry"].flush_model()
        self.env["parts.commission.basis"].flush_model()
        [[total]] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(entry.collected * basis.share / 100.0)
                  FROM parts_commission_entry entry
                  JOIN parts_commission_basis basis ON basis.id = entry.basis_id
                 WHERE basis.team_id = %(team)s
                   AND basis.company_id = %(company)s
                   AND basis.role <> 'lead'
                   AND entry.kind IN ('collection', 'correction')
                   AND entry.date BETWEEN %(date_from)s AND %(date_to)s
                """,
                team=self.team_id.id,
                company=self.company_id.id,
                date_from=self.date_from,
                date_to=min(date_to, self.date_to),
            )
        )
        return self.currency_id.round(float(total or 0.0))

    def _get_planned(self, date_to):
        """Return what the team was to collect from the first day to a month's end."""
        self.ensure_one()
        end = min(date_to, self.date_to)
        if self.plan_method == "monthly":
            targets = self.target_ids.filtered(lambda target: target.month <= end)
            return sum(targets.mapped("amount"))
        whole = self._count_months(self.date_to)
        planned = self.plan_amount * self._count_months(end) / whole
        return self.currency_id.round(planned)

    def _count_months(self, day):
        start = self.date_from
        return 12 * (day.year - start.year) + day.month - start.month + 1

    def _get_due(self, collected, planned):
        """Return what the pool has earned, not rounded. To override for other terms.

        Without a plan only a tier that begins at zero is reached.
        """
        self.ensure_one()
        starts = {
            tier: planned * tier.percent_from / 100.0
            for tier in self.tier_ids.sorted("percent_from")
            if planned or not tier.percent_from
        }
        reached = [tier for tier, start in starts.items() if start <= collected]
        if not reached or collected <= 0.0:
            return 0.0
        if self.tier_method == "whole":
            return collected * reached[-1].rate / 100.0
        ends = [*(starts[tier] for tier in reached[1:]), collected]
        return sum(
            (end - starts[tier]) * tier.rate / 100.0
            for tier, end in zip(reached, ends, strict=True)
        )
