from odoo import SUPERUSER_ID
from odoo.tests import tagged

from .race_common import RaceCommon

ROUNDS = 3


@tagged("post_install", "-at_install")
class TestApprovalRace(RaceCommon):
    # CTL-3: decisions and edits at the same moment

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            decider = env.ref("base.user_admin")
            decider.company_ids |= env["res.company"].browse(self.company_id)
            self.decider_id = decider.id

    def _remove(self):
        with self._committed() as env:
            decider = env["res.users"].browse(self.decider_id)
            decider.company_ids -= env["res.company"].browse(self.company_id)
        return super()._remove()

    def _ask(self):
        with self._committed() as env:
            order = env["sale.order"].browse(self.order_ids[0])
            order.parts_approval_ids.unlink()
            order.order_line.product_uom_qty = 1
            order.action_parts_request_approval("Race")
            return order.parts_approval_ids.id

    def _approve(self, approval_id):
        return self.decider_id, lambda env: (
            env["parts.approval"].browse(approval_id).action_approve()
        )

    def _refuse(self, approval_id):
        return self.decider_id, lambda env: (
            env["parts.approval"].browse(approval_id).action_refuse("No")
        )

    def _state(self, approval_id):
        with self._committed() as env:
            approval = env["parts.approval"].browse(approval_id)
            return approval.state, len(approval.decision_ids)

    def test_two_decisions_at_once_are_one(self):
        for _round in range(ROUNDS):
            approval_id = self._ask()
            results = self._at_once(
                self._approve(approval_id), self._refuse(approval_id)
            )
            self.assertEqual(results, ["held", "passed"])
            self.assertEqual(self._state(approval_id)[1], 1)

    def test_an_edit_and_an_approval_at_once(self):
        # whoever is first: what was asked for 100.00 never stands for 200.00
        def edit(env):
            env["sale.order"].browse(self.order_ids[0]).order_line.product_uom_qty = 2

        for _round in range(ROUNDS):
            approval_id = self._ask()
            self._at_once(self._approve(approval_id), (SUPERUSER_ID, edit))
            self.assertEqual(self._state(approval_id)[0], "void")
