from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionAmounts(CommissionCommon):
    """COM-1: figures worked out by hand."""

    def test_sixty_then_forty_percent(self):
        """1,000 + 15 % tax = 1,150. 690 is 60 %: 60.00; the rest 40.00."""
        invoice = self._new_invoice([1000.0], taxes=self.tax_sale_a)
        self.assertEqual(invoice.amount_total, 1150.0)
        self._pay(invoice, 690.0, date="2026-03-03")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-03", 60.0)])
        self.assertEqual(self._entries(invoice).collected, 600.0)
        self._pay(invoice, 460.0, date="2026-04-07")
        self.assertLedger(
            invoice,
            [
                ("collection", "collected", "2026-03-03", 60.0),
                ("collection", "collected", "2026-04-07", 40.0),
            ],
        )
        self.assertEqual(sum(self._entries(invoice).mapped("collected")), 1000.0)

    def test_three_lines_two_rates_seven_payments(self):
        """33.33 and 66.67 at 7 %, 99.99 at 3 %: 2.33 + 4.67 + 3.00 = 10.00."""
        self.plan.rule_ids.unlink()
        self.plan.rule_ids = [
            Command.create({"sequence": 1, "product_id": self.filter.id, "rate": 3.0}),
            Command.create({"sequence": 2, "rate": 7.0}),
        ]
        invoice = self._new_invoice([33.33, 66.67, (self.filter, 99.99)])
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        self.assertEqual(promised.mapped("amount"), [2.33, 4.67, 3.0])
        paid = 0.0
        for amount in (0.01, 13.37, 27.11, 50.0, 9.99, 33.3, 66.21):
            self._pay(invoice, amount)
            paid += amount
            for basis in promised:
                booked = sum(basis.entry_ids.mapped("amount_currency"))
                self.assertAlmostEqual(
                    booked, self.currency.round(basis.amount * paid / 199.99), 6
                )
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(
            [
                self.currency.round(sum(basis.entry_ids.mapped("amount")))
                for basis in promised
            ],
            [2.33, 4.67, 3.0],
        )
        self.assertAlmostEqual(sum(self._entries(invoice).mapped("collected")), 199.99)
        self.assertIdle(invoice)

    def test_undone_in_the_middle_and_paid_again(self):
        invoice = self._new_invoice([10.0])
        self.plan.rule_ids.rate = 10.0
        payments = [self._pay(invoice, amount) for amount in (3.33, 3.33, 3.34)]
        self.assertEqual(self._earned(invoice), 1.0)
        payments[1].action_draft()
        self.assertEqual(self._earned(invoice), 0.67)
        payments[0].action_reject()
        self.assertEqual(self._earned(invoice), 0.33)
        payments[1].action_post()
        payments[0].action_draft()
        payments[0].action_post()
        self.assertEqual(self._earned(invoice), 1.0)
        self.assertIdle(invoice)

    def test_foreign_currency_at_the_rate_of_each_payment(self):
        """1,000 CUR, 10 %. 400 at 2.0 CUR a dollar: 40 → 20; 600 at 4.0: 60 → 15."""
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)]
        )
        invoice = self._new_invoice([1000.0], currency_id=currency.id)
        first = self._pay(invoice, 400.0, "2026-03-10", currency_id=currency.id)
        self._pay(invoice, 600.0, "2026-04-10", currency_id=currency.id)
        entries = self._entries(invoice)
        self.assertRecordValues(
            entries,
            [
                {
                    "amount_currency": 40.0,
                    "amount": 20.0,
                    "collected": 200.0,
                    "invoice_currency_id": currency.id,
                },
                {
                    "amount_currency": 60.0,
                    "amount": 15.0,
                    "collected": 150.0,
                    "invoice_currency_id": currency.id,
                },
            ],
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        # a take-back uses the rate at which it was booked, whatever the rate is now
        first.action_draft()
        self.assertRecordValues(
            self._entries(invoice)[-1], [{"amount_currency": -40.0, "amount": -20.0}]
        )
        self.assertIdle(invoice)

    def test_foreign_invoice_paid_in_company_currency(self):
        """1,000 EUR at 2.0 is 500 USD. 200 USD of it, at 4.0, settle 800 EUR: 80."""
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)]
        )
        invoice = self._new_invoice([1000.0], currency_id=currency.id)
        self._pay(invoice, 200.0, "2026-04-10", currency_id=self.currency.id)
        self.assertEqual(invoice.amount_residual, 200.0)
        self.assertRecordValues(
            self._entries(invoice), [{"amount_currency": 80.0, "amount": 20.0}]
        )
        self.assertIdle(invoice)

    def test_write_off_in_the_payment_earns_nothing(self):
        """The partial says 1,000, the bank 900: 90."""
        invoice = self._new_invoice([1000.0])
        self._pay(
            invoice,
            900.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 90.0)])

    def test_early_payment_discount(self):
        """2 % for paying at once, on 1,150 with tax: 1,127 come in: 98.00."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2/7 net 30",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 7,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._new_invoice(
            [1000.0],
            date="2026-03-01",
            taxes=self.tax_sale_a,
            invoice_payment_term_id=term.id,
        )
        payment = self._pay(invoice, None, date="2026-03-04")
        self.assertEqual(payment.amount, 1127.0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-04", 98.0)])
        self.assertEqual(self._entries(invoice).collected, 980.0)

    def test_one_payment_with_a_write_off_for_two_invoices(self):
        """600 and 400, 900 come in: 54 and 36."""
        first, second = self._new_invoice([600.0]), self._new_invoice([400.0])
        self._pay(
            first | second,
            900.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(self._earned(first), 54.0)
        self.assertEqual(self._earned(second), 36.0)

    def test_bad_debt_by_miscellaneous_entry(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 250.0)
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-05-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.partner_a.id,
                            "credit": 750.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 750.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        lines = (invoice | entry).line_ids
        lines.filtered(
            lambda x: x.account_id == receivable and not x.reconciled
        ).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._earned(invoice), 25.0)
        self.assertIdle(invoice)

    def test_overpayment_counts_what_the_invoice_takes(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1200.0)
        self.assertEqual(self._earned(invoice), 100.0)
        later = self._new_invoice([300.0], date="2026-04-01")
        credit = self.env["account.move.line"].search(
            [
                ("move_id.origin_payment_id.partner_id", "=", self.partner_a.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        later.js_assign_outstanding_line(credit.id)
        # customer credit used later: at the later date, the invoice's
        self.assertLedger(later, [("collection", "collected", "2026-04-01", 20.0)])

    def test_advance_used_for_an_earlier_invoice(self):
        """The date is the payment's, not that of the matching, nor the invoice's."""
        earlier = self._new_invoice([300.0], date="2026-02-01")
        payment = self._pay(self._new_invoice([100.0]), 1000.0, date="2026-03-10")
        credit = payment.move_id.line_ids.filtered(
            lambda x: x.account_type == "asset_receivable"
        )
        earlier.js_assign_outstanding_line(credit.id)
        self.assertLedger(earlier, [("collection", "collected", "2026-03-10", 30.0)])

    def test_instalments(self):
        invoice = self._new_invoice(
            [1000.0], invoice_payment_term_id=self.pay_terms_b.id
        )
        self._pay(invoice, 300.0)
        self._pay(invoice, 700.0)
        self.assertEqual(self._earned(invoice), 100.0)


@tagged("post_install", "-at_install")
class TestCommissionCreditNote(CommissionCommon):
    """Share = liquidity / (total − credit notes) × (promise + credit notes')."""

    def setUp(self):
        super().setUp()
        self.plan.rule_ids.unlink()
        self.plan.rule_ids = [
            Command.create({"sequence": 1, "product_id": self.filter.id, "rate": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]
        # 600 at 10 % = 60, 400 at 5 % = 20
        self.invoice = self._new_invoice([600.0, (self.filter, 400.0)])

    def test_matched_note_takes_its_part_out_of_the_promise(self):
        """600 paid of 1,000: 48. The filters are credited: 600 of 600: 60 of 60."""
        self._pay(self.invoice, 600.0)
        self.assertEqual(self._earned(self.invoice), 48.0)
        note = self._credit(self.invoice, [(self.filter, 400.0)], match=False)
        self.assertEqual(self._earned(self.invoice), 48.0)
        self.assertEqual(self._earned(note), 0.0, "not matched")
        self._match(self.invoice, note)
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertEqual(self._earned(self.invoice), 80.0)
        self.assertEqual(self._earned(note), -20.0)
        self.assertEqual(
            {entry.cause for entry in self._entries(self.invoice)},
            {"collected", "credit_note"},
        )
        self.assertIdle(self.invoice | note)

    def test_unmatched_note_gives_its_part_back(self):
        self._pay(self.invoice, 600.0)
        note = self._credit(self.invoice, [(self.filter, 400.0)])
        partial = self._partials(note)
        partial.unlink()
        self.assertEqual(self._earned(self.invoice), 48.0)
        self.assertEqual(self._earned(note), 0.0)
        self.assertIdle(self.invoice | note)

    def test_note_reset_to_draft(self):
        note = self._credit(self.invoice, [(self.filter, 400.0)])
        self._pay(self.invoice, 600.0)
        self.assertEqual(self._earned(self.invoice) + self._earned(note), 60.0)
        note.button_draft()
        self.assertEqual(self._earned(self.invoice), 48.0)
        self.assertEqual(self._earned(note), 0.0)
        self.assertIdle(self.invoice | note)

    def test_note_before_payments_in_parts(self):
        note = self._credit(self.invoice, [(self.filter, 400.0)])
        self.assertFalse(self._entries(self.invoice | note))
        self._pay(self.invoice, 300.0)
        self.assertEqual(self._earned(self.invoice) + self._earned(note), 30.0)
        self._pay(self.invoice, 300.0)
        self.assertEqual(self._earned(self.invoice) + self._earned(note), 60.0)
        self.assertIdle(self.invoice | note)

    def test_worked_example_of_the_documentation(self):
        """docs/COMMISSION.md: 13 % VAT, discs at 7 %, filters at 3 %."""
        self.tax_sale_a.amount = 13.0
        self.plan.rule_ids.filtered("product_id").rate = 3.0
        (self.plan.rule_ids - self.plan.rule_ids.filtered("product_id")).rate = 7.0
        invoice = self._new_invoice(
            [600.0, (self.filter, 400.0)], taxes=self.tax_sale_a
        )
        self._pay(invoice, 678.0, date="2026-03-03")
        note = self._credit(
            invoice, [(self.filter, 200.0)], date="2026-03-20", taxes=self.tax_sale_a
        )
        self._pay(invoice, 226.0, date="2026-04-07")
        self.assertEqual(invoice.payment_state, "paid")
        discs, filters = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        credited = self.Basis.search([("move_id", "=", note.id)])
        for basis, amounts in (
            (discs, [25.2, 6.3, 10.5]),
            (filters, [7.2, 1.8, 3.0]),
            (credited, [-4.5, -1.5]),
        ):
            entries = basis.entry_ids.sorted("id")
            self.assertEqual(entries.mapped("amount"), amounts)

    def test_note_paid_out_by_bank(self):
        """Paid in full, 80; 100 of the brake discs paid back: −10."""
        self._pay(self.invoice, 1000.0)
        note = self._credit(self.invoice, [(self.brake, 100.0)])
        self._pay(note, 100.0, date="2026-04-02")
        self.assertLedger(note, [("collection", "collected", "2026-04-02", -10.0)])
        self.assertEqual(self._earned(self.invoice), 80.0)

    def test_fully_credited_invoice_earns_nothing(self):
        note = self.invoice._reverse_moves(
            [{"invoice_date": "2026-03-02", "date": "2026-03-02"}], cancel=True
        )
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertFalse(self._entries(self.invoice | note))

    def test_note_follows_its_invoice_not_todays_plan(self):
        self.plan.rule_ids.rate = 50.0
        note = self._credit(self.invoice, [(self.filter, 400.0)])
        promise = self.Basis.search([("move_id", "=", note.id)])
        self.assertRecordValues(promise, [{"rate": 5.0, "amount": -20.0}])

    def test_note_of_an_invoice_without_promise(self):
        invoice = self._new_invoice([100.0], user=self.wang)
        self._new_plan("Wang", self.wang, [{"rate": 5.0}])
        note = self._credit(invoice)
        self.assertFalse(self.Basis.search([("move_id", "in", (invoice | note).ids)]))

    def _match(self, invoice, note):
        (invoice | note).line_ids.filtered(
            lambda x: x.display_type == "payment_term" and not x.reconciled
        ).reconcile()
