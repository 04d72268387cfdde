import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionMonth(CommissionCommon):
    """COM-6: earned, still locked in open invoices, lost to lateness. 10 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-20"))

    def _open(self, user=None, **vals):
        sheet = self.env["parts.commission.month"].with_user(user or self.li)
        return sheet.create(vals).sudo(False)

    def test_earned_lost_and_locked(self):
        """400 of 1,000 on the 15th, 14 days late: 40 less a fifth; 60 and 50 open."""
        self.plan.factor_ids = [Command.create({"days_from": 10, "factor": 0.8})]
        paid = self._new_invoice([1000.0])
        self._pay(paid, 400.0, date="2026-03-15")
        self._new_invoice(
            [500.0], partner_id=self.partner_b.id, invoice_date_due="2026-04-01"
        )
        sheet = self._open()
        self.assertEqual(
            (sheet.earned, sheet.lost, sheet.collected), (32.0, 8.0, 400.0)
        )
        self.assertEqual(sheet.locked, 110.0)
        self.assertRecordValues(
            sheet.customer_ids,
            [
                {"name": "partner_a", "days_overdue": 19, "locked": 60.0},
                {"name": "partner_b", "days_overdue": 0, "locked": 50.0},
            ],
        )
        self.assertEqual(len(sheet.entry_ids), 2)
        [sentence] = set(sheet.entry_ids.mapped("description"))
        self.assertIn("×0.8 for 14 days late", sentence, "one sentence for the pair")
        before = self.env["parts.commission.month"].browse(
            sheet.action_previous()["res_id"]
        )
        self.assertEqual((before.earned, before.locked), (0.0, 110.0))
        action = sheet.customer_ids[0].action_open_promises()
        found = self.Basis.with_user(self.li).sudo(False).search(action["domain"])
        self.assertEqual(found.move_id, paid)

    def test_money_that_does_not_count_yet_is_open(self):
        """A draft before its day, a payment the bank has not seen, one that bounced."""
        draft = self._new_invoice([100.0])
        self._pay(draft, 100.0).parts_maturity_date = date(2026, 6, 10)
        bounced = self._new_invoice([200.0])
        self._pay(bounced, 200.0).action_reject()
        counted = self._new_invoice([400.0])
        self._pay(counted, 400.0)
        self.plan.collected_policy = "cleared"
        unseen = self._new_invoice([800.0])
        self._pay(unseen, 800.0)
        sheet = self._open()
        self.assertEqual(sheet.locked, 10.0 + 20.0 + 80.0)
        bases = self.Basis.search([("is_open", "=", True)])
        self.assertEqual(bases.move_id, draft | bounced | unseen)
        self.assertEqual(self.Basis.search([("is_open", "=", False)]).move_id, counted)

    def test_notes_and_transfers(self):
        """A matched note takes its part; what was handed over is the other's."""
        invoice = self._new_invoice([1000.0])
        self._credit(invoice, [(self.brake, 300.0)])
        self.assertEqual(self._open().locked, 70.0)
        office = self._new_user("mon_office", f"{P}sales_office")
        self.env["parts.commission.transfer"].with_user(office).create(
            {
                "user_from_id": self.li.id,
                "user_to_id": self.wang.id,
                "date": "2026-03-20",
                "reason": "Li has left",
            }
        ).action_carry_out()
        self.assertEqual(self._open().locked, 0.0)
        self.assertEqual(self._open(self.wang).locked, 70.0)
        written_off = self._new_invoice([100.0])
        self._credit(written_off)
        self.assertEqual(self._open().locked, 0.0, "fully credited: nobody calls")

    def test_foreign_currency_at_todays_rate(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self._new_invoice([1000.0], currency_id=euro.id)
        self.assertEqual(self._open().locked, 50.0)

    def test_who_may_choose_a_person(self):
        self._pay(self._new_invoice([1000.0]), 400.0)
        self.assertFalse(self._open().chooses_person)
        self.assertEqual(self._open(self.wang, user_id=self.li.id).earned, 0.0)
        boss = self._new_user("mon_boss", f"{P}sales_office")
        sheet = self._open(boss, user_id=self.li.id)
        self.assertTrue(sheet.chooses_person)
        self.assertEqual(sheet.earned, 40.0)

    def test_plan_of_the_month(self):
        """Read by who earns by it; that there is none is said to everybody."""
        self.plan.sudo().date_from = date(2026, 2, 10)
        sheet = self._open()
        self.assertEqual(sheet.plan_id, self.plan)
        before = self._open(month="2026-01-01")
        self.assertFalse(before.plan_id)
        self.assertFalse(before.has_plan, "January was before it")
        self.assertTrue(self._open(month="2026-02-01").has_plan, "from the 10th on")
        of_li = self._open(self.wang, user_id=self.li.id)
        self.assertFalse(of_li.plan_id, "a colleague's plan is not read")
        self.assertTrue(of_li.has_plan)
        own = self._open(self.wang)
        self.assertFalse(own.has_plan)
        office = self._new_user("mon_plan", f"{P}sales_office")
        self.assertEqual(self._open(office, user_id=self.li.id).plan_id, self.plan)

    def test_buttons_of_the_invoice(self):
        finance = self._new_user("mon_finance", f"{P}finance")
        invoice = self._new_invoice([1000.0]).with_user(finance).sudo(False)
        self.assertEqual(invoice.parts_commission_promise_count, 1)
        self.assertEqual(invoice.parts_commission_count, 0)
        self.assertEqual(invoice.parts_collected_bar, 0.0)
        self._pay(self.env["account.move"].browse(invoice.id), 400.0)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.parts_commission_count, 1)
        self.assertEqual(invoice.parts_collected_bar, 40.0)
        self.company.sudo().parts_commission_in_use = False
        invoice.invalidate_recordset()
        self.assertEqual(invoice.parts_collected_bar, -1.0, "not in use: not shown")


@tagged("post_install", "-at_install")
class TestCommissionPaper(CommissionCommon):
    """COM-5, COM-6: the statement on paper and as a spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.factor_ids = [Command.create({"days_from": 1, "factor": 0.5})]
        invoice = cls._new_invoice([cls.brake.lst_price] * 70)
        cls._pay(invoice, invoice.amount_total)
        statements = cls.env["parts.commission.statement"].sudo()
        cls.statement = statements._draw_up(cls.company, date(2026, 3, 1))
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.li.lang = "fr_FR"

    def test_pages_carry_their_sums_forward(self):
        """70 collections of 10.00, half lost to lateness: 140 entries in 70 rows."""
        self.assertEqual(self.statement.entry_count, 140)
        paper = self.env["report.auto_parts_sales.report_parts_commission_statement"]
        pages = paper._get_pages(self.statement)
        self.assertGreater(len(pages), 1)
        self.assertEqual(pages[0]["before"], (0.0, 0.0))
        for page, following in zip(pages, pages[1:], strict=False):
            self.assertEqual(page["after"], following["before"])
        self.assertEqual(pages[-1]["after"], (7000.0, 350.0))
        rows = [row for page in pages for row in page["rows"]]
        self.assertEqual(len(rows), 70)
        self.assertEqual({row["sums"] for row in rows}, {(100.0, 5.0)})
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "auto_parts_sales.report_parts_commission_statement", self.statement.ids
        )
        text = html.decode()
        self.assertEqual(text.count("Carried forward"), len(pages) - 1)
        self.assertIn("10/03/2026", text, "as its payee writes dates")

    def test_spreadsheet_in_the_language_of_its_payee(self):
        reader = self.env["parts.commission.statement.xlsx"]
        reader = reader.with_context(lang="en_US")
        sheet = openpyxl.load_workbook(io.BytesIO(reader._render(self.statement)))
        sheet = sheet.active
        self.assertEqual(sheet["A6"].number_format, "dd/mm/yyyy")

    def test_nothing_is_written_as_zero(self):
        """A tier has no customer, no product: empty cells."""
        self.plan.tier_ids = [Command.create({"amount_from": 0.0, "rate": 1.0})]
        self.env["parts.commission.closing"].sudo()._close(self.statement)
        content = self.env["parts.commission.statement.xlsx"]._render(self.statement)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        row = [cell.value for cell in sheet[6 + 140]]
        self.assertEqual(row[1:6], [None] * 5)
        self.assertEqual(row[7], 70.0)
