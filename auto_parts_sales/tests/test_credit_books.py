from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.auto_parts_sales.exceptions import GateError

from .credit_common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditExposureBooks(CreditCommon):
    # CRD-3, rows of paths.md A: what settles and what does not

    def _owed(self, amount=1000.0):
        return self._invoice(self._confirmed(amount / 100.0))

    def test_part_payment(self):
        self._pay(self._owed(), 400.0)
        self._assert_parts(receivable=600.0)

    def test_unmatched_payment_makes_room(self):
        self._owed()
        self._loose_payment(250.0)
        self._assert_parts(receivable=750.0)

    def test_rejected_payment_settles_nothing(self):
        payment = self._pay(self._owed(), 400.0)
        payment.action_reject()
        self._assert_parts(receivable=1000.0)

    def test_rejected_payment_of_the_whole_invoice(self):
        payment = self._pay(self._owed(), 1000.0)
        self._assert_parts()
        payment.action_reject()
        self._assert_parts(receivable=1000.0)

    def test_rejected_and_unmatched(self):
        self._owed()
        self._loose_payment(250.0).action_reject()
        self._assert_parts(receivable=1000.0)

    def test_payment_reset_to_draft(self):
        payment = self._pay(self._owed(), 400.0)
        payment.action_draft()
        self._assert_parts(receivable=1000.0)
        payment.action_post()
        self._assert_parts(receivable=600.0)

    def test_invoice_reset_to_draft_after_payment(self):
        invoice = self._owed()
        self._pay(invoice, 400.0)
        invoice.button_draft()
        # the draft counts in full, the payment is credit again
        self._assert_parts(drafts=1000.0, receivable=-400.0)
        invoice.action_post()
        self._assert_parts(receivable=600.0)

    def test_payment_on_a_draft_invoice(self):
        invoice = self._invoice(self._confirmed(10), post=False)
        payment = self._loose_payment(400.0)
        lines = (invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self._assert_parts(drafts=1000.0, receivable=-400.0)

    def test_residuals_are_not_believed(self):
        # a billing user states over RPC that an invoice is settled
        invoice = self._owed()
        item = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        billing = new_test_user(
            self.env,
            login="parts_states_residuals",
            groups="base.group_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        item.with_user(billing).write({"amount_residual": 0.0, "reconciled": True})
        self._assert_parts(receivable=1000.0)
        self._pay(invoice, 400.0)
        self._assert_parts(receivable=600.0)

    def test_cancelled_payment(self):
        payment = self._pay(self._owed(), 400.0)
        payment.action_cancel()
        self._assert_parts(receivable=1000.0)

    def test_somebody_else_paid_and_was_rejected(self):
        invoice = self._owed()
        other = self._new_customer("Friend")
        payment = self._loose_payment(1000.0, customer=other)
        lines = (invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self._assert_parts()
        payment.action_reject()
        self._assert_parts(receivable=1000.0)
        self._assert_parts(other)

    def test_credit_notes(self):
        invoice = self._owed()
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.quantity = 2
        refund.invoice_line_ids.sale_line_ids = False
        self._assert_parts(receivable=1000.0, drafts=-200.0)
        refund.action_post()
        self._assert_parts(receivable=800.0)

    def test_a_miscellaneous_entry_counts(self):
        receivable = self.company_data["default_account_receivable"]
        revenue = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "debit": 70.0,
                        }
                    ),
                    Command.create({"account_id": revenue.id, "credit": 70.0}),
                ],
            }
        )
        self._assert_parts()
        entry.action_post()
        self._assert_parts(receivable=70.0)

    def test_payments_not_yet_seen_at_the_bank(self):
        outstanding = self.env["account.account"].create(
            {
                "name": "Outstanding receipts",
                "code": "OUTST",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        methods = self.bank.inbound_payment_method_line_ids
        methods.payment_account_id = outstanding
        self._pay(self._owed(), 400.0)
        self._assert_parts(receivable=600.0)
        self.company.parts_credit_uncleared = True
        self._assert_parts(receivable=600.0, uncleared=400.0)
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "in",
                "amount": 400.0,
                "partner_id": self.customer.id,
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        suspense.account_id = outstanding
        items = self.env["account.move.line"].search(
            [("account_id", "=", outstanding.id)]
        )
        items.reconcile()
        self._assert_parts(receivable=600.0)

    def test_cash_needs_no_statement(self):
        self.company.parts_credit_uncleared = True
        self.bank.inbound_payment_method_line_ids.payment_account_id = (
            self.bank.default_account_id
        )
        self._pay(self._owed(), 400.0)
        self._assert_parts(receivable=600.0)

    def test_overdue_days(self):
        invoice = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            invoice_date="2026-03-01",
            amounts=[100.0],
            taxes=[],
        )
        invoice.invoice_date_due = date(2026, 3, 31)
        invoice.action_post()
        for today, days in (("2026-03-31", 0), ("2026-04-10", 10)):
            with freeze_time(today):
                self.assertEqual(self._figures()["overdue_days"], days)
        payment = self._pay(invoice, invoice.amount_total)
        with freeze_time("2026-04-10"):
            self.assertEqual(self._figures()["overdue_days"], 0)
            # paid with a cheque that bounced: the debt is as old as it was
            payment.action_reject()
            self.assertEqual(self._figures()["overdue_days"], 10)

    def test_same_figures_for_who_sees_only_his_own_orders(self):
        # peers 3.9, 5
        file = self.env["parts.credit.file"].search(
            [("partner_id", "=", self.customer.id)]
        )
        file.credit_limit = 1000.0
        self._confirmed(10)
        seller = new_test_user(
            self.env,
            login="parts_own_only",
            groups="base.group_user,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self._new_order(1)
        order.user_id = seller
        with self.assertRaises(GateError) as caught:
            order.with_user(seller).action_confirm()
        self.assertEqual(caught.exception.blocks[0]["amount"], 100.0)


@tagged("post_install", "-at_install")
class TestCreditExposureTransactions(CreditCommon, AccountPaymentCommon):
    # CRD-3: done or authorised transactions that are not booked yet

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._allow_capture()

    def _pay_online(self, order, amount, state, **values):
        return self._create_transaction(
            flow="direct",
            amount=amount,
            currency_id=self.company.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            state=state,
            reference=f"{order.name} {amount} {state}",
            **values,
        )

    def test_what_is_authorised_or_done_makes_room(self):
        order = self._confirmed(10)
        self._pay_online(order, 100.0, "pending")
        self._pay_online(order, 50.0, "cancel")
        self._assert_parts(orders=1000.0)
        self._pay_online(order, 300.0, "authorized")
        self._pay_online(order, 200.0, "done")
        self._assert_parts(orders=1000.0, transactions=-500.0)

    def test_not_again_once_it_is_booked(self):
        order = self._confirmed(10)
        transaction = self._pay_online(order, 300.0, "done")
        transaction._create_payment()
        self.assertTrue(transaction.payment_id)
        self._assert_parts(orders=1000.0, receivable=-300.0)
        # back in draft: not booked
        transaction.payment_id.action_draft()
        self._assert_parts(orders=1000.0, transactions=-300.0)
        # rejected: no money at all
        transaction.payment_id.action_post()
        transaction.payment_id.action_reject()
        self._assert_parts(orders=1000.0)

    def test_captured_in_part(self):
        order = self._confirmed(10)
        source = self._pay_online(order, 300.0, "authorized")
        child = self._create_transaction(
            flow="direct",
            amount=100.0,
            currency_id=self.company.currency_id.id,
            partner_id=order.partner_id.id,
            state="done",
            reference="captured",
            source_transaction_id=source.id,
        )
        self.assertEqual(source.child_transaction_ids, child)
        self._assert_parts(orders=1000.0, transactions=-300.0)

    def test_of_whom_the_order_is_invoiced_to(self):
        payer = self._new_customer("Holding")
        order = self._confirmed(10, partner_invoice_id=payer.id)
        self._pay_online(order, 300.0, "authorized")
        self._assert_parts()
        self._assert_parts(payer, orders=1000.0, transactions=-300.0)
