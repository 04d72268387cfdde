from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

APPROVAL_KINDS = [
    ("policy", "Sales Policy"),
    ("declaration", "Contract Declaration"),
    ("template", "Contract Template"),
    ("contract", "Contract"),
    ("clause", "Changed Clause"),
    ("price", "Price beyond Authority"),
    ("price_change", "Change of a Price"),
    ("credit", "Sale beyond Credit"),
    ("credit_file", "Credit File"),
    ("customer", "Customer Master Data"),
    ("order", "Order Check"),
    ("supply", "Supply Notice"),
    ("delivery", "Delivery"),
    ("work_order", "Work Order"),
    ("fapiao", "Fapiao"),
    ("commission", "Commission Statement"),
    ("pool", "Commission Pool"),
    ("plan", "Sales Plan"),
    ("lead", "Lead Conflict"),
    ("writeoff", "Write-off"),
    ("count", "Count Difference"),
]


class PartsApprovalRule(models.Model):
    _name = "parts.approval.rule"
    _description = "Approval Rule"
    _order = "company_id, kind, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=APPROVAL_KINDS, required=True, index=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_min = fields.Monetary(
        string="From Amount",
        default=0.0,
        help="Untaxed amount of the document in company currency, included.",
    )
    amount_max = fields.Monetary(
        string="Below Amount",
        default=0.0,
        help="Untaxed amount of the document in company currency, excluded."
        " Zero: no upper end.",
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        help="The rule applies to documents that match this domain.",
    )
    tolerance = fields.Float(
        string="Tolerance (%)",
        help="A change of the document within this share leaves an approval valid.",
    )
    step_ids = fields.One2many(
        comodel_name="parts.approval.rule.step",
        inverse_name="rule_id",
        string="Steps",
        copy=True,
    )

    _amounts_in_order = models.Constraint(
        "CHECK (amount_min >= 0 AND (amount_max = 0 OR amount_max > amount_min))",
        "The amounts of a rule start at zero or more, and its upper end lies above the"
        " lower one.",
    )
    _tolerance_percent = models.Constraint(
        "CHECK (tolerance >= 0 AND tolerance <= 100)",
        "The tolerance is a share between 0 and 100 per cent.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                domain = literal_eval(rule.domain or "[]")
                valid = isinstance(domain, list)
            except (ValueError, SyntaxError):
                valid = False
            if not valid:
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” is no domain, such as"
                        " [('partner_id.country_id.code', '=', 'CN')].",
                        rule=rule.name,
                    )
                )

    @api.constrains("step_ids", "active")
    def _check_steps(self):
        for rule in self:
            if rule.active and not rule.step_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” has no step: add who decides.", rule=rule.name
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, document, kind):
        """Return the rule for a request of ``kind`` on ``document``: the first match
        by sequence among the rules of the document's company, or an empty recordset.
        """
        amount, _currency = document._parts_gate_amount()
        rules = self.sudo().search(
            [
                ("kind", "=", kind),
                ("company_id", "=", document.company_id.id),
                ("amount_min", "<=", amount),
                "|",
                ("amount_max", "=", 0),
                ("amount_max", ">", amount),
            ],
            order="sequence, id",
        )
        for rule in rules:
            if document.sudo().filtered_domain(literal_eval(rule.domain or "[]")):
                return rule
        return self.browse()

    def _deciders_name(self):
        """Return who decides under this rule, in order, as text."""
        self.ensure_one()
        return " → ".join(step._deciders_name() for step in self.step_ids)

    @api.model
    def _create_defaults(self, companies, kind):
        """Give ``companies`` that have no rule of ``kind`` the default ones."""
        served = self.with_context(active_test=False).search(
            [("kind", "=", kind), ("company_id", "in", companies.ids)]
        )
        self.create(
            [
                {**vals, "kind": kind, "company_id": company.id}
                for company in companies - served.company_id
                for vals in self._prepare_default_vals(kind)
            ]
        )

    @api.model
    def _prepare_default_vals(self, kind):
        """Return the default rules of ``kind``, as values without company and kind."""

        def step(role):
            group = self.env.ref(f"auto_parts_sales.group_parts_{role}")
            return [fields.Command.create({"group_id": group.id})]

        return {
            "credit": [
                {
                    "name": "Sale beyond credit",
                    "sequence": 10,
                    "amount_max": 100000.0,
                    "step_ids": step("sales_manager"),
                },
                {
                    "name": "Large sale beyond credit",
                    "sequence": 20,
                    "amount_min": 100000.0,
                    "step_ids": step("general_manager"),
                },
            ],
            "credit_file": [
                {"name": "Credit file", "step_ids": step("general_manager")}
            ],
        }.get(kind, [])
