from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PartsCommissionPlan(models.Model):
    """Who earns which rate on what, between two dates.

    A plan counts for the people named on it and for the invoices of its company
    whose date lies between its dates; its rules are tried in sequence. What an
    invoice promised is frozen when it is posted (`parts.commission.basis`): a
    changed plan counts from the next invoice on.
    """

    _name = "parts.commission.plan"
    _description = "Commission Plan"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="People",
        help="Who earns by this plan. A plan without people earns nobody anything.",
    )
    rule_ids = fields.One2many(
        comodel_name="parts.commission.rule",
        inverse_name="plan_id",
        string="Rules",
        copy=True,
    )
    date_from = fields.Date(
        string="Valid From", help="First invoice date. Empty: since ever."
    )
    date_to = fields.Date(
        string="Valid Until", help="Last invoice date. Empty: without end."
    )
    collected_policy = fields.Selection(
        selection=[("registered", "Payment registered (bank and cash)")],
        string="Counts as Collected",
        default="registered",
        required=True,
        help="Money that came in by a payment or a bank transaction counts as soon as"
        " it is registered. Credit notes, write-offs, discounts, bank fees and"
        " exchange differences are no money and do not count.",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The plan ends before it begins.",
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
        plans._mark_companies()
        return plans

    def write(self, vals):
        res = super().write(vals)
        if "company_id" in vals:
            self._mark_companies()
        return res

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

        :param line: an `account.move.line`
        """
        self.ensure_one()
        for rule in self.rule_ids:
            if rule._matches(line):
                return rule
        return self.env["parts.commission.rule"]
