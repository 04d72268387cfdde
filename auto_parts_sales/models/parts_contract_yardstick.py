from odoo import api, models


class PartsPriceYardstick(models.AbstractModel):
    """The contract's price comes before pricelist and list price (QUO-3)."""

    _inherit = "parts.price.yardstick"

    @api.model
    def _contract_prices(self, company, currency, partner, cases):
        prices = super()._contract_prices(company, currency, partner, cases)
        agreed = self.env["parts.contract.price"]._agreed(
            company, currency, partner, cases
        )
        return {**prices, **agreed}
