from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.auto_parts_sales.exceptions import GateError
from odoo.addons.mail.tests.common import MailCase

from .approval_common import ApprovalCommon

LOGGER = "odoo.addons.auto_parts_sales.models.parts_approval_hold"
# One transparent pixel
SIGNATURE = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def _override_that_goes_on(definition, went_on):
    """Return an override of ``_validate_order``, as of an addon loaded last."""

    def validate(records):
        result = super(definition, records)._validate_order()
        went_on.append(records.state)
        return result

    return validate


class HeldCommon(AccountPaymentCommon, MailCase, ApprovalCommon):
    """A quotation of 100.00 that asks for half of it in advance, no credit file."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("auto_parts_sales.group_parts_administrator")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "xinda@example.com"
        cls.currency = cls.company.currency_id
        cls.partner = cls.customer
        cls.provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.classPatch(
            cls.registry["payment.provider"],
            "_compute_feature_support_fields",
            lambda providers: providers.update(
                {
                    "support_express_checkout": False,
                    "support_manual_capture": "full_only",
                    "support_tokenization": True,
                    "support_refund": "none",
                }
            ),
        )
        cls.provider.invalidate_recordset()
        cls.Hold = cls.env["parts.approval.hold"].sudo()

    @classmethod
    def _new_file(cls, limit, customer=None, **values):
        # only the superuser makes a file active by hand
        return (
            cls.env["parts.credit.file"]
            .sudo()
            .create(
                {
                    "partner_id": (customer or cls.customer).id,
                    "company_id": cls.company.id,
                    "credit_limit": limit,
                    "term_days": 90,
                    "state": "active",
                    **values,
                }
            )
        )

    @classmethod
    def _new_quotation(cls, quantity=1, **values):
        vals = {
            "state": "sent",
            "require_signature": False,
            "require_payment": True,
            "prepayment_percent": 0.5,
            **values,
        }
        return cls._new_order(quantity, **vals).sudo()

    def _new_transaction(self, order, amount=50.0, state="done", **values):
        return self._create_transaction(
            "redirect",
            reference=f"{order.name}-{len(order.transaction_ids)}",
            amount=amount,
            state=state,
            sale_order_ids=[Command.set(order.ids)],
            **values,
        )

    def _pay(self, order, amount=50.0, state="done", **values):
        """Pay online, as Odoo's page of the payment's status does it for a visitor."""
        transaction = self._new_transaction(order, amount, state, **values)
        public = self.env.ref("base.public_user")
        transaction.with_user(public).sudo()._post_process()
        return transaction

    def _sign(self, order):
        order.write(
            {
                "signature": SIGNATURE,
                "signed_by": "Wang Fang",
                "signed_on": fields.Datetime.now(),
            }
        )
        public = self.env.ref("base.public_user")
        order.with_user(public).sudo()._validate_order()

    def _signed(self, quantity=1, **values):
        """Return a quotation that was signed and is held."""
        order = self._new_quotation(
            quantity, require_signature=True, require_payment=False, **values
        )
        self._sign(order)
        self.assertTrue(order.parts_held)
        return order

    def _holds_of(self, order):
        return self.Hold.search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def _activities_of(self, order):
        kind = self.env.ref("auto_parts_sales.mail_activity_type_parts_held")
        return order.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _run_cron(self):
        cron = self.env.ref("auto_parts_sales.ir_cron_parts_approval_hold").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _new_debt(self, amount):
        """Return a posted invoice of ``amount``, due today."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Old debt",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _settle(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()


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


@tagged("post_install", "-at_install")
class TestApprovalHeldRelease(HeldCommon):
    # CTL-1: what is held is confirmed when what held it is gone

    def _approve(self, approval, user=None):
        approval.with_user(user or self.manager).action_approve()
        self.env.invalidate_all()

    def _assert_released(self, order, reason="confirmed"):
        hold = self._holds_of(order)
        self.assertEqual(hold.released_reason, reason)
        self.assertTrue(hold.released_date)
        self.assertFalse(order.parts_held)
        self.assertFalse(self._activities_of(order))

    def test_signature_is_held(self):
        order = self._signed()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.signed_by, "Wang Fang")
        self.assertEqual(self._holds_of(order).cause, "signature")
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())
        self.assertRegex(order.parts_held_note, "^The customer signed on .*; it will")

    def test_signing_twice_holds_once(self):
        order = self._signed()
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        self.assertEqual(len(self._holds_of(order)), 1)
        self.assertEqual(len(self._activities_of(order)), 1)

    def test_the_note_is_internal_and_without_figures(self):
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.message_subscribe(self.customer.ids)
        self._sign(order)
        [note] = order.message_ids.filtered(lambda m: "nothing holds" in (m.body or ""))
        self.assertIn("has no credit file", note.body)
        self.assertNotIn("100", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertNotIn(self.customer, note.notified_partner_ids)
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"))

    def test_granted_approval_confirms(self):
        order = self._signed()
        self._approve(self._ask(order))
        self.assertEqual(order.state, "sale")
        self._assert_released(order)
        [approval] = order.parts_approval_ids
        self.assertTrue(approval.spent_date)

    def test_refused_approval_leaves_it_held(self):
        order = self._signed()
        self._ask(order).with_user(self.manager).action_refuse("Too much")
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)

    def test_only_the_last_of_several_approvals_confirms(self):
        # blocked by finance, and 50 over the limit
        self._new_file(50.0, blocked=True)
        order = self._signed()
        approvals = self._ask(order)
        self.assertEqual(len(approvals), 2)
        with patch.object(self.registry["parts.approval.hold"], "_try") as attempt:
            self._approve(approvals[0])
            attempt.assert_not_called()
        self.assertTrue(order.parts_held)
        self._approve(approvals[1])
        self.assertEqual(order.state, "sale")
        self._assert_released(order)

    def test_decision_stands_when_the_confirmation_fails(self):
        order = self._signed()
        approval = self._ask(order)
        with (
            patch.object(
                self.registry["sale.order"],
                "_confirmation_error_message",
                lambda order: "The part is gone.",
            ),
            mute_logger(LOGGER),
        ):
            self._approve(approval)
        self.assertEqual(approval.sudo().state, "approved")
        self.assertFalse(approval.sudo().spent_date)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        self._run_cron()  # the part is back
        self.assertEqual(order.state, "sale")

    def test_approval_of_an_order_nobody_signed_confirms_nothing(self):
        order = self._new_quotation()
        self._approve(self._ask(order))
        self.assertEqual(order.state, "sent")

    def test_paid_invoice_frees_the_limit(self):
        # 900 owed + 500 = 1,400 against 1,000; once the 900 are paid, 500
        invoice = self._new_debt(900.0)
        self._new_file(1000.0)
        order = self._signed(5)
        self._run_cron()
        self.assertTrue(order.parts_held)
        self._settle(invoice)
        self._run_cron()
        self.assertEqual(order.state, "sale")
        self._assert_released(order)

    def test_the_cron_goes_on_after_an_order_that_fails(self):
        first, second = self._signed(), self._signed()
        self._new_file(1000.0)
        confirm = self.registry["sale.order"]._confirmation_error_message

        def fail(order):
            return "Broken" if order == first else confirm(order)

        with (
            patch.object(
                self.registry["sale.order"], "_confirmation_error_message", fail
            ),
            mute_logger(LOGGER),
        ):
            self._run_cron()
        self.assertEqual((first.state, second.state), ("sent", "sale"))

    def test_person_who_confirms_closes_the_hold(self):
        order = self._signed()
        self._new_file(1000.0)
        order.with_user(self.seller).action_confirm()
        self._assert_released(order)

    def test_cancelling_closes_the_hold(self):
        order = self._signed()
        order.with_user(self.seller).action_cancel()
        self._assert_released(order, "cancelled")

    def test_cancelled_past_the_button(self):
        order = self._signed()
        order.write({"state": "cancel"})
        self.assertFalse(order.parts_held)
        self._run_cron()
        self._assert_released(order, "cancelled")

    def test_deleted_order(self):
        order = self._signed()
        hold = self._holds_of(order)
        order.action_cancel()
        hold.write({"released_date": False, "released_reason": False})
        order.unlink()
        self._run_cron()
        self.assertEqual(hold.released_reason, "deleted")

    def test_changed_order_waits_for_a_person(self):
        # The customer signed for one part, not for two
        order = self._signed()
        order.order_line.product_uom_qty = 2
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        self.assertRegex(order.parts_held_note, "was changed since then")
        order.with_user(self.seller).action_confirm()
        self._assert_released(order)

    def test_payment_that_is_gone_asks_the_customer_again(self):
        order = self._new_quotation()
        transaction = self._pay(order, state="authorized")
        self.assertFalse(order._has_to_be_paid())
        transaction._set_canceled()
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "sent")
        self._assert_released(order, "lapsed")
        self.assertTrue(order._has_to_be_paid())

    def test_signature_that_is_gone_asks_the_customer_again(self):
        order = self._signed()
        order.action_draft()  # takes the signature off
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "draft")
        self._assert_released(order, "lapsed")
        self.assertTrue(order._has_to_be_signed())

    def test_held_again_after_it_was_released(self):
        order = self._signed()
        order.action_cancel()
        order.action_draft()
        self._sign(order)
        self.assertEqual(len(self._holds_of(order)), 2)
        self.assertTrue(order.parts_held)
        self.assertEqual(len(self._activities_of(order)), 1)

    # === WHO IS TOLD, WHO READS === #

    def test_team_leader_is_told_where_nobody_sells(self):
        team = self.env["crm.team"].sudo().create({"name": "Shop"})
        team.user_id = self.manager
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.write({"user_id": False, "team_id": team.id})
        self._sign(order)
        self.assertEqual(self._activities_of(order).user_id, self.manager)

    def test_nobody_to_tell_is_no_failure(self):
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.write({"user_id": False, "team_id": False})
        self._sign(order)
        self.assertTrue(order.parts_held)
        self.assertFalse(self._activities_of(order))

    def test_no_role_writes_holds(self):
        # idea 2: what a control decided is a record that no role writes
        order = self._signed()
        hold = self._holds_of(order)
        administrator = self._new_user(
            "admin", "base.group_system", "auto_parts_sales.group_parts_administrator"
        )
        for user in (self.seller, self.manager, administrator):
            own = hold.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"released_reason": "confirmed"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"res_model": "sale.order", "res_id": order.id})

    def test_who_reads_the_order_reads_its_hold(self):
        order = self._signed()
        hold = self._holds_of(order)
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        own = hold.with_user(self.seller)
        self.assertEqual(own.search([("res_id", "=", order.id)]), own)
        self.assertEqual(own.cause, "signature")
        other = hold.with_user(stranger)
        self.assertFalse(other.search([("res_id", "=", order.id)]))
        with self.assertRaises(AccessError):
            other.read(["cause"])

    def test_held_orders_are_found(self):
        held, free = self._signed(), self._new_quotation()
        gone = self._signed()
        gone.write({"state": "cancel"})
        orders = held | free | gone
        find = self.env["sale.order"].search
        among = [("id", "in", orders.ids)]
        self.assertEqual(find([*among, ("parts_held", "=", True)]), held)
        self.assertEqual(find([*among, ("parts_held", "=", False)]), free | gone)
        self.assertEqual(find([*among, ("parts_held", "!=", False)]), held)

    def test_many_orders_cost_one_query(self):
        orders = self._signed() | self._new_quotation() | self._new_quotation()
        self.env.flush_all()
        self.env.invalidate_all()
        orders.mapped("state")
        orders.company_id.mapped("parts_credit_control")
        with self.assertQueryCount(1):
            self.assertEqual(orders.mapped("parts_held"), [True, False, False])

    def test_control_switched_off_meanwhile(self):
        # CTL-6: nothing is held any more; the cron does what the customer wanted
        order = self._signed()
        self.company.parts_credit_control = False
        order.invalidate_recordset(["parts_held"])
        self.assertFalse(order.parts_held)
        self._run_cron()
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestApprovalHeldPortal(HeldCommon, HttpCase):
    # Customers never see an internal error, nor a reason that is none of theirs

    def _accept(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Wang Fang",
                "signature": SIGNATURE,
            },
        )

    def _page(self, order, query=""):
        token = order._portal_ensure_token()
        return self.url_open(f"/my/orders/{order.id}?access_token={token}{query}").text

    def test_customer_who_signs_reads_that_it_is_checked(self):
        order = self._new_quotation(require_signature=True, require_payment=False)
        self.assertIn("Accept & Sign", self._page(order))
        answer = self._accept(order)
        self.assertIn("sign_ok", answer["redirect_url"])
        self.env.invalidate_all()
        self.assertTrue(order.signature)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("received your order and are checking it", page)
        self.assertIn("Your order has been signed.", page)
        self.assertNotIn("confirmed", page)
        self.assertNotIn("credit", page)
        self.assertNotIn("Accept & Sign", page)
        # once is enough
        self.assertIn("not in a state", self._accept(order)["error"])
        self.env.invalidate_all()
        self.assertEqual(len(self._holds_of(order)), 1)

    def test_customer_within_his_limit_is_confirmed(self):
        self._new_file(1000.0)
        order = self._new_quotation(require_signature=True, require_payment=False)
        answer = self._accept(order)
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("Your order has been confirmed.", page)
        self.assertNotIn("checking it", page)

    def test_customer_who_paid_reads_that_it_is_checked(self):
        order = self._new_quotation()
        self._pay(order)
        page = self._page(order)
        self.assertIn("received your order and are checking it", page)
        self.assertNotIn("credit", page)
        self.assertNotIn("Accept & Pay", page)
        self.assertNotIn("Pay Now", page)
