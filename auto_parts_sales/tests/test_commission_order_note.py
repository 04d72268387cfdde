from odoo.tests import tagged

from .commission_common import DepositCommon, TransferMixin


@tagged("post_install", "-at_install")
class TestCommissionOrderNote(TransferMixin, DepositCommon):
    """COM-1: what an order credits is taken back from who holds the promise.

    10 brake discs at 100.00, 10 %: 100.00 promised. The note that Odoo makes of the
    order knows no invoice that it reverses.
    """

    def _order(self, quantity=10.0):
        order = self._new_order([(self.brake, 100.0)], confirm=False)
        order.order_line.product_uom_qty = quantity
        order.action_confirm()
        return order

    def _note(self, order, left, day="2026-03-24", match=None):
        order.order_line.product_uom_qty = left
        note = order._create_invoices(final=True)
        note.invoice_date = day
        note.action_post()
        self._partials(note).unlink()
        if match:
            self._receivable(note | match).reconcile()
        return note

    def _receivable(self, moves):
        return moves.line_ids.filtered(lambda x: x.account_type == "asset_receivable")

    def _part(self, order, quantity, day, user=None):
        """Invoice one more part of an order."""
        order.order_line.product_uom_qty = quantity
        invoice = order._create_invoices()
        invoice.write({"invoice_date": day, "invoice_payment_term_id": False})
        if user:
            invoice.invoice_user_id = user
        invoice.action_post()
        return invoice

    def test_paid_out_after_the_transfer(self):
        """1,000 came after it: Wang's 100. 400 go back: Wang's -40."""
        order = self._order()
        invoice = self._invoice(order)
        self._transfer()
        self._pay(invoice, 1000.0, date="2026-03-22")
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.wang: -40.0})
        self.assertEqual(self._by_user(invoice | note), {self.wang: 60.0})
        self.assertIdle(invoice | note)

    def test_what_was_collected_before_stays_with_the_first(self):
        """400 came before, 200 after, 400 are credited and matched.

        Of the 600 that are left to pay, 400 are two thirds: 66.67 of the invoice's
        100 and -26.67 of the note's -40 are Li's, a third of both is Wang's.
        """
        order = self._order()
        invoice = self._invoice(order)
        self._pay(invoice, 400.0, date="2026-03-10")
        self._transfer()
        note = self._note(order, 6.0, match=invoice)
        self._pay(invoice, 200.0, date="2026-03-26")
        self.assertEqual(self._by_user(invoice), {self.li: 66.67, self.wang: 33.33})
        self.assertEqual(self._by_user(note), {self.li: -26.67, self.wang: -13.33})
        self.assertIdle(invoice | note)

    def test_like_a_reversal(self):
        """The same story told with a reversal ends the same."""
        order = self._order()
        invoice = self._invoice(order)
        self._pay(invoice, 400.0, date="2026-03-10")
        self._transfer()
        note = self._credit(invoice, [(self.brake, 400.0)], date="2026-03-24")
        self._pay(invoice, 200.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.li: -26.67, self.wang: -13.33})

    def test_on_to_a_third_person(self):
        third = self._new_user("com_third", "sales_team.group_sale_salesman")
        order = self._order()
        invoice = self._invoice(order)
        self._transfer()
        self._transfer(
            user_from_id=self.wang.id, user_to_id=third.id, date="2026-03-25"
        )
        self._pay(invoice, 1000.0, date="2026-03-27")
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-28")
        self.assertEqual(self._by_user(note), {third: -40.0})
        self.assertIdle(invoice | note)

    def test_note_from_before_goes_along(self):
        """Named or not, the invoice takes its note along; of an earlier day it is
        still Li's."""
        order = self._order()
        invoice = self._invoice(order)
        note = self._note(order, 6.0, day="2026-03-12")
        self._pay(note, 100.0, date="2026-03-15")
        self._transfer(move_ids=[(6, 0, invoice.ids)])
        self._pay(note, 300.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.li: -10.0, self.wang: -30.0})

    def test_paid_before_and_never_handed_over(self):
        """All was collected before: no open promise went to Wang, the note is Li's."""
        order = self._order()
        invoice = self._invoice(order)
        self._pay(invoice, 1000.0, date="2026-03-10")
        self._new_invoice([500.0])
        self._transfer()
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.li: -40.0})

    def test_one_of_two_invoices_was_handed_over(self):
        """5 discs were paid, 5 are open and handed over: 4 that come back are half
        Li's, half Wang's."""
        order = self._order(5.0)
        first = self._invoice(order)
        self._pay(first, 500.0, date="2026-03-10")
        second = self._part(order, 10.0, "2026-03-12")
        self._transfer()
        self._pay(second, 500.0, date="2026-03-22")
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.li: -20.0, self.wang: -20.0})
        self.assertEqual(sum(self._entries(note).mapped("collected")), -400.0)
        self.assertIdle(first | second | note)

    def test_invoices_of_two_people(self):
        """6 discs were Li's at 10 %, 4 Wang's at 20 %: of 5 that come back 3 and 2."""
        self._new_plan("Wang", self.wang, [{"rate": 20.0}])
        order = self._order(6.0)
        first = self._invoice(order)
        second = self._part(order, 10.0, "2026-03-12", user=self.wang)
        note = self._note(order, 5.0)
        self._pay(note, 500.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.li: -30.0, self.wang: -40.0})
        self.assertEqual(sum(self._entries(note).mapped("collected")), -500.0)
        self.assertIdle(first | second | note)

    def test_reversed_and_invoiced_again(self):
        """The first invoice was reversed whole: only Wang's new one counts."""
        self._new_plan("Wang", self.wang, [{"rate": 20.0}])
        order = self._order()
        first = self._invoice(order)
        self._credit(first)
        second = self._part(order, 10.0, "2026-03-12", user=self.wang)
        self.assertEqual(second.amount_total, 1000.0)
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.wang: -80.0})
        self.assertIdle(first | second | note)

    def test_lines_and_shares(self):
        """A team lead's override is taken back beside it, of the whole line."""
        lead = self._new_user("com_lead", "sales_team.group_sale_salesman")
        self.plan.split_ids = [
            (0, 0, {"role": "lead", "user_id": lead.id, "share": 10.0})
        ]
        order = self._order()
        invoice = self._invoice(order)
        self._transfer()
        self._pay(invoice, 1000.0, date="2026-03-22")
        note = self._note(order, 6.0)
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.wang: -40.0, lead: -4.0})

    def test_posted_again(self):
        order = self._order()
        invoice = self._invoice(order)
        note = self._note(order, 6.0)
        note.button_draft()
        self._transfer()
        note.action_post()
        self._partials(note).unlink()
        self._pay(note, 400.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.wang: -40.0})
        note.button_draft()
        self.assertEqual(self._by_user(note), {self.wang: 0.0})
        note.action_post()
        self.assertEqual(self._by_user(note), {self.wang: -40.0})
        self.assertIdle(invoice | note)

    def test_deposit_handed_over(self):
        """A deposit of 300 earns 30: 100 came before, 200 after. The final invoice of
        700, Li's, takes 30 back from who holds the deposit's promise by then."""
        order = self._order()
        deposit = self._invoice(order, "percentage", amount=30.0)
        self._pay(deposit, 100.0, date="2026-03-10")
        self._transfer()
        self._pay(deposit, 200.0, date="2026-03-22")
        final = self._invoice(order, day="2026-04-01")
        self._pay(final, 700.0, date="2026-04-10")
        self.assertEqual(self._by_user(deposit), {self.li: 10.0, self.wang: 20.0})
        self.assertEqual(self._by_user(final), {self.li: 100.0, self.wang: -30.0})
        self.assertEqual(self._earned(deposit | final), 100.0)
        self.assertIdle(deposit | final)
