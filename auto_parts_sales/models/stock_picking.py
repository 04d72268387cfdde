from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # === APPROVAL === #

    def _action_done(self):
        # what is delivered beyond the order is let in on it and flagged
        orders = self._parts_orders()
        if not orders:
            return super()._action_done()
        with self.env["parts.approval.watch"]._letting_in(orders, self[:1]):
            return super()._action_done()

    def _add_delivery_cost_to_so(self):
        # a carrier's real price is let in on the order and flagged
        orders = self._parts_orders()
        if not orders:
            return super()._add_delivery_cost_to_so()
        with self.env["parts.approval.watch"]._letting_in(orders, self):
            return super()._add_delivery_cost_to_so()

    def _parts_orders(self):
        """Return the controlled orders that these transfers deliver."""
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return self.env["sale.order"]
        orders = self.sale_id | self.move_ids.sale_line_id.order_id
        return orders._parts_controlled()
