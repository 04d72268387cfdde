from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.http_routing.tests.common import MockRequest

from ..exceptions import GateError
from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceWays(PriceCommon):
    # QUO-4: ways round the authority that go by the order's own lines

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )

    def _approved(self, order, user=None):
        [approval] = self._ask(order)
        approval.with_user(user or self.director).action_approve()
        self.assertEqual(approval.state, "approved")
        return approval

    # === AFTER AN APPROVAL === #

    def test_fewer_pieces_than_the_break_that_was_approved(self):
        # from 10 on the price in force is 80: 76 is 5 % below it, of one piece 24 %
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Breaks",
                "item_ids": [
                    Command.create(
                        {
                            "min_quantity": 10,
                            "compute_price": "fixed",
                            "fixed_price": 80.0,
                        }
                    )
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        order = self._priced(72.0, 10)  # 10 % below 80
        approval = self._approved(order)
        order.order_line.write({"product_uom_qty": 12, "price_unit": 74.0})
        self.assertEqual(approval.state, "void")  # more of it
        order.order_line.write({"product_uom_qty": 10, "price_unit": 72.0})
        approval = self._approved(order)
        order.order_line.write({"product_uom_qty": 9, "price_unit": 72.0})
        self.assertEqual(approval.state, "void")  # 28 % below 100
        self.assertFalse(self._confirms(order))

    def test_price_in_force_that_rose_voids(self):
        order = self._priced(90.0)
        approval = self._approved(order)
        self.part.sudo().list_price = 110.0  # 18 % instead of 10
        self.assertFalse(self._confirms(order))
        self.part.sudo().list_price = 100.0
        self.assertTrue(self._confirms(order))
        self.assertTrue(approval.sudo().spent_date)

    def test_another_part_on_an_approved_line(self):
        dear = self.env["product.product"].create(
            {"name": "Calliper", "list_price": 90.0, "standard_price": 80.0}
        )
        order = self._priced(82.0)
        approval = self._approved(order)
        order.order_line.write({"product_id": dear.id, "price_unit": 82.0})
        self.assertEqual(approval.state, "void")

    def test_made_optional_after_it_was_approved(self):
        order = self._priced(82.0, 2)
        section = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "display_type": "line_section",
                "name": "Options",
                "sequence": 1,
            }
        )
        order.order_line.filtered("product_id").sequence = 2
        approval = self._approved(order)
        section.with_user(self.seller).is_optional = True
        line = order.order_line.filtered("product_id")
        self.assertTrue(line._is_line_optional())
        line.write({"product_uom_qty": 500, "price_unit": 82.0})
        self.assertEqual(approval.state, "void")
        self.assertFalse(self._confirms(order))

    def test_copy_of_an_approved_order(self):
        order = self._priced(82.0)
        self._approved(order)
        copy = order.copy()
        copy.order_line.price_unit = 82.0
        self.assertFalse(self._confirms(copy))
        self.assertTrue(self._confirms(order))

    # === PRICES OF THE MANAGER === #

    def test_the_managers_line_is_moved_to_another_order(self):
        theirs = self._priced(90.0, user=self.manager)
        theirs.sudo().user_id = self.seller
        mine = self._priced(100.0)
        theirs.order_line.with_user(self.seller).order_id = mine
        self.assertBeyond(mine)
        self.assertFalse(self._confirms(mine))

    def test_the_managers_line_is_taken_into_a_new_order(self):
        theirs = self._priced(90.0, user=self.manager)
        theirs.sudo().user_id = self.seller
        mine = self._new_order(
            user=self.seller, order_line=[Command.link(theirs.order_line.id)]
        )
        self.assertEqual(mine.order_line.price_unit, 90.0)
        self.assertBeyond(mine)

    def test_more_of_the_managers_line(self):
        order = self._priced(90.0, user=self.manager)
        order.sudo().user_id = self.seller
        line = order.order_line.with_user(self.seller)
        self.assertInside(order)
        line.write({"product_uom_qty": 50, "price_unit": 90.0})
        self.assertBeyond(order)

    # === WHAT IS TAKEN OFF === #

    def test_discount_line_delivered_by_hand(self):
        fee = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "invoice_policy": "delivery"}
        )
        order = self._priced(100.0, 10)
        line = self._add(order, -20.0, product_id=fee.id)  # 2 %
        self.assertTrue(self._confirms(order))
        with self.assertRaises(GateError), self.cr.savepoint():
            line.with_user(self.seller).qty_delivered = 30
        line.with_user(self.seller).qty_delivered = 2  # 4 %
        self.assertEqual(line.qty_delivered, 2)

    def test_negative_return_delivered_by_hand(self):
        service = self.env["product.product"].create(
            {
                "name": "Fitting",
                "type": "service",
                "list_price": 100.0,
                "invoice_policy": "delivery",
            }
        )
        order = self._priced(100.0, 10)
        line = self._add(order, 100.0, product_id=service.id)
        self.assertTrue(self._confirms(order))
        with self.assertRaises(GateError), self.cr.savepoint():
            line.with_user(self.seller).qty_delivered = -5

    def test_catalogue_on_a_confirmed_order(self):
        order = self._priced(95.0, 2)
        mine = order.with_user(self.seller)
        cheap = self.env["product.pricelist"].create(
            {
                "name": "Cheap",
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 40.0}
                    )
                ],
            }
        )
        other = self.env["product.product"].create(
            {"name": "Pads", "list_price": 100.0, "standard_price": 10.0}
        )
        mine.pricelist_id = cheap
        mine.order_line.price_unit = 95.0
        self.assertTrue(self._confirms(order))
        with MockRequest(self.env), self.assertRaises(GateError):
            with self.cr.savepoint():
                mine._update_order_line_info(other.id, 1)
        self.assertNotIn(other, order.order_line.product_id)

    # === CHOICES === #

    def _variants(self):
        """Return a part of two sizes, the small one 30 less, and a choice of finish:
        plain 10 less, raw 20 less.
        """
        attributes = self.env["product.attribute"].create(
            [
                {"name": "Size", "create_variant": "always"},
                {"name": "Finish", "create_variant": "no_variant"},
            ]
        )
        values = self.env["product.attribute.value"].create(
            [
                {"name": name, "attribute_id": attribute.id}
                for attribute, names in zip(
                    attributes,
                    (("Large", "Small"), ("Coated", "Plain", "Raw")),
                    strict=True,
                )
                for name in names
            ]
        )
        template = self.env["product.template"].create(
            {
                "name": "Disc in sizes",
                "list_price": 100.0,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                    for attribute in attributes
                ],
            }
        )
        self.assertEqual(len(values), 5)
        extras = {"Small": -30.0, "Plain": -10.0, "Raw": -20.0}
        found = {}
        for value in template.attribute_line_ids.product_template_value_ids:
            found[value.name] = value
            value.price_extra = extras.get(value.name, 0.0)
        large = template.product_variant_ids.filtered(
            lambda part: found["Large"] in part.product_template_attribute_value_ids
        )
        return large, found

    def test_choices_of_a_part(self):
        large, value = self._variants()
        cases = {
            "as it is": (100.0, (), True),
            "plain": (90.0, ("Plain",), True),
            "plain is not raw": (80.0, ("Plain",), False),
            "two of one kind": (70.0, ("Plain", "Raw"), False),
            "another variant's": (70.0, ("Small",), False),
        }
        for name, (price, chosen, inside) in cases.items():
            with self.subTest(name):
                order = self._new_order(order_line=[])
                self._add(
                    order,
                    price,
                    product_id=large.id,
                    product_no_variant_attribute_value_ids=[
                        Command.set([value[key].id for key in chosen])
                    ],
                )
                order.order_line.price_unit = price
                (self.assertInside if inside else self.assertBeyond)(order)

    def _combo(self, price=120.0):
        """Return a combo for 120 of the part (100) and of a hose (100)."""
        hose = self.env["product.product"].create({"name": "Hose", "list_price": 100.0})
        choices = self.env["product.combo"].create(
            [
                {
                    "name": part.name,
                    "combo_item_ids": [Command.create({"product_id": part.id})],
                }
                for part in (self.part, hose)
            ]
        )
        combo = self.env["product.product"].create(
            {
                "name": "Set",
                "type": "combo",
                "list_price": price,
                "combo_ids": [Command.set(choices.ids)],
            }
        )
        return combo, choices.combo_item_ids

    def _order_combo(self, combo, *rows, quantity=1):
        order = self._new_order(order_line=[])
        parent = self._add(order, 0.0, quantity, product_id=combo.id)
        for item, taken in rows:
            line = self._add(
                order,
                60.0,
                taken,
                product_id=item.product_id.id,
                combo_item_id=item.id,
                linked_line_id=parent.id,
            )
            line.price_unit = 60.0
        return order

    def test_combo(self):
        combo, (disc, hose) = self._combo()
        self.assertInside(self._order_combo(combo, (disc, 1), (hose, 1)))
        self.assertInside(self._order_combo(combo, (disc, 3), (hose, 3), quantity=3))
        for rows in (
            [(disc, 1)],  # a part of it alone
            [(disc, 2), (hose, 1)],  # more than it gives
            [(disc, 1), (disc, 1), (hose, 1)],
            [(disc, 0), (hose, 1)],
        ):
            with self.subTest(rows=rows):
                self.assertBeyond(self._order_combo(combo, *rows))

    # === A PART OF ONE'S OWN === #

    def test_ones_own_new_part_is_not_in_force_for_oneself(self):
        self.manager.group_ids += self.env.ref("product.group_product_manager")
        own = (
            self.env["product.product"]
            .with_user(self.manager)
            .create({"name": "Disc, other box", "list_price": 40.0})
        )
        change = self.env["parts.price.change"].search(
            [("product_tmpl_id", "=", own.product_tmpl_id.id)]
        )
        self.assertRecordValues(
            change, [{"cause": "new", "after": 40.0, "user_id": self.manager.id}]
        )
        order = self._priced(40.0, user=self.manager, product_id=own.id)
        self.assertBeyond(order)  # what it costs is not known
        own.sudo().standard_price = 60.0
        self.assertBeyond(order)
        own.sudo().standard_price = 30.0  # margin 25 %: the manager's band wants 15
        self.assertInside(order)
        own.sudo().standard_price = 60.0
        # to others it is the price in force
        self.assertInside(self._priced(40.0, product_id=own.id))
        # a sheet confirms it, at the same price
        sheet = (
            self.env["parts.price.sheet"]
            .with_user(self.manager)
            .create(
                {
                    "reason": "New part",
                    "line_ids": [
                        Command.create(
                            {
                                "product_tmpl_id": own.product_tmpl_id.id,
                                "price_after": 40.0,
                            }
                        )
                    ],
                }
            )
        )
        sheet.action_submit()
        sheet.sudo().parts_approval_ids.with_user(self.pricer).action_approve()
        sheet.with_user(self.accountant).action_enter()
        self.assertInside(order)

    def test_part_of_the_price_group(self):
        self.pricer.group_ids += self.env.ref("product.group_product_manager")
        own = (
            self.env["product.product"]
            .with_user(self.pricer)
            .create({"name": "Pads", "list_price": 40.0, "standard_price": 20.0})
        )
        self.assertInside(self._priced(40.0, product_id=own.id, user=self.pricer))
        changes = self.env["parts.price.change"].search(
            [("product_tmpl_id", "=", own.product_tmpl_id.id)]
        )
        self.assertEqual(set(changes.mapped("kind")), {"list_price", "cost"})

    def test_cost_of_a_new_part(self):
        self.manager.group_ids += self.env.ref("product.group_product_manager")
        for model in ("product.product", "product.template"):
            parts = self.env[model].with_user(self.manager)
            with self.assertRaisesRegex(UserError, "cost"), self.cr.savepoint():
                parts.create({"name": "Pads", "standard_price": 1.0})

    # === MAIL === #

    def test_mail_of_a_quotation(self):
        self.company.parts_price_send = True
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        template = self.env.ref("sale.email_template_edi_sale")
        order = self._priced(90.0)

        def compose(values):
            return (
                self.env["mail.compose.message"]
                .with_user(self.seller)
                .create(
                    {
                        "model": "sale.order",
                        "res_ids": str(order.ids),
                        "composition_mode": "comment",
                        "partner_ids": self.customer.ids,
                        "subject": "Quotation",
                        "body": "Please find it enclosed.",
                        **values,
                    }
                )
            )

        def share():
            return (
                self.env["portal.share"]
                .with_user(self.seller)
                .create(
                    {
                        "res_model": "sale.order",
                        "res_id": order.id,
                        "partner_ids": self.customer.ids,
                    }
                )
                .action_send_mail()
            )

        ways = {
            "composer": lambda: compose(
                {"template_id": template.id}
            ).action_send_mail(),
            "template": lambda: template.with_user(self.seller).send_mail(order.id),
            "batch": lambda: template.with_user(self.seller).send_mail_batch(order.ids),
            "share": share,
        }
        for name, way in ways.items():
            with self.subTest(name), self.assertRaises(GateError):
                with self.cr.savepoint():
                    way()
        compose({"body": "When do you need it?"}).action_send_mail()
        self._approved(order)
        for way in ways.values():
            way()

    # === COST === #

    def test_cost_is_hidden_from_who_sells(self):
        part = self.part.with_user(self.seller)
        template = part.product_tmpl_id
        for record in (part, template):
            self.assertNotIn("standard_price", record.fields_get())
            with self.assertRaises(AccessError):
                record.read(["standard_price"])
            with self.assertRaises(AccessError):
                record.search([("standard_price", ">", 50.0)])
            with self.assertRaises(AccessError):
                record._read_group([], [], ["standard_price:sum"])
            arch = record.get_view(view_type="form")["arch"]
            self.assertNotIn('name="standard_price"', arch)
        with self.assertRaises(AccessError):
            part.read(["avg_cost"])
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.seller).search(
                [("order_line.product_id.standard_price", ">", 50.0)]
            )
        self.seller.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            part.export_data(["standard_price"])
        for user in (self.manager, self.pricer, self.accountant):
            mine = self.part.with_user(user)
            self.assertEqual(mine.standard_price, 60.0)
            arch = mine.get_view(view_type="form")["arch"]
            self.assertIn('name="standard_price"', arch)

    def test_cost_is_odoos_own_affair_with_the_control_off(self):
        self.company.parts_price_control = False
        part = self.part.with_user(self.seller)
        self.assertEqual(part.read(["standard_price"])[0]["standard_price"], 60.0)
        arch = part.get_view(view_type="form")["arch"]
        self.assertIn('name="standard_price"', arch)

    def test_who_sells_can_work_without_cost(self):
        self.part.categ_id.property_cost_method = "average"
        order = self._priced(96.0, 2)
        order.order_line.product_uom_qty = 3
        order.action_confirm()
        order.copy()
        self.assertEqual(order.state, "sale")
        self.part.with_user(self.seller).name_search("Brake")
        self.part.with_user(self.seller).web_read({"display_name": {}})
