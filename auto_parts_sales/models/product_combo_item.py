from odoo import api, models


class ProductComboItem(models.Model):
    _inherit = "product.combo.item"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        measure = self.env["parts.price.measure"]
        if measure._controlled():
            # what may be chosen in a combo is sold at the combo's price
            for item in items:
                measure._check_role(item.product_id.display_name)
            measure._new_extras(items)
        return items

    def write(self, vals):
        measure = self.env["parts.price.measure"]
        if not measure._controlled():
            return super().write(vals)
        if {"product_id", "combo_id"} & vals.keys():
            for item in self:
                measure._check_role(item.product_id.display_name)
        with measure._extras(self):
            return super().write(vals)
