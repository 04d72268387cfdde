from odoo import api, fields, models

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

    # === CONTRACT === #

    parts_contract_id = fields.Many2one(
        comodel_name="parts.contract",
        string="Contract",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        help="What this payment does not settle is an advance under this contract.",
    )

    def _parts_contract_check(self):
        shares = self.env["parts.contract.share"]
        for payment in self.sudo().filtered("parts_contract_id"):
            shares._check_party(
                payment.parts_contract_id,
                payment.partner_id.commercial_partner_id,
                payment.company_id,
                payment.display_name,
            )

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        if any(vals.get("parts_contract_id") for vals in vals_list):
            payments._parts_contract_check()
        return payments

    def write(self, vals):
        arriving = self.browse()
        # Odoo writes the state once more, with the entry that it makes meanwhile
        if vals.get("state") in ("in_process", "paid") and "move_id" not in vals:
            arriving = self.filtered(
                lambda payment: payment.parts_contract_id and payment.state == "draft"
            )
        res = super().write(vals)
        if "parts_contract_id" in vals:
            self._parts_contract_check()
        if arriving:
            self.env["parts.contract.notice"]._paid_ahead(arriving)
        if COMMISSION_FIELDS & vals.keys():
            # Reject and reset to draft keep the reconciliation: no other event tells
            self.env["parts.commission.engine"]._follow_payments(self)
        return res
