from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionWritten(CommissionCommon):
    """COM-1: journal items of posted, matched documents, written over RPC.

    10 % on brake discs, 5 % on filters: 600 and 400 promise 60 and 20. Odoo asks for
    no more than that the entry stays balanced (lock dates off, no hash).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "product_id": cls.filter.id, "rate": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]

    def setUp(self):
        super().setUp()
        self.invoice = self._new_invoice([(self.brake, 600.0), (self.filter, 400.0)])
        self.payment = self._pay(self.invoice, 500.0)
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.lines = self.invoice.invoice_line_ids
        self.assertEqual(self.lines.mapped("balance"), [-600.0, -400.0])

    def _promised(self):
        promised = self.Basis.search([("move_id", "=", self.invoice.id)])
        return sorted(promised.mapped("amount"))

    def _match_again(self, invoice, payment):
        items = invoice.line_ids | payment.move_id.line_ids
        items.filtered(lambda x: x.account_type == "asset_receivable").reconcile()

    def test_what_is_refused(self):
        with self.assertRaisesRegex(UserError, "posted"):
            self.lines[0].unlink()
        with self.assertRaisesRegex(UserError, "readonly fields on a posted"):
            self.invoice.invoice_line_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "posted"):
            self.lines[0].tax_ids = self.tax_sale_a
        self.assertEqual(self._promised(), [20.0, 60.0])

    def test_one_item_alone_moves_the_claim(self):
        """700 of discs: Odoo claims 1,100 and takes the matching apart. Matched again,
        5/11 of 70 and of 20 are earned."""
        for vals in ({"balance": -700.0}, {"credit": 700.0}, {"amount_currency": -700}):
            with self.subTest(vals=vals):
                self.lines[0].write({"balance": -600.0})
                self.lines[0].write(vals)
                self.assertEqual(self.invoice.amount_residual, 1100.0)
                self.assertEqual(self._promised(), [20.0, 70.0])
                self.assertEqual(self._earned(self.invoice), 0.0)
                self._match_again(self.invoice, self.payment)
                self.assertEqual(self._earned(self.invoice), 40.91)
                self.assertIdle(self.invoice)

    def test_price_alone_changes_no_amount(self):
        self.lines[0].write({"price_unit": 9.0, "discount": 50.0})
        self.assertEqual(self.lines[0].balance, -600.0)
        self.assertEqual(self._earned(self.invoice), 40.0)
        self.assertIdle(self.invoice)

    def test_two_items_at_once(self):
        """500 each: 50 and 25, of which half is collected."""
        self.lines.write({"balance": -500.0})
        self.assertEqual(self._promised(), [25.0, 50.0])
        self.assertEqual(self._earned(self.invoice), 37.5)
        self.assertIdle(self.invoice)

    def test_through_the_invoice_with_a_key_in_the_context(self):
        """The claim becomes 1,100 and is matched no more; matched again, 500 of it."""
        term = self.invoice.line_ids - self.lines
        self.invoice.with_context(skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(self.lines[0].id, {"balance": -700.0}),
                    Command.update(term.id, {"balance": 1100.0}),
                ]
            }
        )
        self.assertEqual(self._promised(), [20.0, 70.0])
        self.assertEqual(self._earned(self.invoice), 0.0)
        self._match_again(self.invoice, self.payment)
        self.assertEqual(self._earned(self.invoice), 40.91)
        self.assertIdle(self.invoice)

    def test_items_added(self):
        """100 of filters more, against an item of another account."""
        other = self.company_data["default_account_expense"]
        common = {"move_id": self.invoice.id, "tax_ids": [Command.clear()]}
        self.env["account.move.line"].create(
            [
                {
                    **common,
                    "product_id": self.filter.id,
                    "account_id": self.lines[1].account_id.id,
                    "price_unit": 100.0,
                    "balance": -100.0,
                },
                {**common, "account_id": other.id, "balance": 100.0, "name": "other"},
            ]
        )
        self.assertEqual(sum(self.invoice.line_ids.mapped("balance")), 0.0)
        promised = self._promised()
        self.assertIn(5.0, promised)
        self.assertEqual(self._earned(self.invoice), sum(promised) / 2.0)
        self.assertIdle(self.invoice)

    def test_items_deleted_with_a_key_in_the_context(self):
        """A free disc of 0.00 goes; nothing is promised of it, nothing changes. Then
        600 move to the filters, and the discs' line goes."""
        discs, filters = self.lines
        self.invoice.with_context(skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(discs.id, {"balance": 0.0, "price_unit": 0.0}),
                    Command.update(filters.id, {"balance": -1000.0}),
                ]
            }
        )
        self.assertEqual(self._promised(), [50.0])
        discs.with_context(force_delete=True).unlink()
        self.assertEqual(self._promised(), [50.0])
        self.assertEqual(self._earned(self.invoice), 25.0)
        self.assertIdle(self.invoice)

    def test_another_product_on_the_line(self):
        self.lines[0].product_id = self.filter
        self.assertEqual(self.lines[0].balance, -600.0)
        self.assertEqual(self._promised(), [20.0, 30.0])
        self.assertEqual(self._earned(self.invoice), 25.0)
        self.assertIdle(self.invoice)

    def test_amount_in_currency_beside_the_same_balance(self):
        """200 euros of 1,200 are claimed, balanced in dollars as before: 600 euros
        settle them, and they earn 20."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        invoice = self._new_invoice([1200.0], currency_id=euro.id)
        payment = self._pay(invoice, 600.0, currency_id=euro.id)
        line = invoice.invoice_line_ids
        self.assertEqual((line.amount_currency, line.balance), (-1200.0, -600.0))
        line.write({"amount_currency": -200.0, "balance": -600.0})
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.amount, 20.0)
        self.assertEqual(self._earned(invoice), 0.0, "Odoo took the matching apart")
        self._match_again(invoice, payment)
        entries = self._entries(invoice)
        self.assertEqual(sum(entries.mapped("amount_currency")), 20.0)
        self.assertIdle(invoice)

    def test_money_in_the_payments_own_entry(self):
        """Of a payment with a write-off both items are written: half of it is money."""
        lost = self.company_data["default_account_expense"]
        invoice = self._new_invoice([1000.0])
        payment = self._pay(
            invoice,
            900.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=lost.id,
        )
        self.assertEqual(self._earned(invoice), 90.0)
        items = payment.move_id.line_ids.filtered(lambda x: x.balance > 0.0)
        self.assertEqual(sorted(items.mapped("balance")), [100.0, 900.0])
        items.write({"balance": 500.0})
        self.assertEqual(self._earned(invoice), 50.0)
        self.assertIdle(invoice)

    def test_account_of_a_write_off(self):
        """What was booked as lost was on the bank after all."""
        lost = self.company_data["default_account_expense"]
        invoice = self._new_invoice([1000.0])
        payment = self._pay(
            invoice,
            900.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=lost.id,
        )
        item = payment.move_id.line_ids.filtered(lambda x: x.account_id == lost)
        item.account_id = self.bank.default_account_id
        self.assertEqual(self._earned(invoice), 100.0)
        self.assertIdle(invoice)

    def test_without_commission_nothing_is_looked_at(self):
        """COM-8 of the house: where no plan ever was, no query more."""
        self.company.sudo().parts_commission_in_use = False
        engine = type(self.env["parts.commission.engine"])
        self.patch(engine, "_as_superuser", None)
        self.lines.write({"balance": -500.0})
        self.assertEqual(self._promised(), [20.0, 60.0])
