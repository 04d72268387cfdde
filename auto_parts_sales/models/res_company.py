from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

# Switches whose control is not built yet: they exist, so that integrations can
# read them, and refuse to be switched on, so that nobody trusts a control that
# holds nothing.
SWITCHES_TO_COME = (
    "parts_delivery_control",
    "parts_proof_required",
    "parts_fapiao_control",
)


# Switches that bring the default rules
CONTROLS = ("parts_credit_control", "parts_price_control", "parts_contract_control")


class ResCompany(models.Model):
    _inherit = "res.company"

    parts_price_control = fields.Boolean(string="Price Authority")
    parts_contract_control = fields.Boolean(string="Contract Control")
    parts_credit_control = fields.Boolean(string="Credit Control")
    parts_delivery_control = fields.Boolean(string="Delivery Control")
    parts_proof_required = fields.Boolean(string="Proof of Delivery Required")
    parts_fapiao_control = fields.Boolean(string="Fapiao Control")
    parts_fapiao_min_percent = fields.Float(
        string="Least Collected Share for a Fapiao (%)", default=60.0
    )
    parts_commission_requires_contract = fields.Boolean(
        string="No Commission without an Effective Contract"
    )
    parts_approval_remind_days = fields.Integer(
        string="Remind Deciders after (days)", default=2, help="Zero: never."
    )
    parts_approval_escalate_days = fields.Integer(
        string="Tell the General Manager after (days)", default=5, help="Zero: never."
    )
    parts_duty_refuse = fields.Boolean(
        string="Refuse Conflicting Duties",
        help="A role is not given to somebody who holds one that must lie in other"
        " hands. Switched off, such users are only listed.",
    )
    # contract
    parts_contract_authority = fields.Selection(
        selection=[
            ("strict", "Full: nobody signs without authority on file"),
            ("light", "Light: only an authority that lapsed blocks"),
        ],
        string="Signing Authority",
        default="strict",
        required=True,
    )
    # credit: the file
    parts_credit_hands = fields.Selection(
        selection=[
            ("four", "Four: proposed, checked, approved, entered"),
            ("two", "Two: proposed, approved"),
        ],
        string="Hands for a Credit File",
        default="four",
        required=True,
    )
    parts_credit_overdue_review = fields.Selection(
        selection=[
            ("warn", "Warn: the credit stays in force"),
            ("freeze", "Freeze: the file is expired, nothing is granted"),
            ("zero", "Zero: the limit is zero until it is reviewed"),
        ],
        string="A Review that Is Overdue",
        default="freeze",
        required=True,
    )
    parts_credit_review_notice = fields.Integer(
        string="Announce Reviews before (days)", default=30
    )
    parts_credit_default_days = fields.Integer(
        string="Propose the Defaulter Mark after (days overdue)",
        default=180,
        help="Zero: never.",
    )
    # credit: the check
    parts_credit_tolerance = fields.Float(
        string="Tolerance of Credit Limits (%)",
        help="An order is held when it passes the limit by more than this.",
    )
    parts_credit_uncleared = fields.Boolean(
        string="Count Payments not yet Seen at the Bank",
        help="A payment makes room for credit only once a bank statement shows it.",
    )
    parts_credit_keeper_releases = fields.Boolean(
        string="The Credit Keeper Releases Orders",
        help="As a second hand, after who approves: a sale beyond credit is released"
        " only when finance's credit keeper agrees, too.",
    )
    parts_credit_release_days = fields.Integer(
        string="An Approval Is Good for (days)",
        default=30,
        help="An approval of a sale or of a delivery beyond credit that is not used by"
        " then lapses. Zero: it does not lapse by itself.",
    )
    parts_unheld_warning = fields.Text(
        compute="_compute_parts_unheld_warning", compute_sudo=True
    )
    # Read by the engine alone; through the company it is one query for a whole list
    parts_approval_limit_ids = fields.One2many(
        comodel_name="parts.approval.limit",
        inverse_name="company_id",
        groups=fields.NO_ACCESS,
    )
    parts_contract_notice_days = fields.Integer(
        string="Notice before an Instalment Is Due (days)",
        default=7,
        help="The customer is written to, and his salesperson reminded, so many days"
        " before. Zero: never.",
    )
    # Read by the hooks of contracts on accounting, as the one of commission below
    parts_contract_in_use = fields.Boolean(
        string="Contracts in Use", copy=False, readonly=True
    )
    # Read by the hooks of commission on accounting, together with what accounting
    # reads of the company anyway: no query where commission was never in use
    parts_commission_in_use = fields.Boolean(
        string="Commission in Use", copy=False, readonly=True
    )
    parts_collected_policy = fields.Selection(
        selection=[
            ("registered", "Payment registered"),
            ("cleared", "Cleared in the bank"),
        ],
        string="Counts as Collected",
        default="registered",
        required=True,
        help="When money counts as collected: as soon as the payment is registered, or"
        " once a bank statement shows it.",
    )
    parts_collected_discount = fields.Boolean(
        string="Early-Payment Discount Counts as Collected"
    )
    parts_collected_fees = fields.Boolean(string="Bank Fees Count as Collected")
    parts_collected_withheld = fields.Boolean(string="Withheld Tax Counts as Collected")
    parts_bank_fee_account_ids = fields.Many2many(
        comodel_name="account.account",
        relation="parts_company_bank_fee_account_rel",
        string="Bank Fee Accounts",
        help="Items on these accounts, inside the entry of a payment or of a bank"
        " transaction, are bank fees.",
    )

    # contract
    parts_contract_control_since = fields.Datetime(
        string="Contract Control since", readonly=True, copy=False
    )
    parts_three_names = fields.Boolean(
        string="Three Names on Every Sale",
        help="Who enters an order neither releases its goods and invoices nor books its"
        " money, and who releases books nothing.",
    )
    parts_contract_end_days = fields.Integer(
        string="Announce the End of a Term before (days)", default=30
    )
    parts_contract_end_percent = fields.Float(
        string="Announce Used Volume from (%)", default=90.0, help="Zero: never."
    )

    # price
    parts_price_send = fields.Boolean(
        string="Prices Judged when Sent",
        help="A quotation beyond the price authority is not sent before somebody else"
        " approves it.",
    )
    parts_price_promotions = fields.Boolean(
        string="Promotions Are Judged, Too",
        help="Off: what the company's promotions and coupons take off is at authority.",
    )
    parts_price_change_form = fields.Selection(
        selection=[
            ("sheet", "By a Price Sheet: Proposed, Decided, Entered"),
            ("role", "By the Price Group Directly, Logged"),
        ],
        string="Prices Change",
        default="sheet",
        required=True,
    )
    parts_market_days = fields.Integer(
        string="Market Prices Count for (days)",
        default=90,
        help="An older observation is no market price any more.",
    )

    # === COMPUTE METHODS === #

    def _compute_parts_unheld_warning(self):
        for company in self:
            rules = self.env["parts.approval.rule"].search(
                [("company_id", "=", company.id)]
            )
            company.parts_unheld_warning = rules._unheld_text()

    # === CONSTRAINT METHODS === #

    _parts_credit_figures_positive = models.Constraint(
        "CHECK (parts_credit_tolerance >= 0 AND parts_credit_release_days >= 0)",
        "The tolerance of credit limits and the days of an approval are zero or more.",
    )

    @api.constrains(*SWITCHES_TO_COME)
    def _check_parts_switches_to_come(self):
        for company in self:
            for name in SWITCHES_TO_COME:
                if company[name]:
                    raise UserError(
                        self.env._(
                            "“%(switch)s” cannot be switched on for %(company)s yet:"
                            " this version does not carry out that control."
                            " docs/ROADMAP.md tells what is planned.",
                            switch=self._fields[name]._description_string(self.env),
                            company=company.name,
                        )
                    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._parts_prepare_controls()
        companies._parts_give_templates()
        companies._parts_forget_controlled(set().union(*vals_list))
        if any(companies.mapped("parts_duty_refuse")):
            self.env["parts.approval.duty"]._forget_refusing()
        return companies

    def write(self, vals):
        switched = self.browse()
        if "parts_credit_control" in vals:
            switched = self.filtered(
                lambda company: (
                    company.parts_credit_control != bool(vals["parts_credit_control"])
                )
            )
        result = super().write(vals)
        self._parts_forget_controlled(vals.keys())
        switched._parts_follow_credit()
        if "parts_contract_control" in vals and not vals["parts_contract_control"]:
            vals_off = {"parts_contract_control_since": False}
            super().write(vals_off)
        if any(map(vals.get, CONTROLS)):
            self._parts_prepare_controls()
        if "parts_duty_refuse" in vals:
            self.env["parts.approval.duty"]._forget_refusing()
        return result

    # === GATES === #

    @api.model
    def _parts_gate_switches(self):
        """Return which switches have a gate watched, ``{gate: {field names}}``.

        A check of another addon adds the Boolean field of its own switch here.
        """
        return {
            "send": {"parts_price_send"},
            "confirm": {
                "parts_credit_control",
                "parts_price_control",
                "parts_contract_control",
            },
            "ship": {"parts_credit_control", "parts_contract_control"},
            # no gates: where prices are changed, and where credit is counted
            "price": {"parts_price_control"},
            "credit": {"parts_credit_control"},
            # who does which part of a sale
            "hands": {"parts_three_names"},
        }

    @api.model
    def _parts_forget_controlled(self, names):
        """Clear :meth:`_parts_controlled_ids` if one of the fields is a switch."""
        if any(map(names.__and__, self._parts_gate_switches().values())):
            self.env.registry.clear_cache("stable")

    @api.model
    @ormcache("gate", cache="stable")
    def _parts_controlled_ids(self, gate):
        """Return the ids of the companies that have a control on at ``gate``.

        Kept in the cache of the registry: with all controls off, looking at it costs
        documents no query.

        :rtype: frozenset[int]
        """
        switches = self._parts_gate_switches().get(gate, ())
        domain = Domain.OR(Domain(name, "=", True) for name in switches)
        companies = self.sudo().with_context(active_test=False).search(domain)
        return frozenset(companies.ids)

    def _parts_follow_credit(self):
        """Have Odoo's credit limits show the files, or what they were before."""
        core = self.env["parts.credit.core"]
        for company in self:
            if company.parts_credit_control:
                core._show_all(company)
            else:
                core._restore(company)

    def _parts_prepare_controls(self):
        """Give companies that switch a control on the default rules: those that it
        needs are in force, the others lie ready, switched off.
        """
        priced = self.filtered("parts_price_control")
        contracted = self.filtered("parts_contract_control")
        controlled = self.filtered("parts_credit_control") | priced | contracted
        if controlled:
            rules = self.env["parts.approval.rule"].sudo()
            rules._create_all_defaults(controlled)
            rules._switch_on(priced, ("price", "price_change"))
            rules._switch_on(contracted, ("contract", "clause", "order", "delivery"))
            contracted._parts_prepare_contracts()
            rules.search([("company_id", "in", controlled.ids)])._name_unheld()

    def _parts_give_templates(self):
        """Give companies that come later the templates of contracts, as drafts, where
        another company controls contracts.
        """
        in_use = self.sudo().search_count(
            [("parts_contract_control", "=", True)], limit=1
        )
        if in_use:
            self.env["parts.contract.template"].sudo()._create_defaults(self)

    def _parts_prepare_contracts(self):
        """Give companies that switch contract control on the usual lines of what needs
        a contract; what was sold before is not held for want of one.
        """
        self.env["parts.contract.need"]._create_defaults(self)
        self.env["parts.contract.template"].sudo()._create_defaults(self)
        for company in self.filtered(lambda one: not one.parts_contract_control_since):
            company.sudo().parts_contract_control_since = fields.Datetime.now()
