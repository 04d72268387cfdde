from odoo import models


class PartsContractLine(models.Model):
    """What a line of a contract comes to, out of its facts."""

    _inherit = "parts.contract.line"

    def _paper_amounts(self):
        """Return this line's amounts as Odoo's taxes work them out.

        A stored amount keeps what was written into it; what is signed does not rest
        on it.

        :return: what ``account.tax.compute_all`` returns
        :rtype: dict
        """
        self.ensure_one()
        version = self.version_id
        return self.tax_ids.with_company(version.company_id).compute_all(
            self.price_unit * (1.0 - self.discount / 100.0),
            currency=version.currency_id,
            quantity=self.quantity,
            product=self.product_id,
            partner=version.partner_id,
        )
