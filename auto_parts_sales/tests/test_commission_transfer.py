from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .commission_common import CommissionCommon, TransferMixin

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionTransfer(TransferMixin, CommissionCommon):
    """A later change of the salesperson: with a date and a reason."""

    def test_moves_only_what_is_collected_from_then_on(self):
        invoice = self._new_invoice([1000.0])
        before = self._pay(invoice, 300.0, date="2026-03-10")
        self._transfer()
        self.assertEqual(self._by_user(invoice), {self.li: 30.0})
        self._pay(invoice, 700.0, date="2026-03-25")
        self.assertEqual(self._by_user(invoice), {self.li: 30.0, self.wang: 70.0})
        before.action_draft()
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 70.0})
        before.action_post()
        self.assertIdle(invoice)
        self.assertEqual(self._by_user(invoice), {self.li: 30.0, self.wang: 70.0})

    def test_to_the_cent_together(self):
        """0.33 in three thirds: 0.033 promised as 0.03: one cent each time."""
        invoice = self._new_invoice([1.0])  # 0.10
        self._pay(invoice, 0.33, date="2026-03-10")
        self._transfer()
        self._pay(invoice, 0.33, date="2026-03-21")
        self._pay(invoice, 0.34, date="2026-03-22")
        self.assertEqual(self._earned(invoice), 0.10)
        self.assertEqual(self._by_user(invoice), {self.li: 0.03, self.wang: 0.07})

    def test_on_to_a_third_person(self):
        third = self._new_user("com_third", "sales_team.group_sale_salesman")
        invoice = self._new_invoice([1000.0])
        self._transfer()
        self._transfer(
            user_from_id=self.wang.id, user_to_id=third.id, date="2026-03-25"
        )
        for amount, day in ((100, "10"), (200, "22"), (700, "25")):
            self._pay(invoice, amount, date=f"2026-03-{day}")
        self.assertEqual(
            self._by_user(invoice), {self.li: 10.0, self.wang: 20.0, third: 70.0}
        )
        self.assertIdle(invoice)

    def test_credit_notes_follow(self):
        """Half is credited after the transfer and paid back: Wang's."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._transfer()
        self._pay(invoice, 600.0, date="2026-03-22")
        note = self._credit(invoice, [(self.brake, 500.0)], date="2026-03-24")
        self._pay(note, 500.0, date="2026-03-26")
        self.assertEqual(
            self._by_user(invoice | note), {self.li: 40.0, self.wang: 10.0}
        )
        self.assertIdle(invoice | note)

    def test_invoice_reset_and_posted_again_keeps_the_transfer(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-22")
        self._transfer()
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 40.0})
        invoice.button_draft()
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 0.0})
        invoice.action_post()
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 40.0})
        self.assertIdle(invoice)

    def test_paid_by_money_that_does_not_count_yet(self):
        """For Odoo it is paid; the acceptance draft matures in June: Wang's."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(
            invoice, 1000.0, date="2026-03-10", parts_maturity_date="2026-06-10"
        )
        self.assertEqual(invoice.payment_state, "paid")
        self._transfer()
        with freeze_time("2026-06-11"):
            self.env["parts.commission.engine"]._follow_payments(payment)
            self.assertEqual(self._by_user(invoice), {self.wang: 100.0})
            self.assertIdle(invoice)

    def test_not_before_its_first_person_held_it(self):
        """Wang has it from 1 April: Third cannot have it from 25 March, when it was
        still Li's."""
        third = self._new_user("com_third", "sales_team.group_sale_salesman")
        invoice = self._new_invoice([1000.0])
        self._transfer(date="2026-04-01")
        on = {"user_from_id": self.wang.id, "user_to_id": third.id}
        with self.assertRaisesRegex(UserError, "from 04/01/2026 on only"):
            self._transfer(date="2026-03-25", **on)
        self._transfer(date="2026-04-01", **on)
        for amount, day in ((300, "2026-03-25"), (700, "2026-04-02")):
            self._pay(invoice, amount, date=day)
        self.assertEqual(self._by_user(invoice), {self.li: 30.0, third: 70.0})

    def test_note_posted_again_after_a_transfer(self):
        """The invoice was handed over while its note was in draft."""
        invoice = self._new_invoice([1000.0])
        note = self._credit(invoice, [(self.brake, 500.0)], match=False)
        note.button_draft()
        self._transfer()
        note.action_post()
        self._partials(note).unlink()
        self._pay(note, 500.0, date="2026-03-26")
        self.assertEqual(self._by_user(note), {self.wang: -50.0})

    def test_other_customers_and_other_people_are_left_alone(self):
        mine = self._new_invoice([1000.0])
        other = self._new_invoice([500.0], partner_id=self.partner_b.id)
        self._transfer(partner_id=self.partner_a.id)
        for invoice in (mine, other):
            self._pay(invoice, invoice.amount_residual, date="2026-03-22")
        self.assertEqual(self._by_user(mine), {self.wang: 100.0})
        self.assertEqual(self._by_user(other), {self.li: 50.0})

    def test_locked_shows_what_is_open_for_the_new_person(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 300.0, date="2026-03-10")
        self._transfer()
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        self.assertEqual(promised.mapped("locked"), [0.0, 70.0])

    def test_who_may_and_what_is_refused(self):
        self._new_invoice([1000.0])
        finance = self._new_user("com_fin", f"{P}finance")
        for user in (finance, self.li, self.wang):
            with self.assertRaises(AccessError):
                self._transfer(user)
        with self.assertRaisesRegex(AccessError, "himself"):
            self._transfer(user_to_id=self.office.id)
        with self.assertRaisesRegex(ValidationError, "from today"):
            self._transfer(date="2026-03-19")
        with self.assertRaisesRegex(UserError, "no open commission"):
            self._transfer(user_from_id=self.wang.id, user_to_id=self.li.id)
        transfer = self._transfer()
        with self.assertRaisesRegex(UserError, "never changed"):
            transfer.reason = "other"
        with self.assertRaisesRegex(UserError, "never changed"):
            transfer.sudo().state = "draft"
        with self.assertRaisesRegex(UserError, "never changed"):
            transfer.action_carry_out()
        with self.assertRaisesRegex(UserError, "never deleted"):
            transfer.sudo().unlink()
