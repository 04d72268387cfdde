from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon
from .held_common import SIGNATURE, HeldCommon

LIMIT = "beyond the credit limit"


class PathsCommon(ApprovalCommon):
    """paths.md B: paths of Odoo's own apps. An order of 200.00 uses the limit up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(200.0)
        cls.order = cls._new_order(2)
        cls.line = cls.order.order_line

    def _assert_refused(self, act, message=LIMIT):
        with self.assertRaisesRegex(GateError, message), self.cr.savepoint():
            act()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestApprovalPaths(PathsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo lets only who may make products grant the first discount
        cls.company.sale_discount_product_id = cls.env["product.product"].create(
            {"name": "Discount", "type": "service", "taxes_id": [Command.clear()]}
        )

    # === DISCOUNT WIZARD === #

    def _discount(self, **values):
        wizards = self.env["sale.order.discount"].with_user(self.seller)
        wizard = wizards.create({"sale_order_id": self.order.id, **values})
        wizard.action_apply_discount()

    def test_negative_discount_is_growth(self):
        self.order.action_confirm()
        self._assert_refused(lambda: self._discount(discount_percentage=-0.5))
        self.assertEqual(self.line.discount, 0.0)
        amount = {"discount_type": "amount", "discount_amount": -1.0}
        self._assert_refused(lambda: self._discount(**amount))
        self.assertEqual(self.order.order_line, self.line)
        self.file.credit_limit = 300.0
        self._discount(discount_percentage=-0.5)
        self.assertEqual(self.order.amount_total, 300.0)

    def test_discount_is_no_growth(self):
        self.order.action_confirm()
        self.file.blocked = True
        self._discount(discount_type="amount", discount_amount=20.0)
        self.assertEqual(self.order.amount_total, 180.0)

    # === BACK TO DRAFT === #

    def test_back_to_draft_by_writing_it(self):
        # Odoo accepts it on a confirmed order; what was approved is spent
        self.file.credit_limit = 100.0
        self._ask(self.order).with_user(self.manager).action_approve()
        self.order.action_confirm()
        self.order.write({"state": "draft"})
        self._assert_refused(self.order.action_confirm)
        self._assert_refused(lambda: self.order.write({"state": "sale"}))
        self._ask(self.order).with_user(self.manager).action_approve()
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    # === LOCK === #

    def test_lock_is_no_control(self):
        self.order.action_confirm()
        self.order.action_lock()
        # a field that Odoo's lock does not know
        self._assert_refused(lambda: self.line.write({"qty_delivered": 3.0}))
        self.order.action_unlock()
        self._assert_refused(lambda: self.line.write({"product_uom_qty": 3}))
        self.file.credit_limit = 300.0
        self.line.product_uom_qty = 3
        self.assertEqual(self.order.amount_total, 300.0)

    # === MASS CANCEL === #

    def _cancel_all(self, orders):
        # Odoo asks for rights on purchases where goods were to leave
        wizard = self.env["sale.mass.cancel.orders"].create(
            {"sale_order_ids": [Command.set(orders.ids)]}
        )
        wizard.action_mass_cancel()

    def test_mass_cancel_ends_what_waits_and_frees_the_limit(self):
        self.order.action_confirm()
        another = self._new_order()
        approval = self._ask(another)
        another.sudo()._validate_order()
        self.assertTrue(another.parts_held)
        self._cancel_all(self.order | another)
        self.assertEqual((self.order | another).mapped("state"), ["cancel", "cancel"])
        self.assertFalse(another.parts_held)
        self.assertEqual(approval.state, "void")
        again = self._new_order(2)
        again.action_confirm()
        self.assertEqual(again.state, "sale")

    # === AUTOMATION === #

    def _run_action(self, code):
        """Run a server action that an administrator wrote, as the salesperson."""
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": code,
            }
        )
        action.with_user(self.seller).with_context(
            active_model="sale.order", active_id=self.order.id
        ).run()

    def test_server_action_meets_the_gate(self):
        self.file.credit_limit = 199.0
        for code in ("record.action_confirm()", "record.write({'state': 'sale'})"):
            with self.subTest(code=code), mute_logger("odoo.addons.base.models"):
                self._assert_refused(lambda code=code: self._run_action(code))
                self.assertEqual(self.order.state, "draft")
        self.file.credit_limit = 200.0
        self._run_action("record.action_confirm()")
        self.assertEqual(self.order.state, "sale")


@tagged("post_install", "-at_install")
class TestApprovalPathsHttp(PathsCommon, HttpCase):
    # === CATALOGUE === #

    def _order_from_catalogue(self, product, quantity):
        result = self.make_jsonrpc_request(
            "/product/catalog/update_order_line_info",
            {
                "res_model": "sale.order",
                "order_id": self.order.id,
                "product_id": product.id,
                "quantity": quantity,
                "child_field": "order_line",
            },
        )
        self.env.invalidate_all()
        return result

    def test_catalogue_of_a_confirmed_order(self):
        self.order.action_confirm()
        pads = self.env["product.product"].create(
            {"name": "Pads", "list_price": 50.0, "taxes_id": [Command.clear()]}
        )
        self.authenticate(self.seller.login, self.seller.login)
        for product, quantity in ((self.part, 3), (pads, 1)):
            with (
                self.subTest(product=product.name),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, "GateError"),
            ):
                self._order_from_catalogue(product, quantity)
            self.env.invalidate_all()
            self.assertEqual(self.order.amount_total, 200.0)
        self.file.credit_limit = 250.0
        self._order_from_catalogue(pads, 1)
        self.assertEqual(self.order.amount_total, 250.0)

    # === OPTIONS ON THE PORTAL === #

    def _offer_option(self):
        """Offer two more discs in a section that the customer may choose from."""
        self.order.write(
            {
                "require_signature": True,
                "require_payment": False,
                "state": "sent",
                "order_line": [
                    Command.create(
                        {
                            "name": "Options",
                            "display_type": "line_section",
                            "is_optional": True,
                            "sequence": 90,
                        }
                    ),
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": 0,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                            "sequence": 91,
                        }
                    ),
                ],
            }
        )
        return self.order.order_line[-1]

    def _post(self, path, **params):
        token = self.order.sudo()._portal_ensure_token()
        result = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/{path}", {"access_token": token, **params}
        )
        self.env.invalidate_all()
        return result

    def test_option_that_the_customer_takes_counts(self):
        option = self._offer_option()
        self._post("update_line_dict", line_id=option.id, input_quantity=1)
        self.assertEqual(self.order.amount_total, 300.0)
        answer = self._post("accept", name="Wang Fang", signature=SIGNATURE)
        self.assertIn("sign_ok", answer["redirect_url"])
        self.assertEqual(self.order.state, "sent")
        self.assertTrue(self.order.parts_held)

    def test_option_within_the_limit(self):
        self.file.credit_limit = 300.0
        option = self._offer_option()
        self._post("update_line_dict", line_id=option.id, input_quantity=1)
        self._post("accept", name="Wang Fang", signature=SIGNATURE)
        self.assertEqual(self.order.state, "sale")

    def test_option_after_the_approval_voids_it_visibly(self):
        self.file.credit_limit = 100.0
        option = self._offer_option()
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self._post("update_line_dict", line_id=option.id, input_quantity=1)
        self.assertEqual(approval.state, "void")
        self._post("accept", name="Wang Fang", signature=SIGNATURE)
        self.assertTrue(self.order.parts_held)


@tagged("post_install", "-at_install")
class TestApprovalPathsInvoice(PathsCommon, HeldCommon):
    # === DOWN PAYMENTS === #

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order.action_confirm()

    def _pay_down(self, amount):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(self.order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        return wizard._create_invoices(self.order)

    def test_down_payment_is_no_growth(self):
        self.file.blocked = True
        invoice = self._pay_down(50.0)
        invoice.action_post()
        [line] = self.order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        self.assertEqual((line.product_uom_qty, line.price_unit), (0.0, 50.0))
        # rewritten when it is posted again at another price
        invoice.button_draft()
        invoice.invoice_line_ids.filtered("sale_line_ids").price_unit = 80.0
        invoice.action_post()
        self.assertEqual(line.price_unit, 80.0)
        self.assertFalse(
            self.env["parts.approval.growth"].search([("res_id", "=", self.order.id)])
        )
        self._assert_refused(lambda: line.write({"product_uom_qty": 1}), "blocked")

    def test_down_payment_is_not_claimed_twice(self):
        self.file.credit_limit = 300.0
        invoice = self._pay_down(50.0)
        invoice.action_post()
        another = self._new_order()
        another.action_confirm()
        self.assertEqual(another.state, "sale")
        self._assert_refused(self._new_order().action_confirm)
