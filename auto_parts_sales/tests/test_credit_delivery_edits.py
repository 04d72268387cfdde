from odoo.fields import Command
from odoo.tests import tagged

from .shipping_common import ShippingCommon


@tagged("post_install", "-at_install")
class TestCreditDeliveryEdits(ShippingCommon):
    """paths.md A2: goods that leave without ``_action_done``.

    Two discs of another order have left; then the customer is blocked. Core lets
    salespeople and the warehouse do all of this.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls._new_confirmed(2).picking_ids
        cls.done.with_user(cls.picker).button_validate()
        cls.line = cls.done.move_line_ids
        cls.file.blocked = True
        cls.env.flush_all()

    def _line_values(self, **values):
        return {
            "product_id": self.part.id,
            "quantity": 3,
            "location_id": self.stock.id,
            "location_dest_id": self.at_customer.id,
            **values,
        }

    def _move_values(self, **values):
        return {
            "product_id": self.part.id,
            "product_uom_qty": 3,
            "location_id": self.stock.id,
            "location_dest_id": self.at_customer.id,
            **values,
        }

    def _assert_held(self, act, leaves=True):
        """The control holds it; without the control the same act takes goods out."""
        before = self._in_stock()
        self._assert_refused(act)
        self.company.parts_credit_control = False
        with self.cr.savepoint() as savepoint:
            act()
            if leaves:
                self.assertLess(self._in_stock(), before)
            savepoint.rollback()
        self.company.parts_credit_control = True
        self.env.invalidate_all()

    def test_quantity_of_a_done_line(self):
        line = self.line.with_user(self.seller)
        error = self._assert_refused(lambda: line.write({"quantity": 3}))
        self.assertRegex(str(error), "The transfer is done already")
        self._assert_held(lambda: line.write({"quantity": 3}))

    def test_fewer_may_always_be_written(self):
        self.line.with_user(self.seller).quantity = 1
        self.assertEqual(self._in_stock(), 99)

    def test_what_matters_not_may_be_written(self):
        self.done.with_user(self.picker).write({"note": "At the gate"})
        self.line.with_user(self.picker).write({"date": "2026-01-01 12:00:00"})
        self.done.with_user(self.picker).write({"date_done": "2026-01-01 12:00:00"})

    def test_quantity_of_a_done_move(self):
        move = self.done.move_ids.with_user(self.picker)
        self._assert_held(lambda: move.write({"quantity": 3}))

    def test_through_the_transfer(self):
        picking = self.done.with_user(self.picker)
        command = Command.update(self.done.move_ids.id, {"quantity": 3})
        self._assert_held(lambda: picking.write({"move_ids": [command]}))
        command = Command.update(self.line.id, {"quantity": 3})
        self._assert_held(lambda: picking.write({"move_line_ids": [command]}))

    def test_line_added_to_a_done_move(self):
        lines = self.line.with_user(self.seller)
        values = self._line_values(move_id=self.done.move_ids.id)
        self._assert_held(lambda: lines.create(values))

    def test_line_added_to_a_done_transfer(self):
        lines = self.line.with_user(self.seller)
        values = self._line_values(picking_id=self.done.id)
        self._assert_held(lambda: lines.create(values))
        # and by a default of the context
        lines = lines.with_context(default_picking_id=self.done.id)
        values = self._line_values(company_id=self.company.id)
        self._assert_held(lambda: lines.create(values))

    def test_move_created_done_in_a_done_transfer(self):
        moves = self.env["stock.move"].with_user(self.seller)
        values = self._move_values(picking_id=self.done.id, quantity=3)
        self._assert_held(lambda: moves.create(values))

    def test_move_created_done_in_an_open_transfer(self):
        moves = self.env["stock.move"].with_user(self.seller)
        values = self._move_values(
            picking_id=self.picking.id,
            state="done",
            move_line_ids=[Command.create(self._line_values())],
        )
        self._assert_held(lambda: moves.create(values))

    def test_move_created_done_without_a_transfer(self):
        moves = self.env["stock.move"].with_user(self.seller)
        values = self._move_values(
            state="done", move_line_ids=[Command.create(self._line_values())]
        )
        self._assert_refused(lambda: moves.create(values), "Make a delivery")

    def test_transfer_created_with_a_done_move(self):
        values = self._move_values(
            state="done", move_line_ids=[Command.create(self._line_values())]
        )
        pickings = self.env["stock.picking"].with_user(self.seller)
        vals = {
            "picking_type_id": self.warehouse.out_type_id.id,
            "partner_id": self.customer.id,
            "location_id": self.stock.id,
            "location_dest_id": self.at_customer.id,
            "move_ids": [Command.create(values)],
        }
        self._assert_held(lambda: pickings.create(vals))

    def test_line_that_says_it_is_done(self):
        # its state is a copy of its move's that can be given
        lines = self.line.with_user(self.seller)
        values = self._line_values(move_id=self.picking.move_ids.id, state="done")
        lines.create(values)  # Odoo does not believe it
        self.assertEqual(self._in_stock(), 98)

    def test_state_of_an_open_move(self):
        move = self.picking.move_ids.with_user(self.seller)
        self._assert_held(lambda: move.write({"state": "done"}), leaves=False)

    def test_destination_of_something_done(self):
        # first to a shelf, which is ours, and then the paper says: to the customer
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        picking = self._new_picking(
            2, picking_type_id=self.warehouse.int_type_id.id, location_dest_id=shelf.id
        )
        picking.move_ids.location_dest_id = shelf
        self._ship(picking)
        line = picking.move_line_ids.with_user(self.seller)
        destination = {"location_dest_id": self.at_customer.id}
        self._assert_held(lambda: line.write(destination))
        picking = picking.with_user(self.picker)
        self._assert_held(lambda: picking.write(destination), leaves=False)
        move = picking.move_ids
        self._assert_held(lambda: move.write(destination), leaves=False)

    def test_source_of_something_done(self):
        # goods that came back from the customer are not ours to give again
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self.line.with_user(self.seller).location_id = shelf
        self.assertEqual(self._in_stock(), 98)

    def test_done_line_moved_to_another_transfer(self):
        # the gate is that of the transfer that has it now
        other = self.env["res.partner"].create({"name": "Second Repair"})
        picking = self._new_picking(1, partner_id=other.id)
        line = self.line.with_user(self.seller)
        self._assert_refused(
            lambda: line.move_id.sudo().write({"picking_id": picking.id}),
            "Second Repair has no credit file",
        )

    def test_within_credit_the_edit_passes(self):
        self.file.blocked = False
        self.line.with_user(self.seller).quantity = 3
        self.assertEqual(self._in_stock(), 97)

    def test_edit_beyond_the_limit(self):
        # 700.00 are ordered; two discs more make 900.00
        self.file.write({"blocked": False, "credit_limit": 899.99})
        line = self.line.with_user(self.seller)
        self._assert_refused(
            lambda: line.write({"quantity": 4}), "beyond the credit limit"
        )
        self.file.credit_limit = 900.0
        line.quantity = 4
        self.assertEqual(self._in_stock(), 96)

    def test_outermost_write(self):
        # what is up in between and down again in the end did not leave
        line = self.line.with_user(self.seller)
        commands = [
            Command.update(line.id, {"quantity": 5}),
            Command.update(line.id, {"quantity": 2}),
        ]
        self.done.with_user(self.picker).move_ids.write({"move_line_ids": commands})
        self.assertEqual(self._in_stock(), 98)
