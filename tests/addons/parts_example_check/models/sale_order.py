from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "confirm":
            message = self.env._("The customer's own order number is missing.")
            blocks += [
                order._parts_gate_block("example", "example_reference", message)
                for order in self
                if order.company_id.parts_example_reference
                and not order.client_order_ref
            ]
        return blocks
