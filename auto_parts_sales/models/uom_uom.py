from odoo import models


class UomUom(models.Model):
    _inherit = "uom.uom"

    # === PRICE === #

    def write(self, vals):
        measure = self.env["parts.price.measure"]
        if {
            "relative_factor",
            "relative_uom_id",
            "factor",
        } & vals.keys() and measure._controlled():
            before = {unit: unit.factor for unit in self}
            result = super().write(vals)
            for unit, factor in before.items():
                if unit.factor != factor:
                    measure._check_role(unit.display_name)
            return result
        return super().write(vals)
