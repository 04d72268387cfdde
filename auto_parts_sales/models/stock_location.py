from odoo import models
from odoo.exceptions import UserError


class StockLocation(models.Model):
    _inherit = "stock.location"

    # === APPROVAL === #

    def write(self, vals):
        if {"usage", "company_id"}.isdisjoint(vals) or not self.env[
            "res.company"
        ]._parts_controlled_ids("ship"):
            return super().write(vals)
        leaving = self.env["parts.delivery.leaving"]
        ours = self.filtered(leaving._is_ours).sudo()
        companies = {location: location.company_id for location in ours}
        result = super().write(vals)
        for location, company in companies.items():
            if not leaving._is_ours(location):
                location._parts_check_empty(company)
        return result

    def _parts_check_empty(self, company):
        """Refuse that a location which is ours no longer still holds goods: they would
        leave without a delivery.

        :param company: whose location it was
        """
        self.ensure_one()
        controlled = self.env["res.company"]._parts_controlled_ids("ship")
        goods = self.quant_ids.filtered(lambda quant: quant.quantity > 0)
        if company.id in controlled and goods:
            raise UserError(
                self.env._(
                    "“%(location)s” holds goods: they would leave without a delivery."
                    " Move them to another location first.",
                    location=self.display_name,
                )
            )
