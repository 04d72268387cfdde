from odoo import api, models


class PartsDeliveryGate(models.AbstractModel):
    """The gate ``ship`` of a transfer: how it speaks, and which approvals stand.

    The approval of a delivery is good for that transfer and its backorders, until its
    date; delivering does not use it up. It holds for the goods that were asked for:
    what has left under it, and what is to leave, never add up to more.
    """

    _name = "parts.delivery.gate"
    _description = "Gate of a Delivery"

    @api.model
    def _headline(self, pickings, blocks):
        held = pickings.browse({block["res_id"] for block in blocks})
        headline = self.env._("These goods may not leave yet:")
        in_batch = "batch_id" in pickings._fields and pickings.batch_id
        if len(pickings) > len(held) and in_batch:
            return self.env._(
                "%(headline)s take the transfers named here out of the batch, and the"
                " others can be validated.",
                headline=headline,
            )
        if len(pickings) > len(held):
            return self.env._(
                "%(headline)s leave the transfers named here out, and the others can be"
                " validated.",
                headline=headline,
            )
        return headline

    @api.model
    def _standing(self, pickings):
        """Return the ids of those of ``pickings`` that something holds, and no
        approval lets go.
        """
        blocks = pickings._parts_gate_blocks("ship")
        waivers = self._waivers(pickings) if blocks else {}
        return {
            block["res_id"]
            for block in blocks
            if not (
                (approval := waivers.get((block["res_id"], block["key"])))
                and approval._covers(block)
            )
        }

    # === APPROVALS === #

    @api.model
    def _family(self, picking):
        """Return a transfer with all that it is a backorder of, and their backorders.

        Nearest first: itself, what it is a backorder of, and so on.
        """
        family = picking
        while family[-1].backorder_id - family:
            family += family[-1].backorder_id
        return family

    @api.model
    def _kin(self, picking):
        """Return a transfer, what it is a backorder of, and all backorders of these."""
        kin = self._family(picking)[-1].with_prefetch(picking._prefetch_ids)
        found = kin
        while found:
            found = found.backorder_ids - kin
            kin |= found
        return kin | picking

    @api.model
    def _granted(self, pickings):
        """Return the approvals of ``pickings`` at the gate that are good today."""
        approvals = self.env["parts.approval"].sudo()
        found = approvals.search(
            [
                ("res_model", "=", "stock.picking"),
                ("res_id", "in", pickings.ids),
                ("gate", "=", "ship"),
                ("state", "=", "approved"),
                ("spent_date", "=", False),
            ],
            order="id",
        )
        return found.filtered(lambda approval: not approval._is_lapsed())

    @api.model
    def _waivers(self, pickings):
        families = {picking: self._family(picking) for picking in pickings}
        everybody = pickings.union(*families.values())
        granted = {
            (approval.res_id, approval.block_key): approval
            for approval in self._granted(everybody)
        }
        waivers = {}
        for picking, family in families.items():
            for member in reversed(family):  # the transfer's own is the last word
                for (res_id, key), approval in granted.items():
                    if res_id == member.id:
                        waivers[picking.id, key] = approval
        return waivers

    @api.model
    def _latest(self, picking):
        """Return ``{block key: request}`` to show: the latest of the transfer itself,
        or what is granted by the transfer that it is a backorder of.
        """
        approvals = self.env["parts.approval"].sudo()
        own = approvals._find_latest(picking, "ship")
        granted = {key: waiver for (_id, key), waiver in self._waivers(picking).items()}
        own = {
            key: approval
            for key, approval in own.items()
            if approval.state != "approved" or key in granted
        }
        return {**granted, **own}

    @api.model
    def _passed(self, pickings, used):
        """Void what still waits for a decision: the goods have left."""
        approvals = self.env["parts.approval"]
        waiting = approvals._find_open("stock.picking", pickings.ids, "ship")
        waiting.filtered(lambda one: one.state == "pending")._void("not_needed")
