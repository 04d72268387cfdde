from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .test_commission_collected import CollectedCommon
from .test_commission_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestCommissionFurtherPaths(CollectedCommon):
    """paths.md C: further ways by which a receivable is settled. 10 % on everything."""

    def _credit_of(self, payment):
        return self._receivable(payment.move_id)

    def _receivable(self, move):
        return move.line_ids.filtered(lambda x: x.account_type == "asset_receivable")

    def test_advance_used_for_an_earlier_and_a_later_invoice(self):
        """The date is the later of payment and invoice, not that of the matching."""
        earlier = self._new_invoice([300.0], date="2026-02-01")
        later = self._new_invoice([600.0], date="2026-04-05")
        payment = self._pay(self._new_invoice([100.0]), 1000.0, date="2026-03-10")
        for invoice in (earlier, later):
            invoice.js_assign_outstanding_line(self._credit_of(payment).id)
        self.assertLedger(earlier, [("collection", "collected", "2026-03-10", 30.0)])
        self.assertLedger(later, [("collection", "collected", "2026-04-05", 60.0)])

    def test_payment_of_a_transaction_is_matched_at_posting(self):
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        method = self.env["payment.method"].sudo().search([], limit=1)
        invoice = self._new_invoice([500.0], post=False)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": 200.0,
                "date": "2026-03-01",
            }
        )
        payment.action_post()
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "commission",
                "amount": 200.0,
                "currency_id": self.currency.id,
                "partner_id": self.partner_a.id,
                "payment_id": payment.id,
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        invoice.action_post()
        self.assertTrue(self._partials(invoice), "Odoo matched it while posting")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-01", 20.0)])

    def test_tax_due_on_payment_books_once(self):
        """Cash-basis entries are made with the reconciliation, and are no money."""
        self.company.tax_exigibility = True
        tax = self.tax_sale_a.copy(
            {
                "name": "15 % on payment",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.company_data[
                    "default_account_assets"
                ].id,
            }
        )
        invoice = self._new_invoice([1000.0], taxes=tax)
        self._pay(invoice, 575.0)
        self.assertTrue(
            self.env["account.move"].search(
                [("tax_cash_basis_origin_move_id", "=", invoice.id)]
            )
        )
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 50.0)])
        self._partials(invoice).unlink()
        self.assertEqual(self._earned(invoice), 0.0)
        self.assertIdle(invoice)

    def test_date_of_a_posted_payment_written(self):
        """Re-dated: taken back on the old day, earned on the new one."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        payment.action_draft()
        payment.date = "2026-04-02"
        payment.action_post()
        days = {}
        for entry in self._entries(invoice):
            days[str(entry.date)] = days.get(str(entry.date), 0.0) + entry.amount
        self.assertEqual(days, {"2026-03-10": 0.0, "2026-04-02": 40.0})


@tagged("post_install", "-at_install")
class TestCommissionContract(CollectedCommon):
    """COM-4: no effective contract, no commission; the contract room's door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.since = {}
        cls.plan.requires_contract = True

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["account.move"]),
            "_parts_commission_contract_date",
            lambda move: self.since.get(move.id, False),
        )

    def _becomes_effective(self, invoice, day):
        self.since[invoice.id] = day and date.fromisoformat(day)
        invoice.with_user(self.wang)._parts_commission_follow_contract()

    def test_collected_before_is_booked_at_the_contracts_date(self):
        invoice, other = self._new_invoice([1000.0]), self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._pay(other, 400.0, date="2026-03-10")
        self.assertLedger(invoice, [])
        self._becomes_effective(invoice, "2026-05-02")
        first = ("collection", "collected", "2026-05-02", 40.0)
        self.assertLedger(invoice, [first])
        self._becomes_effective(invoice, "2026-05-02")
        self.assertLedger(invoice, [first])
        self._pay(invoice, 600.0, date="2026-06-01")
        last = ("collection", "collected", "2026-06-01", 60.0)
        self.assertLedger(invoice, [first, last])
        self.assertLedger(other, [])

    def test_effective_before_the_money(self):
        invoice = self._new_invoice([1000.0])
        self._becomes_effective(invoice, "2026-02-01")
        self._pay(invoice, 400.0, date="2026-03-10")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 40.0)])

    def test_no_longer_effective(self):
        invoice = self._new_invoice([1000.0])
        self._becomes_effective(invoice, "2026-02-01")
        self._pay(invoice, 400.0, date="2026-03-10")
        self._becomes_effective(invoice, False)
        self.assertEqual(
            self._ledger(invoice)[1:],
            [("correction", "contract", "2026-03-10", -40.0)],
        )
        self.assertEqual(self._earned(invoice), 0.0)

    def test_money_in_time_is_not_late_for_the_contract(self):
        """Due on the 1st, paid on the 10th: 9 days, whatever the contract's date."""
        self.plan.factor_ids = [Command.create({"days_from": 30, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._becomes_effective(invoice, "2026-05-02")
        self.assertEqual(self._earned(invoice), 40.0)
        self._pay(invoice, 600.0, date="2026-06-01")
        self.assertEqual(self._earned(invoice), 40.0 + 30.0)

    def test_without_the_switch(self):
        self.plan.requires_contract = False
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self.assertEqual(self._earned(invoice), 40.0)


@tagged("post_install", "-at_install")
class TestCommissionHoldFurther(SettlementCommon):
    """COM-8: what is held follows the debt, not what Odoo calls paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"hold_days": 60, "hold_share": 10.0})
        cls.debt = cls._new_invoice([200.0], date="2026-01-01")

    def _holds(self, statement):
        holds = statement.entry_ids.filtered(lambda x: x.kind == "hold")
        return [(x.cause, x.amount) for x in holds.sorted("id")]

    def test_a_bounced_payment_settles_nothing(self):
        payment = self._pay(self.debt, 200.0, date="2026-02-01")
        payment.action_reject()
        self.assertEqual(self.debt.payment_state, "paid", "as Odoo has it")
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -20.0)])

    def test_paid_in_part(self):
        """Half is collected: half of what is held is released."""
        self._draw()
        self._pay(self.debt, 100.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 10.0)])
        self.assertEqual(april.amount_total, 10.0 + 10.0)

    def test_half_collected_half_written_off(self):
        """20 were held: 20 are released, 10 for the 100 that were lost are charged."""
        self._draw()
        self._pay(
            self.debt,
            100.0,
            date="2026-04-10",
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 20.0), ("charged", -10.0)])

    def test_only_the_instalment_that_is_due(self):
        """Of 1,000 in two halves the first is overdue: 10 % of 500."""
        self.debt.button_cancel()
        term = self.env["account.payment.term"].create(
            {
                "name": "halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": n}
                    )
                    for n in (0, 60)
                ],
            }
        )
        self._new_invoice([300.0], date="2026-01-01", invoice_payment_term_id=term.id)
        self.assertEqual(self._holds(self._draw()), [("held", -15.0)])

    def test_handed_over_it_holds_the_new_person(self):
        self.plan.user_ids |= self.wang
        transfer = self.env["parts.commission.transfer"].sudo()
        transfer.create(
            {
                "company_id": self.company.id,
                "user_from_id": self.li.id,
                "user_to_id": self.wang.id,
                "date": "2099-01-01",
                "reason": "leaves",
                "move_ids": [Command.set(self.debt.ids)],
            }
        )
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -20.0)], "not handed over yet")
        self._as(march, "sales_office").unlink()
        self.env.cr.execute(
            "UPDATE parts_commission_basis SET date_from = '2026-03-01'"
            " WHERE source_id IS NOT NULL"
        )
        self.env.invalidate_all()
        self._pay(self._new_invoice([1000.0], user=self.wang), 500.0, date="2026-03-11")
        statements = self._draw()
        held = {x.user_id: self._holds(x) for x in statements}
        self.assertEqual(held, {self.li: [], self.wang: [("held", -20.0)]})

    def test_without_a_plan_what_is_held_waits_for_its_money(self):
        self._draw()
        self.plan.date_to = "2026-03-31"
        self._pay(self.invoice, 100.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [])
        self._pay(self.debt, 200.0, date="2026-05-10")
        may = self._draw("2026-05-01")
        self.assertEqual(self._holds(may), [("released", 20.0)])
