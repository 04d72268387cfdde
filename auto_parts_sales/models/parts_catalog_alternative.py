import math

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.part_number import number_key
from .parts_catalog_brand import GRADES

RELATION_RANK = {"self": 0, "superseded": 1, "same_number": 2, "interchange": 3}
GRADE_RANK = {grade: rank for rank, (grade, _label) in enumerate(GRADES)}
# A part with hundreds of numbers is looked up by so many superseded ones
MOST_NUMBERS = 20
COST_GROUPS = ",".join(
    f"auto_parts_sales.group_parts_{role}"
    for role in (
        "sales_manager",
        "price_group",
        "finance",
        "supply_chain",
        "general_manager",
        "administrator",
    )
)


class PartsCatalogAlternative(models.AbstractModel):
    """What else can be sold for a part, side by side (CAT-5), and which old number a
    part replaces (CAT-2). It reads only."""

    _name = "parts.catalog.alternative"
    _description = "Alternatives of a Part"

    # === WHICH PARTS === #

    @api.model
    def _get_alternatives(
        self, product, vehicle=None, partner=None, facts=None, quantity=1.0
    ):
        """Do the work of ``product.product.parts_alternatives``, on records.

        :param float quantity: asked of ``product``, in its own unit
        """
        number = self.env["parts.catalog.number"]
        if not product or not number._any_loaded():
            return []
        number.flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        related = self._find_superseding(product)
        for product_id, relation in self._find_sharing(product).items():
            related.setdefault(product_id, relation)
        found = self.env["product.product"].search(
            Domain("id", "in", list(related))
            & Domain("product_tmpl_id", "!=", product.product_tmpl_id.id)
            & Domain(product._check_company_domain(self.env.company))
        )
        if not found:
            return []
        related[product.id] = {
            "relation": "self",
            "numbers": self._get_own_numbers(product),
        }
        items = self._prepare_all(product + found, related, vehicle, partner, facts)
        for item in items:
            item["quantity"] = self._get_item_quantity(item, product, quantity)
        return items

    @api.model
    def _get_item_quantity(self, item, product, quantity):
        """Return how many of an alternative do what so many of ``product`` do."""
        other = product.browse(item["product_id"])
        if product.uom_id._has_common_reference(other.uom_id):
            quantity = product.uom_id._compute_quantity(quantity, other.uom_id)
        forward = item.get("direction") == "forward"
        return self._scale(quantity, item["ratio"]) if forward else quantity

    @api.model
    def _find_sharing(self, product):
        """Return products with an equal number of the same giver.

        :return: dict of product id to ``relation`` and ``numbers``; equal OE numbers
            count more than numbers listed for interchange
        """
        space = self.env["parts.catalog.supersession"]._get_space_sql
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, o.number, n.kind = 'oe' AND o.kind = 'oe'
                  FROM parts_catalog_number n
             LEFT JOIN parts_catalog_make m ON m.id = n.make_id
                  JOIN parts_catalog_number o
                    ON o.key = n.key AND o.product_tmpl_id <> n.product_tmpl_id
             LEFT JOIN parts_catalog_make om ON om.id = o.make_id
                  JOIN product_product p
                    ON p.product_tmpl_id = o.product_tmpl_id
                   AND (o.product_id IS NULL OR o.product_id = p.id)
                 WHERE n.product_tmpl_id = %(template)s
                   AND (n.product_id IS NULL OR n.product_id = %(product)s)
                   AND %(own)s = %(other)s
                 ORDER BY o.id
                """,
                template=product.product_tmpl_id.id,
                product=product.id,
                own=space("n", "m"),
                other=space("o", "om"),
            )
        )
        related = {}
        for product_id, number, same in rows:
            relation = related.setdefault(
                product_id, {"relation": "interchange", "numbers": []}
            )
            if same:
                relation["relation"] = "same_number"
            if number not in relation["numbers"]:
                relation["numbers"].append(number)
        return related

    @api.model
    def _find_superseding(self, product):
        """Return products under numbers that may be sold for the product's own ones.

        :return: dict of product id to ``relation``, ``numbers`` and what is known of
            the supersession
        """
        supersession = self.env["parts.catalog.supersession"]
        related = {}
        if not supersession._any_loaded():
            return related
        for key, space in self._get_superseded_keys(product):
            for row in supersession._get_successors(key):
                row_space = self._get_row_space(row)
                if row_space != space:
                    continue
                for product_id in self._find_by_key(row["key"], space):
                    related.setdefault(
                        product_id,
                        {
                            "relation": "superseded",
                            "numbers": [row["number"]],
                            **{
                                name: row[name]
                                for name in (
                                    "old_number",
                                    "mode",
                                    "ratio",
                                    "date",
                                    "direction",
                                    "together",
                                )
                            },
                        },
                    )
        return related

    @api.model
    def _get_superseded_keys(self, product):
        """Return those of the product's numbers that a supersession speaks of."""
        space = self.env["parts.catalog.supersession"]._get_space_sql
        return self.env.execute_query(
            SQL(
                """
                SELECT n.key, %(space)s
                  FROM parts_catalog_number n
             LEFT JOIN parts_catalog_make m ON m.id = n.make_id
                 WHERE n.product_tmpl_id = %(template)s
                   AND (n.product_id IS NULL OR n.product_id = %(product)s)
                   AND (EXISTS (SELECT FROM parts_catalog_successor s
                                 WHERE s.old_key = n.key)
                        OR EXISTS (SELECT FROM parts_catalog_supersession b
                                    WHERE b.new_key = n.key AND b.two_way
                                          AND b.active))
                 ORDER BY n.id
                 LIMIT %(most)s
                """,
                template=product.product_tmpl_id.id,
                product=product.id,
                space=space("n", "m"),
                most=MOST_NUMBERS,
            )
        )

    @api.model
    def _get_row_space(self, row):
        """Return who gave the numbers of a row of ``_get_successors``, as a number."""
        if row["group_id"]:
            return row["group_id"] * 4
        return row["make_id"] * 4 + 1 if row["make_id"] else row["brand_id"] * 4 + 2

    @api.model
    def _find_by_key(self, key, space):
        """Return ids of products with a number, of the giver with this number."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.id
                  FROM parts_catalog_number n
             LEFT JOIN parts_catalog_make m ON m.id = n.make_id
                  JOIN product_product p
                    ON p.product_tmpl_id = n.product_tmpl_id
                   AND (n.product_id IS NULL OR n.product_id = p.id)
                 WHERE n.key = %s AND %s = %s
                """,
                key,
                self.env["parts.catalog.supersession"]._get_space_sql("n", "m"),
                space,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_own_numbers(self, product):
        numbers = self.env["parts.catalog.number"]._get_numbers_of(product)[product.id]
        return numbers.filtered(lambda number: number.kind == "oe").mapped("number")

    # === WHAT IS SAID OF THEM === #

    @api.model
    def _prepare_all(self, products, related, vehicle, partner, facts=None):
        finder = self.env["parts.catalog.finder"]
        offers = finder._get_offers(products, partner)
        fits = self.env["parts.catalog.fitment"]._get_fit(
            products.product_tmpl_id,
            vehicle or self.env["parts.catalog.vehicle"],
            facts,
        )
        free = self._get_free(products)
        incoming = self._get_incoming_dates(products)
        margins = self._get_margins(products, offers)
        rules = products._parts_get_supersession_rules()
        grades = dict(products._fields["parts_grade"]._description_selection(self.env))
        found = []
        for product in products:
            fit, condition = fits[product.product_tmpl_id.id]
            offer = offers[product.id]
            found.append(
                {
                    "product_id": product.id,
                    "display_name": product.display_name,
                    "brand": product.parts_brand_id.sudo().name,
                    "grade": product.parts_grade,
                    "grade_label": grades.get(product.parts_grade, False),
                    "price": offer["price"],
                    "currency_id": offer["currency_id"],
                    "free": free[product.id],
                    "free_qty": offer["free_qty"],
                    "lead_days": offer["lead_days"],
                    "incoming_date": incoming.get(product.id, False),
                    "warranty_months": product.parts_warranty_months,
                    "warranty_km": product.parts_warranty_km,
                    "fit": fit or "unknown",
                    "fit_condition": condition or False,
                    "rule": rules[product.id],
                    **related[product.id],
                    **margins.get(product.id, {}),
                }
            )
        return sorted(found, key=self._get_rank)

    @api.model
    def _get_rank(self, item):
        return (
            RELATION_RANK[item["relation"]],
            item.get("direction") == "backward",
            GRADE_RANK.get(item["grade"], len(GRADE_RANK)),
            item["free_qty"] <= 0,
            item["price"],
        )

    @api.model
    def _get_free(self, products):
        """Return free stock per warehouse of the company: the user's own, and others
        that hold some."""
        company = self.env.company
        own = self.env.user._get_default_warehouse_id()
        # As superuser: salespeople see how much is free, not where it lies.
        rows = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("location_id.usage", "=", "internal"),
                    ("location_id.warehouse_id.company_id", "=", company.id),
                ],
                ["product_id", "location_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        )
        held = {product.id: {own: 0.0} if own else {} for product in products}
        for product, location, quantity, reserved in rows:
            stock = held[product.id]
            warehouse = location.warehouse_id
            stock[warehouse] = stock.get(warehouse, 0.0) + quantity - reserved
        return {
            product_id: [
                {
                    "warehouse_id": warehouse.id,
                    "warehouse": warehouse.sudo().name,
                    "free_qty": free,
                }
                for warehouse, free in stock.items()
                if free or warehouse == own
            ]
            for product_id, stock in held.items()
        }

    @api.model
    def _get_incoming_dates(self, products):
        """Return the day on which the next goods are expected: product id to text."""
        rows = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("company_id", "=", self.env.company.id),
                    (
                        "state",
                        "in",
                        ("waiting", "confirmed", "partially_available", "assigned"),
                    ),
                    ("location_id.usage", "in", ("supplier", "production")),
                    ("location_dest_id.usage", "in", ("internal", "transit")),
                ],
                ["product_id"],
                ["date:min"],
            )
        )
        return {
            product.id: fields.Date.to_string(
                fields.Datetime.context_timestamp(product, day).date()
            )
            for product, day in rows
        }

    @api.model
    def _get_margins(self, products, offers):
        """Return what is earned on one at this price, for those who may see cost.

        :return: dict of product id to ``margin``: price before taxes less cost, in
            the currency of the price; empty for everybody else
        """
        if not self.env.user.has_groups(COST_GROUPS):
            return {}
        company = self.env.company
        margins = {}
        for product in products.sudo().with_company(company):
            offer = offers[product.id]
            currency = self.env["res.currency"].browse(offer["currency_id"])
            taxes = product.taxes_id._filter_taxes_by_company(company)
            price = taxes.compute_all(offer["price"], currency)["total_excluded"]
            cost = product.cost_currency_id._convert(
                product.standard_price, currency, company, round=False
            )
            margins[product.id] = {"margin": currency.round(price - cost)}
        return margins

    # === OLD STOCK FIRST, OR THE NEW PART AT ONCE === #

    @api.model
    def _order_superseded(self, hits):
        """Return a finder's hits with old and new parts in the order of their rule.

        Old parts that are to be used up come first as long as some are free; those
        that are not, or of which nothing is left, come behind the parts that replace
        them. Nothing else moves. No query unless a hit is ``superseded``.

        :param list hits: dicts with ``product_id``, ``match``, ``exact``, ``free_qty``
        """
        last = max(
            (i for i, hit in enumerate(hits) if hit["match"] == "superseded"),
            default=-1,
        )
        asked = [
            hit
            for hit in hits[: last + 1]
            if hit["match"] == "superseded" or hit.get("exact")
        ]
        if not asked:
            return hits
        products = self.env["product.product"].browse(
            [hit["product_id"] for hit in asked]
        )
        dead = self._get_dead(products)
        places = [
            i
            for i, hit in enumerate(hits[: last + 1])
            if hit["match"] == "superseded" or hit["product_id"] in dead
        ]
        rules = products.browse(dead)._parts_get_supersession_rules()

        def get_rank(hit):
            if hit["product_id"] not in dead:
                return 1
            use_up = rules[hit["product_id"]] == "use_up"
            return 0 if use_up and hit["free_qty"] > 0 else 2

        ordered = sorted((hits[i] for i in places), key=get_rank)
        hits = list(hits)
        for place, hit in zip(places, ordered, strict=True):
            hits[place] = hit
        return hits

    @api.model
    def _get_dead(self, products):
        """Return the ids of those products that are under a superseded number."""
        notice = self.env["parts.catalog.notice"]
        notice._flush_facts()
        query = notice._get_concerned_sql(
            SQL("DISTINCT p.id"), SQL("p.id IN %s", tuple(products.ids))
        )
        return [row[0] for row in self.env.execute_query(query)]

    # === WHAT A PART REPLACES, AND HOW MANY OF IT === #

    @api.model
    def _get_replaced(self, product, asked):
        """Return what to say of a part sold for an old number.

        :param str asked: the number that the customer asked for, in any spelling
        :return: the row of ``_get_successors`` that leads from it to the product, or
            None: the part has that number itself, or nothing connects the two
        """
        supersession = self.env["parts.catalog.supersession"]
        key = number_key(asked)
        if not key or not product or not supersession._any_loaded():
            return None
        own = self.env["parts.catalog.number"]._get_numbers_of(product)[product.id]
        if key in own.mapped("key"):
            return None
        for row in supersession._get_successors(key):
            if row["direction"] != "forward":
                continue
            for number in own:
                giver = number.make_id or number.group_id or number.brand_id
                space = supersession._get_space(giver)
                if number.key == row["key"] and space == self._get_row_space(row):
                    return row
        return None

    @api.model
    def _get_quantity(self, product, asked, quantity):
        """Return how many of a part are sold to who asks for so many of a number.

        :param product: product.product that is sold
        :param str asked: the number that the customer asked for, or False
        :param float quantity: how many of it, in the part's own unit
        :return: the same quantity, unless the part replaced that number by another
            ratio than one for one; never part of a whole one
        """
        row = asked and self._get_replaced(product, asked)
        return self._scale(quantity, row["ratio"]) if row else quantity

    @api.model
    def _scale(self, quantity, ratio):
        needed = quantity * (ratio or 1.0)
        if needed == quantity:
            return quantity
        # 3 × 0.3333 is one
        whole = float(math.ceil(needed - 1e-3))
        return whole if float(quantity).is_integer() else needed

    @api.model
    def _format_ratio(self, ratio):
        """Return how many of a part stand for the number it replaced; "" for one."""
        ratio = ratio or 1.0
        if ratio > 1:
            return self.env._("%(count)s for each", count=f"{ratio:g}")
        if ratio < 1:
            return self.env._("one for every %(count)s", count=f"{1 / ratio:.4g}")
        return ""
