from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceChange(PriceCommon):
    # CTL-4

    def setUp(self):
        super().setUp()
        self.product_manager = self._new_user(
            "products", "product.group_product_manager", "stock.group_stock_user"
        )

    def _sheet(self, user=None, price=110.0, **values):
        template = self.part.product_tmpl_id
        return (
            self.env["parts.price.sheet"]
            .with_user(user or self.manager)
            .create(
                {
                    "reason": "The maker went up by 10 %",
                    "line_ids": [
                        Command.create(
                            {"product_tmpl_id": template.id, "price_after": price}
                        )
                    ],
                    **values,
                }
            )
        )

    def _decide(self, sheet, user=None):
        sheet.action_submit()
        [approval] = sheet.sudo().parts_approval_ids
        approval.with_user(user or self.pricer).action_approve()
        return approval

    def _changes(self, kind):
        return self.env["parts.price.change"].search(
            [
                ("kind", "=", kind),
                ("product_tmpl_id", "=", self.part.product_tmpl_id.id),
            ]
        )

    def test_proposed_decided_entered(self):
        sheet = self._sheet()
        line = sheet.line_ids
        # (100 - 60) / 100 and (110 - 60) / 110
        self.assertEqual(line.price_before, 100.0)
        self.assertAlmostEqual(line.change_percent, 10.0)
        self.assertAlmostEqual(line.margin_before, 40.0)
        self.assertAlmostEqual(line.margin_after, 45.45, 2)
        self._decide(sheet)
        self.assertEqual(sheet.state, "approved")
        self.assertEqual(self.part.list_price, 100.0)
        for user in (self.manager, self.pricer, self.seller):
            with self.assertRaises(UserError), self.cr.savepoint():
                sheet.with_user(user).action_enter()
        sheet.with_user(self.accountant).action_enter()
        self.assertEqual(sheet.state, "done")
        self.assertEqual(self.part.list_price, 110.0)
        self.assertRecordValues(
            self._changes("list_price"),
            [
                {
                    "before": 100.0,
                    "after": 110.0,
                    "cause": "sheet",
                    "sheet_id": sheet.id,
                    "user_id": self.accountant.id,
                }
            ],
        )

    def test_who_proposes_does_not_decide(self):
        sheet = self._sheet(self.pricer)
        with self.assertRaises(AccessError):
            self._decide(sheet, self.pricer)

    def test_valid_from(self):
        sheet = self._sheet(date_from="2999-01-01")
        self._decide(sheet)
        sheet.with_user(self.accountant).action_enter()
        self.assertEqual(sheet.state, "entered")
        self.env["parts.price.sheet"].sudo()._apply_due()
        self.assertEqual(self.part.list_price, 100.0)
        sheet.sudo().date_from = "2020-01-01"
        sheet.sudo()._apply_due()
        self.assertEqual(self.part.list_price, 110.0)

    def test_frozen(self):
        sheet = self._sheet()
        self._decide(sheet)
        for change in (
            lambda: sheet.line_ids.write({"price_after": 1.0}),
            lambda: sheet.write({"date_from": "2020-01-01"}),
            lambda: sheet.write({"state": "draft"}),
            lambda: sheet.line_ids.unlink(),
            lambda: sheet.unlink(),
            lambda: sheet.line_ids.copy({"sheet_id": sheet.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()

    def test_no_state_by_default(self):
        sheet = self._sheet.__func__(self, state="done")
        self.assertEqual(sheet.state, "draft")

    def test_refused_past_a_sheet(self):
        pricelist = self.env["product.pricelist"].sudo().create({"name": "Wholesale"})
        item = (
            self.env["product.pricelist.item"]
            .sudo()
            .create({"pricelist_id": pricelist.id, "fixed_price": 80.0})
        )
        for user in (self.product_manager, self.pricer, self.manager):
            part = self.part.with_user(user)
            for change in (
                lambda part=part: part.write({"list_price": 1.0}),
                lambda part=part: part.write({"lst_price": 1.0}),
                lambda part=part: part.product_tmpl_id.write({"list_price": 1.0}),
                lambda user=user: item.with_user(user).write({"fixed_price": 1.0}),
                lambda user=user: item.with_user(user).unlink(),
                lambda user=user: pricelist.with_user(user).write(
                    {"item_ids": [Command.create({"fixed_price": 1.0})]}
                ),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    change()
        with self.assertRaisesRegex(UserError, "Price Sheets"), self.cr.savepoint():
            self.part.with_user(self.product_manager).list_price = 1.0
        self.assertEqual(self.part.list_price, 100.0)
        self.assertEqual(item.fixed_price, 80.0)

    def test_the_same_price_is_no_change(self):
        self.part.with_user(self.product_manager).product_tmpl_id.write(
            {"list_price": 100.0, "name": "Brake disc, coated"}
        )
        self.assertFalse(self._changes("list_price"))

    def test_light_form(self):
        self.company.parts_price_change_form = "role"
        self.pricer.group_ids += self.env.ref("product.group_product_manager")
        regex = "only the price group"
        with self.assertRaisesRegex(UserError, regex), self.cr.savepoint():
            self.part.with_user(self.product_manager).list_price = 1.0
        self.part.with_user(self.pricer).list_price = 105.0
        self.assertRecordValues(
            self._changes("list_price"),
            [{"before": 100.0, "after": 105.0, "cause": "hand"}],
        )

    def test_control_off(self):
        self.company.parts_price_control = False
        self.part.with_user(self.product_manager).list_price = 1.0
        self.assertFalse(self._changes("list_price"))

    def test_cost(self):
        with self.assertRaisesRegex(UserError, "cost"), self.cr.savepoint():
            self.part.with_user(self.product_manager).standard_price = 1.0
        before = self._changes("cost")
        self.part.sudo().with_context(disable_auto_revaluation=True).standard_price = 7
        change = self._changes("cost") - before
        self.assertRecordValues(
            change, [{"before": 60.0, "after": 7.0, "cause": "valuation"}]
        )

    def test_customers_pricelist(self):
        pricelist = self.env["product.pricelist"].sudo().create({"name": "VIP"})
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        for name in (
            "property_product_pricelist",
            "specific_property_product_pricelist",
        ):
            with self.assertRaisesRegex(UserError, "only the price group"):
                with self.cr.savepoint():
                    self.customer.with_user(self.manager).write({name: pricelist.id})
        partners = self.env["res.partner"]
        with self.assertRaisesRegex(UserError, "only the price group"):
            with self.cr.savepoint():
                partners.with_user(self.manager).create(
                    {
                        "name": "Twin",
                        "specific_property_product_pricelist": pricelist.id,
                    }
                )
        self.pricer.group_ids += self.env.ref("base.group_partner_manager")
        self.customer.with_user(self.pricer).property_product_pricelist = pricelist
        self.assertEqual(self.customer.property_product_pricelist, pricelist)
        # contacts of such a customer can be added and changed by anybody
        contact = partners.with_user(self.manager).create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        contact.country_id = self.env.ref("base.cn")
        with self.assertRaisesRegex(UserError, "only the price group"):
            with self.cr.savepoint():
                partners.with_user(self.manager).create(
                    {"name": "Other"}
                ).parent_id = self.customer

    def test_pricelist_rule_by_sheet(self):
        pricelist = self.env["product.pricelist"].sudo().create({"name": "Wholesale"})
        template = self.part.product_tmpl_id
        old = (
            self.env["product.pricelist.item"]
            .sudo()
            .create(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "1_product",
                    "product_tmpl_id": template.id,
                    "compute_price": "fixed",
                    "fixed_price": 90.0,
                }
            )
        )
        sheet = self._sheet(line_ids=[])
        sheet.line_ids = [
            Command.create(
                {
                    "pricelist_id": pricelist.id,
                    "product_tmpl_id": template.id,
                    "price_after": 85.0,
                }
            )
        ]
        self.assertEqual(sheet.line_ids.price_before, 90.0)
        self._decide(sheet)
        sheet.with_user(self.accountant).action_enter()
        self.assertTrue(old.date_end)
        new = pricelist.item_ids - old
        self.assertRecordValues(new, [{"fixed_price": 85.0}])
        self.assertEqual(pricelist._get_product_price(self.part, 1.0), 85.0)

    def test_pricelist_rule_ends_by_sheet(self):
        pricelist = self.env["product.pricelist"].sudo().create({"name": "Wholesale"})
        template = self.part.product_tmpl_id
        rule = (
            self.env["product.pricelist.item"]
            .sudo()
            .create(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "1_product",
                    "product_tmpl_id": template.id,
                    "compute_price": "fixed",
                    "fixed_price": 90.0,
                }
            )
        )
        sheet = self._sheet(
            line_ids=[
                Command.create(
                    {
                        "pricelist_id": pricelist.id,
                        "product_tmpl_id": template.id,
                        "compute_price": "end",
                        "price_after": 0.0,
                    }
                )
            ]
        )
        self._decide(sheet)
        sheet.with_user(self.accountant).action_enter()
        self.assertTrue(rule.date_end)
        self.assertEqual(pricelist.item_ids, rule)
        self.assertEqual(pricelist._get_product_price(self.part, 1.0), 100.0)

    def test_entered_by_is_who_changed_it_when_its_date_comes(self):
        sheet = self._sheet(date_from="2999-01-01")
        self._decide(sheet)
        sheet.with_user(self.accountant).action_enter()
        sheet.sudo().date_from = "2020-01-01"
        root = self.env(user=self.env.ref("base.user_root").id)
        sheet.with_env(root)._apply_due()
        self.assertEqual(self._changes("list_price").user_id, self.accountant)

    def test_log_is_written_by_no_role(self):
        self.company.parts_price_change_form = "role"
        self.part.sudo().list_price = 101.0
        change = self._changes("list_price")
        for user in (self.pricer, self.director, self.accountant):
            for attempt in (
                lambda user=user: change.with_user(user).write({"after": 1.0}),
                lambda user=user: change.with_user(user).unlink(),
                lambda user=user: change.with_user(user).copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            change.with_user(self.seller).read(["after"])
