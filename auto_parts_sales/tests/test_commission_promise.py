from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon, DepositCommon


@tagged("post_install", "-at_install")
class TestCommissionPromiseFacts(CommissionCommon):
    """COM-2: a line that is not what it was is promised anew, though it costs the
    same."""

    def _edit(self, invoice, **vals):
        invoice.button_draft()
        invoice.write(vals)
        invoice.action_post()
        return self.Basis.search([("move_id", "=", invoice.id)])

    def _collected(self, invoice):
        return sum(self._entries(invoice).mapped("collected"))

    def test_another_customer(self):
        workshop = self.env["res.partner.category"].create({"name": "Workshop"})
        self.partner_b.category_id = workshop
        self.plan.rule_ids = [
            Command.create(
                {"sequence": 1, "partner_category_id": workshop.id, "rate": 5.0}
            )
        ]
        invoice = self._new_invoice([1000.0])
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.amount, 100.0)
        self._pay(invoice, 400.0)
        promised = self._edit(invoice, partner_id=self.partner_b.id)
        self.assertRecordValues(
            promised, [{"partner_id": self.partner_b.id, "rate": 5.0, "amount": 50.0}]
        )
        self.assertEqual(self._earned(invoice), self._collected(invoice) * 0.05)
        self.assertIdle(invoice)

    def test_twice_as_many_at_half_the_price(self):
        """2.00 a unit: 10 at 100.00 promise 20.00, 20 at 50.00 promise 40.00."""
        self.plan.rule_ids.write({"measure": "quantity", "unit_amount": 2.0})
        invoice = self._new_invoice([100.0], post=False)
        invoice.invoice_line_ids.quantity = 10.0
        invoice.action_post()
        self._pay(invoice, 500.0)
        self.assertEqual(self._earned(invoice), 10.0)
        promised = self._edit(
            invoice,
            invoice_line_ids=[
                Command.update(
                    invoice.invoice_line_ids.id, {"quantity": 20.0, "price_unit": 50.0}
                )
            ],
        )
        self.assertRecordValues(promised, [{"amount": 40.0, "quantity": 20.0}])
        self.assertEqual(self._earned(invoice), self._collected(invoice) * 0.04)
        self.assertIdle(invoice)

    def test_part_of_a_line_is_credited_at_its_rate(self):
        """7 % of 33.35 are 2.3345: 2.33. Of 17.50 it is 1.225: 1.23, not 1.22."""
        self.plan.rule_ids.rate = 7.0
        self.plan.split_ids = [
            Command.create({"role": "lead", "user_id": self.wang.id, "share": 10.0})
        ]
        invoice = self._new_invoice([33.35])
        for price, amounts in ((17.5, [-1.23, -0.12]), (33.35, [-2.33, -0.23])):
            with self.subTest(price=price):
                note = self._credit(invoice, [(self.brake, price)])
                promised = self.Basis.search([("move_id", "=", note.id)], order="id")
                self.assertEqual(promised.mapped("amount"), amounts)
                self.assertEqual(promised.mapped("rate"), [7.0, 7.0])
                self.assertEqual(promised.mapped("share"), [100.0, 10.0])

    def test_an_unchanged_line_keeps_its_promise(self):
        invoice = self._new_invoice([100.0], post=False)
        invoice.invoice_line_ids.quantity = 1.0 / 3.0
        invoice.action_post()
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(self._edit(invoice, ref="a reference"), promised)


@tagged("post_install", "-at_install")
class TestCommissionReturnedGoods(DepositCommon):
    """COM-1: a credit note that Odoo makes of an order knows no invoice that it
    reverses: it takes back what the order's invoice promised."""

    def test_goods_come_back(self):
        """1,000 at 10 % are paid; the rate doubles; 400 are paid back: -40."""
        order = self._new_order([(self.brake, 100.0)], confirm=False)
        order.order_line.product_uom_qty = 10.0
        order.action_confirm()
        invoice = self._invoice(order)
        self._pay(invoice, 1000.0)
        self.assertEqual(self._earned(invoice), 100.0)
        self.plan.rule_ids.rate = 20.0
        order.order_line.product_uom_qty = 6.0
        note = order._create_invoices(final=True)
        self.assertEqual(note.move_type, "out_refund")
        self.assertFalse(note.reversed_entry_id)
        note.invoice_date = "2026-04-01"
        note.invoice_user_id = self.wang
        note.action_post()
        self._pay(note, 400.0, date="2026-04-02")
        self.assertRecordValues(
            self._entries(note), [{"user_id": self.li.id, "amount": -40.0}]
        )
        self.assertIdle(invoice | note)

    def test_goods_that_come_back_on_the_next_invoice(self):
        """4 come back at the old rate, 400 of filters at the new one: 80 - 40."""
        order = self._new_order([(self.brake, 100.0)], confirm=False)
        order.order_line.product_uom_qty = 10.0
        order.action_confirm()
        self._pay(self._invoice(order), 1000.0)
        self.plan.rule_ids.rate = 20.0
        order.order_line.product_uom_qty = 6.0
        self.filter.invoice_policy = "order"
        order.order_line = [
            Command.create(
                {
                    "product_id": self.filter.id,
                    "product_uom_qty": 5.0,
                    "price_unit": 100.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice = self._invoice(order, day="2026-04-01")
        self.assertEqual(invoice.amount_total, 100.0)
        self._pay(invoice, 100.0, date="2026-04-02")
        self.assertEqual(self._earned(invoice), 60.0)

    def test_a_rebate_is_by_the_plan(self):
        """Nothing was invoiced before: a negative line earns what its rule says."""
        order = self._new_order([(self.brake, 1000.0), (self.filter, -100.0)])
        invoice = self._invoice(order)
        self._pay(invoice, 900.0)
        self.assertEqual(self._earned(invoice), 90.0)
