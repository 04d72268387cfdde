from freezegun import freeze_time

from odoo.tests import tagged

from .test_commission_pool import JANUARY, PoolCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15")
class TestContractPool(PoolCommon):
    """COM-7: a pool accrues once the month of the contract ledger is signed (CON-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._new_user(
            "pool_director",
            "sales_team.group_sale_manager,auto_parts_sales.group_parts_sales_director",
        )

    def _sign_ledger(self, date):
        finance = self.roles["finance"]
        month = self.env["parts.contract.month"].with_user(finance)
        month = month.create({"date": date, "company_id": self.company.id})
        month.action_prepare()
        lines = month.line_ids
        lines.action_confirm_finance()
        lines.with_user(self.director).action_confirm_sales()
        month.action_sign_finance()
        self.assertFalse(self._months())
        month.with_user(self.director).action_sign_sales()

    def test_the_signed_ledger_lets_the_pool_accrue(self):
        # 2,000 against 1,000 planned: 1 % of 1,000 and 3 % of the other 1,000
        self.env["parts.contract"].sudo().create(
            {"partner_id": self.partner_a.id, "company_id": self.company.id}
        )
        self._sell(2000.0, "2026-01-15")
        self._sign(JANUARY)
        self.assertFalse(self._months())
        self._sign_ledger(JANUARY)
        self.assertEqual(self._months(), [("2026-01-01", 1000.0, 2000.0, 40.0, 40.0)])

    def test_without_contracts_the_officer_signs(self):
        self._sell(2000.0, "2026-01-15")
        self._sign(JANUARY)
        self.assertEqual(len(self._months()), 1)
