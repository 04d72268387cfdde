from collections import Counter

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalGate(ApprovalCommon):
    # CTL-1, CTL-3, CTL-6: the gate stands in the model, whoever comes by which path

    def _assert_held(self, order, confirm):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            confirm(order)
        self.assertIn(order.state, ("draft", "sent"))
        return caught.exception

    def test_order_without_credit_is_held_and_says_why(self):
        error = self._assert_held(self._new_order(), lambda o: o.action_confirm())
        self.assertRegex(str(error), "Xinda Repair has no credit file")
        self.assertRegex(str(error), "Over by .*100.00")
        self.assertRegex(str(error), "Ask for Approval")

    def test_blocks_reach_rpc_callers(self):
        order = self._new_order(3)
        error = self._assert_held(order, lambda o: o.action_confirm())
        [block] = error.context["parts_blocks"]
        self.assertEqual(block["kind"], "credit")
        self.assertEqual(block["res_id"], order.id)
        self.assertEqual(block["amount"], 300.0)
        self.assertEqual(block["currency_id"], self.company.currency_id.id)
        self.assertEqual(error.context["exception_class"], "odoo.exceptions.UserError")

    def test_write_of_the_state_meets_the_gate(self):
        self._assert_held(self._new_order(), lambda o: o.write({"state": "sale"}))

    def test_no_context_key_opens_the_gate(self):
        keys = {
            "bypass_risk": True,
            "skip_validation_check": True,
            "ignore_exception": True,
            "parts_gate_skip": True,
            "install_mode": True,
            "import_file": True,
            "tracking_disable": True,
        }
        self._assert_held(
            self._new_order(), lambda o: o.with_context(**keys).action_confirm()
        )

    def test_order_created_confirmed_meets_the_gate(self):
        with self.assertRaises(GateError), self.cr.savepoint():
            self._new_order(state="sale")

    def test_order_confirmed_by_a_default_meets_the_gate(self):
        orders = self.env["sale.order"].with_user(self.seller)
        line = {"product_id": self.part.id}
        values = {"partner_id": self.customer.id, "order_line": [(0, 0, line)]}
        with self.assertRaises(GateError), self.cr.savepoint():
            orders.with_context(default_state="sale").create(values)

    def test_copy_as_confirmed_meets_the_gate(self):
        order = self._new_order()
        with self.assertRaises(GateError), self.cr.savepoint():
            order.copy({"state": "sale"})

    def test_load_meets_the_gate(self):
        order = self._new_order()
        result = order.load([".id", "state"], [[str(order.id), "sale"]])
        self.assertTrue(result["messages"])
        self.assertEqual(order.state, "draft")

    def test_facts_are_worked_out_not_believed(self):
        # paths.md A3: a stored total can be written over RPC
        self._new_file(250.0)
        order = self._new_order(3)
        order.write({"amount_total": 1.0, "amount_untaxed": 1.0})
        order.order_line.write({"price_total": 1.0, "price_subtotal": 1.0})
        error = self._assert_held(order, lambda o: o.action_confirm())
        self.assertEqual(error.blocks[0]["amount"], 50.0)

    def test_several_orders_all_or_none(self):
        # peers 3.9, 1: each under the limit, together above
        self._new_file(250.0)
        orders = self._new_order(2) | self._new_order(2)
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        for order in orders:
            self.assertIn(order.name, str(caught.exception))
        orders[0].action_confirm()
        self.assertEqual(orders[0].state, "sale")
        self._assert_held(orders[1], lambda o: o.action_confirm())

    def test_within_the_limit_nothing_stands_in_the_way(self):
        self._new_file(300.0)
        order = self._new_order(3)
        self.assertFalse(order.parts_gate_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_switched_off_nothing_is_looked_at(self):
        self.company.parts_credit_control = False
        order = self._new_order(1000)
        self.assertFalse(order.parts_gate_html)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.env["parts.credit.lock"].search([]))

    def test_the_company_of_the_document_counts(self):
        # CTL-5: another company's switch holds nobody here, and the session's
        # company plays no part
        other = self.env["res.company"].create({"name": "Branch"})
        self.seller.company_ids |= other
        order = self._new_order()
        chosen = [other.id, self.company.id]
        self._assert_held(
            order,
            lambda o: o.with_context(allowed_company_ids=chosen).action_confirm(),
        )

    def test_banner_says_what_is_wrong_and_who_decides(self):
        order = self._new_order()
        self.assertRegex(order.parts_gate_html, "no credit file in force")
        self.assertRegex(order.parts_gate_html, "Sales Manager can decide")
        self.assertTrue(order.parts_gate_askable)

    def test_looking_at_an_order_locks_nothing(self):
        # else two people could not open orders of one customer at the same moment
        order = self._new_order()
        locks = self.env["parts.credit.lock"]
        self.assertTrue(order.parts_gate_html)
        self.assertFalse(locks.search([]))
        self._new_file(1000.0)
        order.action_confirm()
        self.assertEqual(
            locks.search([]).mapped(lambda lock: (lock.company_id, lock.partner_id)),
            [(self.company, self.customer)],
        )

    def test_nothing_to_ask_for(self):
        self._new_file(1000.0)
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            self._new_order().action_parts_request_approval("why not")

    def test_switches_to_come_refuse(self):
        with self.assertRaisesRegex(UserError, "cannot be switched on"):
            self.company.parts_fapiao_control = True

    def test_switching_on_brings_default_rules(self):
        company = self.env["res.company"].create({"name": "New trader"})
        rules = self.env["parts.approval.rule"]
        self.assertFalse(rules.search([("company_id", "=", company.id)]))
        company.parts_credit_control = True
        kinds = rules.search([("company_id", "=", company.id)]).mapped("kind")
        # credit files: in four hands or two, within the policy or beyond it
        self.assertEqual(
            Counter(kinds),
            {
                "credit": 2,
                "credit_file": 4,
                "delivery": 1,
                "commission": 1,
                "pool": 1,
                "policy": 1,
                "declaration": 1,
                "template": 1,
                # below and from the amount of an important one; wording, substance
                "contract": 2,
                "clause": 2,
            },
        )
        company.write({"parts_credit_control": False})
        company.write({"parts_credit_control": True})
        self.assertEqual(rules.search_count([("company_id", "=", company.id)]), 16)
