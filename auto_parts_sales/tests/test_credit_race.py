from odoo import SUPERUSER_ID
from odoo.tests import tagged

from .race_common import RaceCommon

ROUNDS = 5


@tagged("post_install", "-at_install")
class TestCreditRace(RaceCommon):
    # CRD-4, CTL-3: a limit of 150.00, two orders of 100.00

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            env["parts.credit.file"].create(
                {
                    "partner_id": self.customer_id,
                    "company_id": self.company_id,
                    "credit_limit": 150.0,
                    "term_days": 90,
                    "state": "active",
                }
            )

    def _confirm(self, order_id):
        return SUPERUSER_ID, lambda env: (
            env["sale.order"].browse(order_id).action_confirm()
        )

    def _order(self, order_id, quantity):
        """Return an act that sets the quantity of an order."""

        def act(env):
            line = env["sale.order"].browse(order_id).order_line
            line.product_uom_qty = quantity

        return SUPERUSER_ID, act

    def test_two_at_once_never_pass_the_limit(self):
        for _round in range(ROUNDS):
            results = self._at_once(*map(self._confirm, self.order_ids))
            self.assertEqual(results, ["held", "passed"])
            with self._committed() as env:
                orders = env["sale.order"].browse(self.order_ids)
                self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])
                orders._action_cancel()
                orders.action_draft()

    def test_edit_and_confirmation_at_the_same_moment(self):
        # what is confirmed is what was judged, whoever comes first
        order_id = self.order_ids[0]
        for _round in range(ROUNDS):
            results = self._at_once(
                self._confirm(order_id), self._order(order_id, quantity=3)
            )
            self.assertEqual(results, ["held", "passed"])
            with self._committed() as env:
                order = env["sale.order"].browse(order_id)
                self.assertIn(
                    (order.state, order.order_line.product_uom_qty),
                    [("sale", 1.0), ("draft", 3.0)],
                )
                order._action_cancel()
                order.action_draft()
                order.order_line.product_uom_qty = 1

    def test_two_confirmed_orders_that_grow_at_the_same_moment(self):
        # each may grow by 50.00, not both
        with self._committed() as env:
            orders = env["sale.order"].browse(self.order_ids)
            orders.order_line.price_unit = 50.0
            orders.action_confirm()
        results = self._at_once(
            *(self._order(order_id, quantity=2) for order_id in self.order_ids)
        )
        self.assertEqual(results, ["held", "passed"])
