from odoo.fields import Command

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon

BLOCKED = "Xinda Repair is blocked by finance"


class ShippingCommon(ApprovalCommon):
    """A file of 1,000.00, an order of five discs at 100.00, confirmed, and in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = cls._new_user("picker", "stock.group_stock_user")
        cls.part.is_storable = True
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.at_customer = cls.env.ref("stock.stock_location_customers")
        cls.at_vendor = cls.env.ref("stock.stock_location_suppliers")
        cls._stock_up(100)
        cls.file = cls._new_file(1000.0)
        cls.order = cls._new_confirmed(5)
        cls.picking = cls.order.picking_ids

    @classmethod
    def _stock_up(cls, quantity, part=None):
        cls.env["stock.quant"]._update_available_quantity(
            part or cls.part, cls.stock, quantity
        )

    @classmethod
    def _new_confirmed(cls, quantity=1, **values):
        order = cls._new_order(quantity, **values).sudo()
        order.action_confirm()
        return order

    @classmethod
    def _new_picking(cls, quantity=1, **values):
        """Return a delivery without an order, made by the picker."""
        partner = values.pop("partner_id", cls.customer.id)
        picking = (
            cls.env["stock.picking"]
            .with_user(cls.picker)
            .create(
                {
                    "picking_type_id": cls.warehouse.out_type_id.id,
                    "partner_id": partner,
                    "location_id": cls.stock.id,
                    "location_dest_id": cls.at_customer.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": cls.part.id,
                                "product_uom_qty": quantity,
                                "location_id": cls.stock.id,
                                "location_dest_id": cls.at_customer.id,
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        picking.action_confirm()
        return picking

    def _ship(self, picking=None, user=None):
        """Validate a transfer as a person of the warehouse."""
        picking = (picking or self.picking).with_user(user or self.picker)
        return picking.button_validate()

    def _in_stock(self, part=None):
        self.env.flush_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (part or self.part).id),
                ("location_id", "child_of", self.warehouse.view_location_id.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    def _assert_refused(self, act, message=BLOCKED):
        """The act stops with a sentence, and nothing has left."""
        before = self._in_stock()
        with self.assertRaisesRegex(GateError, message) as caught, self.cr.savepoint():
            act()
        self.env.invalidate_all()
        self.assertEqual(self._in_stock(), before)
        return caught.exception

    def _assert_gone(self, picking=None, stock=95):
        picking = picking or self.picking
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._in_stock(), stock)

    def _ask_delivery(self, picking=None, user=None):
        return self._ask(picking or self.picking, user=user or self.picker)

    def _approve(self, picking=None):
        approvals = self._ask_delivery(picking)
        approvals.with_user(self.manager).action_approve()
        return approvals

    def _bill(self, amount, due, customer=None):
        """Post an invoice of ``amount``, due on a date."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or self.customer).id,
                "company_id": self.company.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Before",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice
