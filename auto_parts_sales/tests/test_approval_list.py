from unittest.mock import patch

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX, ApprovalCommon

MANY = 1000


@tagged("post_install", "-at_install")
class TestApprovalList(ApprovalCommon):
    # CTL-1, screens.md: found, counted and decided from lists

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._new_order(3)
        cls.approval = cls._ask(cls.order)
        cls.free = cls._new_order(1)

    def _orders(self, user, name):
        return self.env["sale.order"].with_user(user).search([(name, "=", True)])

    # === ORDERS === #

    def test_orders_waiting_for_approval(self):
        found = self._orders(self.seller, "parts_waiting_approval")
        self.assertIn(self.order, found)
        self.assertNotIn(self.free, found)
        self.assertTrue(self.order.parts_waiting_approval)
        self.assertFalse(self.free.parts_waiting_approval)
        others = self.env["sale.order"].search([("parts_waiting_approval", "=", False)])
        self.assertIn(self.free, others)
        self.assertNotIn(self.order, others)

    def test_orders_waiting_for_me(self):
        self.assertIn(self.order, self._orders(self.manager, "parts_waiting_for_me"))
        for user in (self.seller, self.keeper):
            self.assertFalse(
                self.env["sale.order"]
                .with_user(user)
                .sudo()
                .search([("parts_waiting_for_me", "=", True)])
            )
        self.assertTrue(self.order.with_user(self.manager).parts_waiting_for_me)
        self.assertFalse(self.order.with_user(self.seller).parts_waiting_for_me)

    def test_decided_waits_no_more(self):
        self.approval.with_user(self.manager).action_approve()
        self.assertNotIn(
            self.order, self._orders(self.seller, "parts_waiting_approval")
        )
        self.assertNotIn(self.order, self._orders(self.manager, "parts_waiting_for_me"))

    def test_no_query_for_each_order(self):
        orders = self.order | self.free | self._new_order(2)
        self._ask(orders[2])
        names = ["parts_waiting_approval", "parts_waiting_for_me"]
        one = self._count(lambda: self._fresh(orders[:1]).read(names))
        self.assertLessEqual(
            self._count(lambda: self._fresh(orders).read(names)), one + 1
        )

    def _fresh(self, records):
        self.env.invalidate_all()
        return records.with_user(self.manager)

    def _count(self, act):
        self.env.flush_all()
        act()  # what is kept in memory from the first time on
        before = self.cr.sql_log_count
        act()
        return self.cr.sql_log_count - before

    # === REQUESTS === #

    def test_a_thousand_requests_cost_one_query_more_than_one(self):
        orders = self.env["sale.order"].create(
            [{"partner_id": self.customer.id, "user_id": self.seller.id}] * MANY
        )
        [values] = self.approval.sudo().copy_data()
        many_asked = self.env["parts.approval"].sudo()
        many_asked = many_asked.with_context(tracking_disable=True).create(
            [
                {
                    **values,
                    "res_id": order.id,
                    "state": "pending",
                    "step_ids": [
                        Command.create(
                            {"group_id": self.approval.sudo().step_ids.group_id.id}
                        )
                    ],
                }
                for order in orders
            ]
        )
        view = self.env["parts.approval"].get_view(
            self.env.ref("auto_parts_sales.parts_approval_view_list").id, "list"
        )
        names = etree.fromstring(view["arch"]).xpath("//field/@name")
        specification = {
            name: {"fields": {"display_name": {}}}
            if many_asked._fields[name].type == "many2one"
            else {}
            for name in names
        }

        def read(records):
            self._fresh(records).web_search_read(
                [("id", "in", records.ids)], specification, limit=2 * MANY
            )

        one = self._count(lambda: read(many_asked[:1]))
        many = self._count(lambda: read(many_asked))
        self.assertLessEqual(many, one + 1)

    def test_waiting_for_me_is_one_search_for_all(self):
        domain = [("can_decide", "=", True)]
        one = self._count(
            lambda: self._fresh(self.env["parts.approval"]).search(domain)
        )
        for quantity in (1, 2, 4):
            self._ask(self._new_order(quantity))
        many = self._count(
            lambda: self._fresh(self.env["parts.approval"]).search(domain)
        )
        self.assertLessEqual(many, one + 1)

    def test_the_waiting_list_is_by_age_and_names_the_amounts(self):
        action = self.env.ref("auto_parts_sales.parts_approval_action_waiting")
        view = self.env["parts.approval"].get_view(action.view_id.id, "list")
        arch = etree.fromstring(view["arch"])
        self.assertEqual(arch.get("default_order"), "create_date, id")
        self.assertEqual(self.approval.document_amount, 300.0)
        self.assertEqual(self.approval.waiting_days, 0)
        names = arch.xpath("//field/@name")
        for name in ("document_amount", "amount", "requester_id", "waiting_days"):
            self.assertIn(name, names)

    def test_counted_in_the_bar_at_the_top(self):
        groups = self.env["res.users"].with_user(self.manager)._get_activity_groups()
        [group] = [group for group in groups if group["model"] == "parts.approval"]
        mine = self.env["parts.approval"].with_user(self.manager)
        self.assertEqual(
            group["total_count"], mine.search_count([("can_decide", "=", True)])
        )
        groups = self.env["res.users"].with_user(self.seller)._get_activity_groups()
        self.assertNotIn("parts.approval", [group["model"] for group in groups])

    def test_deciders_are_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager.lang = "zh_CN"
        approval = self._ask(self._new_order(4))
        activity = approval.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.manager
        )
        self.assertEqual(
            activity.summary, approval.sudo().with_context(lang="zh_CN")._kind_name()
        )

    # === THE BANNER === #

    def test_the_banner_names_who_it_waits_for(self):
        self.assertRegex(
            self.order.parts_gate_html,
            r"Asked by parts_seller.* waiting for .*Sales Manager.* since today",
        )
        self.assertFalse(self.order.parts_gate_granted)

    def test_the_banner_is_green_when_all_is_granted(self):
        self.approval.with_user(self.manager).action_approve()
        self.order.invalidate_recordset()
        self.assertTrue(self.order.parts_gate_granted)
        self._new_file(50.0)  # two blocks now, one of them new: nothing is granted
        self.order.invalidate_recordset()
        self.assertFalse(self.order.parts_gate_granted)
        self.assertFalse(self._new_order(1).parts_gate_granted)

    # === CONFIRM THOSE THAT MAY === #

    def _confirm(self, orders):
        return orders.with_user(self.seller).action_parts_confirm_possible()["params"]

    def test_those_that_may_are_confirmed_and_the_others_named(self):
        self._new_file(150.0)
        fits, over = self._new_order(1), self._new_order(2)
        answer = self._confirm(over | fits)
        self.assertEqual((fits.state, over.state), ("sale", "draft"))
        self.assertEqual(answer["type"], "warning")
        self.assertRegex(answer["message"], "1 confirmed")
        self.assertRegex(answer["message"], f"{over.name}: .*beyond the credit limit")
        self.assertNotIn(fits.name, answer["message"])

    def test_one_by_one_under_one_limit(self):
        # three of 100.00 under 250.00: two pass, the third would be beyond
        self._new_file(250.0)
        orders = self._new_order(1) | self._new_order(1) | self._new_order(1)
        self._confirm(orders)
        self.assertEqual(orders.mapped("state"), ["sale", "sale", "draft"])

    def test_a_held_one_leaves_nothing_behind(self):
        self._new_file(50.0)
        order = self._new_order(1)
        self._confirm(order)
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.state, "draft")

    def test_confirmed_and_cancelled_ones_are_left_alone(self):
        self._new_file(5000.0)
        done, gone = self._new_order(1), self._new_order(1)
        done.action_confirm()
        gone._action_cancel()
        answer = self._confirm(done | gone)
        self.assertRegex(answer["message"], "0 confirmed")
        self.assertEqual((done.state, gone.state), ("sale", "cancel"))

    def test_other_errors_are_named_too(self):
        self._new_file(5000.0)
        good, bad = self._new_order(1), self._new_order(1)
        model = type(good)
        message = model._confirmation_error_message

        def refuse(order):
            return "Something else" if order == bad else message(order)

        with patch.object(model, "_confirmation_error_message", refuse):
            answer = self._confirm(bad | good)
        self.assertEqual((good.state, bad.state), ("sale", "draft"))
        self.assertIn(f"{bad.name}: Something else", answer["message"])

    def test_many_held_ones_do_not_fill_the_screen(self):
        self._new_file(0.0)
        orders = self.env["sale.order"].union(
            *(self._new_order(1) for _number in range(12))
        )
        answer = self._confirm(orders)
        self.assertRegex(answer["message"], "12 held")
        self.assertRegex(answer["message"], "and 2 more")

    def test_offered_only_where_a_control_is_on(self):
        def offered(user):
            views = self.env["sale.order"].with_user(user)
            views = views.get_views([(False, "list")], {"toolbar": True})
            view = views["views"]["list"]
            names = etree.fromstring(view["arch"]).xpath("//header/button/@name")
            actions = [a["name"] for a in view["toolbar"].get("action", [])]
            return (
                "action_parts_confirm_possible" in names,
                "Confirm Those That May" in actions,
            )

        self.assertEqual(offered(self.seller), (True, True))
        self.company.parts_credit_control = False
        self.assertEqual(offered(self.seller), (False, False))
        # another company's control is none of his
        other = self.env["res.company"].create({"name": "Branch"})
        other.parts_credit_control = True
        self.assertEqual(offered(self.seller), (False, False))
        self.seller.company_ids |= other
        self.assertEqual(offered(self.seller), (True, True))

    # === EVERY ROLE === #

    def test_forms_and_lists_open_for_everybody_who_may(self):
        for user in (self.seller, self.manager, self.general_manager):
            with self.subTest(user=user.login):
                views = self.env["parts.approval"].with_user(user)
                views.get_views([(False, "list"), (False, "form"), (False, "search")])
        boss = self._new_user(
            "boss2",
            "sales_team.group_sale_salesman_all_leads",
            f"{PREFIX}general_manager",
        )
        self.assertTrue(self.approval.with_user(boss).read(["message", "waiting_for"]))
