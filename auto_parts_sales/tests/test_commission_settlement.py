import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"


class SettlementCommon(CommissionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._new_user(f"com_{role}", f"{P}{role}")
            for role in ("sales_office", "finance", "finance_deputy", "general_manager")
        }
        cls.Statement = cls.env["parts.commission.statement"].sudo()
        cls.invoice = cls._new_invoice([1000.0])
        cls.payment = cls._pay(cls.invoice, 400.0, date="2026-03-10")

    def _draw(self, month="2026-03-01"):
        wizard = self.env["parts.commission.draw"]
        wizard.with_user(self.roles["sales_office"]).create(
            {"month": month}
        ).action_draw_up()
        return self.Statement.search([("date_from", "=", month)])

    def _as(self, statement, role):
        return statement.with_user(self.roles[role]).sudo(False)

    def _decide(self, statement, *roles, refuse=False):
        approval = statement.sudo().parts_approval_ids.filtered(
            lambda x: x.state == "pending"
        )
        for role in roles:
            request = approval.with_user(self.roles[role]).sudo(False)
            if refuse:
                request.action_refuse("wrong")
            else:
                request.action_approve()

    def _approve(self, statement):
        self._as(statement, "sales_office").action_submit()
        self._decide(statement, "finance", "finance_deputy", "general_manager")


@tagged("post_install", "-at_install")
class TestCommissionApproval(SettlementCommon):
    """COM-5: checked by finance and the deputy, approved by the general manager."""

    def test_the_way_of_a_statement(self):
        statement = self._draw()
        self.assertEqual(statement.progress, "draft")
        self._as(statement, "sales_office").action_submit()
        self.assertEqual((statement.state, statement.progress), ("draft", "in_check"))
        self._decide(statement, "finance")
        self.assertEqual((statement.state, statement.progress), ("checked",) * 2)
        self._decide(statement, "finance_deputy")
        self.assertEqual(statement.state, "checked")
        self._decide(statement, "general_manager")
        self.assertEqual(statement.state, "approved")
        self.assertEqual(statement.amount_total, 40.0)

    def test_in_the_right_order_by_the_right_people(self):
        statement = self._draw()
        self._as(statement, "sales_office").action_submit()
        for role in ("general_manager", "sales_office"):
            with self.subTest(role=role), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    approval = statement.parts_approval_ids
                    approval.with_user(self.roles[role]).sudo(False).action_approve()
        for role in ("finance", "finance_deputy", "general_manager"):
            with self.assertRaises(AccessError):
                self._as(statement, role).action_submit()

    def test_the_payee_decides_nothing(self):
        finance = self.roles["finance"]
        self.plan.user_ids = [Command.link(finance.id)]
        own = self._new_invoice([100.0], user=finance)
        self._pay(own, 100.0)
        statement = self._draw().filtered(lambda x: x.user_id == finance)
        self._as(statement, "sales_office").action_submit()
        with self.assertRaises(UserError):
            self._decide(statement, "finance")

    def test_handed_in_it_takes_no_more(self):
        statement = self._draw()
        self._as(statement, "sales_office").action_submit()
        self._pay(self.invoice, 100.0, date="2026-03-20")
        self._draw()
        self.assertEqual(statement.amount_total, 40.0)
        with self.assertRaises(UserError):
            self._as(statement, "sales_office").unlink()
        with self.assertRaisesRegex(UserError, "already"):
            self._as(statement, "sales_office").action_submit()

    def test_refused_it_is_a_draft_again(self):
        statement = self._draw()
        self._as(statement, "sales_office").action_submit()
        self._decide(statement, "finance", refuse=True)
        self.assertEqual((statement.state, statement.submitted), ("draft", False))
        # who puts it right reads why
        seen = self._as(statement, "sales_office")
        decision = statement.parts_approval_ids.step_ids.decision_ids
        self.assertIn(self.roles["finance"].name, seen.refusal)
        self.assertIn(decision.comment, seen.refusal)
        self._pay(self.invoice, 100.0, date="2026-03-20")
        self._draw()
        self.assertEqual(statement.amount_total, 50.0)
        self._approve(statement)
        self.assertEqual(statement.state, "approved")
        statement.invalidate_recordset(["refusal"])
        self.assertFalse(statement.refusal)

    def test_negative_balance_is_carried_over(self):
        """March is paid with 40; April takes 40 back and earns 25: −15 for May."""
        self._approve(self._draw())
        self._partials(self.invoice).unlink()
        self._pay(self.invoice, 250.0, date="2026-04-12")
        april = self._draw("2026-04-01")
        self.assertEqual(april.amount_total, -15.0)
        self._approve(april)
        self.assertEqual(april.amount_total, 0.0)
        self._pay(self.invoice, 500.0, date="2026-05-03")
        may = self._draw("2026-05-01")
        self.assertEqual(may.amount_total, 35.0)
        carried = may.entry_ids.filtered(lambda x: x.cause == "carried")
        self.assertRecordValues(carried, [{"amount": -15.0, "date": date(2026, 5, 1)}])
        self.assertIn("carried over from 04/30/2026", carried.description)


@tagged("post_install", "-at_install")
class TestCommissionTier(SettlementCommon):
    """COM-2: tiers on the month's collected total, decided at the statement."""

    def _tiers(self, method):
        self.plan.write(
            {
                "tier_method": method,
                "tier_ids": [
                    Command.create({"amount_from": 300.0, "rate": 1.0}),
                    Command.create({"amount_from": 800.0, "rate": 2.0}),
                ],
            }
        )

    def test_slab(self):
        """400: 1 % of 100. Then 1,000: 1 % of 500 and 2 % of 200."""
        self._tiers("slab")
        statement = self._draw()
        self.assertEqual(statement.amount_total, 40.0 + 1.0)
        self._pay(self.invoice, 600.0, date="2026-03-20")
        self._draw()
        self.assertEqual(statement.amount_total, 100.0 + 5.0 + 4.0)
        tiers = statement.entry_ids.filtered(lambda x: x.kind == "tier")
        self.assertEqual(sorted(tiers.mapped("amount")), [1.0, 8.0])
        self.assertFalse(tiers.basis_id)
        self.assertTrue(all(tiers.mapped("description")))

    def test_whole(self):
        """1,000 reach the second tier: 2 % of all of it."""
        self._tiers("whole")
        self._pay(self.invoice, 600.0, date="2026-03-20")
        self.assertEqual(self._draw().amount_total, 120.0)

    def test_below_the_first_tier(self):
        self._tiers("whole")
        self.payment.action_reject()
        self._pay(self.invoice, 299.0, date="2026-03-20")
        self.assertEqual(self._draw().amount_total, 29.9)

    def test_a_discarded_draft_leaves_no_tier_behind(self):
        self._tiers("slab")
        statement = self._draw()
        self._as(statement, "sales_office").unlink()
        again = self._draw()
        self.assertEqual(again.amount_total, 41.0)


@tagged("post_install", "-at_install")
class TestCommissionHold(SettlementCommon):
    """COM-8: a customer overdue for more than 60 days holds 10 % of his debt back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"hold_days": 60, "hold_share": 10.0})
        # due on 1 January: 200 open; March earned 40 on another invoice
        cls.debt = cls._new_invoice([200.0], date="2026-01-01")

    def _holds(self, statement):
        holds = statement.entry_ids.filtered(lambda x: x.kind == "hold")
        return [(x.cause, x.amount) for x in holds.sorted("id")]

    def test_held_and_released_on_collection(self):
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -20.0)])
        self.assertEqual(march.amount_total, 20.0)
        self.assertIn(
            self.debt.name,
            march.entry_ids[-1:].search([("cause", "=", "held")]).description,
        )
        self._pay(self.debt, 200.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 20.0)])
        self.assertEqual(april.amount_total, 20.0 + 20.0)

    def test_no_more_than_the_month_earned(self):
        self.plan.hold_share = 50.0
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -40.0)])
        self._pay(self.invoice, 300.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("held", -30.0)])

    def test_charged_on_write_off(self):
        self._draw()
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-04-05",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.partner_a.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (self.company_data["default_account_expense"], 200.0),
                        (receivable, -200.0),
                    )
                ],
            }
        )
        entry.action_post()
        (self.debt | entry).line_ids.filtered(
            lambda x: x.account_id == receivable
        ).reconcile()
        self._pay(self.invoice, 300.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 20.0), ("charged", -20.0)])
        self.assertEqual(april.amount_total, 30.0)

    def test_not_before_its_days_and_not_without_a_plan(self):
        self.plan.hold_days = 89
        self.assertEqual(self._holds(self._draw()), [])
        self.assertEqual(self._draw().amount_total, 40.0)

    def test_a_discarded_draft_holds_nothing(self):
        march = self._draw()
        self._as(march, "sales_office").unlink()
        self.assertEqual(self._draw().amount_total, 20.0)


@tagged("post_install", "-at_install")
class TestCommissionPay(SettlementCommon, HttpCase):
    """COM-5: paid once, by bill, entry or payroll file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]

    def _wizard(self, statement, method, **vals):
        return (
            self.env["parts.commission.pay"]
            .with_user(self.roles["finance"])
            .create(
                {
                    "statement_ids": [Command.set(statement.ids)],
                    "method": method,
                    "date": "2026-04-05",
                    "expense_account_id": self.expense.id,
                    **vals,
                }
            )
        )

    def test_by_vendor_bill(self):
        statement = self._draw()
        self._approve(statement)
        self._wizard(statement, "bill").action_pay()
        self.assertEqual(statement.state, "paid")
        self.assertRecordValues(
            statement.payment_move_id,
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": self.li.partner_id.id,
                    "amount_total": 40.0,
                    "state": "draft",
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "only once"):
            self._wizard(statement, "bill").action_pay()

    def test_by_journal_entry(self):
        statement = self._draw()
        self._approve(statement)
        liability = self.company_data["default_account_payable"]
        wizard = self._wizard(statement, "entry", liability_account_id=liability.id)
        wizard.action_pay()
        items = statement.payment_move_id.line_ids
        self.assertEqual(
            {item.account_id: item.balance for item in items},
            {self.expense: 40.0, liability: -40.0},
        )
        # billing users see no journal items in Odoo: the note tells them
        note = statement.payment_move_id.narration
        for text in (self.expense.name, liability.name, statement.name, "40.00"):
            self.assertIn(text, note)

    def test_by_payroll_file(self):
        statement = self._draw()
        self._approve(statement)
        action = self._wizard(statement, "payroll").action_pay()
        self.assertTrue(action["close"], "the dialog does not stay over what is paid")
        again = self._as(statement, "finance").action_export_payroll()
        self.assertEqual(again["url"], action["url"])
        self.authenticate("com_finance", "com_finance")
        response = self.url_open(action["url"])
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet["B2"].value, "com_li")
        self.assertEqual(sheet["E2"].value, 40.0)
        self.assertEqual(sheet["H2"].value.date(), statement.payment_date, "a date")
        self.assertEqual(sheet.freeze_panes, "A2")
        name = response.headers["Content-Disposition"]
        self.assertIn(str(statement.payment_date), name)
        self.authenticate("com_li", "com_li")
        self.assertEqual(self.url_open(action["url"]).status_code, 404)

    def test_nothing_to_pay(self):
        self._approve(self._draw())
        self._partials(self.invoice).unlink()
        april = self._draw("2026-03-01")
        self._pay(self.invoice, 100.0, date="2026-04-12")
        april = self._draw("2026-04-01")
        self._approve(april)
        self._wizard(april, "bill").action_pay()
        self.assertRecordValues(
            april, [{"state": "paid", "payment_method": "none", "amount_total": 0.0}]
        )
        self.assertFalse(april.payment_move_id)

    def test_not_before_it_is_approved_and_not_by_anybody(self):
        statement = self._draw()
        with self.assertRaisesRegex(UserError, "approved"):
            self._wizard(statement, "bill").action_pay()
        self._approve(statement)
        wizard = self.env["parts.commission.pay"]
        for user in (self.li, self.roles["sales_office"]):
            with self.assertRaises(AccessError):
                wizard.with_user(user).create({"method": "bill"})

    def test_what_was_paid_never_changes(self):
        statement = self._draw()
        self._approve(statement)
        self._wizard(statement, "bill").action_pay()
        self.payment.action_reject()
        self._draw()
        self.assertEqual(statement.amount_total, 40.0)
        self.assertEqual(self._draw("2026-04-01").amount_total, -40.0)
