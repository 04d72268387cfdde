from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import P
from .test_commission_acceptance_statement import StatementAcceptance


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceMore(StatementAcceptance):
    """Less common ways of money, people who leave, and what reports are made of."""

    def test_an_invoice_of_nothing(self):
        """100 at 10 % and −100 at 5 %: no money to wait for, 5.00 at once."""
        self._rules((self.filter, 5.0), (None, 10.0))
        invoice = self._new_invoice([(self.brake, 100.0), (self.filter, -100.0)])
        self.assertEqual(invoice.amount_total, 0.0)
        self.assertEqual(self._earned(invoice), 5.0)
        invoice.button_draft()
        self.assertEqual(self._earned(invoice), 0.0)

    def test_credited_in_full_after_a_part_was_paid(self):
        """600 of 1,000 paid, all of it credited: 100 − 40; then 600 are sent back."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 600.0)
        note = self._credit(invoice)
        self.assertEarned([100.0, -40.0], invoice, note)
        self._pay(note, 600.0, date="2026-04-02")
        self.assertEarned([100.0, -100.0], invoice, note)

    def test_bank_transaction_deleted(self):
        invoice = self._new_invoice([500.0])
        line = self._bank_line(500.0, "2026-03-19", self._terms(invoice))
        self.assertEqual(self._earned(invoice), 50.0)
        line.unlink()
        self.assertEqual(self._earned(invoice), 0.0)
        self.assertEqual(invoice.amount_residual, 500.0)

    def test_bank_transaction_redated(self):
        invoice = self._new_invoice([500.0])
        line = self._bank_line(500.0, "2026-03-19", self._terms(invoice))
        line.date = "2026-04-02"
        matched = bool(self._partials(invoice))
        expected = {"2026-04": 50.0} if matched else {}
        self.assertEqual(self._by_month(invoice), expected)

    def test_outstanding_settled_by_hand(self):
        """Cleared: an entry brings 250 to the bank; 150 that never came are lost."""
        self.company.parts_collected_policy = "cleared"
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        outstanding = payment._seek_for_lines()[0]
        entry = self._new_entry(
            [
                (self.bank.default_account_id, 250.0),
                (outstanding.account_id, -250.0),
            ],
            day="2026-03-22",
        )
        self._match(
            outstanding,
            entry.line_ids.filtered(lambda x: x.account_id == outstanding.account_id),
        )
        self.assertEqual(self._earned(invoice), 25.0)
        lost = self._new_entry(
            [(self.expense, 150.0), (outstanding.account_id, -150.0)], day="2026-04-22"
        )
        self._match(
            outstanding,
            lost.line_ids.filtered(lambda x: x.account_id == outstanding.account_id),
        )
        self.assertEqual(self._by_month(invoice), {"2026-03": 25.0})

    def test_payment_straight_on_the_bank_account(self):
        """Cleared at once where the method books on the bank's own account."""
        self.company.parts_collected_policy = "cleared"
        method = self.bank.inbound_payment_method_line_ids[0]
        method.payment_account_id = self.bank.default_account_id
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        self.assertEqual(self._by_month(invoice), {"2026-03": 40.0})

    def test_maturity_before_the_payment_was_registered(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-04-10", parts_maturity_date="2026-03-30")
        self.assertEqual(self._by_month(invoice), {"2026-04": 40.0})

    def test_acceptance_draft_is_late_by_its_maturity(self):
        """Taken in time, it is money 101 days after it was due: ×0.5 from 60 on."""
        self.plan.factor_ids = [Command.create({"days_from": 60, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0, date="2026-03-05", parts_maturity_date="2026-06-10")
        self.assertEqual(self._by_month(invoice), {"2026-06": 50.0})

    def test_payment_by_hand_in_two_entries_of_one_claim(self):
        """The claim is moved to bills receivable (应收票据), and the bill is paid."""
        bills = self.receivable.copy({"code": "BILL8", "name": "Bills receivable"})
        invoice = self._new_invoice([800.0])
        moved = self._new_entry(
            [(bills, 800.0), (self.receivable, -800.0)], day="2026-03-10"
        )
        self._match(self._terms(invoice), self._claim(moved))
        self.assertEqual(invoice.payment_state, "paid", "for Odoo")
        self.assertEqual(self._earned(invoice), 0.0)
        item = moved.line_ids.filtered(lambda x: x.account_id == bills)
        line = self._bank_line(800.0, "2026-06-12", item)
        self.assertEqual(self._by_month(invoice), {"2026-06": 80.0})
        line.action_undo_reconciliation()
        self.assertEqual(self._earned(invoice), 0.0)

    def test_customers_are_merged(self):
        """What was booked stays, what comes later comes under the one that is left."""
        twin = self.env["res.partner"].sudo().create({"name": "Twin of partner_a"})
        invoice = self._new_invoice([1000.0], partner_id=twin.id)
        self._pay(invoice, 400.0)
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((twin | self.partner_a).ids, self.partner_a.sudo())
        self.assertFalse(twin.exists())
        entry = self._entries(invoice)
        self.assertEqual((entry.amount, entry.partner_id), (40.0, self.partner_a))
        self._pay(invoice, 600.0, date="2026-04-01")
        self.assertEqual(self._earned(invoice), 100.0)

    def test_a_product_that_changes_or_goes(self):
        """Another brand, category, price or none: what was promised stays."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        brand = self.env["parts.catalog.brand"].sudo().create({"name": "Other 8"})
        self.brake.sudo().write({"parts_brand_id": brand.id, "active": False})
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"part_brand_id": brand.id, "rate": 50.0}),
        ]
        self._pay(invoice, 600.0, date="2026-04-01")
        self.assertEqual(self._earned(invoice), 100.0)

    def test_who_has_left_is_paid_what_comes(self):
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        self.li.sudo().active = False
        self._pay(invoice, 600.0, date="2026-03-20")
        statement = self._draw("2026-03-01")
        self.assertEqual(statement.amount_total, 100.0)
        self._approve(statement)
        self._wizard(statement).action_pay()
        self.assertEqual(statement.payment_move_id.amount_total, 100.0)

    def test_every_grouping_of_the_reports(self):
        """Pivot and lists by person, month, brand, customer and what else there is."""
        brand = self.env["parts.catalog.brand"].sudo().create({"name": "Bosch 8"})
        self.filter.sudo().parts_brand_id = brand
        self.plan.user_ids |= self.wang
        mine = self._new_invoice([(self.brake, 600.0), (self.filter, 400.0)])
        other = self._new_invoice([(self.filter, 300.0)], user=self.wang)
        self._pay(mine, 500.0)
        self._pay(mine, 500.0, date="2026-04-02")
        self._pay(other, 300.0, date="2026-04-03")
        entry = self._as(self.Entry, "finance")

        def sums(*groupby):
            groups = entry.formatted_read_group(
                [("company_id", "=", self.company.id)],
                list(groupby),
                ["amount:sum", "collected:sum"],
            )
            return sorted((x["amount:sum"], x["collected:sum"]) for x in groups)

        self.assertEqual(sums(), [(130.0, 1300.0)])
        self.assertEqual(sums("user_id"), [(30.0, 300.0), (100.0, 1000.0)])
        self.assertEqual(sums("date:month"), [(50.0, 500.0), (80.0, 800.0)])
        self.assertEqual(sums("part_brand_id"), [(60.0, 600.0), (70.0, 700.0)])
        self.assertEqual(
            sums("user_id", "date:month", "part_brand_id"),
            [
                (20.0, 200.0),
                (20.0, 200.0),
                (30.0, 300.0),
                (30.0, 300.0),
                (30.0, 300.0),
            ],
        )
        for name in ("partner_id", "product_id", "move_id", "payment_id", "kind"):
            self.assertEqual(sum(x for x, _y in sums(name)), 130.0, name)
        views = entry.get_views([(False, x) for x in ("pivot", "graph", "search")])
        self.assertEqual(set(views["views"]), {"pivot", "graph", "search"})

    def test_printed_statement_has_every_sentence(self):
        self.plan.factor_ids = [Command.create({"days_from": 5, "factor": 0.9})]
        invoice = self._new_invoice([1000.0, 33.33])
        self._pay(invoice, 500.0)
        self._pay(invoice, 100.0, date="2026-03-12").action_reject()
        statement = self._draw("2026-03-01")
        html, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html(
                "auto_parts_sales.report_parts_commission_statement", statement.ids
            )
        )
        text = html.decode()
        self.assertIn("Taken back because the payment was rejected", text)
        self.assertIn("×0.9 for 9 days late", text)
        self.assertIn(invoice.name, text)

    def test_buttons_of_invoice_and_payment_lead_to_the_same(self):
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        reader = self._new_user(
            "acc_reader", f"{P}finance,account.group_account_invoice"
        )
        for record in (invoice, payment):
            record = record.with_user(reader).sudo(False)
            self.assertEqual(record.parts_commission_count, 1)
            action = record.action_parts_open_commission()
            found = self.env[action["res_model"]].with_user(reader).sudo(False)
            self.assertEqual(
                found.search(action["domain"]).ids, self._entries(invoice).ids
            )
