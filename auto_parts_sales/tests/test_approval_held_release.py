from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .held_common import HeldCommon

LOGGER = "odoo.addons.auto_parts_sales.models.parts_approval_hold"


@tagged("post_install", "-at_install")
class TestApprovalHeldRelease(HeldCommon):
    # CTL-1: what is held is confirmed when what held it is gone

    def _approve(self, approval, user=None):
        approval.with_user(user or self.manager).action_approve()
        self.env.invalidate_all()

    def _assert_released(self, order, reason="confirmed"):
        hold = self._holds_of(order)
        self.assertEqual(hold.released_reason, reason)
        self.assertTrue(hold.released_date)
        self.assertFalse(order.parts_held)
        self.assertFalse(self._activities_of(order))

    def test_signature_is_held(self):
        order = self._signed()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.signed_by, "Wang Fang")
        self.assertEqual(self._holds_of(order).cause, "signature")
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())
        self.assertRegex(order.parts_held_note, "^The customer signed on .*; it will")

    def test_signing_twice_holds_once(self):
        order = self._signed()
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        self.assertEqual(len(self._holds_of(order)), 1)
        self.assertEqual(len(self._activities_of(order)), 1)

    def test_the_note_is_internal_and_without_figures(self):
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.message_subscribe(self.customer.ids)
        self._sign(order)
        [note] = order.message_ids.filtered(lambda m: "nothing holds" in (m.body or ""))
        self.assertIn("has no credit file", note.body)
        self.assertNotIn("100", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertNotIn(self.customer, note.notified_partner_ids)
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"))

    def test_granted_approval_confirms(self):
        order = self._signed()
        self._approve(self._ask(order))
        self.assertEqual(order.state, "sale")
        self._assert_released(order)
        [approval] = order.parts_approval_ids
        self.assertTrue(approval.spent_date)

    def test_refused_approval_leaves_it_held(self):
        order = self._signed()
        self._ask(order).with_user(self.manager).action_refuse("Too much")
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)

    def test_only_the_last_of_several_approvals_confirms(self):
        # blocked by finance, and 50 over the limit
        self._new_file(50.0, blocked=True)
        order = self._signed()
        approvals = self._ask(order)
        self.assertEqual(len(approvals), 2)
        with patch.object(self.registry["parts.approval.hold"], "_try") as attempt:
            self._approve(approvals[0])
            attempt.assert_not_called()
        self.assertTrue(order.parts_held)
        self._approve(approvals[1])
        self.assertEqual(order.state, "sale")
        self._assert_released(order)

    def test_decision_stands_when_the_confirmation_fails(self):
        order = self._signed()
        approval = self._ask(order)
        with (
            patch.object(
                self.registry["sale.order"],
                "_confirmation_error_message",
                lambda order: "The part is gone.",
            ),
            mute_logger(LOGGER),
        ):
            self._approve(approval)
        self.assertEqual(approval.sudo().state, "approved")
        self.assertFalse(approval.sudo().spent_date)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        self._run_cron()  # the part is back
        self.assertEqual(order.state, "sale")

    def test_approval_of_an_order_nobody_signed_confirms_nothing(self):
        order = self._new_quotation()
        self._approve(self._ask(order))
        self.assertEqual(order.state, "sent")

    def test_paid_invoice_frees_the_limit(self):
        # 900 owed + 500 = 1,400 against 1,000; once the 900 are paid, 500
        invoice = self._new_debt(900.0)
        self._new_file(1000.0)
        order = self._signed(5)
        self._run_cron()
        self.assertTrue(order.parts_held)
        self._settle(invoice)
        self._run_cron()
        self.assertEqual(order.state, "sale")
        self._assert_released(order)

    def test_the_cron_goes_on_after_an_order_that_fails(self):
        first, second = self._signed(), self._signed()
        self._new_file(1000.0)
        confirm = self.registry["sale.order"]._confirmation_error_message

        def fail(order):
            return "Broken" if order == first else confirm(order)

        with (
            patch.object(
                self.registry["sale.order"], "_confirmation_error_message", fail
            ),
            mute_logger(LOGGER),
        ):
            self._run_cron()
        self.assertEqual((first.state, second.state), ("sent", "sale"))

    def test_person_who_confirms_closes_the_hold(self):
        order = self._signed()
        self._new_file(1000.0)
        order.with_user(self.seller).action_confirm()
        self._assert_released(order)

    def test_cancelling_closes_the_hold(self):
        order = self._signed()
        order.with_user(self.seller).action_cancel()
        self._assert_released(order, "cancelled")

    def test_cancelled_past_the_button(self):
        order = self._signed()
        order.write({"state": "cancel"})
        self.assertFalse(order.parts_held)
        self._run_cron()
        self._assert_released(order, "cancelled")

    def test_deleted_order(self):
        order = self._signed()
        hold = self._holds_of(order)
        order.action_cancel()
        hold.write({"released_date": False, "released_reason": False})
        order.unlink()
        self._run_cron()
        self.assertEqual(hold.released_reason, "deleted")

    def test_changed_order_waits_for_a_person(self):
        # The customer signed for one part, not for two
        order = self._signed()
        order.order_line.product_uom_qty = 2
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        self.assertRegex(order.parts_held_note, "was changed since then")
        order.with_user(self.seller).action_confirm()
        self._assert_released(order)

    def test_payment_that_is_gone_asks_the_customer_again(self):
        order = self._new_quotation()
        transaction = self._pay(order, state="authorized")
        self.assertFalse(order._has_to_be_paid())
        transaction._set_canceled()
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "sent")
        self._assert_released(order, "lapsed")
        self.assertTrue(order._has_to_be_paid())

    def test_signature_that_is_gone_asks_the_customer_again(self):
        order = self._signed()
        order.action_draft()  # takes the signature off
        self._new_file(1000.0)
        self._run_cron()
        self.assertEqual(order.state, "draft")
        self._assert_released(order, "lapsed")
        self.assertTrue(order._has_to_be_signed())

    def test_held_again_after_it_was_released(self):
        order = self._signed()
        order.action_cancel()
        order.action_draft()
        self._sign(order)
        self.assertEqual(len(self._holds_of(order)), 2)
        self.assertTrue(order.parts_held)
        self.assertEqual(len(self._activities_of(order)), 1)

    # === WHO IS TOLD, WHO READS === #

    def test_team_leader_is_told_where_nobody_sells(self):
        team = self.env["crm.team"].sudo().create({"name": "Shop"})
        team.user_id = self.manager
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.write({"user_id": False, "team_id": team.id})
        self._sign(order)
        self.assertEqual(self._activities_of(order).user_id, self.manager)

    def test_an_administrator_is_told_where_nobody_else_is(self):
        role = self.env.ref("auto_parts_sales.group_parts_administrator")
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.write({"user_id": False, "team_id": False})
        self._sign(order)
        self.assertTrue(order.parts_held)
        told = self._activities_of(order).user_id
        self.assertEqual(len(told), 1)
        self.assertIn(told, role.all_user_ids)

    def test_nobody_to_tell_is_no_failure(self):
        role = self.env.ref("auto_parts_sales.group_parts_administrator")
        order = self._new_quotation(require_signature=True, require_payment=False)
        order.write({"user_id": False, "team_id": False})
        self.patch(
            type(order), "_parts_hold_owner", lambda order: role.user_ids.browse()
        )
        self._sign(order)
        self.assertTrue(order.parts_held)
        self.assertFalse(self._activities_of(order))

    def test_no_role_writes_holds(self):
        # idea 2: what a control decided is a record that no role writes
        order = self._signed()
        hold = self._holds_of(order)
        administrator = self._new_user(
            "admin", "base.group_system", "auto_parts_sales.group_parts_administrator"
        )
        for user in (self.seller, self.manager, administrator):
            own = hold.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"released_reason": "confirmed"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"res_model": "sale.order", "res_id": order.id})

    def test_who_reads_the_order_reads_its_hold(self):
        order = self._signed()
        hold = self._holds_of(order)
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        own = hold.with_user(self.seller)
        self.assertEqual(own.search([("res_id", "=", order.id)]), own)
        self.assertEqual(own.cause, "signature")
        other = hold.with_user(stranger)
        self.assertFalse(other.search([("res_id", "=", order.id)]))
        with self.assertRaises(AccessError):
            other.read(["cause"])

    def test_held_orders_are_found(self):
        held, free = self._signed(), self._new_quotation()
        gone = self._signed()
        gone.write({"state": "cancel"})
        orders = held | free | gone
        find = self.env["sale.order"].search
        among = [("id", "in", orders.ids)]
        self.assertEqual(find([*among, ("parts_held", "=", True)]), held)
        self.assertEqual(find([*among, ("parts_held", "=", False)]), free | gone)
        self.assertEqual(find([*among, ("parts_held", "!=", False)]), held)

    def test_many_orders_cost_one_query(self):
        orders = self._signed() | self._new_quotation() | self._new_quotation()
        self.env.flush_all()
        self.env.invalidate_all()
        orders.mapped("state")
        orders.company_id.mapped("parts_credit_control")
        with self.assertQueryCount(1):
            self.assertEqual(orders.mapped("parts_held"), [True, False, False])

    def test_control_switched_off_meanwhile(self):
        # CTL-6: nothing is held any more; the cron does what the customer wanted
        order = self._signed()
        self.company.parts_credit_control = False
        order.invalidate_recordset(["parts_held"])
        self.assertFalse(order.parts_held)
        self._run_cron()
        self.assertEqual(order.state, "sale")
