from odoo import api, models

# After the steps of any rule
LAST = 1000


class PartsCreditRelease(models.AbstractModel):
    """What approvals released beyond a limit (CRD-4, CRD-5).

    An approval names the order and the amount, is good for some days, and is used up by
    the confirmation. What it released counts at the delivery until the order grows.
    """

    _name = "parts.credit.release"
    _description = "Release beyond Credit"

    @api.model
    def _amount(self, order):
        """Return the amount beyond the limit that approvals released for ``order`` and
        that still stands, in company currency.

        It stands while the order is confirmed and Odoo itself did not make it grow by
        more than the rule tolerates; what people make it grow by meets its gate.
        """
        order = order.sudo()
        if order.state != "sale":
            return 0.0
        used = self._used(order)
        if not used:
            return 0.0
        growths = (
            self.env["parts.approval.growth"]
            .sudo()
            .search([("res_model", "=", order._name), ("res_id", "=", order.id)])
        )
        standing = []
        for approval in used:
            grown = sum(
                growth.amount
                for growth in growths
                # an order binds nobody between the request and its confirmation
                if growth.create_date >= approval.create_date
            )
            approved = approval.facts["order_amount"]["value"]
            if grown <= approved * approval.tolerance / 100.0 + 0.005:
                standing.append(approval.amount)
        return max(standing, default=0.0)

    @api.model
    def _used(self, order):
        """Return the approvals of a limit that the confirmation of ``order`` used."""
        return (
            self.env["parts.approval"]
            .sudo()
            .search(
                [
                    ("res_model", "=", order._name),
                    ("res_id", "=", order.id),
                    ("gate", "=", "confirm"),
                    ("block_key", "in", ("credit_limit", "credit_limit_orderer")),
                    ("state", "=", "approved"),
                    ("spent_date", "!=", False),
                ]
            )
        )

    @api.model
    def _keeper_steps(self, company):
        """Return the step of the credit keeper as a second hand, where the company
        wants it: values of ``parts.approval.step``.
        """
        if not company.parts_credit_keeper_releases:
            return []
        keeper = self.env.ref("auto_parts_sales.group_parts_credit_keeper")
        return [{"sequence": LAST, "group_id": keeper.id, "voices": 1}]
