from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


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
