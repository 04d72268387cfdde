from odoo import api, models


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        measure = self.env["parts.price.measure"]
        if measure._controlled():
            measure._new_extras(values)
        return values

    def write(self, vals):
        measure = self.env["parts.price.measure"]
        if "price_extra" not in vals or not measure._controlled():
            return super().write(vals)
        with measure._extras(self):
            return super().write(vals)
