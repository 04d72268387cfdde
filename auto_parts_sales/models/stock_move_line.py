from odoo import api, models

from .parts_delivery_leaving import OF_LINES


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().create(vals_list)
        # as superuser: who may not read transfers may write their lines
        leaving = self.env["parts.delivery.leaving"]
        moves = leaving._named("stock.move", vals_list, "move_id")
        pickings = leaving._named("stock.picking", vals_list, "picking_id")
        if not leaving._makes_done(vals_list, moves, pickings):
            return super().create(vals_list)
        with leaving._editing(moves.picking_id | pickings) as writing:
            lines = super().create(vals_list)
            leaving._found(writing, lines.sudo().move_id._parts_done())
        return lines

    def write(self, vals):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().write(vals)
        leaving = self.env["parts.delivery.leaving"]
        moves = leaving._named("stock.move", [vals], "move_id")
        pickings = leaving._named("stock.picking", [vals], "picking_id")
        if not leaving._touches_done(self, vals, OF_LINES, moves, pickings):
            return super().write(vals)
        lines = self.sudo()
        pickings |= (lines.move_id | moves).picking_id | lines.picking_id
        with leaving._editing(pickings) as writing:
            result = super().write(vals)
            leaving._found(writing, lines.move_id._parts_done())
        return result
