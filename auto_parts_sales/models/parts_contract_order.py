from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PartsContractOrder(models.AbstractModel):
    """Contracts from quotations, and quotations under contracts (CON-1, CON-2)."""

    _name = "parts.contract.order"
    _description = "Orders and Contracts"

    # === FROM A QUOTATION === #

    @api.model
    def _draw(self, order):
        """Return a new contract with what ``order`` offers, and name it there.

        :raises UserError: unless it is a quotation with goods and without a contract
        """
        if order.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%s is no quotation any more: contracts are drawn up before an"
                    " order is confirmed.",
                    order.name,
                )
            )
        if order.parts_contract_id:
            raise UserError(
                self.env._(
                    "%(order)s names contract %(contract)s already.",
                    order=order.name,
                    contract=order.sudo().parts_contract_id.name,
                )
            )
        lines = order.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line._is_line_optional()
            )
        )
        if not lines:
            raise UserError(
                self.env._("%s offers nothing yet: add parts first.", order.name)
            )
        contract = self.env["parts.contract"].create(
            {
                **self._prepare_contract_vals(order),
                "line_ids": [
                    Command.create(vals)
                    for line in lines
                    for vals in [self._prepare_line_vals(line)]
                ],
                "instalment_ids": [
                    Command.create(vals) for vals in self._prepare_plan(order)
                ],
            }
        )
        order.parts_contract_id = contract
        order.message_post(
            body=self.env._("Contract %s was drawn up from it.", contract.name)
        )
        return contract

    @api.model
    def _prepare_contract_vals(self, order):
        return {
            "kind": "single",
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "user_id": order.user_id.id or self.env.uid,
            "team_id": order.team_id.id,
            "payment_term_id": order.payment_term_id.id,
        }

    @api.model
    def _prepare_line_vals(self, line):
        commitment = line.order_id.commitment_date
        price, discount = line.price_unit, line.discount
        quantity = line.product_uom_qty
        if price * quantity < 0:
            raise UserError(
                self.env._(
                    "%s takes something off the whole: give the discount on the parts,"
                    " a contract names their prices.",
                    line.name,
                )
            )
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "product_uom_id": line.product_uom_id.id,
            "quantity": quantity,
            "price_unit": price,
            "discount": discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "date_delivery": commitment and commitment.date(),
            "sequence": line.sequence,
        }

    @api.model
    def _prepare_plan(self, order):
        """Return the order's payment terms as a payment plan; at once is before the
        goods leave.
        """
        terms = order.payment_term_id.line_ids
        if not terms or any(line.value != "percent" for line in terms):
            return []
        plan = []
        for line in terms:
            days = self.env["parts.contract.deviation"]._term_days(
                order.payment_term_id
            )
            plan.append(
                {
                    "value": "percent",
                    "percent": line.value_amount,
                    "event": "delivery",
                    "days": line.nb_days if len(terms) > 1 else days,
                }
            )
        return plan

    # === UNDER A CONTRACT === #

    @api.model
    def _take_over(self, orders, vals_list):
        """Give ``orders`` the prices and terms of their contract, where it is in force.

        :param list[dict] vals_list: what was written: what a caller names himself is
            left to him, the gate tells what deviates
        """
        named = set().union(*vals_list) if vals_list else set()
        for order in orders:
            contract = order.parts_contract_id.sudo()
            if contract.state != "effective":
                continue
            version = contract.current_version_id
            term = version._order_term()
            if term and "payment_term_id" not in named:
                order.payment_term_id = term
            basis = version.pricelist_id
            if basis and "pricelist_id" not in named and order.state == "draft":
                order.pricelist_id = basis
            if "order_line" not in named:
                self._take_prices(order)

    @api.model
    def _take_prices(self, order):
        for line in order.order_line:
            if line.display_type or line.is_downpayment or not line.product_id:
                continue
            if self.env["parts.contract.price"].sudo()._for_line(line) is not None:
                line.discount = 0.0
                line._reset_price_unit()

    @api.model
    def _prepare_order_vals(self, contract):
        """Return values of a new quotation under ``contract``: of a single one with
        what is left of its goods.
        """
        vals = {
            "partner_id": contract.partner_id.id,
            "company_id": contract.company_id.id,
            "parts_contract_id": contract.id,
            "user_id": contract.user_id.id,
        }
        if contract.kind == "framework":
            return vals
        check = self.env["parts.contract.inside"].sudo()
        orders = contract.sudo().order_ids.filtered(lambda o: o.state != "cancel")
        taken = check._quantities(orders.mapped(lambda o: check._goods(o)))
        commands = []
        for line in contract.line_ids.filtered("product_id"):
            product = line.product_id
            uom = line.product_uom_id or product.uom_id
            used = product.uom_id._compute_quantity(
                taken.get(product, 0.0), uom, raise_if_failure=False
            )
            left = max(line.quantity - used, 0.0)
            taken[product] = max(taken.get(product, 0.0) - line.quantity, 0.0)
            if left:
                commands.append(
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": line.name,
                            "product_uom_qty": left,
                            "product_uom_id": uom.id,
                            "price_unit": line.price_unit,
                            "discount": line.discount,
                            "tax_ids": [Command.set(line.tax_ids.ids)],
                        }
                    )
                )
        if not commands:
            raise UserError(
                self.env._("All goods of %s are ordered already.", contract.name)
            )
        return {**vals, "order_line": commands}
