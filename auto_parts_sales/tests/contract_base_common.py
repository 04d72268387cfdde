from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX, ApprovalCommon


class ContractCommon(ApprovalCommon):
    """A company with contract control on, and one person for each function.

    The part costs 100.00 without tax. Signing is not what is tested here: where a
    test says so, nothing is missing any more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = False
        cls.company.parts_contract_control = True
        cls.director = cls._new_user(
            "director", f"{PREFIX}sales_director", "sales_team.group_sale_manager"
        )
        cls.accountant = cls._new_user("accountant", f"{PREFIX}finance")
        cls.legal_post = cls._new_user("legal_post", f"{PREFIX}legal_post")
        cls.legal = cls._new_user("legal", f"{PREFIX}legal_department")
        cls.supply = cls._new_user("supply", f"{PREFIX}supply_chain")
        cls.office = cls._new_user("office", f"{PREFIX}sales_office")
        cls.today = fields.Date.today()
        # no declaration, no template: what they add is tested with them
        cls.env["parts.contract.need"].search([]).needs_declaration = False

    @classmethod
    def _day(cls, days):
        return fields.Date.add(cls.today, days=days)

    @classmethod
    def _new_contract(cls, quantity=10, user=None, **values):
        """Return a contract of the seller for brake discs at 100.00, as a draft."""
        values = {
            "partner_id": cls.customer.id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": cls.part.id,
                        "quantity": quantity,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
            **values,
        }
        return cls.env["parts.contract"].with_user(user or cls.seller).create(values)

    @classmethod
    def _new_framework(cls, volume=5000.0, user=None, **values):
        """Return a framework for brake discs at 90.00, until in a year, as a draft."""
        values = {
            "kind": "framework",
            "amount_total": volume,
            "date_end": cls._day(365),
            "line_ids": [
                Command.create({"product_id": cls.part.id, "price_unit": 90.0})
            ],
            **values,
        }
        return cls._new_contract(user=user, **values)

    def _order_under(self, contract, quantity, **values):
        """Return a quotation under ``contract``, at the price that it fixes."""
        line = {"product_id": self.part.id, "product_uom_qty": quantity}
        return self._new_order(
            parts_contract_id=contract.id,
            order_line=[Command.create(line)],
            **values,
        )

    @contextmanager
    def _held(self, words):
        """Expect the gate to hold what is done within, and take it back."""
        with self.assertRaisesRegex(GateError, words) as held:
            with self.env.cr.savepoint():
                yield held

    def _sign(self, contract):
        """Have both sides in: the approved version comes into force."""
        versions = type(self.env["parts.contract.version"])
        with (
            patch.object(versions, "_missing_signatures", lambda version: []),
            patch.object(versions, "_snapshot_paper", lambda version: None),
        ):
            self.assertTrue(contract.sudo()._try_effect())
        return contract

    def _effective(self, contract):
        """Submit a contract that deviates in nothing, and have it signed."""
        contract.action_submit()
        self.assertEqual(contract.state, "approved")
        return self._sign(contract)

    def _pending(self, contract):
        return contract.sudo().parts_approval_ids.filtered(
            lambda approval: approval.state == "pending"
        )

    def _approve(self, approvals, *users):
        for user in users:
            approvals.with_user(user).action_approve("Fine")

    @classmethod
    def _stock_up(cls):
        cls.part.is_storable = True
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.part, warehouse.lot_stock_id, 1000
        )

    def _leave(self, order):
        picking = order.sudo().picking_ids.filtered(lambda p: p.state != "done")
        for move in picking.move_ids:
            move.quantity, move.picked = move.product_uom_qty, True
        return picking.button_validate()

    def _paid_transaction(self, order, amount):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )
        method = self.env["payment.method"].search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.link(order.id)],
                "reference": f"T-{order.id}-{amount}",
            }
        )
        transaction.state = "done"
        return transaction
