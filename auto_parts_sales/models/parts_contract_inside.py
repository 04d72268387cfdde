from odoo import api, fields, models
from odoo.tools.misc import formatLang

# Half a hundredth of a cent: prices are compared before rounding
SAME = 5e-5
# What of a line makes the order another one under its contract, besides more of it
FIXED = ("product_id", "product_uom_id", "tax_ids", "price_unit", "discount")


class PartsContractInside(models.AbstractModel):
    """In what an order leaves its contract (CON-2, CON-3), as superuser.

    Amounts are in the contract's currency, worked out from lines: a stored total keeps
    what was written into it.
    """

    _name = "parts.contract.inside"
    _description = "Orders inside Their Contract"

    @api.model
    def _deviations(self, order, contract, before):
        """Return ``{what: (by how much, sentence)}`` in which ``order`` leaves its
        contract.

        :param before: orders that are confirmed together with it, before it
        """
        earlier = contract.order_ids.filtered(lambda one: one.state == "sale")
        earlier = (earlier | before) - order
        found = {
            "contract_price": self._other_prices(order, contract, earlier),
            "contract_goods": self._other_goods(order, contract, earlier),
            "contract_volume": self._beyond_volume(order, contract, earlier),
            "contract_terms": self._other_terms(order, contract),
            "contract_credit": self._beyond_credit(order, contract, earlier),
        }
        return {name: value for name, value in found.items() if value}

    @api.model
    def _is_moved(self, order, before, after):
        """Return whether what was written on a confirmed order takes it out of its
        contract: prices, goods, units, taxes, or more of them. Less of it does not.

        :param dict before: facts of the order's lines by id, as of ``_order_terms`` of
            ``parts.credit.exposure``
        :param dict after: likewise
        """
        touched = any(
            key not in before
            or line["quantity"] > before[key]["quantity"]
            or any(line[name] != before[key][name] for name in FIXED)
            for key, line in after.items()
        )
        contract = order.parts_contract_id
        if not touched or not contract:
            return False
        # what is not in force fixes no prices: nothing is changed under it
        return contract.state != "effective" or bool(
            self._deviations(order, contract, order.browse())
        )

    # === LINES === #

    @api.model
    def _is_deposit(self, line):
        """Return whether a line is a down payment: of that nothing is ordered. The
        mark alone can be written on goods, too.
        """
        return line.is_downpayment and not line.product_uom_qty

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
                and not self._is_deposit(line)
                and not (line.is_delivery and line.product_id in freight)
            )
        )

    @api.model
    def _quantity(self, line):
        """Return how much of an order or contract line, in its product's unit."""
        quantity = line.quantity if "quantity" in line._fields else line.product_uom_qty
        if not line.product_uom_id:
            return quantity
        return line.product_uom_id._compute_quantity(
            quantity, line.product_id.uom_id, round=False, raise_if_failure=False
        )

    @api.model
    def _quantities(self, lines):
        """Return ``{product: quantity}`` of order or contract lines, in the product's
        own unit.
        """
        sums = {}
        for line in lines:
            product = line.product_id
            sums[product] = sums.get(product, 0.0) + self._quantity(line)
        return sums

    # === PRICES === #

    @api.model
    def _other_prices(self, order, contract, earlier):
        goods = self._goods(order)
        found = [
            *(self._other_price(line) for line in goods),
            *self._too_many_at(goods, contract, earlier),
            self._off_the_whole(order),
        ]
        found = list(filter(None, found))
        if not found:
            return None
        worst = max(percent for percent, _sentence in found)
        sentences = dict.fromkeys(sentence for _percent, sentence in found)
        return worst, self.env._("prices differ (%s).", ", ".join([*sentences][:3]))

    @api.model
    def _other_price(self, line):
        """Return (per cent, sentence) if the price of a line is not the one agreed."""
        agreed = self.env["parts.contract.price"]._for_line(line)
        if agreed is None:
            return None
        price = line.price_unit * (1.0 - line.discount / 100.0)
        if self._is_agreed(line, price, agreed):
            return None
        percent = abs(price - agreed) * 100.0 / agreed if agreed else 100.0
        return percent, self.env._(
            "%(part)s at %(price)s instead of %(agreed)s",
            part=line.product_id.display_name,
            price=self._format(line, price),
            agreed=self._format(line, agreed),
        )

    @api.model
    def _format(self, line, amount):
        return formatLang(self.env, amount, currency_obj=line.order_id.currency_id)

    @api.model
    def _is_agreed(self, line, price, agreed):
        """Return whether ``price`` is ``agreed``, or, of a single contract, that of
        any of its lines for the part.
        """
        contract = line.order_id.parts_contract_id
        prices = [agreed]
        if contract.kind == "single":
            prices += [
                self._stated(own, line)
                for own in contract.line_ids
                if own.product_id == line.product_id
            ]
        return any(self._is_same(price, one) for one in prices)

    @api.model
    def _is_same(self, price, other):
        return abs(price - other) <= max(SAME, abs(other) * 1e-6)

    @api.model
    def _stated(self, own, line):
        """Return the price of contract line ``own`` for one unit of order line
        ``line``, with taxes as that line has them.
        """
        return self.env["parts.contract.price"]._stated(
            own, line.product_id, line.product_uom_id, line.tax_ids
        )

    @api.model
    def _too_many_at(self, goods, contract, earlier):
        """Return (per cent, sentence) of parts of which a single contract names several
        prices, and of which more is ordered at one of them than it names at it.
        """
        if contract.kind != "single":
            return []
        ordered = goods | earlier.mapped(lambda order: self._goods(order))
        found = []
        for line in goods:
            own = contract.line_ids.filtered(
                lambda one, line=line: one.product_id == line.product_id
            )
            stated = {one: self._stated(one, line) for one in own}
            if len({round(price, 6) for price in stated.values()}) < 2:
                continue
            price = line.price_unit * (1.0 - line.discount / 100.0)
            promised = sum(
                self._quantity(one) for one in own if self._is_same(price, stated[one])
            )
            taken = sum(
                self._quantity(one)
                for one in ordered
                if one.product_id == line.product_id and self._has_price(one, line)
            )
            if promised and line.product_id.uom_id.compare(taken, promised) > 0:
                highest = max(stated.values())
                found.append(
                    (
                        abs(highest - price) * 100.0 / highest if highest else 100.0,
                        self.env._(
                            "%(part)s at %(price)s for %(taken)s instead of"
                            " %(promised)s",
                            part=line.product_id.display_name,
                            price=self._format(line, price),
                            taken=f"{taken:g}",
                            promised=f"{promised:g}",
                        ),
                    )
                )
        return found

    @api.model
    def _has_price(self, line, other):
        """Return whether two order lines of one part have the same untaxed price."""
        untaxed = self.env["parts.contract.price"]._untaxed
        unit = line.product_id.uom_id
        prices = [
            one.product_uom_id._compute_price(
                untaxed(
                    one.price_unit * (1.0 - one.discount / 100.0),
                    one.tax_ids,
                    one.product_id,
                ),
                unit,
            )
            for one in (line, other)
        ]
        return self._is_same(*prices)

    @api.model
    def _off_the_whole(self, order):
        """Return (per cent, sentence) of what is taken off an order as a whole: a
        discount on the whole is one on each part.
        """
        negative = sum(
            line.price_unit * line.product_uom_qty
            for line in order.order_line
            if not line.display_type and line.price_unit * line.product_uom_qty < 0
        )
        if not negative:
            return None
        return 0.01, self.env._(
            "%s off the whole",
            formatLang(self.env, -negative, currency_obj=order.currency_id),
        )

    # === GOODS AND AMOUNTS === #

    @api.model
    def _other_goods(self, order, contract, earlier):
        """A single contract names its goods and how many of them."""
        agreed = contract.current_version_id.line_ids.filtered("product_id")
        if contract.kind == "framework" or not agreed:
            return None
        ordered = self._quantities(self._goods(order))
        taken = self._quantities(earlier.mapped(lambda one: self._goods(one)))
        promised = self._quantities(agreed)
        wrong, over = [], 0.0
        for product, quantity in ordered.items():
            total = quantity + taken.get(product, 0.0)
            if product.uom_id.compare(total, promised.get(product, 0.0)) > 0:
                over += total - promised.get(product, 0.0)
                wrong.append(product.display_name)
        if not wrong:
            return None
        return over, self.env._(
            "more than, or other parts than it names (%s).", ", ".join(wrong[:3])
        )

    @api.model
    def _amount(self, order, contract):
        """Return the total of an order, with taxes, in the contract's currency.

        An order in another one, which only a company without contract control
        confirms, counts at the rate of the day when the contract came into force.
        """
        taxes = self.env["account.tax"]
        terms = self.env["parts.credit.exposure"]._order_terms(order)
        lines = order.order_line.browse(terms["lines"])
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                None,
                partner_id=order.partner_id,
                currency_id=order.currency_id,
                product_id=line.product_id,
                product_uom_id=line.product_uom_id,
                tax_ids=line.tax_ids,
                quantity=terms["lines"][line.id]["quantity"],
                price_unit=line.price_unit,
                discount=line.discount,
            )
            for line in lines
        ]
        total = self.env["parts.credit.claim"]._lines_total(
            order.company_id, base_lines
        )
        if order.currency_id == contract.currency_id:
            return total
        return order.currency_id._convert(
            total,
            contract.currency_id,
            contract.company_id,
            contract.date_effective or fields.Date.context_today(self),
        )

    @api.model
    def _amount_of(self, orders, contract):
        return sum(self._amount(order, contract) for order in orders)

    @api.model
    def _beyond_volume(self, order, contract, earlier):
        agreed = contract.current_version_id._amounts()[1]
        orders, currency = earlier | order, contract.currency_id
        over = self._amount_of(orders, contract) - agreed
        # each order rounds by itself
        if currency.compare_amounts(over, currency.rounding * len(orders)) <= 0:
            return None
        return over, self.env._(
            "the amount agreed is exceeded by %s.",
            formatLang(self.env, over, currency_obj=contract.currency_id),
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
    def _beyond_credit(self, order, contract, earlier):
        """The credit that a framework agrees: what is owed under it at a time."""
        agreed = contract.current_version_id.credit_amount
        if not agreed:
            return None
        money = self.env["parts.contract.balance"]
        claimed = self._amount_of(earlier | order, contract)
        over = claimed - money._received(contract) - agreed
        if contract.currency_id.compare_amounts(over, 0.0) <= 0:
            return None
        return over, self.env._(
            "the credit agreed in it is exceeded by %s.",
            formatLang(self.env, over, currency_obj=contract.currency_id),
        )
