from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .credit_common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditExposureOrders(CreditCommon):
    # CRD-3: what confirmed orders claim, figures worked out by hand

    def test_a_quotation_claims_nothing(self):
        self._new_order(10)
        self._assert_parts()

    def test_ordered_and_not_invoiced(self):
        self._confirmed(10)
        self._assert_parts(orders=1000.0)

    def test_with_taxes(self):
        self._confirmed(10, taxes=self.tax)
        self._assert_parts(orders=1130.0)

    def test_with_discount_and_several_lines(self):
        order = self._confirmed(10, 3, taxes=self.tax)
        order.order_line[0].discount = 10.0
        # (900 + 300) * 1.13
        self._assert_parts(orders=1356.0)

    def test_less_what_a_draft_invoice_holds(self):
        self._invoice(self._confirmed(10), 4, post=False)
        self._assert_parts(orders=600.0, drafts=400.0)

    def test_less_what_a_posted_invoice_holds(self):
        self._invoice(self._confirmed(10), 4)
        self._assert_parts(orders=600.0, receivable=400.0)

    def test_cancelled_invoice_holds_nothing(self):
        invoice = self._invoice(self._confirmed(10), 4)
        invoice.button_draft()
        invoice.button_cancel()
        self._assert_parts(orders=1000.0)

    def test_more_invoiced_than_ordered_is_not_below_zero(self):
        # line 1: 10 ordered, 12 invoiced; line 2: 5 ordered, none invoiced
        order = self._confirmed(10, 5)
        invoice = order._create_invoices()
        invoice.invoice_line_ids[1].unlink()
        invoice.invoice_line_ids.quantity = 12
        self._assert_parts(orders=500.0, drafts=1200.0)

    def test_credit_note_opens_the_order_again(self):
        order = self._confirmed(10)
        invoice = self._invoice(order)
        refund = invoice._reverse_moves()
        # 1,000 invoiced, a draft credit note of 1,000, the order to be invoiced again
        self._assert_parts(orders=1000.0, receivable=1000.0, drafts=-1000.0)
        refund.action_post()
        self._assert_parts(orders=1000.0)

    def test_delivered_more_than_ordered(self):
        order = self._confirmed(10, product=self.service)
        order.order_line.qty_delivered = 12
        self._assert_parts(orders=1200.0)

    def test_delivered_in_part_with_more_to_come(self):
        order = self._confirmed(10)
        self._deliver(order, 6)
        self._assert_parts(orders=1000.0)

    def test_delivered_only_once_nothing_is_left_to_ship(self):
        order = self._confirmed(10)
        self._deliver(order, 6, backorder=False)
        self._assert_parts(orders=600.0)
        self._invoice(order, 4)
        self._assert_parts(orders=200.0, receivable=400.0)

    def test_something_of_another_line_left_to_ship(self):
        # line 1 is cut short at 6, line 2 waits: the whole order counts as ordered
        order = self._confirmed(10, 5)
        first, second = order.order_line.move_ids
        first.write({"quantity": 6, "picked": True})
        second.picked = False
        picking = order.picking_ids
        picking.with_context(cancel_backorder=False)._action_done()
        rest = order.picking_ids - picking
        rest.move_ids.filtered(
            lambda move: move.sale_line_id == order.order_line[0]
        )._action_cancel()
        self._assert_parts(orders=1500.0)
        rest.move_ids._action_cancel()
        self._assert_parts(orders=600.0)

    def test_nothing_shipped_and_all_transfers_cancelled(self):
        order = self._confirmed(10)
        order.picking_ids.action_cancel()
        self._assert_parts()

    def test_goods_that_came_back(self):
        order = self._confirmed(10)
        picking = self._deliver(order, 10)
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_ids=picking.ids, active_id=picking.id
        )
        form = wizard.create({})
        form.product_return_moves.quantity = 3
        returned = self.env["stock.picking"].browse(
            form.action_create_returns()["res_id"]
        )
        # until they are back, ten are delivered
        self._assert_parts(orders=1000.0)
        returned.move_ids.to_refund = True
        returned.move_ids.write({"quantity": 3, "picked": True})
        returned._action_done()
        self._assert_parts(orders=700.0)

    def test_services_are_never_shipped(self):
        self._confirmed(10, product=self.service)
        self._assert_parts(orders=1000.0)

    def test_other_unit(self):
        # a dozen ordered, three pieces invoiced: nine are open
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._new_order(1, price=1200.0)
        order.order_line.product_uom_id = dozen
        order.order_line.price_unit = 1200.0
        order.action_confirm()
        invoice = order._create_invoices()
        line = invoice.invoice_line_ids
        line.product_uom_id = self.env.ref("uom.product_uom_unit")
        line.write({"quantity": 3, "price_unit": 100.0})
        self._assert_parts(orders=900.0, drafts=300.0)

    def test_a_cancelled_order_frees_its_claim(self):
        self._confirmed(10)._action_cancel()
        self._assert_parts()

    def test_old_invoiced_orders_are_not_read(self):
        order = self._confirmed(10)
        self._deliver(order, 10)
        self._invoice(order)
        self.assertEqual(order.invoice_status, "invoiced")
        claims = self.env["parts.credit.claim"]._of(self.company, self.customer)
        self.assertEqual(claims, {})

    def test_company_of_the_document(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._confirmed(10)
        figures = self.exposure._figures(other, self.customer)
        self.assertEqual(figures["exposure"], 0.0)
        seen = self.exposure.with_company(other).with_context(
            allowed_company_ids=other.ids
        )
        figures = seen._figures(self.company, self.customer)
        self.assertEqual(figures["exposure"], 1000.0)

    def test_the_whole_customer_tree(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id}
        )
        desk = self.env["res.partner"].create({"name": "Desk", "parent_id": branch.id})
        self._confirmed(1, customer=branch)
        self._confirmed(2, customer=desk)
        self._assert_parts(orders=300.0)

    def test_of_whom_it_is_invoiced_to(self):
        payer = self._new_customer("Holding")
        self._confirmed(10, partner_invoice_id=payer.id)
        self._assert_parts()
        self._assert_parts(payer, orders=1000.0)

    def test_other_currency_at_todays_rate(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-03-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        with freeze_time("2026-02-01"):
            order = self._confirmed(10, pricelist_id=pricelist.id)
            self._assert_parts(orders=500.0)
            self._invoice(order, 4, post=False)
            self._assert_parts(orders=300.0, drafts=200.0)
        with freeze_time("2026-03-01"):
            # orders and drafts at today's rate
            self._assert_parts(orders=150.0, drafts=100.0)
        with freeze_time("2026-02-01"):
            order.invoice_ids.invoice_date = date(2026, 2, 1)
            order.invoice_ids.action_post()
        with freeze_time("2026-03-01"):
            # posted items as booked
            self._assert_parts(orders=150.0, receivable=200.0)

    def test_stored_totals_are_not_believed(self):
        order = self._confirmed(10)
        order.write({"amount_total": 1.0})
        order.order_line.write({"price_total": 1.0, "price_subtotal": 1.0})
        self._assert_parts(orders=1000.0)

    def test_statuses_are_not_believed(self):
        order = self._confirmed(10)
        order.write({"invoice_status": "invoiced", "delivery_status": "full"})
        self._assert_parts(orders=1000.0)
        order.order_line.write({"qty_invoiced": 10.0, "invoice_status": "invoiced"})
        self._assert_parts(orders=1000.0)

    def test_delivered_is_what_the_moves_say(self):
        order = self._confirmed(10, product=self.part_delivered)
        self._deliver(order, 10)
        order.order_line.write({"qty_delivered": 0.0})
        self._assert_parts(orders=1000.0)

    def test_invoice_of_somebody_else_linked_to_the_order(self):
        # over RPC, from either side
        other = self._new_customer("Somebody else")
        foreign = self._invoice(self._confirmed(10, customer=other))
        mine = self._confirmed(10)
        mine.order_line.write(
            {"invoice_lines": [Command.link(foreign.invoice_line_ids.id)]}
        )
        self.env.flush_all()
        self._assert_parts(orders=1000.0)
        self._assert_parts(other, receivable=1000.0)
        third = self._confirmed(5)
        foreign.invoice_line_ids.write(
            {"sale_line_ids": [Command.link(third.order_line.id)]}
        )
        self._assert_parts(orders=1500.0)
        self.assertEqual(third.order_line.qty_invoiced, 10.0)

    def test_an_invoice_line_counts_for_one_order_line(self):
        order = self._confirmed(10)
        invoice = self._invoice(order)
        self._pay(invoice, 1000.0)
        second = self._confirmed(10)
        second.order_line.write(
            {"invoice_lines": [Command.link(invoice.invoice_line_ids.id)]}
        )
        self._assert_parts(orders=1000.0)

    def test_an_invoice_given_to_somebody_else(self):
        invoice = self._invoice(self._confirmed(10), post=False)
        other = self._new_customer("Somebody else")
        self._assert_parts(drafts=1000.0)
        invoice.partner_id = other
        self._assert_parts(orders=1000.0)
        self._assert_parts(other, drafts=1000.0)

    def test_what_was_written_while_the_control_was_off(self):
        order = self._confirmed(10)
        self.company.parts_credit_control = False
        order.write({"invoice_status": "invoiced", "delivery_status": "full"})
        self.company.parts_credit_control = True
        self.env["parts.credit.suspect"]._review(self.company)
        self._assert_parts(orders=1000.0)

    def test_the_innocent_are_forgotten(self):
        order = self._confirmed(10)
        self._deliver(order, 10)
        self._invoice(order)
        suspects = self.env["parts.credit.suspect"]
        suspects._note(order)
        suspects._review(self.company)
        self.assertFalse(suspects.search([("order_id", "=", order.id)]))


@tagged("post_install", "-at_install")
class TestCreditExposureDownPayments(CreditCommon):
    # CRD-3: down-payment lines out, posted down payments not yet deducted taken off

    def test_posted_down_payment_comes_off(self):
        order = self._confirmed(10)
        deposit = self._down_payment(order, 300.0)
        self._assert_parts(orders=1000.0, down_payments=-300.0, receivable=300.0)
        self._pay(deposit, 300.0)
        self._assert_parts(orders=1000.0, down_payments=-300.0)

    def test_draft_down_payment_does_not(self):
        self._down_payment(self._confirmed(10), 300.0, post=False)
        self._assert_parts(orders=1000.0, drafts=300.0)

    def test_deducted_by_the_final_invoice(self):
        order = self._confirmed(10)
        self._pay(self._down_payment(order, 300.0), 300.0)
        final = order._create_invoices(final=True)
        # draft already: 1,000 less the 300 that are paid
        self._assert_parts(drafts=700.0)
        final.action_post()
        self._assert_parts(receivable=700.0)

    def test_never_more_than_the_order_still_claims(self):
        order = self._confirmed(10)
        self._pay(self._down_payment(order, 800.0), 800.0)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.filtered("is_downpayment").unlink()
        invoice.invoice_line_ids.quantity = 6
        # 400 to invoice, of 800 paid down: nothing left of them to take off
        self._assert_parts(orders=400.0, down_payments=-400.0, drafts=600.0)

    def test_a_line_that_only_says_it_is_a_down_payment(self):
        order = self._confirmed(10)
        order.order_line.write({"is_downpayment": True})
        self._assert_parts(orders=1000.0)

    def test_down_payment_credited_more_than_once_claims_nothing(self):
        # line 1: 10 ordered; its down payment of 300 is credited three times
        order = self._confirmed(10)
        deposit = self._down_payment(order, 300.0)
        refund = deposit._reverse_moves()
        refund.invoice_line_ids.quantity = 3
        self._assert_parts(orders=1000.0, receivable=300.0, drafts=-900.0)
        # counter-case: with a quantity it is no down payment; 1 less 1 plus 3
        line = refund.invoice_line_ids.sale_line_ids
        line.product_uom_qty = 1
        self._assert_parts(orders=1900.0, receivable=300.0, drafts=-900.0)
        line.product_uom_qty = 0
        refund.action_post()
        # 300 invoiced, 900 credited: 600 are ours to pay back
        self._assert_parts(orders=1000.0, receivable=-600.0)

    def test_reversed_down_payment_comes_off_no_more(self):
        order = self._confirmed(10)
        deposit = self._down_payment(order, 300.0)
        deposit._reverse_moves(cancel=True)
        self._assert_parts(orders=1000.0)
