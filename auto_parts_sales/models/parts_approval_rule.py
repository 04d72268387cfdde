from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

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
    document_model = fields.Char(compute="_compute_document_model")
    deciders = fields.Char(
        string="Who Decides", compute="_compute_deciders", compute_sudo=True
    )
    unheld_warning = fields.Text(
        string="Not Held",
        compute="_compute_unheld_warning",
        compute_sudo=True,
        help="Steps of the rule that nobody can take today.",
    )

    never_applies = fields.Char(
        compute="_compute_never_applies",
        help="Which rule before this one takes every document that it is for.",
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

    # === COMPUTE METHODS === #

    @api.depends("kind")
    def _compute_document_model(self):
        models_by_kind = self._document_models()
        for rule in self:
            name = models_by_kind.get(rule.kind)
            rule.document_model = name if name in self.env else False

    @api.depends("step_ids.group_id", "step_ids.user_ids")
    @api.depends_context("lang")
    def _compute_deciders(self):
        for rule in self:
            rule.deciders = rule._deciders_name()

    @api.depends("active", "company_id", "step_ids.group_id", "step_ids.user_ids")
    def _compute_unheld_warning(self):
        for rule in self:
            sentences = [step._unheld_sentence() for step in rule.step_ids]
            rule.unheld_warning = "\n".join(filter(None, sentences)) or False

    @api.depends(
        "kind", "company_id", "sequence", "amount_min", "amount_max", "domain", "active"
    )
    def _compute_never_applies(self):
        earlier_of = self._earlier_rules()
        for rule in self:
            covering = earlier_of[rule].filtered(
                lambda other, rule=rule: (
                    literal_eval(other.domain or "[]") == []
                    and other.amount_min <= rule.amount_min
                    and (
                        not other.amount_max or 0 < rule.amount_max <= other.amount_max
                    )
                )
            )
            rule.never_applies = bool(covering) and self.env._(
                "“%(rule)s” comes first and takes every document of these amounts: this"
                " rule never applies. Move it up, or change the amounts.",
                rule=covering[0].name,
            )

    def _earlier_rules(self):
        """Return ``{rule: active rules of its kind and company that are looked at
        before it}``, in one query.
        """
        rules = self.search(
            [
                ("kind", "in", self.mapped("kind")),
                ("company_id", "in", self.company_id.ids),
            ],
            order="sequence, id",
        )
        return {
            rule: rules.filtered(
                lambda other, rule=rule: (
                    rule.active
                    and other != rule._origin
                    and other.kind == rule.kind
                    and other.company_id == rule.company_id
                    and (other.sequence, other.id)
                    < (rule.sequence, rule._origin.id or float("inf"))
                )
            )
            for rule in self
        }

    # === CONSTRAINT METHODS === #

    @api.constrains("domain", "kind")
    def _check_domain(self):
        for rule in self:
            try:
                domain = literal_eval(rule.domain or "[]")
                valid = isinstance(domain, list)
                if valid and rule.document_model:
                    # an unknown field or operator is found now, not at the gate
                    Domain(domain).validate(self.env[rule.document_model].sudo())
            except (ValueError, SyntaxError, TypeError, KeyError):
                valid = False
            if not valid:
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” is no domain on the fields of"
                        " its documents, such as"
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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if not self.env.su:  # default rules are named by what switches them on
            rules._name_unheld()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and (vals.get("active") or "step_ids" in vals):
            self._name_unheld()
        return result

    def _name_unheld(self):
        """Tell who switches these rules on which of their steps nobody holds.

        The form, the list and the auditor's print say it for as long as it is so.
        """
        text = self.filtered("active")._unheld_text()
        if text:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "title": self.env._("Steps that nobody holds"),
                    "message": text,
                    "sticky": True,
                },
            )

    def _unheld_text(self):
        """Return which steps of these rules nobody holds, a line each, or False."""
        lines = [
            f"{rule.name}: {line}"
            for rule in self
            for line in (rule.unheld_warning or "").splitlines()
        ]
        return "\n".join(lines) or False

    # === BUSINESS METHODS === #

    @api.model
    def _document_models(self):
        """Return ``{kind: name of the model of its documents}``.

        Conditions are checked against it, and the form helps to write them. Leave out
        a kind that several models ask for; extend it with a kind of yours.
        """
        return {
            "clause": "parts.contract",
            "contract": "parts.contract",
            "credit": "sale.order",
            "credit_file": "parts.credit.file",
            "declaration": "parts.contract.declaration",
            "delivery": "stock.picking",
            "order": "sale.order",
            "policy": "parts.contract.policy",
            "price": "sale.order",
            "price_change": "parts.price.sheet",
            "template": "parts.contract.template",
        }

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
