from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon
from .credit_common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditPrepaid(CreditCommon, AccountPaymentCommon):
    # CRD-1, CRD-7: as far as his money covers an order, it needs no credit

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._allow_capture()
        cls.newcomer = cls._new_customer("Newcomer", limit=None)

    def _held(self, order):
        """Return the blocks that hold ``order``: {key: by how much it is not paid}."""
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.action_confirm()
        return {
            block["key"]: block["facts"].get("order_amount", {}).get("value")
            for block in caught.exception.blocks
        }

    def _pay_online(self, order, amount, state="done"):
        return self._create_transaction(
            flow="direct",
            amount=amount,
            currency_id=self.company.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            state=state,
            reference=f"{order.name} {amount} {state}",
        )

    def test_own_transaction(self):
        order = self._new_order(10, customer=self.newcomer)
        self._pay_online(order, 999.99, "authorized")
        self.assertEqual(self._held(order), {"credit_no_file": 0.01})
        self._pay_online(order, 0.01, "done")
        order.action_confirm()

    def test_own_transaction_that_is_booked(self):
        order = self._new_order(10, customer=self.newcomer)
        transaction = self._pay_online(order, 1000.0)
        transaction._create_payment()
        order.action_confirm()

    def test_rejected_by_the_bank(self):
        order = self._new_order(10, customer=self.newcomer)
        transaction = self._pay_online(order, 1000.0)
        transaction._create_payment()
        transaction.payment_id.action_reject()
        self.assertEqual(self._held(order), {"credit_no_file": 1000.0})

    def test_money_used_for_something_else(self):
        # the payment of this order was matched with an old invoice
        old = self.init_invoice(
            "out_invoice", partner=self.newcomer, amounts=[400.0], taxes=[]
        )
        old.action_post()
        order = self._new_order(10, customer=self.newcomer)
        transaction = self._pay_online(order, 1000.0)
        transaction._create_payment()
        items = (old.line_ids | transaction.payment_id.move_id.line_ids).filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        items.reconcile()
        self.assertEqual(self._held(order), {"credit_no_file": 400.0})

    def test_deposit_paid_before_confirming(self):
        order = self._new_order(10, customer=self.newcomer)
        deposit = self._down_payment(order, 1000.0)
        # invoiced is not paid
        self.assertEqual(self._held(order), {"credit_no_file": 1000.0})
        self._pay(deposit, 700.0)
        self.assertEqual(self._held(order), {"credit_no_file": 300.0})
        payment = self._pay(deposit, 300.0)
        with self.cr.savepoint() as savepoint:
            order.action_confirm()
            savepoint.rollback()
        self.env.invalidate_all()
        payment.action_reject()
        self.assertEqual(self._held(order), {"credit_no_file": 300.0})

    def test_deposit_of_a_part(self):
        order = self._new_order(10, customer=self.newcomer)
        self._pay(self._down_payment(order, 300.0), 300.0)
        self.assertEqual(self._held(order), {"credit_no_file": 700.0})

    def test_unmatched_payment(self):
        order = self._new_order(10, customer=self.newcomer)
        self._loose_payment(600.0, customer=self.newcomer)
        self.assertEqual(self._held(order), {"credit_no_file": 400.0})
        self._loose_payment(400.0, customer=self.newcomer)
        order.action_confirm()

    def test_unmatched_payment_counts_once(self):
        first, second = (self._new_order(10, customer=self.newcomer) for _ in "12")
        self._loose_payment(1500.0, customer=self.newcomer)
        first.action_confirm()
        self.assertEqual(self._held(second), {"credit_no_file": 500.0})

    def test_unmatched_payment_of_two_confirmed_together(self):
        orders = self._new_order(10, customer=self.newcomer)
        orders |= self._new_order(10, customer=self.newcomer)
        self._loose_payment(1500.0, customer=self.newcomer)
        self.assertEqual(self._held(orders), {"credit_no_file": 500.0})
        self._loose_payment(500.0, customer=self.newcomer)
        orders.action_confirm()

    def test_after_his_other_open_claims(self):
        old = self.init_invoice(
            "out_invoice", partner=self.newcomer, amounts=[400.0], taxes=[]
        )
        old.action_post()
        order = self._new_order(10, customer=self.newcomer)
        self._loose_payment(1000.0, customer=self.newcomer)
        self.assertEqual(self._held(order), {"credit_no_file": 400.0})

    def test_what_was_paid_for_another_quotation(self):
        # his other quotation is paid online, and booked: not for this one
        other = self._new_order(10, customer=self.newcomer)
        self._pay_online(other, 1000.0)._create_payment()
        order = self._new_order(10, customer=self.newcomer)
        self.assertEqual(self._held(order), {"credit_no_file": 1000.0})
        other.action_confirm()

    def test_credit_note_is_no_payment(self):
        refund = self.init_invoice(
            "out_refund", partner=self.newcomer, amounts=[1000.0], taxes=[]
        )
        refund.action_post()
        order = self._new_order(10, customer=self.newcomer)
        self.assertEqual(self._held(order), {"credit_no_file": 1000.0})

    def test_not_yet_seen_at_the_bank(self):
        self.bank.inbound_payment_method_line_ids.payment_account_id = self.env[
            "account.account"
        ].create(
            {
                "name": "Outstanding receipts",
                "code": "OUTST",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        self.company.parts_credit_uncleared = True
        self._loose_payment(1000.0, customer=self.newcomer)
        order = self._new_order(10, customer=self.newcomer)
        self.assertEqual(self._held(order), {"credit_no_file": 1000.0})
        self.company.parts_credit_uncleared = False
        order.action_confirm()

    def test_defaulter_passes_prepaid_only(self):
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        file.defaulter = True
        order = self._new_order(10)
        self._loose_payment(999.0)
        self.assertEqual(set(self._held(order)), {"credit_defaulter"})
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            order.action_parts_request_approval("please")
        self._loose_payment(1.0)
        order.action_confirm()

    def test_blocked_and_overdue_pass_prepaid(self):
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        file.blocked = True
        order = self._new_order(10)
        self.assertEqual(set(self._held(order)), {"credit_blocked"})
        self._pay_online(order, 1000.0)
        order.action_confirm()

    def test_prepaid_orders_make_no_room(self):
        # limit 500, prepaid 1,000: what he may still buy on credit is 500
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        file.credit_limit = 500.0
        prepaid = self._new_order(10)
        self._pay_online(prepaid, 1000.0, "authorized")
        prepaid.action_confirm()
        self.assertEqual(set(self._held(self._new_order(6))), {"credit_limit"})
        self._new_order(5).action_confirm()


@tagged("post_install", "-at_install")
class TestCreditOverdue(CreditCommon):
    # CRD-2, CRD-4: a debt overdue for longer than allowed holds the next order

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["parts.credit.file"]._of(
            cls.company, cls.customer
        ).overdue_days_allowed = 10
        cls.debt = cls.init_invoice(
            "out_invoice",
            partner=cls.customer,
            invoice_date="2026-03-01",
            amounts=[70.0],
            taxes=[],
        )
        cls.debt.invoice_date_due = "2026-03-31"
        cls.debt.action_post()

    def _assert_held(self, act, days):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            act()
        [block] = caught.exception.blocks
        self.assertEqual(block["key"], "credit_overdue")
        self.assertRegex(block["message"], f"{days} days overdue")

    def test_longer_than_allowed(self):
        with freeze_time("2026-04-10"):
            self._new_order(1).action_confirm()
        with freeze_time("2026-04-11"):
            self._assert_held(self._new_order(1).action_confirm, 11)

    def test_what_grows_is_a_new_claim(self):
        with freeze_time("2026-04-10"):
            line = self._confirmed(5).order_line
        with freeze_time("2026-04-11"):
            self._assert_held(lambda: line.write({"product_uom_qty": 6}), 11)
            line.product_uom_qty = 4

    def test_what_is_paid_is_not_overdue(self):
        with freeze_time("2026-04-11"):
            payment = self._pay(self.debt, 70.0)
            self._new_order(1).action_confirm()
            payment.action_reject()
            self._assert_held(self._new_order(1).action_confirm, 11)


@tagged("post_install", "-at_install")
class TestCreditTolerance(ApprovalCommon):
    # CRD-4: over the limit, plus the company's tolerance in per cent

    def _over(self, quantity, price=100.0):
        order = self._new_order(quantity)
        order.order_line.price_unit = price
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.action_confirm()
        [block] = caught.exception.blocks
        return block["amount"]

    def test_within_and_beyond(self):
        self._new_file(1000.0)
        self.company.parts_credit_tolerance = 10.0
        self.assertEqual(self._over(12), 100.0)
        self._new_order(11).action_confirm()
        self.assertEqual(self._over(1, 0.01), 0.01)

    def test_without_tolerance(self):
        self._new_file(1000.0)
        self.assertEqual(self._over(11), 100.0)

    def test_tolerance_of_no_limit_is_none(self):
        self._new_file(0.0)
        self.company.parts_credit_tolerance = 10.0
        self.assertEqual(self._over(1), 100.0)

    def test_term_from_the_end_of_the_month(self):
        # 30 days from the end of the month: up to 61, more than 45
        self._new_file(1000.0, term_days=45)
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days end of month",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100.0,
                            "nb_days": 30,
                            "delay_type": "days_after_end_of_month",
                        }
                    )
                ],
            }
        )
        with freeze_time("2026-07-01"):
            order = self._new_order()
            order.payment_term_id = term
            with self.assertRaises(GateError) as caught, self.cr.savepoint():
                order.action_confirm()
            [block] = caught.exception.blocks
            self.assertEqual(block["facts"]["term_days"]["value"], 60)
        with freeze_time("2026-07-31"):
            order.action_confirm()

    def test_term_of_several_instalments(self):
        # the last part counts: 30 % after 10 days, the rest after 100
        file = self._new_file(1000.0, term_days=99)
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((30.0, 10), (70.0, 100))
                ],
            }
        )
        order = self._new_order()
        order.payment_term_id = term
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.action_confirm()
        [block] = caught.exception.blocks
        self.assertEqual(block["key"], "credit_term")
        self.assertEqual(block["facts"]["term_days"]["value"], 100)
        file.sudo().term_days = 100
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_shared_limit(self):
        # head 1,000, shared by its subsidiary: what one uses the other has not
        head = self._new_file(1000.0)
        daughter = self.env["res.partner"].create(
            {"name": "Daughter", "is_company": True}
        )
        self._new_file(5000.0, customer=daughter, group_file_id=head.id)
        self._new_order(7, customer=daughter).action_confirm()
        self.assertEqual(self._over(4), 100.0)
        self._new_order(3).action_confirm()
        order = self._new_order(1, customer=daughter)
        with self.assertRaises(GateError), self.cr.savepoint():
            order.action_confirm()


@tagged("post_install", "-at_install")
class TestCreditTwoDebtors(ApprovalCommon):
    # CRD-3, CRD-4: who orders and who is invoiced are judged, each by himself

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer = cls.env["res.partner"].create(
            {"name": "Holding", "is_company": True}
        )
        cls._new_file(100.0)
        cls._new_file(200.0, customer=cls.payer)

    def _shared(self, quantity):
        return self._new_order(quantity, partner_invoice_id=self.payer.id)

    def _keys(self, order):
        return {block["key"]: block for block in order._parts_gate_preview()}

    def test_the_worst_answer_counts(self):
        self.assertEqual(self._keys(self._shared(1)), {})
        self.assertEqual(set(self._keys(self._shared(2))), {"credit_limit_orderer"})
        blocks = self._keys(self._shared(3))
        self.assertEqual(set(blocks), {"credit_limit", "credit_limit_orderer"})
        self.assertEqual(blocks["credit_limit"]["amount"], 100.0)
        self.assertEqual(blocks["credit_limit_orderer"]["amount"], 200.0)

    def test_one_request_each(self):
        order = self._shared(3)
        approvals = self._ask(order)
        self.assertEqual(len(approvals), 2)
        approvals[0].with_user(self.manager).action_approve()
        with self.assertRaises(GateError), self.cr.savepoint():
            order.action_confirm()
        approvals[1].with_user(self.manager).action_approve()
        order.action_confirm()
