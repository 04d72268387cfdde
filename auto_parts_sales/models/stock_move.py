from odoo import api, models

from .parts_delivery_leaving import OF_MOVES


class StockMove(models.Model):
    _inherit = "stock.move"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().create(vals_list)
        named = {vals.get("picking_id") for vals in vals_list}
        named.add(self.env.context.get("default_picking_id"))
        pickings = self.env["stock.picking"].browse(filter(None, named))
        leaving = self.env["parts.delivery.leaving"]
        with leaving._editing(pickings) as writing:
            moves = super().create(vals_list)
            leaving._found(writing, moves.sudo())
        return moves

    def write(self, vals):
        leaving = self.env["parts.delivery.leaving"]
        if not self.env["res.company"]._parts_controlled_ids(
            "ship"
        ) or not leaving._touches_done(self, vals, OF_MOVES):
            return super().write(vals)
        pickings = self.sudo().picking_id
        pickings |= pickings.browse(vals.get("picking_id") or ())
        with leaving._editing(pickings) as writing:
            result = super().write(vals)
            leaving._found(writing, self.sudo())
        return result

    # === APPROVAL === #

    def _action_done(self, cancel_backorder=False):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super()._action_done(cancel_backorder=cancel_backorder)
        with self.env["parts.delivery.leaving"]._departing(self):
            return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_synch_order(self):
        # goods added to a done transfer are let in on its order and flagged
        orders = self.picking_id.sale_id._parts_controlled()
        if not orders:
            return super()._action_synch_order()
        watch = self.env["parts.approval.watch"]
        with watch._letting_in(orders, self.picking_id[:1]):
            return super()._action_synch_order()
