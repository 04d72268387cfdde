from odoo import api, models
from odoo.tools.misc import formatLang

from .parts_contract_check import NEEDED

UNPAID = "contract_instalment"


class PartsContractShip(models.AbstractModel):
    """Contracts at the gate ``ship`` (CON-4, ORD-3).

    Nothing leaves under a contract that is not in force, and nothing waives that; an
    instalment that is due before goods leave holds them.
    """

    _name = "parts.contract.ship"
    _description = "Contracts when Goods Leave"

    @api.model
    def _picking_blocks(self, pickings):
        """Return the contract's blocks of transfers, as superuser."""
        blocks = []
        leaving = self.env["parts.delivery.leaving"]
        till = self.env["parts.credit.shipment"]._is_of_till
        for picking in pickings.filtered("company_id.parts_contract_control"):
            quantities = leaving._quantities(picking)
            if not quantities or till(picking):
                continue
            orders = leaving._orders(picking)
            messages = list(filter(None, map(self._undeliverable, orders)))
            if messages:
                blocks.append(
                    picking._parts_gate_block(NEEDED, False, " ".join(messages))
                )
                continue
            for order in orders:
                unpaid = self._unpaid(order)
                if unpaid:
                    blocks.append(self._unpaid_block(picking, order, unpaid))
            if not orders:
                blocks += self._no_order_blocks(picking, quantities)
        return blocks

    @api.model
    def _no_order_blocks(self, picking, quantities):
        """Return a block of goods that leave for a customer without any order, where a
        sale of their value would need a contract: a sample, a replacement.
        """
        partner = picking.partner_id.commercial_partner_id
        if not any(move.location_dest_id.usage == "customer" for move in quantities):
            return []
        company = picking.company_id
        value = sum(
            move.product_id.with_company(company).lst_price * quantity
            for move, quantity in quantities.items()
        )
        need = self.env["parts.contract.need"]._of_loose(company, partner, value)
        if not need.needs_contract:
            return []
        message = self.env._(
            "These goods leave without an order, and so without a contract: somebody"
            " has to approve it."
        )
        return [
            picking._parts_gate_block(
                "contract_no_order",
                "delivery",
                message,
                contract_value=(value, "up"),
                contract_receiver=(partner.display_name or "", "any"),
            )
        ]

    @api.model
    def _undeliverable(self, order):
        """Return why nothing of ``order`` may leave for want of a contract, or False.

        What was confirmed under a contract is still delivered after its term.
        """
        contract = order.parts_contract_id
        if contract:
            if contract.state in ("effective", "done"):
                return False
            states = dict(contract._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(order)s: contract %(contract)s is not in force (%(state)s), nothing"
                " leaves under it.",
                order=order.name,
                contract=contract.name,
                state=states[contract.state],
            )
        since = order.company_id.parts_contract_control_since
        if since and order.create_date < since:
            return False  # sold before contracts were asked for
        need = self.env["parts.contract.need"]._of_order(order)
        if not need.needs_contract:
            return False
        return self.env._(
            "%(order)s needs a written contract (“%(rule)s”), and names none.",
            order=order.name,
            rule=need.name,
        )

    @api.model
    def _unpaid(self, order):
        """Return what is missing of the instalments that are due before delivery, in
        the contract's currency; 0.0 if nothing is.
        """
        contract = order.parts_contract_id
        version = contract.current_version_id
        early = version.instalment_ids.filtered("before_delivery")
        if not early:
            return 0.0
        money = self.env["parts.contract.balance"]
        if contract.kind == "framework":
            total = self.env["parts.contract.inside"]._amount(order, contract)
            agreed = sum(version.instalment_ids.mapped("amount")) or 1.0
            due = total * sum(early.mapped("amount")) / agreed
            received = money._received(contract, order)
        else:
            due = sum(early.mapped("amount"))
            received = money._received(contract)
        missing = contract.currency_id.round(due - received)
        return max(missing, 0.0)

    @api.model
    def _unpaid_block(self, picking, order, unpaid):
        contract = order.parts_contract_id
        message = self.env._(
            "%(contract)s: an instalment is due before goods leave, and %(amount)s of"
            " it has not come in.",
            contract=contract.name,
            amount=formatLang(self.env, unpaid, currency_obj=contract.currency_id),
        )
        return picking._parts_gate_block(
            f"{UNPAID}:{order.id}",
            "delivery",
            message,
            amount=unpaid,
            currency=contract.currency_id,
            contract_unpaid=(unpaid, "up"),
        )
