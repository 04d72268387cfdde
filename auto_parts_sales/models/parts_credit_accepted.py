from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class PartsCreditAccepted(models.AbstractModel):
    """What approvals released when orders were confirmed, and so is not asked again.

    A release stands while its order is confirmed and something of it is owed. Without
    orders nothing is released: whoever gets more than was ordered is judged anew.
    """

    _name = "parts.credit.accepted"
    _description = "Credit Accepted at Confirmation"

    @api.model
    def _spent(self, order_ids):
        """Return the approvals that the confirmations of orders used, latest first.

        :param order_ids: list, or a query
        """
        approvals = self.env["parts.approval"].sudo()
        return approvals.search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", order_ids),
                ("gate", "=", "confirm"),
                ("state", "=", "approved"),
                ("spent_date", "!=", False),
            ],
            order="id desc",
        )

    @api.model
    def _used(self, spent, order, key, debtor):
        """Return those of ``spent`` that released a kind of block of ``order`` about
        ``debtor``.
        """

        def releases(approval):
            customer = (approval.facts or {}).get("customer", {}).get("value")
            return (
                approval.res_id == order.id
                and approval.block_key.startswith(key)
                and customer == debtor.id
            )

        return spent.filtered(releases)

    @api.model
    def _all_released(self, spent, orders, key, debtor, holds):
        """Return whether an approval that ``holds`` released each of ``orders``."""
        return bool(orders) and all(
            any(map(holds, self._used(spent, order, key, debtor))) for order in orders
        )

    @api.model
    def _covers_no_file(self, spent, orders, debtor):
        return self._all_released(spent, orders, "credit_no_file", debtor, bool)

    @api.model
    def _covers_block(self, spent, orders, debtor):
        return self._all_released(spent, orders, "credit_blocked", debtor, bool)

    @api.model
    def _covers_overdue(self, spent, orders, debtor, facts):
        """Return whether the debt that is late now was accepted for these orders: as
        the same one, or by going on without any file.
        """
        since = fields.Date.context_today(self) - relativedelta(
            days=facts["overdue_days"]
        )
        late_from = since + relativedelta(days=facts["overdue_days_allowed"])

        def accepted(approval):
            days = approval.facts["overdue_days"]["value"]
            asked = fields.Date.context_today(self, approval.create_date)
            return since >= asked - relativedelta(days=days)

        def known(approval):
            return late_from <= fields.Date.context_today(self, approval.spent_date)

        return self._all_released(
            spent, orders, "credit_overdue", debtor, accepted
        ) or self._all_released(spent, orders, "credit_no_file", debtor, known)

    @api.model
    def _amount(self, company, debtor):
        """Return what approvals released beyond the limit and is still owed, of all
        open orders of ``debtor``, in company currency.

        Who approved saw by how much the customer was over in all: at least that much
        is accepted while the order stands.
        """
        spent = self._spent(self._theirs(company, debtor))
        orders = self.env["sale.order"].sudo().browse(set(spent.mapped("res_id")))
        owed = self.env["parts.credit.shipment"]._owed(orders)
        check = self.env["parts.credit.check"]
        total = accepted = 0.0
        for order in orders:
            if not owed[order]:
                continue
            without_file = self._used(spent, order, "credit_no_file", debtor)
            released = max(check._released(order), *without_file.mapped("amount"), 0.0)
            total += min(released, owed[order])
            if released:
                accepted = max(accepted, self._accepted(spent, order, debtor))
        return max(total, accepted)

    @api.model
    def _theirs(self, company, debtor):
        """Return a query of the confirmed orders of ``debtor``, and of who shares his
        limit.
        """
        sharers = self.env["parts.credit.file"]._of(company, debtor)._sharers()
        ids = (sharers | debtor).ids
        orders = self.env["sale.order"].sudo()
        return orders._search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                "|",
                ("partner_invoice_id.commercial_partner_id", "in", ids),
                ("partner_id.commercial_partner_id", "in", ids),
            ]
        )

    @api.model
    def _accepted(self, spent, order, debtor):
        return max(
            (
                approval.facts["over"]["value"]
                for approval in self._used(spent, order, "credit_limit", debtor)
                if "over" in approval.facts
            ),
            default=0.0,
        )
