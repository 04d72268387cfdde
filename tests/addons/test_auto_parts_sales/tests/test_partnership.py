from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestPartnership(FurtherCommon):
    """paths.md B: a level is sold. The app gives it after super(), to all customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Gold prices"})
        cls.gold = cls.env["res.partner.grade"].create(
            {"name": "Gold workshop", "default_pricelist_id": cls.pricelist.id}
        )
        cls.service.write({"service_tracking": "partnership", "grade_id": cls.gold.id})

    def test_held_order_gives_no_level(self):
        order = self._new_service_order()
        self._assert_refused(order.action_confirm)
        self.assertFalse(self.customer.grade_id)
        self.assertNotEqual(self.customer.property_product_pricelist, self.pricelist)
        self._new_file(100.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.customer.grade_id, self.gold)
        self.assertEqual(self.customer.property_product_pricelist, self.pricelist)

    def test_several_orders_all_or_none(self):
        good = self.env["res.partner"].create({"name": "Good customer"})
        self._new_file(100.0, customer=good)
        orders = self._new_service_order() | self._new_service_order(customer=good)
        self._assert_refused(orders.action_confirm)
        self.assertFalse((self.customer | good).grade_id)
        self._new_file(100.0)
        orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual((self.customer | good).grade_id, self.gold)

    def test_customer_who_signs_gets_it_when_it_is_confirmed(self):
        order = self._new_service_order()
        order._validate_order()
        self._assert_waiting(order)
        self.assertFalse(self.customer.grade_id)
        self._ask(order).with_user(self.manager).action_approve()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.customer.grade_id, self.gold)
