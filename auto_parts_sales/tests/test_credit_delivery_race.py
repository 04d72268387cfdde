from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from .race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestCreditDeliveryRace(RaceCommon):
    # CRD-5: a delivery while finance blocks the customer, on real connections

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            file = env["parts.credit.file"].create(
                {
                    "partner_id": self.customer_id,
                    "company_id": self.company_id,
                    "credit_limit": 1000.0,
                    "term_days": 90,
                    "state": "active",
                }
            )
            goods = env["product.product"].create(
                {
                    "name": "Race disc",
                    "list_price": 100.0,
                    "taxes_id": [Command.clear()],
                }
            )
            order = env["sale.order"].browse(self.order_ids[0])
            order.order_line.product_id = goods
            order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})
            order.action_confirm()
            order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
            self.file_id, self.goods_id = file.id, goods.id
            self.picking_id = order.picking_ids.id

    def _remove(self):
        # what was delivered is deleted past the ORM, which lets nobody
        with self._committed() as env:
            for table in ("stock_move_line", "stock_move", "stock_picking"):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE company_id = %s",  # noqa: S608
                    [self.company_id],
                )
            env.invalidate_all()
        result = super()._remove()
        with self._committed() as env:
            env["stock.quant"].search([("product_id", "=", self.goods_id)]).unlink()
            env["product.product"].browse(self.goods_id).unlink()
        return result

    def _validate(self, env):
        env["stock.picking"].browse(self.picking_id).button_validate()

    def _block(self, env):
        env["parts.credit.file"].browse(self.file_id).blocked = True

    def _state(self):
        with self._committed() as env:
            picking = env["stock.picking"].browse(self.picking_id)
            return picking.state

    def test_blocked_before_it_was_judged(self):
        # The delivery's request began before, and would see an old file
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db"):
            env = api.Environment(cr, SUPERUSER_ID, {})
            file = env["parts.credit.file"].browse(self.file_id)
            self.assertFalse(file.blocked)
            with self._committed() as other:
                self._block(other)
            with self.assertRaisesRegex(UserError, "blocked by finance"):
                retrying(lambda: self._validate(env), env)
            cr.rollback()
        self.assertEqual(self._state(), "assigned")

    def test_judged_before_it_was_blocked(self):
        # Finance waits for the delivery and blocks what comes after it
        with self._committed() as env:
            env["parts.credit.file"].browse(self.file_id).fetch(["blocked"])
            self._validate(env)
        with self._committed() as env:
            self._block(env)
        self.assertEqual(self._state(), "done")

    def test_at_the_same_moment(self):
        results = self._at_once(
            (SUPERUSER_ID, self._validate), (SUPERUSER_ID, self._block)
        )
        with self._committed() as env:
            self.assertTrue(env["parts.credit.file"].browse(self.file_id).blocked)
        # whoever was first: who validated reads what became of the goods
        self.assertEqual(self._state() == "done", results == ["passed", "passed"])
