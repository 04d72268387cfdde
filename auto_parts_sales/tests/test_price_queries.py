import re
from collections import Counter
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceQueries(PriceCommon):
    # QUO-4: a quotation of 100 lines is judged in a constant number of queries

    def _long(self, count, price=93.0):
        parts = self.env["product.product"].create(
            [{"name": f"Part {n}", "list_price": 100.0} for n in range(count)]
        )
        return self._new_order(
            order_line=[
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": number + 1,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for number, part in enumerate(parts)
            ]
        )

    def _queries(self, run):
        """Return what ``run`` asks the database, cold: Counter of tables and verbs."""
        asked = Counter()
        execute = Cursor.execute

        def count(cursor, query, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else str(query)
            table = re.search(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)', text)
            asked[text.split(None, 1)[0], table and table.group(1)] += 1
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Cursor, "execute", count):
            run()
        return asked

    def _count(self, run):
        return self._queries(run).total()

    def test_judged(self):
        def queries(count):
            order = self._long(count)
            return self._count(lambda: order.sudo()._parts_gate_blocks("confirm"))

        queries(3)
        few, many = queries(10), queries(100)
        self.assertEqual(few, many)
        self.assertLess(many, 60)

    def test_shown(self):
        def queries(count):
            lines = self._long(count).order_line
            return self._queries(lambda: lines.mapped("parts_price_turn"))

        queries(3)
        few, many = queries(10), queries(100)
        # one more at the most: Odoo fetches the customer in two portions
        self.assertLess((many - few).total(), 2, many - few)

    def test_figures_of_the_decider(self):
        def queries(count):
            order = self._long(count).sudo()
            [block] = order._parts_gate_blocks("confirm")
            return self._count(lambda: order._parts_gate_figures(block))

        queries(3)
        self.assertEqual(queries(10), queries(100))

    def test_delivery_lines(self):
        fee = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 30.0}
        )
        self.env["delivery.carrier"].create({"name": "SF", "product_id": fee.id})

        def queries(count):
            order = self._long(10)
            for _number in range(count):
                self._add(order, 20.0, product_id=fee.id, is_delivery=True)
            return self._count(lambda: order.sudo()._parts_gate_blocks("confirm"))

        queries(2)
        self.assertEqual(queries(2), queries(12))

    def test_while_typing(self):
        # what the control adds to Odoo's own queries, when a price is typed
        def queries(count):
            order = self._long(count, 100.0)
            view = "sale.view_order_form"
            taken = []
            for controlled in (True, False):
                self.company.parts_price_control = controlled
                form = Form(order.with_user(self.seller), view=view)

                def type_price(form=form):
                    with form.order_line.edit(0) as line:
                        line.price_unit = 93.0

                type_price()
                taken.append(self._count(type_price))
            self.company.parts_price_control = True
            return taken[0] - taken[1]

        queries(3)
        few, many = queries(10), queries(100)
        self.assertLessEqual(many, few)

    def test_no_query_with_the_control_off(self):
        self.company.parts_price_control = False
        order = self._long(10).with_user(self.seller)
        lines, part = order.order_line, self.part.with_user(self.seller)
        pricelist = self.env["product.pricelist"].create({"name": "Wholesale"})
        check = self.env["parts.price.check"].with_user(self.seller)
        field = part._fields["standard_price"]

        def run():
            shown = ["parts_price_verdict", "parts_price_turn", "parts_price_source"]
            lines.invalidate_recordset(shown, flush=False)
            self.assertEqual(set(lines.mapped("parts_price_turn")), {False})
            order.invalidate_recordset(["parts_price_controlled"], flush=False)
            self.assertFalse(order.parts_price_controlled)
            check._check_mailed(order)
            check._check_sent(order)
            order._parts_price_terms()
            self.assertTrue(part._has_field_access(field, "read"))
            self.assertFalse(self.env["parts.price.measure"]._controlled())
            self.assertIsNone(
                self.env["parts.price.yardstick"]._kept_rules(pricelist, part)
            )

        run()
        with self.assertQueryCount(0):
            run()

    def test_same_queries_to_write_with_the_control_off(self):
        # the companies with a control are known without asking
        self.company.parts_price_control = False
        template = self.part.product_tmpl_id
        template.write({"list_price": 101.0})
        before = self._count(lambda: template.write({"list_price": 102.0}))
        changes = self.env["parts.price.change"].search_count(
            [("product_tmpl_id", "=", template.id), ("after", "=", 102.0)]
        )
        self.assertFalse(changes)
        self.assertLess(before, 12)
