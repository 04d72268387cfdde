from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestShippingCost(FurtherCommon):
    """paths.md B: the carrier's real price comes when the goods leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse_user = cls._new_user("warehouse", "stock.group_stock_user")
        charge = cls.env["product.product"].create(
            {
                "name": "Express",
                "type": "service",
                "list_price": 40.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Express",
                "delivery_type": "fixed",
                "fixed_price": 40.0,
                "invoice_policy": "real",
                "integration_level": "rate_and_ship",
                "product_id": charge.id,
            }
        )
        cls.order = cls._new_order()
        cls.order.set_delivery_line(cls.carrier, 40.0)

    def _deliver(self):
        picking = self.order.sudo().picking_ids.with_user(self.warehouse_user)
        picking.picking_type_id.sudo().print_label = True
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _delivery_line(self):
        return self.order.order_line.filtered("is_delivery")

    def test_real_cost_is_let_in_and_flagged(self):
        self._new_file(100.0)
        self.order.action_confirm()
        self.assertEqual(self._delivery_line().price_unit, 0.0)
        self._deliver()
        self.assertEqual(self._delivery_line().price_unit, 40.0)
        self._assert_grown(self.order, 40.0)

    def test_the_next_gate_stands(self):
        file = self._new_file(150.0)
        self.order.action_confirm()
        self._deliver()
        # 140.00 are used: 10.01 more are refused, and 10.00 are not
        line = self.order.order_line.filtered(lambda line: not line.is_delivery)
        self._assert_refused(
            lambda: line.write({"price_unit": 110.01}), "beyond the credit limit"
        )
        line.price_unit = 110.0
        self.assertEqual(file.exposure, 150.0)

    def test_a_salesperson_has_no_such_way(self):
        self._new_file(100.0)
        self.order.action_confirm()
        line = self._delivery_line()
        self._assert_refused(
            lambda: line.write({"price_unit": 40.0}), "beyond the credit limit"
        )

    def test_switched_off_nothing_is_flagged(self):
        self.company.parts_credit_control = False
        self.order.action_confirm()
        self._deliver()
        self.assertFalse(self.env["parts.approval.growth"].search([]))
