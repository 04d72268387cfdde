import os

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged

from .race_common import RaceCommon

# PARTS_CREDIT_RACES=100 runs each race a hundred times, of twenty callers
RACES = int(os.environ.get("PARTS_CREDIT_RACES", "0"))
ROUNDS = RACES or 5
CALLERS = 20 if RACES else 6


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

    def test_many_at_once_never_pass_the_limit(self):
        # each of 100.00, the limit lets half of them pass
        limit = 100.0 * CALLERS / 2 + 50.0
        with self._committed() as env:
            first = env["sale.order"].browse(self.order_ids[0])
            orders = env["sale.order"].create(
                [
                    {
                        "company_id": self.company_id,
                        "partner_id": self.customer_id,
                        "user_id": False,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": first.order_line.product_id.id,
                                    "price_unit": 100.0,
                                }
                            )
                        ],
                    }
                    for _ in range(CALLERS - 2)
                ]
            )
            self.order_ids += orders.ids
            self._file(env).credit_limit = limit
        for _round in range(RACES or 1):
            results = self._at_once(*map(self._confirm, self.order_ids))
            # everybody has an answer, and it is a true one
            self.assertEqual(len(results), CALLERS)
            with self._committed() as env:
                orders = env["sale.order"].browse(self.order_ids)
                confirmed = orders.filtered(lambda order: order.state == "sale")
                self.assertEqual(results.count("passed"), len(confirmed))
                self.assertLessEqual(100.0 * len(confirmed), limit)
                if "again" not in results:
                    self.assertEqual(len(confirmed), CALLERS // 2)
                confirmed._action_cancel()
                confirmed.action_draft()

    def _file(self, env):
        return env["parts.credit.file"].search(
            [
                ("partner_id", "=", self.customer_id),
                ("company_id", "=", self.company_id),
            ]
        )

    def test_those_who_share_a_limit_share_the_lock(self):
        # the subsidiary has the head's limit of 150.00
        with self._committed() as env:
            head = self._file(env)
            daughter = env["res.partner"].create({"name": "Race daughter"})
            env["parts.credit.file"].create(
                {
                    "partner_id": daughter.id,
                    "company_id": self.company_id,
                    "group_file_id": head.id,
                    "term_days": 90,
                    "state": "active",
                }
            )
            order = env["sale.order"].browse(self.order_ids[1])
            order.write({"partner_id": daughter.id, "partner_invoice_id": daughter.id})
        self.addCleanup(self._remove_partner, daughter.id)
        results = self._at_once(*map(self._confirm, self.order_ids))
        self.assertEqual(results, ["held", "passed"])

    def _remove_partner(self, partner_id):
        with self._committed() as env:
            partner = env["res.partner"].browse(partner_id)
            files = env["parts.credit.file"].search([("partner_id", "=", partner.id)])
            files.write({"group_file_id": False, "state": "draft"})
            files.unlink()
            orders = env["sale.order"].browse(self.order_ids)
            orders._action_cancel()
            orders.filtered(lambda order: order.partner_id == partner).write(
                {
                    "partner_id": self.customer_id,
                    "partner_invoice_id": self.customer_id,
                    "partner_shipping_id": self.customer_id,
                }
            )
            partner.unlink()
