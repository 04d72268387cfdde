from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import AcceptanceCommon


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceCurrency(AcceptanceCommon):
    """COM-1: rates that move between invoice, payment and unmatching.

    A dollar is 2.0 euros from 1 March, 1.6 from 15 March, 2.5 from 1 April.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency(
            "EUR",
            rates=[("2026-03-01", 2.0), ("2026-03-15", 1.6), ("2026-04-01", 2.5)],
        )
        cls.in_euro = {"currency_id": cls.euro.id}

    def _both(self, move):
        return [(x.amount_currency, x.amount) for x in self._entries(move)]

    def _pay_euro(self, invoice, amount, day):
        return self._pay(invoice, amount, date=day, **self.in_euro)

    def test_undone_at_another_rate_than_it_was_earned(self):
        """1,000 euros at 10 %. 400 at 2.0, 300 at 1.6; the 400 undone, 300 at 2.5,
        the 400 matched again: at the rate of their own date."""
        invoice = self._new_invoice([1000.0], **self.in_euro)
        first = self._pay_euro(invoice, 400.0, "2026-03-10")
        partial = self._partials(invoice)
        self._pay_euro(invoice, 300.0, "2026-03-20")
        invoice.js_remove_outstanding_partial(partial.id)
        self._pay_euro(invoice, 300.0, "2026-04-05")
        invoice.js_assign_outstanding_line(self._claim(first).id)
        self.assertEqual(
            self._both(invoice),
            [
                (40.0, 20.0),
                (30.0, 18.75),
                (-40.0, -20.0),
                (30.0, 12.0),
                (40.0, 20.0),
            ],
        )
        self.assertEqual(invoice.payment_state, "paid")

    def test_paid_in_company_currency(self):
        """625 dollars are all of it on 20 March: 100 euros are 62.50 dollars."""
        invoice = self._new_invoice([1000.0], **self.in_euro)
        self._pay(invoice, 625.0, date="2026-03-20", currency_id=self.currency.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._both(invoice), [(100.0, 62.5)])

    def test_paid_in_two_other_currencies(self):
        """Half in dollars at 1.6; then 800 francs, 200 dollars, of the 250 that Odoo
        has open of 500 at 2.0: it settles 400 euros, 40 are 16.00 dollars at 2.5."""
        franc = self.setup_other_currency("CHF", rates=[("2026-01-01", 4.0)])
        invoice = self._new_invoice([1000.0], **self.in_euro)
        # 500 euros are 312.50 dollars at 1.6
        self._pay(invoice, 312.5, date="2026-03-20", currency_id=self.currency.id)
        self._pay(invoice, 800.0, date="2026-04-05", currency_id=franc.id)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(self._both(invoice), [(50.0, 31.25), (40.0, 16.0)])

    def test_advance_matched_with_a_later_invoice(self):
        """700 of 10 March for an invoice of 20 March: that day's 1.6: 43.75."""
        payment = self._new_payment(700.0, currency_id=self.euro.id)
        invoice = self._new_invoice([1000.0], date="2026-03-20", **self.in_euro)
        self._match(self._terms(invoice), self._claim(payment))
        self.assertEqual(self._both(invoice), [(70.0, 43.75)])
        self.assertEqual(str(self._entries(invoice).date), "2026-03-20")

    def test_bank_transaction_in_dollars(self):
        """The bank brings 250 dollars on 5 April: 625 of 1,000 euros: 62.50, 25.00."""
        invoice = self._new_invoice([1000.0], **self.in_euro)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-04-05",
                "payment_ref": "transfer",
                "partner_id": self.partner_a.id,
                "amount": 250.0,
                "amount_currency": 625.0,
                "foreign_currency_id": self.euro.id,
            }
        )
        suspense = line._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.receivable.id}
        )
        self._match(suspense, self._terms(invoice))
        self.assertEqual(invoice.amount_residual, 375.0)
        self.assertEqual(self._both(invoice), [(62.5, 25.0)])

    def test_write_off_in_foreign_currency(self):
        """800 euros, 780 come at 1.6, 20 are let go: 78.00, 48.75."""
        invoice = self._new_invoice([800.0], **self.in_euro)
        payment = self._pay(
            invoice,
            780.0,
            date="2026-03-20",
            payment_difference_handling="reconcile",
            writeoff_account_id=self.expense.id,
            **self.in_euro,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._both(invoice), [(78.0, 48.75)])
        payment.action_draft()
        payment.action_post()
        self.assertEqual(
            self._both(invoice), [(78.0, 48.75), (-78.0, -48.75), (78.0, 48.75)]
        )

    def test_currency_without_cents(self):
        """10,001 yen at 10 %: 1,000. 3,333 paid: 333 (2.22 dollars), then 667."""
        yen = self.setup_other_currency("JPY", rounding=1, rates=[("2026-01-01", 150)])
        invoice = self._new_invoice([10001.0], currency_id=yen.id)
        self._pay(invoice, 3333.0, currency_id=yen.id)
        self._pay(invoice, 6668.0, currency_id=yen.id)
        self.assertEqual(self._both(invoice), [(333.0, 2.22), (667.0, 4.45)])

    def test_credit_note_in_foreign_currency(self):
        """200 of 1,000 euros are credited at 1.6 and matched; 800 come at 2.5.

        All is collected: 100 on the invoice, 20 back on the note; 80 euros, 32.00.
        """
        invoice = self._new_invoice([1000.0], **self.in_euro)
        note = self._credit(invoice, [(self.brake, 200.0)], date="2026-03-20")
        self.assertEqual(self._entries(invoice | note).mapped("amount"), [])
        self._pay_euro(invoice, 800.0, "2026-04-05")
        self.assertEqual(self._both(invoice), [(100.0, 40.0)])
        self.assertEqual(self._both(note), [(-20.0, -8.0)])

    def test_deposit_at_one_rate_final_at_another(self):
        """1,000 euros + 15 %; 30 % before at 2.0, the rest at 2.5.

        24 euros at 8 % are 12.00; then 80 less 24: 32.00 less 9.60.
        """
        self._rules((self.filter, 5.0), (None, 10.0))
        pricelist = (
            self.env["product.pricelist"]
            .sudo()
            .create({"name": "Euro", "currency_id": self.euro.id})
        )
        order = self._new_order(
            [(self.brake, 600.0), (self.filter, 400.0)],
            taxes=self.tax_sale_a,
            pricelist_id=pricelist.id,
        )
        self.assertEqual(order.currency_id, self.euro)
        deposit = self._invoice(order, "percentage", amount=30.0)
        self.assertEqual(deposit.amount_total, 345.0)
        self._pay_euro(deposit, 345.0, "2026-03-10")
        self.assertEqual(self._both(deposit), [(24.0, 12.0)])
        final = self._invoice(order, day="2026-04-01")
        self.assertEqual(final.amount_total, 805.0)
        self._pay_euro(final, 805.0, "2026-04-10")
        self.assertEqual(
            sorted(self._both(final)), [(-24.0, -9.6), (20.0, 8.0), (60.0, 24.0)]
        )

    def test_early_discount_in_foreign_currency(self):
        """3 % of 1,000 euros + 15 %, paid at 1.6: 97 euros, 60.63 (60.625)."""
        term = self.env["account.payment.term"].create(
            {
                "name": "3/25",
                "early_discount": True,
                "discount_percentage": 3.0,
                "discount_days": 25,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 45}
                    )
                ],
            }
        )
        invoice = self._new_invoice(
            [1000.0],
            taxes=self.tax_sale_a,
            invoice_payment_term_id=term.id,
            **self.in_euro,
        )
        payment = self._pay(invoice, None, date="2026-03-20", **self.in_euro)
        self.assertEqual(payment.amount, 1115.5)
        self.assertEqual(self._both(invoice), [(97.0, 60.63)])

    def test_lateness_keeps_the_rate_of_its_collection(self):
        """9 days late ×0.5: 100 euros at 1.6 are 62.50, half of it goes."""
        self.plan.factor_ids = [Command.create({"days_from": 9, "factor": 0.5})]
        invoice = self._new_invoice([1000.0], date="2026-03-11", **self.in_euro)
        payment = self._pay_euro(invoice, 1000.0, "2026-03-20")
        self.assertEqual(self._both(invoice), [(100.0, 62.5), (-50.0, -31.25)])
        payment.action_reject()
        self.assertEqual(self._earned(invoice), 0.0)
