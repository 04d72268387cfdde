from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import AcceptanceCommon


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceNotes(AcceptanceCommon):
    """COM-1: a credit note takes nothing until it is matched or paid out."""

    def _note_of(self, invoice, amount, day="2026-03-05"):
        return self._credit(invoice, [(self.brake, amount)], date=day, match=False)

    def _match_part(self, invoice, note, amount):
        """Match a part of a note, as an accountant does with a smaller open item."""
        debit, credit = self._terms(invoice), self._terms(note)
        partial = self.env["account.partial.reconcile"].create(
            {
                "debit_move_id": debit.id,
                "credit_move_id": credit.id,
                "amount": amount,
                "debit_amount_currency": amount,
                "credit_amount_currency": amount,
            }
        )
        return partial

    def test_posted_only_it_changes_nothing(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        note = self._note_of(invoice, 300.0)
        self.assertEarned([40.0, 0.0], invoice, note)

    def test_one_note_matched_with_two_invoices(self):
        """A of 500, B of 1,000; 300 of A are credited: 100 for A, 200 for B.

        A: 400 paid: all of what is left: 50 − 10. B: 400 of 800: 50 − 10. Then all.
        """
        first, second = self._new_invoice([500.0]), self._new_invoice([1000.0])
        note = self._note_of(first, 300.0)
        self._match_part(first, note, 100.0)
        self._match_part(second, note, 200.0)
        self._pay(first, 400.0)
        self.assertEarned([50.0, 0.0, -10.0], first, second, note)
        self._pay(second, 400.0)
        self.assertEarned([50.0, 50.0, -20.0], first, second, note)
        self._pay(second, 400.0, date="2026-04-02")
        self.assertEarned([50.0, 100.0, -30.0], first, second, note)

    def test_two_notes_on_one_invoice_at_other_rates(self):
        """Discs 600 at 10 %, filters 400 at 4 %; 100 of each are credited and matched.

        60 + 16 − 10 − 4 = 62 on 800. 200 paid, a quarter: 15 + 4 − 2.50 − 1.00.
        """
        self._rules((self.filter, 4.0), (None, 10.0))
        invoice = self._new_invoice([(self.brake, 600.0), (self.filter, 400.0)])
        notes = [self._credit(invoice, [(x, 100.0)]) for x in (self.brake, self.filter)]
        self._pay(invoice, 200.0)
        self.assertEarned([19.0, -2.5, -1.0], invoice, *notes)
        self._pay(invoice, 600.0)
        self.assertEarned([76.0, -10.0, -4.0], invoice, *notes)

    def test_refund_by_bank_transaction(self):
        """1,000 paid; 200 credited and sent back by the bank: −20 on that day."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0)
        note = self._note_of(invoice, 200.0)
        self.assertEarned([100.0, 0.0], invoice, note)
        line = self._bank_line(-200.0, "2026-03-27", self._terms(note))
        self.assertEqual(note.payment_state, "paid")
        self.assertLedger(note, [("collection", "collected", "2026-03-27", -20.0)])
        line.action_undo_reconciliation()
        self.assertEqual(self._earned(note), 0.0)

    def test_refund_in_parts_and_bounced(self):
        """300 credited, 100 and 200 are paid out, the 100 come back: −20."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0)
        note = self._note_of(invoice, 300.0)
        first = self._pay(note, 100.0, date="2026-03-20")
        self._pay(note, 200.0, date="2026-04-01")
        self.assertEqual(self._by_month(note), {"2026-03": -10.0, "2026-04": -20.0})
        first.action_reject()
        self.assertEqual(self._by_month(note), {"2026-04": -20.0})

    def test_money_left_over_by_a_note_is_paid_back(self):
        """600 of 1,000 are paid, then 500 are credited: 400 settle the invoice, 100
        are open on the note and paid back.

        600 / (1,000 − 400) of 100, and of 40 on the note: 100 − 40; then −10.
        """
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 600.0)
        note = self._credit(invoice, [(self.brake, 500.0)])
        self.assertEarned([100.0, -40.0], invoice, note)
        self._pay(note, 100.0, date="2026-04-02")
        self.assertEarned([100.0, -50.0], invoice, note)

    def test_credited_in_full_after_all_was_paid(self):
        """The note stays open, pays another invoice: that one gets no money."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0)
        note = self._note_of(invoice, 1000.0)
        other = self._new_invoice([1500.0], date="2026-04-01")
        self._match(self._terms(note), self._terms(other))
        # 1,000 of 1,500 are a note: 500 of money are left to come
        self.assertEarned([100.0, 0.0, 0.0], invoice, note, other)
        self._pay(other, 250.0, date="2026-04-10")
        # half: 75 less 50
        self.assertEarned([100.0, -50.0, 75.0], invoice, note, other)
        self._pay(other, 250.0, date="2026-04-11")
        # 2,500 sold, 1,000 credited, 1,500 of money: 150
        self.assertEqual(self._earned(invoice | note | other), 150.0)

    def test_note_made_by_hand(self):
        """Without a link to an invoice: today's plan, negative."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-03-06",
                "date": "2026-03-06",
                "invoice_user_id": self.li.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.brake.id,
                            "price_unit": 70.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        note.action_post()
        self._pay(note, 70.0, date="2026-03-12")
        self.assertEqual(self._earned(note), -7.0)

    def test_debit_note(self):
        """60 more for an invoice of 100: an invoice of its own, with its commission."""
        invoice = self._new_invoice([100.0])
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"date": "2026-03-20", "copy_lines": True, "reason": "freight"})
        )
        debit = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        debit.invoice_date = "2026-03-20"
        debit.invoice_line_ids.price_unit = 60.0
        debit.invoice_user_id = self.li
        debit.action_post()
        self._pay(debit, 60.0, date="2026-03-25")
        self.assertEarned([0.0, 6.0], invoice, debit)

    def test_note_of_goods_that_earned_nothing(self):
        """Pads earned nothing in March; a rule of April does not take from them."""
        self._rules((self.brake, 10.0))
        invoice = self._new_invoice([(self.brake, 600.0), (self.pad, 400.0)])
        self._pay(invoice, 1000.0)
        self.assertEqual(self._earned(invoice), 60.0)
        self._rules((None, 10.0))
        note = self._credit(invoice, [(self.pad, 400.0)], match=False)
        self._pay(note, 400.0, date="2026-04-10")
        self.assertEarned([60.0, 0.0], invoice, note)

    def test_notes_of_an_invoice_of_two_sellers(self):
        """By the order: Li's 600 at 10 %, Wang's 400 at 4 %; half of each is back."""
        self.plan.seller_source = "order"
        self._new_plan("Wang", self.wang, [{"rate": 4.0}], seller_source="order")
        first = self._new_order([(self.brake, 600.0)])
        second = self._new_order([(self.filter, 400.0)], user_id=self.wang.id)
        invoice = self._invoice(first | second)
        self._pay(invoice, 1000.0)
        self.assertEqual(self._by_user(invoice), {self.li: 60.0, self.wang: 16.0})
        note = self._credit(
            invoice, [(self.brake, 300.0), (self.filter, 200.0)], match=False
        )
        self._pay(note, 500.0, date="2026-04-10")
        self.assertEqual(self._by_user(note), {self.li: -30.0, self.wang: -8.0})
        rebate = self._credit(invoice, [(self.pad, 10.0)], match=False)
        self._pay(rebate, 10.0, date="2026-04-11")
        # nothing of the kind was promised: by the plan of who is on the invoice
        self.assertEqual(len(self._entries(rebate)), 1)

    def test_note_cancelled_after_it_was_matched(self):
        invoice = self._new_invoice([1000.0])
        note = self._credit(invoice, [(self.brake, 200.0)])
        self._pay(invoice, 400.0)
        self.assertEarned([50.0, -10.0], invoice, note)
        note.button_draft()
        note.button_cancel()
        self.assertEarned([40.0, 0.0], invoice, note)

    def test_invoice_cancelled_that_a_note_was_matched_with(self):
        invoice = self._new_invoice([1000.0])
        note = self._credit(invoice, [(self.brake, 200.0)])
        self._pay(invoice, 400.0)
        invoice.button_draft()
        self.assertEarned([0.0, 0.0], invoice, note)
        invoice.button_cancel()
        self.assertEarned([0.0, 0.0], invoice, note)

    def test_manual_invoice_with_headings_rebate_and_a_gift(self):
        """Labour 80.00, discs 120.00, a rebate of 50.00, a gift: 10 % of 150.00."""
        line = Command.create
        free = {"tax_ids": [Command.clear()]}
        invoice = self._new_invoice(
            [],
            invoice_line_ids=[
                line({"display_type": "line_section", "name": "Repair"}),
                line({"name": "Labour", "price_unit": 80.0, **free}),
                line({"product_id": self.brake.id, "price_unit": 120.0, **free}),
                line({"name": "Rebate", "price_unit": -50.0, **free}),
                line({"product_id": self.filter.id, "price_unit": 0.0, **free}),
                line({"display_type": "line_note", "name": "Thank you"}),
            ],
        )
        self._pay(invoice, 75.0)
        self.assertEqual(self._earned(invoice), 7.5)
        self._pay(invoice, 75.0)
        self.assertEqual(self._earned(invoice), 15.0)
        told = self._entries(invoice)[0].description
        self.assertIn("Labour", told)
