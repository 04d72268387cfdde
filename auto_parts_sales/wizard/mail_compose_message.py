from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    # === PRICE === #

    def _action_send_mail(self, auto_commit=False):
        check = self.env["parts.price.check"]
        for wizard in self.filtered(lambda wizard: wizard.model == "sale.order"):
            # a question to the customer is no quotation
            if not wizard.template_id and not wizard.attachment_ids:
                continue
            orders = self.env["sale.order"]
            if wizard.res_domain:
                orders = orders.search(wizard._evaluate_res_domain())
            else:
                orders = orders.browse(wizard._evaluate_res_ids())
            check._check_mailed(orders)
        return super()._action_send_mail(auto_commit=auto_commit)
