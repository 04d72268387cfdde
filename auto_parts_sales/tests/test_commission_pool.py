from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_pool_common import FEBRUARY, JANUARY, MARCH, PoolCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15")
class TestCommissionPool(PoolCommon):
    """COM-7: accrued monthly from the cumulated collected total against plan."""

    def test_accrued_by_signed_months(self):
        """January 800 of 1,000: 1 % of 800. February 2,500 of 2,000: 1 % of 2,000 and
        3 % of 500, less January's 8."""
        self._sell(800.0, "2026-01-10")
        self._sell(1700.0, "2026-02-20", user=self.wang)
        self.assertEqual(self._months(), [], "not before it is signed")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 800.0, 8.0, 8.0)])
        self._sign(FEBRUARY)
        self.assertEqual(self._months()[1:], [(FEBRUARY, 2000.0, 2500.0, 35.0, 27.0)])
        self.assertEqual(self.pool.balance, 35.0)

    def test_whole(self):
        """The highest tier reached, on the whole total: 3 % of 2,500."""
        self.pool.tier_method = "whole"
        self._sell(2500.0, "2026-01-10")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 2500.0, 75.0, 75.0)])

    def test_plan_by_month(self):
        """1 % of 500 and 3 % of 300; without a plan only what begins at zero."""
        self.pool.write(
            {
                "plan_method": "monthly",
                "target_ids": [
                    Command.create({"month": FEBRUARY, "amount": 500.0}),
                    Command.create({"month": MARCH, "amount": 100.0}),
                ],
            }
        )
        self._sell(300.0, "2026-01-10")
        self._sell(500.0, "2026-02-10")
        self._sign(JANUARY)
        self._sign(FEBRUARY)
        self.assertEqual(
            self._months(),
            [(JANUARY, 0.0, 300.0, 3.0, 3.0), (FEBRUARY, 500.0, 800.0, 14.0, 11.0)],
        )
        with self.assertRaisesRegex(UserError, "accrued already"):
            self.pool.target_ids[:1].amount = 1.0
        self.pool.target_ids[1:].amount = 700.0

    def test_corrections_go_into_the_next_month(self):
        """January's 800 bounce in February: 300 − 800 were collected too much."""
        payment = self._sell(800.0, "2026-01-10")
        self._sign(JANUARY)
        payment.action_reject()
        self._sell(300.0, "2026-02-10")
        self._sign(FEBRUARY)
        self.assertEqual(
            self._months(),
            [(JANUARY, 1000.0, 800.0, 8.0, 8.0), (FEBRUARY, 2000.0, 300.0, 3.0, -5.0)],
        )
        self.assertEqual(self.pool.balance, 3.0)

    def test_to_the_cent(self):
        """Three times 33.35 at 1 %: 0.33, 0.67, 1.00; a third of a cent is not lost."""
        for month in (JANUARY, FEBRUARY, MARCH):
            self._sell(33.35, month)
            self._sign(month)
        self.assertEqual([row[4] for row in self._months()], [0.33, 0.34, 0.33])
        self.assertEqual(self.pool.balance, 1.0)

    def test_what_counts(self):
        """The invoice's team when posted; splits count once, overrides not at all."""
        self.plan.split_ids = [
            Command.create({"role": "collector", "user_id": self.wang.id, "share": 30}),
            Command.create({"role": "lead", "user_id": self.boss.id, "share": 10}),
        ]
        other = self._new_team("Online", self.boss, self.env["res.users"])
        self._sell(1000.0, "2026-01-10")
        self._sell(700.0, "2026-01-11", team=other)
        invoice = self._new_invoice([400.0], date="2026-01-12", team_id=self.team.id)
        invoice.team_id = other
        self._pay(invoice, 400.0, date="2026-01-12")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 1400.0, 22.0, 22.0)])

    def test_a_credit_note_takes_from_the_team_that_earned(self):
        other = self._new_team("Online", self.boss, self.env["res.users"])
        invoice = self._new_invoice([1000.0], date="2026-01-12", team_id=self.team.id)
        self._pay(invoice, 1000.0, date="2026-01-12")
        note = self._credit(invoice, [(self.brake, 200.0)], "2026-01-20", match=False)
        note.sudo().team_id = other
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=note.ids
        )
        wizard.create({"payment_date": "2026-01-25"})._create_payments()
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 800.0, 8.0, 8.0)])

    def test_before_and_after_the_pool(self):
        """What was corrected after the last month goes into one after it."""
        self.pool.write({"date_from": FEBRUARY, "date_to": "2026-02-28"})
        self._sell(500.0, "2026-01-31")
        payment = self._sell(800.0, "2026-02-10")
        self._sell(900.0, "2026-03-10")
        self._sign(FEBRUARY)
        self._sign(MARCH)
        self.assertEqual(self._months(), [(FEBRUARY, 12000.0, 800.0, 8.0, 8.0)])
        payment.action_draft()
        self._sign("2026-04-01")
        self.assertEqual(self._months()[1:], [("2026-04-01", 12000.0, 0.0, 0.0, -8.0)])

    def test_in_order_and_once(self):
        self._sell(800.0, "2026-01-10")
        with self.assertRaisesRegex(UserError, "January 2026 comes first"):
            self._sign(FEBRUARY)
        with self.assertRaisesRegex(UserError, "not over"):
            self._sign("2026-06-01")
        self._sign(JANUARY)
        self._sign(JANUARY)
        self.assertEqual(len(self.pool.month_ids), 1)
        self.assertFalse(self.pool._accrue_signed())
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Month.create(self.pool._prepare_month_vals(date(2026, 1, 1)))

    def test_the_contract_ledger_can_sign(self):
        """The hook: where it says that a month is signed, the pools accrue it."""
        self._sell(800.0, "2026-01-10")
        pools = type(self.env["parts.commission.pool"])
        signed = {(self.company, date(2026, 1, 1))}
        self.patch(
            pools,
            "_parts_commission_month_signed",
            lambda _self, company, month: (company, month) in signed,
        )
        made = self.env["parts.commission.pool"]._get_pools(self.company)
        self.assertEqual(made._accrue_signed().mapped("accrued"), [8.0])

    def test_terms_stay_once_a_month_is_accrued(self):
        self._sign(JANUARY)
        for vals in (
            {"plan_amount": 1.0},
            {"tier_method": "whole"},
            {"team_id": self._new_team("B", self.boss, self.li).id},
            {"tier_ids": [Command.create({"percent_from": 5.0, "rate": 90.0})]},
            {"tier_ids": [Command.update(self.pool.tier_ids[0].id, {"rate": 90.0})]},
            {"tier_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "accrued"):
                with self.env.cr.savepoint():
                    self.pool.write(vals)
        with self.assertRaises(UserError):
            self.pool.unlink()
        with self.assertRaisesRegex(ValidationError, "one pool at a time"):
            with self.env.cr.savepoint():
                self._new_pool(self.team, [(0.0, 1.0)])
        self.pool.date_to = "2026-05-31"
        self._new_pool(self.team, [(0.0, 1.0)], date_from="2026-06-01")
        with self.assertRaisesRegex(ValidationError, "first day of a month"):
            self.pool.date_to = "2026-05-30"
