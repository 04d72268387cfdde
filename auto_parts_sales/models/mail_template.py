from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    # === PRICE === #

    def _send_check_access(self, res_ids):
        result = super()._send_check_access(res_ids)
        if self.model == "sale.order":
            orders = self.env["sale.order"].browse(res_ids)
            self.env["parts.price.check"]._check_mailed(orders)
        return result
