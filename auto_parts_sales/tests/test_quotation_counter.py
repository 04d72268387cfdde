from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestQuotationCounter(PartsCommon):
    """Adding parts at the counter (INQ-2; screen "Find parts")."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Order = cls.env["sale.order"].with_user(cls.salesperson).sudo(False)
        cls.customer = cls.env["res.partner"].create({"name": "Counter Garage"})
        cls._add_number(cls.ecu, "5G0 906 259 C")

    def _add(self, order=None, product=None, **values):
        order = self.Order if order is None else order
        values.setdefault("partner_id", self.customer.id)
        return order.parts_add_part((product or self.ecu).id, **values)

    def _order(self, added):
        return self.Order.browse(added["id"])

    def test_first_part_starts_a_quotation(self):
        added = self._add(
            number_asked=" 5g0-906-259-c ", quantity=2, vehicle_id=self.golf.id
        )

        order = self._order(added)
        self.assertRecordValues(
            order,
            [
                {
                    "partner_id": self.customer.id,
                    "state": "draft",
                    "user_id": self.salesperson.id,
                    "parts_vehicle_id": self.golf.id,
                }
            ],
        )
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.ecu.id,
                    "product_uom_qty": 2,
                    "parts_number_asked": "5g0-906-259-c",
                    "parts_number": "5G0 906 259 C",
                    "parts_own_vehicle_id": False,
                }
            ],
        )
        self.assertEqual(added["line_count"], 1)
        self.assertEqual(added["quantities"], {self.ecu.id: 2})
        self.assertEqual(added["line"]["quantity"], 2)
        self.assertEqual(added["amount_total"], order.amount_total)

    def test_same_part_again_raises_the_quantity(self):
        order = self._order(self._add(number_asked="5G0906259C"))
        again = self._add(order, number_asked="5g0 906 259 c", quantity=3)

        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(again["line"]["quantity"], 4)
        self.assertEqual(again["quantities"], {self.ecu.id: 4})

    def test_another_number_or_vehicle_is_another_line(self):
        order = self._order(self._add(number_asked="5G0906259C"))
        self._add(order, number_asked="5G0906259A")
        self._add(order, number_asked="5G0906259C", vehicle_id=self.passat.id)

        self.assertEqual(len(order.order_line), 3)
        self.assertEqual(order.order_line[2].parts_vehicle_id, self.passat)
        self.assertFalse(order.parts_vehicle_id)

    def test_an_empty_quotation_takes_the_vehicle(self):
        order = self.Order.create({"partner_id": self.customer.id})
        self._add(order, vehicle_id=self.golf.id)

        self.assertEqual(order.parts_vehicle_id, self.golf)
        self.assertFalse(order.order_line.parts_own_vehicle_id)

    def test_the_customer_s_own_vehicle_brings_its_vin(self):
        own = self.env["parts.customer.vehicle"].create(
            {
                "partner_id": self.customer.id,
                "vehicle_id": self.golf.id,
                "vin": "LFV2A21K5G4000001",
            }
        )
        chosen = {"customer_vehicle_id": own.id}
        order = self._order(self._add(vehicle_id=self.golf.id, **chosen))
        self.assertEqual(order.parts_customer_vehicle_id, own)
        self.assertEqual(order.parts_vehicle_id, self.golf)
        self.assertEqual(order.parts_vin, "LFV2A21K5G4000001")
        # another vehicle than the one named: nothing is taken from it
        order = self._order(self._add(vehicle_id=self.passat.id, **chosen))
        self.assertFalse(order.parts_customer_vehicle_id)
        self.assertEqual(order.parts_vehicle_id, self.passat)

    def test_a_part_goes_to_the_end(self):
        order = self._order(self._add())
        order.order_line.sequence = 40
        self._add(order, self.filter)

        self.assertEqual(order.order_line[-1].product_id, self.filter)

    def test_a_warning_of_the_fit_is_told(self):
        self._add_fitment(self.ecu, self.golf, source_id=self.source.id)
        fitting = self._add(vehicle_id=self.golf.id)
        self.assertFalse(fitting["line"]["warning"])

        added = self._add(vehicle_id=self.passat.id)
        self.assertIn("does not fit", added["line"]["warning"])

    def test_quantities_are_in_the_product_s_own_unit(self):
        order = self._order(self._add(quantity=1))
        dozen = self.env.ref("uom.product_uom_dozen")
        order.order_line.write({"product_uom_id": dozen.id})
        added = self._add(order, quantity=1)

        # 12 of the dozen, and a line of its own for the one
        self.assertEqual(len(order.order_line), 2)
        self.assertEqual(added["quantities"], {self.ecu.id: 13})

    def test_refused(self):
        order = self._order(self._add())
        for quantity in (0, -1, float("nan"), float("inf"), "2", True, None):
            with (
                self.subTest(quantity=quantity),
                self.assertRaisesRegex(UserError, "above zero"),
            ):
                self._add(order, quantity=quantity)
        with self.assertRaisesRegex(UserError, "customer"):
            self._add(partner_id=None)
        self.filter.sale_ok = False
        with self.assertRaisesRegex(UserError, "not sold"):
            self._add(order, self.filter)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "not a quotation any more"):
            self._add(order)

    def test_a_sent_quotation_can_grow(self):
        order = self._order(self._add())
        order.action_quotation_sent()
        self._add(order, self.filter)
        self.assertEqual(len(order.order_line), 2)

    def test_rights_are_the_user_s(self):
        with self.assertRaises(AccessError):
            self.Order.with_user(self.users["warehouse"]).parts_add_part(
                self.ecu.id, partner_id=self.customer.id
            )
        other = self._order(self._add())
        other.sudo().user_id = self.users["sales_manager"]
        with self.assertRaises(AccessError):
            self._add(other)

    def _running(self, partner=None):
        return self.Order.parts_running_quotation((partner or self.customer).id)

    def test_running_is_the_newest_own_valid_draft(self):
        self.assertIs(self._running(), False)
        first = self._order(self._add())
        second = self._order(self._add())
        self.assertEqual(self._running()["id"], second.id)
        self.assertNotIn("line", self._running())

        second.action_quotation_sent()
        self.assertEqual(self._running()["id"], first.id)
        first.validity_date = fields.Date.today() - timedelta(days=1)
        self.assertIs(self._running(), False)
        first.validity_date = fields.Date.today()
        self.assertEqual(self._running()["id"], first.id)
        first.sudo().user_id = self.users["sales_manager"]
        self.assertIs(self._running(), False)
        self.assertIs(self._running(self.partner), False)

    # The product catalogue of a quotation

    def test_the_catalogue_starts_with_the_order_s_vehicle(self):
        order = self.Order.create({"partner_id": self.customer.id})
        context = order.action_add_from_catalog()["context"]
        self.assertEqual(
            context["parts_catalog_vehicle"],
            {"vehicle": False, "customer_id": self.customer.id},
        )
        order.parts_vehicle_id = self.golf
        context = order.action_add_from_catalog()["context"]
        self.assertEqual(
            context["parts_catalog_vehicle"]["vehicle"],
            {"id": self.golf.id, "display_name": self.golf.display_name},
        )

    def test_without_a_parts_catalogue_there_is_no_vehicle_chip(self):
        self.env["parts.catalog.number"].search([]).unlink()
        self.env.registry.clear_cache("stable")
        order = self.Order.create({"partner_id": self.customer.id})
        context = order.action_add_from_catalog()["context"]
        self.assertNotIn("parts_catalog_vehicle", context)
        order.parts_vehicle_id = self.golf
        context = order.action_add_from_catalog()["context"]
        self.assertIn("parts_catalog_vehicle", context)


@tagged("post_install", "-at_install")
class TestQuotationCatalogue(PartsCommon, HttpCase):
    """Parts added in the product catalogue are for the vehicle chosen there."""

    def _update(self, order, product, quantity, vehicle=None):
        chosen = {"parts_vehicle_id": vehicle.id} if vehicle else {}
        self.make_jsonrpc_request(
            "/product/catalog/update_order_line_info",
            {
                "res_model": "sale.order",
                "order_id": order.id,
                "product_id": product.id,
                "quantity": quantity,
                "child_field": "order_line",
                **chosen,
            },
        )

    def test_lines_are_for_the_vehicle(self):
        self._add_number(self.ecu, "5G0 906 259 C")
        self.authenticate("parts_salesperson", "parts_salesperson")
        order = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "user_id": self.salesperson.id}
        )
        self._update(order, self.ecu, 1, self.golf)
        self.assertEqual(order.parts_vehicle_id, self.golf)
        self._update(order, self.filter, 1, self.passat)
        self._update(order, self.ecu_b, 1)
        self._update(order, self.ecu, 2, self.passat)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.ecu.id,
                    "product_uom_qty": 2,
                    "parts_number": "5G0 906 259 C",
                    "parts_vehicle_id": self.golf.id,
                },
                {
                    "product_id": self.filter.id,
                    "product_uom_qty": 1,
                    "parts_number": False,
                    "parts_vehicle_id": self.passat.id,
                },
                {
                    "product_id": self.ecu_b.id,
                    "product_uom_qty": 1,
                    "parts_number": False,
                    "parts_vehicle_id": self.golf.id,
                },
            ],
        )
        info = self.make_jsonrpc_request(
            "/product/catalog/order_lines_info",
            {
                "res_model": "sale.order",
                "order_id": order.id,
                "product_ids": [self.ecu.id],
                "child_field": "order_line",
                "parts_vehicle_id": self.passat.id,
            },
        )
        self.assertEqual(info[str(self.ecu.id)]["quantity"], 2)
