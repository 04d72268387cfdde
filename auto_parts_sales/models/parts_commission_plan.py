from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

COUNTS = [("yes", "Counts"), ("no", "Does not count")]


class PartsCommissionPlan(models.Model):
    """Who earns which rate on what, between two dates.

    A plan counts for the people named on it and for the invoices of its company
    whose date lies between its dates; its rules are tried in sequence. What an
    invoice promised, and on which terms, is frozen when it is posted
    (`parts.commission.basis`): a changed plan counts from the next invoice on.
    """

    _name = "parts.commission.plan"
    _description = "Commission Plan"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="People",
        tracking=True,
        help="Who earns by this plan. A plan without people earns nobody anything.",
    )
    seller_source = fields.Selection(
        selection=[
            ("invoice", "The invoice's salesperson"),
            ("order", "The order's salesperson"),
        ],
        string="Whose Sale",
        default="invoice",
        required=True,
        help="Read when the invoice is posted. By the order: an invoice without an"
        " order keeps its own salesperson.",
    )
    rule_ids = fields.One2many(
        comodel_name="parts.commission.rule",
        inverse_name="plan_id",
        string="Rules",
        copy=True,
    )
    split_ids = fields.One2many(
        comodel_name="parts.commission.split",
        inverse_name="plan_id",
        string="Splits",
        copy=True,
    )
    factor_ids = fields.One2many(
        comodel_name="parts.commission.factor",
        inverse_name="plan_id",
        string="Lateness",
        copy=True,
    )
    tier_ids = fields.One2many(
        comodel_name="parts.commission.tier",
        inverse_name="plan_id",
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
    )
    date_from = fields.Date(
        string="Valid From",
        tracking=True,
        help="First invoice date. Empty: from the beginning.",
    )
    date_to = fields.Date(
        string="Valid Until",
        tracking=True,
        help="Last invoice date. Empty: without end.",
    )
    collected_policy = fields.Selection(
        selection=[
            ("registered", "Payment registered"),
            ("cleared", "Cleared in the bank"),
        ],
        string="Counts as Collected",
        help="Empty: as the company's settings say. Credit notes, write-offs and"
        " exchange differences are no money and never count.",
    )
    discount_policy = fields.Selection(
        selection=COUNTS,
        string="Early-Payment Discount",
        help="Empty: as the company's settings say.",
    )
    fee_policy = fields.Selection(
        selection=COUNTS,
        string="Bank Fees",
        help="Empty: as the company's settings say.",
    )
    withheld_policy = fields.Selection(
        selection=COUNTS,
        string="Withheld Tax",
        help="Empty: as the company's settings say.",
    )
    interest_rate = fields.Float(
        string="Interest (% a Year)",
        help="Cost of money that comes late: deducted from the commission for each day"
        " after the due date, on the untaxed amount collected. Zero: none.",
    )
    hold_days = fields.Integer(
        string="Hold Back after (days)",
        help="While an invoice is overdue for more days, its salesperson's other"
        " commission is held back. Zero: never.",
    )
    hold_share = fields.Float(
        string="Hold Back (%)",
        help="Per cent of the untaxed debt that is overdue, at the most what the month"
        " earned. Released when it is collected, charged if it is written off.",
    )
    requires_contract = fields.Boolean(
        string="Needs an Effective Contract",
        help="Without an effective contract nothing is earned; when it becomes"
        " effective, what was collected before is booked at that date.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The plan ends before it begins.",
    )
    _interest_in_range = models.Constraint(
        "CHECK(interest_rate IS NULL OR interest_rate BETWEEN 0 AND 100)",
        "Interest lies between 0 and 100 % a year.",
    )

    _hold_in_range = models.Constraint(
        "CHECK((hold_days IS NULL OR hold_days >= 0)"
        " AND (hold_share IS NULL OR hold_share BETWEEN 0 AND 100))",
        "What is held back lies between 0 and 100 %, after zero days or more.",
    )

    # === CONSTRAINTS === #

    @api.constrains("active", "company_id", "user_ids", "date_from", "date_to")
    def _check_one_plan_at_a_time(self):
        """One person has one plan per company and date.

        Looked up as superuser: a plan that the user may not see overlaps, too.
        """
        for plan in self.sudo().filtered("active"):
            other = self.sudo().search(plan._get_overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(user)s already earns by the plan “%(other)s” in this"
                        " period. One person has one plan at a time: end that plan"
                        " first, or take the person off it.",
                        user=(other.user_ids & plan.user_ids)[:1].name,
                        other=other.name,
                    )
                )

    def _get_overlap_domain(self):
        """Return the domain of the other plans that share people and days."""
        self.ensure_one()
        domain = Domain(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("user_ids", "in", self.user_ids.ids),
            ]
        )
        if self.date_from:
            domain &= Domain("date_to", "=", False) | Domain(
                "date_to", ">=", self.date_from
            )
        if self.date_to:
            domain &= Domain("date_from", "=", False) | Domain(
                "date_from", "<=", self.date_to
            )
        return domain

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._check_not_own()
        plans._mark_companies()
        return plans

    def write(self, vals):
        # Before as well: nobody takes himself off a plan, changes it and comes back
        self._check_not_own()
        res = super().write(vals)
        self._check_not_own()
        if "company_id" in vals:
            self._mark_companies()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        self._check_not_own()

    def _check_not_own(self):
        """Refuse that somebody writes the plan by which he earns.

        Shares given to a person by name count as earning by it. Called by rules,
        splits, factors and tiers, too.
        """
        if self.env.su:
            return
        own = self.sudo().filtered(
            lambda plan: self.env.user in plan.user_ids | plan.split_ids.user_id
        )
        if own:
            raise AccessError(
                self.env._(
                    "You earn by the plan “%(plan)s” yourself: somebody else, the"
                    " financial deputy or the general manager, has to change it.",
                    plan=own[:1].name,
                )
            )

    def _mark_companies(self):
        """Tell the accounting hooks that commission is in use in these companies.

        The mark stays: promises outlive their plan. As superuser, since who keeps
        plans need not be allowed to write companies.
        """
        unmarked = self.sudo().company_id.filtered(
            lambda company: not company.parts_commission_in_use
        )
        if unmarked:
            unmarked.parts_commission_in_use = True

    # === ACTIONS === #

    def action_new_version(self):
        """End this plan today and open its copy, valid from tomorrow."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        tomorrow = fields.Date.add(today, days=1)
        users = self.user_ids
        until = self.date_to
        if until and until < tomorrow:
            raise ValidationError(
                self.env._(
                    "“%(plan)s” has ended already: open the new version from the plan"
                    " that is valid now.",
                    plan=self.name,
                )
            )
        self.date_to = today
        version = self.copy({"name": self.name, "user_ids": False})
        version.write(
            {
                "date_from": tomorrow,
                "date_to": until,
                "user_ids": [fields.Command.set(users.ids)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_plan(self, company, user, date):
        """Return the plan by which `user` earns in `company` at `date`.

        To override where another thing than user, company and date decides.

        :param date: date of the invoice
        :return: one plan, or an empty recordset: he earns nothing
        """
        return self.search(
            [
                ("company_id", "=", company.id),
                ("user_ids", "in", user.ids),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            order="id",
            limit=1,
        )

    def _get_rule(self, line):
        """Return the first rule, in sequence, that matches an invoice line.

        :param line: an `account.move.line` or `sale.order.line`
        """
        self.ensure_one()
        for rule in self.rule_ids:
            if rule._matches(line):
                return rule
        return self.env["parts.commission.rule"]

    def _prepare_terms(self):
        """Return what else a promise freezes of its plan, as JSON values.

        `cleared`, `discount`, `fees`, `withheld`: see `Policy` of
        `parts.commission.collected`; `factors`: list of [days from, factor];
        `interest`: % a year; `contract`: whether an effective one is needed.
        """
        self.ensure_one()
        company = self.company_id
        policy = self.collected_policy or company.parts_collected_policy
        return {
            "cleared": policy == "cleared",
            "discount": self._counts("discount_policy", "parts_collected_discount"),
            "fees": self._counts("fee_policy", "parts_collected_fees"),
            "withheld": self._counts("withheld_policy", "parts_collected_withheld"),
            "factors": [[row.days_from, row.factor] for row in self.factor_ids],
            "interest": self.interest_rate,
            "contract": self.requires_contract
            or company.parts_commission_requires_contract,
        }

    def _counts(self, name, company_name):
        return self[name] == "yes" if self[name] else self.company_id[company_name]

    def _get_blended_share(self, order_lines):
        """Return which part of order lines' untaxed total they earn by this plan.

        For down payments: what the whole order would earn, for each unit of money.
        """
        self.ensure_one()
        facts = self.env["parts.commission.facts"]
        untaxed = earned = 0.0
        for line in order_lines:
            if line.display_type or line.is_downpayment:
                continue
            untaxed += facts._get_untaxed(line)
            rule = self._get_rule(line)
            earned += rule._get_commission(line) if rule else 0.0
        return earned / untaxed if untaxed else 0.0
