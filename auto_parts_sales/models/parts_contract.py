from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

CONTRACT_STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("effective", "Effective"),
    ("suspended", "Suspended"),
    ("done", "Done"),
    ("terminated", "Terminated"),
    ("dropped", "Given Up"),
]
# A version that is drawn up, reviewed or waits for signatures
IN_WORK = ("draft", "review", "approved")
# Nothing of what was agreed with the customer is changed any more, but by amendment
BINDING_STATES = ("effective", "suspended", "done", "terminated")
# Written by the contract's own acts alone
ENGINE_FIELDS = {
    "state",
    "current_version_id",
    "version_ids",
    "date_effective",
    "date_closed",
    "close_reason",
    "name",
    "submitter_id",
    "review_ids",
    "settlement_ids",
    "near_end_told",
    "date_accepted",
    "acceptance_ids",
}
NO_DEFAULTS = (
    "date_effective",
    "date_closed",
    "close_reason",
    "submitter_id",
    "near_end_told",
    "date_accepted",
)
# Who is bound, by whom and in which money: no longer changed once it is submitted
IDENTITY = {"partner_id", "company_id", "currency_id", "kind"}
# Whose authority is judged, and who decides nothing: stays while it is reviewed
SELLERS = {"user_id", "team_id"}


class PartsContract(models.Model):
    """A contract with a customer: what was promised (CON-1, CON-2).

    What it promises is a version (``parts.contract.version``): the contract shows the
    one in force, or the first until it is. An amendment is a further version, which
    rules once it was reviewed and signed (CON-5). State and version are written by the
    acts of the contract alone, never by a role.
    """

    _name = "parts.contract"
    _description = "Contract"
    _inherit = ["mail.thread", "mail.activity.mixin", "parts.approval.gate.mixin"]
    _inherits = {"parts.contract.version": "current_version_id"}
    _order = "id desc"
    _check_company_auto = True

    # === FIELDS === #

    name = fields.Char(
        string="Contract No.", default="/", required=True, readonly=True, copy=False
    )
    kind = fields.Selection(
        selection=[("single", "Single Contract"), ("framework", "Framework Contract")],
        default="single",
        required=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    state = fields.Selection(
        selection=CONTRACT_STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    current_version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        string="Version in Force",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    version_ids = fields.One2many(
        comodel_name="parts.contract.version",
        inverse_name="contract_id",
        string="Versions",
        readonly=True,
        copy=False,
    )
    date_effective = fields.Date(
        string="In Force since", readonly=True, copy=False, index=True
    )
    date_closed = fields.Date(string="Ended on", readonly=True, copy=False)
    close_reason = fields.Text(string="Why It Ended", readonly=True, copy=False)
    open_version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        string="Version in Work",
        compute="_compute_open_version_id",
        compute_sudo=True,
        help="The draft, or the amendment, that is drawn up, reviewed or signed now.",
    )
    amending = fields.Boolean(
        string="Is Being Amended",
        compute="_compute_open_version_id",
        compute_sudo=True,
        search="_search_amending",
    )
    submitter_id = fields.Many2one(
        comodel_name="res.users", string="Submitted by", readonly=True, copy=False
    )
    review_ids = fields.One2many(
        comodel_name="parts.contract.review",
        inverse_name="contract_id",
        string="Reviews",
        readonly=True,
    )
    order_ids = fields.One2many(
        comodel_name="sale.order", inverse_name="parts_contract_id", string="Orders"
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="parts_contract_id",
        string="Invoices",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for contract in self:
            number = contract.name if contract.name != "/" else self.env._("New")
            contract.display_name = number

    @api.depends("version_ids.state", "current_version_id.state")
    def _compute_open_version_id(self):
        for contract in self:
            versions = contract.version_ids | contract.current_version_id
            in_work = versions.filtered(lambda version: version.state in IN_WORK)
            contract.open_version_id = in_work.sorted("number")[-1:]
            contract.amending = (
                bool(contract.open_version_id)
                and contract.open_version_id != contract.current_version_id
            )

    def _search_amending(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return [
            ("state", "in", BINDING_STATES),
            ("version_ids.state", "in", IN_WORK),
        ]

    @api.depends("user_id", "company_id")
    def _compute_team_id(self):
        for contract in self:
            contract.team_id = (
                self.env["crm.team"]
                .with_company(contract.company_id)
                ._get_default_team_id(user_id=contract.user_id.id)
                if contract.user_id
                else contract.team_id
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Propose the customer's usual terms; a payment plan says more."""
        if self.partner_id and not self.payment_term_id:
            partner = self.partner_id.with_company(self.company_id)
            self.payment_term_id = partner.property_payment_term_id

    @api.onchange("kind", "instalment_ids", "line_ids", "amount_total")
    def _onchange_amounts(self):
        """Show what the shares come to before they are saved. What is drawn up in the
        form has a version that does not know its contract yet, nor whether it is a
        framework, whose amount is no total of lines.
        """
        version = self.current_version_id
        if not version.contract_id:
            version.contract_id = self
        for row in self.instalment_ids.filtered(lambda one: one.value == "percent"):
            row.amount = row._amount_of(self.amount_total)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = self.browse()
        for vals in vals_list:
            own, terms = self._split_vals(vals)
            # as superuser and empty: no role writes versions, and what it promises is
            # written below, with the user's own rights
            version = self._as_engine().env["parts.contract.version"].create({})
            contract = super().create([{**own, "current_version_id": version.id}])
            version.contract_id = contract
            if terms:
                contract.write(terms)
            contracts |= contract
        return contracts

    @api.model
    def _split_vals(self, vals):
        """Return the values of a new contract, and those of its first version."""
        if not self.env.su:
            vals = {
                name: value for name, value in vals.items() if name not in ENGINE_FIELDS
            }
            # defaults in the caller's context must not make it binding, either
            vals |= {"state": "draft", **dict.fromkeys(NO_DEFAULTS, False)}
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        own, terms = {}, {}
        for name, value in vals.items():
            field = self._fields.get(name)
            (terms if field is not None and field.inherited else own)[name] = value
        if own.get("name", "/") == "/":
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            own["name"] = sequence.next_by_code("parts.contract") or "/"
        own.setdefault("currency_id", company.currency_id.id)
        return own, terms

    def write(self, vals):
        self._check_writable(vals)
        return super().write(vals)

    def _check_writable(self, vals):
        """Refuse what no role may write: state, numbers, who is bound by it."""
        if self.env.su:
            return
        named = ENGINE_FIELDS & vals.keys()
        if named:
            raise UserError(
                self.env._(
                    "%(field)s of a contract is not written by hand: submit it, sign"
                    " it, amend it or end it.",
                    field=self._fields[min(named)]._description_string(self.env),
                )
            )
        fixed = self.filtered(
            lambda contract: contract.state != "draft" or contract.number > 1
        )
        if "currency_id" in vals:
            self._check_currency_kept(vals["currency_id"])
        if SELLERS & vals.keys():
            self._check_sellers_kept()
        if fixed and IDENTITY & vals.keys():
            raise UserError(
                self.env._(
                    "%(contract)s was submitted: customer, company, currency and kind"
                    " stay as they are. Draw up another contract.",
                    contract=fixed[0].display_name,
                )
            )

    def _check_currency_kept(self, currency_id):
        """Refuse another currency once orders or invoices hang on the contract."""
        for contract in self.sudo():
            other = contract.currency_id.id != currency_id
            if other and (contract.order_ids or contract.move_ids):
                raise UserError(
                    self.env._(
                        "%(contract)s: the currency stays %(currency)s, orders hang on"
                        " it already. Draw up another contract.",
                        contract=contract.display_name,
                        currency=contract.currency_id.name,
                    )
                )

    def _check_sellers_kept(self):
        """Refuse another salesperson or team while a version is under review."""
        for contract in self.sudo():
            if contract.open_version_id.state == "review":
                raise UserError(
                    self.env._(
                        "%s is under review: salesperson and team stay, as their"
                        " authority is judged. Withdraw it first.",
                        contract.open_version_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        kept = self.filtered(
            lambda contract: contract.state != "draft" or contract.number > 1
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(contract)s is no draft: contracts that were submitted are kept."
                    " Terminate it instead.",
                    contract=kept[0].display_name,
                )
            )
        named = self.sudo().filtered(
            lambda contract: contract.order_ids or contract.move_ids
        )
        if named:
            raise UserError(
                self.env._(
                    "Orders or invoices name %s: take it off them first.",
                    named[0].display_name,
                )
            )

    def _as_engine(self):
        """Return these records as superuser, without the caller's default values: a
        ``default_state`` in the context would make what is made here binding.
        """
        context = clean_context(self.env.context)
        return self.with_env(self.env(su=True, context=context))

    # === DOORS OF OTHER ROOMS AND FILES === #

    def _effective_date(self):
        """Return since when this contract is in force (date), or False if it is not.

        A suspended contract stays in force; one that ended is no longer.
        """
        self.ensure_one()
        in_force = self.state in ("effective", "suspended", "done")
        return in_force and self.date_effective
