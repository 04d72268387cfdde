from odoo import api, fields, models

# What can give a customer another pricelist
PRICED_BY = {
    "country_id",
    "is_company",
    "parent_id",
    "property_product_pricelist",
    "specific_property_product_pricelist",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === CUSTOMER === #

    parts_vehicle_ids = fields.One2many(
        comodel_name="parts.customer.vehicle",
        inverse_name="partner_id",
        string="Vehicles",
        groups="sales_team.group_sale_salesman",
    )

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("price"):
            own = ("property_product_pricelist", "specific_property_product_pricelist")
            for partner, vals in zip(partners, vals_list, strict=True):
                pricelist = partner.sudo().specific_property_product_pricelist
                if pricelist and not partner.parent_id and any(map(vals.get, own)):
                    self.env["parts.price.guard"]._check_role(
                        self.env.company, f"{partner.display_name}: {pricelist.name}"
                    )
        return partners

    def write(self, vals):
        if not PRICED_BY & vals.keys() or not self.env[
            "res.company"
        ]._parts_controlled_ids("price"):
            return super().write(vals)
        with self.env["parts.price.guard"]._assignments(self):
            return super().write(vals)
