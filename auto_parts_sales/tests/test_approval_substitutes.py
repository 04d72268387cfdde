from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .deciders_common import DecidersCommon


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
