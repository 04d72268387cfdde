from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override to bring the credit files of those who are merged together first."""
        self.env["parts.credit.partner"]._merge(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
