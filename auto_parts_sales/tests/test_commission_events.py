from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionEvents(CommissionCommon):
    """paths.md A: what a user does, and what the ledger then holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 1,000 untaxed, 10 %: the whole earns 100, of which 400 earn 40
        cls.invoice = cls._new_invoice([1000.0])

    def setUp(self):
        super().setUp()
        self.payment = self._pay(self.invoice, 400.0)
        self.first = ("collection", "collected", "2026-03-10", 40.0)
        self.assertLedger(self.invoice, [self.first])

    def test_payment_rejected_takes_back(self):
        self.payment.action_reject()
        self.assertTrue(self._partials(self.invoice), "Odoo keeps the reconciliation")
        self.assertLedger(
            self.invoice,
            [
                self.first,
                ("correction", "payment_rejected", "2026-03-10", -40.0),
            ],
        )
        taken_back = self._entries(self.invoice)[-1]
        self.assertEqual(taken_back.reversal_of_id, self._entries(self.invoice)[0])
        self.assertTrue(taken_back.reason)

    def test_payment_reset_to_draft_and_posted_again(self):
        self.payment.action_draft()
        self.assertTrue(self._partials(self.invoice))
        self.assertEqual(self._earned(self.invoice), 0.0)
        self.payment.action_post()
        self.assertLedger(
            self.invoice,
            [
                self.first,
                ("correction", "payment_draft", "2026-03-10", -40.0),
                self.first,
            ],
        )

    def test_payment_entry_reset_to_draft(self):
        self.payment.move_id.button_draft()
        self.assertEqual(self._earned(self.invoice), 0.0)

    def test_payment_redated(self):
        self.payment.action_draft()
        self.payment.date = "2026-04-02"
        self.payment.action_post()
        self.assertLedger(
            self.invoice,
            [
                self.first,
                ("correction", "payment_draft", "2026-03-10", -40.0),
                ("collection", "collected", "2026-04-02", 40.0),
            ],
        )

    def test_entry_of_the_payment_redated(self):
        """Odoo refuses it, but for who knows the key."""
        entry = self.payment.move_id.with_context(skip_readonly_check=True)
        entry.date = "2026-04-02"
        self.assertEqual(self._earned(self.invoice), 40.0)
        last = self._entries(self.invoice)[-1]
        if self._partials(self.invoice):
            self.assertEqual(str(last.date), "2026-04-02")
        self.assertIdle(self.invoice)

    def test_invoice_redated_while_it_is_posted(self):
        """Money counts from the day of the invoice on."""
        invoice = self.invoice.with_context(skip_readonly_check=True)
        invoice.write({"invoice_date": "2026-03-15", "date": "2026-03-15"})
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.assertEqual(str(self._entries(self.invoice)[-1].date), "2026-03-15")
        self.assertIdle(self.invoice)

    def test_amount_of_draft_payment_changed(self):
        self.payment.action_draft()
        self.payment.amount = 300.0
        self.payment.action_post()
        self.assertFalse(self._partials(self.invoice), "Odoo unmatches it")
        self.assertEqual(self._earned(self.invoice), 0.0)
        credit = self.payment.move_id.line_ids.filtered("credit")
        self.invoice.js_assign_outstanding_line(credit.id)
        self.assertEqual(self._earned(self.invoice), 30.0)
        self.assertIdle(self.invoice)

    def test_payment_cancelled(self):
        self.payment.action_cancel()
        self.assertLedger(
            self.invoice,
            [
                self.first,
                ("correction", "payment_cancelled", "2026-03-10", -40.0),
            ],
        )

    def test_payment_deleted(self):
        self.payment.action_draft()
        self.payment.unlink()
        entries = self._entries(self.invoice)
        self.assertEqual(entries.mapped("amount"), [40.0, -40.0])
        entries.invalidate_recordset()
        self.assertFalse(entries.partial_id, "the link goes with the reconciliation")
        self.assertFalse(entries.payment_id)
        self.assertTrue(all(entries.mapped("partial_ref")))
        self.assertTrue(all(entries.mapped("payment_name")))

    def test_unmatched_and_matched_again(self):
        partial = self._partials(self.invoice)
        self.invoice.js_remove_outstanding_partial(partial.id)
        self.assertLedger(
            self.invoice,
            [self.first, ("correction", "undone", "2026-03-10", -40.0)],
        )
        credit = self.payment.move_id.line_ids.filtered("credit")
        self.invoice.js_assign_outstanding_line(credit.id)
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.assertIdle(self.invoice)

    def test_invoice_cancelled(self):
        self.invoice.button_cancel()
        self.assertEqual(self._earned(self.invoice), 0.0)
        self.assertEqual(self._ledger(self.invoice)[1][1], "invoice_draft")
        self.assertFalse(self.Basis.search([("move_id", "=", self.invoice.id)]))

    def test_invoice_reset_label_edited_posted_again(self):
        basis = self.Basis.search([("move_id", "=", self.invoice.id)])
        self.invoice.button_draft()
        self.assertEqual(self._earned(self.invoice), 0.0)
        self.assertFalse(basis.active)
        self.invoice.invoice_line_ids.name = "another label"
        self.plan.rule_ids.rate = 20.0  # counts for what is promised from now on
        self.invoice.action_post()
        self.assertTrue(basis.active, "an unchanged line keeps its promise")
        self.assertEqual(self.Basis.search([("move_id", "=", self.invoice.id)]), basis)
        self.assertLedger(
            self.invoice,
            [
                self.first,
                ("correction", "invoice_draft", "2026-03-10", -40.0),
                self.first,
            ],
        )

    def test_line_replaced_in_draft(self):
        """Same total, another product: the old promise is closed, a new one made."""
        self._new_plan("Wang", self.wang, [{"rate": 5.0}])
        old = self.Basis.search([("move_id", "=", self.invoice.id)])
        self.invoice.button_draft()
        self.invoice.write(
            {
                "invoice_user_id": self.wang.id,
                "invoice_line_ids": [
                    Command.delete(self.invoice.invoice_line_ids.id),
                    Command.create(
                        {
                            "product_id": self.filter.id,
                            "price_unit": 1000.0,
                            "tax_ids": [Command.clear()],
                        }
                    ),
                ],
            }
        )
        self.invoice.action_post()
        self.assertTrue(self._partials(self.invoice), "Odoo kept the reconciliation")
        old.invalidate_recordset()
        self.assertFalse(old.active)
        self.assertFalse(old.move_line_id, "the line is gone")
        self.assertEqual(old.product_name, "Brake disc", "its name stays")
        new = self.Basis.search([("move_id", "=", self.invoice.id)])
        self.assertRecordValues(
            new, [{"user_id": self.wang.id, "rate": 5.0, "amount": 50.0}]
        )
        entries = self._entries(self.invoice)
        self.assertEqual(
            [(entry.user_id, entry.amount) for entry in entries],
            [(self.li, 40.0), (self.li, -40.0), (self.wang, 20.0)],
        )
        self.assertIdle(self.invoice)

    def test_price_changed_in_draft(self):
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 2000.0
        self.invoice.action_post()
        self.assertFalse(self._partials(self.invoice), "Odoo unmatches it")
        self.assertEqual(self._earned(self.invoice), 0.0)
        credit = self.payment.move_id.line_ids.filtered("credit")
        self.invoice.js_assign_outstanding_line(credit.id)
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.assertIdle(self.invoice)

    def test_payment_on_draft_invoice_earns_when_posted(self):
        invoice = self._new_invoice([500.0], date="2026-03-20", post=False)
        self._pay(invoice, 200.0, date="2026-03-12")
        self.assertTrue(self._partials(invoice))
        self.assertFalse(self._entries(invoice))
        invoice.action_post()
        # the later of payment (12th) and invoice (20th)
        self.assertLedger(invoice, [("collection", "collected", "2026-03-20", 20.0)])

    def test_partial_written_by_hand(self):
        partial = self._partials(self.invoice)
        partial.write(
            {
                "amount": 1.0,
                "debit_amount_currency": 1.0,
                "credit_amount_currency": 1.0,
            }
        )
        self.assertLedger(
            self.invoice,
            [self.first, ("correction", "recalculated", "2026-03-10", -39.9)],
        )

    def test_salesperson_changed_on_posted_invoice(self):
        self.invoice.invoice_user_id = self.wang
        self.assertLedger(self.invoice, [self.first])
        self._pay(self.invoice, 600.0, date="2026-03-15")
        self.assertEqual(self._entries(self.invoice).user_id, self.li)
        self.assertEqual(self._earned(self.invoice), 100.0)

    def test_bank_statement_line_matched_and_undone(self):
        statement_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-18",
                "payment_ref": "transfer",
                "partner_id": self.partner_a.id,
                "amount": 600.0,
            }
        )
        suspense = statement_line._seek_for_lines()[1]
        suspense.with_context(skip_account_move_synchronization=True).write(
            {"account_id": self.company_data["default_account_receivable"].id}
        )
        term = self.invoice.line_ids.filtered(
            lambda x: x.display_type == "payment_term"
        )
        (suspense | term).reconcile()
        self.assertEqual(
            self._ledger(self.invoice)[1:],
            [("collection", "collected", "2026-03-18", 60.0)],
        )
        statement_line.action_undo_reconciliation()
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.assertIdle(self.invoice)
