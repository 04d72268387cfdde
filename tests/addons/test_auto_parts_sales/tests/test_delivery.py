import uuid

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.tests.shipping_common import BLOCKED, ShippingCommon
from odoo.addons.point_of_sale.tests.common import CommonPosTest

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestBatch(ShippingCommon):
    """paths.md D: a batch validates its transfers in one go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.partner"].create({"name": "Second Repair"})
        cls._new_file(1000.0, customer=other)
        cls.free = cls._new_confirmed(1, customer=other).picking_ids
        cls.batch = cls.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((cls.picking | cls.free).ids)]}
        )
        cls.batch.action_confirm()
        cls.file.blocked = True

    def test_held_transfer_is_named_and_can_be_taken_out(self):
        batch = self.batch.with_user(self.picker)
        error = self._assert_refused(batch.action_done)
        self.assertIn(self.picking.name, str(error))
        self.assertNotIn(self.free.name, str(error))
        self.assertRegex(str(error), "out of the batch")
        batch.picking_ids = [Command.unlink(self.picking.id)]
        batch.action_done()
        self._assert_gone(self.free, 99)
        self.assertEqual(self.batch.state, "done")

    def test_control_off(self):
        self.company.parts_credit_control = False
        self.batch.with_user(self.picker).action_done()
        self._assert_gone(self.picking, 94)


@tagged("post_install", "-at_install")
class TestTill(FurtherCommon, CommonPosTest):
    """paths.md D: what a till sells is handed over at its counter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.write({"available_in_pos": True, "is_storable": True})
        cls.till = cls.pos_config_usd
        cls.till.open_ui()
        cls.file = cls._new_file(0.0, blocked=True)

    def _sell(self, quantity=1, **values):
        method = self.till.payment_method_ids.filtered("is_cash_count")[:1]
        paid = 100.0 * quantity
        sale = {
            "uuid": str(uuid.uuid4()),
            "name": "Order 00001",
            "session_id": self.till.current_session_id.id,
            "user_id": self.env.uid,
            "partner_id": self.customer.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "to_invoice": False,
            "amount_paid": paid,
            "amount_total": paid,
            "amount_return": 0,
            "amount_tax": 0,
            "lines": [
                Command.create(
                    {
                        "product_id": self.part.id,
                        "qty": quantity,
                        "price_unit": 100.0,
                        "price_subtotal": paid,
                        "price_subtotal_incl": paid,
                        "discount": 0,
                        "pack_lot_ids": [],
                        "tax_ids": [],
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "name": fields.Datetime.now(),
                        "amount": paid,
                        "payment_method_id": method.id,
                    }
                )
            ],
            **values,
        }
        data = self.env["pos.order"].sync_from_ui([sale])
        return self.env["pos.order"].browse(data["pos.order"][0]["id"])

    def test_what_a_till_sells_leaves(self):
        self.company.point_of_sale_update_stock_quantities = "real"
        sale = self._sell()
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])

    def test_at_the_end_of_the_session(self):
        self.company.point_of_sale_update_stock_quantities = "closing"
        self._sell(2)
        session = self.till.current_session_id
        session.action_pos_session_closing_control(bank_payment_method_diffs={})
        self.assertEqual(session.picking_ids.mapped("state"), ["done"])

    def test_a_transfer_that_names_a_sale(self):
        # a field that can be written is no till
        self.company.point_of_sale_update_stock_quantities = "real"
        sale = self._sell()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        place = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "pos_order_id": sale.id,
                "pos_session_id": sale.session_id.id,
                **place,
                "move_ids": [
                    Command.create(
                        {"product_id": self.part.id, "product_uom_qty": 1, **place}
                    )
                ],
            }
        )
        self._assert_refused(picking.button_validate, BLOCKED)
