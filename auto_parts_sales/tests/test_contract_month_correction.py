from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .contract_month_common import ContractMonthCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-02")
class TestContractMonthCorrection(ContractMonthCommon):
    """CON-7: a signed month is a frozen snapshot, which later corrections do not touch
    but explain.
    """

    def setUp(self):
        super().setUp()
        self.month = self._signed()
        self.before = self._line_of(self.month).read()
        self._age()

    def _age(self):
        """Let all that there is be of the time before the signatures."""
        self.env.flush_all()
        for model in (
            "account.move",
            "account.payment",
            "account.partial.reconcile",
            "sale.order",
            "sale.order.line",
            "stock.move",
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s, write_date = %s",
                    SQL.identifier(self.env[model]._table),
                    "2026-04-01",
                    "2026-04-01",
                )
            )
        self.env.invalidate_all()

    def assertExplained(self, *documents, **figures):
        """The month is as it was signed; its corrections are these, by these."""
        with freeze_time("2026-04-09"):
            self.month.with_user(self.finance).action_compare()
        month = self.month.sudo()
        self.assertEqual(self._line_of(month).read(), self.before)
        rows = month.correction_ids.filtered(lambda x: x.contract_id == self.contract)
        self.assertEqual(
            {row.column: (row.signed, row.now, row.difference) for row in rows}, figures
        )
        for row in rows:
            for document in documents:
                self.assertIn(document, row.cause, row.column)

    def test_nothing_happened(self):
        self.assertExplained()
        self.assertFalse(self.month.sudo().correction_ids)

    def test_a_payment_booked_into_the_month_later(self):
        payment = self._pay(self.invoice, 50.0, date="2026-03-31")
        self.assertExplained(
            payment.move_id.name,
            collected=(250.0, 300.0, 50.0),
            receivable=(350.0, 300.0, -50.0),
        )

    def test_a_payment_of_the_next_month_is_no_correction(self):
        self._pay(self.invoice, 50.0, date="2026-04-01")
        self.assertExplained()

    def test_a_credit_note_of_the_month_booked_later(self):
        # 600 − 120
        note = self._credit(self.invoice, [(self.part, 120.0)], date="2026-03-30")
        self.assertExplained(
            note.name,
            invoiced=(600.0, 480.0, -120.0),
            credited=(0.0, 120.0, 120.0),
            receivable=(350.0, 230.0, -120.0),
        )

    def test_a_payment_that_bounced_later(self):
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )
        payment.action_reject()
        self.assertExplained(
            payment.move_id.name,
            collected=(250.0, 0.0, -250.0),
            receivable=(350.0, 600.0, 250.0),
        )

    def test_a_matching_that_was_undone(self):
        self._partials(self.invoice).unlink()
        self.assertExplained(
            self.invoice.name,
            collected=(250.0, 0.0, -250.0),
            receivable=(350.0, 600.0, 250.0),
        )

    def test_an_invoice_set_back_to_draft(self):
        # its money settles nothing any more
        self.invoice.button_draft()
        self.assertExplained(
            self.invoice.name,
            invoiced=(600.0, 0.0, -600.0),
            collected=(250.0, 0.0, -250.0),
            receivable=(350.0, 0.0, -350.0),
        )

    def test_the_money_of_a_draft_is_named_where_it_lies_now(self):
        # 250 settle nothing now: they lie in the line without contract
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )
        self.invoice.button_draft()
        self.month.with_user(self.finance).action_compare()
        rows = self.month.sudo().correction_ids.filtered(lambda x: not x.contract_id)
        row = rows.filtered(lambda x: x.column == "unmatched")
        self.assertEqual(row.difference, -250.0)
        self.assertIn(payment.move_id.name, row.cause)

    def test_documents_of_the_next_month_are_no_cause(self):
        order = self.contract.order_ids
        self._deliver(order, 1)
        later = self._invoice(order, date="2026-04-02")
        paid = self._pay(later, 100.0, date="2026-04-02")
        note = self._credit(self.invoice, [(self.part, 120.0)], date="2026-03-30")
        self.month.with_user(self.finance).action_compare()
        rows = self.month.sudo().correction_ids
        rows = rows.filtered(lambda x: x.contract_id == self.contract)
        self.assertTrue(rows)
        for row in rows:
            self.assertIn(note.name, row.cause)
            self.assertNotIn(later.name, row.cause)
            self.assertNotIn(paid.move_id.name, row.cause)

    def test_a_delivery_of_the_month_entered_later(self):
        # 1 of the 4 that waited, dated the 20th of March
        order = self.contract.order_ids
        picking = self._deliver(order, 1)
        picking.move_ids.date = "2026-03-20 10:00:00"
        self.assertExplained(order.name, delivered=(600.0, 700.0, 100.0))

    def test_an_order_that_was_changed_later(self):
        order = self.contract.order_ids
        order.order_line.product_uom_qty = 12
        self.assertExplained(order.name, ordered=(1000.0, 1200.0, 200.0))

    def test_a_contract_found_later(self):
        # an invoice of 90 without contract is given its contract in April
        stray = self._new_invoice([(self.brake, 90.0)], date="2026-03-22")
        self._sign_again()
        stray.parts_contract_id = self.contract
        self.assertExplained(
            stray.name,
            invoiced=(600.0, 690.0, 90.0),
            receivable=(350.0, 440.0, 90.0),
        )
        rows = self.month.sudo().correction_ids.filtered(lambda x: not x.contract_id)
        self.assertIn(("invoiced", -90.0), [(x.column, x.difference) for x in rows])

    def _sign_again(self):
        """Sign the month with what was booked into it meanwhile."""
        self.month.sudo().write({"state": "open"})
        self.month.with_user(self.finance).action_prepare()
        for line in self.month.line_ids:
            line.with_user(self.finance).action_confirm_finance()
            line.with_user(self.director).action_confirm_sales()
        self.month.with_user(self.director).action_sign_sales()
        self.month.with_user(self.finance).action_sign_finance()
        self.before = self._line_of(self.month).read()
        self._age()

    def test_an_invoice_over_several_contracts(self):
        # 100 of its 300 are this contract's, the rest is another one's
        other = self._new_contract(1000.0)
        orders = self.env["sale.order"]
        for contract, quantity in ((self.contract, 1), (other, 2)):
            with freeze_time("2026-03-11"):
                order = self._new_order(contract, quantity)
                self._deliver(order, quantity)
            orders |= order
        invoice = self._invoice(orders)
        self.assertEqual(invoice.parts_contract_id, other)
        self._sign_again()
        invoice.button_draft()
        self.assertExplained(
            invoice.name,
            invoiced=(700.0, 600.0, -100.0),
            receivable=(450.0, 350.0, -100.0),
        )

    def test_compared_again_it_says_the_same_once(self):
        self._pay(self.invoice, 50.0, date="2026-03-31")
        for _time in range(2):
            self.month.with_user(self.finance).action_compare()
        rows = self.month.sudo().correction_ids
        self.assertEqual(
            len(rows.filtered(lambda x: x.contract_id == self.contract)), 2
        )
