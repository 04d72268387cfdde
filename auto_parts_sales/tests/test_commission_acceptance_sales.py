from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import AcceptanceCommon


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceDeposit(AcceptanceCommon):
    """COM-1: deposits plus finals equal the commission of the goods.

    10 hours of labour at 60.00 (10 %), 5 of painting at 80.00 (5 %): 60 + 20 on 1,000:
    a deposit earns 8 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labour, cls.paint = (
            cls._create_product(name=name, type="service", invoice_policy="delivery")
            for name in ("Labour", "Painting")
        )
        cls._rules((cls.paint, 5.0), (None, 10.0))

    def _new_job(self, taxes=None, **vals):
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "user_id": self.li.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.set(taxes.ids if taxes else [])],
                            }
                        )
                        for product, quantity, price in (
                            (self.labour, 10.0, 60.0),
                            (self.paint, 5.0, 80.0),
                        )
                    ],
                    **vals,
                }
            )
        )
        order.action_confirm()
        return order

    def _done(self, order, *quantities):
        lines = order.order_line.filtered(
            lambda x: not x.is_downpayment and not x.display_type
        )
        for line, quantity in zip(lines, quantities, strict=True):
            line.qty_delivered = quantity

    def _pay_all(self, invoice, day="2026-04-20"):
        self._pay(invoice, invoice.amount_residual, date=day)

    def test_two_deposits_and_two_finals(self):
        """30 % (24.00), 115.00 (9.20); 8 and 1 hours: 48 + 4 − 33.20; the rest 28."""
        order = self._new_job()
        first = self._invoice(order, "percentage", amount=30.0)
        self._pay_all(first)
        second = self._invoice(order, "fixed", fixed_amount=115.0)
        self.assertEqual(second.amount_untaxed, 115.0)
        self._pay_all(second)
        self.assertEarned([24.0, 9.2], first, second)
        self._done(order, 8.0, 1.0)
        third = self._invoice(order, day="2026-04-01")
        self.assertEqual(third.amount_total, 145.0)
        self._pay_all(third)
        self.assertEarned([18.8], third)
        self._done(order, 10.0, 5.0)
        fourth = self._invoice(order, day="2026-04-15")
        self.assertEqual(fourth.amount_total, 440.0)
        self._pay_all(fourth)
        self.assertEarned([28.0], fourth)
        self.assertEqual(self._earned(first | second | third | fourth), 80.0)

    def test_first_final_is_less_than_the_deposits(self):
        """415 before, 240 done: Odoo makes a credit note of 175, matched at the end."""
        order = self._new_job()
        deposit = self._invoice(order, "fixed", fixed_amount=415.0)
        self._pay_all(deposit)
        self.assertEqual(self._earned(deposit), 33.2)
        self._done(order, 4.0, 0.0)
        note = self._invoice(order, day="2026-04-01")
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 175.0))
        self.assertEqual(self._earned(note), 0.0, "neither matched nor paid out")
        self._done(order, 10.0, 5.0)
        final = self._invoice(order, day="2026-04-15")
        self.assertEqual(final.amount_total, 760.0)
        if not self._partials(final):
            self._match(self._terms(final), self._terms(note))
        self._pay_all(final)
        # 36 + 20, and 24 − 33.20 on the note
        self.assertEarned([33.2, -9.2, 56.0], deposit, note, final)

    def test_credited_deposit_and_another(self):
        """300 before, credited and paid back; then 200; the final takes 200 off."""
        order = self._new_job()
        deposit = self._invoice(order, "percentage", amount=30.0)
        self._pay_all(deposit)
        note = self._credit(deposit, match=False)
        self._pay_all(note)
        self.assertEarned([24.0, -24.0], deposit, note)
        other = self._invoice(order, "percentage", amount=20.0)
        self._pay_all(other)
        self.assertEarned([16.0], other)
        self._done(order, 10.0, 5.0)
        final = self._invoice(order, day="2026-04-15")
        self._pay_all(final)
        self.assertEqual(final.amount_total, 800.0)
        self.assertEqual(self._earned(deposit | note | other | final), 80.0)

    def test_unpaid_deposit_and_paid_final(self):
        """The final takes back what the deposit will earn, as it is invoiced."""
        order = self._new_job(taxes=self.tax_sale_a)
        deposit = self._invoice(order, "percentage", amount=50.0)
        self.assertEqual(deposit.amount_total, 575.0)
        self._done(order, 10.0, 5.0)
        final = self._invoice(order, day="2026-04-01")
        self._pay(final, 287.5, date="2026-04-10")
        self.assertEarned([0.0, 20.0], deposit, final)
        self._pay(deposit, 575.0, date="2026-05-10")
        self._pay(final, 287.5, date="2026-05-11")
        self.assertEarned([40.0, 40.0], deposit, final)

    def test_goods_added_after_the_deposit(self):
        """500 more at 10 % after a deposit of 24.00: 80 + 50 in all."""
        order = self._new_job()
        deposit = self._invoice(order, "percentage", amount=30.0)
        self._pay_all(deposit)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.labour.id,
                    "product_uom_qty": 5.0,
                    "price_unit": 100.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self._done(order, 10.0, 5.0, 5.0)
        final = self._invoice(order, day="2026-04-01")
        self._pay_all(final)
        self.assertEarned([24.0, 106.0], deposit, final)

    def test_deposit_invoice_in_draft_again_with_another_amount(self):
        """A draft deposit of 300 is made 250: 20.00, and 60.00 on the final."""
        order = self._new_job()
        deposit = self._invoice(order, "percentage", amount=30.0)
        deposit.button_draft()
        deposit.invoice_line_ids.filtered(
            lambda x: x.display_type == "product"
        ).price_unit = 250.0
        deposit.action_post()
        self._pay_all(deposit)
        self.assertEqual(self._earned(deposit), 20.0)
        self._done(order, 10.0, 5.0)
        final = self._invoice(order, day="2026-04-01")
        self.assertEqual(final.amount_total, 750.0)
        self._pay_all(final)
        self.assertEqual(self._earned(final), 60.0)

    def test_deposit_where_nothing_of_the_order_earns(self):
        self._rules((self.filter, 5.0))
        order = self._new_job()
        deposit = self._invoice(order, "percentage", amount=30.0)
        self._pay_all(deposit)
        self.assertFalse(self._entries(deposit))

    def test_deposit_with_a_split(self):
        """Wang developed the customer: a quarter of each, also of what goes back."""
        self.plan.split_ids = [
            Command.create(
                {"role": "developer", "share": 25.0, "user_id": self.wang.id}
            )
        ]
        order = self._new_job()
        deposit = self._invoice(order, "percentage", amount=30.0)
        self._pay_all(deposit)
        self.assertEqual(self._by_user(deposit), {self.li: 18.0, self.wang: 6.0})
        self._done(order, 10.0, 5.0)
        final = self._invoice(order, day="2026-04-01")
        self._pay_all(final)
        self.assertEqual(self._by_user(final), {self.li: 42.0, self.wang: 14.0})


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceWhose(AcceptanceCommon):
    """COM-2: whose sale it is."""

    def _two_orders(self):
        self._new_plan("Wang", self.wang, [{"rate": 4.0}], seller_source="order")
        first = self._new_order([(self.brake, 600.0)])
        second = self._new_order([(self.filter, 400.0)], user_id=self.wang.id)
        return self._invoice(first | second)

    def test_one_invoice_of_two_orders_by_the_order(self):
        """Li's 600 at 10 %, Wang's 400 at 4 %: whoever Odoo puts on the invoice."""
        self.plan.seller_source = "order"
        invoice = self._two_orders()
        self.assertEqual(len(invoice), 1)
        self._pay(invoice, 500.0)
        self.assertEqual(self._by_user(invoice), {self.li: 30.0, self.wang: 8.0})
        self._pay(invoice, 500.0)
        self.assertEqual(self._by_user(invoice), {self.li: 60.0, self.wang: 16.0})

    def test_one_invoice_of_two_orders_by_the_invoice(self):
        """All of it is the invoice's salesperson's."""
        self.plan.seller_source = "invoice"
        self._new_plan("Wang", self.wang, [{"rate": 4.0}])
        first = self._new_order([(self.brake, 600.0)])
        second = self._new_order([(self.filter, 400.0)], user_id=self.wang.id)
        invoice = self._invoice(first | second)
        seller = invoice.invoice_user_id
        self._pay(invoice, 1000.0)
        expected = {self.li: {self.li: 100.0}, self.wang: {self.wang: 40.0}}[seller]
        self.assertEqual(self._by_user(invoice), expected)

    def test_manual_line_beside_an_order_by_the_order(self):
        """Freight has no order: it goes with the order that is on the invoice."""
        self.plan.seller_source = "order"
        self._new_plan("Wang", self.wang, [{"rate": 4.0}], seller_source="order")
        order = self._new_order([(self.brake, 600.0)])
        invoice = self._invoice(order)
        invoice.button_draft()
        invoice.invoice_user_id = self.wang
        invoice.invoice_line_ids = [
            Command.create(
                {"name": "Freight", "price_unit": 50.0, "tax_ids": [Command.clear()]}
            )
        ]
        invoice.action_post()
        self._pay(invoice, 650.0)
        self.assertEqual(self._by_user(invoice), {self.li: 65.0})

    def test_no_salesperson_no_commission(self):
        invoice = self._new_invoice([100.0], post=False)
        invoice.invoice_user_id = False
        invoice.action_post()
        self._pay(invoice, 100.0)
        self.assertFalse(self._entries(invoice))

    def test_salesperson_changed_while_it_is_a_draft(self):
        """Li's 40.00 go back; Wang, who is on it when it is posted again, earns."""
        self.plan.user_ids |= self.wang
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        invoice.button_draft()
        invoice.invoice_user_id = self.wang
        invoice.action_post()
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 40.0})


@tagged("post_install", "-at_install")
class TestCommissionAcceptancePolicy(AcceptanceCommon):
    """COM-1: registered, cleared in the bank, or at maturity."""

    def _see(self, payment, day, amount):
        item = payment._seek_for_lines()[0]
        return self._bank_line(amount, day, (item, amount))

    def test_each_person_by_the_plan(self):
        """Li earns when it is registered, Wang once the bank has it."""
        self._new_plan("Wang", self.wang, [{"rate": 5.0}], collected_policy="cleared")
        mine = self._new_invoice([300.0])
        other = self._new_invoice([700.0], user=self.wang)
        payment = self._pay(mine | other, 1000.0)
        self.assertEarned([30.0, 0.0], mine, other)
        line = self._see(payment, "2026-04-02", 1000.0)
        self.assertEqual(
            self._by_month(mine | other), {"2026-03": 30.0, "2026-04": 35.0}
        )
        line.action_undo_reconciliation()
        self.assertEarned([30.0, 0.0], mine, other)

    def test_seen_in_three_parts_for_two_invoices(self):
        """600 and 400; 500, 250 and 250 are seen: half, a quarter, a quarter each."""
        self.company.parts_collected_policy = "cleared"
        first, second = self._new_invoice([600.0]), self._new_invoice([400.0])
        payment = self._pay(first | second, 1000.0)
        self._see(payment, "2026-03-20", 500.0)
        self.assertEqual(self._earned(first | second), 50.0)
        self._see(payment, "2026-03-28", 250.0)
        last = self._see(payment, "2026-04-03", 250.0)
        self.assertEarned([60.0, 40.0], first, second)
        self.assertEqual(
            self._by_month(first | second), {"2026-03": 75.0, "2026-04": 25.0}
        )
        last.action_undo_reconciliation()
        self.assertEqual(self._earned(first | second), 75.0)

    def test_one_bank_transaction_for_three_payments_with_a_fee(self):
        """100, 200 and 300 arrive as 594: the bank keeps 6 of 600, 1 % of each."""
        self.company.parts_collected_policy = "cleared"
        invoices = [self._new_invoice([x]) for x in (100.0, 200.0, 300.0)]
        payments = [self._pay(x, x.amount_total) for x in invoices]
        items = [payment._seek_for_lines()[0] for payment in payments]
        line = self._bank_line(600.0, "2026-03-24", *items)
        self.assertEarned([10.0, 20.0, 30.0], *invoices)
        line.action_undo_reconciliation()
        self.assertEarned([0.0, 0.0, 0.0], *invoices)
        account = items[0].account_id
        entry = self._new_entry(
            [
                (self.bank.default_account_id, 594.0),
                (self.fee, 6.0),
                (account, -100.0),
                (account, -200.0),
                (account, -300.0),
            ],
            day="2026-03-26",
        )
        mine = entry.line_ids.filtered(lambda x: x.account_id == account)
        for item, own in zip(items, mine.sorted("id"), strict=True):
            self._match(item, own)
        self.assertEarned([9.9, 19.8, 29.7], *invoices)
        self.assertEqual(str(self._entries(invoices[2])[-1].date), "2026-03-26")

    def test_refund_that_the_bank_has_not_seen(self):
        """Cleared: paid out on the 20th, gone from the bank on 2 April."""
        self.company.parts_collected_policy = "cleared"
        invoice = self._new_invoice([1000.0])
        self._bank_line(1000.0, "2026-03-12", self._terms(invoice))
        note = self._credit(invoice, [(self.brake, 150.0)], match=False)
        payment = self._pay(note, 150.0, date="2026-03-20")
        self.assertEarned([100.0, 0.0], invoice, note)
        self._see(payment, "2026-04-02", -150.0)
        self.assertEqual(self._by_month(note), {"2026-04": -15.0})

    def test_cash_needs_no_bank(self):
        """Money in the till is there at once, cleared or not."""
        self.company.parts_collected_policy = "cleared"
        invoice = self._new_invoice([200.0])
        entry = self._new_entry(
            [
                (self.company_data["default_journal_cash"].default_account_id, 80.0),
                (self.receivable, -80.0),
            ]
        )
        self._match(self._terms(invoice), self._claim(entry))
        self.assertEqual(self._earned(invoice), 8.0)

    def test_draft_that_the_bank_sees_before_and_after_its_maturity(self):
        """Cleared: on the day on which the bank has the money, also discounted."""
        self.company.parts_collected_policy = "cleared"
        for seen in ("2026-05-10", "2026-06-15"):
            invoice = self._new_invoice([400.0])
            payment = self._pay(invoice, 400.0, parts_maturity_date="2026-06-10")
            self.assertEqual(self._earned(invoice), 0.0)
            self._see(payment, seen, 400.0)
            self.assertLedger(invoice, [("collection", "collected", seen, 40.0)])

    def test_draft_booked_on_the_bank_itself_waits_for_its_maturity(self):
        """No bank transaction will ever tell: it matures, cleared or not."""
        for policy in ("cleared", "registered"):
            self.company.parts_collected_policy = policy
            method = self.bank.inbound_payment_method_line_ids[0]
            method.payment_account_id = self.bank.default_account_id
            invoice = self._new_invoice([400.0])
            self._pay(invoice, 400.0, parts_maturity_date="2026-06-10")
            self.assertEqual(self._by_month(invoice), {"2026-06": 40.0}, policy)

    def test_acceptance_draft_matures_bounces_and_is_replaced(self):
        """400 due on 20 May: earned then; dishonoured on the 25th, paid in cash."""
        with freeze_time("2026-03-12"):
            invoice = self._new_invoice([1000.0])
            payment = self._pay(invoice, 400.0, parts_maturity_date="2026-05-20")
            self.assertEqual(self._earned(invoice), 0.0)
            self.assertNothingToRepair()
        with freeze_time("2026-05-20 03:00:00"):
            self._repair()
            self.assertEqual(self._by_month(invoice), {"2026-05": 40.0})
        with freeze_time("2026-05-25"):
            payment.action_draft()
            payment.action_cancel()
            self.assertEqual(self._by_month(invoice), {})
            self._pay(invoice, 400.0, date="2026-05-26")
        self.assertEqual(self._by_month(invoice), {"2026-05": 40.0})

    def test_maturity_put_off_after_it_was_earned(self):
        """From 20 May to 20 June: taken back in May, given in June."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0, parts_maturity_date="2026-05-20")
        self.assertEqual(self._by_month(invoice), {"2026-05": 40.0})
        payment.parts_maturity_date = date(2026, 6, 20)
        self.assertEqual(self._by_month(invoice), {"2026-06": 40.0})
        payment.parts_maturity_date = False
        self.assertEqual(self._by_month(invoice), {"2026-03": 40.0})
