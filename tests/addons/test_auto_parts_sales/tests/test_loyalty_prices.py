from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.tests.price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestLoyaltyPrices(PriceCommon):
    # QUO-4: promotions of the company are at authority, what only names one is not

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).action_archive()
        cls.fee = cls.env["product.product"].create({"name": "Off"})

    def _program(self, rule=None, **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "Spring",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create(rule or {"minimum_qty": 1})],
                "reward_ids": [Command.create({"required_points": 1, **reward})],
            }
        )

    def _tenth(self):
        return self._program(
            reward_type="discount",
            discount_mode="percent",
            discount=10.0,
            discount_applicability="order",
        )

    def _claim(self, order):
        order.sudo()._update_programs_and_rewards()
        for coupon, rewards in order.sudo()._get_claimable_rewards().items():
            for reward in rewards:
                order.sudo()._apply_program_reward(reward, coupon)
        return order.order_line.filtered("reward_id")

    def test_discount_of_a_promotion(self):
        self._tenth()
        order = self._priced(100.0, 5)
        self.assertTrue(self._claim(order))
        self.assertAlmostEqual(order.amount_untaxed, 450.0)
        self.assertInside(order)
        self.company.parts_price_promotions = True
        self.assertBeyond(order)
        self.company.parts_price_promotions = False
        self.assertTrue(self._confirms(order))

    def test_more_than_the_promotion_gives(self):
        self._tenth()
        for values in (
            {"price_unit": -80.0},
            {"discount": -300.0},
            {"product_uom_qty": 4},
        ):
            with self.subTest(**values):
                order = self._priced(100.0, 5)
                line = self._claim(order)
                line.with_user(self.seller).write(values)
                self.assertBeyond(order)

    def test_line_that_names_a_promotion_without_its_coupon(self):
        program = self._tenth()
        order = self._priced(100.0, 5)
        self._add(order, -50.0, product_id=self.fee.id, reward_id=program.reward_ids.id)
        self.assertBeyond(order)

    def test_what_the_promotion_asks(self):
        # ten pieces at least
        self._program(
            {"minimum_qty": 10},
            reward_type="discount",
            discount_mode="percent",
            discount=10.0,
            discount_applicability="order",
        )
        order = self._priced(100.0, 10)
        self.assertTrue(self._claim(order))
        self.assertInside(order)
        line = order.order_line.filtered(lambda line: not line.reward_id)
        line.write({"product_uom_qty": 4, "price_unit": 100.0})
        self.assertBeyond(order)

    def test_free_part(self):
        # one for each five
        gift = self.env["product.product"].create({"name": "Pads", "list_price": 50.0})
        self._program(
            {
                "reward_point_mode": "unit",
                "reward_point_amount": 1,
                "product_ids": [Command.set(self.part.ids)],
            },
            required_points=5,
            reward_type="product",
            reward_product_id=gift.id,
            reward_product_qty=1,
        )
        order = self._priced(100.0, 10)
        lines = self._claim(order)
        self.assertEqual(sum(lines.mapped("product_uom_qty")), 2)
        self.assertInside(order)
        for values in (
            {"product_uom_qty": 3},
            {"price_unit": -100.0, "discount": 0.0},
            {"product_id": self.part.id},
        ):
            with self.subTest(**values), self.cr.savepoint() as undo:
                lines[0].with_user(self.seller).write(values)
                self.assertBeyond(order)
                undo.close(rollback=True)
            self.env.invalidate_all()
        for _number in range(3):
            lines[0].copy({"order_id": order.id})
        self.assertBeyond(order)
