import uuid

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import CommonPosTest

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestPointOfSale(FurtherCommon, CommonPosTest):
    """paths.md B: the till settles a quotation; the money is taken already.

    A refusal would stop the till from handing in its sales.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.available_in_pos = True
        cls.till = cls.pos_config_usd
        cls.till.open_ui()

    def _settle(self, order, paid):
        """Hand in a sale of the till that settles ``order``, paid with ``paid``."""
        line = order.order_line
        method = self.till.payment_method_ids.filtered("is_cash_count")[:1]
        sale = {
            "uuid": str(uuid.uuid4()),
            "name": "Order 00001",
            "session_id": self.till.current_session_id.id,
            "user_id": self.env.uid,
            "partner_id": order.partner_id.id,
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
                        "qty": paid / 100.0,
                        "price_unit": 100.0,
                        "price_subtotal": paid,
                        "price_subtotal_incl": paid,
                        "discount": 0,
                        "pack_lot_ids": [],
                        "tax_ids": [],
                        "sale_order_line_id": line.id,
                        "sale_order_origin_id": order.id,
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
        }
        data = self.env["pos.order"].sync_from_ui([sale])
        return self.env["pos.order"].browse(data["pos.order"][0]["id"])

    def test_what_the_till_took_is_paid(self):
        order = self._new_order()
        sale = self._settle(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self.assertEqual(order.state, "sale")

    def test_what_the_till_did_not_take_is_held_and_stops_no_till(self):
        # 100.00 of 300.00 are paid; there is no credit for the rest
        order = self._new_order(3)
        sale = self._settle(order, 100.0)
        self.assertEqual(sale.amount_paid, 100.0)
        self._assert_waiting(order)

    def test_with_credit_for_the_rest(self):
        self._new_file(200.0)
        order = self._new_order(3)
        self._settle(order, 100.0)
        self.assertEqual(order.state, "sale")
