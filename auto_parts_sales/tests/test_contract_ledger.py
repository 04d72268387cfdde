from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedger(ContractLedgerCommon):
    """CON-6: one line per contract, from Odoo's own records."""

    def test_each_step_shows_in_its_column(self):
        # 8 of 10 pieces at 100 ordered, 6 delivered and invoiced, 250 paid
        contract = self._new_contract(1000.0)
        order = self._new_order(contract, 8)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 250.0)
        self.assertFigures(
            contract,
            amount=1000.0,
            ordered=800.0,
            delivered=600.0,
            invoiced=600.0,
            collected=250.0,
            receivable=350.0,
            due=350.0,
            overdue=350.0,
            to_come=400.0,
        )

    def test_an_order_without_contract_is_in_the_line_without(self):
        contract = self._new_contract(1000.0)
        before = self._line()
        ordered, receivable = before.ordered, before.receivable
        order = self._new_order(None, 3)
        self._deliver(order, 3)
        self._invoice(order)
        self.assertFigures(contract, ordered=0.0, invoiced=0.0, receivable=0.0)
        line = self._line()
        self.assertEqual(line.ordered - ordered, 300.0)
        self.assertEqual(line.receivable - receivable, 300.0)

    def test_quotations_and_cancelled_orders_do_not_count(self):
        contract = self._new_contract()
        self._new_order(contract, 2)._action_cancel()
        self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "parts_contract_id": contract.id,
                "order_line": [Command.create({"product_id": self.part.id})],
            }
        )
        self.assertFigures(contract, ordered=0.0)

    def test_several_orders_under_one_contract(self):
        contract = self._new_contract(0.0, kind="framework")
        first, second = self._new_order(contract, 2), self._new_order(contract, 5)
        self._deliver(first, 2)
        self._deliver(second, 1)
        self._invoice(first)
        self._invoice(second)
        self.assertFigures(contract, ordered=700.0, delivered=300.0, invoiced=300.0)

    def test_tax_is_in_every_column(self):
        # 15 % on 4 × 100
        contract = self._new_contract(460.0)
        order = self._new_order(contract, 4, taxes=self.tax_sale_a)
        self._deliver(order, 4)
        invoice = self._invoice(order)
        self._pay(invoice, 460.0)
        self.assertFigures(
            contract,
            ordered=460.0,
            delivered=460.0,
            invoiced=460.0,
            collected=460.0,
            receivable=0.0,
            to_come=0.0,
        )

    def test_goods_that_came_back(self):
        # 5 delivered, 2 back: 300 delivered; the credit note takes 200 off
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        picking = self._deliver(order, 5)
        self._invoice(order)
        self._take_back(picking, 2)
        self.assertFigures(contract, delivered=300.0, invoiced=500.0)
        note = order._create_invoices(final=True)
        note.invoice_date = note.date = "2026-03-12"
        note.action_post()
        self.assertEqual(note.move_type, "out_refund")
        self.assertFigures(
            contract, invoiced=300.0, credited=200.0, receivable=300.0, collected=0.0
        )

    def test_a_credit_note_is_no_money(self):
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        self._deliver(order, 5)
        invoice = self._invoice(order)
        self._credit(invoice, [(self.part, 200.0)])
        self._pay(invoice, 300.0)
        self.assertFigures(
            contract,
            invoiced=300.0,
            credited=200.0,
            collected=300.0,
            other=0.0,
            receivable=0.0,
        )

    def test_money_paid_back_is_taken_off(self):
        # 500 paid, 200 of it paid back against a credit note
        contract = self._new_contract(500.0)
        order = self._new_order(contract, 5)
        self._deliver(order, 5)
        invoice = self._invoice(order)
        self._pay(invoice, 500.0)
        note = self._credit(invoice, [(self.part, 200.0)], match=False)
        self._pay(note, 200.0)
        self.assertFigures(
            contract, invoiced=300.0, collected=300.0, receivable=0.0, other=0.0
        )

    def test_a_down_payment_counts_once(self):
        # 30 % of 1,000 before, 700 after
        contract = self._new_contract(1000.0)
        order = self._new_order(contract, 10, product=self.ahead)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 30.0})
        )
        down = wizard._create_invoices(order)
        down.write({"invoice_date": "2026-03-02", "date": "2026-03-02"})
        down.action_post()
        self._pay(down, 300.0)
        self.assertFigures(
            contract, ordered=1000.0, invoiced=300.0, collected=300.0, receivable=0.0
        )
        rest = self._invoice(order)
        self.assertEqual(rest.amount_total, 700.0)
        self.assertFigures(
            contract, ordered=1000.0, invoiced=1000.0, collected=300.0, receivable=700.0
        )

    def test_a_payment_that_bounced_is_no_money(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        payment = self._pay(invoice, 600.0)
        self.assertFigures(contract, collected=600.0, receivable=0.0)
        rest = self._line().unmatched
        payment.action_reject()
        # its entry stands in the books until finance takes it out: without contract
        self.assertFigures(
            contract, collected=0.0, receivable=600.0, due=600.0, rejected_count=1
        )
        self.assertEqual(self._line().unmatched - rest, -600.0)

    def test_a_payment_set_back_to_draft_is_no_money(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(invoice, 600.0).action_draft()
        self.assertFigures(contract, collected=0.0, receivable=600.0)

    def test_an_invoice_set_back_to_draft_does_not_count(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        invoice.button_draft()
        self.assertFigures(contract, delivered=600.0, invoiced=0.0, receivable=0.0)
        invoice.action_post()
        self.assertFigures(contract, invoiced=600.0)

    def test_what_is_written_off_is_settled_otherwise(self):
        contract = self._new_contract(600.0)
        order = self._new_order(contract, 6)
        self._deliver(order, 6)
        invoice = self._invoice(order)
        self._pay(
            invoice,
            590.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertFigures(contract, collected=590.0, other=10.0, receivable=0.0)

    def test_one_payment_for_invoices_of_two_contracts(self):
        one, two = self._new_contract(100.0), self._new_contract(200.0)
        first, second = self._new_order(one, 1), self._new_order(two, 2)
        self._deliver(first, 1)
        self._deliver(second, 2)
        invoices = self._invoice(first) | self._invoice(second)
        self._pay(invoices, 300.0)
        self.assertFigures(one, collected=100.0, receivable=0.0)
        self.assertFigures(two, collected=200.0, receivable=0.0)

    def test_one_invoice_over_two_contracts_and_none(self):
        # 100, 200 and 0.01: 1/3, 2/3 and the rest, in cents
        one, two = self._new_contract(100.0), self._new_contract(200.0)
        orders = (
            self._new_order(one, 1)
            | self._new_order(two, 2)
            | self._new_order(None, 1, price=0.01)
        )
        for order, quantity in zip(orders, (1, 2, 1), strict=True):
            self._deliver(order, quantity)
        invoice = self._invoice(orders)
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.parts_contract_id, two)
        rest = self._line().receivable
        self.assertFigures(one, invoiced=100.0, receivable=100.0)
        self.assertFigures(two, invoiced=200.0, receivable=200.0)
        # 100.00 × 100/300.01 = 33.33, × 200/300.01 = 66.66, and a cent for the rest
        self._pay(invoice, 100.0)
        self.assertFigures(one, collected=33.33, receivable=66.67)
        self.assertFigures(two, collected=66.67, receivable=133.33)
        self.assertEqual(round(self._line().receivable - rest, 2), 0.0)

    def test_a_manual_invoice_is_given_its_contract(self):
        contract = self._new_contract(500.0)
        invoice = self._new_invoice([(self.brake, 500.0)])
        self.assertFigures(contract, invoiced=0.0)
        invoice.with_user(self._accountant()).write({"parts_contract_id": contract.id})
        self.assertFigures(contract, invoiced=500.0, receivable=500.0)

    def _accountant(self):
        return self._new_user("ledger_accountant", "account.group_account_user")

    def test_a_posted_invoice_keeps_the_contract_of_its_orders(self):
        contract, other = self._new_contract(100.0), self._new_contract(200.0)
        order = self._new_order(contract, 1)
        self._deliver(order, 1)
        invoice = self._invoice(order).with_user(self._accountant())
        with self.assertRaisesRegex(UserError, "stays so"):
            invoice.parts_contract_id = other
        order.parts_contract_id = other
        self.assertFigures(contract, invoiced=100.0)
        self.assertFigures(other, invoiced=0.0)

    def test_an_invoice_takes_no_contract_of_somebody_else(self):
        contract = self._new_contract(100.0, partner_id=self.partner_b.id)
        invoice = self._new_invoice([(self.brake, 500.0)])
        with self.assertRaisesRegex(UserError, "somebody else"):
            invoice.with_user(self._accountant()).parts_contract_id = contract
        draft = self._new_invoice(
            [(self.brake, 500.0)], post=False, parts_contract_id=contract.id
        )
        with self.assertRaisesRegex(UserError, "somebody else"):
            draft.action_post()

    def test_an_advance_counts_for_the_contract_that_it_names(self):
        # 300 at signing, no invoice yet; then 1,000 invoiced and matched
        contract = self._new_contract(1000.0)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 300.0,
                "date": "2026-03-02",
                "journal_id": self.bank.id,
                "parts_contract_id": contract.id,
            }
        )
        payment.action_post()
        self.assertFigures(
            contract, collected=300.0, receivable=-300.0, to_come=700.0, invoiced=0.0
        )
        order = self._new_order(contract, 10)
        self._deliver(order, 10)
        invoice = self._invoice(order)
        lines = (invoice | payment.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertFigures(
            contract, collected=300.0, receivable=700.0, invoiced=1000.0, other=0.0
        )

    def test_another_customer_names_no_contract_on_his_payment(self):
        contract = self._new_contract(1000.0)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.env["account.payment"].create(
                {
                    "partner_id": self.partner_b.id,
                    "amount": 300.0,
                    "journal_id": self.bank.id,
                    "parts_contract_id": contract.id,
                }
            )


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


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedgerPolicy(ContractLedgerCommon):
    """The ledger counts as collected what the invoice does (company's policy)."""

    def setUp(self):
        super().setUp()
        self.contract = self._new_contract(1000.0)
        order = self._new_order(self.contract, 10)
        self._deliver(order, 10)
        self.invoice = self._invoice(order)

    def assertCollected(self, amount):
        self.assertFigures(self.contract, collected=amount)
        share = self.invoice.parts_collected_percent
        self.assertEqual(round(share, 2), round(amount / 10.0, 2))

    def _bank(self, amount, *lines):
        """A bank transaction whose counterpart is matched with some items."""
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-12",
                "payment_ref": "Bank",
                "amount": amount,
                "partner_id": self.customer.id,
            }
        )
        _liquid, suspense, _other = statement._seek_for_lines()
        suspense.account_id = lines[0].account_id
        (suspense + lines[0]).reconcile()
        return statement

    def test_registered(self):
        self._pay(self.invoice, 400.0)
        self.assertCollected(400.0)

    def test_cleared_counts_once_the_bank_has_it(self):
        self.company.parts_collected_policy = "cleared"
        payment = self._pay(self.invoice, 400.0)
        self.assertCollected(0.0)
        waiting = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.outstanding_account_id
        )
        self._bank(400.0, waiting)
        self.assertCollected(400.0)

    def test_a_draft_counts_when_it_matures(self):
        payment = self._pay(self.invoice, 400.0)
        payment.parts_maturity_date = "2026-03-21"
        self.assertCollected(0.0)
        payment.parts_maturity_date = "2026-03-20"
        self.assertCollected(400.0)

    def test_bank_fees_by_policy(self):
        account = self.company_data["default_account_expense"].with_env(self.env)
        self._pay(
            self.invoice,
            980.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self.assertCollected(980.0)
        self.company.parts_bank_fee_account_ids = account
        self.company.parts_collected_fees = True
        self.assertCollected(1000.0)

    def test_a_bill_counts_when_it_was_paid(self):
        bills = self.env["account.account"].create(
            {
                "name": "Bills receivable",
                "code": "BILLS",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        entry = self.env["account.move"].create(
            {
                "date": "2026-03-10",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": bills.id,
                            "partner_id": self.customer.id,
                            "debit": 600.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.customer.id,
                            "credit": 600.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (entry.line_ids[1] + receivable).reconcile()
        self.assertCollected(0.0)
        self.assertFigures(self.contract, other=600.0, receivable=400.0)
        self._bank(600.0, entry.line_ids[0])
        self.assertCollected(600.0)

    def test_bank_money_without_a_payment(self):
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self._bank(250.0, receivable)
        self.assertCollected(250.0)

    def test_an_early_payment_discount_is_no_money(self):
        # 1,000 + 15 %, 2 % for paying at once: 98 % are collected in each tax mode
        for mode, total, collected in (
            ("included", 1150.0, 1127.0),
            ("excluded", 1150.0, 1127.0),
            ("mixed", 1147.0, 1124.06),
        ):
            with self.subTest(mode=mode):
                contract = self._new_contract(total)
                term = self.env["account.payment.term"].create(
                    {
                        "name": "2/7 net 30",
                        "early_discount": True,
                        "discount_percentage": 2.0,
                        "discount_days": 7,
                        "early_pay_discount_computation": mode,
                        "line_ids": [
                            Command.create(
                                {
                                    "value": "percent",
                                    "value_amount": 100.0,
                                    "nb_days": 30,
                                }
                            )
                        ],
                    }
                )
                invoice = self._new_invoice(
                    [1000.0],
                    taxes=self.tax_sale_a,
                    invoice_payment_term_id=term.id,
                    parts_contract_id=contract.id,
                )
                self._pay(invoice, None, date="2026-03-04")
                self.assertEqual(invoice.amount_total, total)
                self.assertEqual(round(invoice.parts_collected_percent, 2), 98.0)
                self.assertFigures(
                    contract,
                    collected=collected,
                    other=round(total - collected, 2),
                    receivable=0.0,
                )
                self.company.parts_collected_discount = True
                self.assertFigures(contract, collected=total, other=0.0)
                self.company.parts_collected_discount = False

    def test_tax_that_the_customer_withholds(self):
        # of 1,000 he pays 970 and withholds 30
        tax_line = self.tax_sale_a.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        payment = self._pay(self.invoice, 970.0)
        self._partials(self.invoice).unlink()
        payment.action_draft()
        claim = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        payment.move_id.write(
            {
                "line_ids": [
                    Command.update(
                        claim.id, {"balance": -1000.0, "amount_currency": -1000.0}
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_tax_sale"
                            ].id,
                            "balance": 30.0,
                            "tax_repartition_line_id": tax_line.id,
                        }
                    ),
                ]
            }
        )
        payment.action_post()
        lines = (self.invoice | payment.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertCollected(970.0)
        self.company.parts_collected_withheld = True
        self.assertCollected(1000.0)
