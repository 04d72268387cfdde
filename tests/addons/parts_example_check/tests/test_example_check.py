from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError
from odoo.addons.auto_parts_sales.tests.approval_common import ApprovalCommon

MISSING = "order number is missing"


@tagged("post_install", "-at_install")
class TestExampleCheck(ApprovalCommon):
    # CTL-1, CTL-6: a check of another addon at our gate

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only the example's control: what is tried does not rest on ours
        cls.company.parts_credit_control = False
        cls.company.parts_example_reference = True

    @classmethod
    def _add_rule(cls, **values):
        role = cls.env.ref("auto_parts_sales.group_parts_sales_manager")
        return cls.env["parts.approval.rule"].create(
            {
                "name": "Order without the customer's number",
                "kind": "example_reference",
                "company_id": cls.company.id,
                "step_ids": [Command.create({"group_id": role.id})],
                **values,
            }
        )

    def _assert_held(self, orders):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        return caught.exception

    def test_off_by_default(self):
        self.assertFalse(
            self.env["res.company"].create({"name": "New"}).parts_example_reference
        )
        self.company.parts_example_reference = False
        order = self._new_order()
        self.assertFalse(order.parts_gate_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_order_without_reference_is_held_and_says_why(self):
        order = self._new_order()
        self.assertRegex(order.parts_gate_html, MISSING)
        error = self._assert_held(order)
        self.assertRegex(str(error), MISSING)
        [block] = error.blocks
        self.assertEqual(
            (block["key"], block["kind"], block["res_id"]),
            ("example", "example_reference", order.id),
        )

    def test_order_with_reference_passes(self):
        order = self._new_order(client_order_ref="XD-2026-17")
        self.assertFalse(order.parts_gate_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_other_ways_meet_the_check_as_well(self):
        # paths.md B: the gate is in the model
        order = self._new_order()
        with self.assertRaisesRegex(GateError, MISSING), self.cr.savepoint():
            order.write({"state": "sale"})
        with self.assertRaisesRegex(GateError, MISSING), self.cr.savepoint():
            self._new_order(state="sale")

    def test_several_orders_all_or_none(self):
        good = self._new_order(client_order_ref="XD-1")
        error = self._assert_held(good | self._new_order())
        self.assertEqual(len(error.blocks), 1)

    def test_without_a_rule_of_its_kind_nothing_waives_it(self):
        order = self._new_order()
        self.assertRegex(str(self._assert_held(order)), "No approval rule covers this")
        self.assertFalse(order.parts_gate_askable)
        # a rule of another kind is no help
        self._add_rule(kind="credit")
        self.assertFalse(order.sudo()._parts_gate_preview()[0]["state"] == "askable")

    def test_approval_of_its_kind_waives_it_once(self):
        self._add_rule()
        order = self._new_order()
        request = self._ask(order)
        self.assertEqual(request.kind, "example_reference")
        self.assertIn("Order without Reference", request.display_name)
        self._assert_held(order)
        request.with_user(self.manager).action_approve()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(request.spent_date)
        # CTL-3: spent is spent
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.action_draft()
        self._assert_held(order)

    def test_approval_of_another_kind_does_not_waive_it(self):
        self._add_rule()
        self.company.parts_credit_control = True
        order = self._new_order()
        requests = self._ask(order)
        self.assertEqual(
            sorted(requests.mapped("kind")), ["credit", "example_reference"]
        )
        credit = requests.filtered(lambda request: request.kind == "credit")
        credit.with_user(self.manager).action_approve()
        error = self._assert_held(order)
        self.assertEqual([block["key"] for block in error.blocks], ["example"])
        (requests - credit).with_user(self.manager).action_approve()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_asked_does_not_decide(self):
        # CTL-2 holds for kinds of other addons, too
        self._add_rule()
        order = self._new_order(user=self.manager)
        request = self._ask(order, user=self.manager)
        self.assertFalse(request.with_user(self.manager).can_decide)

    def test_the_company_of_the_order_counts(self):
        # CTL-5: another company's switch holds nobody here
        other = self.env["res.company"].create(
            {"name": "Branch", "parts_example_reference": True}
        )
        self.company.parts_example_reference = False
        self.seller.company_ids |= other
        order = self._new_order().with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_switch_is_in_the_settings(self):
        self.company.parts_example_reference = False
        settings = self.env["res.config.settings"].create({})
        settings.parts_example_reference = True
        settings.execute()
        self.assertTrue(self.company.parts_example_reference)
