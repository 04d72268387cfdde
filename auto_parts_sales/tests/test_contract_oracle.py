import random

from freezegun import freeze_time

from odoo.tests import tagged

from . import contract_oracle
from .contract_common import ContractLedgerCommon

STEPS = 24


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractOracle(ContractLedgerCommon):
    """CON-6: the ledger agrees with an independent oracle over random histories, and
    with the general ledger to the cent at every step.
    """

    def test_histories(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                self._live(random.Random(seed))

    def _live(self, dice):
        pricelist = self.env["product.pricelist"].create(
            {"name": f"Euro {dice.random()}", "currency_id": self.euro.id}
        )
        self.contracts = [
            self._new_contract(1000.0),
            self._new_contract(0.0, kind="framework"),
            self._new_contract(5000.0, currency_id=self.euro.id),
        ]
        self.pricelists = {self.contracts[2]: pricelist}
        self.orders = self.env["sale.order"]
        self.invoices = self.env["account.move"]
        self.payments = self.env["account.payment"]
        steps = [
            self._order,
            self._order,
            self._deliver_some,
            self._invoice_some,
            self._invoice_some,
            self._pay_some,
            self._pay_some,
            self._pay_ahead,
            self._credit_some,
            self._undo,
            self._bounce,
            self._redraft,
        ]
        self._order(dice)
        for _step in range(STEPS):
            dice.choice(steps)(dice)
            self.assertAgreement()
        self._compare()

    # === STEPS === #

    def _order(self, dice):
        contract = dice.choice([*self.contracts, None])
        values = {"price": dice.randint(1, 99999) / 100}
        if contract in self.pricelists:
            values["pricelist_id"] = self.pricelists[contract].id
        if dice.random() < 0.5:
            values["taxes"] = self.tax_sale_a
        quantities = [dice.randint(1, 9) for _line in range(dice.randint(1, 2))]
        product = dice.choice([self.part, self.ahead])
        self.orders |= self._new_order(contract, *quantities, product=product, **values)

    def _deliver_some(self, dice):
        order = dice.choice(self.orders)
        pickings = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        if pickings:
            wanted = int(pickings[0].move_ids[:1].product_uom_qty)
            self._deliver(order, dice.randint(1, wanted))

    def _invoice_some(self, dice):
        orders = self.orders.filtered(lambda x: x.invoice_status == "to invoice")
        if not orders:
            return
        first = dice.choice(orders)
        if dice.random() < 0.5:
            orders = orders.filtered(lambda x: x.currency_id == first.currency_id)
        else:
            orders = first
        invoices = orders._create_invoices(final=True)
        invoices.write({"invoice_date": "2026-03-05", "date": "2026-03-05"})
        invoices.action_post()
        self.invoices |= invoices

    def _open_invoices(self):
        return self.invoices.filtered(
            lambda x: (
                x.state == "posted"
                and x.move_type == "out_invoice"
                and x.amount_residual > 0.05
            )
        )

    def _pay_some(self, dice):
        invoices = self._open_invoices()
        if not invoices:
            return
        invoice = dice.choice(invoices)
        amount = round(invoice.amount_residual * dice.choice([1, 0.5, 0.333]), 2)
        values = {}
        if dice.random() < 0.25:
            values = {
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.company_data["default_account_expense"].id,
            }
        self.payments |= self._pay(invoice, amount, **values)

    def _pay_ahead(self, dice):
        contract = dice.choice([self.contracts[0], self.contracts[1], None])
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": dice.randint(100, 99999) / 100,
                "journal_id": self.bank.id,
                "parts_contract_id": contract.id if contract else False,
            }
        )
        payment.action_post()
        self.payments |= payment
        invoices = self._open_invoices()
        if invoices and dice.random() < 0.5:
            lines = (dice.choice(invoices) | payment.move_id).line_ids
            lines.filtered(
                lambda x: x.account_type == "asset_receivable" and not x.reconciled
            ).reconcile()

    def _credit_some(self, dice):
        invoices = self._open_invoices()
        if invoices:
            invoice = dice.choice(invoices)
            amount = round(invoice.amount_residual / dice.randint(1, 4), 2)
            note = self._credit(invoice, [(self.part, amount)])
            self.invoices |= note

    def _undo(self, dice):
        partials = self._partials(self.invoices)
        if partials:
            dice.choice(partials).unlink()

    def _bounce(self, dice):
        payments = self.payments.filtered(lambda x: x.state in ("in_process", "paid"))
        if payments:
            dice.choice(payments).action_reject()

    def _redraft(self, dice):
        invoices = self.invoices.filtered(lambda x: x.state == "posted")
        if invoices:
            invoice = dice.choice(invoices)
            invoice.button_draft()
            if dice.random() < 0.7:
                invoice.action_post()

    # === COMPARISON === #

    def _compare(self):
        self.env.flush_all()
        expected = contract_oracle.ledger(self.env.cr, self.company.id)
        self.assertTrue(expected)
        for contract in self.contracts:
            figures = self._line(contract)
            oracle = expected[contract.id]
            for name in ("ordered", "invoiced", "receivable"):
                # an invoice over several contracts is cut in cents
                self.assertAlmostEqual(
                    figures[name], float(oracle[name]), delta=0.05, msg=name
                )
            advance = sum(self._advances(contract))
            self.assertAlmostEqual(
                figures.collected, float(oracle["collected"]) + advance, delta=0.05
            )
        # what is without contract, item by item: not only what is left over
        self.assertAlmostEqual(
            self._line().receivable, float(expected[None]["receivable"]), delta=0.1
        )

    def _advances(self, contract):
        """What payments that name a contract do not settle."""
        payments = self.payments.filtered(
            lambda x: (
                x.parts_contract_id == contract and x.state in ("in_process", "paid")
            )
        )
        book = contract_oracle._Book(self.env.cr, self.company.id)
        for payment in payments:
            for item in book.items.values():
                if item["move_id"] == payment.move_id.id:
                    yield -float(book.open(item))
