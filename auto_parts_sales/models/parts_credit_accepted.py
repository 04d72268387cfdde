from collections import defaultdict

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
    def _used(self, orders, key, debtor):
        """Return ``{order: approvals of a kind of block that its confirmation used}``
        about ``debtor``, latest first.
        """
        approvals = self.env["parts.approval"].sudo()
        found = approvals.search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
                ("gate", "=", "confirm"),
                ("block_key", "=like", f"{key}%"),
                ("state", "=", "approved"),
                ("spent_date", "!=", False),
            ],
            order="id desc",
        )
        used = defaultdict(approvals.browse)
        for approval in found:
            customer = (approval.facts or {}).get("customer", {}).get("value")
            if customer == debtor.id:
                used[approval.res_id] |= approval
        return {order: used[order.id] for order in orders}

    @api.model
    def _all_released(self, orders, key, debtor, holds):
        """Return whether an approval that ``holds`` released each of ``orders``."""
        return bool(orders) and all(
            any(map(holds, approvals))
            for approvals in self._used(orders, key, debtor).values()
        )

    @api.model
    def _covers_no_file(self, orders, debtor):
        return self._all_released(orders, "credit_no_file", debtor, bool)

    @api.model
    def _covers_block(self, orders, debtor):
        return self._all_released(orders, "credit_blocked", debtor, bool)

    @api.model
    def _covers_overdue(self, orders, debtor, facts):
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
            orders, "credit_overdue", debtor, accepted
        ) or self._all_released(orders, "credit_no_file", debtor, known)

    @api.model
    def _amount(self, company, debtor):
        """Return what approvals released beyond the limit and is still owed, of all
        open orders of ``debtor``, in company currency.

        Who approved saw by how much the customer was over in all: at least that much
        is accepted while the order stands.
        """
        orders = self._released_orders(company, debtor)
        owed = self.env["parts.credit.shipment"]._owed(orders)
        check = self.env["parts.credit.check"]
        total = accepted = 0.0
        for order in orders:
            if not owed[order]:
                continue
            released = max(
                check._released(order), self._released_without_file(order, debtor)
            )
            total += min(released, owed[order])
            if released:
                accepted = max(accepted, self._accepted(order, debtor))
        return max(total, accepted)

    @api.model
    def _released_orders(self, company, debtor):
        """Return the confirmed orders of ``debtor`` with an approval used on them."""
        sharers = self.env["parts.credit.file"]._of(company, debtor)._sharers()
        orders = self.env["sale.order"].sudo()
        theirs = orders._search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                "|",
                (
                    "partner_invoice_id.commercial_partner_id",
                    "in",
                    (sharers | debtor).ids,
                ),
                ("partner_id.commercial_partner_id", "in", (sharers | debtor).ids),
            ]
        )
        approvals = (
            self.env["parts.approval"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "sale.order"),
                    ("res_id", "in", theirs),
                    ("gate", "=", "confirm"),
                    ("state", "=", "approved"),
                    ("spent_date", "!=", False),
                ]
            )
        )
        return orders.browse(set(approvals.mapped("res_id")))

    @api.model
    def _released_without_file(self, order, debtor):
        used = self._used(order, "credit_no_file", debtor)[order]
        return max(used.mapped("amount"), default=0.0)

    @api.model
    def _accepted(self, order, debtor):
        used = self._used(order, "credit_limit", debtor)[order]
        return max(
            (
                approval.facts["over"]["value"]
                for approval in used
                if "over" in approval.facts
            ),
            default=0.0,
        )
