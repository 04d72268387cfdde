from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedger(ContractLedgerCommon):
    """CON-6: one line per contract, from Odoo's own records."""

    def test_each_step_shows_in_its_column(self):
        # 8 of 10 pieces at 100 ordered, 6 delivered and invoiced, 250 paid
        contract = self._new_contract(1000.0)
        order = self._new_order(contract, 8)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 250.0)
        self.assertFigures(
            contract,
            amount=1000.0,
            ordered=800.0,
            delivered=600.0,
            invoiced=600.0,
            collected=250.0,
            receivable=350.0,
            due=350.0,
            overdue=350.0,
            to_come=400.0,
        )

    def test_an_order_without_contract_is_in_the_line_without(self):
        contract = self._new_contract(1000.0)
        before = self._line()
        ordered, receivable = before.ordered, before.receivable
        order = self._new_order(None, 3)
        self._deliver(order, 3)
        self._invoice(order)
        self.assertFigures(contract, ordered=0.0, invoiced=0.0, receivable=0.0)
        line = self._line()
        self.assertEqual(line.ordered - ordered, 300.0)
        self.assertEqual(line.receivable - receivable, 300.0)

    def test_quotations_and_cancelled_orders_do_not_count(self):
        contract = self._new_contract()
        self._new_order(contract, 2)._action_cancel()
        self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "parts_contract_id": contract.id,
                "order_line": [Command.create({"product_id": self.part.id})],
            }
        )
        self.assertFigures(contract, ordered=0.0)

    def test_several_orders_under_one_contract(self):
        contract = self._new_contract(0.0, kind="framework")
        first, second = self._new_order(contract, 2), self._new_order(contract, 5)
        self._deliver(first, 2)
        self._deliver(second, 1)
        self._invoice(first)
        self._invoice(second)
        self.assertFigures(contract, ordered=700.0, delivered=300.0, invoiced=300.0)

    def test_tax_is_in_every_column(self):
        # 15 % on 4 × 100
        contract = self._new_contract(460.0)
        order = self._new_order(contract, 4, taxes=self.tax_sale_a)
        self._deliver(order, 4)
        invoice = self._invoice(order)
        self._pay(invoice, 460.0)
        self.assertFigures(
            contract,
            ordered=460.0,
            delivered=460.0,
            invoiced=460.0,
            collected=460.0,
            receivable=0.0,
            to_come=0.0,
        )

    def test_goods_that_came_back(self):
        # 5 delivered, 2 back: 300 delivered; the credit note takes 200 off
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        picking = self._deliver(order, 5)
        self._invoice(order)
        self._take_back(picking, 2)
        self.assertFigures(contract, delivered=300.0, invoiced=500.0)
        note = order._create_invoices(final=True)
        note.invoice_date = note.date = "2026-03-12"
        note.action_post()
        self.assertEqual(note.move_type, "out_refund")
        self.assertFigures(
            contract, invoiced=300.0, credited=200.0, receivable=300.0, collected=0.0
        )

    def test_a_credit_note_is_no_money(self):
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        self._deliver(order, 5)
        invoice = self._invoice(order)
        self._credit(invoice, [(self.part, 200.0)])
        self._pay(invoice, 300.0)
        self.assertFigures(
            contract,
            invoiced=300.0,
            credited=200.0,
            collected=300.0,
            other=0.0,
            receivable=0.0,
        )

    def test_money_paid_back_is_taken_off(self):
        # 500 paid, 200 of it paid back against a credit note
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        self._deliver(order, 5)
        invoice = self._invoice(order)
        self._pay(invoice, 500.0)
        note = self._credit(invoice, [(self.part, 200.0)], match=False)
        self._pay(note, 200.0)
        self.assertFigures(
            contract, invoiced=300.0, collected=300.0, receivable=0.0, other=0.0
        )

    def test_a_down_payment_counts_once(self):
        # 30 % of 1,000 before, 700 after
        contract = self._new_contract(1000.0)
        order = self._new_order(contract, 10, product=self.ahead)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 30.0})
        )
        down = wizard._create_invoices(order)
        down.write({"invoice_date": "2026-03-02", "date": "2026-03-02"})
        down.action_post()
        self._pay(down, 300.0)
        self.assertFigures(
            contract, ordered=1000.0, invoiced=300.0, collected=300.0, receivable=0.0
        )
        rest = self._invoice(order)
        self.assertEqual(rest.amount_total, 700.0)
        self.assertFigures(
            contract, ordered=1000.0, invoiced=1000.0, collected=300.0, receivable=700.0
        )

    def test_a_payment_that_bounced_is_no_money(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        payment = self._pay(invoice, 600.0)
        self.assertFigures(contract, collected=600.0, receivable=0.0)
        rest = self._line().unmatched
        payment.action_reject()
        # its entry stands in the books until finance takes it out: without contract
        self.assertFigures(
            contract, collected=0.0, receivable=600.0, due=600.0, rejected_count=1
        )
        self.assertEqual(self._line().unmatched - rest, -600.0)

    def test_a_payment_set_back_to_draft_is_no_money(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 600.0).action_draft()
        self.assertFigures(contract, collected=0.0, receivable=600.0)

    def test_an_invoice_set_back_to_draft_does_not_count(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        invoice.button_draft()
        self.assertFigures(contract, delivered=600.0, invoiced=0.0, receivable=0.0)
        invoice.action_post()
        self.assertFigures(contract, invoiced=600.0)

    def test_what_is_written_off_is_settled_otherwise(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(
            invoice,
            590.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertFigures(contract, collected=590.0, other=10.0, receivable=0.0)

    def test_one_payment_for_invoices_of_two_contracts(self):
        one, two = self._new_contract(100.0), self._new_contract(200.0)
        first, second = self._new_order(one, 1), self._new_order(two, 2)
        self._deliver(first, 1)
        self._deliver(second, 2)
        invoices = self._invoice(first) | self._invoice(second)
        self._pay(invoices, 300.0)
        self.assertFigures(one, collected=100.0, receivable=0.0)
        self.assertFigures(two, collected=200.0, receivable=0.0)

    def test_one_invoice_over_two_contracts_and_none(self):
        # 100, 200 and 0.01: 1/3, 2/3 and the rest, in cents
        one, two = self._new_contract(100.0), self._new_contract(200.0)
        orders = (
            self._new_order(one, 1)
            | self._new_order(two, 2)
            | self._new_order(None, 1, price=0.01)
        )
        for order, quantity in zip(orders, (1, 2, 1), strict=True):
            self._deliver(order, quantity)
        invoice = self._invoice(orders)
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.parts_contract_id, two)
        rest = self._line().receivable
        self.assertFigures(one, invoiced=100.0, receivable=100.0)
        self.assertFigures(two, invoiced=200.0, receivable=200.0)
        # 100.00 × 100/300.01 = 33.33, × 200/300.01 = 66.66, and a cent for the rest
        self._pay(invoice, 100.0)
        self.assertFigures(one, collected=33.33, receivable=66.67)
        self.assertFigures(two, collected=66.67, receivable=133.33)
        self.assertEqual(round(self._line().receivable - rest, 2), 0.0)

    def test_an_invoice_over_several_contracts_shows_them_all(self):
        # 100 and 200 under contracts, 50 under none; Li sells under the first alone
        one = self._new_contract(100.0)
        two = self._new_contract(200.0, user_id=self.wang.id)
        orders = (
            self._new_order(one, 1)
            | self._new_order(two, 2)
            | self._new_order(None, 1, price=50.0)
        )
        for order, quantity in zip(orders, (1, 2, 1), strict=True):
            self._deliver(order, quantity)
        invoice = self._invoice(orders)
        self.assertTrue(invoice.parts_contract_shared)
        self.assertEqual(invoice.parts_contract_ids, one | two)
        self.assertEqual(
            {
                share.contract_id: share.amount
                for share in invoice.parts_contract_share_ids
            },
            {one: 100.0, two: 200.0, one.browse(): 50.0},
        )
        mine = invoice.with_user(self.li)
        self.assertEqual(mine.parts_contract_ids.ids, one.ids)
        single = self._invoice(self._delivered_order(one))
        self.assertFalse(single.parts_contract_shared)
        self.assertFalse(single.parts_contract_ids)

    def _delivered_order(self, contract):
        order = self._new_order(contract, 1)
        self._deliver(order, 1)
        return order

    def test_what_is_paid_in_thirds_is_paid_for_each_contract(self):
        # 100 paid as 33.33 + 33.33 + 33.34, of two contracts with 50 each: cut payment
        # by payment, a cent would be left on one and lack on the other
        one, two = self._new_contract(50.0), self._new_contract(50.0)
        orders = self._new_order(one, 1, price=50.0) | self._new_order(
            two, 1, price=50.0
        )
        for order in orders:
            self._deliver(order, 1)
        invoice = self._invoice(orders)
        for amount in (33.33, 33.33, 33.34):
            self._pay(invoice, amount)
        self.assertFigures(one, collected=50.0, receivable=0.0, due=0.0)
        self.assertFigures(two, collected=50.0, receivable=0.0, due=0.0)

    def test_a_manual_invoice_is_given_its_contract(self):
        contract = self._new_contract(500.0)
        invoice = self._new_invoice([(self.brake, 500.0)])
        self.assertFigures(contract, invoiced=0.0)
        invoice.with_user(self._accountant()).write({"parts_contract_id": contract.id})
        self.assertFigures(contract, invoiced=500.0, receivable=500.0)

    def _accountant(self):
        return self._new_user("ledger_accountant", "account.group_account_user")

    def test_a_posted_invoice_keeps_the_contract_of_its_orders(self):
        contract, other = self._new_contract(100.0), self._new_contract(200.0)
        order = self._new_order(contract, 1)
        self._deliver(order, 1)
        invoice = self._invoice(order).with_user(self._accountant())
        with self.assertRaisesRegex(UserError, "stays so"):
            invoice.parts_contract_id = other
        order.parts_contract_id = other
        self.assertFigures(contract, invoiced=100.0)
        self.assertFigures(other, invoiced=0.0)

    def test_an_invoice_takes_no_contract_of_somebody_else(self):
        contract = self._new_contract(100.0, partner_id=self.partner_b.id)
        invoice = self._new_invoice([(self.brake, 500.0)])
        with self.assertRaisesRegex(UserError, "somebody else"):
            invoice.with_user(self._accountant()).parts_contract_id = contract
        draft = self._new_invoice(
            [(self.brake, 500.0)], post=False, parts_contract_id=contract.id
        )
        with self.assertRaisesRegex(UserError, "somebody else"):
            draft.action_post()

    def test_an_advance_counts_for_the_contract_that_it_names(self):
        # 300 at signing, no invoice yet; then 1,000 invoiced and matched
        contract = self._new_contract(1000.0)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 300.0,
                "date": "2026-03-02",
                "journal_id": self.bank.id,
                "parts_contract_id": contract.id,
            }
        )
        payment.action_post()
        self.assertFigures(
            contract, collected=300.0, receivable=-300.0, to_come=700.0, invoiced=0.0
        )
        order = self._new_order(contract, 10)
        self._deliver(order, 10)
        invoice = self._invoice(order)
        lines = (invoice | payment.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertFigures(
            contract, collected=300.0, receivable=700.0, invoiced=1000.0, other=0.0
        )

    def test_another_customer_names_no_contract_on_his_payment(self):
        contract = self._new_contract(1000.0)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.env["account.payment"].create(
                {
                    "partner_id": self.partner_b.id,
                    "amount": 300.0,
                    "journal_id": self.bank.id,
                    "parts_contract_id": contract.id,
                }
            )
