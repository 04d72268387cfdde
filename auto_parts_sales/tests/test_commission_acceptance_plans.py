from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .acceptance_common import AcceptanceCommon, P


@tagged("post_install", "-at_install")
class TestCommissionAcceptancePlans(AcceptanceCommon):
    """COM-2: which rule, on what, since when, for whom."""

    def _promised(self, invoice):
        return self.Basis.search([("move_id", "=", invoice.id)], order="id")

    def _rates(self, invoice):
        return self._promised(invoice).mapped("rate")

    def test_versions_by_the_invoices_date(self):
        """10 % until 20 March, 6 % from the 21st on: also for invoices posted late."""
        with freeze_time("2026-03-20 06:00:00"):
            deputy = self._new_user("acc_deputy", f"{P}finance_deputy")
            plan = self.plan.with_user(deputy).sudo(False)
            version = plan.browse(plan.action_new_version()["res_id"])
            version.rule_ids.rate = 6.0
        self.assertEqual(version.date_from, date(2026, 3, 21))
        for day, rate in (("2026-03-20", 10.0), ("2026-03-21", 6.0)):
            invoice = self._new_invoice([100.0], date=day)
            self.assertEqual(self._rates(invoice), [rate], day)
        old = self._new_invoice([100.0], date="2026-03-02")
        self._pay(old, 100.0, date="2026-05-02")
        self.assertEqual(self._earned(old), 10.0, "whenever its money comes")
        old.button_draft()
        old.action_post()
        self.assertEqual(self._earned(old), 10.0)

    def test_archived_plan_earns_nothing_new(self):
        before = self._new_invoice([100.0])
        self.plan.action_archive()
        after = self._new_invoice([100.0])
        self._pay(before, 100.0)
        self._pay(after, 100.0)
        self.assertEarned([10.0, 0.0], before, after)

    def test_each_criterion_and_the_first_that_matches(self):
        """Eight rules in a row, each with one criterion; the last is for the rest."""
        brand = self.env["parts.catalog.brand"].sudo().create({"name": "Brembo 8"})
        parent = self.env["product.category"].sudo().create({"name": "Chassis"})
        child = parent.sudo().create({"name": "Brakes", "parent_id": parent.id})
        tag = self.env["res.partner.category"].sudo().create({"name": "Fleet"})
        rules = [
            {"product_id": self.pad.id},
            {"part_brand_id": brand.id, "grade": "genuine"},
            {"part_brand_id": brand.id},
            {"grade": "reman"},
            {"categ_id": parent.id},
            {"partner_category_id": tag.id},
            {"discount_min": 20.0},
            {},
        ]
        self.plan.rule_ids = [
            Command.clear(),
            *(
                Command.create({"sequence": n, "rate": n, **rule})
                for n, rule in enumerate(rules, 1)
            ),
        ]

        def product(**vals):
            return self._create_product(name="Part", lst_price=100.0, **vals)

        for rate, part, price in (
            (1.0, self.pad, 100.0),
            (2.0, product(parts_brand_id=brand.id, parts_grade="genuine"), 100.0),
            (3.0, product(parts_brand_id=brand.id, parts_grade="reman"), 100.0),
            (4.0, product(parts_grade="reman", categ_id=child.id), 100.0),
            (5.0, product(categ_id=child.id), 60.0),
            (7.0, product(), 80.0),
            (8.0, product(), 81.0),
        ):
            invoice = self._new_invoice([(part, price)])
            self.assertEqual(self._rates(invoice), [rate])
        self.partner_a.category_id = tag
        invoice = self._new_invoice([(product(), 60.0)])
        self.assertEqual(self._rates(invoice), [6.0])

    def test_margin_bands(self):
        """Cost 60: at 100 40 %, at 80 25 %, at 75 20 %, at 66 9.09 %."""
        self.brake.standard_price = 60.0
        self.plan.rule_ids = [
            Command.clear(),
            Command.create(
                {"sequence": 1, "margin_min": 25.0, "margin_max": 40.0, "rate": 5.0}
            ),
            Command.create({"sequence": 2, "margin_min": 40.0, "rate": 8.0}),
            Command.create(
                {"sequence": 3, "margin_min": 10.0, "margin_max": 25.0, "rate": 2.0}
            ),
        ]
        for price, rates in (
            (100.0, [8.0]),
            (80.0, [5.0]),
            (75.0, [2.0]),
            (66.0, []),
        ):
            self.assertEqual(self._rates(self._new_invoice([price])), rates, price)

    def test_margin_in_foreign_currency(self):
        """Sold at 200 euros (100 dollars), cost 60: 40 dollars are 80 euros, 20 %."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self.brake.standard_price = 60.0
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "margin", "rate": 20.0}),
        ]
        invoice = self._new_invoice([200.0], currency_id=euro.id)
        self._pay(invoice, 200.0, currency_id=euro.id)
        self.assertRecordValues(
            self._entries(invoice), [{"amount_currency": 16.0, "amount": 8.0}]
        )

    def test_quantity_in_another_unit(self):
        """2 dozen at 0.125 apiece: 3.00; half of it paid 1.50; one dozen credited."""
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "quantity", "unit_amount": 0.125, "rate": 0}),
        ]
        dozen = self.env.ref("uom.product_uom_dozen")
        invoice = self._new_invoice(
            [],
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.brake.id,
                        "quantity": 2.0,
                        "product_uom_id": dozen.id,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        self.assertEqual(invoice.amount_total, 200.0)
        self._pay(invoice, 100.0)
        self.assertEqual(self._earned(invoice), 1.5)
        note = invoice._reverse_moves(
            [{"invoice_date": "2026-03-12", "date": "2026-03-12"}]
        )
        note.invoice_line_ids.quantity = 1.0
        note.action_post()
        # Odoo has matched the two: 100 of 200 are credited, 100 are paid
        if not self._partials(note):
            self._match(self._terms(invoice), self._terms(note))
        self.assertEarned([3.0, -1.5], invoice, note)

    def test_shares_of_an_odd_cent_add_up(self):
        """10.00 in three thirds, 0.10 in three: the seller has what is left."""
        third = self._new_user("acc_third", "sales_team.group_sale_salesman")
        self.plan.split_ids = [
            Command.create(
                {"role": "developer", "share": 33.3333, "user_id": self.wang.id}
            ),
            Command.create(
                {"role": "collector", "share": 33.3333, "user_id": third.id}
            ),
        ]
        for price, total in ((100.0, 10.0), (1.0, 0.1), (0.55, 0.06), (33.35, 3.34)):
            with self.subTest(price=price):
                invoice = self._new_invoice([price])
                self.assertAlmostEqual(
                    sum(self._promised(invoice).mapped("amount")), total
                )
                self._pay(invoice, price)
                self.assertEqual(self._earned(invoice), total)

    def test_splits_by_their_dates_and_parties_by_theirs(self):
        """Wang developed the customer until April; the share begins in March."""
        self.plan.split_ids = [
            Command.create(
                {
                    "role": "developer",
                    "share": 40.0,
                    "date_from": "2026-03-01",
                    "date_to": "2026-05-31",
                }
            )
        ]
        self.env["parts.commission.party"].sudo().create(
            {
                "partner_id": self.partner_a.id,
                "role": "developer",
                "user_id": self.wang.id,
                "date_from": "2026-01-01",
                "date_to": "2026-04-30",
            }
        )
        for day, shares in (
            ("2026-02-28", {self.li: 10.0}),
            ("2026-03-01", {self.li: 6.0, self.wang: 4.0}),
            ("2026-04-30", {self.li: 6.0, self.wang: 4.0}),
            ("2026-05-01", {self.li: 10.0}),
            ("2026-06-01", {self.li: 10.0}),
        ):
            invoice = self._new_invoice([100.0], date=day)
            self._pay(invoice, 100.0, date="2026-07-01")
            self.assertEqual(self._by_user(invoice), shares, day)

    def test_split_of_an_address_of_the_customer(self):
        """Invoiced to a branch: the company's developer has his share."""
        self.plan.split_ids = [Command.create({"role": "developer", "share": 30.0})]
        self.env["parts.commission.party"].sudo().create(
            {
                "partner_id": self.partner_a.id,
                "role": "developer",
                "user_id": self.wang.id,
            }
        )
        branch = (
            self.env["res.partner"]
            .sudo()
            .create(
                {"name": "Branch", "parent_id": self.partner_a.id, "type": "invoice"}
            )
        )
        invoice = self._new_invoice([100.0], partner_id=branch.id)
        self._pay(invoice, 100.0)
        self.assertEqual(self._by_user(invoice), {self.li: 7.0, self.wang: 3.0})

    def test_lead_override_of_a_credit_note_and_of_a_rejected_payment(self):
        team = (
            self.env["crm.team"].sudo().create({"name": "T8", "user_id": self.wang.id})
        )
        self.plan.split_ids = [Command.create({"role": "lead", "share": 12.5})]
        invoice = self._new_invoice([1000.0], team_id=team.id)
        payment = self._pay(invoice, 600.0)
        self.assertEqual(self._by_user(invoice), {self.li: 60.0, self.wang: 7.5})
        note = self._credit(invoice, [(self.brake, 400.0)])
        # 600 of 600: 100 − 40 and an eighth of it
        self.assertEqual(self._by_user(invoice | note), {self.li: 60.0, self.wang: 7.5})
        payment.action_reject()
        self.assertEqual(self._by_user(invoice | note), {self.li: 0.0, self.wang: 0.0})

    def test_lateness_of_two_instalments_with_interest(self):
        """40 % due on 31 March, 60 % on 30 April; all of it comes on 10 May.

        400: 40 days, ×0.8: −8.00; 600: 10 days, ×0.9: −6.00. Interest at 6 % a year:
        400 × 40 / 365 × 6 % = 2.6301, 600 × 10 / 365 × 6 % = 0.9863.
        """
        self.plan.write(
            {
                "interest_rate": 6.0,
                "factor_ids": [
                    Command.create({"days_from": 8, "factor": 0.9}),
                    Command.create({"days_from": 31, "factor": 0.8}),
                ],
            }
        )
        term = self.env["account.payment.term"].create(
            {
                "name": "40/60",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 40.0, "nb_days": 30}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 60.0, "nb_days": 60}
                    ),
                ],
            }
        )
        invoice = self._new_invoice([1000.0], invoice_payment_term_id=term.id)
        self.assertEqual(
            [str(x) for x in self._terms(invoice).mapped("date_maturity")],
            ["2026-03-31", "2026-04-30"],
        )
        payment = self._pay(invoice, 1000.0, date="2026-05-10")
        by_cause = {}
        for entry in self._entries(invoice):
            by_cause.setdefault(entry.cause, []).append(entry.amount)
        self.assertEqual(sorted(by_cause["collected"]), [40.0, 60.0])
        self.assertEqual(sorted(by_cause["late"]), [-8.0, -6.0])
        self.assertAlmostEqual(sum(by_cause["interest"]), -3.62)
        self.assertEqual(self._earned(invoice), 82.38)
        payment.action_reject()
        self.assertEqual(self._earned(invoice), 0.0)

    def test_last_day_in_time_and_first_day_late(self):
        """Due on 1 March; from 10 days on half: the 10th is 9 days, the 11th is 10."""
        self.plan.factor_ids = [Command.create({"days_from": 10, "factor": 0.5})]
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self._pay(invoice, 600.0, date="2026-03-11")
        self.assertEqual(
            [(x.kind, x.amount, x.factor) for x in self._entries(invoice)],
            [
                ("collection", 40.0, 1.0),
                ("collection", 60.0, 1.0),
                ("lateness", -30.0, 0.5),
            ],
        )

    def test_sentence_of_the_screens(self):
        """“7 % of 12,400.00 collected on ... from ..., ×0.8 for 41 days late”."""
        self._rules((None, 7.0))
        self.plan.factor_ids = [Command.create({"days_from": 31, "factor": 0.8})]
        invoice = self._new_invoice([12400.0], date="2026-01-21")
        self._pay(invoice, 12400.0, date="2026-03-03")
        first, second = self._entries(invoice)
        self.assertEqual((first.amount, second.amount), (868.0, -173.6))
        for entry in (first, second):
            self.assertRegex(
                entry.description,
                r"^7 % of \$.12,400\.00 collected on 03/03/2026 from partner_a"
                rf" \({invoice.name}, Brake disc\), ×0\.8 for 41 days late$",
            )

    def test_margin_of_a_delivery_returned_and_delivered_again(self):
        """Delivered at a cost of 40, which rises to 90 before it is invoiced."""
        self.brake.write(
            {"is_storable": True, "invoice_policy": "delivery", "standard_price": 40.0}
        )
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "margin", "rate": 50.0}),
        ]
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "user_id": self.li.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.brake.id,
                                "product_uom_qty": 3.0,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 3.0, "picked": True})
        order.picking_ids._action_done()
        self.brake.standard_price = 90.0
        invoice = order._create_invoices()
        invoice.write({"invoice_date": "2026-03-01", "invoice_payment_term_id": False})
        invoice.action_post()
        self._pay(invoice, 300.0)
        self.assertEqual(self._earned(invoice), 90.0, "50 % of 300 less 120")
