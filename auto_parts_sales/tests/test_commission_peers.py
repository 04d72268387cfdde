from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .test_commission_collected import CollectedCommon

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionPeers(CollectedCommon):
    """What other commission programs are known to get wrong, each by its name.

    Li earns 10 % on everything.
    """

    def test_part_payment_earns_its_part(self):
        """Others: nothing before the whole invoice is paid."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 250.0)
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual(self._earned(invoice), 25.0)

    def test_paid_is_not_yet_on_the_bank(self):
        """Others: "in payment" counts. By policy it waits for the bank."""
        self.plan.collected_policy = "cleared"
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 1000.0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._earned(invoice), 0.0)
        self._see_in_bank(payment, "2026-03-20")
        self.assertEqual(self._earned(invoice), 100.0)

    def test_dated_by_the_payment_not_by_the_invoice(self):
        """Others: settled in the month of the invoice."""
        invoice = self._new_invoice([1000.0], date="2026-01-31")
        self._pay(invoice, 1000.0, date="2026-04-02")
        self.assertEqual(str(self._entries(invoice).date), "2026-04-02")

    def test_each_line_and_each_person_gets_his_own(self):
        """Others: the whole commission on one line, the next lines nothing."""
        self.plan.split_ids = [
            Command.create({"role": "developer", "user_id": self.wang.id, "share": 40})
        ]
        invoice = self._new_invoice([600.0, (self.filter, 300.0), 100.0])
        self._pay(invoice, 500.0)
        booked = [
            (entry.user_id, entry.product_id, entry.amount)
            for entry in self._entries(invoice)
        ]
        self.assertCountEqual(
            booked,
            [
                (self.li, self.brake, 18.0),
                (self.li, self.filter, 9.0),
                (self.li, self.brake, 3.0),
                (self.wang, self.brake, 12.0),
                (self.wang, self.filter, 6.0),
                (self.wang, self.brake, 2.0),
            ],
        )

    def test_cancelled_and_deleted_payments_take_back(self):
        """Others: never settled again."""
        for undo in ("cancel", "delete"):
            with self.subTest(undo=undo):
                invoice = self._new_invoice([1000.0])
                payment = self._pay(invoice, 400.0)
                if undo == "cancel":
                    payment.action_cancel()
                else:
                    payment.action_draft()
                    payment.unlink()
                self.assertEqual(self._earned(invoice), 0.0)

    def test_bounced_payment_takes_back(self):
        """The community addon keeps the commission when the payment bounces."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0).action_reject()
        self.assertEqual(invoice.payment_state, "paid", "as Odoo shows it")
        self.assertEqual(self._earned(invoice), 0.0)

    def test_amount_in_company_currency_over_total_in_foreign(self):
        """Others divide the one by the other. 1 USD = 2 EUR: 500 of 1,000 EUR are
        half, 25 USD."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        invoice = self._new_invoice([1000.0], currency_id=euro.id)
        self._pay(invoice, 500.0, currency_id=euro.id)
        self.assertEqual(self._earned(invoice), 25.0)
        self.assertEqual(sum(self._entries(invoice).mapped("amount_currency")), 50.0)

    def test_exchange_difference_is_no_money(self):
        """Others count every partial, the exchange difference's too."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-03-10", 4.0)]
        )
        invoice = self._new_invoice([1000.0], currency_id=euro.id)
        self._pay(invoice, 1000.0, currency_id=euro.id)
        self.assertGreater(len(self._partials(invoice)), 1, "with the difference's")
        self.assertEqual(self._earned(invoice), 25.0, "100 EUR at the day's rate")

    def test_bad_debt_earns_nothing(self):
        """The community addon pays it in full."""
        invoice = self._new_invoice([1000.0])
        self._pay(
            invoice,
            0.01,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._earned(invoice), 0.0)

    def test_deleted_by_the_database_is_found_at_night(self):
        """Others: a cascade drops the row behind Python's back, nothing is taken
        back."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        entry = self._entries(invoice)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM account_partial_reconcile WHERE id IN %s",
                tuple(self._partials(invoice).ids),
            )
        )
        self.env.invalidate_all()
        self.assertEqual(entry.amount, 40.0, "the entry stays")
        self.assertFalse(entry.partial_id)
        with mute_logger("odoo.addons.auto_parts_sales.models.parts_commission_issue"):
            self.env["parts.commission.issue"].sudo()._check_moves(invoice)
        self.assertEqual(self._earned(invoice), 0.0)
        listed = self.env["parts.commission.issue"].sudo().search([])
        self.assertEqual(listed.mapped("kind"), ["difference"])

    def test_credit_note_lowers(self):
        """Others: credit notes raised the commission, or had no sign."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0)
        note = self._credit(invoice, [(self.brake, 300.0)])
        self._pay(note, 300.0, date="2026-03-20")
        self.assertEqual(self._earned(note), -30.0)
        self.assertEqual(self._earned(invoice | note), 70.0)

    def test_note_of_an_unpaid_invoice_takes_nothing(self):
        """Others: the invoice earns nothing, the agent gets the note's negative."""
        invoice = self._new_invoice([1000.0])
        note = self._credit(invoice)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self._ledger(invoice | note), [])

    def test_tiers_look_at_the_months_total(self):
        """Others choose the bracket for each line, and gaps earn nothing: three
        payments of 400 reach 1,000."""
        self.plan.tier_ids = [
            Command.create({"amount_from": 0.0, "rate": 0.0}),
            Command.create({"amount_from": 1000.0, "rate": 5.0}),
        ]
        for day in (5, 6, 7):
            invoice = self._new_invoice([400.0], date="2026-03-02")
            self._pay(invoice, 400.0, date=f"2026-03-0{day}")
        statement = self._draw("2026-03-01")
        tier = statement.entry_ids.filtered(lambda x: x.kind == "tier")
        self.assertEqual(tier.amount, 10.0, "5 % of the 200 above 1,000")

    def _draw(self, day):
        model = self.env["parts.commission.statement"].sudo()
        return model._draw_up(self.company, model._fields["date_from"].to_date(day))

    def test_later_cost_changes_nothing(self):
        """Others read the product's cost again, until it is settled."""
        self.plan.rule_ids.write({"measure": "margin", "rate": 20.0})
        self.brake.standard_price = 60.0
        invoice = self._new_invoice([100.0])
        self._pay(invoice, 50.0)
        self.brake.standard_price = 10.0
        self._pay(invoice, 50.0)
        self.assertEqual(self._earned(invoice), 8.0, "20 % of 40")

    def test_changed_rate_touches_no_old_invoice(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 100.0)
        self.plan.rule_ids.rate = 50.0
        self._pay(invoice, 900.0)
        self.assertEqual(self._earned(invoice), 100.0)

    def test_this_months_money_is_in_this_months_statement(self):
        """Others: "no settlement" until the next period has begun."""
        with freeze_time("2026-03-10"):
            invoice = self._new_invoice([1000.0])
            self._pay(invoice, 400.0)
            self.assertEqual(self._draw("2026-03-01").amount_total, 40.0)

    def test_earlier_periods_late_entries_are_not_lost(self):
        invoice = self._new_invoice([1000.0], date="2026-01-05")
        self._pay(invoice, 400.0, date="2026-01-10")
        self._draw("2026-01-01")
        self._pay(invoice, 100.0, date="2026-01-20")  # registered afterwards
        self._pay(invoice, 500.0, date="2026-02-10")
        statement = self._draw("2026-02-01")
        total = self.env["parts.commission.statement"].sudo().search([])
        self.assertIn(statement, total)
        self.assertEqual(sum(total.mapped("amount_total")), 100.0)

    def test_paid_out_once(self):
        """Others forget what was paid out, and pay it again."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        statement = self._draw("2026-03-01")
        statement.write({"state": "approved"})
        self.assertEqual(statement._pay("payroll", "2026-04-10"), statement)
        self.assertFalse(statement._pay("payroll", "2026-04-10"))
        self.assertFalse(self._draw("2026-03-01"))

    def test_nobody_types_an_amount(self):
        """The community addon lets a billing user type it."""
        clerk = self._new_user("com_typist", "account.group_account_invoice")
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        for record in (self._entries(invoice), self.Basis.search([], limit=1)):
            with self.assertRaises(UserError):
                record.with_user(clerk).sudo(False).write({"amount": 9_999.0})

    def test_companies_are_told_apart(self):
        """Others: "make it multi-company aware" is on their list."""
        other = self.setup_other_company()
        company = other["company"]
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2026-03-01",
                    "invoice_user_id": self.li.id,
                    "invoice_line_ids": [
                        Command.create({"product_id": self.brake.id, "price_unit": 10})
                    ],
                }
            )
        )
        invoice.action_post()
        self.assertFalse(self.Basis.search([("move_id", "=", invoice.id)]))


@tagged("post_install", "-at_install")
class TestCommissionMorePaths(CollectedCommon):
    """The rows of table C that are not in TestCommissionPaths."""

    def test_outstanding_credit_assigned_and_removed(self):
        """`js_assign_outstanding_line`, `js_remove_outstanding_partial`."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(self._new_invoice([400.0], date="2026-02-01"), 400.0)
        items = payment.move_id.line_ids
        (items.matched_debit_ids | items.matched_credit_ids).unlink()
        credit = items.filtered(lambda x: x.account_type == "asset_receivable")
        invoice.js_assign_outstanding_line(credit.id)
        first = ("collection", "collected", "2026-03-10", 40.0)
        self.assertLedger(invoice, [first])
        invoice.js_remove_outstanding_partial(self._partials(invoice).id)
        self.assertLedger(
            invoice, [first, ("correction", "undone", "2026-03-10", -40.0)]
        )

    def test_unreconciled_in_the_journal_items(self):
        """`reconcile` and `action_unreconcile_match_entries` on journal items."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(self._new_invoice([400.0], date="2026-02-01"), 400.0)
        credit = payment.move_id.line_ids.filtered(
            lambda x: x.account_type == "asset_receivable"
        )
        credit.remove_move_reconcile()
        (self._term(invoice) | credit).reconcile()
        self.assertEqual(self._earned(invoice), 40.0)
        items = self.env["account.move.line"].with_context(
            active_ids=self._term(invoice).ids
        )
        items.action_unreconcile_match_entries()
        self.assertEqual(self._earned(invoice), 0.0)
        self.assertIdle(invoice)

    def test_account_of_a_matched_item_written(self):
        """Odoo unmatches; all is taken back."""
        other = self.company_data["default_account_receivable"].copy({"code": "OTH1"})
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        payment.action_draft()
        item = payment.move_id.line_ids.filtered(
            lambda x: x.account_type == "asset_receivable"
        )
        item.account_id = other
        self.assertFalse(self._partials(invoice))
        payment.move_id.action_post()
        self.assertEqual(self._earned(invoice), 0.0)
        self.assertIdle(invoice)

    def test_taxes_due_on_payment(self):
        """A cash-basis entry reconciles taxes; it is no money."""
        company = self.company
        company.tax_exigibility = True
        transition = self.company_data["default_account_tax_sale"].copy(
            {"code": "CABA1", "reconcile": True}
        )
        tax = self.tax_sale_a.copy(
            {
                "name": "15 % on payment",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        company.tax_cash_basis_journal_id = self.company_data["default_journal_misc"]
        invoice = self._new_invoice([1000.0], taxes=tax)
        self._pay(invoice, 575.0)
        self.assertEqual(self._earned(invoice), 50.0)
        self._pay(invoice, 575.0)
        self.assertEqual(self._earned(invoice), 100.0)
        self.assertIdle(invoice)

    def test_payment_of_a_transaction_matched_at_posting(self):
        """Paid online before the invoice: Odoo matches when it is posted."""
        invoice = self._new_invoice([1000.0], post=False)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "journal_id": self.bank.id,
                "amount": 400.0,
                "date": "2026-02-20",
            }
        )
        payment.action_post()
        invoice.action_post()
        items = (invoice | payment.move_id).line_ids
        items.filtered(lambda x: x.account_type == "asset_receivable").reconcile()
        # the later of the two: nothing is earned before there is an invoice
        self.assertLedger(invoice, [("collection", "collected", "2026-03-01", 40.0)])

    def test_two_write_offs_for_three_invoices_of_one_payment(self):
        """1,000 + 500 + 500 settled, 1,800 come in: 90 % of each."""
        invoices = [self._new_invoice([x]) for x in (1000.0, 500.0, 500.0)]
        self._pay(
            self.env["account.move"].union(*invoices),
            1800.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        earned = [self._earned(invoice) for invoice in invoices]
        self.assertEqual(earned, [90.0, 45.0, 45.0])

    def test_period_moved_keeps_the_claim(self):
        """The revenue moves to another period, the claim stays: it earns as before."""
        invoice = self._new_invoice([1000.0])
        revenue = invoice.invoice_line_ids
        wizard = (
            self.env["account.automatic.entry.wizard"]
            .with_context(active_model="account.move.line", active_ids=revenue.ids)
            .create(
                {
                    "action": "change_period",
                    "date": "2026-04-30",
                    "percentage": 100.0,
                    "journal_id": self.company_data["default_journal_misc"].id,
                    "expense_accrual_account": self.company_data[
                        "default_account_assets"
                    ].id,
                    "revenue_accrual_account": self.company_data[
                        "default_account_assets"
                    ].id,
                }
            )
        )
        wizard.do_action()
        self._pay(invoice, 400.0)
        self.assertEqual(self._earned(invoice), 40.0)
        self.assertIdle(invoice)

    def test_wizard_of_an_accountant(self):
        """As he does it: the form, not a call."""
        invoice = self._new_invoice([1000.0], taxes=self.tax_sale_a)
        action = invoice.action_register_payment()
        context = {
            **action["context"],
            "active_model": "account.move.line",
        }
        wizard = self.env["account.payment.register"].with_context(**context)
        with Form(wizard) as form:
            form.amount = 575.0
            form.payment_date = "2026-03-12"
        form.record.action_create_payments()
        self.assertLedger(invoice, [("collection", "collected", "2026-03-12", 50.0)])
