from freezegun import freeze_time

from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedgerPlan(ContractLedgerCommon):
    """CON-6, COL-1: due, overdue and still to come by the plan of instalments."""

    PLAN = (
        (300.0, {"event": "signing", "days": 10}),
        (500.0, {"event": "date", "date": "2026-03-20"}),
        (200.0, {"event": "delivery", "days": 30}),
    )

    def test_nothing_paid(self):
        # the 11th has passed, the 20th is today, nothing was delivered
        contract = self._new_contract(1000.0, plan=self.PLAN)
        self.assertFigures(contract, due=800.0, overdue=300.0, to_come=200.0)

    def test_money_pays_the_earliest_first(self):
        contract = self._new_contract(1000.0, plan=self.PLAN)
        order = self._new_order(contract, 4, product=self.ahead)
        invoice = self._invoice(order)
        self._pay(invoice, 400.0)
        self.assertFigures(contract, due=400.0, overdue=0.0, to_come=200.0)
        amounts = self.env["parts.contract.figures"]._instalments(contract)
        plan = contract.instalment_ids.sorted("sequence")
        self.assertEqual(
            [(str(amounts[x.id][0]), amounts[x.id][1]) for x in plan],
            [("2026-03-11", 0.0), ("2026-03-20", 400.0), ("None", 200.0)],
        )
        dates = {id_: date or False for id_, (date, _amount) in amounts.items()}
        self.assertEqual(dates, plan._due_dates())

    def test_the_first_delivery_makes_its_instalment_due(self):
        contract = self._new_contract(
            1000.0, plan=[(1000.0, {"event": "delivery", "days": 0})]
        )
        self.assertFigures(contract, due=0.0, to_come=1000.0)
        self._deliver(self._new_order(contract, 10), 1)
        self.assertFigures(contract, due=1000.0, overdue=0.0, to_come=0.0)
        amounts = self.env["parts.contract.figures"]._instalments(contract)
        dates = {id_: date for id_, (date, _amount) in amounts.items()}
        self.assertEqual(dates, contract.instalment_ids._due_dates())

    def test_a_delivery_is_on_the_companys_day_whoever_looks(self):
        # 20:00 in Greenwich is the next day in Shanghai, and noon in Los Angeles
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        contract = self._new_contract(
            1000.0, plan=[(1000.0, {"event": "delivery", "days": 0})]
        )
        order = self._new_order(contract, 10)
        self._deliver(order, 1)
        order.picking_ids.move_ids.filtered(
            lambda move: move.state == "done"
        ).date = "2026-03-10 20:00:00"
        amounts = self.env["parts.contract.figures"]._instalments(contract)
        for zone in ("America/Los_Angeles", "Asia/Shanghai", False):
            with self.subTest(zone=zone):
                plan = contract.with_context(tz=zone).instalment_ids
                [date] = plan._due_dates().values()
                self.assertEqual(str(date), "2026-03-11")
                self.assertEqual(date, amounts[plan.id][0])

    def test_a_contract_that_is_not_in_force_owes_nothing(self):
        for state in ("draft", "review", "approved"):
            contract = self._new_contract(1000.0, state="draft", plan=self.PLAN)
            contract.state = state
            self.assertFigures(contract, amount=1000.0, due=0.0, to_come=0.0)

    def test_what_was_credited_does_not_come_any_more(self):
        # 1,000 invoiced, 200 credited: 800 are still to come, all of it due
        contract = self._new_contract(
            1000.0, plan=[(1000.0, {"event": "date", "date": "2026-03-10"})]
        )
        order = self._new_order(contract, 10, product=self.ahead)
        invoice = self._invoice(order)
        self._credit(invoice, [(self.ahead, 200.0)])
        self.assertFigures(contract, due=800.0, overdue=800.0, to_come=0.0)

    def test_an_invoice_that_was_replaced_counts_once(self):
        contract = self._new_contract(1000.0)
        order = self._new_order(contract, 10, product=self.ahead)
        self._credit(self._invoice(order))
        self._invoice(order)
        self.assertFigures(contract, invoiced=1000.0, due=1000.0, to_come=0.0)

    def test_shares_of_a_framework_come_with_its_invoices(self):
        # 30 % before delivery of each order: no instalment of the contract itself;
        # 600 invoiced, due on the 5th, are due and overdue
        contract = self._new_contract(
            9000.0, kind="framework", plan=[(0.0, {"event": "signing"})]
        )
        contract.instalment_ids.write({"value": "percent", "percent": 30.0})
        order = self._new_order(contract, 10, product=self.ahead)
        self.assertFigures(contract, due=0.0, to_come=1000.0)
        invoice = self._invoice(order)
        self._pay(invoice, 400.0)
        self.assertFigures(contract, due=600.0, overdue=600.0, to_come=0.0)
