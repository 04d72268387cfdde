from odoo import api, models


class ResCountryGroup(models.Model):
    _inherit = "res.country.group"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        measure = self.env["parts.price.measure"]
        if measure._controlled():
            for group in groups:
                if group.sudo().pricelist_ids:
                    measure._check_role(group.display_name)
        return groups

    def write(self, vals):
        measure = self.env["parts.price.measure"]
        if not measure._controlled():
            return super().write(vals)
        with measure._countries(self):
            return super().write(vals)

    def unlink(self):
        measure = self.env["parts.price.measure"]
        if not measure._controlled():
            return super().unlink()
        with measure._countries(self):
            return super().unlink()
