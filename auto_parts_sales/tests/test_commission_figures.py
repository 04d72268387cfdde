from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon, DepositCommon


@tagged("post_install", "-at_install")
class TestCommissionFigures(CommissionCommon):
    """COM-1 to COM-3: several rules at once, worked out by hand."""

    def _by_user(self, moves):
        groups = self._entries(moves).grouped("user_id")
        return {
            user: self.currency.round(sum(entries.mapped("amount")))
            for user, entries in groups.items()
        }

    def test_two_invoices_and_a_credit_note_with_one_write_off(self):
        """600 + 400 - 100 are 900; 870 come in, 30 are written off: 870 at 10 %."""
        first = self._new_invoice([600.0])
        second = self._new_invoice([400.0])
        note = self._credit(second, [(self.brake, 100.0)], match=False)
        self._pay(
            first | second | note,
            870.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(first.payment_state, "paid")
        self.assertEqual(second.payment_state, "paid")
        self.assertEqual(self._earned(first | second | note), 87.0)
        self.assertIdle(first | second | note)

    def test_instalments_with_lateness(self):
        """300 due on 1 March, 700 on the 31st; half of what is 10 days late.

        500 on 20 March: 300 of them late, 200 in time. 500 on 15 April: late.
        30 - 15 + 20 + 50 - 25.
        """
        self.plan.factor_ids = [Command.create({"days_from": 10, "factor": 0.5})]
        term = self.env["account.payment.term"].create(
            {
                "name": "30 and 70",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((30, 0), (70, 30))
                ],
            }
        )
        invoice = self._new_invoice([1000.0], invoice_payment_term_id=term.id)
        self._pay(invoice, 500.0, date="2026-03-20")
        self.assertEqual(self._earned(invoice), 35.0)
        self._pay(invoice, 500.0, date="2026-04-15")
        self.assertEqual(self._earned(invoice), 60.0)
        late = self._entries(invoice).filtered(lambda x: x.kind == "lateness")
        self.assertEqual(sorted(late.mapped("amount")), [-25.0, -15.0])
        self.assertEqual(sorted(late.mapped("days_late")), [15, 19])
        self.assertIdle(invoice)

    def test_due_date_put_off(self):
        """40 days late at half; with the accountant's new due date 10: all of it."""
        self.plan.factor_ids = [Command.create({"days_from": 31, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-04-10")
        self.assertEqual(self._earned(invoice), 20.0)
        invoice.invoice_date_due = "2026-03-31"
        self.env.flush_all()
        term = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
        self.assertEqual(str(term.date_maturity), "2026-03-31")
        self.assertEqual(self._earned(invoice), 40.0)
        self.assertIdle(invoice)

    def test_due_date_of_a_journal_item_put_off(self):
        self.plan.factor_ids = [Command.create({"days_from": 31, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-04-10")
        term = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
        term.date_maturity = "2026-03-31"
        self.assertEqual(self._earned(invoice), 40.0)
        self.assertIdle(invoice)

    def test_split_override_and_credit_note(self):
        """80, 20 and 10 on 1,000; 400 come in; half is credited; 100 come in."""
        developer = self._new_user("com_dev", "sales_team.group_sale_salesman")
        self.plan.split_ids = [
            Command.create(
                {"role": "developer", "user_id": developer.id, "share": 20.0}
            ),
            Command.create({"role": "lead", "user_id": self.wang.id, "share": 10.0}),
        ]
        people = (self.li, developer, self.wang)
        invoice = self._new_invoice([1000.0], taxes=self.tax_sale_a)
        self._pay(invoice, 460.0)
        four = dict(zip(people, (32.0, 8.0, 4.0), strict=True))
        self.assertEqual(self._by_user(invoice), four)
        note = self._credit(invoice, [(self.brake, 500.0)], taxes=self.tax_sale_a)
        self.assertEqual(self._by_user(invoice | note), four)
        self._pay(invoice, 115.0)
        five = dict(zip(people, (40.0, 10.0, 5.0), strict=True))
        self.assertEqual(self._by_user(invoice | note), five)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertIdle(invoice | note)

    def test_credit_of_an_overpayment_used_and_paid_back(self):
        """1,150 for 1,000; 90 of the rest settle the next, 60 go back: 100 and 9."""
        first = self._new_invoice([1000.0])
        payment = self._pay(first, 1150.0)
        second = self._new_invoice([90.0], date="2026-04-01")
        credit = payment.move_id.line_ids.filtered(
            lambda x: x.account_type == "asset_receivable"
        )
        second.js_assign_outstanding_line(credit.id)
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": 60.0,
                "date": "2026-04-10",
            }
        )
        back.action_post()
        debit = back.move_id.line_ids.filtered(
            lambda x: x.account_type == "asset_receivable"
        )
        (credit | debit).reconcile()
        self.assertTrue(credit.reconciled)
        self.assertEqual(self._earned(first), 100.0)
        self.assertLedger(second, [("collection", "collected", "2026-04-01", 9.0)])
        payment.action_reject()
        self.assertEqual(self._earned(first | second), 0.0)
        self.assertIdle(first | second)


@tagged("post_install", "-at_install")
class TestCommissionDepositFigures(DepositCommon):
    """COM-1: deposits of two orders on one final invoice, 15 % tax on top."""

    def test_two_orders_two_deposits_one_invoice(self):
        """A: 600 at 10 %, 400 at 5 %: 8 %. B: 250 at 10 %. 60 + 20 + 25 = 105."""
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "product_id": self.filter.id, "rate": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]
        lines = [(self.brake, 600.0), (self.filter, 400.0)]
        order_a = self._new_order(lines, taxes=self.tax_sale_a)
        order_b = self._new_order([(self.brake, 250.0)], taxes=self.tax_sale_a)
        deposit_a = self._invoice(order_a, "percentage", amount=30.0)
        deposit_b = self._invoice(order_b, "percentage", amount=20.0)
        self.assertEqual(
            [deposit_a.amount_total, deposit_b.amount_total], [345.0, 57.5]
        )
        self._pay(deposit_a, 345.0)
        final = self._invoice(order_a | order_b, day="2026-04-01")
        self.assertEqual(len(final), 1)
        self.assertEqual(final.amount_total, 1035.0)
        promised = self.Basis.search([("move_id", "=", final.id)])
        self.assertEqual(
            sorted(promised.mapped("amount")), [-24.0, -5.0, 20.0, 25.0, 60.0]
        )
        self._pay(final, 414.0, date="2026-04-10")
        self.assertEqual(self._earned(final), 30.4)
        self._pay(final, 621.0, date="2026-04-20")
        self.assertEqual(self._earned(deposit_a | final), 100.0)
        self._pay(deposit_b, 57.5, date="2026-04-22")
        self.assertEqual(self._earned(deposit_a | deposit_b | final), 105.0)
        self.assertIdle(deposit_a | deposit_b | final)
