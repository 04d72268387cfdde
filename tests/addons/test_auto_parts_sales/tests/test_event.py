from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestEvent(FurtherCommon):
    """paths.md B: tickets. The app acts after super() on all of the orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.env.ref("event.group_event_registration_desk")
        cls.admission = cls.env["product.product"].create(
            {
                "name": "Admission",
                "type": "service",
                "service_tracking": "event",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )
        now = fields.Datetime.now()
        cls.event = cls.env["event.event"].create(
            {
                "name": "Brake training",
                "date_begin": now + timedelta(days=1),
                "date_end": now + timedelta(days=2),
                "event_ticket_ids": [
                    Command.create(
                        {"name": "Seat", "product_id": cls.admission.id, "price": 100.0}
                    )
                ],
            }
        )

    def _new_ticket_order(self, price=100.0):
        order = self._new_order()
        order.order_line.write(
            {
                "product_id": self.admission.id,
                "event_id": self.event.id,
                "event_ticket_id": self.event.event_ticket_ids.id,
                "price_unit": price,
                "tax_ids": False,
            }
        )
        return order

    def _registrations(self, orders):
        return self.env["event.registration"].search(
            [("sale_order_id", "in", orders.ids), ("state", "!=", "cancel")]
        )

    def test_held_order_registers_nobody(self):
        order = self._new_ticket_order()
        self._assert_refused(order.action_confirm)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self._registrations(order))
        self._new_file(100.0)
        order.action_confirm()
        self.assertEqual(len(self._registrations(order)), 1)

    def test_several_orders_all_or_none(self):
        self._new_file(199.0)
        orders = self._new_ticket_order() | self._new_ticket_order()
        self._assert_refused(orders.action_confirm, "beyond the credit limit")
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertFalse(self._registrations(orders))

    def test_free_ticket_is_no_claim(self):
        # the shop's route: the visitor's own environment, as superuser
        order = self._new_ticket_order(price=0.0)
        visitor = self.env.ref("base.public_user")
        order.with_user(visitor).sudo().action_confirm()
        self.assertEqual(order.state, "sale")

    def test_free_ticket_that_is_held(self):
        # the visitor's act: held, not refused
        self._require_reference()
        order = self._new_ticket_order(price=0.0)
        visitor = self.env.ref("base.public_user")
        with self._without_confirmation_mail():
            order.with_user(visitor).sudo().action_confirm()
        self._assert_waiting(order)
        self.assertFalse(self._registrations(order))
