from odoo import models


class PartsContractPricedMixin(models.AbstractModel):
    """Goods and their price, of a declaration or of a contract."""

    _name = "parts.contract.priced.mixin"
    _description = "Goods and Their Price"

    def _price_taxes(self):
        """Return the taxes with which the price of this line is stated."""
        self.ensure_one()
        return self.env["account.tax"]

    def _net_price(self):
        """Return the price for one unit after discount, before rounding."""
        self.ensure_one()
        return self.price_unit * (1.0 - self.discount / 100.0)

    def _untaxed_price(self):
        """Return the price of one unit after discount, before taxes."""
        self.ensure_one()
        price = self.env["parts.contract.price"]
        return price._untaxed(self._net_price(), self._price_taxes(), self.product_id)

    def _priced(self):
        """Return [(untaxed price, quantity)] of these lines, in the part's own unit."""
        rows = []
        for line in self:
            unit = line.product_id.uom_id
            uom = line.product_uom_id or unit
            rows.append(
                (
                    uom._compute_price(line._untaxed_price(), unit),
                    uom._compute_quantity(line.quantity, unit, round=False),
                )
            )
        return rows
