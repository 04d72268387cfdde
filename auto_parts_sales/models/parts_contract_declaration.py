from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import formatLang

PREFIX = "auto_parts_sales.group_parts_"
# The sales office comes before every step of the rule
FIRST = -1000


class PartsContractDeclaration(models.Model):
    """The paper before a contract: what it is to be about, and why (CON-9).

    The sales office, the sales manager and the general manager answer for it. The
    contract is made from it and may not go beyond it.
    """

    _name = "parts.contract.declaration"
    _description = "Contract Declaration"
    _inherit = ["parts.contract.submitted.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _paper_kind = "declaration"

    name = fields.Char(
        string="Declaration No.", default="/", required=True, readonly=True, copy=False
    )
    kind = fields.Selection(
        selection=[("single", "Single Contract"), ("framework", "Framework Contract")],
        default="single",
        required=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        index=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Quotation",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="parts.contract.declaration.line",
        inverse_name="declaration_id",
        string="Goods and Prices",
        copy=True,
    )
    volume = fields.Monetary(
        help="Framework: for how much, with taxes, the contract may be in its whole"
        " term."
    )
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount", compute="_compute_amount_untaxed", store=True
    )
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="Until")
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        check_company=True,
    )
    credit_amount = fields.Monetary(
        string="Credit", help="How much the customer may owe at a time."
    )
    delivery_terms = fields.Text(help="When, where and at whose cost and risk.")
    other_terms = fields.Text()
    policy_id = fields.Many2one(
        comodel_name="parts.contract.policy",
        string="Sales Policy",
        compute="_compute_policy_id",
        store=True,
        compute_sudo=True,
        ondelete="restrict",
        help="The version in force on the day when it was submitted.",
    )
    date_submitted = fields.Date(string="Submitted on", readonly=True, copy=False)
    leaves_policy = fields.Boolean(string="Leaves the Policy")
    leaves_reason = fields.Text(
        string="Why It Leaves the Policy", help="The deciders read it."
    )
    version_ids = fields.One2many(
        comodel_name="parts.contract.version",
        inverse_name="declaration_id",
        string="Contracts",
        readonly=True,
    )

    _amounts_positive = models.Constraint(
        "CHECK (volume >= 0 AND credit_amount >= 0)",
        "Volume and credit of a declaration are zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for declaration in self:
            number = declaration.name
            declaration.display_name = self.env._("New") if number == "/" else number

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Propose the customer's usual terms."""
        if self.partner_id and not self.payment_term_id:
            partner = self.partner_id.with_company(self.company_id)
            self.payment_term_id = partner.property_payment_term_id

    @api.depends("kind", "volume", "line_ids.price_subtotal")
    def _compute_amount_untaxed(self):
        for declaration in self:
            declaration.amount_untaxed = declaration._amount()

    @api.depends("company_id", "date_submitted")
    def _compute_policy_id(self):
        policies = self.env["parts.contract.policy"]
        for declaration in self:
            date = declaration.date_submitted or fields.Date.context_today(declaration)
            declaration.policy_id = policies._in_force(declaration.company_id, date)

    @api.constrains("date_start", "date_end")
    def _check_term(self):
        for declaration in self:
            start, end = declaration.date_start, declaration.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "%s ends before it begins: check its two dates.",
                        declaration.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        sequences = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            vals["name"] = (
                sequences.with_company(company_id).next_by_code(self._name) or "/"
            )
            vals.pop("date_submitted", None)
        return super().create(vals_list)

    def write(self, vals):
        named = {"name", "date_submitted", "policy_id"} & vals.keys()
        if named and not self.env.su:
            self._check_draft(named)
        return super().write(vals)

    # === SUBMITTING === #

    def _check_complete(self):
        for declaration in self:
            missing = declaration._missing()
            if missing:
                raise UserError("\n".join(missing))

    def _missing(self):
        """Return what is still to be said, a sentence each."""
        self.ensure_one()
        missing = []
        if self._amount() <= 0:
            missing.append(
                self.env._("%s: say for which goods or volume it is.", self.name)
            )
        if self.leaves_policy and not (self.leaves_reason or "").strip():
            missing.append(
                self.env._("%s: say why it leaves the sales policy.", self.name)
            )
        if self.kind == "framework" and not self.date_end:
            missing.append(
                self.env._("%s: say until when the framework is to run.", self.name)
            )
        return missing

    def action_parts_request_approval(self, reason=None):
        """Submit the declaration under the sales policy of today."""
        self.check_access("write")
        drafts = self.sudo().filtered(lambda declaration: declaration.state == "draft")
        drafts.date_submitted = fields.Date.context_today(self)
        return super().action_parts_request_approval(reason)

    def _amount(self):
        """Return the untaxed amount, worked out of its facts."""
        self.ensure_one()
        if self.kind == "framework":
            return self.volume
        return sum(line._subtotal() for line in self.line_ids)

    def _paper_facts(self):
        return {
            "customer": (self.partner_id.id, "any"),
            "amount_untaxed": (self._amount(), "up"),
            "currency_id": (self.currency_id.id, "any"),
            "goods": (str(sorted(line._facts() for line in self.line_ids)), "any"),
            "credit_amount": (self.credit_amount, "up"),
            "payment_term_id": (self.payment_term_id.id, "any"),
            "date_start": (str(self.date_start or ""), "any"),
            "date_end": (str(self.date_end or ""), "any"),
            "terms": (f"{self.delivery_terms or ''}|{self.other_terms or ''}", "any"),
            "policy_id": (self.policy_id.id, "any"),
            "leaves_reason": (
                self.leaves_policy and self.leaves_reason or "",
                "any",
            ),
        }

    def _parts_gate_figures(self, block):
        """What a decider reads of a declaration: names and amounts, not ids."""
        if block["key"] != self._paper_kind:
            return super()._parts_gate_figures(block)
        figure = self._parts_gate_figure
        figures = [
            figure("customer", self.partner_id.display_name),
            figure(
                "volume" if self.kind == "framework" else "amount_untaxed",
                self._amount(),
                currency=self.currency_id,
            ),
            figure("date_end", self.date_end or ""),
            figure("goods", "\n".join(line._sentence() for line in self.line_ids)),
            figure("payment_term_id", self.payment_term_id.display_name or ""),
            figure("credit_amount", self.credit_amount, currency=self.currency_id),
            figure("delivery_terms", self.delivery_terms or ""),
            figure("policy_id", self.policy_id.display_name or ""),
            figure("leaves_reason", self.leaves_policy and self.leaves_reason or ""),
        ]
        return [row for row in figures if row["value"]]

    @api.model
    def _parts_gate_labels(self):
        return {
            **super()._parts_gate_labels(),
            "goods": self.env._("Goods"),
            "terms": self.env._("Further terms"),
        }

    def _paper_sentence(self):
        sentence = self.env._(
            "%(declaration)s: a contract with %(customer)s for %(amount)s.",
            declaration=self.name,
            customer=self.partner_id.display_name,
            amount=formatLang(self.env, self._amount(), currency_obj=self.currency_id),
        )
        if self.leaves_policy:
            sentence += " " + self.env._("It leaves the sales policy.")
        return sentence

    def _parts_gate_amount(self):
        company = self.company_id
        return (
            self.currency_id._convert(
                self._amount(),
                company.currency_id,
                company,
                self.date_submitted or fields.Date.context_today(self),
            ),
            company.currency_id,
        )

    def _parts_gate_further_steps(self, block):
        """Who is not of the sales office has it answer first."""
        steps = super()._parts_gate_further_steps(block)
        if self.env.user.has_group(f"{PREFIX}sales_office"):
            return steps
        office = self.env.ref(f"{PREFIX}sales_office")
        return [*steps, {"sequence": FIRST, "group_id": office.id, "voices": 1}]

    # === ACTIONS === #

    def action_make_contract(self):
        """Draw up the contract that was declared, and open it.

        :raises UserError: before it is approved
        """
        self.ensure_one()
        if self.state != "approved":
            raise UserError(self.env._("%s is not approved.", self.name))
        contract = self.env["parts.contract"].create(self._prepare_contract_vals())
        order = self.order_id
        if order.state in ("draft", "sent") and not order.parts_contract_id:
            order.parts_contract_id = contract
        return self._open_contracts(contract)

    def action_view_contracts(self):
        """Open the contracts made from this declaration."""
        self.ensure_one()
        return self._open_contracts(self.version_ids.contract_id)

    def _open_contracts(self, contracts):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Contracts"),
            "res_model": "parts.contract",
            "view_mode": "list,form",
            "domain": [("id", "in", contracts.ids)],
        }
        if len(contracts) == 1:
            action |= {"view_mode": "form", "res_id": contracts.id}
        return action

    def _prepare_contract_vals(self):
        """Return values of a contract for exactly what was declared."""
        self.ensure_one()
        vals = {
            "kind": self.kind,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "user_id": self.user_id.id,
            "declaration_id": self.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "payment_term_id": self.payment_term_id.id,
            "credit_amount": self.credit_amount,
            "line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "quantity": line.quantity,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "tax_ids": [Command.set(self._taxes(line).ids)],
                    }
                )
                for line in self.line_ids
            ],
        }
        if self.kind == "framework":
            vals["amount_total"] = self.volume
        return vals

    def _taxes(self, line):
        """Return the taxes that an order of this customer would have."""
        return self.env["parts.contract.line"]._taxes_for(
            line.product_id, self.partner_id, self.company_id
        )

    # === BUSINESS METHODS === #

    def _answer_rows(self):
        """Return the rows of the printed declaration: who answered what, and why.

        :rtype: list[dict]
        """
        self.ensure_one()
        contracts = self.env["parts.contract"]
        # as superuser: the sheet names every answer, whoever prints it
        requests = self.sudo().parts_approval_ids.sorted("id")
        return [row for one in requests for row in contracts._request_rows(one)]

    @api.model
    def _prepare_from_order(self, order):
        """Return values of a declaration for what ``order`` offers."""
        return {
            "kind": "single",
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "user_id": order.user_id.id,
            "order_id": order.id,
            "payment_term_id": order.payment_term_id.id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "quantity": line.product_uom_qty,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                    }
                )
                for line in order.order_line
                if not line.display_type and line.product_id
            ],
        }
