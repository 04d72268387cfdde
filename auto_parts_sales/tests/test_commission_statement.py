import io
from datetime import date

import openpyxl
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionStatement(CommissionCommon):
    """COM-5, COM-6: statements by person and month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls._new_user("com_office", f"{P}sales_office")
        cls.plan.user_ids |= cls.wang | cls.office
        cls.Statement = cls.env["parts.commission.statement"].sudo()
        cls.invoice = cls._new_invoice([1000.0])
        cls.payment = cls._pay(cls.invoice, 400.0, date="2026-03-10")

    def _draw(self, month, user=None):
        wizard = self.env["parts.commission.draw"].with_user(user or self.office)
        return wizard.create({"month": month}).action_draw_up()

    def test_month_by_the_sales_office(self):
        self._pay(self.invoice, 100.0, date="2026-04-01")
        self._draw("2026-03-15")
        statement = self.Statement.search([])
        self.assertRecordValues(
            statement,
            [
                {
                    "user_id": self.li.id,
                    "date_from": date(2026, 3, 1),
                    "date_to": date(2026, 3, 31),
                    "amount_total": 40.0,
                    "state": "draft",
                }
            ],
        )
        self.assertIn("2026/03", statement.name)
        self.assertEqual(len(statement.entry_ids), 1)

    def test_clawback_lands_in_the_next_statement(self):
        self._draw("2026-03-01")
        first = self.Statement.search([])
        first.state = "paid"
        self._partials(self.invoice).unlink()
        self._pay(self.invoice, 250.0, date="2026-04-12")
        self._draw("2026-04-01")
        second = self.Statement.search([]) - first
        self.assertEqual(first.amount_total, 40.0, "what was paid never changes")
        self.assertEqual(second.amount_total, -40.0 + 25.0)
        self.assertEqual(second.entry_ids.filtered("reversal_of_id").amount, -40.0)

    def test_a_month_twice_adds_nothing_twice(self):
        self._draw("2026-03-01")
        statement = self.Statement.search([])
        again = self._draw("2026-03-01")["params"]["next"]
        self.assertEqual(self.Statement.search([]), statement)
        shown = statement.with_user(self.office).sudo(False).search(again["domain"])
        self.assertEqual(shown, statement, "who draws up twice sees what there is")
        self._pay(self.invoice, 100.0, date="2026-03-30")
        self._draw("2026-03-01")
        self.assertEqual(self.Statement.search([]), statement)
        self.assertEqual(statement.amount_total, 50.0, "a draft takes what came since")

    def test_late_entry_of_a_closed_month_goes_into_the_next(self):
        self._draw("2026-03-01")
        closed = self.Statement.search([])
        closed.state = "approved"
        self._pay(self.invoice, 100.0, date="2026-03-30")
        message = self._draw("2026-03-01")["params"]["message"]
        self.assertIn("handed in: 1 entries", message, "not: nothing was collected")
        self.assertEqual(self.Statement.search([]), closed)
        self._draw("2026-04-01")
        late = self.Statement.search([]) - closed
        self.assertEqual(late.date_from, date(2026, 4, 1))
        self.assertEqual(late.amount_total, 10.0)

    def test_nobody_draws_up_his_own(self):
        own = self._new_invoice([100.0], user=self.office)
        self._pay(own, 100.0)
        action = self._draw("2026-03-01")
        self.assertEqual(self.Statement.search([]).user_id, self.li)
        self.assertIn("nobody draws up his own", action["params"]["message"])
        self.Statement.with_user(self.env.ref("base.user_root"))._draw_up(
            self.company, date(2026, 3, 1)
        )
        statement = self.Statement.search([("user_id", "=", self.office.id)])
        self.assertEqual(statement.amount_total, 10.0)
        with self.assertRaisesRegex(UserError, "own"):
            statement.with_user(self.office).sudo(False).unlink()

    def test_only_the_sales_office_draws_up(self):
        finance = self._new_user("com_fin", f"{P}finance")
        for user in (self.li, finance):
            with self.assertRaises(AccessError):
                self._draw("2026-03-01", user)

    def test_deleting_a_draft_frees_its_entries(self):
        self._draw("2026-03-01")
        statement = self.Statement.search([]).with_user(self.office).sudo(False)
        entries = statement.entry_ids.sudo()
        statement.unlink()
        entries.invalidate_recordset()
        self.assertFalse(entries.statement_id)
        self._draw("2026-03-01")
        self.assertTrue(entries.statement_id)

    def test_a_statement_beyond_draft_is_not_deleted(self):
        self._draw("2026-03-01")
        statement = self.Statement.search([])
        for state in ("checked", "approved", "paid"):
            statement.state = state
            with self.assertRaises(UserError):
                statement.with_context(_force_unlink=True).unlink()

    def test_one_statement_a_person_and_month(self):
        self._draw("2026-03-01")
        vals = self.Statement.search([]).copy_data()[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.Statement.create(vals)

    def test_an_entry_is_taken_once(self):
        self._draw("2026-03-01")
        first = self.Statement.search([])
        second = self.Statement.create(
            {**first.copy_data()[0], "date_from": "2026-05-01", "date_to": "2026-05-31"}
        )
        self.assertFalse(second._take_entries())
        self.assertEqual(first.amount_total, 40.0)

    def test_cron_draws_up_last_month_for_all(self):
        self.Statement._cron_draw_up()
        self.assertLessEqual(len(self.Statement.search([])), 1)

    def test_spreadsheet(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self.partner_a.name = "=HYPERLINK(1)"
        self.li.name = self.company.name = "=1+1"
        other = self._new_invoice([500.0], currency_id=foreign.id)
        self._pay(other, 500.0, currency_id=foreign.id)
        self._draw("2026-03-01")
        statement = self.Statement.search([]).with_user(self.li).sudo(False)
        content = self.env["parts.commission.statement.xlsx"].with_user(self.li)
        content = content._render(statement)
        for data_only, total in ((True, 65.0), (False, "=SUM(H6:H7)")):
            sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
            sheet = sheet.active
            self.assertEqual(sheet["H8"].value, total)
        self.assertEqual(sheet["H6"].number_format, "#,##0.00;[Red]-#,##0.00")
        self.assertEqual(sheet["A6"].value.date(), date(2026, 3, 10))
        self.assertEqual(sheet.freeze_panes, "A6")
        # what was collected in euro is told in euro, without a total
        self.assertEqual(sheet.auto_filter.ref, "A5:M7")
        rows = {sheet.cell(row, 10).value: row for row in (6, 7)}
        euro = [sheet.cell(rows["EUR"], column).value for column in range(8, 13)]
        self.assertEqual(euro, [25.0, "Collection", "EUR", 500.0, 50.0])
        own = [sheet.cell(rows[None], column).value for column in range(8, 13)]
        self.assertEqual(own, [40.0, "Collection", None, None, None])
        self.assertFalse(sheet["K8"].value)
        for cell in ("A2", "A3", "B6"):
            self.assertEqual(sheet[cell].data_type, "s", "text, no formula")
        names = {sheet["B6"].value, sheet["B7"].value}
        self.assertIn("=HYPERLINK(1)", names, "a name, no formula")

    def test_sentence(self):
        entry = self._entries(self.invoice)
        self.assertEqual(
            entry.description,
            f"10 % of $\xa0400.00 collected on 03/10/2026 from partner_a"
            f" ({self.invoice.name}, Brake disc)",
        )

    def test_signatures_in_the_language_of_who_gets_it(self):
        """Whoever prints it; the translation is the addon's own."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.li.lang = "zh_CN"
        self._draw("2026-03-01")
        paper = self.env["report.auto_parts_sales.report_parts_commission_statement"]
        values = paper.with_context(lang="en_US")._get_report_values(
            self.Statement.search([]).ids
        )
        statement = values["docs"]
        statement = statement.with_context(lang=values["get_language"](statement))
        labels = [label for label, _name, _day in values["get_signatures"](statement)]
        self.assertEqual(labels, ["制表", "领款人签收"])

    def test_printed(self):
        self._draw("2026-03-01")
        statement = self.Statement.search([])
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "auto_parts_sales.report_parts_commission_statement", statement.ids
        )
        self.assertIn(b"10 % of", html)
        self.assertIn(self.invoice.name.encode(), html)
