from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import PREFIX
from .credit_file_common import CreditFileCommon


@tagged("post_install", "-at_install")
class TestCreditNight(CreditFileCommon):
    # CRD-6, CRD-7: what turned late, which review is due

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.to_date("2026-06-15")
        cls.file = cls._new_file(1000.0, overdue_days_allowed=10)
        cls.customer.user_id = cls.seller

    def _night(self, day):
        with freeze_time(f"{day} 01:00:00"):
            self.file._look_over()
            self.env.flush_all()

    def _tasks(self, word, user=None):
        return self.env["mail.activity"].search(
            [
                ("summary", "ilike", word),
                *([("user_id", "=", user.id)] if user else []),
            ]
        )

    def test_owner_and_finance_are_told_once(self):
        self._owe("2026-06-01")
        self._night("2026-06-11")  # 10 days: allowed
        self.assertFalse(self.file.late_since)
        self.assertFalse(self._tasks("turned late"))
        for day in ("2026-06-12", "2026-06-13", "2026-06-20"):
            self._night(day)
        self.assertEqual(self.file.late_since, fields.Date.to_date("2026-06-12"))
        self.assertEqual(len(self._tasks("turned late", self.seller)), 1)
        self.assertEqual(len(self._tasks("turned late", self.file._keepers()[:1])), 1)
        # the owner reads his on the customer, without a figure but the days
        note = self._tasks("turned late", self.seller)
        self.assertEqual(note.res_model, "res.partner")
        self.assertNotRegex(note.note, "1,?000|100")

    def test_told_again_when_it_happens_again(self):
        invoice = self._owe("2026-06-01")
        self._night("2026-06-12")
        invoice.button_draft()
        self._night("2026-06-13")
        self.assertFalse(self.file.late_since)
        self._owe("2026-06-05")
        self._night("2026-06-17")
        self.assertEqual(len(self._tasks("turned late", self.seller)), 2)

    def test_long_unpaid_proposes_the_mark_once(self):
        self.company.parts_credit_default_days = 90
        self._owe("2026-01-01")
        self._night("2026-04-01")  # 90 days
        self.assertFalse(self._tasks("wilful defaulter"))
        self._night("2026-04-02")
        self._night("2026-04-03")
        self.assertEqual(
            len(self._tasks("wilful defaulter", self.file._keepers()[:1])), 1
        )
        self.assertFalse(self.file.defaulter)

    def test_a_review_is_announced_before_the_date(self):
        self.company.parts_credit_review_notice = 30
        self.file.review_date = "2026-08-01"
        self._night("2026-07-01")
        self.assertFalse(self._tasks("Review the credit"))
        self._night("2026-07-02")
        self._night("2026-07-03")
        task = self._tasks("Review the credit", self.file._keepers()[:1])
        self.assertEqual(len(task), 1)
        self.assertEqual(task.date_deadline, fields.Date.to_date("2026-08-01"))

    def test_an_overdue_review_does_what_the_company_chose(self):
        self.file.review_date = "2026-06-30"
        for choice, in_force, limit, state in (
            ("warn", True, 1000.0, "active"),
            ("zero", True, 0.0, "active"),
            ("freeze", False, 1000.0, "expired"),
        ):
            with self.subTest(choice=choice):
                self.company.parts_credit_overdue_review = choice
                with freeze_time("2026-06-30"):
                    self.assertTrue(self.file._in_force())
                    self.assertEqual(self.file._limit(), 1000.0)
                with freeze_time("2026-07-01"):
                    self.assertEqual(self.file._in_force(), in_force)
                    self.assertEqual(self.file._limit(), limit)
                self._night("2026-07-01")
                self.assertEqual(self.file.state, state)

    def test_a_temporary_limit_ends_in_odoos_field_too(self):
        self.file.write({"temporary_limit": 2000.0, "temporary_until": "2026-06-15"})
        customer = self.customer.with_company(self.company)
        self._night("2026-06-15")
        self.assertEqual(customer.credit_limit, 2000.0)
        self._night("2026-06-16")
        self.assertEqual(customer.credit_limit, 1000.0)

    def test_a_temporary_limit_that_ended_is_told_once(self):
        # CRD-2: it ends by itself; the file says so no more, who sells reads it
        self.file.write({"temporary_limit": 2000.0, "temporary_until": "2026-06-15"})
        self._night("2026-06-15")
        self.assertEqual(self.file.temporary_limit, 2000.0)
        self.assertFalse(self._tasks("temporary limit"))
        for day in ("2026-06-16", "2026-06-17"):
            self._night(day)
        self.assertRecordValues(
            self.file,
            [
                {
                    "credit_limit": 1000.0,
                    "temporary_limit": 0.0,
                    "temporary_until": False,
                }
            ],
        )
        task = self._tasks("temporary limit")
        self.assertEqual((task.user_id, task.res_model), (self.seller, "res.partner"))
        self.assertNotRegex(f"{task.summary} {task.note}", r"\d")

    def test_a_proposed_temporary_limit_is_left_alone(self):
        draft = self._new_file(
            10.0,
            customer=self.env["res.partner"].create({"name": "Newcomer"}),
            state="draft",
            temporary_limit=20.0,
            temporary_until="2026-06-15",
        )
        with freeze_time("2026-06-16 01:00:00"):
            draft._look_over()
        self.assertEqual(draft.temporary_limit, 20.0)

    def test_a_list_reads_what_the_night_wrote(self):
        self._owe("2026-06-01", 850.0)
        self._night("2026-06-20")
        self.assertRecordValues(
            self.file,
            [
                {
                    "standing": "near",
                    "used_amount": 850.0,
                    "used_percent": 85.0,
                    "debt_days": 19,
                    "debt_overdue": 850.0,
                }
            ],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        files = self.env["parts.credit.file"].with_user(self.finance)
        groups = files._read_group([], ["risk_class"], ["used_amount:sum"])
        self.assertIn(("e", 850.0), groups)

    def test_blocked_by_day_the_list_says_it_at_once(self):
        self._owe("2026-06-01", 500.0)
        self._night("2026-06-20")
        self.assertEqual(self.file.standing, "free")
        with freeze_time("2026-06-20"):
            self.file.with_user(self.keeper).credit_limit = 600.0
            self.assertEqual(self.file.standing, "near")  # 500 of 600
            self.file.with_user(self.keeper).blocked = True
            self.assertEqual(self.file.standing, "none")
        # the night after looks it over all the same
        night = fields.Datetime.to_datetime("2026-06-20 01:00:00")
        self.assertEqual(self.file.standing_date, night)

    def test_the_night_takes_no_lock(self):
        locks = self.env["parts.credit.lock"]
        self.env.flush_all()
        before = sum(locks.search([]).mapped("serial"))
        with freeze_time("2026-06-20"):
            self.file._refresh_standing()
            self.file._mark_late()
            self.file._announce_review()
        self.env.flush_all()
        locks.invalidate_model()
        self.assertEqual(sum(locks.search([]).mapped("serial")), before)

    def test_the_cron_runs(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "auto_parts_sales.ir_cron_parts_credit_nightly"
            ).method_direct_trigger()


@tagged("post_install", "-at_install")
class TestCreditOpening(CreditFileCommon):
    # The limits that a company starts with

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = False
        cls.administrator = cls._new_user("admin", f"{PREFIX}administrator")
        cls.customer.name = "Opening Xinda"
        cls.second = cls.env["res.partner"].create(
            {"name": "Opening Second", "ref": "Opening C-2"}
        )

    def _opening(self, text, user=None):
        return (
            self.env["parts.credit.opening"]
            .with_user(user or self.administrator)
            .create({"company_id": self.company.id, "text": text})
        )

    def test_pasted_rows_become_active_files(self):
        opening = self._opening(
            "客户,编号,信用额度,账期,逾期天数,等级,下次复核\n"
            'Opening Xinda,,"12,500.50",60,10,B,2099-03-31\n'
            ",Opening C-2,300,30,,,\n"
        )
        opening.action_run()
        files = self.env["parts.credit.file"].search(
            [("partner_id", "in", (self.customer | self.second).ids)],
            order="credit_limit desc",
        )
        self.assertRecordValues(
            files,
            [
                {
                    "partner_id": self.customer.id,
                    "credit_limit": 12500.5,
                    "term_days": 60,
                    "overdue_days_allowed": 10,
                    "risk_class": "b",
                    "review_date": fields.Date.to_date("2099-03-31"),
                    "state": "active",
                },
                {
                    "partner_id": self.second.id,
                    "credit_limit": 300.0,
                    "term_days": 30,
                    "overdue_days_allowed": 0,
                    "risk_class": "e",
                    "review_date": fields.Date.today() + timedelta(days=365),
                    "state": "active",
                },
            ],
        )
        # logged: on the run, and on each file
        self.assertEqual(
            (opening.state, opening.done_by_id),
            (
                "done",
                self.administrator,
            ),
        )
        self.assertRegex(files[0].message_ids[0].body, "import")
        with self.assertRaises(UserError):
            opening.write({"text": "other"})
        with self.assertRaises(UserError):
            opening.action_run()

    def test_problems_are_named_and_nothing_is_imported(self):
        self._new_file(1.0, customer=self.second)
        opening = self._opening(
            "Customer;Limit;Class\nOpening Xinda;much;A\nOpening Nobody;5;A\n"
            "Opening Second;5;A\nOpening Xinda;5;Z\n"
        )
        opening.action_check()
        problems = opening.line_ids.mapped("problem")
        for problem, words in zip(
            problems,
            ("cannot be read", "no customer", "file already", "letter"),
            strict=True,
        ):
            self.assertRegex(problem, words)
        with self.assertRaisesRegex(UserError, "4 rows"):
            opening.action_run()
        self.assertFalse(self.env["parts.credit.file"]._of(self.company, self.customer))

    def test_only_while_the_control_is_off(self):
        opening = self._opening("Customer;Limit\nOpening Xinda;5\n")
        self.company.parts_credit_control = True
        with self.assertRaisesRegex(UserError, "is on"):
            opening.action_run()

    def test_only_administrators(self):
        opening = self._opening("Customer;Limit\nOpening Xinda;5\n")
        for user in (self.keeper, self.finance, self.general_manager, self.seller):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._opening("Customer;Limit\nOpening Xinda;5\n", user)
                with self.assertRaises(AccessError):
                    opening.with_user(user).action_run()
