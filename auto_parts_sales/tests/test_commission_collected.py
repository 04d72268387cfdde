from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


class CollectedCommon(CommissionCommon):
    @classmethod
    def _new_entry(cls, items, day="2026-03-15", journal=None):
        """Post a miscellaneous entry; `items`: list of (account, balance, partner)."""
        entry = cls.env["account.move"].create(
            {
                "journal_id": (journal or cls.company_data["default_journal_misc"]).id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id if partner else False,
                            "balance": balance,
                        }
                    )
                    for account, balance, partner in items
                ],
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def _match(cls, *items):
        lines = cls.env["account.move.line"].union(*items)
        lines.filtered(lambda x: not x.reconciled).reconcile()

    @classmethod
    def _see_in_bank(cls, payment, day, amount=None):
        """Match the payment's outstanding item with a bank transaction of `day`."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "date": day,
                "payment_ref": "transfer",
                "partner_id": payment.partner_id.id,
                "amount": payment.amount if amount is None else amount,
            }
        )
        suspense = line._seek_for_lines()[1]
        outstanding = payment._seek_for_lines()[0]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": outstanding.account_id.id}
        )
        cls._match(suspense, outstanding)
        return line

    @classmethod
    def _term(cls, invoice):
        return invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")


@tagged("post_install", "-at_install")
class TestCommissionCleared(CollectedCommon):
    """COM-1: what waits for the bank, or for its maturity. 10 % on everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_collected_policy = "cleared"

    def test_earned_when_the_bank_has_it(self):
        """Registered on the 10th, in the bank on the 20th."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        self.assertLedger(invoice, [])
        line = self._see_in_bank(payment, "2026-03-20")
        first = ("collection", "collected", "2026-03-20", 40.0)
        self.assertLedger(invoice, [first])
        line.action_undo_reconciliation()
        self.assertLedger(
            invoice, [first, ("correction", "recalculated", "2026-03-20", -40.0)]
        )

    def test_seen_in_two_parts(self):
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        self._see_in_bank(payment, "2026-03-20", 100.0)
        self._see_in_bank(payment, "2026-03-25", 300.0)
        self.assertLedger(
            invoice,
            [
                ("collection", "collected", "2026-03-20", 10.0),
                ("collection", "collected", "2026-03-25", 30.0),
            ],
        )

    def test_bank_transaction_matched_with_the_invoice_counts_at_once(self):
        invoice = self._new_invoice([1000.0])
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-18",
                "payment_ref": "transfer",
                "partner_id": self.partner_a.id,
                "amount": 600.0,
            }
        )
        suspense = line._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self._term(invoice).account_id.id}
        )
        self._match(suspense, self._term(invoice))
        self.assertLedger(invoice, [("collection", "collected", "2026-03-18", 60.0)])

    def test_payment_rejected_after_the_bank_saw_it(self):
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        self._see_in_bank(payment, "2026-03-20")
        payment.action_reject()
        self.assertEqual(self._earned(invoice), 0.0)
        self.assertIdle(invoice)

    def test_a_plan_overrides_the_company(self):
        self.plan.collected_policy = "registered"
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 40.0)])
        self.assertEqual(invoice.parts_collected_percent, 0.0, "the company's policy")
        self._see_in_bank(payment, "2026-03-20")
        self.assertEqual(self._earned(invoice), 40.0)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.parts_collected_percent, 40.0)

    def test_changed_policy_counts_from_the_next_invoice(self):
        invoice = self._new_invoice([1000.0])
        self.company.parts_collected_policy = "registered"
        self._pay(invoice, 400.0)
        self.assertLedger(invoice, [])


@tagged("post_install", "-at_install")
class TestCommissionMaturity(CollectedCommon):
    """Cheques and bank acceptance drafts count at maturity."""

    def test_draft_counts_at_maturity(self):
        invoice = self._new_invoice([1000.0])
        with freeze_time("2026-03-10"):
            self._pay(invoice, 400.0, parts_maturity_date="2026-06-10")
            self.assertLedger(invoice, [])
        with freeze_time("2026-06-10 08:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "auto_parts_sales.parts_commission_issue_cron"
            ).method_direct_trigger()
        with freeze_time("2026-06-11"):
            self.assertLedger(
                invoice, [("collection", "collected", "2026-06-10", 40.0)]
            )
        self.assertFalse(self.env["parts.commission.issue"].search([]))

    def test_maturity_that_is_past_counts_then(self):
        invoice = self._new_invoice([1000.0])
        with freeze_time("2026-07-01"):
            self._pay(invoice, 400.0, parts_maturity_date="2026-06-10")
            self.assertLedger(
                invoice, [("collection", "collected", "2026-06-10", 40.0)]
            )

    def test_dishonoured_draft_is_taken_back(self):
        invoice = self._new_invoice([1000.0])
        with freeze_time("2026-07-01"):
            payment = self._pay(invoice, 400.0, parts_maturity_date="2026-06-10")
            payment.action_reject()
            self.assertEqual(self._earned(invoice), 0.0)

    def test_maturity_written_later(self):
        with freeze_time("2026-03-12"):
            invoice = self._new_invoice([1000.0])
            payment = self._pay(invoice, 400.0)
            self.assertEqual(self._earned(invoice), 40.0)
            payment.parts_maturity_date = date(2026, 6, 10)
            self.assertEqual(self._earned(invoice), 0.0)
            self.assertIdle(invoice)


@tagged("post_install", "-at_install")
class TestCommissionPaths(CollectedCommon):
    """paths.md C: every way by which a receivable is settled."""

    def _new_term(self, computation):
        return self.env["account.payment.term"].create(
            {
                "name": "2/7 net 30",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 7,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": 30}
                    )
                ],
            }
        )

    def _pay_early(self, computation):
        """1,000 + 15 % tax, 2 % discount for paying at once."""
        invoice = self._new_invoice(
            [1000.0],
            taxes=self.tax_sale_a,
            invoice_payment_term_id=self._new_term(computation).id,
        )
        payment = self._pay(invoice, None, date="2026-03-04")
        self.assertEqual(invoice.payment_state, "paid")
        return invoice, payment

    def test_early_discount_in_three_tax_modes(self):
        """included: 1,127 of 1,150 come in; excluded: 1,130 of 1,150; mixed: 1,127 of
        1,147. The tax of the discount is the tax's: 980.00 of 1,000.00 each time."""
        for computation, paid, earned in (
            ("included", 1127.0, 98.0),
            ("excluded", 1130.0, 98.0),
            ("mixed", 1127.0, 98.0),
        ):
            with self.subTest(computation=computation):
                invoice, payment = self._pay_early(computation)
                self.assertEqual(payment.amount, paid)
                self.assertEqual(self._earned(invoice), earned)
                self.assertEqual(sum(self._entries(invoice).mapped("collected")), 980.0)
                self.assertIdle(invoice)

    def test_early_discount_that_counts(self):
        self.company.parts_collected_discount = True
        for computation in ("included", "excluded", "mixed"):
            with self.subTest(computation=computation):
                invoice, _payment = self._pay_early(computation)
                self.assertEqual(self._earned(invoice), 100.0)
                self.assertEqual(invoice.parts_collected_percent, 100.0)

    def test_bank_fee_by_choice(self):
        """1,000 settled, the bank gives 990 and keeps 10."""
        fee = self.company_data["default_account_expense"].copy({"code": "FEE1"})
        other = self.company_data["default_account_expense"]
        for counts, account, earned in (
            (False, fee, 99.0),
            (True, fee, 100.0),
            (True, other, 99.0),
        ):
            with self.subTest(counts=counts, account=account.code):
                self.company.parts_collected_fees = counts
                self.company.parts_bank_fee_account_ids = fee
                invoice = self._new_invoice([1000.0])
                self._pay(
                    invoice,
                    990.0,
                    payment_difference_handling="reconcile",
                    writeoff_account_id=account.id,
                )
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual(self._earned(invoice), earned)

    def test_withheld_tax_by_choice(self):
        """Of 1,000 the customer pays 970 and withholds 30 of tax."""
        receivable = self.company_data["default_account_receivable"]
        tax_line = self.tax_sale_a.invoice_repartition_line_ids.filtered(
            lambda x: x.repartition_type == "tax"
        )
        for policy, earned in (("no", 97.0), ("yes", 100.0)):
            with self.subTest(policy=policy):
                self.plan.withheld_policy = policy
                invoice = self._new_invoice([1000.0])
                payment = self._pay(invoice, 970.0)
                self._partials(invoice).unlink()
                payment.action_draft()
                payment.move_id.write(
                    {
                        "line_ids": [
                            Command.update(
                                payment.move_id.line_ids.filtered(
                                    lambda x: x.account_id == receivable
                                ).id,
                                {"balance": -1000.0, "amount_currency": -1000.0},
                            ),
                            Command.create(
                                {
                                    "account_id": self.company_data[
                                        "default_account_tax_sale"
                                    ].id,
                                    "balance": 30.0,
                                    "tax_repartition_line_id": tax_line.id,
                                }
                            ),
                        ]
                    }
                )
                payment.action_post()
                self._match(
                    self._term(invoice),
                    payment.move_id.line_ids.filtered(
                        lambda x: x.account_id == receivable
                    ),
                )
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual(self._earned(invoice), earned)

    def _move_claim(self, invoice, account):
        """Move the invoice's claim with Odoo's wizard; return the new entry."""
        wizard = (
            self.env["account.automatic.entry.wizard"]
            .with_context(
                active_model="account.move.line", active_ids=self._term(invoice).ids
            )
            .create(
                {
                    "action": "change_account",
                    "date": "2026-03-12",
                    "journal_id": self.company_data["default_journal_misc"].id,
                    "destination_account_id": account.id,
                }
            )
        )
        return self.env["account.move"].browse(wizard.do_action()["res_id"])

    def test_claim_moved_to_another_account(self):
        """Not collected by the move; 600 of it later is paid there: 60."""
        doubtful = self.company_data["default_account_receivable"].copy(
            {"code": "DOUBT1"}
        )
        invoice = self._new_invoice([1000.0])
        entry = self._move_claim(invoice, doubtful)
        self.assertEqual(invoice.payment_state, "paid", "for Odoo")
        self.assertLedger(invoice, [])
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": 600.0,
                "date": "2026-04-20",
                "destination_account_id": doubtful.id,
            }
        )
        payment.action_post()
        claim, paid = (
            move.line_ids.filtered(lambda x: x.account_id == doubtful)
            for move in (entry, payment.move_id)
        )
        self._match(claim, paid)
        first = ("collection", "collected", "2026-04-20", 60.0)
        self.assertLedger(invoice, [first])
        payment.action_reject()
        self.assertLedger(
            invoice, [first, ("correction", "recalculated", "2026-04-20", -60.0)]
        )

    def test_netting_and_other_accounts_are_no_money(self):
        receivable = self.company_data["default_account_receivable"]
        invoice = self._new_invoice([1000.0])
        for account, amount in (
            (self.company_data["default_account_payable"], 400.0),
            (self.company_data["default_account_expense"], 600.0),
        ):
            entry = self._new_entry(
                [
                    (account, amount, self.partner_a),
                    (receivable, -amount, self.partner_a),
                ]
            )
            self._match(
                self._term(invoice),
                entry.line_ids.filtered(lambda x: x.account_id == receivable),
            )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertLedger(invoice, [])

    def test_entries_that_settle_each_other_are_no_money(self):
        """A claim moved to an account and back again, in a circle."""
        doubtful = self.company_data["default_account_receivable"].copy(
            {"code": "DOUBT2"}
        )
        receivable = self.company_data["default_account_receivable"]
        invoice = self._new_invoice([1000.0])
        there = self._move_claim(invoice, doubtful)
        back = self._new_entry(
            [(receivable, 1000.0, self.partner_a), (doubtful, -1000.0, self.partner_a)]
        )
        self._match(
            *(
                move.line_ids.filtered(lambda x: x.account_id == doubtful)
                for move in (there, back)
            )
        )
        self.assertLedger(invoice, [])

    def test_cash_rounding_is_in_the_total(self):
        """999.97 rounded up to 1,000.00: paid in full earns on 999.97."""
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "to 0.05",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self._new_invoice([999.97], invoice_cash_rounding_id=rounding.id)
        self.assertAlmostEqual(invoice.amount_total, 999.95)
        self._pay(invoice, 499.98)
        self._pay(invoice, 499.97)
        self.assertEqual(self._earned(invoice), 100.0)
        self.assertIdle(invoice)

    def test_tax_included_in_the_price(self):
        """1,150 with 15 % inside: 1,000 untaxed, 10 %: 100."""
        tax = self.tax_sale_a.copy({"name": "15 inside"})
        tax.price_include_override = "tax_included"
        invoice = self._new_invoice([1150.0], taxes=tax)
        self.assertEqual(invoice.amount_total, 1150.0)
        self._pay(invoice, 575.0)
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 50.0)])
        self._pay(invoice, 575.0)
        self.assertEqual(self._earned(invoice), 100.0)

    def test_reversal_with_cancel_after_a_payment(self):
        """Odoo unmatches the payment first: all is taken back."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        note = invoice._reverse_moves(
            [{"invoice_date": "2026-03-20", "date": "2026-03-20"}], cancel=True
        )
        self.assertEqual(self._earned(invoice | note), 0.0)
        self.assertIdle(invoice | note)

    def test_money_taken_at_a_till_counts(self):
        """Without the app the till's entry cannot exist: its mark is stood in for."""
        receivable = self.company_data["default_account_receivable"]
        till = receivable.copy({"code": "TILL1", "name": "Till"})
        collected = type(self.env["parts.commission.collected"])
        invoice = self._new_invoice([1000.0])
        entry = self._new_entry(
            [(till, 400.0, False), (receivable, -400.0, self.partner_a)]
        )
        is_till = lambda this, move: move == entry  # noqa: E731
        with patch.object(collected, "_is_till", is_till):
            self._match(
                self._term(invoice),
                entry.line_ids.filtered(lambda x: x.account_id == receivable),
            )
            self.assertLedger(
                invoice, [("collection", "collected", "2026-03-15", 40.0)]
            )
