from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .held_common import HeldCommon


def _override_that_goes_on(definition, went_on):
    """Return an override of ``_validate_order``, as of an addon loaded last."""

    def validate(records):
        result = super(definition, records)._validate_order()
        went_on.append(records.state)
        return result

    return validate


@tagged("post_install", "-at_install")
class TestApprovalHeldPayment(HeldCommon):
    # CTL-1, CTL-3; paths.md B: online payment, payment registered on a transaction,
    # cash on delivery

    def _assert_held(self, order, cause="payment"):
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        [hold] = self._holds_of(order)
        self.assertEqual(hold.cause, cause)
        self.assertEqual(hold.company_id, order.company_id)
        self.assertFalse(hold.released_date)
        self.assertEqual(self._activities_of(order).user_id, self.seller)
        self.assertEqual(len(self._activities_of(order)), 1)

    def test_paid_order_is_held_and_its_payment_booked(self):
        # 100 ordered, 50 paid, no credit file: 50 on credit that nobody granted
        order = self._new_quotation()
        transaction = self._pay(order)
        self._assert_held(order)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.payment_id.amount, 50.0)
        self.assertEqual(transaction.payment_id.move_id.state, "posted")
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.picking_ids)

    def test_no_mail_confirms_a_held_order(self):
        order = self._new_quotation()
        with patch.object(
            self.registry["sale.order"], "_send_order_notification_mail"
        ) as send:
            self._pay(order)
        received = self.env.ref("sale.mail_template_sale_payment_executed")
        self.assertEqual([call.args[0] for call in send.call_args_list], [received])

    def test_second_poll_and_cron_do_nothing_more(self):
        order = self._new_quotation()
        transaction = self._pay(order)
        transaction._post_process()
        cron = self.env.ref("payment.cron_post_process_payment_tx").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self._run_cron()
        self._assert_held(order)
        self.assertEqual(len(transaction.payment_id), 1)
        payments = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        self.assertEqual(len(payments), 1)
        held = [m for m in order.message_ids if "nothing holds it" in (m.body or "")]
        self.assertEqual(len(held), 1)

    def test_authorized_payment_is_held_and_captured_later(self):
        order = self._new_quotation()
        transaction = self._pay(order, state="authorized")
        self._assert_held(order)
        self.assertTrue(transaction.is_post_processed)
        transaction._set_done()
        transaction._post_process()
        self._assert_held(order)
        self.assertEqual(transaction.payment_id.amount, 50.0)

    def test_payment_that_covers_all_passes(self):
        # counter-case: nothing is on credit, so nothing holds the order
        order = self._new_quotation()
        self._pay(order, 100.0)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._holds_of(order))

    def test_order_within_its_limit_passes(self):
        self._new_file(1000.0)
        order = self._new_quotation()
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._holds_of(order))

    def test_without_control_nothing_is_held(self):
        # CTL-6
        self.company.parts_credit_control = False
        order = self._new_quotation()
        self._pay(order)
        self.assertEqual(order.state, "sale")
        order = self._new_quotation()
        order.mapped("state")
        order.company_id.mapped("parts_credit_control")
        with self.assertQueryCount(0):
            self.assertFalse(order.parts_held)

    def test_automatic_invoice_waits_for_the_confirmation(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "sale.automatic_invoice", "True"
        )
        order = self._new_quotation()
        transaction = self._pay(order)
        self._assert_held(order)
        self.assertFalse(order.invoice_ids)
        self.assertFalse(transaction.invoice_ids)
        self.assertEqual(transaction.payment_id.move_id.state, "posted")
        self._new_file(1000.0)
        self._run_cron()
        # What Odoo would have invoiced: half of it, as a down payment of 50, paid
        self.assertEqual(order.state, "sale")
        self.assertEqual(transaction.invoice_ids.state, "posted")
        self.assertEqual(transaction.invoice_ids.amount_total, 50.0)
        self.assertEqual(transaction.invoice_ids.amount_residual, 0.0)

    def test_payment_registered_on_a_token_is_held(self):
        order = self._new_quotation()
        token = self._create_token()
        journal = self.provider.journal_id
        method = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == self.provider
        )
        payment = self.env["account.payment"].create(
            {
                "amount": 50.0,
                "partner_id": self.customer.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "payment_token_id": token.id,
            }
        )

        def charge(transactions):
            transactions.sale_order_ids = order
            transactions._set_done()

        with patch.object(
            self.registry["payment.transaction"], "_charge_with_token", charge
        ):
            payment.action_post()
        self._assert_held(order)
        self.assertEqual(payment.move_id.state, "posted")
        self.assertTrue(payment.payment_transaction_id.is_post_processed)

    def _cash_on_delivery(self):
        return (
            self.env["payment.provider"]
            .sudo()
            .search([("custom_mode", "=", "cash_on_delivery")], limit=1)
            .copy({"company_id": self.company.id, "state": "test"})
        )

    def test_cash_on_delivery_is_held(self):
        provider = self._cash_on_delivery()
        order = self._new_quotation(state="draft", require_payment=False)
        with patch.object(
            self.registry["sale.order"], "_send_order_notification_mail"
        ) as send:
            transaction = self._pay(order, 100.0, "pending", provider_id=provider.id)
        self._assert_held(order, cause="other")
        self.assertTrue(transaction.is_post_processed)
        # Odoo's mail would promise that paying confirms the order
        send.assert_not_called()
        # money that is to come is no money: it does not let the order pass
        self._run_cron()
        self._assert_held(order, cause="other")
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "sale")

    def test_cash_on_delivery_within_the_limit_passes(self):
        self._new_file(1000.0)
        order = self._new_quotation(state="draft", require_payment=False)
        self._pay(order, 100.0, "pending", provider_id=self._cash_on_delivery().id)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._holds_of(order))

    def test_nothing_runs_after_a_held_confirmation(self):
        # An addon loaded after this one goes on with all records after super():
        # coupons invoice an order of zero, events register attendees
        order = self._new_quotation(require_signature=True, require_payment=False)
        last_definition = type(order).__mro__[1]
        went_on = []

        validate = _override_that_goes_on(last_definition, went_on)
        with patch.object(last_definition, "_validate_order", validate, create=True):
            self._sign(order)
            self.assertFalse(went_on)
            self.assertTrue(order.parts_held)
            self._new_file(1000.0)
            self._run_cron()
        self.assertEqual(went_on, ["sale"])

    def test_visitor_who_confirms_directly_is_held(self):
        # a website's free tickets; for everybody else the error is the answer
        public = self.env.ref("base.public_user")
        order = self._new_quotation(state="draft")
        order.with_user(public).sudo().action_confirm()
        self.assertTrue(order.parts_held)
        self.assertEqual(order.state, "sent")
        order = self._new_quotation()
        with self.assertRaises(GateError), self.cr.savepoint():
            order.with_user(self.seller).action_confirm()
        self.assertFalse(order.parts_held)

    def test_paid_order_is_not_counted_twice(self):
        # CRD-4. 900 owed, limit 1,000, an order of 500 of which 300 is paid and
        # booked: 900 - 300 + 500 = 1,100, over by 100. Taking the 300 off the order's
        # claim as well would make it 800 and let it pass.
        self._new_debt(900.0)
        self._new_file(1000.0)
        order = self._new_quotation(5, prepayment_percent=0.6)
        transaction = self._pay(order, 300.0)
        self.assertEqual(transaction.payment_id.move_id.state, "posted")
        blocks = order._parts_gate_blocks("confirm")
        self.assertEqual([block["key"] for block in blocks], ["credit_limit"])
        self.assertEqual(blocks[0]["amount"], 100.0)
        self.assertTrue(order.parts_held)
        # not booked yet, only authorised: the same 1,100
        other = self._new_quotation(5, prepayment_percent=0.6)
        self._new_transaction(other, 300.0, "authorized")
        transaction.payment_id.action_cancel()
        transaction.state = "cancel"
        blocks = other._parts_gate_blocks("confirm")
        self.assertEqual([block["amount"] for block in blocks], [100.0])

    def test_booked_payment_counts_where_no_credit_is_granted(self):
        # paid in full and booked: nothing on credit, whoever the customer is
        order = self._new_quotation(prepayment_percent=1.0)
        order.company_id.parts_credit_control = False
        transaction = self._new_transaction(order, 100.0)
        transaction._create_payment()
        order.company_id.parts_credit_control = True
        self.assertFalse(order._parts_gate_blocks("confirm"))
