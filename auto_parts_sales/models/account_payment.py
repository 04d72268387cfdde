from odoo import fields, models

COMMISSION_FIELDS = {"state", "parts_maturity_date"}


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "parts.commission.button.mixin"]

    # === CREDIT === #

    _parts_credit_void_idx = models.Index(
        "(move_id) WHERE state IN ('draft', 'rejected', 'canceled')"
    )

    # === COMMISSION === #

    _parts_commission_link = "payment_id"

    parts_maturity_date = fields.Date(
        string="Matures On",
        copy=False,
        tracking=True,
        help="Of a cheque or a bank acceptance draft: it counts as collected from this"
        " day on. Empty: at the date of the payment.",
    )

    def write(self, vals):
        res = super().write(vals)
        if COMMISSION_FIELDS & vals.keys():
            # Reject and reset to draft keep the reconciliation: no other event tells
            self.env["parts.commission.engine"]._follow_payments(self)
        return res
