from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionSimulation(CommissionCommon):
    """COM-6: what would this quotation earn?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "product_id": cls.filter.id, "rate": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]
        cls.order = (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "user_id": cls.li.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": price,
                                "discount": 10,
                            }
                        )
                        for product, price in ((cls.brake, 600.0), (cls.filter, 400.0))
                    ],
                }
            )
        )

    def _simulate(self, user):
        return (
            self.env["parts.commission.simulation"]
            .with_user(user)
            .with_context(active_model="sale.order", active_id=self.order.id)
            .create({})
        )

    def test_own_quotation(self):
        """540 at 10 % and 360 at 5 %: 54 + 18."""
        simulation = self._simulate(self.li)
        self.assertEqual(simulation.line_ids.mapped("amount"), [54.0, 18.0])
        self.assertEqual(simulation.amount_total, 72.0)

    def test_written_totals_do_not_fool_it(self):
        self.order.order_line.write({"price_subtotal": 9000.0})
        self.assertEqual(self._simulate(self.li).amount_total, 72.0)

    def test_somebody_elses_quotation_tells_nothing(self):
        self.plan.user_ids |= self.wang
        manager = self._new_user("com_boss", "sales_team.group_sale_salesman_all_leads")
        for user in (self.wang, manager):
            simulation = self._simulate(user)
            self.assertFalse(simulation.line_ids)
            self.assertTrue(simulation.note)

    def test_with_a_split(self):
        """Li keeps 80 % of 72, the named developer gets 20 %."""
        self.order.user_id = self.li
        self.plan.split_ids = [
            Command.create(
                {"role": "developer", "user_id": self.wang.id, "share": 20.0}
            )
        ]
        self.assertEqual(self._simulate(self.li).amount_total, 57.6)

    def _price_by_list(self, price):
        """The order's list price of a brake disc."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Garages",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.brake.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                        }
                    )
                ],
            }
        )
        self.order.pricelist_id = pricelist
        line, rest = self.order.order_line
        rest.unlink()
        line.write({"price_unit": 570.0, "discount": 0.0, "tax_ids": [Command.clear()]})

    def test_discount_below_the_orders_own_pricelist(self):
        """570 where the list says 600 is 5 % off: 2 %; where it says 580, less."""
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "rate": 2.0, "discount_min": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]
        for price, earned in ((600.0, 11.4), (580.0, 57.0)):
            with self.subTest(price=price):
                with self.env.cr.savepoint() as savepoint:
                    self._price_by_list(price)
                    self.assertEqual(self._simulate(self.li).amount_total, earned)
                    self.order.order_line.product_id.invoice_policy = "order"
                    self.order.action_confirm()
                    invoice = self.order._create_invoices()
                    invoice.invoice_date = "2026-03-01"
                    invoice.action_post()
                    promised = self.Basis.search([("move_id", "=", invoice.id)])
                    self.assertEqual(promised.amount, earned)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_margin_of_an_order_with_a_pricelist(self):
        """570 less a cost of 370 is 200; 20 % of it."""
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "margin", "rate": 20.0}),
        ]
        self.brake.standard_price = 370.0
        self._price_by_list(600.0)
        self.assertEqual(self._simulate(self.li).amount_total, 40.0)
