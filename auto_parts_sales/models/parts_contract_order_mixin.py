from odoo import api, fields, models

from .parts_contract_check import INSIDE


class PartsContractOrderMixin(models.AbstractModel):
    """A sales order that may hang on a contract (CON-2).

    What the order's gates ask is answered here for its contract; ``parts.contract.
    check`` works it out. It stands before Odoo's own order, whose methods it extends.
    """

    _name = "parts.contract.order.mixin"
    _inherit = ["parts.approval.gate.mixin"]
    _description = "Order under a Contract"

    parts_contract_id = fields.Many2one(
        comodel_name="parts.contract",
        string="Contract",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('state', '=', 'effective'), ('company_id', '=', company_id),"
        " ('commercial_partner_id', 'parent_of', partner_id)] if partner_id else []",
        help="The contract in force that the order hangs on: its prices and terms"
        " apply.",
    )
    parts_contract_note = fields.Char(
        string="About the Contract",
        compute="_compute_parts_contract_note",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("parts_contract_id", "state", "order_line.price_unit")
    @api.depends_context("lang")
    def _compute_parts_contract_note(self):
        for order in self:
            contract = order.parts_contract_id
            order.parts_contract_note = contract and contract._used_sentence()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        named = orders.filtered("parts_contract_id")
        if named:
            named._parts_check_contract_readable()
            self.env["parts.contract.order"]._take_over(named, vals_list)
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("parts_contract_id"):
            self._parts_check_contract_readable()
            drafts = self.filtered(lambda order: order.state in ("draft", "sent"))
            self.env["parts.contract.order"]._take_over(drafts, [vals])
        return result

    def _parts_check_contract_readable(self):
        """Refuse a contract that the user may not read: its prices and how far it is
        used are not for him.

        :raises AccessError: naming no figure of it
        """
        contracts = self.sudo().parts_contract_id.with_env(self.env)
        contracts.check_access("read")

    @api.onchange("parts_contract_id")
    def _onchange_parts_contract_id(self):
        if self.parts_contract_id and self.state in ("draft", "sent"):
            self.env["parts.contract.order"]._take_over(self, [{}])

    # === ACTIONS === #

    def action_parts_draw_contract(self):
        """Draw up a contract from this quotation: its lines, prices and terms.

        :return: window action with the new contract
        :raises AccessError: for who may not write the order or contracts
        :raises UserError: unless it is a quotation with goods and without a contract
        """
        self.ensure_one()
        self.check_access("write")
        contract = self.env["parts.contract.order"]._draw(self)
        return contract._notified_open()

    def action_parts_take_contract_prices(self):
        """Give the lines of a quotation the prices and terms of its contract."""
        self.check_access("write")
        drafts = self.filtered(lambda order: order.state in ("draft", "sent"))
        self.env["parts.contract.order"]._take_over(drafts, [{}])
        return True

    def action_parts_view_contract(self):
        """Open the contract that this order hangs on."""
        self.ensure_one()
        return self.parts_contract_id._notified_open()

    # === WHAT THE GATES ASK === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "confirm":
            blocks += self.env["parts.contract.check"]._order_blocks(self)
        return blocks

    def _parts_gate_further_steps(self, block):
        steps = super()._parts_gate_further_steps(block)
        if block["key"] != INSIDE:
            return steps
        rule = self.env["parts.approval.rule"]._find(self, block["kind"])
        return [*steps, *self._parts_contract_steps(block, rule, steps)]

    def _parts_contract_steps(self, block, rule, steps=()):
        """Return steps of the functions that answer for what leaves the contract,
        beyond those of ``rule`` and ``steps``.
        """
        own = rule.step_ids._prepare_approval_step_vals_list()
        check = self.env["parts.contract.check"]
        return check._further_steps(self, block, [*own, *steps])

    def _parts_gate_deciders_name(self, block, rule):
        deciders = super()._parts_gate_deciders_name(block, rule)
        if block["key"] != INSIDE:
            return deciders
        further = [step["group_id"] for step in self._parts_contract_steps(block, rule)]
        groups = self.env["res.groups"].sudo().browse(further)
        return " / ".join([deciders, *groups.mapped("name")])

    def _parts_gate_passed(self, gate, used):
        result = super()._parts_gate_passed(gate, used)
        if gate == "confirm":
            self.env["parts.contract.check"]._passed(self, used)
        return result

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.contract.check"]._labels()
        return {**super()._parts_gate_labels(), **labels}

    def _parts_contract_terms(self):
        """Return what the gate's terms have of the contract, without contract control
        nothing.
        """
        if not self.company_id.parts_contract_control:
            return {}
        return {"parts_contract_id": self.parts_contract_id.id}

    def _parts_contract_moved(self, before, after):
        """Return whether two terms of this order name different contracts, or what was
        written takes the order out of its contract, also where it claims no more.
        """
        if "parts_contract_id" not in after:
            return False
        if before.get("parts_contract_id") != after["parts_contract_id"]:
            return True
        return self.env["parts.contract.inside"]._is_moved(
            self, before["lines"], after["lines"]
        )

    # === TERMS AND PRICES OF THE CONTRACT === #

    def _compute_payment_term_id(self):
        result = super()._compute_payment_term_id()
        for order in self.filtered("parts_contract_id"):
            term = order.parts_contract_id.sudo().current_version_id._order_term()
            order.payment_term_id = term or order.payment_term_id
        return result

    def _compute_pricelist_id(self):
        result = super()._compute_pricelist_id()
        for order in self.filtered("parts_contract_id"):
            basis = order.parts_contract_id.sudo().pricelist_id
            if basis and order.state == "draft":
                order.pricelist_id = basis
        return result
