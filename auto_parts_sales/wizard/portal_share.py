from odoo import models


class PortalShare(models.TransientModel):
    _inherit = "portal.share"

    # === PRICE === #

    def action_send_mail(self):
        for wizard in self.filtered(lambda wizard: wizard.res_model == "sale.order"):
            self.env["parts.price.check"]._check_mailed(wizard.resource_ref)
        return super().action_send_mail()
