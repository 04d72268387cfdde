import threading
from unittest.mock import patch
from uuid import uuid4

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name

from odoo.addons.auto_parts_sales.exceptions import GateError


@tagged("post_install", "-at_install")
class TestCreditRace(BaseCase):
    """CRD-4: two orders confirmed at the same moment, on two real connections.

    The data is committed, so that both connections see it, and deleted afterwards.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            company.parts_credit_control = True
            customer = env["res.partner"].create({"name": "Race customer"})
            product = env["product.product"].create(
                {
                    "name": "Race part",
                    "type": "service",
                    "list_price": 100.0,
                    "taxes_id": [Command.clear()],
                }
            )
            env["parts.credit.file"].create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "credit_limit": 150.0,
                    "term_days": 90,
                    "state": "active",
                }
            )
            orders = env["sale.order"].create(
                [
                    {
                        "company_id": company.id,
                        "partner_id": customer.id,
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "price_unit": 100.0}
                            )
                        ],
                    }
                    for _ in range(2)
                ]
            )
            self.ids = {
                "company": company.id,
                "customer": customer.id,
                "product": product.id,
                "orders": orders.ids,
            }
        self.addCleanup(self._remove)
        # Odoo's own test runner holds the registry's lock while tests run
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            company = env["res.company"].browse(self.ids["company"])
            company.parts_credit_control = False
            orders = env["sale.order"].browse(self.ids["orders"])
            orders._action_cancel()
            orders.unlink()
            files = env["parts.credit.file"].search([("company_id", "=", company.id)])
            files.state = "draft"
            files.unlink()
            env["product.product"].browse(self.ids["product"]).unlink()
            env["res.partner"].browse(self.ids["customer"]).unlink()

    def _at_once(self, *acts):
        """Run ``acts``, pairs of an order's id and a function of the order, at the
        same moment, each on a connection of its own as a request would; return the
        list of what became of them: ``passed`` or ``held``.
        """
        barrier, results = threading.Barrier(len(acts)), []

        def request(order_id, act):
            def run():
                order = env["sale.order"].browse(order_id)
                order.fetch(["state"])  # the snapshot of this transaction begins here
                if not waited:
                    waited.append(True)
                    barrier.wait(timeout=30)
                act(order)

            waited = []
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                try:
                    retrying(run, env)
                    results.append("passed")
                except GateError:
                    cr.rollback()
                    results.append("held")

        threads = [threading.Thread(target=request, args=act) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    def test_two_at_once_never_pass_the_limit(self):
        for _round in range(5):
            results = self._at_once(
                *((order_id, confirm) for order_id in self.ids["orders"])
            )
            self.assertEqual(sorted(results), ["held", "passed"])
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                orders = env["sale.order"].browse(self.ids["orders"])
                self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])
                orders._action_cancel()
                orders.action_draft()

    def test_edit_and_confirmation_at_the_same_moment(self):
        # CTL-3: what is confirmed is what was judged, whoever comes first
        order_id = self.ids["orders"][0]
        for _round in range(5):
            results = self._at_once((order_id, confirm), (order_id, triple))
            self.assertEqual(sorted(results), ["held", "passed"])
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                order = env["sale.order"].browse(order_id)
                self.assertIn(
                    (order.state, order.order_line.product_uom_qty),
                    [("sale", 1.0), ("draft", 3.0)],
                )
                order._action_cancel()
                order.action_draft()
                order.order_line.product_uom_qty = 1

    def test_two_edits_of_confirmed_orders_at_the_same_moment(self):
        # each may grow by 50.00, not both
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            orders = env["sale.order"].browse(self.ids["orders"])
            orders.order_line.price_unit = 50.0
            orders.action_confirm()
        results = self._at_once(
            *((order_id, double) for order_id in self.ids["orders"])
        )
        self.assertEqual(sorted(results), ["held", "passed"])


def confirm(order):
    order.action_confirm()


def triple(order):
    order.order_line.product_uom_qty = 3


def double(order):
    order.order_line.product_uom_qty = 2
