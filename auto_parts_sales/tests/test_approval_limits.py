import re

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .deciders_common import DecidersCommon


@tagged("post_install", "-at_install")
class TestApprovalDecidersLimits(DecidersCommon):
    # CTL-1: limits per person or role: amount, per cent over, days overdue

    def test_without_a_limit_the_rule_alone_binds(self):
        self._assert_may(self._ask(self._new_order(3)), self.manager)

    def test_amount_up_to_the_limit(self):
        # 3 discs at 100.00: 300.00; 4: 400.00
        self._limit(self.manager, amount=300.0)
        self._ask(self._new_order(3)).with_user(self.manager).action_approve()
        approval = self._ask(self._new_order(4))
        self._assert_may(approval, self.manager, False)
        with self.assertRaisesRegex(AccessError, "beyond your limit.*300.00"):
            approval.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(AccessError, "beyond your limit"):
            approval.with_user(self.manager).action_refuse("no")
        self.assertEqual(approval.state, "pending")

    def test_the_error_names_who_can_decide(self):
        self._limit(self.manager, amount=300.0)
        approval = self._ask(self._new_order(4))
        with self.assertRaisesRegex(
            AccessError, f"Can decide: .*{re.escape(self.colleague.name)}"
        ) as caught:
            approval.with_user(self.manager).action_approve()
        self.assertNotIn(self.manager.name, str(caught.exception))
        approval.with_user(self.colleague).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_an_empty_limit_is_none_not_unlimited(self):
        limit = self._limit(self.manager)
        approval = self._ask(self._new_order(1))
        self._assert_may(approval, self.manager, False)
        limit.any_amount = True
        self._assert_may(approval, self.manager)

    def test_a_figure_binds_whoever_forgets_its_box(self):
        limit = self._limit(self.manager, amount=1e6, percent_over=20.0)
        self.assertFalse(limit.any_percent)
        self.assertTrue(limit.any_overdue)  # not named: said to be any, visibly
        limit.overdue_days = 10
        self.assertFalse(limit.any_overdue)
        limit.write({"overdue_days": 10, "any_overdue": True})
        self.assertTrue(limit.any_overdue)

    def test_per_cent_over(self):
        # file of 250.00: 300.00 is over by 50.00, 16.67 % of 300.00
        self._new_file(250.0)
        approval = self._ask(self._new_order(3))
        limit = self._limit(self.manager, any_amount=True, percent_over=16.0)
        self._assert_may(approval, self.manager, False)
        with self.assertRaisesRegex(AccessError, "over by up to 16 %"):
            approval.with_user(self.manager).action_approve()
        limit.percent_over = 17.0
        self._assert_may(approval, self.manager)

    def test_days_overdue(self):
        approval = self._ask(self._new_order(1))
        approval.sudo().facts = {
            **approval.sudo().facts,
            "overdue_days": {"value": 31, "hurts": "up"},
        }
        limit = self._limit(self.manager, any_amount=True, overdue_days=30)
        self._assert_may(approval, self.manager, False)
        limit.overdue_days = 31
        self._assert_may(approval, self.manager)

    def test_figures_of_the_time_of_the_request(self):
        order = self._new_order(3)
        approval = self._ask(order)
        self._limit(self.manager, amount=300.0)
        order.order_line.price_unit = 50.0
        order.write({"amount_untaxed": 1.0})
        self.assertEqual(approval.document_amount, 300.0)
        self._assert_may(approval, self.manager)

    def test_limit_of_a_role(self):
        self._limit(self.role, amount=100.0)
        approval = self._ask(self._new_order(2))
        for user in (self.manager, self.colleague):
            self._assert_may(approval, user, False)

    def test_a_personal_limit_replaces_the_roles(self):
        self._limit(self.role, amount=100.0)
        self._limit(self.manager, amount=200.0)
        self._limit(self.colleague, amount=50.0)
        approval = self._ask(self._new_order(2))
        self._assert_may(approval, self.manager)
        small = self._ask(self._new_order(1))
        self._assert_may(small, self.colleague, False)  # 100.00 > his own 50.00

    def test_of_several_roles_the_most_generous_as_a_whole(self):
        # one grants the amount, the other the overrun: nobody granted both
        group = self.env["res.groups"].create(
            {"name": "Key accounts", "user_ids": [Command.set(self.manager.ids)]}
        )
        self._limit(self.role, amount=1000.0, percent_over=10.0)
        other = self._limit(group, amount=100.0, percent_over=100.0)
        approval = self._ask(self._new_order(3))  # 300.00, all of it over
        self._assert_may(approval, self.manager, False)
        other.amount = 300.0
        self._assert_may(approval, self.manager)
        self._assert_may(approval, self.colleague, False)

    def test_another_kind_or_company_does_not_bind(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self._limit(self.manager, company_id=branch.id)
        self._limit(self.manager, kind="price")
        self._assert_may(self._ask(self._new_order(3)), self.manager)

    def test_when_no_limit_suffices_the_request_says_so(self):
        self._limit(self.role, amount=100.0)
        approval = self._ask(self._new_order(3))
        self.assertRegex(approval.nobody_note, "lower limit")
        self.assertRegex(approval._document().parts_gate_html, "Nobody may decide")

    def test_one_limit_for_a_holder_and_exactly_one_holder(self):
        self._limit(self.manager, amount=1.0)
        for values in (
            {"user_id": self.manager.id},
            {"user_id": self.colleague.id, "group_id": self.role.id},
            {},
            {"group_id": self.role.id, "amount": -1.0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.env["parts.approval.limit"].create(
                    {"company_id": self.company.id, "kind": "credit", **values}
                )

    def test_limits_are_the_administrators(self):
        limit = self._limit(self.manager, amount=100.0)
        for user in (self.seller, self.manager, self.general_manager, self.keeper):
            for attack in (
                lambda r: r.write({"amount": 1e9}),
                lambda r: r.unlink(),
                lambda r: r.create(
                    {"kind": "credit", "user_id": r.env.uid, "any_amount": True}
                ),
                lambda r: r.copy({"user_id": r.env.uid}),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    attack(limit.with_user(user))
        limit.with_user(self.administrator).amount = 200.0
