from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .shipping_common import BLOCKED, ShippingCommon


@tagged("post_install", "-at_install")
class TestCreditDelivery(ShippingCommon):
    # CRD-5: what holds a delivery, and what does not

    def _late(self, days, amount=10.0):
        return self._bill(amount, date.today() - timedelta(days=days))

    # === WHAT HOLDS === #

    def test_within_the_limit(self):
        self._ship()
        self._assert_gone()
        self.assertFalse(self.picking.parts_approval_ids)

    def test_the_order_is_not_counted_twice(self):
        # 500.00 are the order itself: a limit of 500.00 is enough, a cent less is not
        self.file.credit_limit = 499.99
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual([block["amount"] for block in error.blocks], [0.01])
        self.file.credit_limit = 500.0
        self._ship()
        self._assert_gone()

    def test_tolerance_counts(self):
        self.company.parts_credit_tolerance = 10.0
        self.file.credit_limit = 454.54  # with 10 %: 499.99
        self._assert_refused(self._ship, "beyond the credit limit")
        self.file.credit_limit = 454.55
        self._ship()
        self._assert_gone()

    def test_block(self):
        self.file.blocked = True
        error = self._assert_refused(self._ship)
        [block] = error.blocks
        self.assertEqual(block["kind"], "delivery")
        self.assertEqual(block["res_id"], self.picking.id)
        self.assertRegex(str(error), "These goods may not leave yet")
        self.file.blocked = False
        self._ship()
        self._assert_gone()

    def test_expired_file(self):
        self.file.review_date = date.today() - timedelta(days=1)
        self._assert_refused(self._ship, "has expired")
        self.file.review_date = date.today()
        self._ship()
        self._assert_gone()

    def test_file_out_of_force(self):
        self.file.state = "draft"
        self._assert_refused(self._ship, "no credit file in force")

    def test_overdue_beyond_the_days(self):
        self.file.overdue_days_allowed = 10
        self._late(10)
        self.env.invalidate_all()
        self._ship()
        self._assert_gone()

    def test_overdue_by_a_day_more(self):
        self.file.overdue_days_allowed = 10
        self._late(11)
        self._assert_refused(self._ship, "11 days overdue")

    def test_something_else_was_added(self):
        # an invoice past the orders: 500.00 + 501.00 is 1.00 beyond
        self._bill(501.0, date.today() + timedelta(days=30))
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 1.0)

    def test_over_by_no_more_than_the_delivery(self):
        self._bill(5000.0, date.today() + timedelta(days=30))
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 500.0)

    def test_defaulter_is_waived_by_nothing(self):
        self.file.defaulter = True
        error = self._assert_refused(self._ship, "wilful defaulter")
        self.assertFalse(error.blocks[0]["kind"])
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            self._ask_delivery()

    def test_every_reason_at_once(self):
        self.file.write({"blocked": True, "credit_limit": 100.0})
        self._late(5, amount=1.0)
        error = self._assert_refused(self._ship)
        self.assertEqual(
            {block["key"] for block in error.blocks},
            {"credit_blocked", "credit_limit", "credit_overdue"},
        )
        # 501.00 of 100.00
        amounts = {block["key"]: block["amount"] for block in error.blocks}
        self.assertEqual(amounts["credit_limit"], 401.0)

    def test_control_off(self):
        self.file.blocked = True
        self.company.parts_credit_control = False
        self._ship()
        self._assert_gone()

    def test_company_of_the_document(self):
        # whatever company the session is in
        self.file.blocked = True
        other = self.env["res.company"].create({"name": "Other"})
        self.picker.company_ids |= other
        picking = self.picking.with_user(self.picker).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        self._assert_refused(picking.button_validate)
        self.file.blocked = False
        self._new_file(0.0, company_id=other.id, blocked=True)
        picking.button_validate()
        self._assert_gone()

    # === PREPAID === #

    def _pay_online(self, amount):
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": f"{self.order.name}-{amount}",
                "amount": amount,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": self.order.ids,
                "operation": "online_redirect",
                "state": "done",
            }
        )
        self.env.flush_all()

    def test_only_what_is_paid_leaves_to_a_defaulter(self):
        self.file.defaulter = True
        self._pay_online(499.0)
        self._assert_refused(self._ship, "wilful defaulter")
        self._pay_online(1.0)
        self._ship()
        self._assert_gone()

    def test_prepaid_order_of_a_blocked_customer(self):
        self.file.blocked = True
        self._pay_online(500.0)
        self._ship()
        self._assert_gone()

    def test_prepaid_covers_what_was_ordered_only(self):
        self.file.blocked = True
        self._pay_online(500.0)
        self.picking.move_ids.quantity = 6
        self.picking.move_ids.picked = True
        self._assert_refused(self._ship)
        self.picking.move_ids.quantity = 5
        self._ship()
        self._assert_gone()

    # === RELEASED AT CONFIRMATION === #

    def _release(self, order):
        self._ask(order.with_user(self.seller)).with_user(self.manager).action_approve()
        order.action_confirm()
        return order.picking_ids

    def test_limit_released_at_confirmation(self):
        # limit 1,000.00; 500.00 are used; 700.00 more are 200.00 beyond, released
        order = self._new_order(7).sudo()
        picking = self._release(order)
        self._ship(picking)
        self.assertEqual(picking.state, "done")
        # nor is the other order held by it
        self._ship()
        self.assertEqual(self.picking.state, "done")

    def test_more_than_was_released(self):
        order = self._new_order(7).sudo()
        picking = self._release(order)
        self.file.credit_limit = 999.0  # lowered by 1.00
        error = self._assert_refused(lambda: self._ship(picking), "beyond the credit")
        self.assertEqual(error.blocks[0]["amount"], 1.0)
        self._assert_refused(self._ship, "beyond the credit limit")

    def test_release_that_accepted_older_debts(self):
        # 2,500.00 are owed already: an order of 500.00 is let go 2,000.00 beyond in all
        self.order.picking_ids.action_cancel()
        self.order._action_cancel()
        self._bill(2500.0, date.today() + timedelta(days=30))
        picking = self._release(self._new_order(5).sudo())
        self._ship(picking)
        self._assert_gone(picking)

    def test_paid_releases_make_no_room(self):
        order = self._new_order(7).sudo()
        picking = self._release(order)
        self._ship(picking)
        invoice = order._create_invoices()
        invoice.action_post()
        # 1,200.00 are owed; settled by 700.00, then 700.00 more come from elsewhere
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self._bill(700.0, date.today() + timedelta(days=30))
        error = self._assert_refused(self._ship, "beyond the credit limit")
        self.assertEqual(error.blocks[0]["amount"], 200.0)

    def test_block_released_at_confirmation(self):
        self.file.blocked = True
        picking = self._release(self._new_order(1).sudo())
        self._ship(picking)
        self.assertEqual(picking.state, "done")
        self._assert_refused(self._ship)  # the other order was not released

    def test_release_is_for_what_was_ordered(self):
        self.file.blocked = True
        picking = self._release(self._new_order(1).sudo())
        picking.move_ids.write({"quantity": 2, "picked": True})
        self._assert_refused(lambda: self._ship(picking))

    def test_no_file_released_at_confirmation(self):
        self.file.state = "draft"
        picking = self._release(self._new_order(1).sudo())
        self._ship(picking)
        self.assertEqual(picking.state, "done")
        self._assert_refused(self._ship, "no credit file in force")

    def test_overdue_released_at_confirmation(self):
        self._late(20)
        picking = self._release(self._new_order(1).sudo())
        # three days later it is the same debt
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self._ship(picking)
        self.assertEqual(picking.state, "done")

    def test_older_debt_than_was_released(self):
        self._late(20)
        picking = self._release(self._new_order(1).sudo())
        self._late(21)
        self._assert_refused(lambda: self._ship(picking), "21 days overdue")

    # === APPROVAL OF A DELIVERY === #

    def test_approval_of_a_delivery(self):
        self.file.blocked = True
        [approval] = self._ask_delivery()
        self.assertEqual(approval.kind, "delivery")
        self._assert_refused(self._ship, "[Ww]ait")
        with self.assertRaises(AccessError):
            approval.with_user(self.picker).action_approve()
        approval.with_user(self.manager).action_approve()
        self._ship()
        self._assert_gone()

    def test_approval_is_good_for_backorders(self):
        self.file.blocked = True
        self._approve()
        self.picking.move_ids.write({"quantity": 2, "picked": True})
        backorder = self._ship_part(self.picking)
        self.assertEqual(backorder.move_ids.product_uom_qty, 3.0)
        backorder.move_ids.write({"quantity": 1, "picked": True})
        last = self._ship_part(backorder)
        self._ship(last)
        self._assert_gone(last)

    def test_approval_is_good_for_no_other_delivery(self):
        self.file.blocked = True
        self._approve()
        self.file.blocked = False
        other = self._new_confirmed(1).picking_ids
        self.file.blocked = True
        self._assert_refused(lambda: self._ship(other))

    def test_approval_is_good_for_what_was_asked(self):
        self.file.blocked = True
        self._approve()
        self.picking.move_ids.write({"quantity": 6, "picked": True})
        self._assert_refused(self._ship)

    def test_backorders_never_add_up_to_more(self):
        self.file.blocked = True
        self._approve()
        self.picking.move_ids.write({"quantity": 4, "picked": True})
        backorder = self._ship_part(self.picking)
        backorder.move_ids.write({"quantity": 2, "picked": True})
        self._assert_refused(lambda: self._ship(backorder))

    def test_approval_until_its_date(self):
        self.company.parts_credit_release_days = 5
        self.file.blocked = True
        self._approve()
        with freeze_time(fields.Datetime.now() + timedelta(days=6)):
            self._assert_refused(self._ship)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self._ship()
            self._assert_gone()

    def test_the_same_debt_a_day_later(self):
        self._late(20)
        self._approve()
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self._ship()
        self._assert_gone()

    def test_approval_of_another_reason(self):
        self.file.blocked = True
        self._approve()
        self._late(20)
        self._assert_refused(self._ship, "20 days overdue")

    def test_who_sold_it_does_not_decide(self):
        self.file.blocked = True
        self.order.user_id = self.manager
        [approval] = self._ask_delivery()
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).action_approve()

    def test_cancelled_transfer_asks_no_longer(self):
        self.file.blocked = True
        [approval] = self._ask_delivery()
        self.picking.action_cancel()
        self.assertEqual(approval.state, "void")

    def _ship_part(self, picking):
        """Validate what is picked; return the backorder."""
        action = self._ship(picking)
        wizard = Form.from_action(self.env(user=self.picker, context={}), action).save()
        wizard.process()
        self.assertEqual(picking.state, "done")
        return picking.backorder_ids

    # === SEEN === #

    def test_banner_filter_and_list(self):
        self.env.invalidate_all()
        picking = self.picking.with_user(self.picker)
        pickings = picking.search([("parts_ship_held", "=", True)])
        self.assertFalse(picking.parts_gate_html)
        self.assertNotIn(picking, pickings)
        self.file.blocked = True
        self.env.invalidate_all()
        self.assertRegex(picking.parts_gate_html, BLOCKED)
        self.assertTrue(picking.parts_gate_askable)
        self.assertTrue(picking.parts_ship_held)
        self.assertIn(picking, picking.search([("parts_ship_held", "=", True)]))
        self._approve()
        self.env.invalidate_all()
        self.assertTrue(picking.parts_gate_granted)
        self.assertFalse(picking.parts_ship_held)
        self.assertNotIn(picking, picking.search([("parts_ship_held", "=", True)]))

    def test_no_limit_in_the_sentence(self):
        self._bill(501.0, date.today() + timedelta(days=30))
        with self.assertRaises(GateError) as caught:
            self._ship()
        for figure in ("1,000", "1000", "1,001", "501"):
            self.assertNotIn(figure, str(caught.exception))

    def test_figures_of_the_account_are_for_who_decides(self):
        self.file.blocked = True
        [approval] = self._ask_delivery()
        self.env.invalidate_all()
        names = set(approval.with_user(self.picker).figure_ids.mapped("name"))
        self.assertIn("delivery_amount", names)
        self.assertNotIn("credit_limit", names)
        self.env.invalidate_all()
        names = set(approval.with_user(self.manager).figure_ids.mapped("name"))
        self.assertLessEqual({"delivery_amount", "credit_limit", "exposure"}, names)
