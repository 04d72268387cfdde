from odoo.exceptions import AccessError
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractGround(ContractCommon):
    """A release names its ground: a contract in force, or money received (ORD-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()

    def _grounds(self, order):
        return self.env["parts.contract.ground"].search(
            [("order_id", "=", order.id)], order="id"
        )

    def test_an_effective_contract_with_its_date(self):
        contract = self._effective(self._new_framework())
        contract.sudo().date_effective = self._day(-7)
        order = self._order_under(contract, 2)
        order.action_confirm()
        picking = order.picking_ids
        self.assertIn(contract.name, picking.parts_ship_ground)
        self.assertIn("in force since", picking.parts_ship_ground)
        self.assertFalse(self._grounds(order))
        self._leave(order)
        self.assertRecordValues(
            self._grounds(order),
            [
                {
                    "picking_id": picking.id,
                    "ground": "contract",
                    "contract_id": contract.id,
                    "version_id": contract.sudo().current_version_id.id,
                    "date_from": self._day(-7),
                    "date_until": self._day(365),
                }
            ],
        )
        # what was, stays: the contract ends, the ground of what left does not
        contract.with_user(self.general_manager).action_terminate("Over")
        picking.invalidate_recordset()
        self.assertIn(contract.name, picking.parts_ship_ground)

    def test_money_received(self):
        order = self._new_order(3)
        self._paid_transaction(order.sudo(), 300.0)
        order.action_confirm()
        self._leave(order)
        self.assertEqual(self._grounds(order).ground, "money")
        self.assertIn("paid in full", order.picking_ids.parts_ship_ground)

    def test_where_no_contract_is_needed(self):
        self.env["parts.contract.need"].search([]).needs_contract = False
        order = self._new_order(3)
        order.action_confirm()
        self._leave(order)
        self.assertEqual(self._grounds(order).ground, "none")

    def test_a_backorder_leaves_under_the_amended_version(self):
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 4)
        order.action_confirm()
        first = order.picking_ids
        first.move_ids.write({"quantity": 1, "picked": True})
        first.sudo()._action_done()
        contract.action_amend("Longer")
        contract.open_version_id.date_end = self._day(500)
        contract.action_submit()
        self._sign(contract)
        self._leave(order)
        grounds = self._grounds(order)
        self.assertEqual(grounds.mapped("date_until"), [self._day(365), self._day(500)])
        self.assertEqual(grounds.version_id.mapped("number"), [1, 2])

    def test_without_control_nothing_is_written(self):
        self.company.parts_contract_control = False
        self.company.parts_credit_control = True
        self._new_file(100000.0)
        order = self._new_order(3)
        order.action_confirm()
        self._leave(order)
        self.assertFalse(self._grounds(order))
        self.assertFalse(order.picking_ids.parts_ship_ground)

    def test_no_role_writes_it_and_who_reads_it(self):
        order = self._new_order(3)
        self._paid_transaction(order.sudo(), 300.0)
        order.action_confirm()
        self._leave(order)
        ground = self._grounds(order)
        clerk = self._new_user("clerk", "stock.group_stock_user")
        for user in (clerk, self.office, self.general_manager, self.director):
            rows = ground.with_user(user)
            for call in (
                lambda rows=rows: rows.write({"ground": "contract"}),
                lambda rows=rows: rows.unlink(),
                lambda rows=rows: rows.copy(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()
        self.assertEqual(ground.with_user(clerk).ground, "money")
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = self._new_user(
            "stranger",
            "stock.group_stock_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            ground.with_user(stranger).read(["ground"])
