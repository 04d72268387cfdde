from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestRepair(FurtherCommon):
    """paths.md B: parts that a repair needs come onto its confirmed order.

    The order is a repair at 50.00; a brake disc costs 100.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo lets only who may sell add parts to an order by way of a repair
        cls.mechanic = cls._new_user(
            "mechanic",
            "stock.group_stock_user",
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.job = cls.env["product.product"].create(
            {
                "name": "Brake repair",
                "type": "service",
                "service_tracking": "repair",
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls._new_file(50.0)
        cls.order = cls._new_order()
        cls.order.order_line.write(
            {"product_id": cls.job.id, "price_unit": 50.0, "tax_ids": False}
        )
        cls.order.action_confirm()
        cls.repair = cls.order.sudo().repair_order_ids

    def _add_part(self):
        part = {
            "repair_line_type": "add",
            "product_id": self.part.id,
            "product_uom_qty": 1,
        }
        repair = self.repair.with_user(self.mechanic)
        repair.write({"move_ids": [Command.create(part)]})
        return repair.move_ids

    def test_part_is_let_in_and_flagged(self):
        move = self._add_part()
        line = move.sudo().sale_line_id
        self.assertEqual(line.order_id, self.order)
        self.assertEqual((line.product_uom_qty, line.price_unit), (1, 100.0))
        self._assert_grown(self.order, 100.0)

    def test_more_of_a_part_is_let_in_and_flagged(self):
        move = self._add_part()
        move.product_uom_qty = 3
        self.assertEqual(move.sudo().sale_line_id.product_uom_qty, 3)
        self._assert_grown(self.order, 300.0, count=2)

    def test_the_next_gate_stands(self):
        self._add_part()
        job = self.order.order_line[0]
        self._assert_refused(
            lambda: job.write({"price_unit": 50.01}), "beyond the credit limit"
        )

    def test_a_salesperson_cannot_pass_a_line_off_as_a_repair_part(self):
        move = self._add_part()
        lines = self.env["sale.order.line"].with_user(self.seller)
        vals = {
            "order_id": self.order.id,
            "product_id": self.part.id,
            "product_uom_qty": 1,
            "move_ids": [Command.link(move.id)],
        }
        self._assert_refused(lambda: lines.create(vals), "beyond the credit limit")
        line = move.sudo().sale_line_id.with_user(self.seller)
        for change in ({"product_uom_qty": 2}, {"price_unit": 100.01}):
            self._assert_refused(
                lambda change=change: line.write(change), "beyond the credit limit"
            )

    def test_order_drawn_from_a_repair_meets_the_gate(self):
        # a draft at first: nothing is let in unseen
        repair = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.part.id,
                "move_ids": [
                    Command.create(
                        {
                            "repair_line_type": "add",
                            "product_id": self.part.id,
                            "product_uom_qty": 1,
                        }
                    )
                ],
            }
        )
        repair.action_validate()
        repair.action_create_sale_order()
        order = repair.sale_order_id
        self.assertEqual(order.state, "draft")
        order.order_line.tax_ids = False
        self._assert_refused(order.action_confirm, "beyond the credit limit")
