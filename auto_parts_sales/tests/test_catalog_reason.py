import re

from odoo.tests import new_test_user, tagged

from odoo.addons.web.models.models import Base

from .test_catalog_finder import FinderCommon

SPECIFICATION = {"display_name": {}}


@tagged("post_install", "-at_install")
class TestCatalogReason(FinderCommon):
    """CAT-9: the list below a product field says why it offers a part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "06A 905 115 D")

    def _offer(self, text, model="product.product", **context):
        records = self.env[model].with_user(self.salesperson).with_context(**context)
        return records.web_name_search(text, SPECIFICATION, [], limit=8)

    def _reason(self, part, text, model="product.product", **context):
        """Return what the list says of a part beside its name, reference in front."""
        offered = self._offer(text, model, **context)
        [option] = [option for option in offered if option["id"] == part.id]
        shown = re.split("[\t\n]", option["__formatted_display_name"])[1:]
        return [text.strip("-") for text in shown]

    def test_number_in_any_spelling(self):
        for model, part in (
            ("product.product", self.ecu),
            ("product.template", self.ecu.product_tmpl_id),
        ):
            for text in ("06A905115D", " 06a-905-115-d", "VW 06A 905 115 D"):
                with self.subTest(model=model, text=text):
                    self.assertEqual(
                        self._reason(part, text, model),
                        ["ECU-1", "OE Number 06A 905 115 D (Volkswagen)"],
                    )

    def test_the_name_that_is_kept_stays(self):
        [option] = self._offer("06a905115d")
        self.assertEqual(option["display_name"], self.ecu.display_name)
        self.assertEqual(option["display_name"], "[ECU-1] Engine control unit")

    def test_beginning_and_middle_of_a_number(self):
        self.assertIn("begins with “06A905”", self._reason(self.ecu, "06A905")[1])
        self.assertIn("contains “905115”", self._reason(self.ecu, "905115")[1])

    def test_look_alikes_are_labelled(self):
        said = self._reason(self.ecu, "O6A9O5II5D")[1]
        self.assertTrue(said.startswith("Similar only: "), said)

    def test_what_it_replaces(self):
        self.env["parts.catalog.supersession"].create(
            {
                "old_number": "06A 905 115 A",
                "new_number": "06A 905 115 D",
                "make_id": self.vw.id,
                "date": "2019-05-01",
                "ratio": 2,
            }
        )
        self.assertEqual(
            self._reason(self.ecu, "06A905115A")[1],
            "06A 905 115 D (Volkswagen) replaces 06A 905 115 A since 2019, 2 for each",
        )

    def test_the_customer_s_own_code(self):
        self.env["parts.catalog.customer.code"].create(
            {
                "partner_id": self.partner.id,
                "code": "K-4711",
                "product_id": self.filter.id,
            }
        )
        said = self._reason(self.filter, "k4711", partner_id=self.partner.id)
        self.assertEqual(said, ["OF-9", f"{self.partner.name} calls it K-4711"])

    def test_same_number_as_a_brand_s_own(self):
        self._add_number(self.filter, "0 986 221", brand_id=self.bosch.id, kind="trade")
        self._add_number(self.filter, "06A 905 115 D")
        said = self._reason(self.ecu, "0986221")[1]
        self.assertEqual(said, "Same OE Number 06A 905 115 D (Volkswagen) as “0986221”")

    def test_nothing_is_said_of_names_and_references(self):
        self.assertEqual(self._reason(self.ecu, "engine control"), ["ECU-1"])
        self.assertEqual(self._reason(self.ecu, "ECU-1"), ["ECU-1"])
        self.assertEqual(self._reason(self.filter, "4006633"), ["OF-9"])

    def test_dashes_do_not_break_the_mark(self):
        self._add_number(self.filter, "77--88--99 X")
        [option] = self._offer("778899X")
        self.assertEqual(
            option["__formatted_display_name"],
            "Oil filter\t--OF-9--\n--OE Number 77-88-99 X (Volkswagen)--",
        )

    def test_other_specifications_are_cores(self):
        Product = self.env["product.product"].with_user(self.salesperson)
        [found] = Product.web_name_search(
            "06a905115d", {"display_name": {}, "default_code": {}}, [], limit=8
        )
        self.assertEqual(found.keys(), {"id", "display_name", "default_code"})

    def test_a_plain_user_is_told_too(self):
        plain = new_test_user(self.env, login="plain_p", groups="base.group_user")
        offered = (
            self.env["product.product"]
            .with_user(plain)
            .web_name_search("06a905115d", SPECIFICATION, [], limit=8)
        )
        self.assertIn("06A 905 115 D", offered[0]["__formatted_display_name"])

    def test_more_parts_cost_no_more_queries(self):
        for index in range(8):
            self._part(f"Twin {index}", "3Q0 907 400")
        reason = self.env["parts.catalog.reason"]
        found = self._offer("3q0907400")

        def add(count):
            offered = [dict(option) for option in found[:count]]
            return reason._add(self.env["product.product"], offered, "3q0907400")

        add(1)
        _few, few = self._count(add, 1)
        many, more = self._count(add, 8)
        self.assertEqual(len(many), 8)
        self.assertLessEqual(more, few)

    def test_an_empty_catalogue_costs_no_query(self):
        self.env["parts.catalog.number"].search([]).unlink()
        self.env.registry.clear_cache("stable")
        self.env["parts.catalog.number"]._any_loaded()
        for model in ("product.product", "product.template"):
            records = self.env[model].with_user(self.salesperson)
            arguments = ("Engine", SPECIFICATION, [], "ilike", 8)
            records.web_name_search(*arguments)
            ours = self._count(records.web_name_search, *arguments)
            cores = self._count(Base.web_name_search, records, *arguments)
            self.assertEqual(ours, cores)
            self.assertTrue(ours[0])
