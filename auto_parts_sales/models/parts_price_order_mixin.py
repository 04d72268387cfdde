from odoo import api, fields, models


class PartsPriceOrderMixin(models.AbstractModel):
    """A sales order whose prices are under authority (QUO-4).

    What the order's gates ask is answered here for its prices; ``parts.price.check``
    works it out. It stands before Odoo's own order, whose methods it extends.
    """

    _name = "parts.price.order.mixin"
    _inherit = ["parts.approval.gate.mixin"]
    _description = "Order under Price Authority"

    parts_price_controlled = fields.Boolean(compute="_compute_parts_price_controlled")
    parts_price_answerable = fields.Boolean(compute="_compute_parts_price_answerable")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        self.env["parts.price.check"]._check_sent(orders)
        return orders

    def write(self, vals):
        check = self.env["parts.price.check"]
        unsent = check._unsent(self, vals.get("state"))
        result = super().write(vals)
        check._check_sent(unsent)
        return result

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_parts_price_controlled(self):
        controlled = self.env["res.company"]._parts_controlled_ids("price")
        for order in self:
            order.parts_price_controlled = order.company_id.id in controlled

    @api.depends("order_line.price_unit", "order_line.discount", "state")
    @api.depends_context("uid")
    def _compute_parts_price_answerable(self):
        for order in self:
            order.parts_price_answerable = (
                order.parts_price_controlled
                and order.state in ("draft", "sent")
                and isinstance(order.id, int)
                and self.env["parts.price.check"]._is_answerable(order)
            )

    # === ACTIONS === #

    def action_parts_answer_for_prices(self):
        """Take over the prices of this order: they are judged by one's own band.

        :raises AccessError: for whoever may not write the order
        """
        self.check_access("write")
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.display_type)
            self.env["parts.price.author"]._note(lines)
            order.message_post(
                body=self.env._("%s answers for the prices.", self.env.user.name)
            )
            order.sudo()._parts_gate_changed()
        return True

    # === SENDING === #

    def action_quotation_send(self):
        drafts = self.filtered(lambda order: order.state == "draft")
        self.env["parts.price.check"]._check_send(drafts)
        return super().action_quotation_send()

    def _has_to_be_signed(self):
        asked = super()._has_to_be_signed()
        return asked and self.env["parts.price.check"]._may_be_sent(self)

    def _has_to_be_paid(self):
        asked = super()._has_to_be_paid()
        return asked and self.env["parts.price.check"]._may_be_sent(self)

    # === WHAT THE GATES ASK === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate in ("confirm", "send"):
            blocks += self.env["parts.price.check"]._order_blocks(self)
        return blocks

    def _parts_price_terms(self):
        """Return what the gate's terms have of prices, without price control nothing.

        :return: ``price``, see ``_terms`` of ``parts.price.verdict``
        :rtype: dict
        """
        if not self.company_id.parts_price_control:
            return {}
        return {"price": self.env["parts.price.verdict"]._terms(self)}

    def _parts_price_moved(self, before, after):
        """Return whether the prices of two terms of this order are others."""
        return "price" in after and before.get("price") != after["price"]

    def _parts_gate_compared(self, before, after):
        self.env["parts.price.check"]._noticed(self, before, after)
        return super()._parts_gate_compared(before, after)

    def _parts_gate_passed(self, gate, used):
        result = super()._parts_gate_passed(gate, used)
        if gate == "confirm":
            self.env["parts.price.given"]._record(self)
        return result

    # === WHO DECIDES, BY WHAT === #

    def _parts_gate_steps(self, block, rule):
        if block["kind"] != "price":
            return super()._parts_gate_steps(block, rule)
        return [
            *self.env["parts.price.check"]._steps(self, rule),
            *self._parts_gate_further_steps(block),
        ]

    def _parts_gate_deciders_name(self, block, rule):
        holder = None
        if block["kind"] == "price":
            holder = self.env["parts.price.check"]._holder(self)
        if holder:
            return holder.name
        return super()._parts_gate_deciders_name(block, rule)

    def _parts_barred_deciders(self, kind):
        barred = super()._parts_barred_deciders(kind)
        if kind != "price":
            return barred
        lines = self.order_line.filtered(lambda line: not line.display_type)
        authors = self.env["parts.price.author"]._of(lines).values()
        return barred.union(*authors)

    def _parts_gate_figures(self, block):
        figures = super()._parts_gate_figures(block)
        return self.env["parts.price.check"]._figures(self, block, figures)

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.price.check"]._labels()
        return {**super()._parts_gate_labels(), **labels}
