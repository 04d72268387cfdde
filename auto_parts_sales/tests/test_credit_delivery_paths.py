from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .shipping_common import ShippingCommon


@tagged("post_install", "-at_install")
class TestCreditDeliveryPaths(ShippingCommon):
    """paths.md D: every path by which goods leave. The customer is blocked after his
    order was confirmed, unless a test says otherwise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.blocked = True

    def _passes_without_control(self, act):
        """The counter-case: with the control off the same act does it."""
        self.company.parts_credit_control = False
        act()

    # === VALIDATE, WIZARDS === #

    def test_validate_from_draft(self):
        picking = self._draft_picking()
        self._assert_refused(lambda: self._ship(picking))
        self._passes_without_control(lambda: self._ship(picking))
        self._assert_gone(picking, 99)

    def _draft_picking(self):
        values = {
            "product_id": self.part.id,
            "product_uom_qty": 1,
            "location_id": self.stock.id,
            "location_dest_id": self.at_customer.id,
        }
        return self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": self.stock.id,
                "location_dest_id": self.at_customer.id,
                "move_ids": [Command.create(values)],
            }
        )

    def test_no_backorder_dialog_about_held_goods(self):
        self.picking.move_ids.write({"quantity": 2, "picked": True})
        self._assert_refused(self._ship)

    def test_backorder_wizard(self):
        self.picking.move_ids.write({"quantity": 2, "picked": True})
        self.file.blocked = False
        action = self._ship()
        wizard = Form.from_action(self.env(user=self.picker, context={}), action).save()
        self.file.blocked = True
        self._assert_refused(wizard.process)
        self._assert_refused(wizard.process_cancel_backorder)
        self.file.blocked = False
        wizard.process()
        self._assert_gone(stock=98)
        self.assertEqual(self.picking.backorder_ids.move_ids.product_uom_qty, 3.0)

    def test_partial_delivery_without_backorder(self):
        self.picking.move_ids.write({"quantity": 2, "picked": True})
        never = {"picking_ids_not_to_backorder": self.picking.ids}
        validate = self.picking.with_user(self.picker).with_context(
            skip_backorder=True, **never
        )
        self._assert_refused(validate.button_validate)
        self.file.blocked = False
        validate.button_validate()
        self._assert_gone(stock=98)

    def test_sms_wizard(self):
        if "confirm.stock.sms" not in self.env:
            return  # not installed beside the addon
        wizard = self.env["confirm.stock.sms"].with_user(self.picker)
        for act in ("send_sms", "dont_send_sms"):
            dialog = wizard.create({"pick_ids": [Command.set(self.picking.ids)]})
            dialog = dialog.with_context(button_validate_picking_ids=self.picking.ids)
            self._assert_refused(getattr(dialog, act))

    def test_several_at_once(self):
        # one held transfer stops all; it is named, and the others can go
        self.file.blocked = False
        other = self.env["res.partner"].create({"name": "Second Repair"})
        self._new_file(1000.0, customer=other)
        free = self._new_confirmed(1, customer=other).picking_ids
        self.file.blocked = True
        both = self.picking | free
        error = self._assert_refused(both.with_user(self.picker).button_validate)
        self.assertIn(self.picking.name, str(error))
        self.assertNotIn(free.name, str(error))
        self.assertRegex(str(error), "leave the transfers named here out")
        self._ship(free)
        self._assert_gone(free, 99)

    def test_together_they_do_not_slip_under_one_limit(self):
        # 500.00 are free; two deliveries of three discs that nobody ordered
        self.file.blocked = False
        pickings = self._new_picking(3) | self._new_picking(3)
        error = self._assert_refused(
            pickings.with_user(self.picker).button_validate, "beyond the credit limit"
        )
        # 1,100.00 of 1,000.00
        self.assertEqual({block["amount"] for block in error.blocks}, {100.0})
        self._ship(pickings[0])
        self._assert_gone(pickings[0], 97)

    # === ROUTES === #

    def test_pick_pack_ship(self):
        # only the step that leaves our locations is held
        self.file.blocked = False
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._new_confirmed(2)
        self.file.blocked = True
        picking = order.picking_ids
        for _step in ("pick", "pack"):
            self._ship(picking)
            self.assertEqual(picking.state, "done")
            picking = picking._get_next_transfers()
        self.assertEqual(picking.location_dest_id, self.at_customer)
        self._assert_refused(lambda: self._ship(picking))
        self.file.blocked = False
        self._ship(picking)
        self._assert_gone(picking, 98)

    def test_internal_transfer(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        picking = self._new_picking(
            1,
            picking_type_id=self.warehouse.int_type_id.id,
            location_dest_id=shelf.id,
        )
        picking.move_ids.location_dest_id = shelf
        self._ship(picking)
        self.assertEqual(picking.state, "done")

    def test_receipt_and_return_of_a_customer(self):
        self.file.blocked = False
        self._ship()
        self.file.blocked = True
        back = self._return(self.picking)
        self._ship(back)
        self._assert_gone(back, 100)

    def _return(self, picking, method="action_create_returns", quantity=None):
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.picker)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        for line in wizard.product_return_moves:
            line.quantity = quantity or line.move_quantity
        action = getattr(wizard, method)()
        return self.env["stock.picking"].browse(action["res_id"])

    def test_return_for_exchange(self):
        # the new delivery is judged; at first both the old goods and the new are his
        self.file.write({"blocked": False, "credit_limit": 599.99})
        self._ship()
        before = self.order.picking_ids
        back = self._return(self.picking, "action_create_exchanges", 1)
        exchange = self.env["stock.picking"].search(
            [
                ("id", "not in", (before | back).ids),
                ("reference_ids", "in", self.picking.reference_ids.ids),
                ("picking_type_code", "=", "outgoing"),
            ]
        )
        self.assertEqual(len(exchange), 1)
        exchange.action_assign()
        self._assert_refused(lambda: self._ship(exchange), "beyond the credit limit")
        self._ship(back)
        self.file.blocked = True
        self._assert_refused(lambda: self._ship(exchange))
        self.file.blocked = False
        self._ship(exchange)
        self._assert_gone(exchange)

    def _dropship(self, **values):
        """Return a transfer from the vendor straight to the customer."""
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        picking = self._new_picking(
            1,
            picking_type_id=self.warehouse.in_type_id.id,
            location_id=self.at_vendor.id,
            move_ids=[
                Command.create(
                    {
                        "product_id": self.part.id,
                        "product_uom_qty": 1,
                        "location_id": self.at_vendor.id,
                        "location_dest_id": self.at_customer.id,
                    }
                )
            ],
            partner_id=vendor.id,
            **values,
        ).sudo()
        picking.move_ids.sale_line_id = self.order.order_line
        return picking

    def test_dropship(self):
        # the customer of the order is judged; the sentence fits a buyer, who validates
        buyer = self._new_user("buyer", "purchase.group_purchase_user")
        self.picking.action_cancel()
        self.file.blocked = False
        picking = self._dropship()
        self.file.blocked = True
        error = self._assert_refused(lambda: self._ship(picking, buyer))
        self.assertRegex(str(error), "have the vendor hold the goods back")
        [approval] = self._ask_delivery(picking, buyer)
        approval.with_user(self.manager).action_approve()
        self._ship(picking, buyer)
        self.assertEqual(picking.state, "done")

    def test_our_own_delivery_does_not_speak_of_a_vendor(self):
        error = self._assert_refused(self._ship)
        self.assertNotIn("vendor", str(error))

    # === LOCATIONS === #

    def test_location_of_the_customers_own(self):
        own = self.env["stock.location"].create(
            {
                "name": "Xinda",
                "usage": "customer",
                "location_id": self.at_customer.location_id.id,
            }
        )
        self.picking.location_dest_id = own
        self.assertEqual(self.picking.move_ids.location_dest_id, own)
        self._assert_refused(self._ship)

    def test_transit_of_nobody(self):
        transit = self._transit()
        self.picking.location_dest_id = transit
        self._assert_refused(self._ship)

    def test_our_own_transit(self):
        # where an order ends there, Odoo counts it as delivered; else it is ours
        transit = self._transit(company_id=self.company.id)
        self.picking.location_dest_id = transit
        self._assert_refused(self._ship)
        picking = self._new_picking(1, location_dest_id=transit.id)
        picking.move_ids.location_dest_id = transit
        self._ship(picking)
        self.assertEqual(picking.state, "done")

    def _transit(self, **values):
        return self.env["stock.location"].create(
            {"name": "Transit", "usage": "transit", "company_id": False, **values}
        )

    def test_vendor_location_with_an_order_behind_it(self):
        self.picking.location_dest_id = self.at_vendor
        self._assert_refused(self._ship)

    def test_loss_with_an_order_behind_it(self):
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        self.picking.location_dest_id = loss
        self._assert_refused(self._ship)

    def test_location_that_becomes_the_customers(self):
        # Odoo itself refuses it for a location that holds goods
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.part, shelf, 1)
        with self.assertRaises(UserError):
            shelf.usage = "customer"

    def test_return_to_a_vendor(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        picking = self._new_picking(
            1, partner_id=vendor.id, location_dest_id=self.at_vendor.id
        )
        picking.move_ids.location_dest_id = self.at_vendor
        self._ship(picking)
        self.assertEqual(picking.state, "done")

    def test_one_line_goes_to_the_customer(self):
        # an internal transfer, one of whose lines ends at the customer
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        picking = self._new_picking(
            1, picking_type_id=self.warehouse.int_type_id.id, location_dest_id=shelf.id
        )
        picking.move_ids.location_dest_id = shelf
        picking.action_assign()
        picking.move_line_ids.location_dest_id = self.at_customer
        self._assert_refused(lambda: self._ship(picking))

    # === WITHOUT A TRANSFER === #

    def _scrap(self, location):
        scrap = self.env["stock.scrap"].with_user(self.picker)
        return scrap.create(
            {
                "product_id": self.part.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
                "scrap_location_id": location.id,
            }
        )

    def test_scrap_to_a_customer(self):
        scrap = self._scrap(self.at_customer)
        self._assert_refused(scrap.action_validate, "Make a delivery")
        self.file.blocked = False
        self._assert_refused(scrap.action_validate, "Make a delivery")
        self._passes_without_control(scrap.action_validate)
        self.assertEqual(self._in_stock(), 99)

    def test_scrap(self):
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        self._scrap(loss).action_validate()
        self.assertEqual(self._in_stock(), 99)

    def test_scrap_from_a_held_delivery(self):
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        scrap = self._scrap(loss)
        scrap.picking_id = self.picking
        scrap.action_validate()
        self.assertEqual(self._in_stock(), 99)

    def test_relocation_to_a_customer(self):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.part.id), ("location_id", "=", self.stock.id)]
        )
        self._assert_refused(
            lambda: quant.move_quants(location_dest_id=self.at_customer),
            "Make a delivery",
        )
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self.picking.do_unreserve()
        quant.move_quants(location_dest_id=shelf)
        self.assertEqual(self._in_stock(), 100)

    def test_count(self):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.part.id), ("location_id", "=", self.stock.id)]
        )
        quant.inventory_quantity = 90
        quant.action_apply_inventory()
        self.assertEqual(self._in_stock(), 90)

    # === CARRIER === #

    def test_no_label_is_bought_for_held_goods(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Express",
                "product_id": self.env["product.product"]
                .create({"name": "Freight", "type": "service"})
                .id,
                "integration_level": "rate_and_ship",
            }
        )
        self.picking.picking_type_id.print_label = True
        self.picking.carrier_id = carrier
        bought = []

        def buy(this, pickings):
            bought.append(pickings)
            return [{"exact_price": 0.0, "tracking_number": "SF1"}]

        self.classPatch(self.registry["delivery.carrier"], "send_shipping", buy)
        self._assert_refused(self._ship)
        self.assertFalse(bought)
        self.file.blocked = False
        self._ship()
        self._assert_gone()
        self.assertEqual(len(bought), 1)
