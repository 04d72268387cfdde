from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

VERSION_STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("effective", "In Force"),
    ("replaced", "Replaced"),
    ("dropped", "Given Up"),
]
# Written by the contract's own acts alone; amounts that lines make up, too
ENGINE_FIELDS = {
    "state",
    "contract_id",
    "number",
    "date_effective",
    "date_replaced",
    "date_rate",
    "amount_untaxed",
    "plan_term_id",
    "company_id",
}


class PartsContractVersion(models.Model):
    """What a contract promises: the first draft, and each amendment (CON-5).

    The contract delegates to the version that rules; ``number`` counts from 1. A
    version is written while it is a draft, and by nobody afterwards.
    """

    _name = "parts.contract.version"
    _description = "Version of a Contract"
    _order = "contract_id, number desc, id desc"
    _check_company_auto = True

    # === FIELDS === #

    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        index=True,
        readonly=True,
        ondelete="cascade",
        copy=False,
    )
    number = fields.Integer(string="Version", default=1, readonly=True, copy=False)
    state = fields.Selection(
        selection=VERSION_STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    kind = fields.Selection(related="contract_id.kind")
    partner_id = fields.Many2one(related="contract_id.partner_id")
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_effective = fields.Date(string="In Force since", readonly=True, copy=False)
    date_replaced = fields.Date(string="Replaced on", readonly=True, copy=False)
    date_rate = fields.Date(
        string="Rate of",
        readonly=True,
        copy=False,
        help="Day when it was submitted: amounts in company currency are at its rate.",
    )
    amend_reason = fields.Text(
        string="Why It Is Amended", help="The reviewers read it.", copy=False
    )
    # terms
    date_start = fields.Date(
        string="From", help="First day of the term. Empty: the day it comes into force."
    )
    date_end = fields.Date(string="Until", help="Last day of the term.")
    line_ids = fields.One2many(
        comodel_name="parts.contract.line",
        inverse_name="version_id",
        string="Goods and Prices",
        copy=True,
    )
    instalment_ids = fields.One2many(
        comodel_name="parts.contract.instalment",
        inverse_name="version_id",
        string="Payment Plan",
        copy=True,
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Price Basis",
        check_company=True,
        help="Framework: what the lines do not name has the prices of this list.",
    )
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="The terms of its orders, where no payment plan says otherwise.",
    )
    plan_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Terms by the Plan",
        readonly=True,
        copy=False,
        help="Made from the payment plan when the version came into force.",
    )
    credit_amount = fields.Monetary(
        string="Credit Agreed",
        help="How much the customer may owe under this contract at a time. Zero: as"
        " his credit file says.",
    )
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount", compute="_compute_amounts", store=True
    )
    amount_total = fields.Monetary(
        string="Amount",
        compute="_compute_amounts",
        store=True,
        readonly=False,
        help="With taxes: the total of the lines, or the volume that a framework"
        " contract is for.",
    )
    amount_by_lines = fields.Boolean(compute="_compute_amount_by_lines")
    note = fields.Html(string="Remarks")
    compare_html = fields.Html(
        string="Changes against the Version before",
        compute="_compute_compare_html",
        compute_sudo=True,
        sanitize=False,
    )

    _amounts_positive = models.Constraint(
        "CHECK (amount_total >= 0 AND credit_amount >= 0)",
        "Amounts of a contract are zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("contract_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(contract)s, version %(number)s",
                contract=version.contract_id.display_name or "",
                number=version.number,
            )

    @api.depends("contract_id.kind", "line_ids.price_subtotal", "line_ids.price_total")
    def _compute_amounts(self):
        for version in self:
            if version._is_by_lines():
                untaxed, total = version._line_amounts()
                version.amount_total = total
                version.amount_untaxed = untaxed
            else:
                version.amount_total = version.amount_total
                version.amount_untaxed = version.amount_total

    @api.depends("contract_id.kind", "line_ids.price_unit")
    def _compute_amount_by_lines(self):
        for version in self:
            version.amount_by_lines = version._is_by_lines()

    @api.depends_context("lang")
    def _compute_compare_html(self):
        compare = self.env["parts.contract.compare"]
        for version in self:
            before = version._version_before()
            rows = compare._rows(before, version) if before else []
            version.compare_html = (
                self.env["ir.qweb"]._render(
                    "auto_parts_sales.parts_contract_compare",
                    {"rows": rows, "before": before, "version": version},
                )
                if before
                else False
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("date_start", "date_end")
    def _check_term(self):
        for version in self:
            start, end = version.date_start, version.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The term ends on %(end)s, before it begins on %(start)s: set"
                        " the dates the right way round.",
                        start=start,
                        end=end,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            self._check_draft(ENGINE_FIELDS & vals.keys())
        return super().write(vals)

    def _check_draft(self, engine_fields=()):
        """Refuse to change what was submitted, or what only the engine writes."""
        frozen = self.sudo().filtered(lambda version: version.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "%(version)s is no draft any more: what was submitted stays as it"
                    " is. Withdraw it, or amend the contract.",
                    version=frozen[0].display_name,
                )
            )
        if engine_fields:
            raise UserError(
                self.env._(
                    "%(field)s of a contract is not written by hand: submit it, sign"
                    " it, amend it or end it.",
                    field=self._fields[min(engine_fields)]._description_string(
                        self.env
                    ),
                )
            )

    # === ACTIONS === #

    def action_submit(self):
        """Submit this version for review, see ``action_submit`` of the contract."""
        self.ensure_one()
        return self.contract_id.action_submit()

    def action_withdraw(self):
        """Take this amendment back to draft, see ``action_withdraw`` of the contract.

        :return: window action with the draft: what was approved goes on as a new one
        """
        self.ensure_one()
        contract = self.contract_id
        contract.action_withdraw()
        return contract.action_open_amendment()

    def action_drop(self):
        """Give this amendment up; the version in force goes on ruling."""
        self.ensure_one()
        return self.contract_id.action_drop_amendment()

    def action_open_contract(self):
        """Open the contract that this version belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract",
            "res_id": self.contract_id.id,
            "view_mode": "form",
        }

    # === AMOUNTS, WORKED OUT FROM THE FACTS === #

    def _is_by_lines(self):
        """Return whether the lines make up the amount."""
        self.ensure_one()
        return self.contract_id.kind != "framework" and bool(
            self.line_ids.filtered("price_unit")
        )

    def _line_amounts(self):
        """Return (untaxed, total) of the lines, in the contract's currency, rounded as
        an order of all of them is.
        """
        self.ensure_one()
        company = self.contract_id.company_id or self.env.company
        total = self.env["parts.credit.claim"]._lines_total
        return tuple(
            total(company, [line._base_line() for line in self.line_ids], taxed)
            for taxed in (False, True)
        )

    def _amounts(self):
        """Return (untaxed, total) in the contract's currency, worked out from lines:
        a stored total keeps what was written into it.
        """
        self.ensure_one()
        if self._is_by_lines():
            return self._line_amounts()
        return self.amount_total, self.amount_total

    def _in_company_currency(self, amount):
        """Return ``amount``, in the contract's currency, in the company's: at the rate
        of the day when it was submitted, so that a rate voids no review.
        """
        self.ensure_one()
        submitted = self.state != "draft" and self.date_rate
        return self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            submitted or fields.Date.context_today(self),
        )

    def _normalise(self):
        """Write amounts as the facts say; called as superuser when it is submitted.

        The last instalment by per cent takes the cents that rounding leaves.
        """
        for version in self:
            untaxed, total = version._amounts()
            version.write(
                {
                    "amount_untaxed": untaxed,
                    "amount_total": total,
                    "date_rate": fields.Date.context_today(version),
                }
            )
            version.instalment_ids._normalise(total, version.currency_id)

    # === WHAT IS MISSING === #

    def _incomplete(self):
        """Return what keeps this version from being submitted, a sentence each.

        :rtype: list[str]
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        missing = []
        total = self._amounts()[1]
        if self.currency_id.compare_amounts(total, 0.0) <= 0:
            missing.append(
                self.env._(
                    "The amount is zero: fill in goods and prices, or the volume that"
                    " is agreed."
                )
            )
        if self.kind == "framework" and not self.date_end:
            missing.append(
                self.env._("A framework contract needs the end of its term.")
            )
        if self.date_end and self.date_end < today:
            missing.append(self.env._("The term ended on %s already.", self.date_end))
        if self._version_before() and not (self.amend_reason or "").strip():
            missing.append(self.env._("Say why the contract is amended."))
        return missing + self.instalment_ids._incomplete(total, self.currency_id)

    # === AMENDMENTS === #

    def _version_before(self):
        """Return the version that this one would replace, or replaced; may be empty."""
        self.ensure_one()
        earlier = self.contract_id.version_ids.filtered(
            lambda version: (
                version.number < self.number
                and version.state in ("effective", "replaced")
            )
        )
        return earlier.sorted("number")[-1:]

    def _next(self, reason=None):
        """Return a new draft, copied from this version; called as superuser."""
        self.ensure_one()
        numbers = self.contract_id.version_ids.mapped("number")
        # with its contract from the start: its lines ask for the company
        return self.copy(
            {
                "contract_id": self.contract_id.id,
                "number": max([*numbers, self.number]) + 1,
                "amend_reason": reason,
                "date_start": self.date_start,
                "date_end": self.date_end,
            }
        )

    def _make_plan_term(self):
        """Have the payment plan feed Odoo's payment terms (COL-1): what is due from
        the day of an invoice on, in per cent of the whole.
        """
        for version in self:
            lines = version.instalment_ids._prepare_term_lines()
            if not lines:
                continue
            source = version.with_context(lang="en_US")
            term = source.env["account.payment.term"].create(
                {
                    "name": source.display_name,
                    "company_id": version.company_id.id,
                    "line_ids": [
                        Command.create({"value": "percent", **line}) for line in lines
                    ],
                }
            )
            # whoever brings it into force: everybody reads it in his language
            for code, _name in self.env["res.lang"].get_installed():
                named = version.with_context(lang=code).display_name
                term.with_context(lang=code).name = named
            version.plan_term_id = term.with_env(self.env)

    def _order_term(self):
        """Return the payment terms of orders under this version; may be empty."""
        self.ensure_one()
        return self.plan_term_id or self.payment_term_id

    # === DOORS OF OTHER FILES === #

    def _changed_clauses(self):
        """Return the clauses that differ from the template's (``parts.contract.clause``
        records), or an empty list where there are none.
        """
        self.ensure_one()
        return []

    def _missing_signatures(self):
        """Return what is missing before this version may come into force, a sentence
        each; an empty list once both sides are in (CON-4, CON-11, CON-12).
        """
        self.ensure_one()
        if "parts.contract.signature" in self.env:
            return self.env["parts.contract.signature"].sudo()._missing(self)
        return []

    def _snapshot_paper(self):
        """File the signed paper; called as superuser when the version comes into force,
        and once in its life.
        """
        self.ensure_one()

    def _parts_clauses_judged(self):
        """Called as superuser after legal said what a change of clauses is."""

    def _parts_signatures_changed(self):
        """Called as superuser after a signature or a seal came in."""
