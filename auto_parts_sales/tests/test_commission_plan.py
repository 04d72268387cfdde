from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionPlan(CommissionCommon):
    """COM-2: who earns which rate on what."""

    def test_first_matching_rule_in_sequence(self):
        brakes = self.env["product.category"].create({"name": "Brakes"})
        discs = self.env["product.category"].create(
            {"name": "Discs", "parent_id": brakes.id}
        )
        self.brake.categ_id = discs
        self.plan.rule_ids.unlink()
        self.plan.rule_ids = [
            Command.create({"sequence": 30, "rate": 1.0}),
            Command.create({"sequence": 20, "categ_id": brakes.id, "rate": 7.0}),
            Command.create({"sequence": 10, "product_id": self.filter.id, "rate": 3.0}),
        ]
        invoice = self._new_invoice(
            [100.0, (self.filter, 100.0), (self.product_a, 100)]
        )
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        self.assertEqual(promised.mapped("rate"), [7.0, 3.0, 1.0])

    def test_rules_by_part_brand_and_grade(self):
        first, second = (
            self.env["parts.catalog.brand"]
            .sudo()
            .create([{"name": "Brand One"}, {"name": "Brand Two"}])
        )
        self.brake.sudo().write({"parts_brand_id": first.id, "parts_grade": "oes"})
        self.filter.sudo().write(
            {"parts_brand_id": second.id, "parts_grade": "aftermarket"}
        )
        self.plan.rule_ids.unlink()
        self.plan.rule_ids = [
            Command.create({"sequence": 10, "part_brand_id": second.id, "rate": 2.0}),
            Command.create({"sequence": 20, "grade": "oes", "rate": 6.0}),
            Command.create({"sequence": 30, "rate": 1.0}),
        ]
        invoice = self._new_invoice(
            [100.0, (self.filter, 100.0), (self.product_a, 100)]
        )
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        self.assertEqual(promised.mapped("rate"), [6.0, 2.0, 1.0])
        # and the salesperson sees what came of it, by brand, product and invoice line
        self._pay(invoice, 300.0)
        entries = self.Entry.with_user(self.li).sudo(False)
        mine = [("move_id", "=", invoice.id)]
        self.assertEqual(
            entries._read_group(mine, ["part_brand_id"], ["amount:sum"]),
            [(first, 6.0), (second, 2.0), (first.browse(), 1.0)],
        )
        groups = entries.formatted_read_group(mine, ["product_id"], ["amount:sum"])
        self.assertEqual(sorted(row["amount:sum"] for row in groups), [1.0, 2.0, 6.0])
        of_line = [("move_line_id", "=", invoice.invoice_line_ids[0].id)]
        self.assertEqual(entries.search(of_line).amount, 6.0)
        self.assertEqual(entries.search([("product_id", "=", self.filter.id)]).rate, 2)

    def test_conditions_of_hidden_columns_are_said(self):
        rule = self.plan.rule_ids
        self.assertFalse(rule.conditions, "for all")
        rule.write({"discount_min": 5.0, "margin_min": -10.0, "margin_max": 0.0})
        self.assertEqual(
            rule.conditions, "margin from -10 %, margin below 0 %, discount from 5 %"
        )

    def test_no_rule_no_promise(self):
        self.plan.rule_ids.product_id = self.filter
        invoice = self._new_invoice([100.0])
        self._pay(invoice, 100.0)
        self.assertFalse(self._entries(invoice))

    def test_plan_without_people_earns_nobody(self):
        self.plan.user_ids = False
        invoice = self._new_invoice([100.0])
        self.assertFalse(self.Basis.search([("move_id", "=", invoice.id)]))

    def test_plan_counts_between_its_dates(self):
        self.plan.write({"date_from": "2026-01-01", "date_to": "2026-03-31"})
        later = self._new_plan(
            "Later", self.li, [{"rate": 5.0}], date_from="2026-04-01"
        )
        self.assertEqual(later.active, True)
        rates = [
            self.Basis.search([("move_id", "=", invoice.id)]).mapped("rate")
            for invoice in (
                self._new_invoice([100.0], date="2025-12-31"),
                self._new_invoice([100.0], date="2026-03-31"),
                self._new_invoice([100.0], date="2026-04-01"),
            )
        ]
        self.assertEqual(rates, [[], [10.0], [5.0]])

    def test_overlapping_plans_are_refused(self):
        self.plan.write({"date_from": "2026-01-01", "date_to": "2026-03-31"})
        for dates in (
            {},
            {"date_from": "2026-03-31"},
            {"date_to": "2026-01-01"},
            {"date_from": "2026-02-01", "date_to": "2026-02-02"},
        ):
            with (
                self.subTest(dates=dates),
                self.assertRaisesRegex(ValidationError, "one plan at a time"),
            ):
                self._new_plan("Second", self.li, [{"rate": 5.0}], **dates)
        self._new_plan("Wang's", self.wang, [{"rate": 5.0}])
        archived = self._new_plan("Old", self.li, [{"rate": 5.0}], active=False)
        with self.assertRaises(ValidationError):
            archived.active = True

    def test_a_changed_plan_counts_from_the_next_invoice(self):
        invoice = self._new_invoice([100.0])
        self.plan.rule_ids.rate = 20.0
        self._pay(invoice, 100.0)
        self.assertEqual(self._earned(invoice), 10.0)
        self.plan.rule_ids.unlink()
        promise = self.Basis.search([("move_id", "=", invoice.id)])
        promise.invalidate_recordset()
        self.assertFalse(promise.rule_id)
        self.assertEqual(promise.rate, 10.0)

    def test_base_is_the_journal_item_not_a_written_subtotal(self):
        """`price_subtotal` can be written over RPC; the promise does not follow."""
        invoice = self._new_invoice([100.0], post=False)
        invoice.invoice_line_ids.write({"price_subtotal": 9000.0})
        invoice.action_post()
        promise = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promise.base, 100.0)

    def test_tax_included_price(self):
        self.tax_sale_a.price_include_override = "tax_included"
        invoice = self._new_invoice([115.0], taxes=self.tax_sale_a)
        promise = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertRecordValues(promise, [{"base": 100.0, "amount": 10.0}])
