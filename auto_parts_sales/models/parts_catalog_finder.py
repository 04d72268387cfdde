from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import parts_catalog_lookup as ladder

FIT_RANK = {"yes": 0, "depends": 1, "unknown": 2, False: 2, "no": 3}
# Rungs whose matches rest on a number of the catalogue
BY_NUMBER = {
    ladder.ASKED,
    ladder.OTHER_MAKE,
    ladder.SUPERSEDED,
    ladder.INTERCHANGE,
    ladder.SHARED,
    ladder.PREFIX,
    ladder.INFIX,
    ladder.SIMILAR,
}


class PartsCatalogFinder(models.AbstractModel):
    """The engine behind ``product.product.parts_find`` and the enquiry lines.

    It reads only. A hit is a dict with ``product_id`` (id), ``match`` (what matched),
    ``path`` (why, for people), ``number`` (as printed, or False), ``exact`` (True if
    what was typed names the part completely, so that it may be chosen by itself) and
    ``rank`` (int: hits of the same rank matched in the same way).
    """

    _name = "parts.catalog.finder"
    _description = "Part Finder"

    # === MATCHING === #

    @api.model
    def _find_hits(self, query, limit=None, partner=None, make=None):
        """Return the parts that a typed text may mean, best first.

        In the order of the ladder, see ``parts.catalog.lookup``. Record rules, the
        session's company and ``active`` hold.

        :param str query: number in any spelling, code, barcode or name
        :param int limit: most hits to return
        :param partner: res.partner who asks, whose own codes count
        :param make: parts.catalog.make whose numbers come first
        :return: list of hits, see the class
        """
        Lookup = self.env["parts.catalog.lookup"]
        Product = self.env["product.product"]
        asked = Lookup._read_query(query, partner and partner.sudo(), make)
        self._fetch_companies()
        company = Domain(Product._check_company_domain(self.env.company))
        matches = Lookup._match(Product, asked, company, limit, fetch=["display_name"])
        if not matches:
            return []
        replaced = any(match.rung == ladder.SUPERSEDED for match in matches)
        successors = Lookup._get_successors(asked) if replaced else []
        number_of = self._get_numbers(matches)
        kinds = self._get_kinds()
        return [
            self._prepare_match_hit(match, asked, number_of, successors, kinds)
            for match in matches
        ]

    @api.model
    def _get_kinds(self):
        """Return the kinds of numbers as people read them: dict of kind to name."""
        kinds = self.env["parts.catalog.number"]._fields["kind"]
        return dict(kinds._description_selection(self.env))

    @api.model
    def _get_numbers(self, matches):
        """Return the numbers that the matches rest on, by id, read at once."""
        # As superuser: the part was read with the user's rules
        numbers = self.env["parts.catalog.number"].sudo()
        numbers = numbers.browse(m.ref for m in matches if m.rung in BY_NUMBER)
        numbers.fetch(["number", "kind", "make_id", "group_id", "brand_id"])
        return {number.id: number for number in numbers}

    @api.model
    def _fetch_companies(self):
        """Read what rules, prices and stock ask of companies, not all their fields."""
        self.env.companies.sudo().fetch(["parent_path", "currency_id"])

    @api.model
    def _find_by_vehicle(self, vehicle, limit):
        """Return hits for the parts listed for a vehicle."""
        products = self._get_vehicle_parts(vehicle, limit)
        path = self.env._("Listed for %(vehicle)s", vehicle=vehicle.display_name)
        return [self._prepare_hit(product, "vehicle", path) for product in products]

    @api.model
    def _get_vehicle_parts(
        self, vehicle, limit=None, offset=0, fetch=("display_name",)
    ):
        """Return the products listed for a vehicle, in their usual order.

        :param fetch: fields to read with them
        """
        self.env["parts.catalog.fitment"].flush_model(["product_tmpl_id", "vehicle_id"])
        fitments = SQL(
            "(SELECT product_tmpl_id FROM parts_catalog_fitment WHERE vehicle_id = %s)",
            vehicle.id,
        )
        self._fetch_companies()
        Product = self.env["product.product"]
        company = Domain(Product._check_company_domain(self.env.company))
        listed = Domain("product_tmpl_id", "in", fitments) & company
        return Product.search_fetch(listed, fetch, offset=offset, limit=limit)

    # === HITS === #

    @api.model
    def _prepare_hit(self, product, match, path, number=False, exact=False, rank=0):
        return {
            "product_id": product.id,
            "match": match,
            "path": path,
            "number": number,
            "exact": exact,
            "rank": rank,
            "ratio": 1.0,
        }

    @api.model
    def _prepare_match_hit(self, match, asked, number_of, successors, kinds):
        product = self.env["product.product"].browse(match.part_id)
        number = match.rung in BY_NUMBER and number_of.get(match.ref)
        kind, path = self._explain(match, asked, number_of, successors, kinds)
        printed = number.number if number else False
        hit = self._prepare_hit(
            product, kind, path, printed, match.exact, rank=match.rung
        )
        if match.rung == ladder.SUPERSEDED:
            hit["ratio"] = self._get_ratio(successors[int(match.word[:3])])
        return hit

    @api.model
    def _explain(self, match, asked, number_of, successors, kinds):
        """Return what matched, and why in a sentence.

        :param match: Match of the ladder, of a product.product
        :param asked: PartQuery
        :param dict number_of: see :meth:`_get_numbers`
        :param list successors: of ``parts.catalog.lookup._get_successors``
        :param dict kinds: see :meth:`_get_kinds`
        """
        number = number_of.get(match.ref) if match.rung in BY_NUMBER else None
        if not number:
            return self._explain_other(match, asked)
        values = {
            "kind": kinds[number.kind],
            "number": number.number,
            "owner": number._get_owner_name(),
            "query": asked.text,
        }
        return self._explain_number(match, number, successors, values)

    @api.model
    def _explain_number(self, match, number, successors, values):
        """Return what matched and why, for a match by a number.

        :param dict values: of the sentences
        """
        _ = self.env._
        if match.rung == ladder.SUPERSEDED:
            successor = successors[int(match.word[:3])]
            return "superseded", self._explain_successor(successor, values)
        if match.rung == ladder.SHARED:
            return "interchange", _(
                "Same %(kind)s %(number)s (%(owner)s) as “%(query)s”", **values
            )
        if match.rung == ladder.PREFIX:
            return number.kind, _(
                "%(kind)s %(number)s (%(owner)s) begins with “%(query)s”", **values
            )
        if match.rung == ladder.INFIX:
            return number.kind, _(
                "%(kind)s %(number)s (%(owner)s) contains “%(query)s”", **values
            )
        if match.rung == ladder.SIMILAR:
            return "similar", _(
                "Similar only: %(kind)s %(number)s (%(owner)s) looks like “%(query)s”",
                **values,
            )
        return number.kind, _("%(kind)s %(number)s (%(owner)s)", **values)

    @api.model
    def _explain_successor(self, successor, values):
        """Return in a sentence how a number came to stand for the one asked for.

        :param dict successor: of ``parts.catalog.supersession._get_successors``
        """
        _ = self.env._
        date = successor.get("date")
        old = successor.get("old_number") or values["query"]
        values = {**values, "old": old, "year": date.year if date else ""}
        if successor.get("direction") == "backward":
            told = _("%(number)s (%(owner)s) may be used for %(old)s, too", **values)
        elif successor.get("mode") == "and":
            told = _("%(number)s (%(owner)s) replaces part of %(old)s", **values)
        elif date:
            told = _("%(number)s (%(owner)s) replaces %(old)s since %(year)s", **values)
        else:
            told = _("%(number)s (%(owner)s) replaces %(old)s", **values)
        alternative = self.env["parts.catalog.alternative"]
        each = alternative._format_ratio(successor.get("ratio"))
        return f"{told}, {each}" if each else told

    @api.model
    def _get_ratio(self, successor):
        """Return how many of a part are taken for one of the number asked for.

        An old part for a new number is taken one for one: less might be too little.
        """
        forward = successor.get("direction") != "backward"
        return successor.get("ratio") or 1.0 if forward else 1.0

    @api.model
    def _explain_other(self, match, asked):
        """Return what matched and why, for a match by anything but a number."""
        _ = self.env._
        if match.rung == ladder.CUSTOMER_CODE:
            code = self.env["parts.catalog.customer.code"].sudo().browse(match.ref)
            return "customer_code", _(
                "%(partner)s calls it %(code)s",
                partner=code.partner_id.display_name,
                code=code.code,
            )
        if match.rung in (ladder.VENDOR_CODE, ladder.VENDOR_INFIX):
            seller = self.env["product.supplierinfo"].sudo().browse(match.ref)
            return "vendor_code", _(
                "Vendor code %(code)s (%(partner)s)",
                partner=seller.partner_id.display_name,
                code=seller.product_code or seller.product_name,
            )
        if match.rung == ladder.BARCODE:
            return "barcode", _("Barcode %(barcode)s", barcode=asked.text)
        if match.rung == ladder.NAME:
            return "name", _("Name contains “%(text)s”", text=asked.text)
        product = self.env["product.product"].browse(match.part_id)
        return "code", _("Internal reference %(code)s", code=product.default_code)

    # === OFFERS === #

    @api.model
    def _find(self, query=None, vehicle=None, partner=None, limit=80, facts=None):
        """Do the work of ``product.product.parts_find``, on records."""
        vehicle = vehicle or self.env["parts.catalog.vehicle"]
        if query and query.strip():
            hits = self._find_hits(query, limit, partner, vehicle.make_id)
        elif vehicle:
            hits = self._find_by_vehicle(vehicle, limit)
        else:
            return []
        products = self.env["product.product"].browse(
            [hit["product_id"] for hit in hits]
        )
        fits = self._get_fits(products, vehicle, facts)
        offers = self._get_offers(products, partner)
        for hit, product in zip(hits, products, strict=True):
            hit.update(fits[product.id], **offers[product.id])
        hits = self._sort_by_fit(hits) if vehicle else hits
        return self.env["parts.catalog.alternative"]._order_superseded(hits)

    @api.model
    def _get_fits(self, products, vehicle, facts=None):
        """Return whether products fit a vehicle: dict of product id to a dict.

        :param dict facts: what is known of the car, see ``utils.fit``
        :return: ``fit`` (``unknown`` without a vehicle), ``fit_condition`` and
            ``question`` (text or False), ``question_kind``, ``options`` (list of dicts
            ``value``, ``label``, ``facts``)
        """
        car = self.env["parts.catalog.car"]
        details = self.env["parts.catalog.fitment"]._get_fit_details(
            products.product_tmpl_id, vehicle, facts
        )
        fits = {
            id_: {
                "fit": detail["fit"] or "unknown",
                "fit_condition": detail["condition"] or False,
                "question": detail["question"],
                "question_kind": detail["question_kind"],
                "options": [
                    {**option, "facts": known}
                    for option, known in zip(
                        detail["options"],
                        car._get_option_facts(detail, vehicle),
                        strict=True,
                    )
                ],
            }
            for id_, detail in details.items()
        }
        return {product.id: fits[product.product_tmpl_id.id] for product in products}

    @api.model
    def _sort_by_fit(self, hits):
        """Within hits of one rank, put first what fits; keep the order otherwise."""
        return sorted(hits, key=lambda hit: (hit["rank"], FIT_RANK[hit["fit"]]))

    @api.model
    def _get_pricelist(self, partner=None):
        """Return the partner's pricelist, or the company's own; empty: list prices."""
        if partner:
            return partner.property_product_pricelist
        Pricelist = self.env["product.pricelist"]
        feature = "product.group_product_pricelist"
        if not self.env["res.groups"]._is_feature_enabled(feature):
            return Pricelist
        return Pricelist._get_country_pricelist_multi([False])[False]

    @api.model
    def _get_offers(self, products, partner=None):
        """Return what a clerk says of products: name, grade, price, stock, lead time.

        :return: dict of product id to a dict: ``display_name``, ``brand`` (name or
            False), ``grade``, ``grade_label``, ``uom`` (name), ``price`` for one in
            the product's own unit, ``currency_id`` (id), ``free_qty`` in the
            product's own unit over the company's warehouses, ``free_elsewhere``: of
            these, in other warehouses than the user's own, ``lead_days`` (0 if some
            are free)
        """
        if not products:
            return {}
        pricelist = self._get_pricelist(partner)
        currency = pricelist.currency_id or self.env.company.currency_id
        prices = pricelist._get_products_price(
            products, quantity=1.0, currency=currency
        )
        details = self._get_details(products)
        return {
            # one by one, but read together
            product.id: {
                "display_name": product.display_name,
                **details[product.id],
                "price": prices[product.id],
                "currency_id": currency.id,
            }
            for product in products
        }

    @api.model
    def _get_details(self, products, warehouse=None):
        """Return what is said of products apart from name and price, see above.

        :param warehouse: what is not free elsewhere; None: the user's own
        """
        elsewhere = self._get_free_elsewhere(products, warehouse)
        grades = dict(products._fields["parts_grade"]._description_selection(self.env))
        details = {}
        for product in products:
            # Read from the template itself: the fields that a product inherits are
            # computed one by one
            template = product.product_tmpl_id.sudo()
            free = product.free_qty
            details[product.id] = {
                "brand": template.parts_brand_id.name,
                "grade": template.parts_grade,
                "grade_label": grades.get(template.parts_grade, False),
                "uom": template.uom_id.name,
                "free_qty": free,
                "free_elsewhere": elsewhere.get(product.id, 0.0),
                "lead_days": 0 if free > 0 else int(template.sale_delay),
            }
        return details

    @api.model
    def _get_free_elsewhere(self, products, warehouse=None):
        """Return the free quantity in other warehouses: dict of id to number.

        No query of stock where the company has one warehouse.
        """
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", self.env.company.id)])
        )
        if len(warehouses) < 2:
            return {}
        others = warehouses - (warehouse or self.env.user._get_default_warehouse_id())
        rows = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("location_id.warehouse_id", "in", others.ids),
                    ("location_id.usage", "in", ("internal", "transit")),
                ],
                ["product_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        return {product.id: held - reserved for product, held, reserved in rows}

    # === CATALOGUE OF A QUOTATION === #

    @api.model
    def _get_cards(self, order, products, vehicle=None):
        """Return what the cards of an order's product catalogue say more.

        :param order: sale.order, in whose company and for whose warehouse
        :param products: product.product records of a page
        :param vehicle: parts.catalog.vehicle chosen there; None: the order's
        :return: dict of product id to a dict: ``vehicle`` (name or False), ``fit``
            (False without a vehicle), ``fit_label``, ``fit_condition``, ``question``,
            ``number`` (OE numbers, as printed on a line, or False), and the keys of
            :meth:`_get_details`; empty if the catalogue is. As many queries for a
            page as for a product.
        """
        numbers = self.env["parts.catalog.number"]
        if not products or not numbers._any_loaded():
            return {}
        vehicle = order.parts_vehicle_id if vehicle is None else vehicle
        fit_field = self.env["sale.order.line"]._fields["parts_fit"]
        labels = dict(fit_field._description_selection(self.env))
        fits = self._get_fits(products, vehicle)
        details = self._get_details(products, order.warehouse_id)
        cards = {}
        for product in products:
            card = {**fits[product.id], **details[product.id]}
            card["fit"] = card["fit"] if vehicle else False
            card["fit_label"] = labels.get(card["fit"], False)
            card["vehicle"] = vehicle.display_name if vehicle else False
            cards[product.id] = card
        for id_, found in numbers._get_numbers_of(products).items():
            printed = [number.number for number in found if number.kind == "oe"]
            cards[id_]["number"] = ", ".join(dict.fromkeys(printed[:3])) or False
        return cards
