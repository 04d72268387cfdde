from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionCost(CommissionCommon):
    """COM-2: margin is what is left above the cost at delivery, for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "margin", "rate": 25.0}),
        ]
        cls.brake.write({"is_storable": True, "invoice_policy": "delivery"})
        cls.brake.standard_price = 60.0

    def _order(self, quantity, price=100.0):
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "user_id": self.li.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.brake.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        return order

    def _deliver(self, order, quantity):
        picking = order.picking_ids.filtered(
            lambda x: x.state not in ("done", "cancel")
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()

    def _bill(self, order):
        invoice = order._create_invoices()
        invoice.write({"invoice_date": "2026-03-01", "invoice_payment_term_id": False})
        invoice.action_post()
        return invoice

    def test_each_delivery_at_the_cost_of_its_day(self):
        """4 at 60 and 6 at 70 for 1,000: 340 are left, 25 %: 85.00."""
        order = self._order(10)
        self._deliver(order, 4)
        self.brake.standard_price = 70.0
        self._deliver(order, 6)
        self.brake.standard_price = 10.0
        invoice = self._bill(order)
        self._pay(invoice, 300.0)
        self.brake.standard_price = 99.0
        self._pay(invoice, 700.0)
        self.assertEqual(
            [amount for *_rest, amount in self._ledger(invoice)], [25.5, 59.5]
        )
        self.assertIdle(invoice)

    def test_invoiced_before_it_is_delivered(self):
        """Nothing has left yet: the cost when the invoice is posted."""
        self.brake.invoice_policy = "order"
        order = self._order(2)
        invoice = self._bill(order)
        self.brake.standard_price = 90.0
        self._deliver(order, 2)
        self._pay(invoice, 200.0)
        self.assertEqual(self._earned(invoice), 20.0, "25 % of 200 less 120")

    def test_what_others_write_changes_nothing(self):
        """The cost of an order line and its margin are no source."""
        order = self._order(2)
        self._deliver(order, 2)
        line = order.order_line
        for name in ("purchase_price", "margin"):
            if name in line._fields:
                line[name] = 1.0
        invoice = self._bill(order)
        self._pay(invoice, 200.0)
        self.assertEqual(self._earned(invoice), 20.0)

    def test_no_cost_is_kept_where_no_plan_asks_for_it(self):
        self.plan.rule_ids = [Command.clear(), Command.create({"rate": 5.0})]
        order = self._order(1)
        self._deliver(order, 1)
        costs = self.env["parts.commission.cost"].sudo()
        self.assertFalse(costs.search([("sale_line_id.order_id", "=", order.id)]))
