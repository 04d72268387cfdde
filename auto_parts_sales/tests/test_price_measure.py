from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceMeasure(PriceCommon):
    # CTL-4: what prices and bands are measured by moves in the right hands only

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.products = cls._new_user(
            "products", "product.group_product_manager", "base.group_partner_manager"
        )
        cls.pricer.group_ids += cls.env.ref("product.group_product_manager")
        cls.pricer.group_ids += cls.env.ref("base.group_partner_manager")

    def _refused(self, change, regex="only the price group"):
        with self.assertRaisesRegex(UserError, regex), self.cr.savepoint():
            change()

    def _value(self):
        attribute = self.env["product.attribute"].create({"name": "Size"})
        values = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("S", "L")]
        )
        template = self.env["product.template"].create(
            {
                "name": "Disc in sizes",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(values.ids)],
                        }
                    )
                ],
            }
        )
        found = template.attribute_line_ids.product_template_value_ids
        self.assertEqual(len(found), 2)
        return found[0]

    def test_extra_prices(self):
        value = self._value()
        self._refused(
            lambda: value.with_user(self.products).write({"price_extra": -40})
        )
        value.with_user(self.products).write({"price_extra": 0.0})  # no change
        value.with_user(self.pricer).price_extra = -4.0
        change = self.env["parts.price.change"].search([("kind", "=", "extra")])
        self.assertRecordValues(
            change, [{"before": 0.0, "after": -4.0, "user_id": self.pricer.id}]
        )
        self.company.parts_price_control = False
        value.with_user(self.products).price_extra = -40.0

    def test_combos(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Set",
                "combo_item_ids": [Command.create({"product_id": self.part.id})],
            }
        )
        mine = combo.with_user(self.products)
        other = self.env["product.product"].create({"name": "Gearbox"})
        self._refused(lambda: mine.combo_item_ids.write({"extra_price": -5.0}))
        self._refused(lambda: mine.combo_item_ids.write({"product_id": other.id}))
        self._refused(
            lambda: mine.write(
                {"combo_item_ids": [Command.create({"product_id": other.id})]}
            )
        )
        combo_part = self.env["product.template"].create(
            {
                "name": "Service set",
                "type": "combo",
                "combo_ids": [Command.set(combo.ids)],
            }
        )
        second = combo.copy()
        self._refused(
            lambda: combo_part.with_user(self.products).write(
                {"combo_ids": [Command.link(second.id)]}
            )
        )
        combo.with_user(self.pricer).combo_item_ids.extra_price = 5.0

    def test_what_a_part_falls_under(self):
        category = self.env["product.category"].create({"name": "Brakes"})
        template = self.part.product_tmpl_id.with_user(self.products)
        # no band and no rule goes by it: nobody gains
        template.parts_grade = "genuine"
        template.categ_id = category
        self._band("salesperson", 1, 1, 25, self.band_manager, grade="genuine")
        self._refused(lambda: template.write({"parts_grade": "aftermarket"}))
        template.write({"parts_grade": "genuine"})  # no change
        self._band("salesperson", 2, 1, 25, self.band_manager, categ_id=category.id)
        self._refused(lambda: template.write({"categ_id": category.copy().id}))
        self._refused(
            lambda: category.with_user(self.products).write(
                {"parent_id": category.copy().id}
            )
        )
        master = self.env.ref("auto_parts_sales.group_parts_master_data_keeper")
        self.products.group_ids += master
        template.parts_grade = "aftermarket"
        self.assertEqual(template.parts_grade, "aftermarket")

    def test_included_taxes(self):
        taxes = self.env["account.tax"].create(
            [
                {"name": kind, "amount": 13.0, "price_include_override": kind}
                for kind in ("tax_excluded", "tax_included")
            ]
        )
        template = self.part.product_tmpl_id.with_user(self.products)
        template.taxes_id = taxes[0]  # beside the price
        self._refused(lambda: template.write({"taxes_id": [Command.set(taxes[1].ids)]}))
        finance = self.accountant
        finance.group_ids += self.env.ref("product.group_product_manager")
        self.part.product_tmpl_id.with_user(finance).taxes_id = taxes[1]

    def test_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._refused(
            lambda: dozen.with_user(self.products).write({"relative_factor": 6})
        )
        dozen.with_user(self.products).write({"relative_factor": 12, "name": "Dozen"})
        dozen.with_user(self.pricer).relative_factor = 6
        self.assertEqual(dozen.factor, 6.0)

    def test_countries(self):
        cheap = self.env["product.pricelist"].create({"name": "Export"})
        group = self.env["res.country.group"].create({"name": "Neighbours"})
        mine = group.with_user(self.products)
        mine.country_ids = self.env.ref("base.kz")  # no pricelist goes by it
        self._refused(lambda: mine.write({"pricelist_ids": [Command.link(cheap.id)]}))
        self._refused(
            lambda: mine.create(
                {"name": "Mine", "pricelist_ids": [Command.link(cheap.id)]}
            )
        )
        group.with_user(self.pricer).pricelist_ids = cheap
        self._refused(
            lambda: mine.write(
                {"country_ids": [Command.link(self.env.ref("base.cn").id)]}
            )
        )
        self._refused(mine.unlink)

    def test_customers_made_with_a_pricelist(self):
        cheap = self.env["product.pricelist"].create({"name": "Cheap"})
        name = "specific_property_product_pricelist"
        partners = self.env["res.partner"].with_user(self.products)
        self._refused(
            lambda: partners.with_context(**{f"default_{name}": cheap.id}).create(
                {"name": "By default"}
            )
        )
        vip = self.env["res.partner"].create({"name": "VIP", name: cheap.id})
        self.assertFalse(vip.with_user(self.products).copy()[name])
        self._refused(
            lambda: partners.create(
                {
                    "name": "Branch",
                    "parent_id": self.customer.id,
                    "is_company": True,
                    name: cheap.id,
                }
            )
        )
        contact = partners.create({"name": "Buyer", "parent_id": vip.id})
        self.assertEqual(contact.commercial_partner_id, vip)
        self.assertTrue(partners.create({"name": "Plain", "is_company": True}))

    def test_merging_customers(self):
        cheap = self.env["product.pricelist"].create({"name": "Cheap"})
        name = "specific_property_product_pricelist"
        vip = self.env["res.partner"].create({"name": "VIP", name: cheap.id})
        plain = self.env["res.partner"].create({"name": "Plain"})
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(
            self.products
        )
        try:
            with self.cr.savepoint():
                wizard._merge((vip | plain).ids, plain)
        except UserError:
            return
        self.assertFalse(plain[name])

    def test_pricelists(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Wholesale",
                "item_ids": [Command.create({"fixed_price": 80.0})],
            }
        )
        mine = pricelist.with_user(self.products)
        self.products.group_ids += self.env.ref("sales_team.group_sale_manager")
        for change in (
            mine.unlink,
            mine.copy,
            mine.action_archive,
            lambda: mine.write({"sequence": 1}),
            lambda: mine.write(
                {"country_group_ids": [Command.link(self.env.ref("base.europe").id)]}
            ),
            lambda: mine.item_ids.copy(),
            lambda: mine.item_ids.write({"pricelist_id": pricelist.sudo().copy().id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        self.assertEqual(len(pricelist.item_ids), 1)

    def test_value_of_stock_by_hand(self):
        keeper = self._new_user("stores", "stock.group_stock_manager")
        values = self.env["product.value"].with_user(keeper)
        self._refused(
            lambda: values.create(
                {
                    "product_id": self.part.id,
                    "value": 1.0,
                    "company_id": self.company.id,
                }
            ),
            "cost",
        )
        self.accountant.group_ids += self.env.ref("stock.group_stock_manager")
        values.with_user(self.accountant).create(
            {"product_id": self.part.id, "value": 55.0, "company_id": self.company.id}
        )

    def test_nobody_holds_is_said_in_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        arch = self.env.ref(
            "auto_parts_sales.res_config_settings_view_form"
        ).get_combined_arch()
        self.assertIn("not parts_price_control or parts_credit_control", arch)
        self.assertFalse(settings.parts_credit_control)
