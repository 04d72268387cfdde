import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .acceptance_common import AcceptanceCommon, P

ROLES = ("sales_office", "finance", "finance_deputy", "general_manager")


class StatementAcceptance(AcceptanceCommon):
    """A sales office that draws up, three who decide, two who are paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {role: cls._new_user(f"acc_{role}", f"{P}{role}") for role in ROLES}
        cls.Statement = cls.env["parts.commission.statement"].sudo()

    def _draw(self, month, user=None):
        """Draw up; return Li's statement of the month."""
        wizard = self.env["parts.commission.draw"]
        wizard.with_user(self.roles["sales_office"]).create(
            {"month": month, "company_id": self.company.id}
        ).action_draw_up()
        return self.Statement.search(
            [("date_from", "=", month), ("user_id", "=", (user or self.li).id)]
        )

    def _as(self, record, role):
        return record.with_user(self.roles[role]).sudo(False)

    def _hand_in(self, statement):
        self._as(statement, "sales_office").action_submit()

    def _decide(self, statement, role, refuse=None):
        approval = statement.parts_approval_ids.filtered(lambda x: x.state == "pending")
        request = self._as(approval, role)
        return request.action_refuse(refuse) if refuse else request.action_approve()

    def _approve(self, statement):
        self._hand_in(statement)
        for role in ROLES[1:]:
            self._decide(statement, role)
        self.assertEqual(statement.state, "approved")

    def _wizard(self, statements, method="bill", **vals):
        wizard = self.env["parts.commission.pay"].with_user(self.roles["finance"])
        return wizard.create(
            {
                "statement_ids": [Command.set(statements.ids)],
                "method": method,
                "date": "2026-07-05",
                "expense_account_id": self.expense.id,
                **vals,
            }
        )

    def _close(self, month):
        """Draw up, approve and pay a month; return what was paid out."""
        statement = self._draw(month)
        self._approve(statement)
        self._wizard(statement).action_pay()
        self.assertEqual(statement.state, "paid")
        return statement.payment_move_id.amount_total


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceStatement(StatementAcceptance, HttpCase):
    """COM-5: months are closed once, for good."""

    def test_negative_for_two_months(self):
        """March 50. April −50 + 10. May +15. June +60: 50, 0, 0, 35: together 85."""
        first, second = self._new_invoice([500.0]), self._new_invoice([2000.0])
        payment = self._pay(first, 500.0, date="2026-03-10")
        self.assertEqual(self._close("2026-03-01"), 50.0)
        payment.action_reject()
        self._pay(second, 100.0, date="2026-04-10")
        self.assertEqual(self._draw("2026-04-01").amount_total, -40.0)
        self.assertEqual(self._close("2026-04-01"), 0.0)
        self._pay(second, 150.0, date="2026-05-10")
        self.assertEqual(self._draw("2026-05-01").amount_total, -25.0)
        self.assertEqual(self._close("2026-05-01"), 0.0)
        self._pay(second, 600.0, date="2026-06-10")
        self.assertEqual(self._close("2026-06-01"), 35.0)
        self.assertEqual(self._earned(first | second), 85.0)

    def test_late_money_and_a_take_back_after_the_month_was_handed_in(self):
        """March 40 is handed in; then 20 more of March come, 40 go: April −20."""
        first, second = self._new_invoice([1000.0]), self._new_invoice([200.0])
        payment = self._pay(first, 400.0, date="2026-03-10")
        march = self._draw("2026-03-01")
        self._hand_in(march)
        self._pay(second, 200.0, date="2026-03-30")
        payment.action_reject()
        self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 40.0)
        for role in ROLES[1:]:
            self._decide(march, role)
        april = self._draw("2026-04-01")
        self.assertEqual(april.amount_total, -20.0)
        self.assertEqual(march.amount_total, 40.0)

    def test_refused_by_each_and_put_right(self):
        """Refused by finance, then by the deputy; the payment is put right; paid."""
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0)
        march = self._draw("2026-03-01")
        self._hand_in(march)
        self._decide(march, "finance", refuse="The transfer has bounced")
        self.assertEqual(march.progress, "draft")
        payment.action_reject()
        self._pay(invoice, 250.0, date="2026-03-28")
        self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 25.0)
        self._hand_in(march)
        self._decide(march, "finance")
        self.assertEqual(march.state, "checked")
        self._decide(march, "finance_deputy", refuse="One more is coming")
        self.assertEqual(march.progress, "draft")
        self._pay(invoice, 50.0, date="2026-03-29")
        self._draw("2026-03-01")
        self._approve(march)
        self.assertEqual(march.amount_total, 30.0)

    def test_paid_in_three_ways(self):
        """Li by bill, Wang by an entry, Zhao by the payroll file in Chinese."""
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        zhao = self._new_user("acc_zhao", "sales_team.group_sale_salesman")
        self.plan.user_ids |= self.wang | zhao
        for user, amount in ((self.li, 100.0), (self.wang, 220.0), (zhao, 340.0)):
            self._pay(self._new_invoice([amount], user=user), amount)
        self._draw("2026-03-01")
        by_user = {
            user: self.Statement.search([("user_id", "=", user.id)])
            for user in (self.li, self.wang, zhao)
        }
        for statement in by_user.values():
            self._approve(statement)
        mine, other, third = by_user.values()
        payable = self.company_data["default_account_payable"]
        self._wizard(mine).action_pay()
        self._wizard(other, "entry", liability_account_id=payable.id).action_pay()
        self.roles["finance"].lang = "zh_CN"
        action = self._wizard(third, "payroll").action_pay()
        bill, entry = mine.payment_move_id, other.payment_move_id
        self.assertEqual(
            (bill.amount_total, bill.partner_id), (10.0, self.li.partner_id)
        )
        self.assertEqual(
            {x.account_id: x.balance for x in entry.line_ids},
            {self.expense: 22.0, payable: -22.0},
        )
        bill.invoice_date = "2026-04-10"
        (bill | entry).action_post()
        self.authenticate("acc_finance", "acc_finance")
        response = self.url_open(action["url"])
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        values = [cell.value for row in sheet.rows for cell in row]
        self.assertIn(34.0, values)
        self.assertIn("acc_zhao", values)
        for statement in by_user.values():
            with self.assertRaisesRegex(UserError, "only once"):
                self._wizard(statement).action_pay()

    def test_who_is_paid_has_no_hand_in_it(self):
        """The deputy earns, too: somebody else must sign for him, or nobody."""
        deputy = self.roles["finance_deputy"]
        self.plan.user_ids |= deputy
        self._pay(self._new_invoice([500.0], user=deputy), 500.0)
        statement = self._draw("2026-03-01", deputy)
        self._hand_in(statement)
        self._decide(statement, "finance")
        with self.assertRaises(UserError):
            self._decide(statement, "finance_deputy")
        self.assertEqual(statement.state, "checked")
        with self.assertRaises(AccessError):
            statement.with_user(deputy).sudo(False).write({"state": "approved"})

    def _tiers(self, method):
        self.plan.write(
            {
                "tier_method": method,
                "tier_ids": [
                    Command.create({"amount_from": 1000.0, "rate": 1.5}),
                    Command.create({"amount_from": 3000.0, "rate": 3.0}),
                ],
            }
        )

    def test_tiers_of_three_rates_slab(self):
        """1,000 are 0 %, the next 2,000 1.5 %, beyond 3 %: 30.00 + 45.00 on 4,500.

        April, 500 of it are taken back: nothing for less than nothing.
        """
        self._tiers("slab")
        invoice = self._new_invoice([2000.0, 2500.0])
        self._pay(invoice, 4000.0)
        last = self._pay(invoice, 500.0, date="2026-03-30")
        march = self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 450.0 + 75.0)
        self._approve(march)
        last.action_reject()
        self.assertEqual(self._draw("2026-04-01").amount_total, -50.0)

    def test_tiers_of_three_rates_whole(self):
        """3 % of 4,500; of 2,999.99 1.5 %: 45.00 (44.99985)."""
        self._tiers("whole")
        self._pay(self._new_invoice([4500.0]), 4500.0)
        self.assertEqual(self._draw("2026-03-01").amount_total, 450.0 + 135.0)
        self._pay(self._new_invoice([2999.99]), 2999.99, date="2026-04-02")
        self.assertEqual(self._draw("2026-04-01").amount_total, 300.0 + 45.0)

    def test_two_debts_hold_and_one_is_paid(self):
        """20 % after 30 days. 500 and 300 (+ 15 % tax) are overdue: 160 are to be held.

        March earned 100: all of it. April: 300 of another invoice, and the 500: 80
        earned; the 300 still hold 60: 40 are released.
        """
        self.plan.write({"hold_days": 30, "hold_share": 20.0})
        first = self._new_invoice([500.0], date="2026-01-01")
        self._new_invoice([300.0], date="2026-01-15", taxes=self.tax_sale_a)
        other = self._new_invoice([1300.0])
        self._pay(other, 1000.0)
        march = self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 0.0)
        self._approve(march)
        self._pay(other, 300.0, date="2026-04-05")
        self._pay(first, 500.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(april.amount_total, 80.0 + 40.0)
        for entry in april.entry_ids.filtered(lambda x: x.kind == "hold"):
            self.assertTrue(entry.reason)
            self.assertTrue(entry.move_name)

    def test_held_and_written_off(self):
        """400 overdue hold 40 of March's 90; written off in April: 40 are charged."""
        self.plan.write({"hold_days": 30, "hold_share": 10.0})
        debt = self._new_invoice([400.0], date="2026-01-01")
        other = self._new_invoice([1000.0])
        self._pay(other, 900.0)
        march = self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 50.0)
        self._approve(march)
        entry = self._new_entry(
            [(self.expense, 400.0), (self.receivable, -400.0)], day="2026-04-10"
        )
        self._match(self._terms(debt), self._claim(entry))
        self._pay(other, 100.0, date="2026-04-20")
        april = self._draw("2026-04-01")
        # released +40, charged −40, earned 10
        self.assertEqual(april.amount_total, 10.0)
        causes = april.entry_ids.filtered(lambda x: x.kind == "hold").mapped("cause")
        self.assertEqual(sorted(causes), ["charged", "released"])

    def _held_debt(self):
        """400 overdue hold 40 of March's 90, which is all paid."""
        self.plan.write({"hold_days": 30, "hold_share": 10.0})
        debt = self._new_invoice([400.0], date="2026-01-01")
        self._pay(self._new_invoice([900.0]), 900.0)
        march = self._draw("2026-03-01")
        self.assertEqual(march.amount_total, 50.0)
        self._approve(march)
        return debt

    def _holds_of(self, month):
        statement = self._draw(month)
        holds = statement.entry_ids.filtered(lambda x: x.kind == "hold")
        return [(x.cause, x.amount) for x in holds.sorted("id")]

    def test_held_and_the_goods_came_back(self):
        """A credit note is no write-off: all is released, nothing is charged."""
        debt = self._held_debt()
        self._credit(debt, date="2026-04-05")
        self.assertEqual(debt.payment_state, "reversed")
        self.assertEqual(self._holds_of("2026-04-01"), [("released", 40.0)])

    def test_held_one_half_came_back_the_other_is_lost(self):
        """200 credited, 200 written off: 40 released, 20 charged."""
        debt = self._held_debt()
        self._credit(debt, [(self.brake, 200.0)], date="2026-04-05")
        entry = self._new_entry(
            [(self.expense, 200.0), (self.receivable, -200.0)], day="2026-04-10"
        )
        self._match(self._terms(debt), self._claim(entry))
        self.assertEqual(
            self._holds_of("2026-04-01"), [("released", 40.0), ("charged", -20.0)]
        )

    def test_every_entry_of_a_statement_opens_what_it_came_from(self):
        order = self._new_order([(self.brake, 300.0)])
        invoice = self._invoice(order)
        payment = self._pay(invoice, 120.0)
        statement = self._draw("2026-03-01")
        [entry] = self._as(statement, "finance").entry_ids

        def opened(action):
            model = self.env[action["res_model"]]
            if action.get("res_id"):
                return model.browse(action["res_id"])
            return model.search(action["domain"])

        self.assertEqual(opened(entry.action_open_invoice()), invoice)
        self.assertEqual(opened(entry.action_open_payment()), payment)
        self.assertEqual(opened(entry.action_open_order()), order)
        self.assertEqual(opened(entry.action_open_statement()), statement.sudo(False))

    def test_spreadsheet_adds_up(self):
        """Its sum is the statement's, in the reader's language."""
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        self.li.lang = "zh_CN"
        self._rules((self.brake, 7.5), (None, 3.33))
        invoice = self._new_invoice([(self.brake, 33.33), (self.filter, 66.67)])
        self._pay(invoice, 50.0)
        self._pay(invoice, 50.0, date="2026-03-12")
        statement = self._draw("2026-03-01")
        self.assertEqual(statement.amount_total, 4.72)
        self.authenticate("com_li", "com_li")
        action = statement.with_user(self.li).sudo(False).action_export_xlsx()
        response = self.url_open(action["url"])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        texts = [
            str(cell.value)
            for sheet in book
            for row in sheet.rows
            for cell in row
            if cell.value is not None
        ]
        self.assertTrue(any("提成" in text for text in texts), texts)
