from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestLoyalty(FurtherCommon):
    """paths.md B: coupons and rewards, and an order that they bring to zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).action_archive()
        cls.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")

    @classmethod
    def _new_coupon(cls, discount):
        """Return a coupon of one point for ``discount`` per cent off the order."""
        program = cls.env["loyalty.program"].create(
            {
                "name": f"{discount} % off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": discount,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        wizard = cls.env["loyalty.generate.wizard"].with_context(active_id=program.id)
        wizard.create({"coupon_qty": 1, "points_granted": 1}).generate_coupons()
        return program.coupon_ids

    def _redeem(self, order, coupon):
        status = order._try_apply_code(coupon.code)
        self.assertNotIn("error", status)
        order._apply_program_reward(status[coupon], coupon)
        return order.order_line.filtered("is_reward_line")

    def test_held_order_keeps_its_coupon(self):
        order, coupon = self._new_order(), self._new_coupon(10)
        reward = self._redeem(order, coupon)
        self._assert_refused(order.action_confirm)
        self.assertEqual(order.state, "draft")
        self.assertTrue(reward.exists())
        self.assertEqual(coupon.points, 1)
        self.assertEqual(order.amount_total, 90.0)

    def test_reward_counts_at_the_gate(self):
        # 100.00 less 10 % = 90.00
        file = self._new_file(89.0)
        order, coupon = self._new_order(), self._new_coupon(10)
        self._redeem(order, coupon)
        error = self._assert_refused(order.action_confirm, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 1.0)
        file.credit_limit = 90.0
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(coupon.points, 0)

    def test_taking_a_reward_off_a_confirmed_order_is_growth(self):
        # 200.00 less 10 % = 180.00; without the reward 200.00
        file = self._new_file(190.0)
        order = self._new_order(2)
        reward = self._redeem(order, self._new_coupon(10))
        order.action_confirm()
        # Odoo itself refuses to delete it
        with self.assertRaisesRegex(UserError, "can't remove"), self.cr.savepoint():
            reward.unlink()
        for change in ({"product_uom_qty": 0}, {"price_unit": 0}):
            error = self._assert_refused(
                lambda change=change: reward.write(change), "beyond the credit limit"
            )
            self.assertEqual(error.blocks[0]["amount"], 10.0)
        self._assert_refused(reward._reset_loyalty, "beyond the credit limit")
        file.credit_limit = 200.0
        reward.product_uom_qty = 0
        self.assertEqual(order.amount_total, 200.0)

    def test_taking_a_reward_off_when_the_approval_is_spent(self):
        order = self._new_order(2)
        reward = self._redeem(order, self._new_coupon(10))
        self._ask(order).with_user(self.manager).action_approve()
        order.action_confirm()
        self._assert_refused(lambda: reward.write({"product_uom_qty": 0}))
        self.assertEqual(order.amount_total, 180.0)

    def test_a_reward_added_to_a_confirmed_order_is_no_growth(self):
        self._new_file(200.0)
        order = self._new_order(2)
        order.action_confirm()
        self._redeem(order, self._new_coupon(10))
        self.assertEqual(order.amount_total, 180.0)

    def test_cancelling_takes_the_reward_away(self):
        # Odoo deletes the negative lines of what it cancels: nobody owes that
        self._new_file(180.0)
        order = self._new_order(2)
        reward = self._redeem(order, self._new_coupon(10))
        order.action_confirm()
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertFalse(reward.exists())

    def test_zero_total_is_no_claim(self):
        order = self._new_order()
        self._redeem(order, self._new_coupon(100))
        self.assertEqual(order.amount_total, 0.0)
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.sudo().invoice_ids.mapped("state"), ["posted"])

    def test_zero_total_that_is_held_is_not_invoiced(self):
        # sale_loyalty invoices after super()._validate_order(), held or not
        self._require_reference()
        order, coupon = self._new_order(), self._new_coupon(100)
        self._redeem(order, coupon)
        with self._without_confirmation_mail():
            order.sudo()._validate_order()
        self._assert_waiting(order)
        self.assertEqual(coupon.points, 1)
        # and once it may, everything comes as it would have
        order.client_order_ref = "XD-1"
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.parts_held)
        self.assertEqual(coupon.points, 0)
        self.assertEqual(order.sudo().invoice_ids.mapped("state"), ["posted"])

    def test_held_with_a_coupon_and_something_to_pay(self):
        order, coupon = self._new_order(), self._new_coupon(10)
        self._redeem(order, coupon)
        with self._without_confirmation_mail():
            order.sudo()._validate_order()
        self._assert_waiting(order)
        self.assertEqual(coupon.points, 1)
        self.assertEqual(order.amount_total, 90.0)
