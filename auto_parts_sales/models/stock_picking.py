from odoo import api, fields, models

# What the views show of the gate
OURS = (
    "//*[starts-with(@name, 'parts_ship')]"
    " | //field[@name='parts_approval_ids']"
    " | //button[@name='action_parts_view_approvals']"
)
# What moves take over from their transfer, done ones, too
PLACES = {"location_dest_id", "location_id", "picking_type_id"}


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "parts.approval.gate.mixin"]

    # approval
    parts_ship_held = fields.Boolean(
        string="Held",
        compute="_compute_parts_ship_held",
        search="_search_parts_ship_held",
        compute_sudo=True,
        help="Something keeps these goods from leaving.",
    )

    # contract
    parts_ship_ground = fields.Text(
        string="Ground of the Release",
        compute="_compute_parts_ship_ground",
        compute_sudo=True,
        help="A contract in force, or money received: on what the goods leave.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if PLACES.isdisjoint(vals) or not self._parts_controlled("ship"):
            return super().write(vals)
        with self.env["parts.delivery.leaving"]._editing(self):
            return super().write(vals)

    def unlink(self):
        self.env["parts.approval.watch"]._forget(self)
        self.env["parts.approval"]._void_of(self._parts_controlled("ship"), "deleted")
        return super().unlink()

    # === VIEWS === #

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._parts_ship_in_use(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._parts_ship_in_use():
            # not even the fields are read where no control is on
            for node in arch.xpath(OURS):
                node.getparent().remove(node)
            for node in arch.xpath("//list[@decoration-warning='parts_ship_held']"):
                del node.attrib["decoration-warning"]
        return arch, view

    # === APPROVAL === #

    @api.depends("state", "partner_id", "move_ids.state", "move_ids.quantity")
    def _compute_parts_ship_held(self):
        held = self._parts_ship_standing()
        for picking in self:
            picking.parts_ship_held = picking._origin.id in held

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_parts_ship_ground(self):
        grounds = self.env["parts.contract.ground"]
        for picking in self:
            controlled = picking.company_id.parts_contract_control and picking.id
            sentences = grounds._sentences(picking._origin) if controlled else []
            picking.parts_ship_ground = "\n".join(sentences) or False

    def _search_parts_ship_held(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        controlled = self.env["res.company"]._parts_controlled_ids("ship")
        if not controlled:
            return [(0, "=", 1)]
        open_ones = self.sudo().search(
            [
                ("company_id", "in", list(controlled)),
                ("state", "not in", ("done", "cancel")),
                ("picking_type_code", "!=", "incoming"),
            ]
        )
        return [("id", "in", list(open_ones._parts_ship_standing()))]

    def _parts_ship_standing(self):
        """Return the ids of those of these transfers that nothing lets leave now."""
        open_ones = self.sudo()._origin.filtered(
            lambda picking: picking._parts_gate_next() == "ship"
        )
        return self.env["parts.delivery.gate"]._standing(open_ones)

    @api.model
    def _parts_ship_in_use(self):
        """Return whether any of the user's companies has a control at ``ship``."""
        controlled = self.env["res.company"]._parts_controlled_ids("ship")
        return not controlled.isdisjoint(self.env.user.company_ids.ids)

    def _parts_controlled(self, gate):
        """Return those whose company watches ``gate``; no query where none does."""
        controlled = self.env["res.company"]._parts_controlled_ids(gate)
        if not controlled:
            return self.browse()
        return self.filtered(lambda one: one.sudo().company_id.id in controlled)

    def _parts_gate_next(self):
        if self._parts_controlled("ship") and self.state not in ("done", "cancel"):
            if self.env["parts.delivery.leaving"]._planned(self):
                return "ship"
        return super()._parts_gate_next()

    def _parts_gate_is_closed(self):
        return self.state == "cancel" or super()._parts_gate_is_closed()

    def _parts_gate_of_binding(self):
        return "ship"

    def _parts_gate_bound(self):
        return bool(self._parts_gate_terms())

    def _parts_gate_terms(self):
        return self.env["parts.delivery.leaving"]._left_terms(self)

    def _parts_gate_grew(self, before, after):
        return self.env["parts.delivery.leaving"]._grew(before, after)

    def _parts_gate_headline(self, gate, blocks):
        if gate != "ship":
            return super()._parts_gate_headline(gate, blocks)
        return self.env["parts.delivery.gate"]._headline(self, blocks)

    def _parts_gate_bound_note(self):
        return self.env._(
            "The transfer is done already: put what is added on a new transfer, and"
            " ask for approval there."
        )

    def _parts_gate_waivers(self, gate):
        if gate != "ship":
            return super()._parts_gate_waivers(gate)
        return self.env["parts.delivery.gate"]._waivers(self)

    def _parts_gate_latest(self, gate):
        if gate != "ship":
            return super()._parts_gate_latest(gate)
        return self.env["parts.delivery.gate"]._latest(self)

    def _parts_gate_passed(self, gate, used):
        if gate != "ship":
            return super()._parts_gate_passed(gate, used)
        result = self.env["parts.delivery.gate"]._passed(self, used)
        self.env["parts.contract.ground"]._record(self)
        return result

    def _parts_barred_deciders(self, kind):
        # whoever sold it does not decide, either
        orders = self.env["parts.delivery.leaving"]._orders(self)
        barred = super()._parts_barred_deciders(kind)
        return barred | orders.create_uid | orders.user_id

    def _pre_action_done_hook(self):
        result = super()._pre_action_done_hook()
        if result is not True:
            # no dialog about goods that may not leave
            held = self._parts_controlled("ship").sudo()
            held._parts_gate_check("ship")
        return result

    def action_cancel(self):
        result = super().action_cancel()
        controlled = self._parts_controlled("ship")
        self.env["parts.approval"]._void_of(controlled, "cancelled")
        return result

    def _parts_release(self):
        """Have the present user release what leaves with these transfers (CON-8)."""
        leaving = self.env["parts.delivery.leaving"]
        if not self.env["res.company"]._parts_controlled_ids("hands"):
            return
        for picking in self.sudo():
            if leaving._quantities(picking):
                self.env["parts.contract.hand"]._take(
                    "released", leaving._orders(picking), picking.name
                )

    def _action_done(self):
        self._parts_release()
        # what is delivered beyond the order is let in on it and flagged
        orders = self._parts_orders()
        if not orders:
            return super()._action_done()
        with self.env["parts.approval.watch"]._letting_in(orders, self[:1]):
            return super()._action_done()

    def _add_delivery_cost_to_so(self):
        # a carrier's real price is let in on the order and flagged
        orders = self._parts_orders()
        if not orders:
            return super()._add_delivery_cost_to_so()
        with self.env["parts.approval.watch"]._letting_in(orders, self):
            return super()._add_delivery_cost_to_so()

    def _parts_orders(self):
        """Return the controlled orders that these transfers deliver."""
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return self.env["sale.order"]
        # as superuser: a buyer who validates need not read sales orders
        pickings = self.sudo()
        orders = pickings.sale_id | pickings.move_ids.sale_line_id.order_id
        return orders._parts_controlled().with_env(self.env)

    # === CREDIT === #

    def _parts_gate_lock(self, gate):
        if gate == "ship":
            self.env["parts.credit.delivery"]._lock(self)
        return super()._parts_gate_lock(gate)

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "ship":
            blocks += self.env["parts.contract.ship"]._picking_blocks(self)
            blocks += self.env["parts.credit.delivery"]._blocks(self)
        return blocks

    def _parts_gate_amount(self):
        value = self.env["parts.credit.shipment"]._value(self, taxed=False)
        return value, self.company_id.currency_id

    def _parts_gate_valid_days(self, kind):
        if kind == "delivery":
            return self.company_id.parts_credit_release_days
        return super()._parts_gate_valid_days(kind)

    def _parts_gate_figures(self, block):
        figures = super()._parts_gate_figures(block)
        return self.env["parts.credit.delivery"]._figures(self, block, figures)

    def _parts_gate_history(self, kind):
        history = super()._parts_gate_history(kind)
        return history + self.env["parts.credit.delivery"]._history(self)

    @api.model
    def _parts_gate_labels(self):
        labels = {
            **self.env["parts.credit.delivery"]._labels(),
            "contract_unpaid": self.env._("Instalments not paid"),
            "contract_value": self.env._("Value at list prices"),
            "contract_receiver": self.env._("Receiver"),
        }
        return {**super()._parts_gate_labels(), **labels}

    def _parts_paper_mark(self):
        """Return what pick list and slip of these goods have to say, or False."""
        self.ensure_one()
        return self.env["parts.credit.paper"]._paper_mark(self)
