from freezegun import freeze_time

from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractBalance(ContractLedgerCommon):
    """CON-5: what gates and settlements count as paid is what the ledger says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.balance = cls.env["parts.contract.balance"]

    def _shared(self):
        """One invoice of 300 over two contracts: 100 and 200."""
        one, two = self._new_contract(100.0), self._new_contract(200.0)
        orders = self._new_order(one, 1) | self._new_order(two, 2)
        for order, quantity in zip(orders, (1, 2), strict=True):
            self._deliver(order, quantity)
        return one, two, orders, self._invoice(orders)

    def test_an_invoice_over_two_contracts_is_counted_by_its_parts(self):
        # 150 of 300 paid: 50 for the first, 100 for the second
        one, two, _orders, invoice = self._shared()
        self._pay(invoice, 150.0)
        for contract, invoiced, received in ((one, 100.0, 50.0), (two, 200.0, 100.0)):
            self.assertEqual(self.balance._invoiced(contract), invoiced)
            self.assertEqual(self.balance._received(contract), received)
            line = self._line(contract)
            self.assertEqual((line.invoiced, line.collected), (invoiced, received))

    def test_one_order_is_not_paid_by_the_money_of_another(self):
        # two orders of a framework on one invoice of 300, 150 paid: 50 are the first's
        framework = self._new_contract(0.0, kind="framework")
        orders = self._new_order(framework, 1) | self._new_order(framework, 2)
        for order, quantity in zip(orders, (1, 2), strict=True):
            self._deliver(order, quantity)
        self._pay(self._invoice(orders), 150.0)
        self.assertEqual(self.balance._received(framework), 150.0)
        self.assertEqual(self.balance._received(framework, orders[0]), 50.0)
        self.assertEqual(self.balance._received(framework, orders[1]), 100.0)

    def test_an_invoice_given_to_another_contract_is_not_this_ones(self):
        one, two = self._new_contract(100.0), self._new_contract(100.0)
        order = self._new_order(one, 1)
        self._deliver(order, 1)
        self._invoice(order)
        order.parts_contract_id = two
        self.assertEqual(self.balance._invoiced(one), 100.0)
        self.assertEqual(self.balance._invoiced(two), 0.0)

    def test_without_contracts_an_invoice_asks_for_nothing_more(self):
        self.company.parts_contract_in_use = False
        invoice = self._new_invoice([100.0])
        self.assertEqual(invoice.company_id.parts_contract_in_use, False)
        self.assertEqual(invoice.state, "posted")
        with self.assertQueryCount(0):
            self.assertFalse(invoice.parts_contract_shared)
            self.assertFalse(invoice.parts_contract_ids)
