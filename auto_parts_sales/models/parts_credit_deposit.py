from odoo import api, fields, models


class PartsCreditDeposit(models.AbstractModel):
    """How far the down payments of an order were really paid (CRD-1)."""

    _name = "parts.credit.deposit"
    _description = "Deposits of Orders"

    @api.model
    def _unpaid(self, order):
        """Return what of an order's posted down payments is not settled, in company
        currency, never below zero.
        """
        company = order.company_id
        today = fields.Date.context_today(self)
        lines = order.order_line.filtered("is_downpayment").invoice_lines
        unpaid = 0.0
        for move in lines.move_id:
            if move.state != "posted" or move.move_type != "out_invoice":
                continue
            total, open_amount = self._open(move)
            if not total:
                continue
            own = lines.filtered(lambda line, move=move: line.move_id == move)
            amount = sum(max(line.price_total, 0.0) for line in own)
            unpaid += move.currency_id._convert(
                amount * open_amount / total, company.currency_id, company, today
            )
        return max(unpaid, 0.0)

    @api.model
    def _open(self, move):
        """Return ``(total, open)`` of an invoice's receivable items."""
        items = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        settled = sum(
            partial.amount
            for partial in items.matched_credit_ids
            if self._settles(partial.credit_move_id)
        )
        total = sum(items.mapped("balance"))
        return total, max(total - settled, 0.0)

    @api.model
    def _settles(self, item):
        """Return whether a journal item settles: it is posted, and of no payment that
        was rejected.
        """
        payment = item.move_id.origin_payment_id
        return item.parent_state == "posted" and payment.state not in (
            "rejected",
            "canceled",
        )
