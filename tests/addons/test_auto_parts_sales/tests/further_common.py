from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.auto_parts_sales.exceptions import GateError
from odoo.addons.auto_parts_sales.tests.approval_common import ApprovalCommon

NO_FILE = "Xinda Repair has no credit file"


class FurtherCommon(ApprovalCommon):
    """Credit control is on, and the customer has no credit file unless a test says so.

    The check of the example addon (the customer's own order number is missing) stands
    for a control that does not look at amounts; it is off unless a test says so.
    """

    @classmethod
    def get_default_groups(cls):
        """Extend for classes with accounting, which are set up by a person."""
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("auto_parts_sales.group_parts_administrator")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(su=True)
        cls.service = cls.env["product.product"].create(
            {
                "name": "Fitting",
                "type": "service",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _new_service_order(cls, quantity=1, **values):
        """Return a quotation of fitting at 100.00 each, without tax."""
        order = cls._new_order(quantity, **values)
        order.order_line.write(
            {"product_id": cls.service.id, "price_unit": 100.0, "tax_ids": False}
        )
        return order

    @classmethod
    def _require_reference(cls):
        cls.company.parts_example_reference = True

    def _assert_refused(self, act, message=NO_FILE):
        """The act stops with a sentence for who did it, and leaves nothing."""
        with self.assertRaisesRegex(GateError, message) as caught, self.cr.savepoint():
            act()
        self.env.invalidate_all()
        return caught.exception

    def _assert_waiting(self, order):
        """The customer did his part; the order is held, its owner told once."""
        self.assertIn(order.state, ("draft", "sent"))
        self.assertTrue(order.parts_held)
        self.assertEqual(order.user_id, self.seller)
        activities = order.sudo().activity_ids
        self.assertEqual(activities.user_id, order.user_id)
        self.assertEqual(len(activities), 1)
        self.assertFalse(order.sudo().invoice_ids)

    def _assert_grown(self, order, amount, count=1):
        """Odoo made the order grow by ``amount``: let in, flagged, the owner told."""
        flags = self.env["parts.approval.growth"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual(len(flags), count)
        self.assertAlmostEqual(sum(flags.mapped("amount")), amount)
        self.assertIn(order.user_id, order.sudo().activity_ids.user_id)

    def _try_held_again(self):
        """Run the job that confirms what nothing holds any more."""
        cron = self.env.ref("auto_parts_sales.ir_cron_parts_approval_hold").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _without_confirmation_mail(self):
        """Return a context in which no mail may say that an order is confirmed."""

        def send(orders):
            self.assertFalse(orders, "A mail says that a held order is confirmed.")

        return patch.object(
            type(self.env["sale.order"]), "_send_order_confirmation_mail", send
        )
