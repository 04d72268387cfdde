from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # === APPROVAL === #

    def _action_synch_order(self):
        # goods added to a done transfer are let in on its order and flagged
        orders = self.picking_id.sale_id._parts_controlled()
        if not orders:
            return super()._action_synch_order()
        watch = self.env["parts.approval.watch"]
        with watch._letting_in(orders, self.picking_id[:1]):
            return super()._action_synch_order()

    # === COMMISSION === #

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        self.env["parts.commission.cost"]._freeze(moves)
        return moves
