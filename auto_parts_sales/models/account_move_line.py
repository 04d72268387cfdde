from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === APPROVAL === #

    def _sale_create_reinvoice_sale_line(self):
        # what a vendor bill or an expense adds to an order is let in and flagged
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super()._sale_create_reinvoice_sale_line()
        orders = self.env["sale.order"].union(
            *(order for order in self._sale_determine_order().values() if order)
        )
        watch = self.env["parts.approval.watch"]
        with watch._letting_in(orders._parts_controlled(), self.move_id[:1]):
            return super()._sale_create_reinvoice_sale_line()
