from odoo import api, models


class ProductValue(models.Model):
    _inherit = "product.value"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("price"):
            return super().create(vals_list)
        # by the outcome: a default in the context names a product, too
        values = super().create(vals_list)
        for value in values:
            if value.product_id and not value.move_id:
                self.env["parts.price.guard"]._check_cost(
                    value.company_id, value.product_id.display_name
                )
        return values

    def write(self, vals):
        result = super().write(vals)
        if self.env["res.company"]._parts_controlled_ids("price"):
            for value in self:
                if value.product_id and not value.move_id:
                    self.env["parts.price.guard"]._check_cost(
                        value.company_id, value.product_id.display_name
                    )
        return result
