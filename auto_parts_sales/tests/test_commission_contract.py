from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionContract(CommissionCommon):
    """COM-4: no effective contract, no commission; the contract room's door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.since = {}
        cls.plan.requires_contract = True

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["account.move"]),
            "_parts_commission_contract_date",
            lambda move: self.since.get(move.id, False),
        )

    def _becomes_effective(self, invoice, day):
        self.since[invoice.id] = day and date.fromisoformat(day)
        invoice.with_user(self.wang)._parts_commission_follow_contract()

    def test_collected_before_is_booked_at_the_contracts_date(self):
        invoice, other = self._new_invoice([1000.0]), self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._pay(other, 400.0, date="2026-03-10")
        self.assertLedger(invoice, [])
        self._becomes_effective(invoice, "2026-05-02")
        first = ("collection", "collected", "2026-05-02", 40.0)
        self.assertLedger(invoice, [first])
        self._becomes_effective(invoice, "2026-05-02")
        self.assertLedger(invoice, [first])
        self._pay(invoice, 600.0, date="2026-06-01")
        last = ("collection", "collected", "2026-06-01", 60.0)
        self.assertLedger(invoice, [first, last])
        self.assertLedger(other, [])

    def test_effective_before_the_money(self):
        invoice = self._new_invoice([1000.0])
        self._becomes_effective(invoice, "2026-02-01")
        self._pay(invoice, 400.0, date="2026-03-10")
        self.assertLedger(invoice, [("collection", "collected", "2026-03-10", 40.0)])

    def test_no_longer_effective(self):
        invoice = self._new_invoice([1000.0])
        self._becomes_effective(invoice, "2026-02-01")
        self._pay(invoice, 400.0, date="2026-03-10")
        self._becomes_effective(invoice, False)
        self.assertEqual(
            self._ledger(invoice)[1:],
            [("correction", "contract", "2026-03-10", -40.0)],
        )
        self.assertEqual(self._earned(invoice), 0.0)

    def test_money_in_time_is_not_late_for_the_contract(self):
        """Due on the 1st, paid on the 10th: 9 days, whatever the contract's date."""
        self.plan.factor_ids = [Command.create({"days_from": 30, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._becomes_effective(invoice, "2026-05-02")
        self.assertEqual(self._earned(invoice), 40.0)
        self._pay(invoice, 600.0, date="2026-06-01")
        self.assertEqual(self._earned(invoice), 40.0 + 30.0)

    def test_without_the_switch(self):
        self.plan.requires_contract = False
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self.assertEqual(self._earned(invoice), 40.0)
