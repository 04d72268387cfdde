from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRequest(ApprovalCommon):
    # CTL-1, CTL-2, CTL-3, CRD-4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._new_order(3)

    def test_approved_by_the_right_role_it_confirms(self):
        approval = self._ask(self.order)
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.amount, 300.0)
        with self.assertRaises(GateError), self.cr.savepoint():
            self.order.action_confirm()
        approval.with_user(self.manager).action_approve("fine")
        self.assertEqual(approval.state, "approved")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(approval.spent_date)

    def test_who_asked_does_not_decide(self):
        order = self._new_order(user=self.manager)
        approval = self._ask(order, user=self.manager)
        with self.assertRaisesRegex(AccessError, "Somebody else has to decide"):
            approval.with_user(self.manager).action_approve()

    def test_who_made_or_sells_the_order_does_not_decide(self):
        # through a colleague's request for one's own order
        order = self._new_order(user=self.manager)
        colleague = self._new_user("colleague", "sales_team.group_sale_manager")
        approval = self._ask(order, user=colleague)
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).action_approve()
        order.sudo().user_id = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).action_approve()

    def test_who_lacks_the_role_does_not_decide(self):
        approval = self._ask(self.order)
        for user in (self.seller, self.keeper, self.general_manager):
            with self.assertRaises(AccessError):
                approval.with_user(user).action_approve()
        self.assertEqual(approval.state, "pending")

    def test_approver_of_another_company_does_not_decide(self):
        other = self.env["res.company"].create({"name": "Branch"})
        stranger = self._new_user(
            "stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        approval = self._ask(self.order)
        with self.assertRaises(AccessError):
            approval.with_user(stranger).action_approve()

    def test_approver_may_work_in_another_company_right_now(self):
        # nothing reads the session's company
        other = self.env["res.company"].create({"name": "Branch"})
        self.manager.company_ids |= other
        approval = self._ask(self.order)
        approval.with_user(self.manager).with_company(other).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_refusing_wants_a_reason_and_the_asker_reads_it(self):
        approval = self._ask(self.order).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why"):
            approval.action_refuse("  ")
        approval.action_refuse("Pay the old debt first")
        self.assertEqual(approval.state, "refused")
        self.assertRegex(self.order.parts_gate_html, "Pay the old debt first")
        with self.assertRaises(GateError):
            self.order.action_confirm()

    def test_decided_once(self):
        approval = self._ask(self.order).with_user(self.manager)
        approval.action_approve()
        with self.assertRaisesRegex(UserError, "no longer open"):
            approval.action_refuse("changed my mind")

    def test_withdrawn_by_who_asked_only(self):
        approval = self._ask(self.order)
        with self.assertRaises(UserError):
            approval.with_user(self.manager).action_withdraw()
        approval.with_user(self.seller).action_withdraw()
        self.assertEqual(approval.state, "void")

    def test_asked_twice_is_one_request(self):
        self._ask(self.order)
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            self._ask(self.order)

    def test_growth_after_approval_asks_again(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self.order.order_line.product_uom_qty = 4
        with self.assertRaises(GateError), self.cr.savepoint():
            self.order.action_confirm()
        again = self._ask(self.order)
        self.assertEqual(approval.state, "void")
        again.with_user(self.manager).action_approve()
        self.order.action_confirm()

    def test_a_change_that_does_not_hurt_leaves_it_standing(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self.order.order_line.product_uom_qty = 2
        self.order.client_order_ref = "their number 7"
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_tolerance_of_the_rule_at_the_time(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.tolerance = 10.0
        approval = self._ask(self.order)
        rule.tolerance = 0.0  # a later change of the rule leaves it as it was
        approval.with_user(self.manager).action_approve()
        self.order.order_line.price_unit = 110.0
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_beyond_the_tolerance(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.tolerance = 10.0
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self.order.order_line.price_unit = 110.1
        with self.assertRaises(GateError):
            self.order.action_confirm()

    def test_another_customer_is_another_question(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        other = self.env["res.partner"].create({"name": "Unknown garage"})
        self.order.partner_id = other
        with self.assertRaises(GateError):
            self.order.action_confirm()

    def test_spent_stays_spent(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self.order.action_confirm()
        self.order.sudo()._action_cancel()
        self.order.action_draft()
        with self.assertRaises(GateError):
            self.order.action_confirm()

    def test_a_copy_has_no_approval(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        copy = self.order.copy()
        self.assertFalse(copy.parts_approval_ids)
        with self.assertRaises(GateError):
            copy.action_confirm()

    def test_amount_band_chooses_who_decides(self):
        approval = self._ask(self._new_order(1000))  # 100,000.00
        self.assertEqual(
            approval.step_ids.group_id, self.env.ref(f"{PREFIX}general_manager")
        )
        approval = self._ask(self._new_order(999))
        self.assertEqual(
            approval.step_ids.group_id, self.env.ref(f"{PREFIX}sales_manager")
        )

    def test_condition_of_a_rule(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.domain = "[('partner_id.name', '=', 'Somebody else')]"
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            self._ask(self.order)
        self.assertRegex(self.order.parts_gate_html, "No approval rule covers this")

    def test_two_steps_by_two_people(self):
        both = self._new_user(
            "both", "sales_team.group_sale_manager", f"{PREFIX}general_manager"
        )
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.step_ids = [
            Command.create(
                {
                    "sequence": 20,
                    "group_id": self.env.ref(f"{PREFIX}general_manager").id,
                }
            )
        ]
        approval = self._ask(self.order)
        with self.assertRaises(AccessError):  # not his turn yet
            approval.with_user(self.general_manager).action_approve()
        approval.with_user(both).action_approve()
        self.assertEqual(approval.state, "pending")
        with self.assertRaises(AccessError):  # nobody takes two steps
            approval.with_user(both).action_approve()
        approval.with_user(self.general_manager).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_committee_needs_its_votes(self):
        members = [
            self._new_user(f"member{n}", "sales_team.group_sale_salesman_all_leads")
            for n in range(3)
        ]
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.step_ids = [
            Command.clear(),
            Command.create(
                {"user_ids": [Command.set([m.id for m in members])], "voices": 2}
            ),
        ]
        approval = self._ask(self.order)
        approval.with_user(members[0]).action_approve()
        self.assertEqual(approval.state, "pending")
        with self.assertRaises(AccessError):  # one voice each
            approval.with_user(members[0]).action_approve()
        approval.with_user(members[2]).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_optional_step_that_nobody_holds_is_skipped(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        group = self.env["res.groups"].create({"name": "Legal post"})
        rule.step_ids = [
            Command.create({"sequence": 5, "group_id": group.id, "optional": True})
        ]
        approval = self._ask(self.order)
        self.assertEqual(approval.step_ids.mapped("state"), ["skipped", "pending"])
        approval.with_user(self.manager).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_waiting_for_me(self):
        approval = self._ask(self.order)
        approvals = self.env["parts.approval"]
        domain = [("can_decide", "=", True), ("id", "=", approval.id)]
        self.assertEqual(approvals.with_user(self.manager).search(domain), approval)
        self.assertFalse(approvals.with_user(self.seller).search(domain))

    def test_decision_is_in_the_chatter_without_figures(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve("as agreed")
        bodies = "".join(self.order.sudo().message_ids.mapped("body"))
        self.assertIn("as agreed", bodies)
        self.assertNotIn("300", bodies)

    def test_deciders_get_one_activity_each(self):
        self._ask(self.order)
        kind = self.env.ref("auto_parts_sales.mail_activity_type_parts_approval")
        mine = self.order.sudo().parts_approval_ids.activity_ids.filtered(
            lambda a: a.activity_type_id == kind and a.user_id == self.manager
        )
        self.assertEqual(len(mine), 1)


@tagged("post_install", "-at_install")
class TestApprovalAttacks(ApprovalCommon):
    # CTL-3: the records are written by the engine alone

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._new_order(3)
        cls.approval = cls._ask(cls.order)
        cls.attackers = [
            cls.seller,
            cls.manager,
            cls.general_manager,
            cls._new_user("warehouse", "stock.group_stock_manager"),
            cls._new_user("billing", "account.group_account_manager"),
            cls._new_user("parts_admin", f"{PREFIX}administrator"),
            cls.env.ref("base.user_admin"),
        ]

    def _each(self, attack):
        for attacker in self.attackers:
            with self.subTest(attacker=attacker.login):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack(attacker)

    def test_nobody_writes_a_request(self):
        self._each(
            lambda user: self.approval.with_user(user).write({"state": "approved"})
        )

    def test_nobody_creates_an_approved_request(self):
        values = self.approval.sudo().copy_data()[0] | {"state": "approved"}
        self._each(
            lambda user: self.env["parts.approval"].with_user(user).create(values)
        )

    def test_no_default_of_the_context_makes_a_request_approved(self):
        order = self._new_order(2)
        order.with_context(
            default_state="approved", default_tolerance=100.0, default_kind="price"
        ).action_parts_request_approval("please")
        approval = order.sudo().parts_approval_ids
        self.assertEqual(approval.state, "pending")
        self.assertEqual(set(approval.step_ids.mapped("state")), {"pending"})
        self.assertEqual(approval.tolerance, 0.0)
        with self.assertRaises(GateError), self.cr.savepoint():
            order.action_confirm()

    def test_no_default_of_the_context_widens_a_default_rule(self):
        company = self.env["res.company"].create({"name": "New trader"})
        rules = self.env["parts.approval.rule"].sudo()
        rules.with_context(
            default_tolerance=100.0, default_domain="[('id', '=', 0)]"
        )._create_defaults(company, "credit_file")
        # the last one is for whatever no condition is about
        rule = rules.search(
            [("company_id", "=", company.id)], order="sequence desc", limit=1
        )
        self.assertEqual((rule.tolerance, rule.domain), (0.0, "[]"))

    def test_nobody_deletes_a_request(self):
        self._each(lambda user: self.approval.with_user(user).unlink())

    def test_nobody_writes_a_step_or_adds_himself(self):
        steps = self.approval.sudo().step_ids
        self._each(lambda user: steps.with_user(user).write({"state": "approved"}))
        self._each(
            lambda user: steps.with_user(user).write(
                {"user_ids": [Command.link(user.id)]}
            )
        )

    def test_nobody_records_a_decision(self):
        step = self.approval.sudo().step_ids
        self._each(
            lambda user: self.env["parts.approval.decision"]
            .with_user(user)
            .create({"step_id": step.id, "user_id": user.id, "verdict": "approved"})
        )

    def test_nobody_writes_a_request_through_its_document(self):
        self._each(
            lambda user: self.order.with_user(user).write(
                {
                    "parts_approval_ids": [
                        Command.update(self.approval.id, {"state": "approved"})
                    ]
                }
            )
        )

    def test_no_default_in_the_context_makes_an_approved_request(self):
        keys = {
            "default_state": "approved",
            "default_spent_date": False,
            "default_optional": True,
            "default_decided_date": "2026-01-01",
        }
        order = self._new_order(5)
        order.with_context(**keys).action_parts_request_approval("please")
        approval = order.sudo().parts_approval_ids
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.step_ids.mapped("state"), ["pending"])
        with self.assertRaises(GateError):
            order.action_confirm()

    def test_nobody_talks_or_plans_on_a_request(self):
        for attacker in (self.seller, self.keeper):
            mine = self.approval.with_user(attacker)
            for attack in (
                lambda mine: mine.message_post(body="approved"),
                lambda mine: mine.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=mine.env.uid
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack(mine)

    def test_rules_are_the_administrators(self):
        rule = self.env["parts.approval.rule"].search([], limit=1)
        for user in self.attackers[:5]:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rule.with_user(user).write({"active": False})

    def test_a_changed_rule_leaves_running_requests(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        rule.step_ids.group_id = self.env.ref(f"{PREFIX}salesperson")
        with self.assertRaises(AccessError):
            self.approval.with_user(
                self._new_user("friend", "sales_team.group_sale_salesman_all_leads")
            ).action_approve()

    def test_approvals_of_documents_one_cannot_read(self):
        other = self._new_user(
            "other_seller",
            "sales_team.group_sale_salesman",
            "base.group_allow_export",
        )
        mine = self.approval.with_user(other)
        self.assertFalse(mine.search([("id", "=", self.approval.id)]))
        self.assertFalse(mine.search_count([("id", "=", self.approval.id)]))
        self.assertFalse(
            mine._read_group([("id", "=", self.approval.id)], ["state"], ["__count"])
        )
        for read in (
            lambda: mine.read(["message"]),
            lambda: mine.export_data(["message"]),
            lambda: mine.step_ids.with_user(other).read(["state"]),
        ):
            with self.assertRaises(AccessError):
                mine.invalidate_recordset()
                read()
        steps = self.env["parts.approval.step"].with_user(other)
        self.assertFalse(steps.search([("approval_id", "=", self.approval.id)]))

    def test_private_methods_stay_private(self):
        # RPC refuses names that begin with an underscore; nothing public writes
        public = {
            name
            for name in dir(type(self.approval))
            if name.startswith("action_")
            and name not in dir(self.env.registry["parts.credit.lock"])
            and name not in dir(self.env.registry["mail.activity.mixin"])
        }
        self.assertEqual(
            public,
            {
                "action_approve",
                "action_refuse",
                "action_withdraw",
                "action_open_document",
                "action_ask_refusal",
            },
        )
