from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .credit_common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditOpens(CreditCommon, AccountPaymentCommon):
    # CRD-3: each part of what is used opens the documents that make it up

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._allow_capture()
        cls.file = cls.env["parts.credit.file"]._of(cls.company, cls.customer)
        # documents of somebody else are never among them
        other = cls._new_customer("Somebody else")
        cls.foreign = cls.env["sale.order"].create(
            {
                "partner_id": other.id,
                "order_line": [
                    Command.create({"product_id": cls.part.id, "price_unit": 10.0})
                ],
            }
        )
        cls.foreign.action_confirm()

    def _opened(self, part):
        action = getattr(self.file, f"action_view_{part}")()
        return self.env[action["res_model"]].search(action["domain"])

    def test_orders(self):
        open_one = self._confirmed(5)
        self._invoice(self._confirmed(3))
        part = self._confirmed(4)
        self._invoice(part, quantity=1)
        # nothing of it is left: Odoo still calls it "to invoice"
        cut = self._confirmed(2, product=self.part_delivered)
        cut.picking_ids.action_cancel()
        self.assertEqual(self.file.exposure_orders, 800.0)
        self.assertEqual(self._opened("orders"), open_one | part)

    def test_receivables(self):
        invoice = self._invoice(self._confirmed(3))
        paid = self._invoice(self._confirmed(2))
        self._pay(paid, 200.0)
        bounced = self._invoice(self._confirmed(1))
        payment = self._pay(bounced, 100.0)
        self.assertEqual(self._opened("receivable").move_id, invoice)
        payment.action_reject()
        self.assertEqual(self.file.exposure_receivable, 400.0)
        self.assertEqual(self._opened("receivable").move_id, invoice | bounced)

    def test_drafts(self):
        draft = self._invoice(self._confirmed(3), post=False)
        self.assertEqual(self.file.exposure_drafts, 300.0)
        self.assertEqual(self._opened("drafts"), draft)

    def test_down_payments(self):
        order = self._confirmed(10)
        deposit = self._down_payment(order, 300.0)
        self.assertEqual(self.file.exposure_down_payments, -300.0)
        self.assertEqual(self._opened("down_payments"), deposit)
        self.assertEqual(self._opened("orders"), order)

    def test_transactions(self):
        order = self._confirmed(10)
        transaction = self._create_transaction(
            flow="direct",
            amount=250.0,
            currency_id=self.company.currency_id.id,
            partner_id=self.customer.id,
            sale_order_ids=[Command.set(order.ids)],
            state="authorized",
            reference="Opens",
        )
        self.assertEqual(self.file.exposure_transactions, -250.0)
        self.assertEqual(self._opened("transactions"), transaction)
        self.assertEqual(self.file.exposure, 750.0)

    def test_uncleared(self):
        outstanding = self.env["account.account"].create(
            {
                "name": "Outstanding receipts",
                "code": "OUTOP",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = outstanding
        self.company.parts_credit_uncleared = True
        payment = self._pay(self._invoice(self._confirmed(10)), 400.0)
        self.assertEqual(self.file.exposure_uncleared, 400.0)
        self.assertEqual(self._opened("uncleared"), payment)
        # 600.00 are open, 400.00 not seen at the bank
        self.assertEqual(self.file.exposure, 1000.0)
