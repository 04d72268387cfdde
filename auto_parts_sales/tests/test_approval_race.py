import threading
from unittest.mock import patch
from uuid import uuid4

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

ROUNDS = 3


@tagged("post_install", "-at_install")
class TestApprovalRace(BaseCase):
    """CTL-3: two at the same moment, on two real connections.

    The data is committed, so that both connections see it, and deleted afterwards.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            company.parts_credit_control = True
            decider = env.ref("base.user_admin")
            decider.company_ids |= company
            customer = env["res.partner"].create({"name": "Race customer"})
            product = env["product.product"].create(
                {"name": "Race part", "type": "service", "taxes_id": [Command.clear()]}
            )
            order = env["sale.order"].create(
                {
                    "company_id": company.id,
                    "partner_id": customer.id,
                    "user_id": False,
                    "order_line": [
                        Command.create({"product_id": product.id, "price_unit": 100.0})
                    ],
                }
            )
            self.ids = {
                "company": company.id,
                "customer": customer.id,
                "product": product.id,
                "order": order.id,
                "decider": decider.id,
            }
        self.addCleanup(self._remove)
        # Odoo's own test runner holds the registry's lock while tests run
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            company = env["res.company"].browse(self.ids["company"])
            company.parts_credit_control = False
            env["res.users"].browse(self.ids["decider"]).company_ids -= company
            order = env["sale.order"].browse(self.ids["order"])
            order.parts_approval_ids.unlink()
            order.unlink()
            env["product.product"].browse(self.ids["product"]).unlink()
            env["res.partner"].browse(self.ids["customer"]).unlink()

    def _ask(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            order = env["sale.order"].browse(self.ids["order"])
            order.parts_approval_ids.unlink()
            order.order_line.product_uom_qty = 1
            order.action_parts_request_approval("Race")
            return order.parts_approval_ids.id

    def _at_once(self, *acts):
        """Run each of ``acts`` on a connection of its own; return how they ended."""
        barrier, results = threading.Barrier(len(acts)), []

        def run(user_id, act):
            waited = []

            def attempt():
                env["sale.order"].browse(self.ids["order"]).fetch(["state"])
                if not waited:  # the snapshots of both begin before
                    waited.append(True)
                    barrier.wait(timeout=30)
                act(env)

            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                try:
                    retrying(attempt, env)
                    results.append("done")
                except UserError:
                    cr.rollback()
                    results.append("late")

        threads = [threading.Thread(target=run, args=pair) for pair in acts]
        with mute_logger("odoo.sql_db"):  # that one of them fails and runs again
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        return sorted(results)

    def _state(self, approval_id):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            approval = env["parts.approval"].browse(approval_id)
            return approval.state, len(approval.decision_ids)

    def test_two_decisions_at_once_are_one(self):
        decider = self.ids["decider"]
        for _round in range(ROUNDS):
            approval_id = self._ask()

            def approve(env, approval_id=approval_id):
                env["parts.approval"].browse(approval_id).action_approve()

            def refuse(env, approval_id=approval_id):
                env["parts.approval"].browse(approval_id).action_refuse("No")

            results = self._at_once((decider, approve), (decider, refuse))
            self.assertEqual(results, ["done", "late"])
            self.assertEqual(self._state(approval_id)[1], 1)

    def test_an_edit_and_an_approval_at_once(self):
        # whoever is first: what was asked for 100.00 never stands for 200.00
        for _round in range(ROUNDS):
            approval_id = self._ask()

            def approve(env, approval_id=approval_id):
                env["parts.approval"].browse(approval_id).action_approve()

            def edit(env):
                order = env["sale.order"].browse(self.ids["order"])
                order.order_line.product_uom_qty = 2
                env["parts.approval"]._void_outdated(order, "confirm")

            self._at_once((self.ids["decider"], approve), (api.SUPERUSER_ID, edit))
            self.assertEqual(self._state(approval_id)[0], "void")
