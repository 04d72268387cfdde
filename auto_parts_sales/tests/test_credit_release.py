from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestCreditRelease(ApprovalCommon):
    # CRD-4: an approval releases one order, for its amount, for some days

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_file(500.0)

    def _released(self, order):
        return self.env["parts.credit.check"].sudo()._released(order)

    def _approved(self, quantity=8):
        order = self._new_order(quantity)
        approval = self._ask(order)
        approval.with_user(self.manager).action_approve()
        return order, approval.sudo()

    def _assert_held(self, order):
        with self.assertRaises(GateError), self.cr.savepoint():
            order.action_confirm()

    def test_names_order_and_amount(self):
        order, approval = self._approved()
        self.assertEqual((approval.res_id, approval.amount), (order.id, 300.0))
        self._assert_held(self._new_order(8))

    def test_good_for_some_days(self):
        with freeze_time("2026-06-01"):
            order, approval = self._approved()
            self.assertEqual(approval.valid_until, date(2026, 7, 1))
        with freeze_time("2026-07-02"):
            self._assert_held(order)
            # it can be asked for again
            again = self._ask(order)
            self.assertEqual((again.state, approval.state), ("pending", "void"))
        with freeze_time("2026-07-01"):
            other, _approval = self._approved(9)
            other.action_confirm()

    def test_the_company_chooses_the_days(self):
        self.company.parts_credit_release_days = 0
        with freeze_time("2026-06-01"):
            order, approval = self._approved()
        self.assertFalse(approval.valid_until)
        with freeze_time("2027-06-01"):
            order.action_confirm()

    def test_used_up_by_the_confirmation(self):
        order, approval = self._approved()
        self.assertEqual(self._released(order), 0.0)
        order.action_confirm()
        self.assertTrue(approval.spent_date)
        self.assertEqual(self._released(order), 300.0)
        order._action_cancel()
        self.assertEqual(self._released(order), 0.0)
        order.action_draft()
        self._assert_held(order)

    def test_lapses_when_the_order_grows(self):
        order, approval = self._approved()
        order.order_line.product_uom_qty = 9
        self.assertEqual(approval.state, "void")
        self._assert_held(order)

    def test_a_smaller_order_is_released(self):
        order, _approval = self._approved()
        order.order_line.product_uom_qty = 7
        order.action_confirm()

    def test_what_odoo_added_is_not_released(self):
        order, _approval = self._approved()
        order.action_confirm()
        self.env["parts.approval.growth"].create(
            {
                "company_id": self.company.id,
                "res_model": order._name,
                "res_id": order.id,
                "document_name": order.name,
                "cause_model": order._name,
                "cause_id": order.id,
                "cause_name": "a carrier",
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
            }
        )
        self.assertEqual(self._released(order), 0.0)

    def test_credit_keeper_as_a_second_hand(self):
        self.company.parts_credit_keeper_releases = True
        order, approval = self._approved()
        self.assertEqual(approval.state, "pending")
        self._assert_held(order)
        # nobody takes two steps, and the manager is not the keeper
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).action_approve()
        approval.with_user(self.keeper).action_approve()
        self.assertEqual(approval.state, "approved")
        order.action_confirm()

    def test_credit_keeper_may_refuse(self):
        self.company.parts_credit_keeper_releases = True
        order, approval = self._approved()
        approval.with_user(self.keeper).action_refuse("pays late")
        self._assert_held(order)

    def test_credit_keeper_does_not_release_his_own_request(self):
        self.company.parts_credit_keeper_releases = True
        salesman = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.keeper.group_ids |= salesman
        order = self._new_order(8)
        approval = self._ask(order, user=self.keeper)
        approval.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            approval.with_user(self.keeper).action_approve()

    def test_switched_off_one_hand_is_enough(self):
        order, approval = self._approved()
        self.assertEqual(approval.state, "approved")
        order.action_confirm()


@tagged("post_install", "-at_install")
class TestCreditOrderVerdict(ApprovalCommon):
    # CRD-3: sales reads a step and days, no figure of the account

    def _read(self, order):
        [values] = order.with_user(self.seller).read(
            ["parts_credit_step", "parts_credit_verdict"]
        )
        return values["parts_credit_step"], values["parts_credit_verdict"] or ""

    def test_steps(self):
        order = self._new_order(1)
        self.assertEqual(self._read(order)[0], "none")
        file = self._new_file(1000.0)
        for used, step in ((7, "free"), (2, "near"), (1, "near")):
            self._new_order(used).action_confirm()
            order.invalidate_recordset()
            self.assertEqual(self._read(order)[0], step)
        file.credit_limit = 999.0
        order.invalidate_recordset()
        step, sentence = self._read(order)
        self.assertEqual(step, "over")
        self.assertNotRegex(sentence, "999|1,000|1000")

    def test_the_worse_of_two_debtors(self):
        self._new_file(1000.0)
        payer = self.env["res.partner"].create({"name": "Holding"})
        order = self._new_order(1)
        self.assertEqual(self._read(order)[0], "free")
        order.partner_invoice_id = payer
        step, sentence = self._read(order)
        self.assertEqual(step, "none")
        self.assertRegex(sentence, "Holding")

    def test_nothing_with_the_control_off(self):
        order = self._new_order(1)
        self.company.parts_credit_control = False
        self.assertEqual(self._read(order), (False, ""))

    def test_no_search_no_group_by_no_figure(self):
        order = self._new_order(3)
        self._new_file(250.0)
        orders = self.env["sale.order"].with_user(self.seller)
        for name in ("parts_credit_step", "parts_credit_verdict"):
            field = orders._fields[name]
            self.assertFalse(field.store or field.search, name)
            with self.assertRaises(ValueError):
                orders.search([(name, "!=", False)])
            with self.assertRaises(ValueError):
                orders.formatted_read_group([], [name], ["__count"])
        self.seller.group_ids |= self.env.ref("base.group_allow_export")
        exported = order.with_user(self.seller).export_data(
            ["parts_credit_step", "parts_gate_html"]
        )
        self.assertNotIn("250", str(exported))
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            order.with_user(self.seller).action_confirm()
        self.assertNotIn("250", str(caught.exception.context["parts_blocks"]))
        messages = order.sudo().message_ids.mapped("body")
        self.assertNotIn("250", " ".join(messages))
        for model in ("parts.credit.suspect", "parts.credit.lock"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.seller).search([])
