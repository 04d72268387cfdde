import uuid

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import CommonPosTest

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestPointOfSale(FurtherCommon, CommonPosTest):
    """paths.md B: the till settles a quotation; the money is taken already.

    A refusal would stop the till from handing in its sales.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.available_in_pos = True
        cls.till = cls.pos_config_usd
        cls.deposit = cls.env["product.product"].create(
            {
                "name": "Deposit",
                "type": "service",
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
            }
        )
        cls.till.down_payment_product_id = cls.deposit
        cls.till.open_ui()

    def _settle(self, order, paid):
        """Hand in a sale of the till that settles ``order``, paid with ``paid``."""
        line = {
            "product_id": self.part.id,
            "qty": paid / 100.0,
            "price_unit": 100.0,
            "sale_order_line_id": order.order_line.id,
        }
        return self._hand_in(order, paid, line)

    def _pay_down(self, order, paid):
        """Hand in a sale of the till that takes a down payment for ``order``."""
        line = {"product_id": self.deposit.id, "qty": 1, "price_unit": paid}
        return self._hand_in(order, paid, line)

    def _hand_in(self, order, paid, line):
        method = self.till.payment_method_ids.filtered("is_cash_count")[:1]
        sale = {
            "uuid": str(uuid.uuid4()),
            "name": "Order 00001",
            "session_id": self.till.current_session_id.id,
            "user_id": self.env.uid,
            "partner_id": order.partner_id.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "to_invoice": False,
            "amount_paid": paid,
            "amount_total": paid,
            "amount_return": 0,
            "amount_tax": 0,
            "lines": [
                Command.create(
                    {
                        "price_subtotal": paid,
                        "price_subtotal_incl": paid,
                        "discount": 0,
                        "pack_lot_ids": [],
                        "tax_ids": [],
                        "sale_order_origin_id": order.id,
                        **line,
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "name": fields.Datetime.now(),
                        "amount": paid,
                        "payment_method_id": method.id,
                    }
                )
            ],
        }
        data = self.env["pos.order"].sync_from_ui([sale])
        return self.env["pos.order"].browse(data["pos.order"][0]["id"])

    def test_what_the_till_took_is_paid(self):
        order = self._new_order()
        sale = self._settle(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self.assertEqual(order.state, "sale")

    def test_what_the_till_did_not_take_is_held_and_stops_no_till(self):
        # 100.00 of 300.00 are paid; there is no credit for the rest
        order = self._new_order(3)
        sale = self._settle(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self._assert_waiting(order)

    def test_with_credit_for_the_rest(self):
        self._new_file(200.0)
        order = self._new_order(3)
        self._settle(order, 100.0)
        self.assertEqual(order.state, "sale")

    # === DOWN PAYMENT === #

    def _flags(self, order):
        return self.env["parts.approval.growth"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def _assert_paid_down(self, order, amount):
        [line] = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        self.assertEqual((line.product_uom_qty, line.price_unit), (0.0, amount))

    def test_down_payment_without_credit_for_the_rest(self):
        order = self._new_order(3)
        sale = self._pay_down(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self._assert_paid_down(order, 100.0)
        self._assert_waiting(order)

    def test_down_payment_with_credit_for_the_rest(self):
        self._new_file(200.0)
        order = self._new_order(3)
        self._pay_down(order, 100.0)
        self._assert_paid_down(order, 100.0)
        self.assertEqual(order.state, "sale")

    def test_down_payment_of_all(self):
        order = self._new_order(3)
        self._pay_down(order, 300.0)
        self.assertEqual(order.state, "sale")

    def test_held_order_is_confirmed_when_the_rest_is_paid(self):
        order = self._new_order(3)
        self._pay_down(order, 100.0)
        self._assert_waiting(order)
        self._pay_down(order, 200.0)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.parts_held)

    def test_down_payment_of_a_confirmed_order_is_no_growth(self):
        file = self._new_file(300.0)
        order = self._new_order(3)
        order.action_confirm()
        file.blocked = True  # nothing more is let pass
        sale = self._pay_down(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self._assert_paid_down(order, 100.0)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._flags(order))
        # and the order may not grow by what was paid down
        line = order.order_line.filtered(lambda line: not line.is_downpayment)
        self._assert_refused(lambda: line.write({"product_uom_qty": 4}), "blocked")

    def test_what_was_paid_down_is_owed_no_more(self):
        self._new_file(300.0)
        order = self._new_order(3)
        order.action_confirm()
        self._assert_refused(self._new_order().action_confirm, "beyond the credit")
        self._pay_down(order, 100.0)
        another = self._new_order()
        another.action_confirm()
        self.assertEqual(another.state, "sale")
        self._assert_refused(self._new_order().action_confirm, "beyond the credit")

    def test_settling_a_confirmed_order_is_no_growth(self):
        file = self._new_file(300.0)
        order = self._new_order(3)
        order.action_confirm()
        file.blocked = True
        sale = self._settle(order, 300.0)
        self.assertEqual(sale.amount_paid, 300.0)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._flags(order))
