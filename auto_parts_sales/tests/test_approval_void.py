from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import PREFIX, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalVoid(ApprovalCommon):
    # CTL-3: what is approved is frozen, and what no longer fits is void visibly

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(50.0)
        cls.order = cls._new_order(3)  # 300.00, over by 250.00
        cls.approval = cls._ask(cls.order)
        cls.approvals = cls.env["parts.approval"].sudo()

    def _change(self, quantity, user=None):
        """What an order does at the end of a write that matters."""
        order = self.order.with_user(user or self.seller)
        order.order_line.product_uom_qty = quantity
        return self.approvals._void_outdated(order, "confirm")

    def _activities(self, approval=None):
        return (approval or self.approval).sudo().activity_ids

    def _notes(self):
        return self.order.sudo().message_ids

    # === CHANGES === #

    def test_back_and_forth_while_confirming_voids_nothing(self):
        # as rewards are taken off and given again by the act of confirming
        self.approval.with_user(self.manager).action_approve()
        line = self.order.order_line

        def validate(lines):
            line.product_uom_qty = 4
            line.product_uom_qty = 3

        with patch.object(type(line), "_validate_analytic_distribution", validate):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(self.approval.spent_date)
        self.assertEqual(self.approval.state, "approved")

    def test_growth_voids_what_waits(self):
        self.assertTrue(self._activities())
        self._change(4)
        self.assertEqual(self.approval.state, "void")
        self.assertFalse(self._activities())

    def test_what_became_void_is_returned(self):
        self.file.credit_limit = 20.0  # over by 280.00 now
        void = self.approvals._void_outdated(self.order, "confirm")
        self.assertEqual(void, self.approval)
        self.assertFalse(self.approvals._void_outdated(self.order, "confirm"))

    def test_growth_voids_what_was_granted(self):
        self.approval.with_user(self.manager).action_approve()
        self._change(4)
        self.assertEqual(self.approval.state, "void")
        self.assertFalse(self.approval.spent_date)

    def test_the_reason_names_old_and_new(self):
        self._change(4)
        reason = self.approval.void_reason
        self.assertRegex(reason, r"Order not paid yet .*300\.00 → .*400\.00")
        # over the limit in all: from 250 to 350, not for who asked to read
        self.assertIn("Over the limit in all", reason)
        self.assertNotIn("250", reason)
        self.assertNotIn("350", reason)

    def test_the_chatter_names_what_changed_without_figures(self):
        self._change(4)
        note = self._notes()[0].body
        self.assertIn("Order not paid yet", note)
        for figure in ("300", "400", "250", "350"):
            self.assertNotIn(figure, note)

    def test_who_asked_is_told(self):
        self._change(4, user=self.manager)
        self.assertIn(self.seller.partner_id, self._notes()[0].notified_partner_ids)

    def test_who_asked_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        self._change(4, user=self.manager)
        # amounts as they are written there
        self.assertRegex(self.approval.void_reason, r"300,00.*400,00")

    def test_another_customer(self):
        other = self.env["res.partner"].create({"name": "Lida", "is_company": True})
        self._new_file(50.0, customer=other)
        self.order.partner_id = other
        self.approvals._void_outdated(self.order, "confirm")
        self.assertRegex(self.approval.void_reason, r"Customer Xinda Repair → Lida")

    def test_less_voids_nothing(self):
        self._change(2)
        self.assertEqual(self.approval.state, "pending")
        self.assertTrue(self._activities())

    def test_what_is_not_asked_voids_nothing(self):
        self.order.client_order_ref = "their number 7"
        self.approvals._void_outdated(self.order, "confirm")
        self.assertEqual(self.approval.state, "pending")

    def test_a_block_that_is_gone_leaves_it_standing(self):
        # until the order binds: it may come back
        self.file.credit_limit = 5000.0
        self.approvals._void_outdated(self.order, "confirm")
        self.assertEqual(self.approval.state, "pending")

    def test_within_the_tolerance(self):
        self.approval.sudo().tolerance = 40.0
        self._change(4)  # 400 is 33 % more than 300, 350 is 40 % more than 250
        self.assertEqual(self.approval.state, "pending")
        self._change(5)
        self.assertEqual(self.approval.state, "void")

    def test_spent_and_refused_stay(self):
        self.approval.with_user(self.manager).action_refuse("No")
        self._change(4)
        self.assertEqual(self.approval.state, "refused")
        again = self._ask(self.order)
        again.with_user(self.manager).action_approve()
        self.order.action_confirm()
        self.approvals._void_outdated(self.order, "confirm")
        self.assertEqual(again.state, "approved")

    def test_other_orders_are_not_its_change(self):
        other = self._new_order(3)
        other_request = self._ask(other)
        self.approvals._void_outdated(self.order | other, "confirm")
        self.assertEqual(
            (self.approval | other_request).mapped("state"), ["pending"] * 2
        )

    def test_one_query_where_nothing_is_open(self):
        self.approval._void("withdrawn")
        self.env.flush_all()
        self.approvals._void_outdated(self.order, "confirm")
        with self.assertQueryCount(1):
            self.approvals._void_outdated(self.order, "confirm")

    # === DECIDING === #

    def test_what_changed_is_not_approved(self):
        self.file.credit_limit = 20.0  # over by 280.00 now
        answer = self.approval.with_user(self.manager).action_approve()
        # no error, which would take the voiding back with it
        self.assertEqual(answer["tag"], "display_notification")
        self.assertRegex(answer["params"]["message"], "asked for again")
        self.assertEqual(self.approval.state, "void")
        self.assertFalse(self.approval.decision_ids)
        self.assertNotIn("280", answer["params"]["message"])

    def test_what_changed_may_be_refused(self):
        self.file.credit_limit = 20.0  # over by 280.00 now
        self.approval.with_user(self.manager).action_refuse("Not even that")
        self.assertEqual(self.approval.state, "refused")

    def test_who_may_not_decide_voids_nothing(self):
        self.file.credit_limit = 20.0  # over by 280.00 now
        with self.assertRaises(UserError), self.cr.savepoint():
            self.approval.with_user(self.seller).action_approve()
        self.assertEqual(self.approval.state, "pending")

    def test_of_several_the_unchanged_are_approved(self):
        stranger = self.env["res.partner"].create({"name": "Lida"})
        other = self._ask(self._new_order(1, customer=stranger))
        self.file.credit_limit = 20.0  # over by 280.00 now
        both = self.approval | other
        both.with_user(self.manager).action_approve()
        self.assertEqual(both.mapped("state"), ["void", "approved"])

    def test_deciding_one_request_leaves_the_other_ones_activity(self):
        # two blocks of one order: beyond the limit, and a term that is too long
        self.file.term_days = 30
        self.order.payment_term_id = self.env.ref("account.account_payment_term_45days")
        other = self._ask(self.order)
        self.assertNotEqual(other, self.approval)
        self.approval.with_user(self.manager).action_approve()
        self.assertFalse(self._activities())
        self.assertTrue(self._activities(other))

    # === THE END OF A DOCUMENT === #

    def test_confirmed_without_it_no_longer_needed(self):
        self.file.credit_limit = 5000.0
        self.order.action_confirm()
        self.assertEqual(self.approval.state, "void")
        self.assertRegex(self.approval.void_reason, "No longer needed")
        self.assertFalse(self._activities())

    def test_granted_and_confirmed_without_it(self):
        # an approval does not lie in wait for the order's next growth
        self.approval.with_user(self.manager).action_approve()
        self.file.credit_limit = 5000.0
        self.order.action_confirm()
        self.assertEqual(self.approval.state, "void")

    def test_confirmed_with_it(self):
        self.approval.with_user(self.manager).action_approve()
        self.order.action_confirm()
        self.assertEqual(self.approval.state, "approved")
        self.assertTrue(self.approval.spent_date)

    def test_cancelled(self):
        self.order._action_cancel()
        self.assertEqual(self.approval.state, "void")
        self.assertRegex(self.approval.void_reason, "cancelled")
        self.assertFalse(self._activities())

    def test_deleted(self):
        self.order.with_user(self.manager).unlink()
        self.assertEqual(self.approval.sudo().state, "void")
        self.assertRegex(self.approval.sudo().void_reason, "deleted")

    def test_nothing_crashes_when_the_document_is_gone(self):
        # deleted past the ORM: what another addon may do
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sale_order WHERE id = %s", [self.order.id])
        self.env.invalidate_all()
        approval = self.approval.sudo()
        self.assertFalse(approval._document())
        self.assertTrue(approval.now_html)
        with self.assertRaisesRegex(UserError, "was deleted"):
            approval.action_open_document()
        mine = self.env["parts.approval"].with_user(self.manager)
        self.assertFalse(mine.search([("can_decide", "=", True)]) & self.approval)
        self.env["parts.approval"]._cron_remind()
        self.assertEqual(approval.state, "void")

    def test_asked_again_voids_the_earlier_one(self):
        self.approval.with_user(self.manager).action_approve()
        self.file.credit_limit = 20.0
        self._ask(self.order)
        self.assertEqual(self.approval.state, "void")
        self.assertRegex(self.approval.void_reason, "Asked for again")

    def test_a_withdrawn_credit_file_can_be_changed_again(self):
        keeper = self._new_user("keeper2", f"{PREFIX}credit_keeper")
        customer = self.env["res.partner"].create({"name": "Lida"})
        file = self._new_file(70.0, customer=customer, state="draft").with_user(keeper)
        approval = self._ask(file, user=keeper)
        self.assertEqual(file.state, "pending")
        approval.action_withdraw()
        self.assertEqual(file.state, "draft")
        file.credit_limit = 60.0

    # === TOLD === #

    def test_a_refusal_reaches_who_asked(self):
        self.approval.with_user(self.manager).action_refuse("Pay the old debt first")
        note = self._notes()[0]
        self.assertIn("Pay the old debt first", note.body)
        self.assertIn(self.seller.partner_id, note.notified_partner_ids)
        # an internal note: nothing for the customer
        self.assertTrue(note.subtype_id.internal)
        self.assertNotIn(self.customer, note.notified_partner_ids)
