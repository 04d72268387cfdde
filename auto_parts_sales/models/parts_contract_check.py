from odoo import api, fields, models
from odoo.tools.misc import format_date

NEEDED, INSIDE = "contract_needed", "contract_deviation"
# Which function answers for which deviation of an order
FUNCTIONS = {
    "contract_price": "sales_director",
    "contract_goods": "sales_director",
    "contract_volume": "finance",
    "contract_terms": "finance",
    "contract_credit": "finance",
}


class PartsContractCheck(models.AbstractModel):
    """Contracts at the gate ``confirm`` (CON-2, CON-4, CON-10).

    That a contract is missing, or not in force, is waived by nothing. What leaves the
    contract's terms goes to the functions that answer for it; an order inside them
    passes with a review recorded as automatic (CON-3).
    """

    _name = "parts.contract.check"
    _description = "Contract Check"

    # === CONFIRM === #

    @api.model
    def _order_blocks(self, orders):
        """Return the contract's blocks of ``orders``, as superuser, each judged with
        the earlier ones counted.
        """
        orders = orders.filtered("company_id.parts_contract_control")
        blocks = []
        for order in orders.sorted("id"):
            contract = order.parts_contract_id
            missing = self._missing(order)
            if missing:
                blocks.append(order._parts_gate_block(NEEDED, False, missing))
            elif contract:
                before = orders.filtered(
                    lambda one, order=order: (
                        one.id < order.id
                        and one.parts_contract_id == order.parts_contract_id
                    )
                )
                blocks += self._deviation_blocks(order, contract, before)
        return blocks

    @api.model
    def _missing(self, order):
        """Return why no effective contract covers ``order``, or False if one does or
        none is needed.
        """
        contract = order.parts_contract_id
        if contract:
            return self._unfit(order, contract)
        need = self.env["parts.contract.need"]._of_order(order)
        if not need.needs_contract:
            return False
        return self.env._(
            "This sale needs a written contract (“%(rule)s”), and the order names none:"
            " draw one up from the quotation, or choose a contract in force.",
            rule=need.name,
        )

    @api.model
    def _unfit(self, order, contract):
        """Return why ``contract`` does not cover ``order``, or False."""
        today = fields.Date.context_today(self)
        name = contract.name
        if contract.company_id != order.company_id:
            return self.env._("Contract %s is of another company.", name)
        # who is invoiced owes it: a contract of who merely orders binds him to nothing
        debtor = order.partner_invoice_id.commercial_partner_id
        if contract.commercial_partner_id != debtor:
            return self.env._("Contract %s is with another customer.", name)
        if contract.currency_id != order.currency_id:
            return self.env._(
                "Contract %(contract)s is in %(currency)s: the order has to be, too.",
                contract=name,
                currency=contract.currency_id.name,
            )
        if contract.state != "effective":
            states = dict(contract._fields["state"]._description_selection(self.env))
            return self.env._(
                "Contract %(contract)s is not in force (%(state)s): the order waits for"
                " it.",
                contract=name,
                state=states[contract.state],
            )
        if not contract._is_within_term(today):
            return self.env._(
                "The term of contract %(contract)s does not cover today (%(start)s –"
                " %(end)s): amend it, or draw up another.",
                contract=name,
                start=format_date(self.env, contract._term()[0]),
                end=format_date(self.env, contract._term()[1])
                if contract._term()[1]
                else "",
            )
        return False

    # === INSIDE THE CONTRACT === #

    @api.model
    def _deviation_blocks(self, order, contract, before):
        deviations = self.env["parts.contract.inside"]._deviations(
            order, contract, before
        )
        if not deviations:
            return []
        facts = {name: (value, "up") for name, (value, _text) in deviations.items()}
        block = order._parts_gate_block(
            INSIDE,
            "order",
            self.env._(
                "The order leaves contract %(contract)s: %(what)s",
                contract=contract.name,
                what=" ".join(text for _value, text in deviations.values()),
            ),
            **facts,
            contract_id=(contract.id, "any"),
        )
        for name in facts:
            block["facts"][name]["may_go"] = True
        return [block]

    @api.model
    def _further_steps(self, order, block, steps):
        """Return steps for the functions that answer for what ``block`` names, beyond
        ``steps``.
        """
        if block["key"] != INSIDE:
            return []
        taken = {step.get("group_id") for step in steps}
        roles = [role for what, role in FUNCTIONS.items() if what in block["facts"]]
        first = min((step["sequence"] for step in steps), default=10)
        further = []
        for role in dict.fromkeys(roles):
            group = self.env.ref(f"auto_parts_sales.group_parts_{role}")
            if group.id not in taken:
                further.append({"sequence": first, "group_id": group.id, "voices": 1})
        return further

    @api.model
    def _labels(self):
        return {
            "contract_price": self.env._("Prices beside the contract (%)"),
            "contract_goods": self.env._("Goods beside the contract"),
            "contract_volume": self.env._("Beyond the contract's amount"),
            "contract_terms": self.env._("Payment terms beside the contract"),
            "contract_credit": self.env._("Beyond the contract's credit"),
            "contract_id": self.env._("Contract"),
        }

    @api.model
    def _passed(self, orders, used):
        """Record the review of ``orders``, which passed the gate inside their contract,
        as automatic, as superuser.

        :param used: the approvals that let orders pass; one about the contract tells
            that the order leaves it
        """
        left = used.filtered(lambda approval: approval.block_key == INSIDE)
        inside = orders.filtered(
            lambda order: (
                order.parts_contract_id
                and order.company_id.parts_contract_control
                and order.id not in left.mapped("res_id")
            )
        )
        self.env["parts.contract.review"]._record_orders(inside)
