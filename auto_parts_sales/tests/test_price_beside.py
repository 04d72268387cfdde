from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..exceptions import GateError
from .approval_common import PREFIX
from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceAlone(PriceCommon):
    # QUO-4: price authority switches on nothing of credit

    def _suspects(self, order):
        return self.env["parts.credit.suspect"].search_count(
            [("order_id", "=", order.id)]
        )

    def test_the_banner_is_odoos(self):
        self.company.account_use_credit_limit = True
        self.customer.with_company(self.company).credit_limit = 100.0
        order = self._priced(100.0, 9)
        self.assertRegex(order.partner_credit_warning, "reached its credit limit")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.part.id, "price_unit": 900.0})
                ],
            }
        )
        self.assertRegex(invoice.partner_credit_warning, "reached its credit limit")
        self.company.parts_credit_control = True
        for record in (order, invoice):
            record.invalidate_recordset(["partner_credit_warning"])
            self.assertRegex(record.partner_credit_warning, "has no credit")

    def test_odoos_limit_is_written_by_hand(self):
        customer = self.customer.with_company(self.company)
        customer.credit_limit = 300.0
        self.assertEqual(customer.credit_limit, 300.0)
        self.assertFalse(customer.parts_credit_shown)
        self.company.parts_credit_control = True
        with self.assertRaisesRegex(UserError, "credit file"), self.cr.savepoint():
            customer.credit_limit = 500.0

    def test_no_verdict_on_credit(self):
        order = self._priced(100.0)
        self.assertFalse(self.customer.parts_credit_step)
        self.assertFalse(order.parts_credit_step)
        self.assertFalse(order.parts_credit_verdict)
        self.company.parts_credit_control = True
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.parts_credit_step, "none")

    def test_no_order_is_counted_from_the_facts(self):
        order = self._priced(100.0)
        order.action_confirm()
        order.sudo().invoice_status = "invoiced"
        order.order_line.sudo().qty_invoiced = 1
        order.order_line.product_uom_qty = 2
        self.assertFalse(self._suspects(order))
        self.company.parts_credit_control = True
        order.sudo().invoice_status = "invoiced"
        self.assertTrue(self._suspects(order))

    def test_residuals_are_as_ever(self):
        items = self.env["account.move.line"]
        stated = {"amount_residual": 1.0, "name": "x"}
        self.assertEqual(items._parts_without_stated(stated), stated)
        self.company.parts_credit_control = True
        self.assertEqual(items._parts_without_stated(stated), {"name": "x"})

    def test_other_parents_are_as_ever(self):
        parent = self.customer.create({"name": "Holding", "is_company": True})
        self._priced(100.0).action_confirm()
        vals = {"parent_id": parent.id, "is_company": False}
        self.customer.write(vals)
        self.assertEqual(self.customer.commercial_partner_id, parent)

    def test_print_is_not_marked(self):
        # what may be sent may be printed; the switch at sending is the only one
        order = self._priced(50.0)
        self.assertBeyond(order)
        self.assertFalse(order._parts_paper_mark())
        self.company.parts_credit_control = True
        self._new_file(10000.0)
        self.assertBeyond(order)
        self.assertFalse(order._parts_paper_mark())
        self.customer.sudo().parts_credit_file_id.blocked = True
        self.assertTrue(order._parts_paper_mark())

    def test_a_delivery_has_no_gate(self):
        order = self._priced(100.0)
        order.action_confirm()
        ids = self.env["res.company"]._parts_controlled_ids
        self.assertIn(self.company.id, ids("confirm"))
        self.assertNotIn(self.company.id, ids("ship"))
        self.assertNotIn(self.company.id, ids("credit"))


@tagged("post_install", "-at_install")
class TestPriceBesideCredit(PriceCommon):
    # QUO-4, CRD-4: both controls on, each with its own request

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = True

    def _kinds(self, approvals):
        return sorted(approvals.mapped("kind"))

    def test_both_hold_and_both_are_asked(self):
        order = self._priced(90.0, 2)  # no credit file, and 10 % below
        self.assertEqual(set(self._keys(order)), {"credit_no_file", "price"})
        approvals = self._ask(order)
        self.assertEqual(self._kinds(approvals), ["credit", "price"])
        prices = approvals.filtered(lambda one: one.kind == "price")
        prices.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(GateError, "credit file"), self.cr.savepoint():
            order.action_confirm()
        self.assertFalse(prices.sudo().spent_date)

    def test_credit_alone_holds_a_price_inside(self):
        order = self._priced(96.0)
        self.assertEqual(self._keys(order), ["credit_no_file"])
        self._new_file(10000.0)
        self.assertEqual(self._keys(order), [])
        order.action_confirm()

    def test_the_keepers_step_is_credits(self):
        self.company.parts_credit_keeper_releases = True
        keeper = self.env.ref(f"{PREFIX}credit_keeper")
        approvals = self._ask(self._priced(90.0))
        groups = {one.kind: one.sudo().step_ids.group_id for one in approvals}
        self.assertIn(keeper, groups["credit"])
        self.assertEqual(groups["price"], self.env.ref(f"{PREFIX}sales_manager"))

    def test_days_of_a_release_are_credits(self):
        self.company.parts_credit_release_days = 30
        [price] = self._ask(self._priced(90.0)).filtered(
            lambda one: one.kind == "price"
        )
        price.with_user(self.manager).action_approve()
        self.assertEqual(price.state, "approved")
        self.assertFalse(price.valid_until)

    def test_a_confirmed_order_is_asked_for_what_grew(self):
        self._new_file(300.0)
        order = self._priced(100.0, 3)
        order.action_confirm()
        # cheaper inside the band: nobody is asked; the claim is smaller
        order.order_line.price_unit = 97.0
        # more of it is credit's, at this price nobody else's
        with self.assertRaisesRegex(GateError, "credit limit"), self.cr.savepoint():
            order.order_line.write({"product_uom_qty": 4, "price_unit": 97.0})
        # cheaper beyond the band is the price's alone
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.order_line.price_unit = 80.0
        self.assertEqual([b["key"] for b in caught.exception.blocks], ["price"])
        # on another payment term, credit is asked though no price moved
        late = self.env["account.payment.term"].create(
            {
                "name": "Half a year",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 180})],
            }
        )
        with self.assertRaisesRegex(GateError, "longer than"), self.cr.savepoint():
            order.payment_term_id = late

    def test_a_reserved_limit_and_another_line(self):
        self._new_file(1000.0)
        order = self._priced(90.0)
        [approval] = self._ask(order)
        approval.with_user(self.manager).action_approve()
        self._add(order, 100.0, 5)
        self.assertEqual(approval.state, "approved")
        order.action_confirm()
        self.assertTrue(approval.sudo().spent_date)
