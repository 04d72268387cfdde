from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .parts_catalog_number import KIND_RANK

FIT_RANK = {"yes": 0, "depends": 1, "unknown": 2, False: 2, "no": 3}


class PartsCatalogFinder(models.AbstractModel):
    """The engine behind ``product.product.parts_find`` and the enquiry lines.

    It reads only. A hit is a dict with ``product_id`` (id), ``match`` (what matched),
    ``path`` (why, for people), ``number`` (as printed, or False) and ``exact`` (True
    if what was typed names the part completely, so that it may be chosen by itself).
    """

    _name = "parts.catalog.finder"
    _description = "Part Finder"

    # === MATCHING === #

    @api.model
    def _find_hits(self, query, limit=None):
        """Return the parts that a typed text may mean, best first.

        Exact numbers, then numbers that begin so, then internal reference, barcode
        and name. Record rules, the session's company and ``active`` hold.

        :param str query: number in any spelling, code, barcode or name
        :param int limit: most hits to return
        :return: list of hits, see the class
        """
        query = (query or "").strip()
        hits = {}
        for find in self._get_steps():
            rest = limit and limit - len(hits)
            if not query or (limit and rest <= 0):
                break
            for hit in find(query, list(hits), rest):
                hits.setdefault(hit["product_id"], hit)
        return list(hits.values())

    @api.model
    def _get_steps(self):
        """Return the look-ups in order of rank. Extend to find parts in more ways.

        Each is called with the text, the ids found so far and how many more are
        wanted (None: all), and returns hits.
        """
        return [
            self._find_by_number,
            self._find_by_number_prefix,
            self._find_by_code,
            self._find_by_barcode,
            self._find_by_name,
        ]

    @api.model
    def _find_by_number(self, query, found, limit, prefix=False):
        Number = self.env["parts.catalog.number"]
        key = Number._get_lookup_key(query)
        if not key:
            return []
        Product = self.env["product.product"]
        parts = Number._get_parts_sql(Product, key, prefix=prefix)
        products = self._search_products(Domain("id", "in", parts), found, limit)
        hits = [
            self._prepare_number_hit(product, number, query, prefix)
            for product, number in self._get_matching_numbers(products, key, prefix)
        ]
        return sorted(hits, key=lambda hit: KIND_RANK[hit["match"]])

    @api.model
    def _find_by_number_prefix(self, query, found, limit):
        return self._find_by_number(query, found, limit, prefix=True)

    @api.model
    def _find_by_code(self, query, found, limit):
        same = self._search_products(Domain("default_code", "=", query), found, limit)
        hits = [self._prepare_code_hit(product, exact=True) for product in same]
        rest = limit and limit - len(hits)
        if limit and rest <= 0:
            return hits
        like = self._search_products(
            Domain("default_code", "ilike", query), found + same.ids, rest
        )
        return hits + [self._prepare_code_hit(product, exact=False) for product in like]

    @api.model
    def _find_by_barcode(self, query, found, limit):
        products = self._search_products(Domain("barcode", "=", query), found, limit)
        path = self.env._("Barcode %(barcode)s", barcode=query)
        return [self._prepare_hit(p, "barcode", path, exact=True) for p in products]

    @api.model
    def _find_by_name(self, query, found, limit):
        products = self._search_products(Domain("name", "ilike", query), found, limit)
        path = self.env._("Name contains “%(text)s”", text=query)
        return [self._prepare_hit(product, "name", path) for product in products]

    @api.model
    def _find_by_vehicle(self, vehicle, limit):
        """Return hits for the parts listed for a vehicle."""
        fitments = SQL(
            "(SELECT product_tmpl_id FROM parts_catalog_fitment WHERE vehicle_id = %s)",
            vehicle.id,
        )
        self.env["parts.catalog.fitment"].flush_model(["product_tmpl_id", "vehicle_id"])
        products = self._search_products(
            Domain("product_tmpl_id", "in", fitments), [], limit
        )
        path = self.env._("Listed for %(vehicle)s", vehicle=vehicle.display_name)
        return [self._prepare_hit(product, "vehicle", path) for product in products]

    @api.model
    def _search_products(self, domain, found, limit):
        Product = self.env["product.product"]
        company = Domain(Product._check_company_domain(self.env.company))
        return Product.search(
            domain & company & Domain("id", "not in", found), limit=limit
        )

    @api.model
    def _get_matching_numbers(self, products, key, prefix):
        """Return pairs of product and the best of its numbers that match the key."""
        numbers_of = self.env["parts.catalog.number"]._get_numbers_of(products)
        for product in products:
            for number in numbers_of[product.id]:
                if number.key == key or (prefix and number.key.startswith(key)):
                    yield product, number
                    break

    # === HITS === #

    @api.model
    def _prepare_hit(self, product, match, path, number=False, exact=False):
        return {
            "product_id": product.id,
            "match": match,
            "path": path,
            "number": number,
            "exact": exact,
        }

    @api.model
    def _prepare_number_hit(self, product, number, query, prefix):
        kinds = dict(number._fields["kind"]._description_selection(self.env))
        values = {
            "kind": kinds[number.kind],
            "number": number.number,
            "owner": number._get_owner_name(),
            "query": query,
        }
        if prefix:
            path = self.env._(
                "%(kind)s %(number)s (%(owner)s) begins with “%(query)s”", **values
            )
        else:
            path = self.env._("%(kind)s %(number)s (%(owner)s)", **values)
        return self._prepare_hit(product, number.kind, path, number.number, not prefix)

    @api.model
    def _prepare_code_hit(self, product, exact):
        path = self.env._("Internal reference %(code)s", code=product.default_code)
        return self._prepare_hit(product, "code", path, exact=exact)

    # === OFFERS === #

    @api.model
    def _find(self, query=None, vehicle=None, partner=None, limit=80):
        """Do the work of ``product.product.parts_find``, on records."""
        vehicle = vehicle or self.env["parts.catalog.vehicle"]
        if query and query.strip():
            hits = self._find_hits(query, limit)
        elif vehicle:
            hits = self._find_by_vehicle(vehicle, limit)
        else:
            return []
        products = self.env["product.product"].browse(
            [hit["product_id"] for hit in hits]
        )
        fits = self.env["parts.catalog.fitment"]._get_fit(
            products.product_tmpl_id, vehicle
        )
        offers = self._get_offers(products, partner)
        for hit, product in zip(hits, products, strict=True):
            fit, condition = fits[product.product_tmpl_id.id]
            hit.update(fit=fit or "unknown", fit_condition=condition or False)
            hit.update(offers[product.id], display_name=product.display_name)
        return self._sort_by_fit(hits) if vehicle else hits

    @api.model
    def _sort_by_fit(self, hits):
        """Within hits of one kind, put first what fits; keep the order otherwise."""
        ranks = {}
        for hit in hits:
            ranks.setdefault((hit["match"], hit["exact"]), len(ranks))
        return sorted(
            hits,
            key=lambda hit: (
                ranks[hit["match"], hit["exact"]],
                FIT_RANK[hit["fit"]],
            ),
        )

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
        """Return price, stock and lead time of products.

        :return: dict of product id to a dict: ``price`` for one in the product's own
            unit, ``currency_id`` (id), ``free_qty`` in the product's own unit over
            the company's warehouses, ``lead_days`` (0 if some are free)
        """
        if not products:
            return {}
        pricelist = self._get_pricelist(partner)
        currency = pricelist.currency_id or self.env.company.currency_id
        prices = pricelist._get_products_price(
            products, quantity=1.0, currency=currency
        )
        return {
            product.id: {
                "price": prices[product.id],
                "currency_id": currency.id,
                "free_qty": product.free_qty,
                "lead_days": 0 if product.free_qty > 0 else int(product.sale_delay),
            }
            for product in products
        }
