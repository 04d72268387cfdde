from itertools import permutations

from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import AcceptanceCommon


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceMoney(AcceptanceCommon):
    """COM-1: in proportion to what came in, to the cent."""

    def test_awkward_cents_in_any_order_undone_and_paid_again(self):
        """33.33 at 7.5 %, 66.67 at 3.33 %, 0.15 at 10 %, 15 % tax on top.

        2.49975, 2.220111 and 0.015: promised 2.50, 2.22 and 0.02, together 4.74.
        Tax: 5.00 + 10.00 + 0.02, total 115.17.
        """
        self._rules((self.brake, 7.5), (self.filter, 3.33), (None, 10.0))
        lines = [(self.brake, 33.33), (self.filter, 66.67), (self.pad, 0.15)]
        promised = [2.5, 2.22, 0.02]
        for order in list(permutations([1.17, 50.0, 63.99, 0.01]))[::5]:
            invoice = self._new_invoice(lines, taxes=self.tax_sale_a)
            self.assertEqual(invoice.amount_total, 115.17)
            paid = []
            for number, amount in enumerate(order):
                paid.append(self._pay(invoice, amount))
                self._assert_between(invoice, promised)
                if number == 1:
                    partial = self._partials(invoice).sorted("id")[0]
                    invoice.js_remove_outstanding_partial(partial.id)
                    self._assert_between(invoice, promised)
                    again = self._claim(paid[0])
                    invoice.js_assign_outstanding_line(again.id)
            self.assertEqual(invoice.amount_residual, 0.0)
            self.assertEqual(self._earned(invoice), 4.74)
            by_line = self._entries(invoice).grouped("move_line_id")
            self.assertEqual(
                [
                    self.currency.round(sum(by_line[line].mapped("amount")))
                    for line in invoice.invoice_line_ids
                ],
                promised,
            )

    def _assert_between(self, invoice, promised):
        """No line holds more than half a cent above its share, nor less."""
        share = 1.0 - invoice.amount_residual / invoice.amount_total
        by_line = self._entries(invoice).grouped("move_line_id")
        for line, amount in zip(invoice.invoice_line_ids, promised, strict=True):
            entries = by_line.get(line, self.Entry)
            booked = sum(entries.mapped("amount"))
            self.assertLessEqual(abs(booked - amount * share), 0.005 + 1e-9)

    def test_tax_in_many_forms(self):
        """Half of the total is half of the untaxed 1,000.00, whatever the tax."""
        percent = {"amount_type": "percent", "type_tax_use": "sale"}
        tax = self.env["account.tax"].create
        inside = tax(
            {
                **percent,
                "name": "13 in",
                "amount": 13,
                "price_include_override": "tax_included",
            }
        )
        compound = tax(
            [
                {
                    **percent,
                    "name": "10 base",
                    "amount": 10,
                    "include_base_amount": True,
                    "sequence": 1,
                },
                {**percent, "name": "5 on all", "amount": 5, "sequence": 2},
            ]
        )
        group = tax(
            {
                "name": "9 + 4",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [
                    Command.create({**percent, "name": "nine", "amount": 9}),
                    Command.create({**percent, "name": "four", "amount": 4}),
                ],
            }
        )
        fixed = tax(
            {
                "name": "3 apiece",
                "amount_type": "fixed",
                "type_tax_use": "sale",
                "amount": 3,
            }
        )
        withheld = tax({**percent, "name": "2 kept", "amount": -2})
        for taxes, price, total in (
            (inside, 1130.0, 1130.0),
            (compound, 1000.0, 1155.0),
            (group, 1000.0, 1130.0),
            (fixed, 1000.0, 1003.0),
            (self.tax_sale_a | withheld, 1000.0, 1130.0),
            (withheld, 1000.0, 980.0),
        ):
            with self.subTest(tax=taxes.mapped("name")):
                invoice = self._new_invoice([price], taxes=taxes)
                self.assertEqual(invoice.amount_total, total)
                self._pay(invoice, total / 2)
                self.assertEqual(self._earned(invoice), 50.0)
                entries = self._entries(invoice)
                self.assertEqual(sum(entries.mapped("collected")), 500.0)
                self._pay(invoice, total / 2)
                self.assertEqual(self._earned(invoice), 100.0)

    def test_taxed_and_untaxed_lines_together(self):
        """1,000 + 15 % and 850 without: total 2,000; 500 paid is a quarter of each."""
        self._rules((self.brake, 8.0), (None, 4.0))
        invoice = self._new_invoice([(self.brake, 1000.0)], post=False)
        invoice.invoice_line_ids.tax_ids = self.tax_sale_a
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.filter.id,
                    "price_unit": 850.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 2000.0)
        self._pay(invoice, 500.0)
        # 80.00 and 34.00 are promised
        self.assertEqual(self._entries(invoice).mapped("amount"), [20.0, 8.5])

    def test_cash_rounding_of_the_biggest_tax(self):
        """99.99 + 15.00 of tax, rounded to 115.00: paid in two parts, 10.00."""
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "to 0.05",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "biggest_tax",
            }
        )
        invoice = self._new_invoice(
            [99.99], taxes=self.tax_sale_a, invoice_cash_rounding_id=rounding.id
        )
        self.assertEqual(invoice.amount_total, 115.0)
        self._pay(invoice, 57.5)
        self.assertEqual(self._earned(invoice), 5.0)
        self._pay(invoice, 57.5)
        self.assertEqual(self._earned(invoice), 10.0)

    def _new_early_term(self, computation):
        return self.env["account.payment.term"].create(
            {
                "name": "3/10 net 45",
                "early_discount": True,
                "discount_percentage": 3.0,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 45}
                    )
                ],
            }
        )

    def test_early_discount_of_two_lines_in_each_tax_mode(self):
        """800 at 10 % and 200 at 5 %: 90; 3 % less are 87.30, by the plan or not."""
        self._rules((self.brake, 10.0), (None, 5.0))
        lines = [(self.brake, 800.0), (self.filter, 200.0)]
        for computation in ("included", "excluded", "mixed"):
            for policy, earned in (("no", [77.6, 9.7]), ("yes", [80.0, 10.0])):
                with self.subTest(computation=computation, policy=policy):
                    self.plan.discount_policy = policy
                    invoice = self._new_invoice(
                        lines,
                        taxes=self.tax_sale_a,
                        invoice_payment_term_id=self._new_early_term(computation).id,
                    )
                    payment = self._pay(invoice, None, date="2026-03-09")
                    self.assertEqual(invoice.payment_state, "paid")
                    entries = self._entries(invoice)
                    self.assertEqual(entries.mapped("amount"), earned)
                    payment.action_draft()
                    self.assertEqual(self._earned(invoice), 0.0)
                    payment.action_post()
                    self.assertEqual(self._earned(invoice), sum(earned))

    def test_early_discount_of_two_invoices_in_one_payment(self):
        """500 and 300, 3 % less: 48.50 and 29.10."""
        term = self._new_early_term("included").id
        first, second = (
            self._new_invoice([price], invoice_payment_term_id=term)
            for price in (500.0, 300.0)
        )
        payment = self._pay(first | second, None, date="2026-03-09")
        self.assertEqual(payment.amount, 776.0)
        self.assertEarned([48.5, 29.1], first, second)

    def test_after_the_discounts_days_all_of_it_counts(self):
        invoice = self._new_invoice(
            [500.0], invoice_payment_term_id=self._new_early_term("included").id
        )
        payment = self._pay(invoice, None, date="2026-03-12")
        self.assertEqual(payment.amount, 500.0)
        self.assertEqual(self._earned(invoice), 50.0)

    def test_bank_fee_of_one_payment_for_three_invoices(self):
        """300, 500, 200; the bank keeps 15: 985 of 1,000 of each, or all of it."""
        self.company.parts_bank_fee_account_ids = self.fee
        for policy, earned in (
            ("no", [29.55, 49.25, 19.7]),
            ("yes", [30.0, 50.0, 20.0]),
        ):
            with self.subTest(policy=policy):
                self.plan.fee_policy = policy
                invoices = [self._new_invoice([x]) for x in (300.0, 500.0, 200.0)]
                self._pay(
                    self.env["account.move"].union(*invoices),
                    985.0,
                    payment_difference_handling="reconcile",
                    writeoff_account_id=self.fee.id,
                )
                self.assertEarned(earned, *invoices)

    def test_fee_and_discount_in_one_miscellaneous_entry(self):
        """400 settled: the bank has 370, 10 are its fee, 20 a favour."""
        account = self.bank.default_account_id
        self.company.parts_bank_fee_account_ids = self.fee
        for policy, earned in (("no", 37.0), ("yes", 38.0)):
            with self.subTest(policy=policy):
                self.plan.fee_policy = policy
                invoice = self._new_invoice([400.0])
                entry = self._new_entry(
                    [
                        (account, 370.0),
                        (self.fee, 10.0),
                        (self.expense, 20.0),
                        (self.receivable, -400.0),
                    ],
                    day="2026-03-17",
                )
                self._match(self._terms(invoice), self._claim(entry))
                self.assertEqual(self._by_month(invoice), {"2026-03": earned})

    def test_one_bank_transaction_for_three_invoices(self):
        """900 for 500, 300 and a part of 250: 50, 30, 10; undone: nothing."""
        invoices = [self._new_invoice([x]) for x in (500.0, 300.0, 250.0)]
        first, second, third = (self._terms(x) for x in invoices)
        line = self._bank_line(900.0, "2026-03-19", first, second, (third, 100.0))
        self.assertEarned([50.0, 30.0, 10.0], *invoices)
        self.assertEqual(str(self._entries(invoices[2]).date), "2026-03-19")
        line.action_undo_reconciliation()
        self.assertEarned([0.0, 0.0, 0.0], *invoices)

    def test_bank_transaction_with_a_fee_of_a_reconciliation_model(self):
        """What a model adds, 1.50 of fee, is no money: 498.50 of 500."""
        invoice = self._new_invoice([500.0])
        line = self._bank_line(498.5, "2026-03-19", (self._terms(invoice), 498.5))
        context = {"skip_account_move_synchronization": True, "force_delete": True}
        line.action_undo_reconciliation()
        self.assertEqual(self._earned(invoice), 0.0)
        move = line.move_id.with_context(skip_readonly_check=True, **context)
        move.write(
            {
                "line_ids": [
                    Command.delete(line._seek_for_lines()[1].id),
                    Command.create({"account_id": self.fee.id, "balance": 1.5}),
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.partner_a.id,
                            "balance": -500.0,
                        }
                    ),
                ]
            }
        )
        self._match(self._terms(invoice), self._claim(line.move_id))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._earned(invoice), 49.85)

    def test_bad_debt_in_part_and_recovered(self):
        """1,000: 700 paid, 300 written off: 70. The write-off is undone, 180 come."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 700.0)
        entry = self._new_entry([(self.expense, 300.0), (self.receivable, -300.0)])
        self._match(self._terms(invoice), self._claim(entry))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._earned(invoice), 70.0)
        self._claim(entry).remove_move_reconcile()
        self._pay(invoice, 180.0, date="2026-05-02")
        self.assertEqual(self._by_month(invoice), {"2026-03": 70.0, "2026-05": 18.0})

    def test_overpaid_and_used_for_a_later_invoice(self):
        """800 for an invoice of 600; the 200 pay one of April: in April."""
        first = self._new_invoice([600.0])
        payment = self._new_payment(800.0)
        self._match(self._terms(first), self._claim(payment))
        self.assertEqual(self._earned(first), 60.0)
        later = self._new_invoice([500.0], date="2026-04-07")
        later.js_assign_outstanding_line(self._claim(payment).id)
        self.assertLedger(later, [("collection", "collected", "2026-04-07", 20.0)])
        payment.action_reject()
        self.assertEarned([0.0, 0.0], first, later)
        self.assertEqual(self._by_month(first | later), {})
        payment.action_draft()
        payment.action_post()
        self.assertEarned([60.0, 20.0], first, later)

    def test_one_payment_of_two_bounces_and_comes_again(self):
        """1,000 and 500 by 900, at 10 %: rejected, posted again, re-dated, cancelled.

        March pays the 40.00 of an earlier payment throughout.
        """
        first, second = self._new_invoice([1000.0]), self._new_invoice([500.0])
        self._pay(first, 400.0, date="2026-03-05")
        payment = self._pay(first | second, 900.0, date="2026-03-12")
        both = first | second
        self.assertEqual(self._by_month(both), {"2026-03": 130.0})
        payment.action_reject()
        self.assertEqual(self._by_month(both), {"2026-03": 40.0})
        payment.action_draft()
        self.assertEqual(self._by_month(both), {"2026-03": 40.0})
        payment.date = "2026-04-03"
        payment.action_post()
        self.assertEqual(self._by_month(both), {"2026-03": 40.0, "2026-04": 90.0})
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._by_month(both), {"2026-03": 40.0})
        payment.action_draft()
        payment.unlink()
        self._pay(both, 1100.0, date="2026-05-04")
        self.assertEqual(self._by_month(both), {"2026-03": 40.0, "2026-05": 110.0})
        causes = set(self._entries(first).mapped("cause"))
        self.assertIn("payment_rejected", causes)
        self.assertIn("payment_draft", causes)
