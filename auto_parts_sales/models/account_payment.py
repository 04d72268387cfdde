from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # === CREDIT === #

    _parts_credit_void_idx = models.Index(
        "(move_id) WHERE state IN ('draft', 'rejected', 'canceled')"
    )

    # === COMMISSION === #

    parts_commission_count = fields.Integer(
        compute="_compute_parts_commission_count",
        groups="auto_parts_sales.group_parts_salesperson,"
        "auto_parts_sales.group_parts_finance,"
        "auto_parts_sales.group_parts_general_manager",
    )

    def _compute_parts_commission_count(self):
        counts = self.env["parts.commission.entry"]._count_by("payment_id", self)
        for payment in self:
            payment.parts_commission_count = counts.get(payment.id, 0)

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # Reject and reset to draft keep the reconciliation: no other event tells
            self.env["parts.commission.engine"]._follow_payments(self)
        return res

    def action_parts_open_commission(self):
        return self.env["parts.commission.entry"]._get_entries_action(
            [("payment_id", "in", self.ids)]
        )
