from odoo import api, fields, models
from odoo.exceptions import UserError

VERSION_STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("effective", "In Force"),
    ("replaced", "Replaced"),
    ("dropped", "Given Up"),
]
# Written by the contract's own acts alone
ENGINE_FIELDS = {"state", "contract_id", "number", "date_effective", "date_replaced"}


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
        help="Framework: the terms of its orders.",
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
    note = fields.Html(string="Remarks")

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
            total = sum(version.line_ids.mapped("price_total"))
            if version.contract_id.kind == "framework" or not total:
                version.amount_total = version.amount_total
                version.amount_untaxed = version.amount_total
            else:
                version.amount_total = total
                version.amount_untaxed = sum(version.line_ids.mapped("price_subtotal"))

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            self._check_draft(ENGINE_FIELDS & vals.keys())
        return super().write(vals)

    def _check_draft(self, engine_fields=()):
        """Refuse to change what was submitted, or what only the engine writes."""
        frozen = self.sudo().filtered(lambda version: version.state != "draft")
        if frozen or engine_fields:
            raise UserError(
                self.env._(
                    "%(version)s is no draft any more: what was submitted stays as it"
                    " is. Withdraw it, or amend the contract.",
                    version=(frozen or self)[:1].display_name,
                )
            )

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
