from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractNotice(ContractLedgerCommon):
    """COL-1: notices before an instalment is due; who waits is told of its money."""

    def setUp(self):
        super().setUp()
        self.Notice = self.env["parts.contract.notice"]
        self.company.parts_contract_notice_days = 7

    def _plan(self, *dates):
        return [(500.0, {"event": "date", "date": date}) for date in dates]

    def _given(self, contract):
        return self.Notice.search([("contract_id", "=", contract.id)])

    def test_notice_within_the_days(self):
        # the 27th is 7 days ahead, the 28th is 8; the 19th is past, no notice any more
        plan = self._plan("2026-03-19", "2026-03-27", "2026-03-28")
        contract = self._new_contract(1500.0, plan=plan)
        self.Notice._cron_give()
        given = self._given(contract)
        self.assertEqual(given.mapped("date_due")[0].isoformat(), "2026-03-27")
        self.assertEqual(given.amount, 500.0)
        message = contract.message_ids[:1]
        self.assertIn(contract.partner_id, message.partner_ids)
        self.assertIn("500.00", message.body)
        self.assertEqual(contract.activity_ids.user_id, self.li)

    def test_once_for_each_date(self):
        contract = self._new_contract(500.0, plan=self._plan("2026-03-25"))
        self.Notice._cron_give()
        self.Notice._cron_give()
        self.assertEqual(len(self._given(contract)), 1)
        contract.instalment_ids.date = "2026-03-26"
        self.Notice._cron_give()
        self.assertEqual(len(self._given(contract)), 2)

    def test_no_notice_of_what_is_paid(self):
        contract = self._new_contract(500.0, plan=self._plan("2026-03-25"))
        order = self._new_order(contract, 5, product=self.ahead)
        self._pay(self._invoice(order), 500.0)
        self.Notice._cron_give()
        self.assertFalse(self._given(contract))

    def test_no_notice_where_it_is_switched_off(self):
        self.company.parts_contract_notice_days = 0
        contract = self._new_contract(500.0, plan=self._plan("2026-03-25"))
        self.Notice._cron_give()
        self.assertFalse(self._given(contract))

    def test_no_notice_of_what_is_not_in_force(self):
        contract = self._new_contract(
            500.0, state="draft", plan=self._plan("2026-03-25")
        )
        self.Notice._cron_give()
        self.assertFalse(self._given(contract))

    def _told(self, contract):
        return contract.message_ids.filtered(lambda x: "came in" in (x.body or ""))

    def test_who_waits_is_told_of_money(self):
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5, product=self.ahead, user_id=self.wang.id)
        self._pay(self._invoice(order), 200.0)
        told = self._told(contract)
        self.assertEqual(len(told), 1)
        self.assertIn("200.00", told.body)
        self.assertIn(self.li.partner_id, told.partner_ids)
        self.assertIn(self.wang.partner_id, told.partner_ids)

    def test_who_does_not_wait_any_more_is_not_told(self):
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5, user_id=self.wang.id)
        self._deliver(order, 5)
        self._pay(self._invoice(order), 200.0)
        self.assertEqual(self._told(contract).partner_ids, self.li.partner_id)

    def test_a_credit_note_is_no_money(self):
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5, product=self.ahead)
        self._credit(self._invoice(order), [(self.ahead, 100.0)])
        self.assertFalse(self._told(contract))

    def test_an_advance_is_told(self):
        contract = self._new_contract(500.0)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 150.0,
                "journal_id": self.bank.id,
                "parts_contract_id": contract.id,
            }
        )
        payment.action_post()
        self.assertIn("150.00", self._told(contract).body)

    def test_nobody_is_told_of_invoices_without_contract(self):
        contract = self._new_contract(500.0)
        self._pay(self._new_invoice([(self.brake, 100.0)]), 100.0)
        self.assertFalse(self._told(contract))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractCommission(ContractLedgerCommon):
    """COM-4: without a contract in force, no commission, where plan or company says."""

    def setUp(self):
        super().setUp()
        self.company.parts_commission_requires_contract = True

    def _paid(self, contract):
        order = self._new_order(contract, 5, product=self.ahead)
        invoice = self._invoice(order)
        self._pay(invoice, 500.0)
        return invoice

    def test_no_contract_no_commission(self):
        self.assertEqual(self._earned(self._paid(None)), 0.0)

    def test_a_contract_in_force_lets_it_count(self):
        contract = self._new_contract(500.0)
        self.assertEqual(self._earned(self._paid(contract)), 50.0)
        self.assertEqual(self._line(contract).commission, 50.0)

    def test_it_counts_from_the_day_on_which_it_came_into_force(self):
        contract = self._new_contract(500.0, state="draft")
        invoice = self._paid(contract)
        self.assertEqual(self._earned(invoice), 0.0)
        contract.write({"state": "effective", "date_effective": "2026-03-18"})
        self.assertEqual(
            [(str(entry.date), entry.amount) for entry in self._entries(invoice)],
            [("2026-03-18", 50.0)],
        )

    def test_a_manual_invoice_that_is_given_its_contract(self):
        contract = self._new_contract(500.0)
        invoice = self._new_invoice([(self.brake, 500.0)])
        self._pay(invoice, 500.0)
        self.assertEqual(self._earned(invoice), 0.0)
        invoice.parts_contract_id = contract
        self.assertEqual(self._earned(invoice), 50.0)

    def test_an_invoice_that_is_partly_without_contract(self):
        contract = self._new_contract(500.0)
        orders = self._new_order(contract, 1, product=self.ahead)
        orders |= self._new_order(None, 1, product=self.ahead)
        invoice = self._invoice(orders)
        self._pay(invoice, 200.0)
        self.assertEqual(self._earned(invoice), 0.0)

    def test_without_the_switch_nothing_changes(self):
        self.company.parts_commission_requires_contract = False
        self.assertEqual(self._earned(self._paid(None)), 50.0)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractConduct(ContractLedgerCommon):
    """CON-13: how the customer kept the contract, in the ledger and his file."""

    def test_days_late_by_amount(self):
        # due on the 5th: 300 in time, 100 on the 15th, 10 days late: 1,000 / 400
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5, product=self.ahead)
        invoice = self._invoice(order)
        self._pay(invoice, 300.0, date="2026-03-05")
        self._pay(invoice, 100.0, date="2026-03-15")
        self.assertFigures(contract, days_late=2.5, worst_late=10, late_count=1)

    def test_goods_taken(self):
        # 4 of 5 delivered, 1 back: 60 %
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        picking = self._deliver(order, 4)
        self._take_back(picking, 1)
        self.assertFigures(contract, taken_percent=60.0)

    def test_goods_accepted(self):
        # the first day that stands; one withdrawn counts no more
        contract = self._new_contract(500.0)
        line = self._line(contract)
        self.assertFalse(line.date_accepted)
        first = contract._parts_accepted(fields.Date.to_date("2026-03-10"))
        contract._parts_accepted(fields.Date.to_date("2026-03-12"))
        self.assertEqual(str(self._line(contract).date_accepted), "2026-03-10")
        found = self.Ledger.search([("date_accepted", "<=", "2026-03-10")])
        self.assertIn(line, found)
        first.withdrawn = True
        contract._parts_follow_acceptance()
        self.assertEqual(str(self._line(contract).date_accepted), "2026-03-12")

    def test_it_is_in_the_credit_file(self):
        contract = self._new_contract(500.0)
        self._new_contract(100.0, partner_id=self.partner_b.id)
        file = self.env["parts.credit.file"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id}
        )
        self.assertEqual(file.contract_line_ids.contract_id, contract)
