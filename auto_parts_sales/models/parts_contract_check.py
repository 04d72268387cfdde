from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.misc import format_date, formatLang

NEEDED, INSIDE, UNPAID = "contract_needed", "contract_deviation", "contract_instalment"
# Which function answers for which deviation of an order
FUNCTIONS = {
    "contract_price": "sales_director",
    "contract_goods": "sales_director",
    "contract_volume": "finance",
    "contract_terms": "finance",
    "contract_credit": "finance",
}
# Half a hundredth of a cent: prices are compared before rounding
SAME = 5e-5


class PartsContractCheck(models.AbstractModel):
    """Contracts at the gates ``confirm`` and ``ship`` (CON-2, CON-4, CON-10, ORD-3).

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
        customers = (order.partner_id | order.partner_invoice_id).commercial_partner_id
        if contract.commercial_partner_id not in customers:
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
        deviations = self._deviations(order, contract, before)
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
    def _deviations(self, order, contract, before):
        """Return ``{what: (by how much, sentence)}`` in which ``order`` leaves its
        contract.

        :param before: orders that are confirmed together with it, before it
        """
        found = {
            "contract_price": self._other_prices(order, contract),
            "contract_goods": self._other_goods(order, contract, before),
            "contract_volume": self._beyond_volume(order, contract, before),
            "contract_terms": self._other_terms(order, contract),
            "contract_credit": self._beyond_credit(order, contract, before),
        }
        return {name: value for name, value in found.items() if value}

    @api.model
    def _goods(self, order):
        """Return the lines of an order that a contract can name: no freight that a
        carrier's price is booked on, no down payment.
        """
        booked = order.order_line.filtered("is_delivery").product_id
        freight = booked.browse()
        if booked:
            carriers = self.env["delivery.carrier"].sudo()
            freight = (
                carriers.with_context(active_test=False)
                .search([("product_id", "in", booked.ids)])
                .product_id
            )
        return order.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line.is_downpayment
                and not (line.is_delivery and line.product_id in freight)
            )
        )

    @api.model
    def _other_prices(self, order, contract):
        wrong, worst = [], 0.0
        for line in self._goods(order):
            agreed = self.env["parts.contract.price"]._for_line(line)
            if agreed is None:
                continue
            price = line.price_unit * (1.0 - line.discount / 100.0)
            if not self._is_agreed(line, price, agreed):
                percent = abs(price - agreed) * 100.0 / agreed if agreed else 100.0
                worst = max(worst, percent)
                wrong.append(
                    self.env._(
                        "%(part)s at %(price)s instead of %(agreed)s",
                        part=line.product_id.display_name,
                        price=formatLang(
                            self.env, price, currency_obj=order.currency_id
                        ),
                        agreed=formatLang(
                            self.env, agreed, currency_obj=order.currency_id
                        ),
                    )
                )
        negative = sum(
            line.price_unit * line.product_uom_qty
            for line in order.order_line
            if not line.display_type
            and not line.is_downpayment
            and line.price_unit * line.product_uom_qty < 0
        )
        if negative:
            # a discount on the whole is one on each part
            worst = max(worst, 0.01)
            wrong.append(
                self.env._(
                    "%s off the whole",
                    formatLang(self.env, -negative, currency_obj=order.currency_id),
                )
            )
        if not wrong:
            return None
        return worst, self.env._("prices differ (%s).", ", ".join(wrong[:3]))

    @api.model
    def _is_agreed(self, line, price, agreed):
        """Return whether ``price`` is ``agreed``, or, of a single contract, that of
        any of its lines for the part.
        """
        contract = line.order_id.parts_contract_id
        prices = [agreed]
        if contract.kind == "single":
            uom = line.product_uom_id or line.product_id.uom_id
            for own in contract.line_ids:
                if own.product_id == line.product_id:
                    unit = own.product_uom_id or own.product_id.uom_id
                    prices.append(unit._compute_price(own._net_price(), uom))
        return any(abs(price - one) <= max(SAME, abs(one) * 1e-6) for one in prices)

    @api.model
    def _other_goods(self, order, contract, before):
        """A single contract names its goods and how many of them."""
        version = contract.current_version_id
        agreed = version.line_ids.filtered("product_id")
        if contract.kind == "framework" or not agreed:
            return None
        others = contract.order_ids.filtered(lambda one: one.state == "sale") - order
        ordered = self._quantities(self._goods(order))
        earlier = self._quantities((others | before).mapped(lambda o: self._goods(o)))
        promised = self._quantities(agreed)
        wrong, over = [], 0.0
        for product, quantity in ordered.items():
            total = quantity + earlier.get(product, 0.0)
            if product.uom_id.compare(total, promised.get(product, 0.0)) > 0:
                over += total - promised.get(product, 0.0)
                wrong.append(product.display_name)
        if not wrong:
            return None
        return over, self.env._(
            "more than, or other parts than it names (%s).", ", ".join(wrong[:3])
        )

    @api.model
    def _quantities(self, lines):
        """Return ``{product: quantity}`` of order or contract lines, in the product's
        own unit.
        """
        sums = {}
        for line in lines:
            quantity = (
                line.quantity if "quantity" in line._fields else line.product_uom_qty
            )
            product = line.product_id
            if line.product_uom_id:
                quantity = line.product_uom_id._compute_quantity(
                    quantity, product.uom_id, raise_if_failure=False
                )
            sums[product] = sums.get(product, 0.0) + quantity
        return sums

    @api.model
    def _beyond_volume(self, order, contract, before):
        """Worked out in company currency, both sides at the same rate."""
        company = contract.company_id
        exposure = self.env["parts.credit.exposure"]
        money = self.env["parts.contract.balance"]
        total = money._ordered(contract, without=order | before) + sum(
            exposure._order_total(one) for one in order | before
        )
        agreed = contract.currency_id._convert(
            contract.current_version_id._amounts()[1],
            company.currency_id,
            company,
            fields.Date.context_today(self),
        )
        over = total - agreed
        if float_compare(over, 0.01, precision_digits=6) <= 0:
            return None
        return over, self.env._(
            "the amount agreed is exceeded by %s.",
            formatLang(self.env, over, currency_obj=company.currency_id),
        )

    @api.model
    def _other_terms(self, order, contract):
        agreed = contract.current_version_id._order_term()
        if not agreed or order.payment_term_id == agreed:
            return None
        term_days = self.env["parts.contract.deviation"]._term_days
        days = term_days(order.payment_term_id) - term_days(agreed)
        if days <= 0:
            return None  # sooner is no deviation
        return days, self.env._(
            "its payment terms are %(agreed)s, not %(term)s.",
            agreed=agreed.name,
            term=order.payment_term_id.name,
        )

    @api.model
    def _beyond_credit(self, order, contract, before):
        """The credit that a framework agrees: what is owed under it at a time."""
        agreed = contract.current_version_id.credit_amount
        if not agreed:
            return None
        money = self.env["parts.contract.balance"]
        orders = contract.order_ids.filtered(lambda one: one.state == "sale")
        exposure = self.env["parts.credit.exposure"]
        company = contract.company_id
        claimed = money._in_currency(
            contract,
            company.currency_id,
            sum(exposure._order_total(one) for one in orders | before | order),
            fields.Date.context_today(self),
        )
        over = claimed - money._received(contract) - agreed
        if contract.currency_id.compare_amounts(over, 0.0) <= 0:
            return None
        return over, self.env._(
            "the credit agreed in it is exceeded by %s.",
            formatLang(self.env, over, currency_obj=contract.currency_id),
        )

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
    def _passed(self, orders):
        """Record the review of ``orders``, which passed the gate inside their contract,
        as automatic, as superuser.
        """
        inside = orders.filtered(
            lambda order: (
                order.parts_contract_id
                and order.company_id.parts_contract_control
                and not self._deviations(order, order.parts_contract_id, order.browse())
            )
        )
        self.env["parts.contract.review"]._record_orders(inside)

    # === SHIP === #

    @api.model
    def _picking_blocks(self, pickings):
        """Return the contract's blocks of transfers, as superuser."""
        blocks = []
        leaving = self.env["parts.delivery.leaving"]
        till = self.env["parts.credit.shipment"]._is_of_till
        for picking in pickings.filtered("company_id.parts_contract_control"):
            quantities = leaving._quantities(picking)
            if not quantities or till(picking):
                continue
            orders = leaving._orders(picking)
            messages = list(filter(None, map(self._undeliverable, orders)))
            if messages:
                blocks.append(
                    picking._parts_gate_block(NEEDED, False, " ".join(messages))
                )
                continue
            for order in orders:
                unpaid = self._unpaid(order)
                if unpaid:
                    blocks.append(self._unpaid_block(picking, order, unpaid))
            if not orders:
                blocks += self._no_order_blocks(picking, quantities)
        return blocks

    @api.model
    def _no_order_blocks(self, picking, quantities):
        """Return a block of goods that leave for a customer without any order, where a
        sale of their value would need a contract: a sample, a replacement.
        """
        partner = picking.partner_id.commercial_partner_id
        if not any(move.location_dest_id.usage == "customer" for move in quantities):
            return []
        company = picking.company_id
        value = sum(
            move.product_id.with_company(company).lst_price * quantity
            for move, quantity in quantities.items()
        )
        need = self.env["parts.contract.need"]._of_loose(company, partner, value)
        if not need.needs_contract:
            return []
        message = self.env._(
            "These goods leave without an order, and so without a contract: somebody"
            " has to approve it."
        )
        return [
            picking._parts_gate_block(
                "contract_no_order",
                "delivery",
                message,
                contract_value=(value, "up"),
                contract_receiver=(partner.display_name or "", "any"),
            )
        ]

    @api.model
    def _undeliverable(self, order):
        """Return why nothing of ``order`` may leave for want of a contract, or False.

        What was confirmed under a contract is still delivered after its term.
        """
        contract = order.parts_contract_id
        if contract:
            if contract.state in ("effective", "done"):
                return False
            states = dict(contract._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(order)s: contract %(contract)s is not in force (%(state)s), nothing"
                " leaves under it.",
                order=order.name,
                contract=contract.name,
                state=states[contract.state],
            )
        since = order.company_id.parts_contract_control_since
        if since and order.create_date < since:
            return False  # sold before contracts were asked for
        need = self.env["parts.contract.need"]._of_order(order)
        if not need.needs_contract:
            return False
        return self.env._(
            "%(order)s needs a written contract (“%(rule)s”), and names none.",
            order=order.name,
            rule=need.name,
        )

    @api.model
    def _unpaid(self, order):
        """Return what is missing of the instalments that are due before delivery, in
        the contract's currency; 0.0 if nothing is.
        """
        contract = order.parts_contract_id
        version = contract.current_version_id
        early = version.instalment_ids.filtered("before_delivery")
        if not early:
            return 0.0
        money = self.env["parts.contract.balance"]
        if contract.kind == "framework":
            exposure = self.env["parts.credit.exposure"]
            company = order.company_id
            total = money._in_currency(
                contract,
                company.currency_id,
                exposure._order_total(order),
                fields.Date.context_today(self),
            )
            agreed = sum(version.instalment_ids.mapped("amount")) or 1.0
            due = total * sum(early.mapped("amount")) / agreed
            received = money._received(contract, order)
        else:
            due = sum(early.mapped("amount"))
            received = money._received(contract)
        missing = contract.currency_id.round(due - received)
        return max(missing, 0.0)

    @api.model
    def _unpaid_block(self, picking, order, unpaid):
        contract = order.parts_contract_id
        message = self.env._(
            "%(contract)s: an instalment is due before goods leave, and %(amount)s of"
            " it has not come in.",
            contract=contract.name,
            amount=formatLang(self.env, unpaid, currency_obj=contract.currency_id),
        )
        return picking._parts_gate_block(
            f"{UNPAID}:{order.id}",
            "delivery",
            message,
            amount=unpaid,
            currency=contract.currency_id,
            contract_unpaid=(unpaid, "up"),
        )
