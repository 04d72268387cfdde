from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractRates(ContractCommon):
    """Amounts count at the contract's own rate, volumes in its currency (CON-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {"name": "XTS", "symbol": "X", "rounding": 0.01}
        )
        # 2 of it are 1.00 in company currency
        cls._rate(2.0, -30)
        cls.list_in_foreign = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )

    @classmethod
    def _rate(cls, rate, days=0):
        day = cls._day(days)
        rates = cls.env["res.currency.rate"]
        rates.search(
            [("currency_id", "=", cls.foreign.id), ("name", "=", day)]
        ).unlink()
        rates.create({"currency_id": cls.foreign.id, "name": day, "rate": rate})

    def _framework_abroad(self, volume, **values):
        return self._new_framework(
            volume=volume,
            currency_id=self.foreign.id,
            line_ids=[
                Command.create({"product_id": self.part.id, "price_unit": 180.0})
            ],
            **values,
        )

    def _order_abroad(self, contract, quantity):
        return self._new_order(
            parts_contract_id=contract.id,
            pricelist_id=self.list_in_foreign.id,
            order_line=[
                Command.create(
                    {
                        "product_id": self.part.id,
                        "product_uom_qty": quantity,
                        "price_unit": 180.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )

    def test_a_volume_is_used_up_in_its_own_currency(self):
        # 1,800.00 agreed; 5 × 180.00 ordered, the rate halves, 5 × 180.00 ordered
        contract = self._effective(self._framework_abroad(1800.0))
        self._order_abroad(contract, 5).action_confirm()
        self._rate(4.0)
        order = self._order_abroad(contract, 5)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self._held("exceeded by") as held:
            self._order_abroad(contract, 1).action_confirm()
        fact = held.exception.blocks[0]["facts"]["contract_volume"]
        self.assertEqual(fact["value"], 180.0)

    def test_credit_is_granted_in_its_own_currency(self):
        contract = self._effective(self._framework_abroad(9000.0, credit_amount=360.0))
        self._order_abroad(contract, 2).action_confirm()
        self._rate(1.0)
        with self._held("credit agreed in it is exceeded") as held:
            self._order_abroad(contract, 1).action_confirm()
        fact = held.exception.blocks[0]["facts"]["contract_credit"]
        self.assertEqual(fact["value"], 180.0)

    def test_a_rate_voids_no_review(self):
        # important from 500,000.00: 1,000,000.00 of it are, at the rate of the day
        contract = self._framework_abroad(1000000.0)
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        version = contract.sudo().current_version_id
        self.assertEqual(version._in_company_currency(1000.0), 500.0)
        self.assertEqual(version.date_rate, self.today)
        self._rate(1.0)
        with self.subTest("the day's own rate is asked for once"):
            self.assertEqual(version._in_company_currency(1000.0), 1000.0)
        self._rate(2.0)
        version.date_rate = self._day(-1)
        self._rate(1.0)
        self.assertEqual(version._in_company_currency(1000.0), 500.0)
        self._approve(
            self._pending(contract),
            self.director,
            self.accountant,
            self.legal_post,
            self.supply,
            self.general_manager,
        )
        self.assertEqual(contract.state, "approved")

    def test_a_draft_counts_at_today_s_rate(self):
        contract = self._framework_abroad(1000.0)
        version = contract.sudo().current_version_id
        self.assertFalse(version.date_rate)
        self.assertEqual(version._in_company_currency(1000.0), 500.0)
        self._rate(4.0)
        self.assertEqual(version._in_company_currency(1000.0), 250.0)

    def test_no_role_writes_the_day_of_the_rate(self):
        contract = self._framework_abroad(1000.0)
        with self.assertRaisesRegex(Exception, "not written by hand"):
            contract.write({"date_rate": fields.Date.today()})
