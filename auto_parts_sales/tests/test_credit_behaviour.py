import io

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestCreditBehaviour(AccountTestInvoicingCommon):
    # CRD-6: how a customer pays, from the ledger, with figures worked out by hand

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sudo().parts_credit_control = True
        cls.xinda, cls.other = cls.env["res.partner"].create(
            [{"name": "Xinda Repair"}, {"name": "Other"}]
        )
        cls.file, cls.other_file = (
            cls.env["parts.credit.file"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": cls.company.id,
                        "credit_limit": 5000.0,
                        "state": "active",
                    }
                    for partner in (cls.xinda, cls.other)
                ]
            )
        )

    @classmethod
    def _invoice(cls, date, due, amount, partner=None, move_type="out_invoice"):
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.xinda).id,
                "invoice_date": date,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Discs", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, date, amount=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": date, **({"amount": amount} if amount else {})})
        )
        return wizard._create_payments()

    def _behaviour(self, **period):
        engine = self.env["parts.credit.behaviour"].sudo()
        return engine._behaviour(self.company, self.xinda, **period)[self.xinda.id]

    def _fill(self):
        """Pay 1,000 after 10 days in time, 3,000 after 50 days 20 days late."""
        first = self._invoice("2026-01-01", "2026-01-31", 1000.0)
        second = self._invoice("2026-01-01", "2026-01-31", 3000.0)
        self._pay(first, "2026-01-11")
        self._pay(second, "2026-02-20")
        return first, second

    @freeze_time("2026-03-15")
    def test_days_weighted_by_amount_and_share_late(self):
        self._fill()
        found = self._behaviour()
        # (1,000 × 10 + 3,000 × 50) / 4,000 = 40; 3,000 of 4,000 late, by 20 days
        self.assertEqual(found["days_to_pay"], 40.0)
        self.assertEqual(found["late_share"], 75.0)
        self.assertEqual(found["worst_delay"], 20)
        self.assertEqual((found["paid"], found["turnover"]), (4000.0, 4000.0))

    @freeze_time("2026-03-15")
    def test_paid_on_the_last_day_is_not_late(self):
        self._pay(self._invoice("2026-01-01", "2026-01-31", 500.0), "2026-01-31")
        found = self._behaviour()
        self.assertEqual((found["late_share"], found["worst_delay"]), (0.0, 0))

    @freeze_time("2026-03-15")
    def test_part_payments_each_on_its_day(self):
        invoice = self._invoice("2026-01-01", "2026-01-31", 1000.0)
        self._pay(invoice, "2026-01-21", 400.0)
        self._pay(invoice, "2026-02-10", 200.0)
        found = self._behaviour()
        # (400 × 20 + 200 × 40) / 600 = 26.67; 200 of 600 late by 10; 400 are 43 overdue
        self.assertEqual((found["days_to_pay"], found["late_share"]), (26.7, 33.3))
        self.assertEqual((found["overdue"], found["overdue_days"]), (400.0, 43))
        self.assertEqual(found["worst_delay"], 43)

    @freeze_time("2026-03-15")
    def test_credit_notes_and_rejected_payments_are_no_payments(self):
        invoice = self._invoice("2026-01-01", "2026-01-31", 1000.0)
        note = self._invoice("2026-01-05", "2026-01-05", 300.0, move_type="out_refund")
        (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertIsNone(self._behaviour()["days_to_pay"])
        payment = self._pay(invoice, "2026-01-11", 700.0)
        self.assertEqual(self._behaviour()["days_to_pay"], 10.0)
        payment.action_reject()
        found = self._behaviour()
        self.assertIsNone(found["days_to_pay"])
        self.assertEqual((found["rejected"], found["rejected_amount"]), (1, 700.0))
        self.assertEqual(found["turnover"], 700.0)

    @freeze_time("2026-03-15")
    def test_only_the_period_the_customer_and_the_company(self):
        self._fill()
        self._pay(
            self._invoice("2026-01-01", "2026-01-31", 9.0, partner=self.other),
            "2026-03-01",
        )
        found = self._behaviour(since=fields.Date.to_date("2026-02-01"))
        self.assertEqual((found["days_to_pay"], found["paid"]), (50.0, 3000.0))
        found = self._behaviour(until=fields.Date.to_date("2026-01-31"))
        self.assertEqual((found["days_to_pay"], found["paid"]), (10.0, 1000.0))
        company = self.env["res.company"].sudo().create({"name": "Second"})
        engine = self.env["parts.credit.behaviour"].sudo()
        found = engine._behaviour(company, self.xinda)[self.xinda.id]
        self.assertIsNone(found["days_to_pay"])

    @freeze_time("2026-03-15")
    def test_the_file_shows_it_and_suggests(self):
        self._fill()
        file = self.file.sudo()
        self.assertRecordValues(
            file,
            [
                {
                    "days_to_pay": 40.0,
                    "late_share": 75.0,
                    "worst_delay": 20,
                    "turnover": 4000.0,
                    "promises_broken": 0,
                }
            ],
        )
        # late 0 + delay 12 + days 14 + rejected 10 + broken 10 + turnover 0 = 46 of 100
        # class D (30 to 50); 4,000 / 365 = 10.96 a day × 30 days = 328 → 300
        self.assertEqual((file.suggested_class, file.suggested_limit), ("d", 300.0))
        self.assertRegex(str(file.score_html), "46")
        self.assertRegex(str(file.score_html), "10.96")
        self.assertRegex(str(file.trend_html), "Average days to pay")
        self.assertFalse(self.other_file.suggested_class)

    @freeze_time("2026-03-15")
    def test_the_score_card_is_the_companys(self):
        self._fill()
        self.env["parts.credit.score"].sudo().create(
            [
                {
                    "company_id": self.company.id,
                    "measure": "late_share",
                    "value_min": value,
                    "points": points,
                }
                for value, points in ((0, 10), (80, 0))
            ]
        )
        # one measure, 10 of 10 points: class A; 10.96 × 90 = 986 → 900
        file = self.file.sudo()
        self.assertEqual((file.suggested_class, file.suggested_limit), ("a", 900.0))
        self.env["parts.credit.policy"].sudo().create(
            {
                "company_id": self.company.id,
                "risk_class": "a",
                "limit_max": 250.0,
                "term_days_max": 60,
                "score_min": 80.0,
            }
        )
        file.invalidate_recordset()
        self.assertEqual((file.suggested_class, file.suggested_limit), ("a", 250.0))

    @freeze_time("2026-03-15")
    def test_trend_by_month(self):
        self._fill()
        self.env.flush_all()
        rows = (
            self.env["parts.credit.trend"]
            .sudo()
            .search([("partner_id", "=", self.xinda.id)], order="month")
        )
        self.assertRecordValues(
            rows,
            [
                {
                    "month": fields.Date.to_date("2026-01-01"),
                    "paid": 1000.0,
                    "paid_late": 0.0,
                    "days_to_pay": 10.0,
                },
                {
                    "month": fields.Date.to_date("2026-02-01"),
                    "paid": 3000.0,
                    "paid_late": 3000.0,
                    "days_to_pay": 50.0,
                },
            ],
        )

    def test_as_many_queries_for_many_files_as_for_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {index}"} for index in range(20)]
        )
        files = (
            self.env["parts.credit.file"]
            .sudo()
            .create(
                [
                    {"partner_id": partner.id, "company_id": self.company.id}
                    for partner in partners
                ]
            )
        )
        names = ["days_to_pay", "late_share", "suggested_class", "turnover"]
        self.env.flush_all()
        counts = []
        for some in (files[:1], files[1:]):
            self.env.invalidate_all()
            some.mapped("partner_id.commercial_partner_id")
            some.mapped("company_id.currency_id.name")
            before = self.env.cr.sql_log_count
            some.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    @freeze_time("2026-03-15")
    def test_workbook_and_print(self):
        self._fill()
        renderer = self.env["parts.credit.file.xlsx"].sudo()
        content = renderer._render((self.file | self.other_file).sudo())
        sheet = load_workbook(io.BytesIO(content)).active
        heads = [cell.value for cell in sheet[1]]
        self.assertEqual(sheet.max_row, 3)
        row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
        self.assertEqual((row["Customer"], row["Credit Limit"]), ("Xinda Repair", 5000))
        self.assertEqual(row["Average Days to Pay"], 40)
        html, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html(
                "auto_parts_sales.parts_credit_file_report", self.file.ids
            )
        )
        self.assertIn("Xinda Repair", html.decode())
        self.assertIn("40.0", html.decode())
