from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalGrowth(ApprovalCommon):
    """CTL-3: a confirmed order meets its gate again when what it claims grows.

    An order of 2 × 100.00 is confirmed under a limit of 250.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(250.0)
        cls.order = cls._new_order(2)
        cls.order.action_confirm()
        cls.line = cls.order.order_line
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "30 % on top",
                "amount": 30.0,
                "price_include_override": "tax_excluded",
            }
        )

    def _assert_held(self, write, over=None):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            write()
        if over is not None:
            [block] = caught.exception.blocks
            self.assertEqual((block["key"], block["amount"]), ("credit_limit", over))
        return str(caught.exception)

    def _new_line_vals(self, **values):
        return {
            "product_id": self.part.id,
            "product_uom_qty": 1,
            "price_unit": 100.0,
            "tax_ids": [Command.clear()],
            **values,
        }

    # === WHAT IS GROWTH === #

    def test_quantity(self):
        message = self._assert_held(
            lambda: self.line.write({"product_uom_qty": 3}), over=50.0
        )
        self.assertRegex(message, "confirmed already.*on a new quotation")
        self.assertEqual(self.line.product_uom_qty, 2)

    def test_up_to_the_limit_it_may_grow(self):
        self.line.product_uom_qty = 2.5
        self._assert_held(lambda: self.line.write({"product_uom_qty": 2.51}), over=1.0)

    def test_price(self):
        self._assert_held(lambda: self.line.write({"price_unit": 130.0}), over=10.0)

    def test_discount(self):
        self.line.write({"discount": 50.0})  # 100.00
        self.line.write({"price_unit": 250.0})  # 250.00
        self._assert_held(lambda: self.line.write({"discount": 40.0}), over=50.0)

    def test_taxes(self):
        self._assert_held(
            lambda: self.line.write({"tax_ids": [Command.set(self.tax.ids)]}), over=10.0
        )

    def test_line_added_through_the_order(self):
        vals = self._new_line_vals()
        self._assert_held(
            lambda: self.order.write({"order_line": [Command.create(vals)]}), over=50.0
        )

    def test_line_created(self):
        lines = self.order.order_line
        vals = self._new_line_vals(order_id=self.order.id)
        self._assert_held(lambda: lines.create(vals), over=50.0)

    def test_line_created_by_a_default(self):
        lines = self.order.order_line.with_context(default_order_id=self.order.id)
        self._assert_held(lambda: lines.create(self._new_line_vals()), over=50.0)

    def test_line_moved_in(self):
        line = self._new_order(1).order_line
        self._assert_held(lambda: line.write({"order_id": self.order.id}), over=50.0)

    def test_line_loaded(self):
        result = self.line.load([".id", "product_uom_qty"], [[str(self.line.id), "3"]])
        self.assertTrue(result["messages"])
        self.assertEqual(self.line.product_uom_qty, 2)

    def test_negative_line_deleted(self):
        # a down payment's line may be deleted from a confirmed order
        minus = self._new_line_vals(price_unit=-100.0, is_downpayment=True)
        self.order.write(
            {
                "order_line": [
                    Command.create(minus),
                    Command.update(self.line.id, {"product_uom_qty": 3}),
                ]
            }
        )
        negative = self.order.order_line - self.line
        self._assert_held(negative.unlink, over=50.0)

    def test_delivered_by_hand(self):
        service = self.env["product.product"].create(
            {"name": "Fitting", "type": "service", "service_type": "manual"}
        )
        order = self._new_order(1)
        order.order_line.write({"product_id": service.id})
        order.order_line.write({"price_unit": 50.0, "tax_ids": [Command.clear()]})
        order.action_confirm()
        self._assert_held(
            lambda: order.order_line.write({"qty_delivered": 2.0}), over=50.0
        )

    def test_another_debtor(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for field in ("partner_invoice_id", "partner_id"):
            message = self._assert_held(
                lambda field=field: self.order.write({field: stranger.id})
            )
            self.assertRegex(message, "Stranger has no credit file")

    def test_longer_term(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "120 days",
                "line_ids": [Command.create({"value_amount": 100.0, "nb_days": 120})],
            }
        )
        self._assert_held(lambda: self.order.write({"payment_term_id": term.id}))

    def test_growth_under_a_debt_that_fell_due_meanwhile(self):
        self.file.blocked = True
        self._assert_held(lambda: self.line.write({"price_unit": 100.01}))

    def test_no_context_key_lets_it_grow(self):
        keys = {
            "skip_procurement": True,
            "tracking_disable": True,
            "sale_write_from_compute": True,
            "parts_let_in": True,
            "install_mode": True,
        }
        line = self.line.with_context(**keys)
        self._assert_held(lambda: line.write({"product_uom_qty": 3}))

    def test_flag_of_an_expense_lets_nothing_in(self):
        vals = self._new_line_vals(is_expense=True, order_id=self.order.id)
        self._assert_held(lambda: self.line.create(vals), over=50.0)

    def test_flag_of_a_down_payment_hides_nothing(self):
        vals = self._new_line_vals(is_downpayment=True, order_id=self.order.id)
        self._assert_held(lambda: self.line.create(vals), over=50.0)

    def test_stated_totals_hide_nothing(self):
        # extra_tax_data can state the totals of a line
        stated = {
            "computation_key": "global_discount,1",
            "currency_id": self.order.currency_id.id,
            "price_unit": 100.0,
            "discount": 0.0,
            "quantity": 3.0,
            "rate": 1.0,
            "manual_total_excluded_currency": 1.0,
            "manual_total_excluded": 1.0,
            "manual_tax_amounts": {},
        }
        self._assert_held(
            lambda: self.line.write({"extra_tax_data": stated, "product_uom_qty": 3}),
            over=50.0,
        )

    # === WHAT IS NOT === #

    def test_less_is_no_growth(self):
        self.file.blocked = True
        self.line.product_uom_qty = 1
        self.line.discount = 10.0
        self.assertEqual(self.order.state, "sale")

    def test_what_binds_to_nothing_is_no_growth(self):
        self.file.blocked = True
        self.order.write({"client_order_ref": "4711", "note": "Call first"})
        self.line.write({"name": "Brake disc, front", "sequence": 5})
        self.order.action_lock()
        self.order.action_unlock()
        self.order.write(
            {"order_line": [Command.create({"display_type": "line_note", "name": "x"})]}
        )

    def test_judged_once_after_the_outermost_write(self):
        # on the way there it is beyond the limit, in the end it is not
        commands = [
            Command.create(self._new_line_vals(price_unit=50.0)),
            Command.update(self.line.id, {"product_uom_qty": 1}),
        ]
        self.order.write({"order_line": commands})
        self.assertEqual(len(self.order.order_line), 2)

    def test_confirmed_before_the_control_was_on(self):
        self.company.parts_credit_control = False
        order = self._new_order(10)
        order.action_confirm()
        self.company.parts_credit_control = True
        order.write({"client_order_ref": "x"})
        order.order_line.product_uom_qty = 9
        self._assert_held(lambda: order.order_line.write({"product_uom_qty": 10}))

    def test_what_was_invoiced_and_paid_counts_no_more(self):
        self.part.invoice_policy = "order"
        invoice = self.order.sudo()._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].sudo().with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.line.product_uom_qty = 4.5  # 250.00 of it not invoiced
        self._assert_held(lambda: self.line.write({"product_uom_qty": 4.6}), over=10.0)

    def test_switched_off_it_grows(self):
        self.company.parts_credit_control = False
        self.line.product_uom_qty = 100
        self.assertEqual(self.order.parts_revision, 0)

    # === REVISION === #

    def test_revision_is_raised_by_what_matters(self):
        order = self._new_order(1)
        self.assertEqual(order.parts_revision, 0)
        order.order_line.price_unit = 90.0
        self.assertEqual(order.parts_revision, 1)
        order.order_line.write({"name": "Brake disc, front"})
        order.client_order_ref = "4711"
        self.assertEqual(order.parts_revision, 1)
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 2
                line.price_unit = 80.0
        self.assertEqual(order.parts_revision, 2)
        self.assertEqual(order.copy().parts_revision, 0)


@tagged("post_install", "-at_install")
class TestApprovalGrowthLetIn(ApprovalCommon):
    """What Odoo itself adds to a confirmed order is let in, counted and flagged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_file(450.0)  # enough for what the transfers add
        cls.part.write({"is_storable": True, "invoice_policy": "delivery"})
        cls.order = cls._new_order(2)
        cls.order.action_confirm()
        cls.line = cls.order.order_line
        cls.stock_user = cls._new_user("stock", "stock.group_stock_user")

    def _growth(self):
        return self.env["parts.approval.growth"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )

    def test_delivered_beyond_the_order(self):
        picking = self.order.picking_ids.with_user(self.stock_user)
        picking.move_ids.quantity = 4
        picking.button_validate()
        self.assertEqual(self.line.qty_delivered, 4)
        growth = self._growth()
        self.assertEqual(
            (growth.amount, growth.currency_id), (200.0, self.company.currency_id)
        )
        self.assertEqual(growth.cause_name, picking.name)
        # told to the owner, and counted: nothing more may be added
        activity = self.order.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn(picking.name, activity.summary)
        with self.assertRaises(GateError), self.cr.savepoint():
            self.line.write({"product_uom_qty": 5})

    def test_goods_added_in_the_transfer(self):
        other = self.env["product.product"].create(
            {
                "name": "Pads",
                "is_storable": True,
                "list_price": 80.0,
                "taxes_id": False,
                "invoice_policy": "delivery",
            }
        )
        picking = self.order.picking_ids
        picking.move_ids.quantity = 2
        picking.write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "product_id": other.id,
                            "product_uom_qty": 1,
                            "quantity": 1,
                            "location_id": picking.location_id.id,
                            "location_dest_id": picking.location_dest_id.id,
                        }
                    )
                ]
            }
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(len(self.order.order_line), 2)
        self.assertEqual(self._growth().amount, 80.0)

    def test_delivered_as_ordered_is_no_growth(self):
        picking = self.order.picking_ids
        picking.move_ids.quantity = 2
        picking.button_validate()
        self.assertFalse(self._growth())
        self.assertFalse(self.order.activity_ids)

    def test_real_price_of_the_carrier(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Truck",
                "delivery_type": "fixed",
                "invoice_policy": "real",
                "product_id": self.env["product.product"]
                .create({"name": "Freight", "type": "service", "taxes_id": False})
                .id,
            }
        )
        picking = self.order.picking_ids
        picking.write({"carrier_id": carrier.id, "carrier_price": 70.0})
        picking._add_delivery_cost_to_so()
        self.assertEqual(self._growth().amount, 70.0)

    def test_nobody_writes_the_flag(self):
        picking = self.order.picking_ids
        picking.move_ids.quantity = 4
        picking.button_validate()
        growth = self._growth()
        for user in (self.seller, self.manager, self.env.ref("base.user_admin")):
            as_user = growth.with_user(user)
            for attack in (
                lambda g=as_user: g.write({"amount": 0.0}),
                lambda g=as_user: g.unlink(),
                lambda g=as_user: g.create({"document_name": "x"}),
            ):
                self.assertRaises(AccessError, attack)
        other = self._new_user("other", "sales_team.group_sale_salesman")
        self.assertFalse(growth.with_user(other).search([("id", "=", growth.id)]))
