from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_commission_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestCommissionCarryOver(SettlementCommon):
    """COM-5: a negative balance is carried over once, whatever becomes of a draft.

    March is paid with 40. In April they are taken back and 25 come in: -15.
    """

    def setUp(self):
        super().setUp()
        self._approve(self._draw())
        self._partials(self.invoice).unlink()
        self._pay(self.invoice, 250.0, date="2026-04-12")
        self.april = self._draw("2026-04-01")
        self.assertEqual(self.april.amount_total, -15.0)

    def _may(self, amount):
        self._pay(self.invoice, amount, date="2026-05-03")
        return self._draw("2026-05-01")

    def _refuse(self):
        self._as(self.april, "sales_office").action_submit()
        self._decide(self.april, "finance", refuse=True)

    def test_a_discarded_draft_keeps_what_it_was_brought(self):
        self._approve(self.april)
        may = self._may(500.0)
        self.assertEqual(may.amount_total, 35.0)
        self._as(may, "sales_office").unlink()
        self.assertEqual(self._draw("2026-05-01").amount_total, 35.0)

    def test_refused_and_discarded(self):
        self._refuse()
        self._as(self.april, "sales_office").unlink()
        april = self._draw("2026-04-01")
        self.assertEqual(april.amount_total, -15.0)
        self._approve(april)
        self.assertEqual(april.amount_total, 0.0)
        self.assertEqual(self._may(500.0).amount_total, 35.0)

    def test_refused_and_handed_in_with_more(self):
        """50 more of money: -10 are carried, not -15 and 5 paid."""
        self._refuse()
        self._pay(self.invoice, 50.0, date="2026-04-20")
        self._draw("2026-04-01")
        self._approve(self.april)
        self.assertEqual(self.april.amount_total, 0.0)
        may = self._may(500.0)
        self.assertEqual(may.amount_total, 40.0)
        carried = may.entry_ids.filtered(lambda x: x.cause == "carried").sorted("id")
        self.assertEqual(carried.mapped("amount"), [-15.0, 5.0])
        self.assertEqual(
            carried.mapped("description"),
            [
                "Negative balance carried over from 04/30/2026",
                "Less is carried over from 04/30/2026",
            ],
        )

    def test_refused_and_no_longer_negative(self):
        """300 more of money: 15 are paid, nothing is carried."""
        self._refuse()
        self._pay(self.invoice, 300.0, date="2026-04-20")
        self._draw("2026-04-01")
        self._approve(self.april)
        self.assertEqual(self.april.amount_total, 15.0)
        self.assertEqual(self._may(450.0).amount_total, 45.0)


@tagged("post_install", "-at_install")
class TestCommissionPayCompany(SettlementCommon):
    """COM-5: what is booked belongs to the statement's company, not the session's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Second trader")
        cls.second = cls.other["company"]
        cls.roles["finance"].company_ids = [Command.link(cls.second.id)]
        cls.statement = cls.Statement.create(
            cls.Statement._prepare_vals(
                cls.second, cls.li, cls.invoice.date, cls.invoice.date
            )
        )
        cls.env["parts.commission.closing"].sudo()._append(
            cls.statement, cls.statement, kind="tier", cause="tier", amount=70.0
        )
        cls.statement.state = "approved"

    def _pay_as_finance(self, method):
        wizard = self.env["parts.commission.pay"].with_user(self.roles["finance"])
        companies = [self.company.id, self.second.id]
        wizard.with_context(allowed_company_ids=companies).create(
            {
                "statement_ids": [Command.set(self.statement.ids)],
                "method": method,
                "date": "2026-04-05",
                "expense_account_id": self.other["default_account_expense"].id,
                "liability_account_id": self.other["default_account_payable"].id,
            }
        ).action_pay()
        return self.statement.payment_move_id

    def test_by_journal_entry(self):
        entry = self._pay_as_finance("entry")
        self.assertEqual(entry.company_id, self.second)
        self.assertEqual(entry.journal_id.company_id, self.second)
        self.assertEqual(sum(entry.line_ids.mapped("debit")), 70.0)

    def test_by_vendor_bill(self):
        """In the currency of the statement, whatever the journal's is."""
        currency = self.setup_other_currency("EUR")
        self.other["default_journal_purchase"].currency_id = currency
        bill = self._pay_as_finance("bill")
        self.assertEqual(bill.company_id, self.second)
        self.assertEqual(bill.currency_id, self.statement.currency_id)
        self.assertEqual(bill.amount_total, 70.0)


@tagged("post_install", "-at_install")
class TestCommissionDraw(SettlementCommon):
    def test_a_month_that_has_not_begun(self):
        with self.assertRaisesRegex(UserError, "January 2099 has not begun"):
            self._draw("2099-01-01")
