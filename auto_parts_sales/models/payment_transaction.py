from functools import partial

from odoo import models
from odoo.tools import str2bool


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # === CREDIT === #

    _parts_credit_unbooked_idx = models.Index(
        "(partner_id) WHERE payment_id IS NULL AND state IN ('authorized', 'done')"
    )

    # === APPROVAL === #

    def _parts_around_check_amount_and_confirm_order(self, proceed):
        """Confirm what is paid; an order that its gate holds is held, not refused.

        :param proceed: the method itself, of the records given
        :return: the orders that were confirmed
        """
        hold = self.env["parts.approval.hold"]
        confirmed = self.env["sale.order"]
        for transaction in self:
            orders = transaction.sale_order_ids
            done = hold._act(orders, partial(proceed, transaction))
            confirmed |= done or confirmed.browse()
        return confirmed

    def _parts_around_post_process(self, proceed):
        """Finish the transactions, though a gate holds an order.

        Payments that stay pending (cash on delivery, pay on site) confirm their order
        here, before anything else. When it is held the transaction is finished in a
        second go: the order is no draft any more, so nothing confirms it.

        :param proceed: the method itself, of the records given
        """
        hold = self.env["parts.approval.hold"]
        pending = self.filtered(
            lambda tx: tx.state == "pending" and tx.sale_order_ids._parts_hold_watched()
        )
        for transaction in pending:
            orders = transaction.sale_order_ids
            hold._act(orders, partial(proceed, transaction))
            if not transaction.is_post_processed:
                proceed(transaction)
        others = self - pending
        return proceed(others) if others else None

    def _parts_invoice_late(self):
        """Invoice, where Odoo is set to, what was paid while its order was held.

        The money is booked already; posting the invoice matches it.
        """
        settings = self.env["ir.config_parameter"].sudo()
        if not str2bool(settings.get_param("sale.automatic_invoice")):
            return
        paid = self.filtered(
            lambda tx: tx.state == "done"
            and tx.operation != "validation"
            and not tx.invoice_ids
        )
        paid._invoice_sale_orders()
        paid.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        cron = self.env.ref("sale.send_invoice_cron", raise_if_not_found=False)
        if str2bool(settings.get_param("sale.async_emails")) and cron:
            cron._trigger()
        else:
            paid._send_invoice()
