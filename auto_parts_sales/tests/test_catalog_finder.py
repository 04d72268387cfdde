from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.product.models.product_product import ProductProduct
from odoo.addons.product.models.product_template import ProductTemplate

from .test_catalog_search import SearchCommon


class FinderCommon(SearchCommon):
    def _part(self, name, number=None, grade=None, **values):
        part = self.env["product.product"].create(
            {
                "name": name,
                "parts_grade": grade,
                **{
                    key: values.pop(key)
                    for key in ("default_code", "barcode")
                    if key in values
                },
            }
        )
        if number:
            self._add_number(part, number, **values)
        return part

    def _find(self, query=None, **options):
        Product = self.env["product.product"].with_user(self.salesperson)
        return Product.parts_find(query, **options)

    def _found(self, query, **options):
        return [hit["product_id"] for hit in self._find(query, **options)]


@tagged("post_install", "-at_install")
class TestCatalogLadder(FinderCommon):
    """CAT-9: one box, in the order of the issue, each hit with its reason."""

    def _supersede(self, old, new, **values):
        self.env["parts.catalog.supersession"].create(
            {
                "old_number": old,
                "new_number": new,
                "make_id": self.vw.id,
                **values,
            }
        )

    def _build_ladder(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        parts = {
            "similar": self._part("a", "IKO 6I5 30I"),
            "name": self._part("Disc 1k0615301 coated"),
            "infix": self._part("c", "X1K0 615 301"),
            "prefix": self._part("d", "1K0 615 301 AB"),
            "vendor": self._part("e"),
            "customer": self._part("f"),
            "barcode": self._part("g", barcode="1K0615301"),
            "code": self._part("h", default_code="1K0-615-301"),
            "interchange": self._part(
                "i", "1K0-615-301", "used", kind="interchange", brand_id=self.hella.id
            ),
            "better": self._part(
                "j", "1K0615301", "oes", kind="interchange", brand_id=self.hella.id
            ),
            "new": self._part("k", "5Q0 615 301 F"),
            "other": self._part("l", "1K0615301", make_id=self.toyota.id),
            "asked": self._part("m", "1K0 615 301"),
        }
        self._supersede("1K0 615 301", "5Q0 615 301 F", date="2019-03-01")
        self.env["product.supplierinfo"].create(
            {
                "partner_id": vendor.id,
                "product_tmpl_id": parts["vendor"].product_tmpl_id.id,
                "product_code": "1k0.615.301",
            }
        )
        self.env["parts.catalog.customer.code"].create(
            {
                "partner_id": self.partner.id,
                "code": "1K0/615/301",
                "product_id": parts["customer"].id,
            }
        )
        return parts

    def test_order_of_the_ladder(self):
        parts = self._build_ladder()
        # superseded, to be used up: first as long as there is some
        parts["asked"].is_storable = True
        self.env["stock.quant"]._update_available_quantity(
            parts["asked"], self.env.ref("stock.stock_location_stock"), 2
        )
        hits = self._find(
            "1K0615301", vehicle_id=self.golf.id, partner_id=self.partner.id
        )
        name_of = {part.id: name for name, part in parts.items()}
        self.assertEqual(
            [(name_of[hit["product_id"]], hit["match"], hit["exact"]) for hit in hits],
            [
                ("asked", "oe", True),
                ("other", "oe", True),
                ("new", "superseded", False),
                ("better", "interchange", True),
                ("interchange", "interchange", True),
                ("code", "code", True),
                ("barcode", "barcode", True),
                ("customer", "customer_code", True),
                # not of who asks: not to be chosen by itself
                ("vendor", "vendor_code", False),
                ("prefix", "oe", False),
                ("infix", "oe", False),
                ("name", "name", False),
                ("similar", "similar", False),
            ],
        )
        paths = {name_of[hit["product_id"]]: hit["path"] for hit in hits}
        self.assertIn("replaces 1K0 615 301 since 2019", paths["new"])
        self.assertIn("calls it 1K0/615/301", paths["customer"])
        self.assertIn("Vendor", paths["vendor"])
        self.assertIn("contains", paths["infix"])
        self.assertIn("Similar only", paths["similar"])
        # cut where the limit is, nowhere else
        self.assertEqual(
            [hit["product_id"] for hit in hits[:4]],
            self._found("1K0615301", vehicle_id=self.golf.id, limit=4),
        )

    def test_nothing_left_of_the_superseded_part(self):
        parts = self._build_ladder()
        first = self._found("1K0615301", vehicle_id=self.golf.id, limit=3)
        # behind what replaces it; the other make's part stays where it was
        expected = [parts["new"].id, parts["other"].id, parts["asked"].id]
        self.assertEqual(first, expected)

    def test_make_asked_comes_first(self):
        parts = self._build_ladder()
        first = self._found("1K0615301", vehicle_id=self.camry.id, limit=2)
        self.assertEqual(first, [parts["other"].id, parts["asked"].id])
        # a group's makes share their numbers
        self.golf.model_id.make_id = self.audi
        self.env.flush_all()
        first = self._found("1K0615301", vehicle_id=self.golf.id, limit=1)
        self.assertEqual(first, parts["asked"].ids)

    def test_customers_code_is_his_alone(self):
        parts = self._build_ladder()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id}
        )
        customer = parts["customer"].id
        found = self._found("1K0615301", partner_id=stranger.id)
        self.assertNotIn(customer, found)
        self.assertIn(customer, self._found("1K0615301", partner_id=contact.id))
        # with nobody named it is shown, but not to be chosen by itself
        hits = {hit["product_id"]: hit for hit in self._find("1K0615301")}
        self.assertFalse(hits[customer]["exact"])

    def test_superseded_of_another_make_is_not_meant(self):
        toyota = self._part("Toyota's", "5Q0615301F", make_id=self.toyota.id)
        vw = self._part("VW's", "5Q0 615 301 F")
        self._supersede("1K0 615 301", "5Q0 615 301 F")
        self.assertEqual(self._found("1k0 615 301"), vw.ids)
        self.assertIn(toyota.id, self._found("5Q0615301F"))

    def test_part_with_the_new_number_comes_before_its_interchange(self):
        better = self._part("a", "5Q0 615 301 F", "oes", kind="interchange")
        new = self._part("z", "5Q0 615 301 F")
        self._supersede("1K0 615 301", "5Q0 615 301 F")
        self.assertEqual(self._found("1k0615301"), [new.id, better.id])

    def test_trade_number_leads_to_other_brands(self):
        """CAT-5: what shares its OE number, better grade first, no other brand's."""
        asked = self._part(
            "Pad A", "0 986 494 524", kind="trade", brand_id=self.bosch.id
        )
        used = self._part("Pad B", "1K0 698 151", "used")
        oes = self._part("Pad C", "1K0698151", "oes")
        stranger = self._part("Pad D", "1K0698151", make_id=self.toyota.id)
        self._add_number(asked, "1K0 698 151")
        hits = self._find("0986494524")
        self.assertEqual(
            [(hit["product_id"], hit["match"], hit["exact"]) for hit in hits],
            [
                (asked.id, "trade", True),
                (oes.id, "interchange", False),
                (used.id, "interchange", False),
            ],
        )
        self.assertIn("Same OE Number", hits[1]["path"])
        self.assertNotIn(stranger.id, [hit["product_id"] for hit in hits])

    def test_brand_before_the_number(self):
        pad = self._part("Pad", "0 986 494 524", kind="trade", brand_id=self.bosch.id)
        self.assertEqual(self._found("Bosch 0 986 494 524")[:1], pad.ids)
        self.assertFalse(self._found("Bosch 0 986 494 525"))

    def test_codes_in_any_spelling(self):
        self.assertEqual(self._found("of 9"), self.filter.ids)
        self.assertEqual(self._found("[OF-9] Oil filter")[:1], self.filter.ids)
        self.assertFalse(self._found("of 8"))

    def test_looks_inside_from_four_characters(self):
        part = self._part("Pump", "06H 121 026 DD")
        self.assertEqual(self._found("1210"), part.ids)
        self.assertFalse(self._found("121"))

    def test_lookalikes(self):
        part = self._part("Pump", "06H 121 O26 B")
        benz = self._part("Seal", "A 000 905 12 00", make_id=self.toyota.id)
        cyrillic = self._part("Ring", "АВ 4477")
        for typed, found in (
            ("O6H I2I 026 8", part),  # letters for digits, and back
            ("06H-121-026-B", part),
            ("AB4477", cyrillic),
        ):
            with self.subTest(typed=typed):
                [hit] = self._find(typed)
                self.assertEqual(hit["product_id"], found.id)
                self.assertEqual((hit["match"], hit["exact"]), ("similar", False))
        self.assertEqual(self._found("000 905 12 00"), benz.ids)
        self.assertEqual(self._found("A0009051200"), benz.ids)
        # one letter at the end is another part
        self.assertFalse(self._found("06H 121 O26 C"))
        self.assertFalse(self._found("XY4477"))

    def test_words_of_a_name_in_any_order(self):
        self.assertEqual(self._found("index engine")[:1], self.ecu_b.ids)
        self.assertFalse(self._found("index filter"))

    def test_hidden_parts_do_not_use_up_the_limit(self):
        """Company and archived hold before the limit."""
        Product = self.env["product.product"]
        other = self.env["res.company"].create({"name": "Other"})
        hidden = Product.create(
            [
                {
                    "name": "Hidden",
                    "default_code": f"A{number:03}",
                    "company_id": other.id if number % 2 else False,
                    "active": bool(number % 2),
                }
                for number in range(130)
            ]
        )
        shown = self._part("Shown", "ZZ 100 200", default_code="Z")
        for part in hidden:
            self._add_number(part, "ZZ 100 200")
        self.assertEqual(self._found("zz100200", limit=1), shown.ids)
        self.assertEqual(self._found("zz1002", limit=1), shown.ids)
        as_sales = Product.with_user(self.salesperson)
        self.assertEqual(
            [id_ for id_, _name in as_sales.name_search("zz100200", limit=1)], shown.ids
        )

    def test_without_trigrams(self):
        parts = self._build_ladder()
        self.patch(self.env.registry, "has_trigram", False)
        found = self._found("1K0615301", vehicle_id=self.golf.id)
        missing = {name for name, part in parts.items() if part.id not in found}
        self.assertEqual(missing, {"infix"})
        missing = self.env["res.config.settings"].create({}).parts_search_missing
        self.assertIn("pg_trgm", missing)

    def test_number_of_queries(self):
        for number in range(12):
            self._part(f"Part {number}", f"77 {number:03} 100")
        self._part("Single", "88 001 100")

        def count(query, **options):
            self._find(query, **options)
            found, queries = self._count(self._find, query, **options)
            return len(found), queries

        one = count("88001", vehicle_id=self.golf.id, partner_id=self.partner.id)
        many = count("77 0", vehicle_id=self.golf.id, partner_id=self.partner.id)
        self.assertEqual((one[0], many[0]), (1, 12))
        self.assertLessEqual(many[1], one[1])

    def test_hit_says_brand_grade_and_unit(self):
        self._add_number(self.ecu, "5G0 906 259 C")
        [hit] = self._find("5g0906259c", limit=1)
        self.assertEqual(
            (hit["brand"], hit["grade"], hit["grade_label"], hit["question"]),
            ("Bosch", "genuine", "Genuine", False),
        )
        self.assertEqual(hit["uom"], self.ecu.uom_id.name)

    def test_stock_of_another_warehouse(self):
        self._add_number(self.ecu, "5G0 906 259 C")
        Warehouse = self.env["stock.warehouse"]
        here = self.salesperson._get_default_warehouse_id()
        there = Warehouse.create({"name": "Branch", "code": "BR"})
        for warehouse, quantity in ((here, 3), (there, 4)):
            self.env["stock.quant"]._update_available_quantity(
                self.ecu, warehouse.lot_stock_id, quantity
            )
        [hit] = self._find("5g0906259c", limit=1)
        self.assertEqual((hit["free_qty"], hit["free_elsewhere"]), (7, 4))

    def test_search_without_an_answer_reaches_the_hook(self):
        """INQ-2"""
        Product = type(self.env["product.product"])
        as_sales = self.env["product.product"].with_user(self.salesperson)
        with patch.object(
            Product, "_parts_search_unanswered", return_value=False
        ) as hook:
            as_sales.parts_search_unanswered(" 1K0  99 ", self.golf.id, self.partner.id)
            as_sales.parts_search_unanswered("  ")
        hook.assert_called_once_with("1K0 99", self.golf, self.partner)
        self.assertFalse(as_sales.parts_search_unanswered("1K0 99"))


@tagged("post_install", "-at_install")
class TestCatalogEverywhere(FinderCommon):
    """The same engine where products are typed, listed and imported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "5G0 906 259 C")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.vendor.id,
                "product_tmpl_id": cls.filter.product_tmpl_id.id,
                "product_code": "V-77/1 xx",
                "product_name": "Vendor's filter element",
            }
        )

    def test_lines_of_every_document(self):
        for model in ("purchase.order.line", "stock.move", "account.move.line"):
            field = self.env[model]._fields["product_id"]
            found = self.env[field.comodel_name].web_name_search(
                "5g0-906.259c", {"display_name": {}}, limit=8
            )
            self.assertEqual([record["id"] for record in found], self.ecu.ids)
        field = self.env["sale.order.line"]._fields["product_template_id"]
        found = self.env[field.comodel_name].web_name_search(
            "5g0-906.259c", {"display_name": {}}, limit=8
        )
        self.assertEqual(
            [record["id"] for record in found], self.ecu.product_tmpl_id.ids
        )

    def test_vendors_code_on_a_purchase(self):
        purchase = self.env["product.product"].with_context(partner_id=self.vendor.id)
        for typed in ("V-77/1 xx", "v771XX", "77/1", "filter element"):
            with self.subTest(typed=typed):
                found = [id_ for id_, _name in purchase.name_search(typed)]
                self.assertEqual(found, self.filter.ids)
        # a fragment of the code of a vendor who is not asked
        other = purchase.with_context(partner_id=self.partner.id)
        self.assertFalse(other.name_search("77/1"))

    def test_customers_code_on_an_order(self):
        self.env["parts.catalog.customer.code"].create(
            {
                "partner_id": self.partner.id,
                "code": "KD 4711",
                "product_id": self.ecu_b.id,
            }
        )
        for model, part in (
            ("product.product", self.ecu_b),
            ("product.template", self.ecu_b.product_tmpl_id),
        ):
            customer = self.env[model].with_context(partner_id=self.partner.id)
            self.assertEqual([i for i, _n in customer.name_search("kd4711")], part.ids)
            self.assertEqual(
                [i for i, _n in customer.name_search("kd-4711", operator="=")],
                part.ids,
            )
            stranger = customer.with_context(partner_id=self.vendor.id)
            self.assertFalse(stranger.name_search("kd4711"))

    def test_what_core_finds_is_found(self):
        """In the product field and in the list's box: ours and more."""
        self.env["product.product"].create(
            [
                {"name": "Unit 5G0 / 906", "default_code": "A_1.x"},
                {"name": "Ünit 100%", "barcode": "590x1"},
                {"name": 'Say "unit"', "default_code": "(unit) [7]"},
            ]
        )
        self.ecu_b.action_archive()
        texts = ["5G0", "unit", "Unit 5", "A_1", "a1", "_", "%", "100%", "590x1"]
        texts += ["90x", "[7]", "(unit)", '"unit"', "/", "ünit", "oil", "f", "of-", "."]
        Lookup = self.env["parts.catalog.lookup"]
        for model, core in (
            ("product.product", ProductProduct),
            ("product.template", ProductTemplate),
        ):
            records = self.env[model]
            for text in texts:
                with self.subTest(model=model, text=text):
                    theirs = {id_ for id_, _n in core.name_search(records, text)}
                    ours = {id_ for id_, _n in records.name_search(text)}
                    self.assertLessEqual(theirs, ours)
                    theirs = records.search(Lookup._get_core_box(records, text))
                    ours = records.search([("parts_search", "ilike", text)])
                    self.assertLessEqual(set(theirs.ids), set(ours.ids))

    def test_box_finds_numbers_and_no_more_than_asked(self):
        Template = self.env["product.template"]
        for text in ("5g0 906 259 c", "90625", "5g09O6259c"):
            self.assertEqual(
                Template.search([("parts_search", "ilike", text)]),
                self.ecu.product_tmpl_id,
            )
        self.assertFalse(Template.search([("parts_search", "ilike", "5g0 906 259 d")]))
        rest = Template.search([("parts_search", "not ilike", "5g0906259c")])
        self.assertNotIn(self.ecu.product_tmpl_id, rest)
        self.assertIn(self.filter.product_tmpl_id, rest)

    def test_import_is_told_what_is_ambiguous(self):
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        Product = self.env["product.product"]
        self.assertFalse(Product.name_search("5g0906259c", operator="="))
        importing = Product.with_context(import_file=True)
        with self.assertRaisesRegex(ValueError, "ambiguous"):
            importing.name_search("5g0906259c", operator="=")
        self.assertFalse(importing.name_search("5g0906259d", operator="="))

    def test_import_of_lines(self):
        self._add_number(self.filter, "1K0 129 620", make_id=self.toyota.id)
        self._add_number(self.ecu_b, "1K0 129 620")
        Line = self.env["sale.order.line"].with_context(import_file=True)
        fields = ["order_id/.id", "product_id", "product_uom_qty"]
        order = str(self.sale_order.id)
        result = Line.load(fields, [[order, "5g0.906.259c", "2"]])
        line = self.env["sale.order.line"].browse(result["ids"])
        self.assertEqual(line.product_id, self.ecu)
        result = Line.load(fields, [[order, "1K0129620", "2"]])
        self.assertFalse(result["ids"])
        self.assertIn("ambiguous", result["messages"][0]["message"])

    def test_cards_of_the_catalogue(self):
        self._add_fitment(self.ecu, self.golf, source_id=self.source.id)
        self._add_fitment(self.ecu_b, self.golf, condition="CZCA only")
        self._add_fitment(self.filter, self.passat, source_id=self.source.id)
        order = self.sale_order.with_user(self.salesperson)
        self.sale_order.user_id = self.salesperson
        products = self.ecu + self.ecu_b + self.filter
        info = order._get_product_catalog_order_line_info(
            products.ids, parts_vehicle_id=self.golf.id
        )
        self.assertEqual(
            [info[id_]["parts"]["fit"] for id_ in products.ids],
            ["yes", "depends", "no"],
        )
        card = info[self.ecu.id]["parts"]
        self.assertEqual(card["number"], "5G0 906 259 C")
        self.assertEqual((card["grade_label"], card["lead_days"]), ("Genuine", 7))
        self.assertIn("Golf", card["vehicle"])
        # without a vehicle nothing is said of fitting; with the order's it is
        info = order._get_product_catalog_order_line_info(products.ids)
        self.assertFalse(info[self.ecu.id]["parts"]["fit"])
        self.sale_order.parts_vehicle_id = self.golf
        info = order._get_product_catalog_order_line_info(products.ids)
        self.assertEqual(info[self.ecu.id]["parts"]["fit"], "yes")
        # and nothing again when it is taken out in the catalogue
        info = order._get_product_catalog_order_line_info(
            products.ids, parts_vehicle_id=False
        )
        self.assertFalse(info[self.ecu.id]["parts"]["fit"])

        finder = self.env["parts.catalog.finder"].with_user(self.salesperson)

        def count(records):
            records = records.with_env(finder.env)
            finder._get_cards(order, records, self.golf)
            return self._count(finder._get_cards, order, records, self.golf)[1]

        # the same kinds of answers for three cards or nine
        more = self.env["product.product"]
        for _number in range(6):
            more += self._part("More", grade="used")
        for part, vehicle in zip(more, (self.golf, self.passat) * 3, strict=True):
            self._add_fitment(part, vehicle, source_id=self.source.id)
        count(products + more)  # making parts emptied the registry's caches
        self.assertEqual(count(products + more), count(products))

    def test_cards_of_an_empty_catalogue_are_cores(self):
        self.env["parts.catalog.number"].search([]).unlink()
        self.env.registry.clear_cache("stable")
        info = self.sale_order._get_product_catalog_order_line_info(self.ecu.ids)
        self.assertNotIn("parts", info[self.ecu.id])


@tagged("post_install", "-at_install")
class TestCatalogCustomerCode(FinderCommon):
    def _code(self, **values):
        return self.env["parts.catalog.customer.code"].create(
            {
                "partner_id": self.partner.id,
                "code": "KD 4711",
                "product_tmpl_id": self.ecu.product_tmpl_id.id,
                **values,
            }
        )

    def test_key_and_company_of_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id}
        )
        code = self._code(partner_id=contact.id, code="  kd  4711 ", key="X")
        self.assertRecordValues(
            code,
            [{"partner_id": self.partner.id, "code": "kd 4711", "key": "KD4711"}],
        )
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._code(code="KD-4711")
        self._code(code="KD-4711", product_tmpl_id=self.filter.product_tmpl_id.id)

    def test_needs_letters_or_digits(self):
        with self.assertRaisesRegex(ValidationError, "no code"):
            self._code(code="--")
        with self.assertRaisesRegex(ValidationError, "no variant"):
            self._code(product_id=self.filter.id)

    def test_who_keeps_them(self):
        code = self._code()
        keepers = {"sales_manager", "price_group", "administrator"}
        for role, user in self.users.items():
            as_user = code.with_user(user)
            self.assertEqual(as_user.has_access("write"), role in keepers)
        with self.assertRaises(AccessError):
            code.with_user(self.salesperson).code = "1"

    def test_other_companys_parts_stay_hidden(self):
        code = self._code()
        mine = self.env["parts.catalog.customer.code"].with_user(self.salesperson)
        self.assertEqual(mine.search([("key", "=", "KD4711")]), code)
        self.ecu.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(mine.search([("key", "=", "KD4711")]))
