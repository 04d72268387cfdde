from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionLateness(CommissionCommon):
    """COM-3: 10 % on 1,000 due on 1 March: 100."""

    def _late_plan(self, **vals):
        self.plan.write(
            {
                "factor_ids": [
                    Command.create({"days_from": 31, "factor": 0.8}),
                    Command.create({"days_from": 91, "factor": 0.0}),
                ],
                **vals,
            }
        )

    def _rows(self, move):
        return [(x.kind, x.cause, x.amount, x.factor) for x in self._entries(move)]

    def test_factor_by_days_late(self):
        """30 days: all; 41 days: ×0.8; 91 days: nothing."""
        self._late_plan()
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 300.0, date="2026-03-31")
        self._pay(invoice, 400.0, date="2026-04-11")
        self._pay(invoice, 300.0, date="2026-05-31")
        self.assertEqual(
            self._rows(invoice),
            [
                ("collection", "collected", 30.0, 1.0),
                ("collection", "collected", 40.0, 1.0),
                ("lateness", "late", -8.0, 0.8),
                ("collection", "collected", 30.0, 1.0),
                ("lateness", "late", -30.0, 0.0),
            ],
        )
        self.assertIdle(invoice)
        pair = self._entries(invoice)[1:3]
        for entry in pair:
            self.assertRegex(
                entry.description, r"10 % of \$.400.00 collected.*×0.8 for 41 days late"
            )
        self.assertEqual(sum(self._entries(invoice).mapped("collected")), 1000.0)

    def test_lateness_goes_when_the_collection_goes(self):
        self._late_plan()
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 400.0, date="2026-04-11")
        self.assertEqual(self._earned(invoice), 32.0)
        payment.action_reject()
        self.assertEqual(self._earned(invoice), 0.0)
        last = self._entries(invoice)[-1]
        self.assertEqual((last.kind, last.amount), ("lateness", 8.0))
        self.assertEqual(last.reversal_of_id.amount, -8.0)
        payment.action_draft()
        payment.action_post()
        self.assertEqual(self._earned(invoice), 32.0)
        self.assertIdle(invoice)

    def test_interest(self):
        """6 % a year on 1,000 for 73 days: 12.00."""
        self.plan.interest_rate = 6.0
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0, date="2026-05-13")
        self.assertEqual(
            self._rows(invoice),
            [
                ("collection", "collected", 100.0, 1.0),
                ("lateness", "interest", -12.0, 1.0),
            ],
        )
        self.assertIdle(invoice)
        self.assertIn("interest for 73 days", self._entries(invoice)[0].description)

    def test_factor_and_interest_take_no_more_than_there_is(self):
        """×0.8 leaves 80.00; 100 % a year for 300 days would be 821.92."""
        self.plan.write(
            {
                "interest_rate": 100.0,
                "factor_ids": [Command.create({"days_from": 1, "factor": 0.8})],
            }
        )
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 1000.0, date="2026-12-26")
        self.assertEqual(
            [(x.cause, x.amount) for x in self._entries(invoice)],
            [("collected", 100.0), ("late", -20.0), ("interest", -80.0)],
        )

    def test_each_instalment_has_its_due_date(self):
        """Half at once, half after 60 days: 20 April is late for the first alone."""
        self._late_plan()
        term = self.env["account.payment.term"].create(
            {
                "name": "half, half",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50.0, "nb_days": days}
                    )
                    for days in (0, 60)
                ],
            }
        )
        invoice = self._new_invoice([1000.0], invoice_payment_term_id=term.id)
        self._pay(invoice, 1000.0, date="2026-04-20")
        late = self._entries(invoice).filtered(lambda x: x.kind == "lateness")
        self.assertRecordValues(late, [{"amount": -10.0, "days_late": 50}])

    def test_changed_factors_count_from_the_next_invoice(self):
        self._late_plan()
        invoice = self._new_invoice([1000.0])
        self.plan.factor_ids.unlink()
        self._pay(invoice, 1000.0, date="2026-04-11")
        self.assertEqual(self._earned(invoice), 80.0)

    def test_lateness_in_a_foreign_currency(self):
        """1,000 EUR at 2.0: 100 EUR, 50 USD; ×0.8: 20 EUR, 10 USD off."""
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self._late_plan()
        invoice = self._new_invoice([1000.0], currency_id=currency.id)
        self._pay(invoice, 1000.0, "2026-04-11", currency_id=currency.id)
        self.assertRecordValues(
            self._entries(invoice),
            [
                {"amount_currency": 100.0, "amount": 50.0},
                {"amount_currency": -20.0, "amount": -10.0},
            ],
        )


@tagged("post_install", "-at_install")
class TestCommissionShares(CommissionCommon):
    """COM-2: who shares, and what is measured."""

    def test_split_between_seller_developer_and_collector(self):
        """70 % seller, 20 % developer, 10 % collector of 10.01: 7.01, 2.00, 1.00."""
        dev = self._new_user("com_dev", "sales_team.group_sale_salesman")
        self.plan.split_ids = [
            Command.create({"role": "developer", "share": 20.0}),
            Command.create({"role": "collector", "share": 10.0}),
        ]
        self.env["parts.commission.party"].sudo().create(
            [
                {"partner_id": self.partner_a.id, "role": role, "user_id": user.id}
                for role, user in (("developer", dev), ("collector", self.wang))
            ]
        )
        invoice = self._new_invoice([100.10])
        self._pay(invoice, 100.10)
        self.assertRecordValues(
            self._entries(invoice),
            [
                {"user_id": self.li.id, "role": "seller", "amount": 7.01},
                {"user_id": dev.id, "role": "developer", "amount": 2.0},
                {"user_id": self.wang.id, "role": "collector", "amount": 1.0},
            ],
        )
        note = self._credit(invoice)
        self._pay(note, 100.10, date="2026-04-02")
        self.assertEqual(self._earned(invoice | note), 0.0)
        self.assertIdle(invoice | note)

    def test_role_that_nobody_holds_stays_with_the_seller(self):
        self.plan.split_ids = [Command.create({"role": "developer", "share": 20.0})]
        self.env["parts.commission.party"].sudo().create(
            {
                "partner_id": self.partner_a.id,
                "role": "developer",
                "user_id": self.wang.id,
                "date_to": "2026-02-28",
            }
        )
        invoice = self._new_invoice([100.0])
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertRecordValues(
            promised, [{"user_id": self.li.id, "share": 100.0, "amount": 10.0}]
        )

    def test_team_lead_gets_an_override_on_top(self):
        team = (
            self.env["crm.team"]
            .sudo()
            .create({"name": "Counter", "user_id": self.wang.id})
        )
        self.plan.split_ids = [
            Command.create({"role": "lead", "share": 15.0, "date_from": "2026-03-01"})
        ]
        for day, amounts in (("2026-02-28", [10.0]), ("2026-03-01", [10.0, 1.5])):
            invoice = self._new_invoice([100.0], date=day, team_id=team.id)
            promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
            self.assertEqual(promised.mapped("amount"), amounts)

    def test_more_than_everything_is_not_given_away(self):
        with self.assertRaisesRegex(ValidationError, "100"):
            self.plan.split_ids = [
                Command.create({"role": "developer", "share": 60.0}),
                Command.create({"role": "collector", "share": 50.0}),
            ]

    def test_margin_is_frozen_and_reads_the_products_cost(self):
        """100 less a cost of 60, 25 %: 10.00; below cost: nothing."""
        self.brake.standard_price = 60.0
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "margin", "rate": 25.0}),
        ]
        invoice = self._new_invoice([100.0, 50.0])
        self.brake.standard_price = 10.0
        self._pay(invoice, 75.0)
        self._pay(invoice, 75.0)
        self.assertEqual(self._earned(invoice), 10.0)
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertRecordValues(promised, [{"measure": "margin", "rate": 10.0}])

    def test_quantity(self):
        """7 pieces at 0.35 each: 2.45."""
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"measure": "quantity", "rate": 0, "unit_amount": 0.35}),
        ]
        invoice = self._new_invoice([100.0], post=False)
        invoice.invoice_line_ids.quantity = 7.0
        invoice.action_post()
        self._pay(invoice, 700.0)
        self.assertEqual(self._earned(invoice), 2.45)

    def test_rules_by_margin_discount_and_customer(self):
        """Cost 60: sold at 100 the margin is 40 %, at 70 it is 14.3 %."""
        tag = self.env["res.partner.category"].create({"name": "Wholesale"})
        self.brake.standard_price = 60.0
        self.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "partner_category_id": tag.id, "rate": 1.0}),
            Command.create({"sequence": 2, "margin_max": 20.0, "rate": 2.0}),
            Command.create({"sequence": 3, "discount_min": 5.0, "rate": 3.0}),
            Command.create({"sequence": 4, "rate": 4.0}),
        ]
        invoice = self._new_invoice([70.0, 90.0, 100.0])
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        # list price 100: 90.00 is a discount of 10 % that nobody wrote down
        self.assertEqual(promised.mapped("rate"), [2.0, 3.0, 4.0])
        self.partner_a.category_id = tag
        invoice = self._new_invoice([100.0])
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.rate, 1.0)

    def test_no_commission_before_an_effective_contract(self):
        """COM-4, behind its hook: booked at the date of the contract."""
        self.plan.requires_contract = True
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0, date="2026-03-10")
        self.assertLedger(invoice, [])
        move = type(self.env["account.move"])
        since = {"date": date(2026, 5, 2)}
        contract = lambda this: since["date"]  # noqa: E731
        self.patch(move, "_parts_commission_contract_date", contract)
        engine = self.env["parts.commission.engine"]._as_superuser()
        engine._follow_documents(engine._browse_moves(invoice))
        self._pay(invoice, 600.0, date="2026-06-01")
        self.assertLedger(
            invoice,
            [
                ("collection", "collected", "2026-05-02", 40.0),
                ("collection", "collected", "2026-06-01", 60.0),
            ],
        )
        since["date"] = False
        engine._follow_documents(engine._browse_moves(invoice))
        self.assertEqual(self._earned(invoice), 0.0)

    def test_nobody_writes_the_plan_by_which_he_earns(self):
        deputy = self._new_user("com_deputy", f"{P}finance_deputy")
        plan = self.plan.with_user(deputy).sudo(False)
        plan.rule_ids.rate = 11.0
        with self.assertRaisesRegex(AccessError, "yourself"):
            plan.user_ids = [Command.link(deputy.id)]
        self.plan.sudo().user_ids = [Command.link(deputy.id)]
        for act in (
            lambda: plan.write({"user_ids": [Command.unlink(deputy.id)]}),
            lambda: plan.rule_ids.write({"rate": 50.0}),
            lambda: plan.rule_ids.unlink(),
            lambda: plan.env["parts.commission.rule"].create(
                {"plan_id": plan.id, "rate": 50.0}
            ),
            lambda: plan.env["parts.commission.tier"].create(
                {"plan_id": plan.id, "rate": 50.0, "amount_from": 1.0}
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()
        manager = self._new_user("com_gm", f"{P}general_manager")
        self.plan.with_user(manager).sudo(False).rule_ids.rate = 12.0

    def test_new_version(self):
        self.plan.tier_ids = [Command.create({"amount_from": 100.0, "rate": 1.0})]
        action = self.plan.action_new_version()
        version = self.plan.browse(action["res_id"])
        self.assertEqual(version.user_ids, self.li)
        self.assertEqual((version.date_from - self.plan.date_to).days, 1)
        self.assertEqual(version.rule_ids.rate, 10.0)
        self.assertEqual(version.tier_ids.rate, 1.0)
