from odoo import api, models

from .parts_delivery_leaving import OF_LINES


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("ship"):
            return super().create(vals_list)
        context = self.env.context
        moves = {vals.get("move_id") for vals in vals_list}
        named = {vals.get("picking_id") for vals in vals_list}
        moves.add(context.get("default_move_id"))
        named.add(context.get("default_picking_id"))
        # as superuser: who may not read transfers may write their lines
        moves = self.env["stock.move"].sudo().browse(filter(None, moves)).exists()
        pickings = self.env["stock.picking"].sudo().browse(filter(None, named))
        leaving = self.env["parts.delivery.leaving"]
        with leaving._editing(moves.picking_id | pickings) as writing:
            lines = super().create(vals_list)
            leaving._found(writing, lines.sudo().move_id)
        return lines

    def write(self, vals):
        leaving = self.env["parts.delivery.leaving"]
        if not self.env["res.company"]._parts_controlled_ids(
            "ship"
        ) or not leaving._touches_done(self, vals, OF_LINES):
            return super().write(vals)
        # as superuser: who may not read transfers may write their lines
        lines = self.sudo()
        pickings = lines.picking_id | lines.move_id.picking_id
        pickings |= pickings.browse(vals.get("picking_id") or ())
        moves = lines.move_id.browse(vals.get("move_id") or ())
        with leaving._editing(pickings | moves.picking_id) as writing:
            result = super().write(vals)
            leaving._found(writing, lines.move_id)
        return result
