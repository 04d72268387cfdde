from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX, ApprovalCommon


@tagged("post_install", "-at_install")
class TestCreditFile(ApprovalCommon):
    # CRD-1, CRD-2, CRD-4, CRD-7

    def _blocks(self, order):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.action_confirm()
        return {block["key"]: block for block in caught.exception.blocks}

    def test_no_file_no_credit(self):
        self.assertEqual(set(self._blocks(self._new_order())), {"credit_no_file"})

    def test_a_limit_of_zero_is_none(self):
        self._new_file(0.0)
        blocks = self._blocks(self._new_order())
        self.assertEqual(blocks["credit_limit"]["amount"], 100.0)

    def test_up_to_the_limit(self):
        self._new_file(300.0)
        self._new_order(3).action_confirm()

    def test_a_cent_beyond_the_limit(self):
        self._new_file(299.99)
        blocks = self._blocks(self._new_order(3))
        self.assertEqual(blocks["credit_limit"]["amount"], 0.01)

    def test_confirmed_orders_count(self):
        self._new_file(500.0)
        self._new_order(3).action_confirm()
        blocks = self._blocks(self._new_order(3))
        self.assertEqual(blocks["credit_limit"]["amount"], 100.0)

    def test_contacts_share_the_file_of_their_company(self):
        self._new_file(100.0)
        branch = self.env["res.partner"].create(
            {"name": "Counter", "parent_id": self.customer.id}
        )
        self._new_order(1, customer=branch).action_confirm()
        self._blocks(self._new_order(1))

    def test_who_is_invoiced_is_judged_too(self):
        # peers 1.4: the wrong partner when the invoice address is another company
        self._new_file(1000.0)
        payer = self.env["res.partner"].create({"name": "Holding", "is_company": True})
        order = self._new_order(1)
        order.partner_invoice_id = payer
        blocks = self._blocks(order)
        self.assertRegex(blocks["credit_no_file"]["message"], "Holding")

    def test_temporary_limit_ends_by_itself(self):
        self._new_file(100.0, temporary_limit=500.0, temporary_until=date(2026, 6, 30))
        with freeze_time("2026-06-30"):
            self._new_order(5).action_confirm()
        with freeze_time("2026-07-01"):
            self._blocks(self._new_order(1))

    def test_expired_file(self):
        file = self._new_file(1000.0, review_date=date(2026, 6, 30))
        with freeze_time("2026-06-30"):
            self._new_order(1).action_confirm()
            self.assertEqual(file.available, 900.0)
        self.env.invalidate_all()
        with freeze_time("2026-07-01"):
            blocks = self._blocks(self._new_order(1))
            self.assertEqual(file.available, -100.0)  # nothing is granted any more
        self.assertRegex(blocks["credit_no_file"]["message"], "expired")

    def test_blocked_customer(self):
        self._new_file(1000.0, blocked=True)
        self.assertEqual(set(self._blocks(self._new_order())), {"credit_blocked"})

    def test_defaulter_cannot_be_waived(self):
        self._new_file(1000.0, defaulter=True)
        order = self._new_order()
        self.assertIs(self._blocks(order)["credit_defaulter"]["kind"], False)
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            order.action_parts_request_approval("please")

    def test_term_longer_than_granted(self):
        self._new_file(1000.0, term_days=30)
        order = self._new_order()
        order.payment_term_id = self.env.ref("account.account_payment_term_45days")
        self.assertEqual(set(self._blocks(order)), {"credit_term"})
        order.payment_term_id = self.env.ref("account.account_payment_term_30days")
        order.action_confirm()

    def test_all_blocks_show_at_once(self):
        self._new_file(50.0, term_days=30, blocked=True)
        order = self._new_order()
        order.payment_term_id = self.env.ref("account.account_payment_term_45days")
        self.assertEqual(
            set(self._blocks(order)), {"credit_limit", "credit_term", "credit_blocked"}
        )

    def test_taxes_count(self):
        self._new_file(100.0)
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 13 %",
                "amount": 13.0,
                "price_include_override": "tax_excluded",
            }
        )
        order = self._new_order(1)
        order.order_line.tax_ids = tax
        self.assertEqual(self._blocks(order)["credit_limit"]["amount"], 13.0)

    def test_other_currency_counts_in_company_currency(self):
        self._new_file(100.0)
        currency = self.env["res.currency"].create(
            {
                "name": "XPT",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id}
        )
        # 100 X are 50 in company currency
        order = self._new_order(2, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        order.action_confirm()
        self._blocks(self._new_order(1, pricelist_id=pricelist.id))

    def test_salesperson_sees_no_figure_of_the_file(self):
        # the limit is not for sales to know: the sentence and the overrun of this order
        self._new_file(250.0)
        block = self._blocks(self._new_order(3))["credit_limit"]
        self.assertNotIn("250", block["message"])
        with self.assertRaises(AccessError):
            self.env["parts.credit.file"].with_user(self.seller).search([])

    def test_one_file_per_customer_and_company(self):
        self._new_file(1.0)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._new_file(2.0)

    def test_file_lies_with_the_commercial_entity(self):
        contact = self.env["res.partner"].create(
            {"name": "Counter", "parent_id": self.customer.id}
        )
        with self.assertRaisesRegex(UserError, "belongs to Xinda Repair"):
            self._new_file(1.0, customer=contact)

    def test_negative_limit_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._new_file(-1.0)


@tagged("post_install", "-at_install")
class TestCreditFileApproval(ApprovalCommon):
    # CRD-8 (its light form): entered by the keeper, decided by the general manager

    def setUp(self):
        super().setUp()
        self.company.parts_credit_hands = "two"
        self.file = (
            self.env["parts.credit.file"]
            .with_user(self.keeper)
            .create({"partner_id": self.customer.id, "credit_limit": 500.0})
        )

    def test_a_created_file_is_a_draft_whatever_is_asked(self):
        other = self.env["res.partner"].create({"name": "Other"})
        file = self.file.create(
            {"partner_id": other.id, "credit_limit": 1e9, "state": "active"}
        )
        self.assertEqual(file.state, "draft")
        third = self.env["res.partner"].create({"name": "Third"})
        file = self.file.with_context(default_state="active").create(
            {"partner_id": third.id, "credit_limit": 1e9}
        )
        self.assertEqual(file.state, "draft")

    def test_proposed_decided_in_force(self):
        with self.assertRaises(GateError), self.cr.savepoint():
            self._new_order().action_confirm()
        self.file.action_parts_request_approval("two years without delay")
        self.assertEqual(self.file.state, "pending")
        approval = self.file.sudo().parts_approval_ids
        with self.assertRaises(AccessError):
            approval.with_user(self.keeper).action_approve()
        approval.with_user(self.general_manager).action_approve()
        self.assertEqual(self.file.state, "active")
        self._new_order().action_confirm()

    def test_refused_is_a_draft_again(self):
        self.file.action_parts_request_approval("please")
        approval = self.file.sudo().parts_approval_ids
        approval.with_user(self.general_manager).action_refuse("too much")
        self.assertEqual(self.file.state, "draft")

    def test_what_was_approved_is_frozen(self):
        self.file.sudo().state = "active"
        for values in (
            {"credit_limit": 1e9},
            {"state": "draft"},
            {"blocked": False},
            {"temporary_limit": 1e9},
            {"active": False},
            {"blocked": True, "credit_limit": 1e9},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.file.write(values)
        with self.assertRaises(UserError):
            self.file.unlink()

    def test_state_of_a_draft_is_no_ones_to_write(self):
        with self.assertRaises(UserError):
            self.file.write({"state": "active"})
        with self.assertRaises(UserError):
            self.file.load([".id", "state"], [[str(self.file.id), "active"]])
            self.file.write({"state": "active"})

    def test_blocking_takes_effect_at_once(self):
        self.file.sudo().state = "active"
        self.file.write({"blocked": True})
        self.assertTrue(self.file.blocked)

    def test_revising_leaves_it_in_force(self):
        self.file.sudo().state = "active"
        action = self.file.action_revise()
        self.assertEqual(action["res_model"], "parts.credit.change")
        self.assertEqual(self.file.state, "active")
        self._new_order().action_confirm()

    def test_the_form_is_for_who_may_write_it(self):
        finance = self._new_user("finance", f"{PREFIX}finance")
        self.file.sudo().state = "active"
        for user, may in ((self.keeper, True), (finance, False)):
            with self.subTest(user=user.login):
                self.assertEqual(self.file.with_user(user).may_write, may)
        with Form(self.env["parts.credit.file"].with_user(finance)) as form:
            self.assertTrue(form.may_write)  # a draft of his own
            form.partner_id = self.customer.create({"name": "Another"})
            form.credit_limit = 300.0
        self.assertEqual(form.record.state, "draft")

    def test_only_the_keeper_writes(self):
        for user in (
            self.seller,
            self.manager,
            self.general_manager,
            self._new_user("accountant", "account.group_account_manager"),
            self._new_user("stock", "stock.group_stock_manager"),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.file.with_user(user).write({"blocked": True})
