from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contract_month_common import ContractMonthCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-02")
class TestContractMonth(ContractMonthCommon):
    """CON-7: sales and finance reconcile the ledger of a month, and both sign."""

    def test_the_month_is_the_ledger_of_its_last_day(self):
        # of 800 by now, 600 were delivered and invoiced in March, 250 paid on the 10th;
        # a payment of 100 in April is none of March's
        self._pay(self.invoice, 100.0, date="2026-04-01")
        order = self.contract.order_ids
        self._deliver(order, 2)
        month = self._new_month()
        line = self._line_of(month)
        self.assertRecordValues(
            line,
            [
                {
                    "amount": 1000.0,
                    "ordered": 1000.0,
                    "delivered": 600.0,
                    "invoiced": 600.0,
                    "collected": 250.0,
                    "receivable": 350.0,
                }
            ],
        )
        self.assertFigures(self.contract, delivered=800.0, collected=350.0)
        self.assertEqual(month.receivable, month.books)
        self.assertEqual(month.books, self._books("2026-03-31"))

    def test_a_contract_of_the_next_month_is_none_of_this_one(self):
        later = self._new_contract(500.0)
        later.date_effective = "2026-04-01"
        self.assertFalse(self._line_of(self._new_month(), later))

    def test_contracts_are_as_they_stood(self):
        # 1,000 − 250 paid − 350 due; amended to 2,000 and ended in April
        version = self.contract.current_version_id
        version.date_effective = "2026-03-01"
        month = self._new_month()
        of_march = {"amount": 1000.0, "due": 350.0, "to_come": 400.0}
        self.assertRecordValues(self._line_of(month), [of_march])
        amended = version._next("Twice as much")
        amended.amount_total = 2000.0
        with patch.object(type(version), "_snapshot_paper", lambda version: None):
            self.contract._take_effect(amended)
        self.assertFigures(self.contract, amount=2000.0, to_come=1400.0)
        self.contract._close("terminated", "Dispute")
        self.assertFigures(self.contract, amount=2000.0, to_come=0.0)
        month.action_prepare()
        self.assertRecordValues(self._line_of(month), [of_march])

    def test_both_sides_confirm_and_sign(self):
        month = self._signed()
        self.assertEqual(month.state, "signed")
        self.assertEqual(month.sales_user_id, self.director)
        self.assertEqual(month.finance_user_id, self.finance)
        self.assertTrue(self.Month._is_signed(self.company, "2026-03-17"))
        self.assertFalse(self.Month._is_signed(self.company, "2026-04-17"))

    def test_one_signature_is_not_enough(self):
        month = self._confirmed()
        month.with_user(self.finance).action_sign_finance()
        self.assertEqual(month.state, "open")
        self.assertFalse(self.Month._is_signed(self.company, "2026-03-17"))

    def test_nobody_signs_for_both_sides(self):
        both = self._new_user(
            "month_both",
            "auto_parts_sales.group_parts_finance,"
            "auto_parts_sales.group_parts_sales_director",
        )
        month = self._confirmed().with_user(both)
        month.action_sign_finance()
        with self.assertRaisesRegex(UserError, "other side"):
            month.action_sign_sales()
        line = self._line_of(self._confirmed_again(month)).with_user(both)
        line.action_confirm_finance()
        with self.assertRaisesRegex(UserError, "other side"):
            line.action_confirm_sales()

    def _confirmed_again(self, month):
        month.action_prepare()
        self._line_of(month).write({"sales_user_id": False, "finance_user_id": False})
        return month

    def test_who_may_sign(self):
        month = self._confirmed()
        for user in (self.li, self.legal, self.director):
            with self.assertRaises(AccessError):
                month.with_user(user).action_sign_finance()
        for user in (self.li, self.legal, self.finance):
            with self.assertRaises(AccessError):
                month.with_user(user).action_sign_sales()

    def test_lines_are_confirmed_first(self):
        month = self._new_month()
        month.line_ids.action_confirm_finance()
        with self.assertRaisesRegex(UserError, "not confirmed"):
            month.action_sign_finance()

    def test_who_sees_some_lines_reads_how_many_wait_in_all(self):
        # his own contract is confirmed, the line without contract is not
        month = self._new_month()
        line = self._line_of(month)
        line.with_user(self.finance).action_confirm_finance()
        line.with_user(self.li).action_confirm_sales()
        self.env.invalidate_all()
        seen = month.with_user(self.li)
        self.assertEqual(seen.line_ids, line)
        self.assertEqual(seen.unconfirmed_count, 1)

    def test_the_salesperson_confirms_his_own(self):
        month = self._new_month()
        line = self._line_of(month)
        line.with_user(self.li).action_confirm_sales()
        self.assertEqual(line.sales_user_id, self.li)
        with self.assertRaises(AccessError):
            line.with_user(self.wang).action_confirm_sales()
        without = month.sudo().line_ids.filtered(lambda x: not x.contract_id)
        with self.assertRaises(AccessError):
            without.with_user(self.li).action_confirm_sales()
        with self.assertRaises(AccessError):
            line.with_user(self.li).action_confirm_finance()

    def test_a_late_booking_before_the_signature_is_seen(self):
        month = self._confirmed()
        self._pay(self.invoice, 50.0, date="2026-03-31")
        with self.assertRaisesRegex(UserError, "since it was prepared"):
            month.with_user(self.finance).action_sign_finance()
        month.action_prepare()
        line = self._line_of(month)
        self.assertEqual(line.collected, 300.0)
        self.assertFalse(line.finance_user_id)

    def test_a_signed_month_does_not_change(self):
        month = self._signed()
        before = self._line_of(month).read()
        self._pay(self.invoice, 50.0, date="2026-03-31")
        month.with_user(self.finance).action_compare()
        self.assertEqual(self._line_of(month).read(), before)
        corrections = {
            row.column: (row.signed, row.now, row.difference)
            for row in month.sudo().correction_ids
            if row.contract_id == self.contract
        }
        self.assertEqual(
            corrections,
            {"collected": (250.0, 300.0, 50.0), "receivable": (350.0, 300.0, -50.0)},
        )
        payment = self.env["account.payment"].search([], order="id desc", limit=1)
        self.assertIn(payment.move_id.name, month.sudo().correction_ids[0].cause)
        for action in ("action_prepare", "action_sign_finance"):
            with self.assertRaisesRegex(UserError, "does not change"):
                getattr(month.with_user(self.finance), action)()
        with self.assertRaisesRegex(UserError, "does not change"):
            self._line_of(month).with_user(self.finance).action_confirm_finance()
        with self.assertRaisesRegex(UserError, "is kept"):
            month.with_user(self.finance).unlink()

    def test_a_month_that_is_not_over(self):
        month = self.Month.with_user(self.finance).create({"date": "2026-04-01"})
        with self.assertRaisesRegex(UserError, "not over"):
            month.action_prepare()

    def test_months_are_signed_one_after_the_other(self):
        self.Month.create({"date": "2026-02-01"})
        month = self._confirmed()
        with self.assertRaisesRegex(UserError, "one after the other"):
            month.with_user(self.finance).action_sign_finance()

    def test_no_role_writes_what_was_signed(self):
        self._new_invoice([(self.brake, 90.0)], date="2026-03-22")
        month = self._signed()
        line = self._line_of(month)
        difference = month.sudo().difference_ids[:1]
        self.assertTrue(difference)
        for user in (self.finance, self.director, self.li):
            for record, values in (
                (month, {"state": "open"}),
                (line, {"collected": 1.0}),
                (difference, {"amount": 1.0}),
                (difference, {"note": "x"}),
            ):
                with self.assertRaises(UserError):  # AccessError is one
                    record.with_user(user).write(values)
            with self.assertRaises(AccessError):
                line.with_user(user).unlink()
            with self.assertRaises(AccessError):
                line.with_user(user).create({"month_id": month.id})

    def test_nobody_creates_a_signed_month(self):
        month = self.Month.with_user(self.finance).with_context(
            default_state="signed", default_sales_user_id=self.director.id
        )
        month = month.create(
            {"date": "2026-03-15", "state": "signed", "finance_user_id": self.li.id}
        )
        self.assertEqual(str(month.date), "2026-03-01")
        self.assertEqual(month.state, "open")
        self.assertFalse(month.finance_user_id)
        self.assertFalse(month.sales_user_id)

    def test_the_night_opens_the_month(self):
        self.Month._cron_open()
        month = self.Month.search([("company_id", "=", self.company.id)])
        self.assertEqual(month.mapped("date")[0].isoformat(), "2026-03-01")
        self.assertTrue(month.prepared_date)
        self.Month._cron_open()
        self.assertEqual(
            self.Month.search_count([("company_id", "=", self.company.id)]), 1
        )
