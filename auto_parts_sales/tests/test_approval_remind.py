from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRemind(ApprovalCommon):
    # CTL-1: reminders; two days by default, then passed on after five

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["parts.approval"].sudo().search([("state", "=", "pending")])._void(
            "withdrawn"
        )
        cls.boss = cls._new_user(
            "boss2",
            "sales_team.group_sale_salesman_all_leads",
            f"{PREFIX}general_manager",
        )
        cls.manager.email = "manager@example.com"
        cls.boss.email = "boss@example.com"
        cls.order = cls._new_order(3)
        cls.approval = cls._ask(cls.order)
        # the present is told in full seconds
        cls.asked = cls.approval.create_date + timedelta(seconds=1)

    def _after(self, **delta):
        """Run the job so long after the request; return the mails it wrote."""
        before = self.env["mail.mail"].sudo().search([])
        with freeze_time(self.asked + timedelta(**delta)):
            self.env["parts.approval"]._cron_remind()
        return self.env["mail.mail"].sudo().search([]) - before

    def _mails_to(self, mails, user):
        return mails.filtered(
            # an activity sends a notification of its own
            lambda m: (
                user.partner_id in m.recipient_ids
                and m.message_type != "user_notification"
            )
        )

    def test_not_before_its_time(self):
        self.assertFalse(self._after(days=2, minutes=-1))
        self.assertFalse(self.approval.sudo().step_ids.reminded_date)

    def test_deciders_are_reminded_once(self):
        mails = self._after(days=2)
        mail = self._mails_to(mails, self.manager)
        self.assertEqual(len(mail), 1)
        self.assertRegex(mail.subject, f"Waiting for your decision.*{self.order.name}")
        self.assertFalse(self._mails_to(mails, self.boss))
        self.assertFalse(self._mails_to(self._after(days=3), self.manager))

    def test_a_mail_holds_no_figure(self):
        mails = self._after(days=2) | self._after(days=5)
        # ours: Odoo's own frame of a note on the order names its total, as ever
        mails = mails.filtered(lambda mail: mail.model == "parts.approval")
        self.assertTrue(mails)
        for figure in ("300.00", "100.00"):
            self.assertNotIn(figure, "".join(mails.mapped("body_html")))

    def test_the_customer_gets_none(self):
        # even if somebody gives the templates default recipients again
        self.customer.email = "customer@example.com"
        for stage in ("remind", "escalate"):
            template = self.env.ref(f"auto_parts_sales.parts_approval_mail_{stage}")
            self.assertFalse(template.use_default_to)
            template.use_default_to = True
        mails = self._after(days=2) | self._after(days=5)
        self.assertTrue(mails)
        self.assertNotIn(self.customer, mails.recipient_ids)
        self.assertNotIn("customer@", str(mails.mapped("email_to")))

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("auto_parts_sales.parts_approval_mail_remind")
        template.with_context(lang="zh_CN").subject = "等您审批"
        self.manager.lang = "zh_CN"
        mail = self._mails_to(self._after(days=2), self.manager)
        self.assertEqual(mail.subject, "等您审批")

    def test_an_activity_that_was_ticked_off_comes_back(self):
        approval = self.approval.sudo()
        approval.activity_ids.unlink()
        self._after(days=2)
        self.assertIn(self.manager, approval.activity_ids.user_id)

    def test_general_managers_and_who_asked_are_told_once(self):
        mails = self._after(days=5)
        self.assertEqual(len(self._mails_to(mails, self.boss)), 1)
        self.assertIn(self.boss, self.approval.sudo().activity_ids.user_id)
        note = self.order.sudo().message_ids[0]
        self.assertRegex(note.body, r"waits for 5 days.*passed on to .*boss2")
        self.assertIn(self.seller.partner_id, note.notified_partner_ids)
        self.assertFalse(self._mails_to(self._after(days=6), self.boss))

    def test_passing_on_gives_no_right_to_decide(self):
        self._after(days=5)
        self.assertFalse(self.approval.with_user(self.boss).can_decide)
        self.assertTrue(self.approval.with_user(self.manager).can_decide)

    def test_each_step_by_itself(self):
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
        approval = self._ask(self._new_order(1))
        self._after(days=2)
        with freeze_time(self.asked + timedelta(days=3)):
            approval.with_user(self.manager).action_approve()
        # the decision's date is the database's: the second step waits since then
        decision = approval.sudo().decision_ids
        self.env.cr.execute(
            "UPDATE parts_approval_decision SET create_date = %s WHERE id = %s",
            [self.asked + timedelta(days=3), decision.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._mails_to(self._after(days=4), self.boss))
        mails = self._mails_to(self._after(days=5, minutes=1), self.boss)
        # the other request is passed on to him on the same day
        self.assertIn(approval.id, mails.mapped("res_id"))

    def test_zero_is_never(self):
        self.company.parts_approval_remind_days = 0
        self.company.parts_approval_escalate_days = 0
        self.assertFalse(self._after(days=400))

    def test_the_documents_company_counts(self):
        # CTL-5, CTL-6
        self.company.parts_approval_remind_days = 10
        self.company.parts_approval_escalate_days = 0
        self.assertFalse(self._after(days=9))
        self.assertTrue(self._after(days=10))

    def test_decided_and_void_are_left_alone(self):
        self.approval.with_user(self.manager).action_approve()
        self.assertFalse(self._after(days=30))

    def test_what_is_held_by_nothing_is_void_instead(self):
        self._new_file(5000.0)
        mails = self._after(days=2)
        self.assertFalse(self._mails_to(mails, self.manager))
        self.assertEqual(self.approval.state, "void")

    def test_written_as_cancelled_is_void_instead(self):
        self.order.write({"state": "cancel"})
        self._after(days=2)
        self.assertRegex(self.approval.void_reason, "cancelled")

    @mute_logger("odoo.addons.auto_parts_sales.models.parts_approval_remind")
    def test_one_failure_stops_no_other(self):
        other = self._ask(self._new_order(1))
        model = type(self.env["parts.approval"])
        remind = model._remind

        def fail(approval):
            if approval.id == self.approval.id:
                approval.reason = "half done"
                raise ValueError("broken")
            return remind(approval)

        with patch.object(model, "_remind", fail):
            self._after(days=2)
        self.assertEqual(self.approval.reason, "Good customer")
        self.assertTrue(other.sudo().step_ids.reminded_date)

    def test_the_daily_job_is_there(self):
        job = self.env.ref("auto_parts_sales.parts_approval_cron_remind")
        self.assertEqual((job.interval_number, job.interval_type), (1, "days"))
        self.assertTrue(job.active)
        self.assertEqual(job.nextcall.date() >= fields.Date.today(), True)
