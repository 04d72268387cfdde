import base64
import re
from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX, ApprovalCommon

MINUTES = base64.b64encode(b"Minutes of 3 March: agreed.")


class DecidersCommon(ApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env.ref(f"{PREFIX}sales_manager")
        cls.rule = cls.env["parts.approval.rule"].search(
            [("company_id", "=", cls.company.id), ("kind", "=", "credit")], limit=1
        )
        cls.colleague = cls._new_user("colleague", "sales_team.group_sale_manager")
        cls.administrator = cls._new_user(
            "administrator", f"{PREFIX}administrator", "base.group_system"
        )

    @classmethod
    def _limit(cls, holder, **figures):
        field = "group_id" if holder._name == "res.groups" else "user_id"
        return cls.env["parts.approval.limit"].create(
            {
                "company_id": cls.company.id,
                "kind": "credit",
                field: holder.id,
                **figures,
            }
        )

    @classmethod
    def _absent(cls, absent, substitute, user=None, **values):
        today = fields.Date.today()
        return (
            cls.env["parts.approval.substitute"]
            .with_user(user or absent)
            .create(
                {
                    "user_id": absent.id,
                    "substitute_id": substitute.id,
                    "date_from": today,
                    "date_to": today + timedelta(days=7),
                    **values,
                }
            )
        )

    @classmethod
    def _steps(cls, *steps):
        """Give the rule for credit these steps."""
        cls.rule.step_ids = [
            Command.clear(),
            *(Command.create(step) for step in steps),
        ]

    def _assert_may(self, approval, user, may=True):
        approval.invalidate_recordset()
        self.assertEqual(approval.with_user(user).can_decide, may)
        found = (
            self.env["parts.approval"]
            .with_user(user)
            .search([("can_decide", "=", True), ("id", "=", approval.id)])
        )
        self.assertEqual(bool(found), may)


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


@tagged("post_install", "-at_install")
class TestApprovalDecidersSubstitutes(DecidersCommon):
    # CTL-1: substitutes during absence

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the step names the manager; the colleague holds the role, too
        cls._steps(
            {"group_id": cls.role.id, "user_ids": [Command.set(cls.manager.ids)]}
        )
        cls.approval = cls._ask(cls._new_order(3))

    def test_without_an_absence_only_who_is_named(self):
        self._assert_may(self.approval, self.manager)
        self._assert_may(self.approval, self.colleague, False)

    def test_a_substitute_decides_and_it_is_recorded(self):
        self._absent(self.manager, self.colleague)
        self._assert_may(self.approval, self.colleague)
        self.approval.with_user(self.colleague).action_approve("fine")
        decision = self.approval.sudo().decision_ids
        self.assertEqual(self.approval.state, "approved")
        self.assertEqual(decision.user_id, self.colleague)
        self.assertEqual(decision.substitute_for_id, self.manager)
        bodies = "".join(self.approval._document().message_ids.mapped("body"))
        self.assertIn(f"In the stead of {self.manager.name}", bodies)

    def test_the_absent_may_still_decide(self):
        self._absent(self.manager, self.colleague)
        self.approval.with_user(self.manager).action_approve()
        self.assertFalse(self.approval.sudo().decision_ids.substitute_for_id)

    def test_a_substitute_gets_the_activity(self):
        self._absent(self.manager, self.colleague)
        users = self._ask(self._new_order(2)).sudo().activity_ids.user_id
        self.assertIn(self.colleague, users)
        self.assertIn(self.manager, users)

    def test_only_between_the_dates(self):
        today = fields.Date.today()
        record = self._absent(
            self.manager,
            self.colleague,
            date_from=today + timedelta(days=2),
            date_to=today + timedelta(days=3),
        )
        days = {1: False, 2: True, 3: True, 4: False}
        for day, may in days.items():
            with freeze_time(f"{today + timedelta(days=day)} 12:00:00"):
                self._assert_may(self.approval, self.colleague, may)
        self.assertTrue(record)

    def test_the_day_is_the_absents_not_the_sessions(self):
        # 23:30 UTC on the last day is the next day in Shanghai
        self.manager.tz = "Asia/Shanghai"
        today = fields.Date.today()
        self._absent(self.manager, self.colleague, date_to=today)
        with freeze_time(f"{today} 10:00:00"):
            self._assert_may(self.approval, self.colleague)
        with freeze_time(f"{today} 23:30:00"):
            chosen = self.approval.with_context(tz="America/New_York")
            self._assert_may(chosen, self.colleague, False)

    def test_only_for_the_kind_and_company_named(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self._absent(self.manager, self.colleague, kind="price")
        self._absent(self.manager, self.colleague, kind="credit", company_id=branch.id)
        self._assert_may(self.approval, self.colleague, False)

    def test_a_substitute_needs_the_role_of_the_step(self):
        self._absent(self.manager, self.general_manager)
        self._assert_may(self.approval, self.general_manager, False)
        with self.assertRaises(AccessError):
            self.approval.with_user(self.general_manager).action_approve()

    def test_people_without_a_role_name_whom_they_trust(self):
        self._steps({"user_ids": [Command.set(self.manager.ids)]})
        approval = self._ask(self._new_order(2))
        self._absent(self.manager, self.general_manager)
        self._assert_may(approval, self.general_manager)

    def test_a_substitute_needs_the_company(self):
        self._absent(self.manager, self.colleague)
        branch = self.env["res.company"].create({"name": "Branch"})
        self.colleague.write(
            {"company_id": branch.id, "company_ids": [Command.set(branch.ids)]}
        )
        with self.assertRaises(AccessError):
            self.approval.with_user(self.colleague).action_approve()

    def test_bound_by_both_limits(self):
        self._absent(self.manager, self.colleague)
        self._limit(self.manager, amount=100.0)  # the absent's, below 300.00
        self._assert_may(self.approval, self.colleague, False)
        self.env["parts.approval.limit"].search([]).amount = 300.0
        self._assert_may(self.approval, self.colleague)
        self._limit(self.colleague, amount=100.0)  # his own
        self._assert_may(self.approval, self.colleague, False)

    def test_not_in_his_own_matter(self):
        # asked, made or sells it himself
        self._absent(self.manager, self.colleague)
        order = self._new_order(2, user=self.colleague)
        approval = self._ask(order, user=self.colleague)
        self._assert_may(approval, self.colleague, False)
        with self.assertRaisesRegex(AccessError, "Somebody else has to decide"):
            approval.with_user(self.colleague).action_approve()
        self._assert_may(approval, self.manager)

    def test_not_for_somebody_who_is_barred(self):
        # the absent sells it: his substitute does not decide in his stead
        self._absent(self.manager, self.colleague)
        approval = self._ask(self._new_order(2, user=self.manager), user=self.manager)
        self._assert_may(approval, self.colleague, False)
        with self.assertRaisesRegex(AccessError, "stand in for somebody"):
            approval.with_user(self.colleague).action_approve()
        self.assertRegex(approval.nobody_note, "Nobody may decide")
        self.assertNotIn(self.colleague, approval.sudo().activity_ids.user_id)

    def test_does_not_pass_on(self):
        third = self._new_user("third", "sales_team.group_sale_manager")
        self._absent(self.manager, self.colleague)
        self._absent(self.colleague, third)
        self._assert_may(self.approval, third, False)
        with self.assertRaisesRegex(ValidationError, "does not pass his task on"):
            self._absent(self.general_manager, self.colleague)

    def test_one_substitute_at_a_time(self):
        self._absent(self.manager, self.colleague)
        with self.assertRaisesRegex(ValidationError, "has a substitute already"):
            self._absent(self.manager, self.general_manager, kind="credit")

    def test_an_absent_and_his_substitute_have_one_vote(self):
        member = self._new_user("member", "sales_team.group_sale_manager")
        self._steps(
            {"user_ids": [Command.set((self.manager | member).ids)], "voices": 2}
        )
        approval = self._ask(self._new_order(2))
        self._absent(self.manager, self.colleague)
        approval.with_user(self.colleague).action_approve()
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).action_approve()
        self.assertEqual(approval.state, "pending")
        approval.with_user(member).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_a_substitute_of_two_has_one_voice(self):
        members = self.manager | self._new_user(
            "member", "sales_team.group_sale_manager"
        )
        self._steps({"user_ids": [Command.set(members.ids)], "voices": 2})
        approval = self._ask(self._new_order(2))
        for member in members:
            self._absent(member, self.colleague)
        approval.with_user(self.colleague).action_approve()
        self._assert_may(approval, self.colleague, False)
        self.assertEqual(approval.state, "pending")

    def test_an_archived_absent_has_no_substitute(self):
        self._absent(self.manager, self.colleague)
        self.manager.active = False
        self._assert_may(self.approval, self.colleague, False)

    def test_a_step_whose_people_left_is_not_open_to_all_of_its_role(self):
        self.manager.active = False
        self._assert_may(self.approval, self.colleague, False)
        with self.assertRaises(AccessError):
            self.approval.with_user(self.colleague).action_approve()
        again = self._ask(self._new_order(2))  # nor in a new request
        self._assert_may(again, self.colleague, False)
        self.assertRegex(again.nobody_note, "Nobody holds")

    def test_a_role_step_is_open_to_its_holders_in_their_own_right(self):
        self._steps({"group_id": self.role.id})
        approval = self._ask(self._new_order(2))
        self._absent(self.manager, self.colleague)
        approval.with_user(self.colleague).action_approve()
        self.assertFalse(approval.sudo().decision_ids.substitute_for_id)

    # attacks

    def test_nobody_names_a_substitute_for_somebody_else(self):
        for attacker in (self.seller, self.colleague, self.general_manager):
            with (
                self.subTest(attacker=attacker.login),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                self._absent(self.manager, attacker, user=attacker)
        self.assertTrue(
            self._absent(self.manager, self.colleague, user=self.administrator)
        )

    def test_nobody_makes_his_own_absence_somebody_elses(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        own = self._absent(self.seller, self.colleague, date_from=tomorrow)
        for values in (
            {"user_id": self.manager.id, "substitute_id": self.seller.id},
            {"user_id": self.manager.id},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                own.write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.copy(
                {
                    "user_id": self.manager.id,
                    "substitute_id": self.seller.id,
                    "date_from": tomorrow + timedelta(days=30),
                    "date_to": tomorrow + timedelta(days=30),
                }
            )

    def test_a_substitute_does_not_touch_the_absence(self):
        record = self._absent(self.manager, self.colleague)
        mine = record.with_user(self.colleague)
        self.assertEqual(mine.date_from, record.date_from)  # he may read it
        later = fields.Date.today() + timedelta(days=90)
        for attack in (
            lambda: mine.write({"date_to": later}),
            lambda: mine.unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
        with self.assertRaises(AccessError):
            record.with_user(self.seller).read(["reason"])
        found = self.env["parts.approval.substitute"].with_user(self.seller)
        self.assertFalse(found.search([("id", "=", record.id)]))

    def test_what_has_begun_is_kept(self):
        record = self._absent(self.manager, self.colleague)
        with self.assertRaisesRegex(UserError, "has begun"):
            record.substitute_id = self.general_manager
        with self.assertRaisesRegex(UserError, "has begun"):
            record.unlink()
        with self.assertRaisesRegex(UserError, "in the past"), self.cr.savepoint():
            self._absent(
                self.general_manager,
                self.colleague,
                date_from=fields.Date.today() - timedelta(days=9),
                date_to=fields.Date.today() - timedelta(days=5),
            )
        record.date_to = fields.Date.today()  # back earlier
        later = self._absent(
            self.general_manager,
            self.colleague,
            date_from=fields.Date.today() + timedelta(days=1),
        )
        later.unlink()

    def test_no_context_makes_a_substitute(self):
        mine = self.approval.with_user(self.colleague).with_context(
            substitute_for=self.manager.id, default_substitute_for_id=self.manager.id
        )
        with self.assertRaises(AccessError):
            mine.action_approve()
        # nor does a default name one in the record of a decision in one's own right
        self._steps({"group_id": self.role.id})
        approval = self._ask(self._new_order(2)).with_user(self.colleague)
        approval.with_context(
            default_substitute_for_id=self.manager.id
        ).action_approve()
        self.assertFalse(approval.sudo().decision_ids.substitute_for_id)


@tagged("post_install", "-at_install")
class TestApprovalDecidersCommittee(DecidersCommon):
    # CTL-1: n of m named members, minutes attached

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.users"].browse()
        for number in range(3):
            cls.members |= cls._new_user(
                f"member{number}", "sales_team.group_sale_salesman_all_leads"
            )
        cls.committee = {"user_ids": [Command.set(cls.members.ids)], "voices": 2}

    def _request(self, **values):
        self._steps({**self.committee, **values})
        return self._ask(self._new_order(3))

    def _as(self, approval, number):
        return approval.with_user(self.members[number])

    def test_refused_when_the_votes_cannot_come_together(self):
        approval = self._request()
        self._as(approval, 0).action_refuse("too risky")
        self.assertEqual(approval.state, "pending")  # two others could still agree
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_one_refusal_does_not_stop_a_majority(self):
        approval = self._request()
        self._as(approval, 0).action_refuse("too risky")
        self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "pending")
        self._as(approval, 2).action_approve()
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.sudo().step_ids.state, "approved")

    def test_unanimous_committee_is_refused_by_one(self):
        approval = self._request(voices=3)
        self._as(approval, 0).action_approve()
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_a_barred_member_cannot_be_counted_on(self):
        # member 2 asked: two are left, so one refusal is enough
        self._steps(self.committee)
        order = self._new_order(3)
        approval = self._ask(order, user=self.members[2])
        self._as(approval, 0).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_too_few_can_vote(self):
        self._steps({**self.committee, "voices": 3})
        approval = self._ask(self._new_order(3), user=self.members[2])
        self.assertRegex(approval.nobody_note, "3 more votes are needed, and only 2")

    def test_a_vote_is_noted_as_a_vote(self):
        approval = self._request()
        self._as(approval, 0).action_approve()
        bodies = "".join(approval._document().message_ids.mapped("body"))
        self.assertIn("a vote; 1 more needed", bodies)

    def test_single_steps_are_refused_at_once(self):
        approval = self._ask(self._new_order(3))
        approval.with_user(self.manager).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    # minutes

    def test_the_deciding_vote_needs_the_minutes(self):
        approval = self._request(minutes_required=True)
        self.assertTrue(approval.needs_minutes)
        self._as(approval, 0).action_approve()
        with self.assertRaisesRegex(UserError, "minutes"), self.cr.savepoint():
            self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "pending")
        self.assertFalse(approval.sudo().step_ids.decision_ids[1:])
        self._as(approval, 1).action_approve("agreed", MINUTES, "minutes.txt")
        self.assertEqual(approval.state, "approved")

    def test_a_member_before_him_may_attach_them(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve(minutes=MINUTES, minutes_name="m.pdf")
        self.assertFalse(approval.needs_minutes)
        self._as(approval, 1).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_minutes_are_a_file_with_content(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve()
        for nothing in (b"", "", b"====", "not base64!"):
            with (
                self.subTest(minutes=nothing),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self._as(approval, 1).action_approve("x", nothing, "minutes.txt")

    def test_through_the_dialog(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve()
        wizard = (
            self.env["parts.approval.approve"]
            .with_user(self.members[1])
            .with_context(active_model="parts.approval", active_id=approval.id)
            .create({"minutes": MINUTES, "minutes_name": "minutes.txt"})
        )
        wizard.with_context(bin_size=True).action_approve()
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.sudo().decision_ids[1].minutes, MINUTES)

    def test_a_refusal_needs_no_minutes(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_refuse("no")
        self._as(approval, 1).action_refuse("no")
        self.assertEqual(approval.state, "refused")

    def test_minutes_are_read_with_the_request_and_kept(self):
        approval = self._request(minutes_required=True)
        self._as(approval, 0).action_approve(minutes=MINUTES, minutes_name="m.txt")
        decision = approval.sudo().decision_ids
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", decision._name),
                    ("res_id", "=", decision.id),
                    ("res_field", "=", "minutes"),
                ]
            )
        )
        self.assertEqual(len(attachment), 1)
        # who reads the order reads them: its seller
        self.assertEqual(decision.with_user(self.seller).minutes, MINUTES)
        self.assertEqual(
            attachment.with_user(self.seller).datas, MINUTES, "as a file, too"
        )
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        for read in (
            lambda: decision.with_user(stranger).read(["minutes"]),
            lambda: attachment.with_user(stranger).read(["datas"]),
        ):
            with self.assertRaises(AccessError):
                self.env.invalidate_all()
                read()
        for user in (
            self.members[0],
            self.seller,
            self.administrator,
            self.env.ref("base.user_admin"),
        ):
            mine = attachment.with_user(user)
            for attack in (
                lambda file: file.write({"datas": base64.b64encode(b"other")}),
                lambda file: file.write({"res_model": False, "res_id": False}),
                lambda file: file.unlink(),
                lambda file: file.create(
                    {
                        "name": "minutes",
                        "res_model": "parts.approval.decision",
                        "res_id": decision.id,
                        "res_field": "minutes",
                        "datas": base64.b64encode(b"other"),
                    }
                ),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    attack(mine)
            with self.assertRaises(AccessError), self.cr.savepoint():
                decision.with_user(user).write({"minutes": False})


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
