from odoo.tests import tagged

from .test_catalog_finder import FinderCommon

OLD, NEW = "1K0 615 301", "5Q0 615 301 F"


@tagged("post_install", "-at_install")
class TestCatalogRatio(FinderCommon):
    """CAT-2: if two of the new part do what one of the old did, two are sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, OLD)
        cls._add_number(cls.ecu_b, NEW)
        cls.step = cls.env["parts.catalog.supersession"].create(
            {
                "old_number": OLD,
                "new_number": NEW,
                "make_id": cls.vw.id,
                "date": "2019-03-01",
                "ratio": 2,
            }
        )
        cls.Order = cls.env["sale.order"].with_user(cls.salesperson)

    def _add(self, asked, quantity, part=None, order=None):
        order = self.Order if order is None else order
        return order.parts_add_part(
            (part or self.ecu_b).id,
            quantity=quantity,
            number_asked=asked,
            partner_id=self.partner.id,
        )

    def _sold(self, asked, quantity, **options):
        return self._add(asked, quantity, **options)["line"]["added"]

    def test_a_quotation_takes_as_many_as_do_the_same(self):
        added = self._add("1k0-615-301", 3)
        line = self.Order.browse(added["id"]).order_line
        self.assertEqual(line.product_uom_qty, 6)
        self.assertEqual(added["line"]["added"], 6)
        self.assertEqual(
            line.parts_replaces_text, "replaces 1K0 615 301 since 2019, 2 for each"
        )
        # once more: two more
        again = self._add("1K0615301", 1, order=self.Order.browse(added["id"]))
        self.assertEqual((again["line"]["quantity"], again["line"]["added"]), (8, 2))

    def test_what_was_asked_for_itself_is_taken_one_for_one(self):
        self.assertEqual(self._sold(NEW, 3), 3)
        self.assertEqual(self._sold(OLD, 3, part=self.ecu), 3)
        self.assertEqual(self._sold(None, 3), 3)
        self.assertEqual(self._sold("8P0 615 301", 3), 3)

    def test_one_for_one_says_nothing(self):
        self.step.ratio = 1
        self.assertEqual(self._sold(OLD, 3), 3)
        [hit] = [h for h in self._find(OLD) if h["product_id"] == self.ecu_b.id]
        self.assertTrue(hit["path"].endswith("since 2019"), hit["path"])
        self.assertEqual(hit["ratio"], 1)

    def test_one_for_several(self):
        self.step.ratio = 0.5
        # never half a part: three old ones are done by two
        self.assertEqual(self._sold(OLD, 3), 2)
        self.assertEqual(self._sold(OLD, 4), 2)
        [hit] = [h for h in self._find(OLD) if h["product_id"] == self.ecu_b.id]
        self.assertTrue(hit["path"].endswith(", one for every 2"), hit["path"])
        self.step.ratio = 1 / 3
        self.assertEqual(self._sold(OLD, 3), 1)

    def test_backward_is_taken_one_for_one(self):
        self.step.two_way = True
        [hit] = [h for h in self._find(NEW) if h["product_id"] == self.ecu.id]
        self.assertEqual(hit["match"], "superseded")
        self.assertEqual(hit["ratio"], 1)
        self.assertIn("one for every 2", hit["path"])
        self.assertEqual(self._sold(NEW, 2, part=self.ecu), 2)

    def test_a_chain_multiplies(self):
        self.env["parts.catalog.supersession"].create(
            {
                "old_number": NEW,
                "new_number": "5WA 615 301",
                "make_id": self.vw.id,
                "ratio": 3,
            }
        )
        self._add_number(self.filter, "5WA 615 301")
        self.assertEqual(self._sold(OLD, 1, part=self.filter), 6)
        self.assertEqual(self._sold(NEW, 1, part=self.filter), 3)

    def test_the_finder_says_so(self):
        hits = self._find(OLD)
        ratio_of = {hit["product_id"]: hit["ratio"] for hit in hits}
        self.assertEqual(ratio_of, {self.ecu.id: 1, self.ecu_b.id: 2})
        self.assertEqual(
            hits[0]["path"],
            "5Q0 615 301 F (Volkswagen) replaces 1K0 615 301 since 2019, 2 for each",
        )

    def _alternative(self, part, other, **options):
        items = (
            self.env["product.product"]
            .with_user(self.salesperson)
            .parts_alternatives(part.id, **options)
        )
        [item] = [item for item in items if item["product_id"] == other.id]
        return item["quantity"]

    def test_alternatives_say_how_many(self):
        self.assertEqual(self._alternative(self.ecu, self.ecu_b, quantity=3), 6)
        # the part itself, and the way back
        self.assertEqual(self._alternative(self.ecu, self.ecu, quantity=3), 3)
        self.step.two_way = True
        self.assertEqual(self._alternative(self.ecu_b, self.ecu, quantity=4), 4)

    def test_alternatives_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        asked = {"quantity": 1, "uom_id": dozen.id}
        # one dozen old is two dozen new
        self.assertEqual(self._alternative(self.ecu, self.ecu_b, **asked), 24)
        self.ecu_b.uom_id = dozen
        self.assertEqual(self._alternative(self.ecu, self.ecu_b, **asked), 2)
        # of hours no pieces can be made
        self.ecu_b.uom_id = self.env.ref("uom.product_uom_hour")
        self.assertEqual(self._alternative(self.ecu, self.ecu_b, quantity=3), 6)

    def test_an_enquiry_is_quoted_by_the_ratio(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Garage",
                "type": "opportunity",
                "partner_id": self.partner.id,
                "parts_enquiry_line_ids": [
                    (0, 0, {"query": OLD, "quantity": 2, "product_id": self.ecu_b.id}),
                    (0, 0, {"query": NEW, "quantity": 2, "product_id": self.ecu_b.id}),
                ],
            }
        )
        order = lead.parts_enquiry_line_ids._create_quotation()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [4, 2])
