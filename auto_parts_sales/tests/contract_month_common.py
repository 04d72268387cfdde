from freezegun import freeze_time

from .contract_common import ContractLedgerCommon


class ContractMonthCommon(ContractLedgerCommon):
    """March, of which a contract over 1,000 has 10 pieces ordered on the 3rd, 6 of them
    delivered and invoiced on the 10th, and 250 paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = "sales_team.group_sale_manager,auto_parts_sales.group_parts_"
        cls.director = cls._new_user("month_dir", f"{manager}sales_director")
        cls.finance = cls._new_user("month_fin", "auto_parts_sales.group_parts_finance")
        cls.legal = cls._new_user(
            "month_law", "auto_parts_sales.group_parts_legal_post"
        )
        cls.contract = cls._new_contract(1000.0)
        order = cls._new_order(cls.contract, 10, date_order="2026-03-03")
        with freeze_time("2026-03-10"):
            cls._deliver(order, 6)
            cls.invoice = cls._invoice(order)
        cls._pay(cls.invoice, 250.0)
        cls.Month = cls.env["parts.contract.month"]

    def _new_month(self, **values):
        month = self.Month.with_user(self.finance).create(
            {"date": "2026-03-01", **values}
        )
        month.action_prepare()
        return month

    def _confirmed(self):
        month = self._new_month()
        lines = month.line_ids
        lines.with_user(self.finance).action_confirm_finance()
        lines.with_user(self.director).action_confirm_sales()
        return month

    def _signed(self):
        month = self._confirmed()
        month.with_user(self.director).action_sign_sales()
        month.with_user(self.finance).action_sign_finance()
        return month

    def _line_of(self, month, contract=None):
        return month.sudo().line_ids.filtered(
            lambda line: line.contract_id == (contract or self.contract)
        )
