from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from odoo.addons.product.models.product_product import ProductProduct
from odoo.addons.product.models.product_template import ProductTemplate

from .common import PartsCommon

SPELLINGS = (
    "5G0 906 259 C",
    "5g0906259c",
    "5g0-906-259-c",
    "５Ｇ０９０６２５９Ｃ",
    " 5G0.906 259/C ",
)


class SearchCommon(PartsCommon):
    def _names(self, model, name, **options):
        return [id_ for id_, _name in self.env[model].name_search(name, **options)]

    def _count(self, function, *args, **kwargs):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = function(*args, **kwargs)
        return result, self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCatalogSearchEmpty(SearchCommon):
    """As long as no number is loaded, search is core's."""

    def setUp(self):
        super().setUp()
        self.env["parts.catalog.number"].search([]).unlink()
        self.env.registry.clear_cache("stable")
        self.env["parts.catalog.number"]._any_loaded()

    def test_name_search_is_cores(self):
        for model, core in (
            ("product.product", ProductProduct),
            ("product.template", ProductTemplate),
        ):
            records = self.env[model]
            for name in ("ECU-1", "5G0 906 259 C", "Engine", "4006633", "unit 12"):
                for operator in ("ilike", "=", "not ilike"):
                    with self.subTest(model=model, name=name, operator=operator):
                        ours = self._count(records.name_search, name, [], operator, 8)
                        cores = self._count(
                            core.name_search, records, name, [], operator, 8
                        )
                        self.assertEqual(ours, cores)

    def test_domains_are_cores(self):
        Product = self.env["product.product"]
        for operator, value in (
            ("ilike", "5G0 906 259 C"),
            ("in", ["5G0906259C", "ECU-1"]),
            ("not ilike", "5G0906259C"),
        ):
            ours = Product._search(Product._search_display_name(operator, value))
            cores = Product._search(
                ProductProduct._search_display_name(Product, operator, value)
            )
            self.assertEqual(ours.select().code, cores.select().code)
        # the search boxes ask core's own question
        for records in (Product, self.env["product.template"]):
            core = self.env["parts.catalog.lookup"]._get_core_box(records, "5G0906")
            domain = Domain("parts_search", "ilike", "5G0906")
            self.assertEqual(
                records._search(domain).select().code,
                records._search(core).select().code,
            )

    def test_new_lines_cost_no_query(self):
        numbers = self.env["parts.catalog.number"]
        _result, count = self._count(numbers._get_numbers_of, self.ecu)
        self.assertEqual(count, 0)

    def test_first_number_is_seen_at_once(self):
        self.assertFalse(self._names("product.product", "5g0906259c"))
        self._add_number(self.ecu, "5G0 906 259 C")
        self.assertEqual(self._names("product.product", "5g0906259c"), self.ecu.ids)


@tagged("post_install", "-at_install")
class TestCatalogSearch(SearchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_number(cls.ecu_b, "5G0 906 259 CB")

    def test_name_search_finds_any_spelling(self):
        for spelling in SPELLINGS:
            with self.subTest(spelling=spelling):
                self.assertEqual(
                    self._names("product.product", spelling),
                    (self.ecu + self.ecu_b).ids,
                )
                self.assertEqual(
                    self._names("product.template", spelling),
                    (self.ecu + self.ecu_b).product_tmpl_id.ids,
                )

    def test_exact_number_comes_before_what_core_finds(self):
        named = self.env["product.product"].create(
            {"name": "A box for 5G0 906 259 C", "default_code": "X"}
        )
        self.assertEqual(
            self._names("product.product", "5G0 906 259 C"),
            (self.ecu + self.ecu_b + named).ids,
        )

    def test_what_core_finds_is_still_found_in_its_order(self):
        Product = self.env["product.product"]
        Product.create(
            [
                {"name": "Unit 5G0 z", "default_code": "5G0-1"},
                {"name": "Unit 5G0 a"},
                {"name": "Unit 5G0 m", "barcode": "5G0"},
            ]
        )
        core = [pair[0] for pair in ProductProduct.name_search(Product, "5G0")]
        ours = self._names("product.product", "5G0")
        self.assertEqual([id_ for id_ in ours if id_ in core], core)
        self.assertEqual(len(ours), len(set(ours)))

    def test_limit_and_domain_hold(self):
        self.assertEqual(
            self._names("product.product", "5G0906259", limit=1), self.ecu.ids
        )
        domain = [("id", "!=", self.ecu.id)]
        self.assertEqual(
            self._names("product.product", "5G0906259", domain=domain, limit=1),
            self.ecu_b.ids,
        )

    def test_archived_parts_are_not_found(self):
        self.ecu.action_archive()
        self.assertEqual(self._names("product.product", "5G0906259C"), self.ecu_b.ids)
        found = self.env["product.product"].with_context(active_test=False)
        self.assertIn(self.ecu.id, [p[0] for p in found.name_search("5G0906259C")])

    def test_other_companys_parts_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other Trader"})
        self.ecu.company_id = other
        as_sales = self.env["product.product"].with_user(self.salesperson)
        self.assertEqual(
            [pair[0] for pair in as_sales.name_search("5G0906259C")], self.ecu_b.ids
        )

    def test_same_key_of_two_makes_stays_two(self):
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        self.assertEqual(
            set(self._names("product.product", "5G0906259C")),
            set((self.ecu + self.filter + self.ecu_b).ids),
        )

    def test_trailing_letter_is_another_part(self):
        self.assertEqual(self._names("product.product", "5G0906259CB"), self.ecu_b.ids)
        self.assertFalse(self._names("product.product", "5G0906259D"))

    def test_equals_answers_only_if_it_is_one_part(self):
        def find(model):
            return self._names(model, "5g0-906-259-c", operator="=")

        self.assertEqual(find("product.product"), self.ecu.ids)
        self.assertEqual(find("product.template"), self.ecu.product_tmpl_id.ids)
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        self.assertEqual(find("product.product"), [])
        self.assertEqual(find("product.template"), [])
        # what core finds by its own means stays the answer
        self.ecu_b.default_code = "5g0-906-259-c"
        self.assertEqual(find("product.product"), self.ecu_b.ids)

    def test_number_of_one_variant_finds_that_variant(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Side",
                "value_ids": [
                    Command.create({"name": "left"}),
                    Command.create({"name": "right"}),
                ],
            }
        )
        lamp = self.env["product.template"].create(
            {
                "name": "Head lamp",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        left, right = lamp.product_variant_ids
        self._add_number(left, "5G1 941 005", product_id=left.id)
        self._add_number(right, "5G1 941 006", product_id=right.id)
        self._add_number(left, "5G1 941 000")
        self.assertEqual(self._names("product.product", "5G1941005"), left.ids)
        self.assertEqual(self._names("product.product", "5G1941006"), right.ids)
        self.assertEqual(
            set(self._names("product.product", "5G1941000")), set((left + right).ids)
        )
        self.assertEqual(self._names("product.template", "5G1941006"), lamp.ids)
        # a number of both variants names no single one
        self.assertFalse(self._names("product.product", "5G1941000", operator="="))

    def test_domains_find_numbers(self):
        for model, product in (
            ("product.product", self.ecu_b),
            ("product.template", self.ecu_b.product_tmpl_id),
        ):
            records = self.env[model]
            for domain in (
                [("display_name", "ilike", "5g0 906 259 cb")],
                [("display_name", "in", ["5g0 906 259 cb"])],
                [("parts_search", "ilike", "5g0 906 259 cb")],
                [("parts_search", "=", "5g0 906 259 cb")],
            ):
                with self.subTest(model=model, domain=domain):
                    self.assertEqual(records.search(domain), product)
        order = self.env["sale.order.line"]
        lines = self.sale_order.order_line[0]
        lines.product_id = self.ecu_b
        self.assertEqual(order.search([("product_id", "ilike", "5g0906259cb")]), lines)
        self.assertNotIn(
            self.ecu,
            self.env["product.product"].search(
                [("display_name", "not ilike", "Engine control")]
            ),
        )

    def test_the_three_search_boxes_use_it(self):
        for xml_id, model in (
            ("product.product_template_search_view", "product.template"),
            ("product.product_search_form_view", "product.product"),
            ("product.product_view_search_catalog", "product.product"),
        ):
            view = self.env[model].get_view(self.env.ref(xml_id).id, "search")
            # core's own terms are inside it, each on an index, and not beside it
            self.assertIn("[('parts_search', 'ilike', self)]", view["arch"])
            self.assertNotIn("('barcode', 'ilike', self)", view["arch"])

    def test_empty_search_offers_what_the_customer_said(self):
        found = self.env["product.product"].with_context(parts_query="5G0906259CB")
        self.assertEqual([pair[0] for pair in found.name_search("")], self.ecu_b.ids)
        self.assertIn(
            self.filter.id, [pair[0] for pair in found.name_search("Oil filter")]
        )


@tagged("post_install", "-at_install")
class TestPartsFind(SearchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_number(
            cls.ecu_b, "5G0 906 259 CB", brand_id=cls.hella.id, kind="trade"
        )

    def _find(self, query=None, **options):
        Product = self.env["product.product"].with_user(self.salesperson)
        return Product.parts_find(query, **options)

    def test_hit_says_all_that_is_needed(self):
        hits = self._find("5g0906259c")
        self.assertEqual(
            [(hit["product_id"], hit["match"], hit["exact"]) for hit in hits],
            [(self.ecu.id, "oe", True), (self.ecu_b.id, "trade", False)],
        )
        hit = hits[0]
        self.assertEqual(hit["path"], "OE Number 5G0 906 259 C (Volkswagen)")
        self.assertEqual(hit["number"], "5G0 906 259 C")
        self.assertEqual(hit["fit"], "unknown")
        self.assertEqual(hit["price"], 800.0)
        self.assertEqual(hit["currency_id"], self.env.company.currency_id.id)
        self.assertEqual(hit["free_qty"], 0)
        self.assertEqual(hit["lead_days"], 7)
        self.assertIn("begins with", hits[1]["path"])
        self.assertIn("Hella", hits[1]["path"])

    def test_stock_and_lead_time(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            self.ecu, warehouse.lot_stock_id, 3
        )
        [hit] = self._find("5g0906259c", limit=1)
        self.assertEqual((hit["free_qty"], hit["lead_days"]), (3, 0))

    def test_price_of_the_customer(self):
        pricelist = self._create_pricelist(
            name="Workshops",
            item_ids=[
                Command.create({"compute_price": "percentage", "percent_price": 10.0})
            ],
        )
        self.partner.property_product_pricelist = pricelist
        [hit] = self._find("5g0906259c", partner_id=self.partner.id, limit=1)
        self.assertEqual(hit["price"], 720.0)
        self.assertEqual(self._find("5g0906259c", limit=1)[0]["price"], 800.0)

    def test_other_ways_to_name_a_part(self):
        for query, match, exact in (
            ("OF-9", "code", True),
            ("of-", "code", False),
            ("4006633", "barcode", True),
            ("oil filt", "name", False),
        ):
            [hit] = self._find(query)
            self.assertEqual(hit["product_id"], self.filter.id)
            self.assertEqual((hit["match"], hit["exact"]), (match, exact))
        self.assertEqual(self._find("no such thing 99"), [])
        self.assertEqual(self._find("  "), [])
        self.assertEqual(self._find(), [])

    def test_vehicle_alone_lists_its_parts(self):
        self._add_fitment(self.ecu, self.golf)
        self._add_fitment(self.filter, self.golf, condition="CZCA only")
        hits = self._find(vehicle_id=self.golf.id)
        self.assertEqual(
            [(hit["product_id"], hit["match"], hit["fit"]) for hit in hits],
            [
                (self.ecu.id, "vehicle", "yes"),
                (self.filter.id, "vehicle", "depends"),
            ],
        )
        self.assertEqual(hits[1]["fit_condition"], "CZCA only")

    def test_what_fits_comes_first_among_equals(self):
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        self._add_fitment(self.filter, self.camry, source_id=self.source.id)
        self._add_fitment(self.ecu_b, self.camry, source_id=self.source.id)
        self._add_fitment(self.ecu, self.golf, source_id=self.source.id)
        hits = self._find("5g0906259c", vehicle_id=self.camry.id)
        self.assertEqual(
            [(hit["product_id"], hit["fit"]) for hit in hits],
            [
                (self.filter.id, "yes"),
                (self.ecu.id, "no"),
                (self.ecu_b.id, "yes"),
            ],
        )

    def test_archived_and_other_companys_parts_are_left_out(self):
        self.ecu_b.action_archive()
        self.assertEqual(
            [hit["product_id"] for hit in self._find("5g0906259c")], self.ecu.ids
        )
        self.ecu.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self._find("5g0906259c"), [])
        # superuser code in this company gets no other company's part either
        self.assertEqual(self.env["product.product"].parts_find("5g0906259c"), [])

    def test_portal_users_cannot_ask(self):
        portal = new_test_user(self.env, login="portal_p", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["product.product"].with_user(portal).parts_find("5g0906259c")

    def test_more_hits_cost_no_more_queries(self):
        for index in range(20):
            product = self.env["product.product"].create({"name": f"Twin {index}"})
            self._add_number(product, "3Q0 907 400")
            self._add_fitment(product, self.golf)
        find = self.env["product.product"].parts_find
        find("3q0907400", limit=20, vehicle_id=self.golf.id)  # warm caches
        few, few_count = self._count(
            find, "3q0907400", limit=2, vehicle_id=self.golf.id
        )
        many, many_count = self._count(
            find, "3q0907400", limit=20, vehicle_id=self.golf.id
        )
        self.assertEqual((len(few), len(many)), (2, 20))
        self.assertLessEqual(many_count, few_count)
