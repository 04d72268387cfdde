from odoo import api, models


class PartsCommissionPool(models.Model):
    """Pools accrue what sales and finance signed in the contract ledger (COM-7)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.commission.pool"

    @api.model
    def _parts_commission_month_signed(self, company, month):
        """Override: where contracts are in use, the month's reconciliation says so."""
        if company.sudo().parts_contract_in_use:
            return self.env["parts.contract.month"]._is_signed(company, month)
        return super()._parts_commission_month_signed(company, month)
