from odoo import api, models

from .parts_delivery_leaving import OF_MOVES
from .parts_price_cost import OF_MOVES as COST_OF_MOVES


class StockMove(models.Model):
    _inherit = "stock.move"

    # === PRICE === #

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in COST_OF_MOVES and operation == "read":
            if self.env["parts.price.cost"]._is_hidden():
                return False
        return super()._has_field_access(field, operation)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().create(vals_list)
        leaving = self.env["parts.delivery.leaving"]
        pickings = leaving._named("stock.picking", vals_list, "picking_id")
        if not leaving._makes_done(vals_list, pickings):
            return super().create(vals_list)
        with leaving._editing(pickings) as writing:
            moves = super().create(vals_list)
            leaving._found(writing, moves._parts_done())
        return moves

    def write(self, vals):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().write(vals)
        leaving = self.env["parts.delivery.leaving"]
        if not leaving._touches_done(self, vals, OF_MOVES):
            return super().write(vals)
        pickings = leaving._named("stock.picking", [vals], "picking_id")
        with leaving._editing(self.sudo().picking_id | pickings) as writing:
            result = super().write(vals)
            leaving._found(writing, self._parts_done())
        return result

    # === APPROVAL === #

    def _parts_done(self):
        """Return those that are done, as superuser."""
        return self.sudo().filtered(lambda move: move.state == "done")

    def _action_done(self, cancel_backorder=False):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            moves = super()._action_done(cancel_backorder=cancel_backorder)
        else:
            with self.env["parts.delivery.leaving"]._departing(self):
                moves = super()._action_done(cancel_backorder=cancel_backorder)
        self.env["parts.commission.cost"]._freeze(moves)
        return moves

    def _action_synch_order(self):
        # goods added to a done transfer are let in on its order and flagged
        orders = self.picking_id.sale_id._parts_controlled()
        if not orders:
            return super()._action_synch_order()
        watch = self.env["parts.approval.watch"]
        with watch._letting_in(orders, self.picking_id[:1]):
            return super()._action_synch_order()
