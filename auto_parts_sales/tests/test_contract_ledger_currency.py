from freezegun import freeze_time

from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedgerCurrency(ContractLedgerCommon):
    """CON-6: in the contract's currency and in the company's."""

    def _euro_order(self, contract, quantity):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self.euro.id}
        )
        order = self._new_order(contract, quantity, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.euro)
        return order

    def test_a_contract_in_another_currency(self):
        # 2 euros for a dollar: 1,000 euros are 500 dollars
        contract = self._new_contract(1000.0, currency_id=self.euro.id)
        order = self._euro_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 200.0)
        self.assertFigures(
            contract,
            amount=500.0,
            amount_currency=1000.0,
            ordered=300.0,
            ordered_currency=600.0,
            delivered_currency=600.0,
            invoiced=300.0,
            invoiced_currency=600.0,
            collected=100.0,
            collected_currency=200.0,
            receivable=200.0,
            receivable_currency=400.0,
        )

    def test_a_difference_of_the_rate_is_settled_otherwise(self):
        # 600 euros = 300 dollars on the 5th; at 4 for a dollar, 600 euros bring 150
        contract = self._new_contract(600.0, currency_id=self.euro.id)
        order = self._euro_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self.env["res.currency.rate"].create(
            {
                "name": "2026-03-10",
                "currency_id": self.euro.id,
                "company_id": self.company.id,
                "rate": 4.0,
            }
        )
        self._pay(invoice, None, date="2026-03-15")
        self.assertFigures(
            contract,
            invoiced=300.0,
            collected=150.0,
            collected_currency=600.0,
            other=150.0,
            other_currency=0.0,
            receivable=0.0,
            receivable_currency=0.0,
        )

    def test_an_invoice_in_another_currency_than_the_contract(self):
        # a contract in dollars, 600 euros invoiced = 300 dollars
        contract = self._new_contract(300.0)
        order = self._euro_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 200.0)
        self.assertFigures(
            contract,
            ordered_currency=300.0,
            invoiced_currency=300.0,
            collected_currency=100.0,
            receivable_currency=200.0,
        )
