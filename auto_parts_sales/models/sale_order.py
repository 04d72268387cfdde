from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "parts.approval.gate.mixin"]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any(vals.get("state") == "sale" for vals in vals_list):
            orders.filtered(lambda order: order.state == "sale")._parts_confirm_gate()
        return orders

    def write(self, vals):
        if vals.get("state") != "sale":
            return super().write(vals)
        binding = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        # After the write: what is judged is what will stand
        binding._parts_confirm_gate()
        return result

    # === APPROVAL === #

    def _parts_confirm_gate(self):
        controlled = self.filtered(lambda order: order._parts_is_controlled())
        if controlled:
            controlled._parts_gate_pass("confirm")

    def _parts_is_controlled(self):
        """Return whether any control of the order's company watches the gate
        ``confirm``; extend it with the switch of another check.
        """
        self.ensure_one()
        return self.sudo().company_id.parts_credit_control

    def _parts_gate_next(self):
        if self.state in ("draft", "sent") and self._parts_is_controlled():
            return "confirm"
        return super()._parts_gate_next()

    def _parts_gate_amount(self):
        exposure = self.env["parts.credit.exposure"]
        return exposure._order_total(self, taxed=False), self.company_id.currency_id

    # === CREDIT === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "confirm":
            blocks += self.env["parts.credit.check"]._order_blocks(self)
        return blocks
