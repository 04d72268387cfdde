from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models

# What an edit of something done has to touch so that more of it leaves
OF_MOVES = {
    "location_dest_id",
    "location_id",
    "move_line_ids",
    "picking_id",
    "product_id",
    "product_uom",
    "quantity",
    "scrap_id",
    "state",
}
OF_LINES = {
    "location_dest_id",
    "location_id",
    "move_id",
    "picking_id",
    "product_id",
    "product_uom_id",
    "quant_id",
    "quantity",
    "state",
}
DONE = ("done", "cancel")


class PartsDeliveryLeaving(models.AbstractModel):
    """What leaves our locations for somebody else's, whatever the route.

    It is where the gate ``ship`` stands: transfers meet it before their moves are done
    (and so before a carrier is asked for a label), and again after the outermost write
    if more has left than was judged. What has left is read from the moves' lines, not
    from the state of the transfer, which anybody can write.
    """

    _name = "parts.delivery.leaving"
    _description = "Goods that Leave"

    # === WHERE IT STANDS === #

    @api.model
    @contextmanager
    def _departing(self, moves):
        """Have the transfers of ``moves`` judged, then watch what is done to them.

        :raises GateError: before, if the gate holds one of them; afterwards, if more
            has left than was judged
        """
        moves = moves.sudo()
        pickings = moves.picking_id._parts_controlled("ship")
        with self.env["parts.approval.watch"]._writing(pickings) as writing:
            departing = pickings.filtered(
                lambda picking: self._planned(picking) & moves
            )
            if departing:
                departing._parts_gate_pass("ship")
            for picking in departing:
                # What was judged is the measure of what may leave
                judged = self._total(picking)
                writing.before[picking._name, picking.id] = (True, judged)
            self._judge_loose(self._loose(moves))
            yield

    @api.model
    @contextmanager
    def _editing(self, pickings):
        """Watch what is done to ``pickings`` that may be done already.

        Yields what :meth:`_found` is called with after the write.

        :raises GateError: afterwards, if more has left and the gate does not let it
        """
        controlled = pickings.exists()._parts_controlled("ship")
        with self.env["parts.approval.watch"]._writing(controlled) as writing:
            yield writing

    @api.model
    def _found(self, writing, moves):
        """Name ``moves`` (as superuser) that are done after a write, and so their
        transfers.
        """
        pickings = moves.picking_id._parts_controlled("ship")
        self.env["parts.approval.watch"]._found(writing, pickings)
        self._judge_loose(self._loose(moves, left=True))

    @api.model
    def _named(self, model, vals_list, name):
        """Return the records (as superuser) that values, or a default of the context,
        name by their field ``name``.
        """
        ids = {vals.get(name) for vals in vals_list}
        ids.add(self.env.context.get(f"default_{name}"))
        return self.env[model].sudo().browse(filter(None, ids)).exists()

    @api.model
    def _makes_done(self, vals_list, *named):
        """Return whether creating ``vals_list`` may make something done at once: they
        say so, or belong to something that is done.

        Reserving goods writes lines all the time; it shall cost nothing.
        """
        return (
            self.env.context.get("default_state") == "done"
            or any(vals.get("state") == "done" for vals in vals_list)
            or any("done" in records.mapped("state") for records in named)
        )

    @api.model
    def _touches_done(self, records, vals, names, *named):
        """Return whether writing ``vals`` on moves or their lines may make more leave
        of what is done, or make it done, past the transfer's own way.

        :param names: fields that matter
        :param named: what ``vals`` name, as of :meth:`_named`
        """
        if names.isdisjoint(vals):
            return False
        if self._makes_done([vals], *named):
            return True
        records = records.sudo()
        # the state of a line is a copy that can be written
        moves = records.move_id if "move_id" in records._fields else records
        return "done" in {*records.mapped("state"), *moves.mapped("state")}

    # === WHAT LEAVES === #

    @api.model
    def _left(self, picking):
        """Return what has left with ``picking``: ``{move: quantity}`` in the unit of
        the product.
        """
        left = defaultdict(float)
        for move in self._moves(picking):
            for line in self._lines(move, picking):
                if "done" in (line.state, move.state) and self._line_leaves(line, move):
                    left[move] += self._in_own_unit(line)
            if move.state == "done" and not move.move_line_ids:
                if self._leaves(move, move.location_id, move.location_dest_id):
                    left[move] += move.product_uom._compute_quantity(
                        move.quantity, move.product_id.uom_id
                    )
        return {move: quantity for move, quantity in left.items() if quantity}

    @api.model
    def _planned(self, picking):
        """Return the moves of ``picking`` that leave when it is validated."""
        return self._moves(picking).filtered(
            lambda move: (
                move.state not in DONE
                and (
                    self._leaves(move, move.location_id, move.location_dest_id)
                    or any(
                        self._line_leaves(line, move)
                        for line in self._lines(move, picking)
                    )
                )
            )
        )

    @api.model
    def _planned_quantity(self, move):
        """Return how much of an open move is to leave, in the unit of the product: what
        is asked for, or more, where more was picked.
        """
        unit = move.product_id.uom_id
        picked = sum(self._in_own_unit(line) for line in move.move_line_ids)
        asked = move.product_uom._compute_quantity(move.product_uom_qty, unit)
        return max(asked, picked)

    @api.model
    def _quantities(self, picking):
        """Return ``{move: quantity}`` of what has left and is to leave with it."""
        quantities = defaultdict(float, self._left(picking))
        for move in self._planned(picking):
            quantities[move] += self._planned_quantity(move)
        return {move: quantity for move, quantity in quantities.items() if quantity}

    @api.model
    def _total(self, picking):
        """Return :meth:`_quantities` as comparable terms, by product."""
        return self._by_product(self._quantities(picking))

    @api.model
    def _left_terms(self, picking):
        """Return :meth:`_left` as comparable terms, by product."""
        return self._by_product(self._left(picking))

    @api.model
    def _by_product(self, quantities):
        terms = defaultdict(float)
        for move, quantity in quantities.items():
            unit = move.product_id.uom_id
            terms[move.product_id.id] = unit.round(terms[move.product_id.id] + quantity)
        return dict(terms)

    @api.model
    def _grew(self, before, after):
        """Return whether more has left of any product."""
        return any(
            quantity > before.get(product, 0.0) for product, quantity in after.items()
        )

    @api.model
    def _moves(self, picking):
        moves = picking.move_ids | picking.move_line_ids.move_id
        return moves.with_prefetch(picking.move_ids._prefetch_ids)

    @api.model
    def _lines(self, move, picking):
        return move.move_line_ids.filtered(
            lambda line: line.picking_id in (picking, line.picking_id.browse())
            or line.move_id.picking_id == picking
        )

    @api.model
    def _in_own_unit(self, line):
        # worked out: the stored figure in the product's unit can be written
        return line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id, rounding_method="HALF-UP"
        )

    @api.model
    def _line_leaves(self, line, move):
        return self._leaves(move, line.location_id, line.location_dest_id) or (
            # what the move says is what the order counts as delivered
            self._leaves(move, move.location_id, move.location_dest_id)
        )

    @api.model
    def _leaves(self, move, source, destination):
        """Return whether what goes from ``source`` to ``destination`` leaves us.

        Customers' locations are somebody else's; so are transit locations without a
        company, and one of our own where an order ends there. A vendor's is, too, if
        an order or a customer is behind it. What is lost or used up (scrapped,
        consumed by a repair or by production) stays ours, unless a transfer says that
        it delivers an order that way.
        """
        if source.usage == "customer":
            return False
        if destination.usage == "customer":
            return True
        ours = self._is_ours(source)
        if destination.usage == "transit":
            if destination.company_id:
                return ours and not move.move_dest_ids and bool(self._orders_of(move))
            return ours or source.usage in ("supplier", "production")
        if destination.usage == "supplier":
            return ours and self._is_for_customer(move)
        if destination.usage in ("inventory", "production"):
            return ours and bool(move.sale_line_id and move.picking_id)
        return False

    @api.model
    def _is_ours(self, location):
        return location.usage == "internal" or (
            location.usage == "transit" and bool(location.company_id)
        )

    @api.model
    def _is_for_customer(self, move):
        """Return whether a move to a vendor's location is no return to the vendor."""
        if self._orders_of(move):
            return True
        partner = (move.picking_id.partner_id or move.partner_id).commercial_partner_id
        returned = move.origin_returned_move_id.location_id.usage == "supplier"
        return not returned and partner.customer_rank > 0

    @api.model
    def _orders_of(self, move):
        """Return the sales orders that a move delivers."""
        return move.sale_line_id.order_id or self._orders(move.picking_id)

    @api.model
    def _orders(self, picking):
        """Return the sales orders behind a transfer, by any of its links."""
        orders = picking.sale_id | picking.move_ids.sale_line_id.order_id
        # read together with those of all transfers that are looked at
        orders = orders.with_prefetch(picking.sale_id._prefetch_ids)
        return orders or picking.reference_ids.sale_ids

    # === WITHOUT A TRANSFER === #

    @api.model
    def _loose(self, moves, left=False):
        """Return those of ``moves`` that leave (or have left) without a transfer, in
        companies with a control on.
        """
        controlled = self.env["res.company"]._parts_controlled_ids("ship")
        return moves.sudo().filtered(
            lambda move: (
                not move.picking_id
                and move.company_id.id in controlled
                and (move.state == "done" if left else move.state not in DONE)
                and any(
                    self._leaves(move, place.location_id, place.location_dest_id)
                    for place in (move, *move.move_line_ids)
                )
            )
        )

    @api.model
    def _judge_loose(self, moves):
        """Have the rooms stop goods that leave without a transfer.

        A scrap, a relocation or a count to a customer's location names nobody who
        could be judged, and nobody could be asked: a delivery has to be made of it.

        :param moves: as of :meth:`_loose`, as superuser
        """
        if moves:
            self.env["parts.credit.delivery"]._check_loose(moves)
