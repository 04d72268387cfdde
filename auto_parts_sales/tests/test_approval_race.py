from uuid import uuid4

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

    def test_two_conflicting_duties_given_at_once(self):
        # CTL-2: each alone is fine; together they are refused
        with self._committed() as env:
            company = env["res.company"].browse(self.company_id)
            company.parts_duty_refuse = True
            clerk = env["res.users"].create(
                {
                    "name": "Race clerk",
                    "login": f"race {uuid4()}",
                    "company_ids": company.ids,
                    "company_id": company.id,
                    "group_ids": [env.ref("base.group_user").id],
                }
            )
        seller, receivables = (
            "sales_team.group_sale_salesman",
            "auto_parts_sales.group_parts_receivables_clerk",
        )

        def give(role):
            # one through the user, the other through the role
            def by_user(env):
                env["res.users"].browse(clerk.id).group_ids += env.ref(role)

            def by_role(env):
                env.ref(role).user_ids += env["res.users"].browse(clerk.id)

            return by_user if role == seller else by_role

        try:
            for _round in range(ROUNDS):
                results = self._at_once(
                    (self.decider_id, give(seller)),
                    (self.decider_id, give(receivables)),
                )
                self.assertEqual(results, ["held", "passed"])
                with self._committed() as env:
                    user = env["res.users"].browse(clerk.id)
                    user.group_ids -= env.ref(seller) | env.ref(receivables)
        finally:
            with self._committed() as env:
                env["res.users"].browse(clerk.id).unlink()
                env["res.company"].browse(self.company_id).parts_duty_refuse = False
