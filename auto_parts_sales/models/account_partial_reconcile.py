from odoo import api, models

AMOUNT_FIELDS = {
    "amount",
    "debit_amount_currency",
    "credit_amount_currency",
    "debit_move_id",
    "credit_move_id",
}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("hands"):
            self.env["parts.contract.hand"]._take(
                "booked", partials._parts_booked_orders()
            )
        self.env["parts.credit.books"]._check_made(partials)
        partials._parts_commission_follow()
        self.env["parts.contract.notice"]._matched(partials)
        return partials

    def write(self, vals):
        if AMOUNT_FIELDS & vals.keys():
            self.env["parts.credit.books"]._check_edited(self)
        res = super().write(vals)
        if AMOUNT_FIELDS & vals.keys():
            self._parts_commission_follow()
        return res

    def unlink(self):
        # Before, as long as it is known which invoices it was for
        self._parts_commission_follow(without=self)
        return super().unlink()

    # === CONTRACT === #

    def _parts_booked_orders(self):
        """Return the orders whose money somebody matches here by hand, as superuser:
        an online payment is matched by itself when its invoice is posted.
        """
        booked = self.env["account.move"].sudo()
        for partial in self.sudo():
            money = partial.credit_move_id.move_id
            payment = money.origin_payment_id
            by_hand = payment and not payment.payment_transaction_id
            if by_hand or money.statement_line_id:
                booked |= partial.debit_move_id.move_id
        return booked._parts_sold_orders()

    # === COMMISSION === #

    def _parts_commission_follow(self, without=None):
        self.env["parts.commission.engine"]._follow_partials(
            self, without or self.browse()
        )
