from odoo import api, fields, models

# What a price may differ by without being another one: discounts have two digits
SAME = 1e-4


class PartsPriceVerdict(models.AbstractModel):
    """Which lines of an order lie inside whose price authority (QUO-4).

    Worked out from quantity, price, discount, taxes and unit of the lines, never from
    stored totals. Negative lines, such as global discounts, are spread over the goods
    by their value: they lower the price of each. A *case* is one line being judged::

        {
            "key": 42,                  # id of the line
            "product", "uom", "quantity", "attributes",
            "net": 85.0,                # before taxes, for one, after its share of
                                        # negative lines, in the order's currency
            "yardstick": 100.0,         # the price in force; None: there is none
            "source": "Wholesale",      # what gave it
            "cost": 60.0, "market": None, "observation": None,
            "delivery": False,
            "self_priced": False,       # list price set by who gives the price
            "authors": res.users,       # whose bands must cover it
            "inside": False,            # whether they do
            "people": {},               # who decides as which holder, as far as asked
        }
    """

    _name = "parts.price.verdict"
    _description = "Verdict on Prices"

    # === FACTS === #

    @api.model
    def _terms(self, order, typed=None):
        """Return the facts that the prices of ``order`` are, comparable, ids for
        records.

        :param typed: lines that are being typed, which the order may not have yet
        """
        lines = self._lines(order, typed)
        return {
            "customer_id": order.partner_invoice_id.commercial_partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "lines": {line.id: self._line_terms(line) for line in lines},
        }

    @api.model
    def _lines(self, order, typed=None):
        """Return what is judged of ``order``: its lines, as ``typed`` has them."""
        lines = order.order_line
        if typed:
            typed = typed.filtered(lambda line: line.order_id == order).sudo()
            lines = (
                lines.filtered(
                    lambda line: not line._origin or line._origin not in typed._origin
                )
                | typed
            )
        return lines.filtered(lambda line: not line.display_type)

    @api.model
    def _line_terms(self, line):
        rewarded = "reward_id" in line._fields
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "tax_ids": tuple(line.tax_ids.ids),
            "quantity": self._quantity(line),
            "price_unit": line.price_unit,
            "discount": line.discount,
            "is_downpayment": line.is_downpayment,
            "is_delivery": line.is_delivery,
            "combo_item_id": line.combo_item_id.id,
            "linked_line_id": line.linked_line_id.id,
            "attribute_ids": tuple(line.product_no_variant_attribute_value_ids.ids),
            "reward_id": rewarded and line.reward_id.id,
            "coupon_id": rewarded and line.coupon_id.id,
        }

    @api.model
    def _quantity(self, line):
        """Return the quantity that counts: what is taken off may be delivered without
        having been ordered.
        """
        ordered = line.product_uom_qty
        delivered = line.qty_delivered if line.state == "sale" else 0.0
        if line.price_unit < 0:
            return max(ordered, delivered)
        return min(ordered, delivered) if min(ordered, delivered) < 0 else ordered

    # === JUDGING === #

    @api.model
    def _judge(self, orders, typed=None):
        """Return ``{order: cases}`` of ``orders``, in a constant number of queries.

        :param typed: see :meth:`_terms`
        """
        orders = orders.sudo()
        lines = orders.order_line.browse().union(
            *(self._lines(order, typed) for order in orders)
        )
        authors = self._authors(lines)
        return {
            order: self._judge_terms(order, self._terms(order, typed), authors)
            for order in orders
        }

    @api.model
    def _judge_terms(self, order, terms, authors):
        """Return the judged cases of ``terms`` (see :meth:`_terms`) of ``order``.

        :param dict authors: ``{id of a line: user who gave its price}``; lines that are
            not in it are the present user's
        """
        company = order.company_id or self.env.company
        currency = self.env["res.currency"].sudo().browse(terms["currency_id"])
        customer = self.env["res.partner"].sudo().browse(terms["customer_id"])
        currency = currency or company.currency_id
        cases = self._cases(order, company, currency, terms, authors)
        if not cases:
            return []
        yardstick = self.env["parts.price.yardstick"]
        yardstick._price(company, currency, customer, cases)
        people = {}
        for case in cases:
            case["currency"], case["company"] = currency, company
            case["people"] = people
        self.env["parts.price.change"]._mark_self_priced(cases)
        self.env["parts.price.combo"]._spread(currency, cases)
        today = fields.Date.context_today(self)
        bands = self.env["parts.price.band"]._in_force(company, today)
        for case in cases:
            case["inside"] = self._is_in_force(case) or all(
                self._covers(bands, author, case) for author in case["authors"]
            )
            case["bands"] = bands
        return cases

    @api.model
    def _authors(self, lines):
        """Return ``{id of a line: who gave its price}``.

        Of an order that is being typed, the present user gives what he has changed.
        """
        stored = self.env["parts.price.author"]._of(lines._origin)
        authors = {}
        for line in lines:
            if isinstance(line.id, int):
                authors[line.id] = stored[line.id]
            elif line._origin and (
                self._line_terms(line) == self._line_terms(line._origin)
            ):
                authors[line.id] = stored[line._origin.id]
            else:
                authors[line.id] = self.env.user
        return authors

    @api.model
    def _cases(self, order, company, currency, terms, authors):
        yardstick = self.env["parts.price.yardstick"]
        taxes = self.env["account.tax"].sudo()
        ids = {line["product_id"] for line in terms["lines"].values()} - {False}
        products = self.env["product.product"].sudo().browse(ids)
        cases, off, off_authors = [], 0.0, self.env["res.users"]
        freight = self._freight(terms)
        promotions = self.env["parts.price.promotion"]._keys(order, company, terms)
        for key, line in terms["lines"].items():
            product = products.browse(line["product_id"]).with_prefetch(products.ids)
            price = line["price_unit"] * (1.0 - (line["discount"] or 0.0) / 100.0)
            net = yardstick._untaxed(price, taxes.browse(line["tax_ids"]), product)
            author = authors.get(key, self.env.user)
            if key in promotions or (line["is_downpayment"] and not line["quantity"]):
                continue
            if net * line["quantity"] < 0:
                off += net * line["quantity"]
                off_authors |= author
            elif product:
                cases.append(self._case(key, line, product, net, author, freight))
        goods = [case for case in cases if not case["delivery"]]
        value = sum(case["net"] * case["quantity"] for case in goods)
        if off:
            kept = max(1.0 + off / value, 0.0) if value else 0.0
            for case in goods:
                case["net"] *= kept
                case["authors"] |= off_authors
        return cases

    @api.model
    def _case(self, key, line, product, net, author, freight):
        attributes = self.env["product.template.attribute.value"].sudo()
        uom = self.env["uom.uom"].sudo().browse(line["product_uom_id"])
        attribute_ids = line["attribute_ids"]
        return {
            "key": key,
            "product": product,
            "uom": uom or product.uom_id,
            "quantity": line["quantity"],
            "attributes": self._choices(product, attributes.browse(attribute_ids)),
            "net": net,
            "delivery": line["is_delivery"] and product.id in freight,
            "combo_item_id": line["combo_item_id"],
            "linked_line_id": line["linked_line_id"],
            "authors": author,
        }

    @api.model
    def _choices(self, product, values):
        """Return those of ``values`` that a customer can choose of ``product``: what
        makes another variant, or a second choice of the same kind, gives no price.
        """
        chosen = values.browse()
        for value in values:
            attribute = value.attribute_id
            if (
                value.product_tmpl_id == product.product_tmpl_id
                and attribute.create_variant == "no_variant"
                and value.ptav_active
                and (
                    attribute.display_type == "multi"
                    or value.attribute_line_id not in chosen.attribute_line_id
                )
            ):
                chosen |= value
        return chosen

    @api.model
    def _freight(self, terms):
        """Return the ids of products that a carrier's price is booked on: the flag on
        the line alone can be written by anybody.
        """
        ids = {
            line["product_id"]
            for line in terms["lines"].values()
            if line["is_delivery"]
        }
        if not ids:
            return set()
        carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
        return set(carriers.search([("product_id", "in", list(ids))]).product_id.ids)

    # === MEASURES === #

    @api.model
    def _is_in_force(self, case):
        """Return whether a line is sold at the price in force, which needs no band."""
        if case["delivery"]:
            return case["net"] >= case["cost"] * (1 - SAME)
        if case["yardstick"] is None:
            return abs(case["net"]) < 1e-6
        if case["self_priced"]:
            return False  # nobody's own new price is in force for himself
        return abs(case["net"] - case["yardstick"]) <= self._same(case)

    @api.model
    def _same(self, case):
        return abs(case["yardstick"] or 0.0) * SAME + 1e-6

    @api.model
    def _percent(self, case):
        """Return by how many per cent a line is below (negative: above) the price in
        force; None where there is none.
        """
        if not case["yardstick"] or case["delivery"]:
            return None
        return (case["yardstick"] - case["net"]) / case["yardstick"] * 100.0

    @api.model
    def _margin(self, case):
        """Return the margin of a line in per cent of its price before taxes."""
        net, cost = case["net"], case["cost"]
        if net > 0:
            return (net - cost) / net * 100.0
        return -1e6 if cost > 0 else 100.0

    @api.model
    def _allows_price(self, band, case):
        """Return whether ``band`` allows the price of a line, its margin aside."""
        percent = self._percent(case)
        if percent is None:
            return True
        slack = SAME * 100.0
        if percent < 0:
            return -percent <= band.percent_above + slack
        if percent <= band.percent_below + slack:
            return True
        market = case["market"]
        return bool(
            band.follow_market
            and market is not None
            # nobody widens his own band by what he says that he saw
            and case["observation"].user_id not in case["authors"]
            and case["net"] >= market * (1 - SAME)
        )

    @api.model
    def _allows_margin(self, band, case):
        percent = self._percent(case)
        if case["self_priced"]:
            if case["cost"] <= 0:
                return False  # of a new part nobody knows the margin yet
        elif percent is not None and percent < 0:
            return True
        return self._margin(case) >= band.margin_min - 0.005

    @api.model
    def _chain_allows(self, bands, band, case):
        chain = bands.browse(band._chain_ids())
        return all(
            link._is_for(case["product"])
            and self._allows_price(link, case)
            and self._allows_margin(link, case)
            for link in chain
        )

    # === HOLDERS === #

    @api.model
    def _bands_of(self, bands, holder, product):
        """Return those bands of a holder (group or user) that count for ``product``:
        those that name it most exactly.
        """
        name = "user_id" if holder._name == "res.users" else "group_id"
        own = bands.filtered(
            lambda band: band[name] == holder and band._is_for(product)
        )
        best = max((band._precision() for band in own), default=None)
        return own.filtered(lambda band: band._precision() == best)

    @api.model
    def _bands_for(self, bands, user, product):
        """Return the bands by which ``user`` sells ``product``: his own, else those of
        his roles.
        """
        own = self._bands_of(bands, user, product)
        if own:
            return own
        groups = bands.group_id & user.sudo().all_group_ids
        own = [self._bands_of(bands, group, product) for group in groups]
        return bands.browse().union(*own)

    @api.model
    def _covers(self, bands, user, case):
        if not self.env["parts.price.author"]._is_person(user):
            return False
        return any(
            self._chain_allows(bands, band, case)
            for band in self._bands_for(bands, user, case["product"])
        )

    @api.model
    def _holder_covers(self, bands, holder, case):
        return any(
            self._chain_allows(bands, band, case)
            for band in self._bands_of(bands, holder, case["product"])
        )

    @api.model
    def _next_holder(self, company, cases, barred):
        """Return who decides next about all of ``cases``: a group or users whose own
        band covers them, the smallest authority first; an empty recordset of users:
        the price committee.
        """
        users = self.env["res.users"].sudo()
        if not cases:
            return users
        bands = cases[0]["bands"]
        holders = []
        for holder in [*bands.group_id, *bands.user_id]:
            own = bands.filtered(
                lambda band, holder=holder: holder in (band.group_id, band.user_id)
            )
            if not all(self._holder_covers(bands, holder, case) for case in cases):
                continue
            if self._people_of(holder, company, cases) - barred:
                rank = (-max(band._depth() for band in own), self._width(own))
                holders.append((rank, holder))
        if not holders:
            return users
        holders.sort(key=lambda row: (row[0], row[1]._name, row[1].id))
        return holders[0][1]

    @api.model
    def _people_of(self, holder, company, cases):
        """Return who decides about ``cases`` as ``holder`` (group or user): not who
        has a role only because he has all rights, nor whose own band is too narrow.
        """
        known = cases[0]["people"]
        if holder not in known:
            people = holder
            if holder._name != "res.users":
                steps = self.env["parts.approval.rule.step"]
                people = steps._by_right(holder.all_user_ids, holder)
            known[holder] = people.filtered(
                lambda user: (
                    user.active and not user.share and company in user.company_ids
                )
            )
        return known[holder] - self._narrow(holder, known[holder], cases)

    @api.model
    def _narrow(self, holder, people, cases):
        """Return those of ``people`` whose own band does not cover all of ``cases``,
        though the role's does.
        """
        bands = cases[0]["bands"]
        if holder._name == "res.users":
            return people.browse()
        return (people & bands.user_id).filtered(
            lambda user: not all(self._covers(bands, user, case) for case in cases)
        )

    @api.model
    def _width(self, bands):
        return max(band.percent_below for band in bands)

    @api.model
    def _holder_text(self, holder):
        """Return who decides next, as text, in the reader's language."""
        if holder:
            return holder.with_context(lang=self.env.lang).name
        return self.env._("Price committee")
