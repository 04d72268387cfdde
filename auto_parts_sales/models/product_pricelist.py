from odoo import api, models

# What makes another price of the same rules, or whose price it is
PRICING = {
    "active",
    "company_id",
    "country_group_ids",
    "currency_id",
    "sequence",
}


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        pricelists = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("price"):
            for pricelist in pricelists:
                self.env["parts.price.guard"]._check_role(
                    pricelist.company_id, pricelist.display_name
                )
        return pricelists

    def write(self, vals):
        if PRICING & vals.keys() and self.env["res.company"]._parts_controlled_ids(
            "price"
        ):
            for pricelist in self:
                self.env["parts.price.guard"]._check_role(
                    pricelist.company_id, pricelist.display_name
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_authority(self):
        if self.env["res.company"]._parts_controlled_ids("price"):
            for pricelist in self:
                self.env["parts.price.guard"]._check_role(
                    pricelist.company_id, pricelist.display_name
                )

    def _get_applicable_rules(self, products, date, **kwargs):
        kept = self.env["parts.price.yardstick"]._kept_rules(self, products)
        if kept is None:
            return super()._get_applicable_rules(products, date, **kwargs)
        return kept
