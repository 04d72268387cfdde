from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_commission_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestCommissionTour(SettlementCommon, HttpCase):
    """COM-2, COM-5 in the browser, as the people who do it."""

    def test_accountant(self):
        """460.00 of 1,150.00 are 40 %: 10 % of 400.00, and taken back when rejected."""
        invoice = self._new_invoice(
            [1000.0], date=fields.Date.today(), taxes=self.tax_sale_a
        )
        self.start_tour(
            f"/odoo/customer-invoices/{invoice.id}",
            "parts_commission_accountant",
            login="com_finance",
        )
        today = str(fields.Date.today())
        self.assertLedger(
            invoice,
            [
                ("collection", "collected", today, 40.0),
                ("correction", "payment_rejected", today, -40.0),
            ],
        )

    def test_statement(self):
        """The invoice of 400.00 of 1,000.00 paid last month: 40.00 are paid out."""
        self._partials(self.invoice).unlink()
        day = fields.Date.today() - relativedelta(months=1, day=10)
        self._pay(self._new_invoice([1000.0], date=day), 400.0, date=day)
        account = self.company_data["default_account_expense"]
        account.name = "Commission of the tour"

        self._walk("sales_office", "draws_up")
        statement = self.Statement.search([("user_id", "=", self.li.id)])
        self.assertEqual(statement.amount_total, 40.0)
        for role in ("finance", "finance_deputy", "general_manager"):
            self._walk(role, "decides")
        self.assertEqual(statement.state, "approved")
        self._walk("finance", "pays")
        self.assertEqual(statement.state, "paid")
        self.assertRecordValues(
            statement.payment_move_id, [{"state": "posted", "amount_total": 40.0}]
        )

    def _walk(self, role, step):
        self.start_tour("/odoo", f"parts_commission_{step}", login=f"com_{role}")
