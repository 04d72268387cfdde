from odoo.fields import Command
from odoo.tests import tagged

from .shipping_common import BLOCKED, ShippingCommon


@tagged("post_install", "-at_install")
class TestCreditDeliveryGoods(ShippingCommon):
    """CRD-5: who is judged, and for what. The customer is blocked after his order was
    confirmed, unless a test says otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.blocked = True

    # === WITHOUT AN ORDER === #

    def test_delivery_without_an_order(self):
        picking = self._new_picking()
        self._assert_refused(lambda: self._ship(picking))
        self.file.blocked = False
        self._ship(picking)
        self._assert_gone(picking, 99)

    def test_its_own_value_counts(self):
        # nobody ordered it: 500.00 are used, 501 is more than 500.00
        self.file.write({"blocked": False, "credit_limit": 600.0})
        picking = self._new_picking(2)
        error = self._assert_refused(
            lambda: self._ship(picking), "beyond the credit limit"
        )
        self.assertEqual(error.blocks[0]["amount"], 100.0)
        self.file.credit_limit = 700.0
        self._ship(picking)
        self._assert_gone(picking, 98)

    def test_nobody_is_named(self):
        picking = self._new_picking(partner_id=False)
        self._assert_refused(lambda: self._ship(picking), "who receives these goods")

    def test_without_a_file(self):
        picking = self._new_picking(
            partner_id=self.env["res.partner"].create({"name": "New"}).id
        )
        self._assert_refused(lambda: self._ship(picking), "New has no credit file")

    # === WHO === #

    def test_order_taken_off(self):
        # peers: the partner of the transfer is judged all the same
        self.picking.with_user(self.seller).sale_id = False
        self.assertFalse(self.picking.sale_id)
        self._assert_refused(self._ship)

    def test_another_receiver(self):
        other = self.env["res.partner"].create({"name": "Second Repair"})
        self._new_file(1000.0, customer=other)
        self.picking.partner_id = other
        self._assert_refused(self._ship)

    def test_blocked_receiver_of_somebody_elses_order(self):
        self.file.blocked = False
        other = self.env["res.partner"].create({"name": "Second Repair"})
        theirs = self._new_file(1000.0, customer=other, blocked=True)
        self.picking.partner_id = other
        self._assert_refused(self._ship, "Second Repair is blocked")
        theirs.blocked = False
        self._ship()
        self._assert_gone()

    def test_delivery_address_of_somebody_without_a_file(self):
        # his customer's workshop gets it, he owes it
        self.file.blocked = False
        workshop = self.env["res.partner"].create({"name": "Workshop"})
        order = self._new_confirmed(1, partner_shipping_id=workshop.id)
        self.assertEqual(order.picking_ids.partner_id, workshop)
        self._ship(order.picking_ids)
        self._assert_gone(order.picking_ids, 99)
        # but not where the transfer alone names somebody else
        self.picking.partner_id = workshop
        self._assert_refused(self._ship, "Workshop has no credit file")

    def test_contact_of_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Counter", "parent_id": self.customer.id}
        )
        picking = self._new_picking(partner_id=contact.id)
        self._assert_refused(lambda: self._ship(picking), BLOCKED)

    # === MORE THAN WAS ORDERED === #

    def test_more_than_was_ordered(self):
        self.file.write({"blocked": False, "credit_limit": 500.0})
        self.picking.move_ids.write({"quantity": 6, "picked": True})
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 100.0)
        self.file.credit_limit = 600.0
        self._ship()
        self._assert_gone(stock=94)

    def test_goods_added_in_the_transfer(self):
        # paths.md B: the transfer is judged before, the line is let in
        self.file.write({"blocked": False, "credit_limit": 500.0})
        other = self.env["product.product"].create(
            {
                "name": "Pads",
                "list_price": 40.0,
                "is_storable": True,
                "taxes_id": [Command.clear()],
            }
        )
        self._stock_up(10, other)
        self.env["stock.move"].with_user(self.picker).create(
            {
                "picking_id": self.picking.id,
                "product_id": other.id,
                "product_uom_qty": 2,
                "location_id": self.stock.id,
                "location_dest_id": self.at_customer.id,
            }
        )
        self.picking.action_confirm()
        self.picking.action_assign()
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 80.0)
        self.file.credit_limit = 580.0
        self.picking.button_validate()  # who may add to the order, too
        self._assert_gone()
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [5.0, 2.0])

    def test_something_dearer_than_what_was_ordered(self):
        # a transfer of the order's line that hands over another product: 800.00
        self.file.write({"blocked": False, "credit_limit": 1200.0})
        dear = self.env["product.product"].create(
            {
                "name": "Gearbox",
                "type": "consu",
                "is_storable": True,
                "list_price": 800.0,
                "taxes_id": [Command.clear()],
            }
        )
        self._stock_up(5, dear)
        picking = self._new_picking()
        picking.move_ids.sudo().sale_line_id = self.order.order_line
        picking.move_ids.sudo().write({"product_id": dear.id, "state": "draft"})
        picking.action_confirm()
        self.assertEqual(picking.move_ids.product_id, dear)
        # 500.00 of the order and 800.00
        error = self._assert_refused(
            lambda: self._ship(picking), "beyond the credit limit"
        )
        self.assertEqual(error.blocks[0]["amount"], 100.0)
        self.file.credit_limit = 1300.0
        self._ship(picking)
        self.assertEqual(picking.state, "done")
