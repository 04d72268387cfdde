from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_catalog_supersession import SupersessionCommon


class AlternativeCommon(SupersessionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.old, cls.new, cls.cheap, cls.other = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "list_price": price,
                    "standard_price": cost,
                    "parts_grade": grade,
                    "taxes_id": [Command.clear()],
                    "parts_warranty_months": months,
                }
                for name, price, cost, grade, months in (
                    ("Ignition coil, old", 90.0, 50.0, "genuine", 24),
                    ("Ignition coil, new", 100.0, 60.0, "genuine", 24),
                    ("Ignition coil, Lingtong", 40.0, 25.0, "aftermarket", 12),
                    ("Ignition coil, Toyota", 70.0, 30.0, "genuine", 24),
                )
            ]
        )
        cls._add_number(cls.old, "06A 905 115 D")
        cls._add_number(cls.new, "06A 905 115 E")
        cls._add_number(cls.cheap, "06A905115D", group_id=cls.vag.id)
        cls._add_number(cls.other, "06A 905 115 D", make_id=cls.toyota.id)

    def _stock(self, product, quantity, warehouse=None):
        location = (warehouse or self.warehouse).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def _find(self, product, user=None, **arguments):
        found = (
            self.env["product.product"]
            .with_user(user or self.env.user)
            .parts_alternatives(product.id, **arguments)
        )
        return {item["product_id"]: item for item in found}


@tagged("post_install", "-at_install")
class TestCatalogAlternative(AlternativeCommon):
    """CAT-5: parts of other brands and grades with the same number, side by side."""

    def test_same_number_of_the_same_makes_only(self):
        found = self._find(self.old)
        self.assertEqual(list(found), [self.old.id, self.cheap.id])
        self.assertEqual(found[self.old.id]["relation"], "self")
        cheap = found[self.cheap.id]
        self.assertEqual(cheap["relation"], "same_number")
        self.assertEqual(cheap["numbers"], ["06A905115D"])
        self.assertEqual((cheap["grade"], cheap["price"]), ("aftermarket", 40.0))
        self.assertEqual(cheap["warranty_months"], 12)
        self.assertEqual(cheap["fit"], "unknown")

    def test_suffix_and_look_alike_are_no_alternatives(self):
        self._add_number(self.other, "06A 905 115 DE")
        self._add_number(self.new, "O6A 905 115 D")
        self.assertEqual(list(self._find(self.old)), [self.old.id, self.cheap.id])

    def test_interchange(self):
        self._add_number(
            self.old, "0 221 504 100", brand_id=self.bosch.id, kind="trade"
        )
        self._add_number(
            self.new, "0221504100", brand_id=self.bosch.id, kind="interchange"
        )
        self.assertEqual(
            {i: item["relation"] for i, item in self._find(self.old).items()},
            {
                self.old.id: "self",
                self.cheap.id: "same_number",
                self.new.id: "interchange",
            },
        )

    def test_superseded_both_ways_or_one(self):
        step = self._supersede("06A 905 115 D", "06A 905 115 E", ratio=2)
        found = self._find(self.old)
        self.assertEqual(list(found), [self.old.id, self.new.id, self.cheap.id])
        new = found[self.new.id]
        self.assertEqual((new["relation"], new["ratio"]), ("superseded", 2))
        # The old part is no answer to who asks for the new one
        self.assertFalse(self._find(self.new))
        step.two_way = True
        back = self._find(self.new)
        self.assertEqual(back.keys(), {self.new.id, self.old.id, self.cheap.id})
        self.assertEqual(back[self.old.id]["ratio"], 0.5)
        self.assertEqual(back[self.old.id]["direction"], "backward")

    def test_supersession_of_another_make_says_nothing(self):
        self._supersede("06A 905 115 D", "06A 905 115 E", make_id=self.toyota.id)
        self.assertNotIn(self.new.id, self._find(self.old))

    def test_free_stock_per_warehouse_and_incoming(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second house", "code": "SEC"}
        )
        self._stock(self.cheap, 5)
        self._stock(self.cheap, 7, second)
        cheap = self._find(self.old)[self.cheap.id]
        self.assertEqual(
            {row["warehouse_id"]: row["free_qty"] for row in cheap["free"]},
            {self.warehouse.id: 5, second.id: 7},
        )
        self.assertFalse(cheap["incoming_date"])
        move = self.env["stock.move"].create(
            {
                "product_id": self.cheap.id,
                "product_uom_qty": 3,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": "2031-05-04 12:00:00",
            }
        )
        move._action_confirm()
        self.env.flush_all()
        cheap = self._find(self.old)[self.cheap.id]
        self.assertEqual(cheap["incoming_date"][:7], "2031-05")

    def test_margin_only_for_who_may_see_cost(self):
        for role, user in self.users.items():
            with self.subTest(role=role):
                cheap = self._find(self.old, user)[self.cheap.id]
                sees = role in (
                    "sales_manager",
                    "sales_director",
                    "price_group",
                    "finance",
                    "finance_deputy",
                    "supply_chain",
                    "general_manager",
                    "administrator",
                )
                self.assertEqual("margin" in cheap, sees)
                if sees:
                    self.assertEqual(cheap["margin"], 15.0)

    def test_customers_price_and_fit(self):
        self._add_fitment(self.cheap, self.golf, source_id=self.source.id)
        found = self._find(
            self.old, vehicle_id=self.golf.id, partner_id=self.partner.id
        )
        self.assertEqual(found[self.cheap.id]["fit"], "yes")

    def test_archived_parts_are_not_offered(self):
        self.cheap.action_archive()
        self.assertFalse(self._find(self.old))

    def test_part_without_alternative(self):
        self.assertFalse(self._find(self.filter))
        self.assertFalse(self._find(self.other))

    def test_use_up_or_switch_at_once(self):
        def rule():
            return self.old._parts_get_supersession_rules()[self.old.id]

        self.assertEqual(rule(), "use_up")
        self.vw.supersession_rule = "at_once"
        self.assertEqual(rule(), "at_once")
        self.old.parts_supersession_rule = "use_up"
        self.assertEqual(rule(), "use_up")

    def _order(self, *hits):
        hits = [
            {
                "product_id": product.id,
                "match": match,
                "exact": match == "oe",
                "free_qty": free,
            }
            for product, match, free in hits
        ]
        found = self.env["parts.catalog.alternative"]._order_superseded(hits)
        ids = [hit["product_id"] for hit in found]
        return self.env["product.product"].browse(ids)

    def test_the_finder_follows_the_rule(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")

        def found():
            self.env.invalidate_all()  # stock
            hits = self.old.parts_find("06a905115d")
            return [
                hit["product_id"]
                for hit in hits
                if hit["product_id"] in (self.old + self.new).ids
            ]

        self.assertEqual(found(), [self.new.id, self.old.id])  # none to use up
        self._stock(self.old, 3)
        self.assertEqual(found(), [self.old.id, self.new.id])
        self.vw.supersession_rule = "at_once"
        self.assertEqual(found(), [self.new.id, self.old.id])

    def test_old_stock_is_offered_first(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        hits = [(self.old, "oe", 3), (self.new, "superseded", 5)]
        self.assertEqual(self._order(*hits), self.old + self.new)

    def test_new_part_first_if_no_old_one_is_left(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        hits = [(self.old, "oe", 0), (self.new, "superseded", 5)]
        self.assertEqual(self._order(*hits), self.new + self.old)

    def test_new_part_first_where_it_is_switched_at_once(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        self.old.parts_supersession_rule = "at_once"
        hits = [
            (self.other, "oe", 1),  # another make's number: not superseded
            (self.old, "oe", 3),
            (self.new, "superseded", 5),
            (self.filter, "name", 9),
        ]
        self.assertEqual(
            self._order(*hits), self.other + self.new + self.old + self.filter
        )

    def test_hits_without_supersession_stay_and_cost_nothing(self):
        hits = [(self.old, "oe", 0), (self.cheap, "oe", 5), (self.new, "name", 1)]
        with self.assertQueryCount(0):
            self.assertEqual(self._order(*hits), self.old + self.cheap + self.new)

    def test_queries_do_not_grow_with_the_alternatives(self):
        self._find(self.old)
        before = self.env.cr.sql_log_count
        self.env.invalidate_all()
        self._find(self.old)
        few = self.env.cr.sql_log_count - before
        more = self.env["product.product"].create(
            [
                {
                    "name": f"Coil {number}",
                    "is_storable": True,
                    "taxes_id": [Command.clear()],
                }
                for number in range(20)
            ]
        )
        for product in more:
            self._add_number(product, "06A 905 115 D")
        self._find(self.old)  # creating products emptied the registry's caches
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self._find(self.old)), 22)
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 3)


@tagged("post_install", "-at_install")
class TestCatalogReplaced(AlternativeCommon):
    """CAT-2: the line keeps the number asked for and says what it replaces."""

    def _quote(self, product, asked=False):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "parts_number_asked": asked}
                    )
                ],
            }
        )
        return order.order_line

    def test_line_says_what_it_replaces_since_when(self):
        self._supersede("06A 905 115 D", "06A 905 115 E", date="2019-06-01")
        line = self._quote(self.new, "06a905115d")
        self.assertEqual(line.parts_number_asked, "06a905115d")
        self.assertEqual(line.parts_replaces_text, "replaces 06A 905 115 D since 2019")
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", line.order_id.ids
        )
        self.assertIn("replaces 06A 905 115 D since 2019", html.decode())
        self.assertNotIn("You asked for", html.decode())

    def test_over_several_steps_and_without_a_date(self):
        self._supersede("06A 905 115 B", "06A 905 115 D")
        self._supersede("06A 905 115 D", "06A 905 115 E")
        line = self._quote(self.new, "06A905115B")
        self.assertEqual(line.parts_replaces_text, "replaces 06A 905 115 B")

    def test_line_that_replaces_nothing_says_nothing(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        for product, asked in (
            (self.old, "06A 905 115 D"),  # still the old part
            (self.new, "06A 905 115 E"),  # asked for the new one
            (self.new, False),
            (self.other, "06A 905 115 D"),  # Toyota's number
            (self.filter, "06A 905 115 D"),
            (self.new, "brake pad"),
        ):
            self.assertFalse(self._quote(product, asked).parts_replaces_text)

    def test_what_was_quoted_does_not_change_with_the_catalogue(self):
        step = self._supersede("06A 905 115 D", "06A 905 115 E", date="2019-06-01")
        line = self._quote(self.new, "06A 905 115 D")
        step.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("06A 905 115 D since 2019", line.parts_replaces_text)

    def test_seen_while_typing(self):
        self._supersede("06A 905 115 D", "06A 905 115 E")
        line = self._quote(self.old, "06A 905 115 D")
        with Form(line.order_id) as form, form.order_line.edit(0) as edited:
            self.assertFalse(edited.parts_replaces_text)
            edited.product_id = self.new
            self.assertEqual(edited.parts_replaces_text, "replaces 06A 905 115 D")

    def test_lines_without_a_number_asked_cost_no_query(self):
        lines = self._quote(self.new) + self._quote(self.old)
        lines.mapped("parts_number_asked")
        with self.assertQueryCount(0):
            lines._compute_parts_replaces()


@tagged("post_install", "-at_install")
class TestCatalogDeadStock(AlternativeCommon):
    """CAT-2: stock under dead numbers."""

    def _get_rows(self, user=None):
        self.env.flush_all()
        report = self.env["parts.catalog.dead.stock"].with_user(user or self.env.user)
        return report.search([("product_id", "in", (self.old + self.new).ids)])

    def test_stock_under_a_replaced_number(self):
        self._stock(self.old, 4)
        self._stock(self.new, 9)
        self.assertFalse(self._get_rows())
        self._supersede("06A 905 115 D", "06A 905 115 E", date="2019-06-01")
        row = self._get_rows()
        self.assertEqual(row.product_id, self.old)
        self.assertEqual(row.successor_id, self.new)
        self.assertEqual((row.quantity, row.free_qty), (4, 4))
        self.assertEqual(row.value, 200.0)
        self.assertEqual(
            (row.old_numbers, row.new_numbers), ("06A 905 115 D", "06A 905 115 E")
        )
        self.assertEqual(row.warehouse_id, self.warehouse)

    def test_one_row_whatever_the_number_of_old_numbers(self):
        self._stock(self.old, 4)
        self._add_number(self.old, "06A 905 115 C")
        self._supersede("06A 905 115 C", "06A 905 115 D")
        self._supersede("06A 905 115 D", "06A 905 115 E")
        row = self._get_rows()
        self.assertEqual(row.quantity, 4)
        self.assertEqual(row.old_numbers, "06A 905 115 C, 06A 905 115 D")

    def test_what_is_not_dead(self):
        self._stock(self.old, 4)
        self._supersede("06A 905 115 D", "06A 905 115 E", make_id=self.toyota.id)
        self.assertFalse(self._get_rows())  # another make's number
        step = self._supersede("06A 905 115 D", "06A 905 115 E")
        self.assertTrue(self._get_rows())
        own = self._add_number(self.old, "06A 905 115 E")
        self.assertFalse(self._get_rows())  # the part carries the new number, too
        own.unlink()
        step.active = False
        self.assertFalse(self._get_rows())

    def test_value_at_cost_is_not_for_everybody(self):
        self._stock(self.old, 4)
        self._supersede("06A 905 115 D", "06A 905 115 E")
        report = self.env["parts.catalog.dead.stock"]
        self.assertTrue(self._get_rows(self.salesperson))
        fields = report.with_user(self.salesperson).fields_get()
        self.assertNotIn("value", fields)
        manager = self.users["sales_manager"]
        self.assertIn("value", report.with_user(manager).fields_get())

    def test_other_companys_stock_stays_hidden(self):
        self._stock(self.old, 4)
        self._supersede("06A 905 115 D", "06A 905 115 E")
        other = self.env["res.company"].create({"name": "Other Trader"})
        stranger = self.env["res.users"].create(
            {
                "name": "Stranger",
                "login": "stranger_dead",
                "company_id": other.id,
                "company_ids": [Command.set(other.ids)],
                "group_ids": [
                    Command.set(
                        self.env.ref("auto_parts_sales.group_parts_sales_manager").ids
                    )
                ],
            }
        )
        self.assertFalse(self._get_rows(stranger))
