from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.product.models.product_product import ProductProduct
from odoo.addons.product.models.product_template import ProductTemplate

from .test_catalog_finder import FinderCommon


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
