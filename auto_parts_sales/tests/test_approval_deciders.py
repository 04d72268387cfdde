import re

from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX
from .deciders_common import DecidersCommon


@tagged("post_install", "-at_install")
class TestApprovalDecidersList(DecidersCommon):
    def test_a_long_list_costs_no_more_queries_than_a_short_one(self):
        self._limit(self.role, amount=1000.0)
        approvals = self.env["parts.approval"].union(
            *(self._ask(self._new_order(1)) for _number in range(12))
        )

        def cost(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            steps = some.sudo()._steps_of(self.manager)
            self.assertTrue(all(steps.values()))
            return self.cr.sql_log_count - before

        cost(approvals)  # fills the caches that outlive a transaction
        self.assertEqual(cost(approvals[:2]), cost(approvals))


@tagged("post_install", "-at_install")
class TestApprovalDecidersNobody(DecidersCommon):
    # architecture: if nobody may decide, the request says so and administrators are
    # told; roles held only through full rights count as unheld

    def _only_manager(self):
        """Let the manager be the only one who holds the step by name."""
        self._steps({"user_ids": [Command.set(self.manager.ids)]})

    def test_every_holder_barred(self):
        self._only_manager()
        order = self._new_order(3, user=self.manager)
        approval = self._ask(order, user=self.manager)
        self.assertRegex(
            approval.nobody_note,
            f"Nobody may decide as “{re.escape(self.manager.name)}”",
        )
        self.assertRegex(order.parts_gate_html, "Nobody may decide")
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "parts.approval"), ("res_id", "=", approval.id)]
        )
        for administrator in (self.administrator, self.env.ref("base.user_admin")):
            mine = activities.filtered(lambda a, u=administrator: a.user_id == u)
            self.assertEqual(len(mine), 1, activities.user_id.mapped("login"))
            self.assertRegex(str(mine.note), "Nobody may decide")
        bodies = "".join(order.sudo().message_ids.mapped("body"))
        self.assertIn("Nobody may decide", bodies)

    def test_somebody_may(self):
        order = self._new_order(3)
        approval = self._ask(order)
        self.assertFalse(approval.nobody_note)
        self.assertNotIn("Nobody", order.parts_gate_html)
        summaries = approval.sudo().activity_ids.mapped("summary")
        self.assertFalse([s for s in summaries if "Nobody" in s])

    def test_a_later_step_is_looked_at_when_it_is_asked(self):
        self._steps(
            {"group_id": self.role.id},
            {"sequence": 20, "user_ids": [Command.set(self.seller.ids)]},
        )
        approval = self._ask(self._new_order(3))
        self.assertIn(f"“{self.seller.name}”", approval.nobody_note)

    def test_a_role_that_only_full_rights_hold(self):
        legal = self.env.ref(f"{PREFIX}legal_post")
        self._steps({"group_id": legal.id})
        order = self._new_order(3)
        self.assertRegex(order.parts_gate_html, r"Legal Post \(nobody holds it\)")
        approval = self._ask(order)
        self.assertRegex(approval.nobody_note, "Nobody holds “Legal Post”")
        self._assert_may(approval, self.administrator)
        approval.with_user(self.administrator).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_a_role_that_nobody_holds_at_all(self):
        group = self.env["res.groups"].create({"name": "Council"})
        self._steps({"group_id": group.id})
        approval = self._ask(self._new_order(3))
        self.assertRegex(approval.nobody_note, "Nobody holds “Council”.*has to give")
        self.assertEqual(approval.state, "pending")
        for user in (self.manager, self.administrator):
            self._assert_may(approval, user, False)

    def test_if_there_is_one(self):
        # only administrators hold it: there is none, and that is recorded
        legal = self.env.ref(f"{PREFIX}legal_post")
        self._steps(
            {"group_id": legal.id, "optional": True},
            {"sequence": 20, "group_id": self.role.id},
        )
        order = self._new_order(3)
        self.assertRegex(order.parts_gate_html, r"Legal Post \(skipped")
        approval = self._ask(order)
        self.assertEqual(approval.step_ids.mapped("state"), ["skipped", "pending"])
        self._new_user("legal", f"{PREFIX}legal_post")
        again = self._ask(self._new_order(2))
        self.assertEqual(again.step_ids.mapped("state"), ["pending", "pending"])

    def test_a_barred_holder_is_no_reason_to_skip(self):
        # the only legal post asks himself: his check is not left out for that
        lawyer = self._new_user(
            "lawyer", f"{PREFIX}legal_post", "sales_team.group_sale_salesman_all_leads"
        )
        legal = self.env.ref(f"{PREFIX}legal_post")
        self._steps(
            {"group_id": legal.id, "optional": True},
            {"sequence": 20, "group_id": self.role.id},
        )
        approval = self._ask(self._new_order(3), user=lawyer)
        self.assertEqual(approval.step_ids.mapped("state"), ["pending", "pending"])

    def test_an_owner_with_full_rights_and_a_role_by_name(self):
        # a small firm: the owner administrates and is general manager
        self.administrator.group_ids += self.env.ref(f"{PREFIX}general_manager")
        self.general_manager.active = False
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")]
        )[1]
        self.assertEqual(rule.step_ids._holders(), self.administrator)
        self.assertFalse(rule.unheld_warning)
