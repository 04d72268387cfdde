from odoo import fields, models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    # === COMMISSION === #

    parts_maturity_date = fields.Date(
        string="Matures On",
        help="Of a cheque or a bank acceptance draft: it counts as collected from this"
        " day on. Empty: at the date of the payment.",
    )

    def _create_payment_vals_from_wizard(self, batch_result):
        vals = super()._create_payment_vals_from_wizard(batch_result)
        return {**vals, "parts_maturity_date": self.parts_maturity_date}

    def _create_payment_vals_from_batch(self, batch_result):
        vals = super()._create_payment_vals_from_batch(batch_result)
        return {**vals, "parts_maturity_date": self.parts_maturity_date}

    def _create_payments(self):
        # One payment is reconciled after the other: commission follows them at once
        with self.env["parts.commission.engine"]._gathering():
            return super()._create_payments()
