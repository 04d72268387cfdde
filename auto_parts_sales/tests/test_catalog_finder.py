from unittest.mock import patch

from odoo.tests import tagged

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
