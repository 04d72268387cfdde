from odoo import api, models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("price"):
            guard = self.env["parts.price.guard"]
            guard._log_items({}, guard._item_state(items))
        return items

    def write(self, vals):
        if not self.env["res.company"]._parts_controlled_ids("price"):
            return super().write(vals)
        guard = self.env["parts.price.guard"]
        before = guard._item_state(self)
        result = super().write(vals)
        guard._log_items(before, guard._item_state(self))
        return result

    def unlink(self):
        if self.env["res.company"]._parts_controlled_ids("price"):
            guard = self.env["parts.price.guard"]
            guard._log_items(guard._item_state(self), {})
        return super().unlink()
