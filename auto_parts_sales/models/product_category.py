from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    # === PRICE === #

    def write(self, vals):
        measure = self.env["parts.price.measure"]
        if "parent_id" in vals and measure._controlled():
            measure._check_category(
                self.filtered(
                    lambda category: category.parent_id.id
                    != (vals["parent_id"] or False)
                )
            )
        return super().write(vals)
