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
