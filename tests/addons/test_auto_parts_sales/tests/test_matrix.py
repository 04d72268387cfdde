import json

from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestMatrix(FurtherCommon):
    """paths.md B: variants are ordered by a grid, one line for each cell.

    A confirmed order of 100.00 uses the limit up.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Side",
                "value_ids": [Command.create({"name": n}) for n in ("Left", "Right")],
            }
        )
        cls.template = cls.env["product.template"].create(
            {
                "name": "Headlamp",
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
                "product_add_mode": "matrix",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        cls.file = cls._new_file(100.0)
        cls.order = cls._new_order()
        cls.order.action_confirm()

    def _fill_in(self, quantity):
        """Order ``quantity`` of each side in the grid."""
        values = self.template.attribute_line_ids.product_template_value_ids
        changes = [{"qty": quantity, "ptav_ids": value.ids} for value in values]
        grid = {"product_template_id": self.template.id, "changes": changes}
        # what the client sends when the grid is closed
        self.order.update({"grid": json.dumps(grid), "grid_update": True})
        self.order._apply_grid()

    def test_grid_is_growth(self):
        self._assert_refused(lambda: self._fill_in(2), "beyond the credit limit")
        self.assertEqual(len(self.order.order_line), 1)
        # two sides, two of each, at 50.00
        self.file.credit_limit = 300.0
        self._fill_in(2)
        self.assertEqual(self.order.amount_total, 300.0)
