from odoo.tests import HttpCase, tagged

from .common import PartsCommon


class FindPartsCommon(PartsCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Counter Garage"})
        cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_fitment(cls.ecu, cls.golf)

    def _get_quotation(self):
        return self.env["sale.order"].search([("partner_id", "=", self.customer.id)])


@tagged("post_install", "-at_install")
class TestFindPartsTour(FindPartsCommon):
    """The screen "Find parts" by keyboard alone (CAT-9, INQ-2)."""

    def test_sells(self):
        self.start_tour("/odoo", "parts_find_sells", login="parts_salesperson")

        order = self._get_quotation()
        self.assertRecordValues(
            order,
            [
                {
                    "user_id": self.salesperson.id,
                    "parts_vehicle_id": self.golf.id,
                    "state": "draft",
                }
            ],
        )
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.ecu.id,
                    "product_uom_qty": 2,
                    "parts_number_asked": "5g0906259c",
                },
                {
                    "product_id": self.filter.id,
                    "product_uom_qty": 1,
                    "parts_number_asked": False,
                },
            ],
        )


@tagged("post_install", "-at_install")
class TestFindPartsPhone(FindPartsCommon):
    """The same on a phone, by touch."""

    browser_size = "390x844"
    touch_enabled = True

    def test_sells(self):
        self.start_tour(
            "/odoo/find-parts", "parts_find_on_a_phone", login="parts_salesperson"
        )
        self.assertEqual(self._get_quotation().order_line.product_id, self.ecu)


@tagged("post_install", "-at_install")
class TestCatalogueTour(FindPartsCommon):
    """A vehicle chosen in the product catalogue of a quotation (CAT-9)."""

    def test_vehicle(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "user_id": self.salesperson.id}
        )
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "parts_catalogue_vehicle",
            login="parts_salesperson",
        )
        self.assertEqual(order.parts_vehicle_id, self.golf)
        self.assertRecordValues(
            order.order_line,
            [{"product_id": self.ecu.id, "parts_number": "5G0 906 259 C"}],
        )


@tagged("post_install", "-at_install")
class TestUnitJs(HttpCase):
    """The unit tests of the addon's own JavaScript, in Odoo's runner."""

    def test_unit(self):
        suite = "@auto_parts_sales"
        job = 0
        for char in suite:
            job = ((job << 5) - job + ord(char)) & 0xFFFFFFFF
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={job:08x}",
            code="",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
