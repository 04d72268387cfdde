from odoo import api, models


class PartsCreditPaper(models.AbstractModel):
    """Which papers have to say that they are of something not approved (CRD-4)."""

    _name = "parts.credit.paper"
    _description = "Papers of What Credit Holds"

    @api.model
    def _paper_mark(self, picking):
        """Return whether the papers of a transfer have to say that it is not approved:
        it is held, or it is a step on the way of an order that is held.
        """
        picking = picking.sudo()
        if picking.state in ("done", "cancel") or not picking._parts_controlled("ship"):
            return False
        if self.env["parts.delivery.leaving"]._planned(picking):
            return bool(self.env["parts.delivery.gate"]._standing(picking))
        if picking.location_id.usage in ("customer", "supplier"):
            return False
        return self._holds_orders(self.env["parts.delivery.leaving"]._orders(picking))

    @api.model
    def _holds_orders(self, orders):
        """Return whether a delivery of one of these confirmed orders is held now.

        Where the last step comes into being only when the one before it is done, that
        one is looked at as if it were the last.
        """
        steps = orders.sudo().picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.location_id.usage != "customer"
            )
        )
        leaving = steps.filtered(lambda picking: picking._parts_gate_next() == "ship")
        if leaving:
            return bool(self.env["parts.delivery.gate"]._standing(leaving))
        return any(self._step_blocks(picking) for picking in steps)

    @api.model
    def _step_blocks(self, picking):
        """Return what will hold the last step after ``picking``, as it is now."""
        company = picking.company_id
        if not company.parts_credit_control:
            return []
        delivery = self.env["parts.credit.delivery"]
        known = delivery._known(company, picking)
        blocks = []
        for debtor, own in delivery._unpaid(picking, known).items():
            if own:
                blocks += delivery._debtor_blocks(picking, debtor, own, known)
        return blocks

    @api.model
    def _marks_order(self, order):
        """Return whether the print of an order or quotation has to say so."""
        order = order.sudo()
        if not order._parts_controlled(gate="credit"):
            return False
        if order.state == "sale":
            return self._holds_orders(order)
        # a price beyond authority may be offered: whether it may be sent has a switch
        return any(
            block["state"] != "granted" and block["kind"] != "price"
            for block in order._parts_gate_preview()
        )
