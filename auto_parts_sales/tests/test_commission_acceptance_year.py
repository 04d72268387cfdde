import random

from odoo.fields import Command
from odoo.tests import tagged

from .commission_pool_common import PoolCommon
from .test_commission_acceptance_statement import ROLES, StatementAcceptance


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceYear(StatementAcceptance):
    """COM-5, COM-8: a year of months, whatever happens in them.

    What was paid out in all is what the ledger says in all; what is carried adds up
    to nothing; what was held for debts that were collected adds up to nothing.
    """

    def _spend_month(self, chance, month, invoices):
        """A month of sales, payments, returns and favours; in cents."""
        for _number in range(chance.randint(1, 3)):
            lines = [
                (self.brake, chance.randint(1, 200000) / 100),
                (self.filter, chance.randint(1, 90000) / 100),
            ]
            user = chance.choice((self.li, self.wang))
            day = f"{month}-{chance.randint(1, 28):02d}"
            invoices.append(self._new_invoice(lines, date=day, user=user))
        for _number in range(chance.randint(1, 5)):
            invoice = chance.choice(invoices)
            day = f"{month}-{chance.randint(1, 28):02d}"
            act = chance.choice(("pay", "pay", "pay", "all", "undo", "reject", "note"))
            residual = invoice.amount_residual
            partials = self._partials(invoice)
            if act == "pay" and residual > 0.02:
                amount = chance.randint(1, round(residual * 100)) / 100
                self._pay(invoice, amount, date=day)
            elif act == "all" and residual:
                self._pay(invoice, residual, date=day)
            elif act == "undo" and partials:
                chance.choice(partials.sorted("id")).unlink()
            elif act == "reject" and partials:
                payments = (partials.credit_move_id.payment_id).filtered(
                    lambda x: x.state in ("in_process", "paid")
                )
                for payment in payments[:1]:
                    payment.action_draft()
                    payment.action_cancel()
            elif act == "note" and residual > 1.0:
                self._credit(
                    invoice, [(self.brake, min(residual, 1.0))], date=day, match=True
                )

    def _close_month(self, chance, month):
        """Draw up, sometimes refused or discarded, then paid; return what was paid."""
        paid = 0.0
        self._draw(f"{month}-01")
        statements = self.Statement.search([("date_from", "=", f"{month}-01")])
        for statement in statements:
            if chance.random() < 0.3:
                self._hand_in(statement)
                self._decide(statement, chance.choice(("finance",)), refuse="again")
            if chance.random() < 0.3:
                self._as(statement, "sales_office").unlink()
        self._draw(f"{month}-01")
        self._draw(f"{month}-01")
        for statement in self.Statement.search([("date_from", "=", f"{month}-01")]):
            self._hand_in(statement)
            for role in ROLES[1:]:
                self._decide(statement, role)
            self.assertGreaterEqual(statement.amount_total, 0.0)
            self._wizard(statement).action_pay()
            paid += statement.payment_move_id.amount_total
        return paid

    def _play(self, seed, **plan):
        chance = random.Random(seed)
        self.plan.write({"user_ids": [Command.link(self.wang.id)], **plan})
        self._rules((self.filter, 3.33), (None, 7.77))
        invoices, paid = [], 0.0
        for number in range(1, 9):
            month = f"2026-{number:02d}"
            self._spend_month(chance, month, invoices)
            paid += self._close_month(chance, month)
        # the last months: everybody pays everything
        for invoice in invoices:
            if invoice.amount_residual:
                self._pay(invoice, invoice.amount_residual, date="2026-09-10")
        paid += self._close_month(chance, "2026-09")
        paid += self._close_month(chance, "2026-10")
        return paid

    def _sum(self, *domain):
        entries = self.Entry.search([("company_id", "=", self.company.id), *domain])
        return self.currency.round(sum(entries.mapped("amount")))

    def assertSettled(self, paid):
        self.assertEqual(self._sum(("statement_id", "=", False)), 0.0)
        self.assertAlmostEqual(self._sum(), paid)
        self.assertEqual(self._sum(("cause", "=", "carried")), 0.0)
        for statement in self.Statement.search([]):
            self.assertAlmostEqual(
                sum(statement.entry_ids.mapped("amount")), statement.amount_total
            )

    def test_months_that_carry_over(self):
        for seed in (8, 2026):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.assertSettled(self._play(seed))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_months_that_hold_back(self):
        """All is collected in the end: nothing is held any more."""
        self.assertSettled(self._play(5, hold_days=30, hold_share=15.0))
        self.assertEqual(self._sum(("kind", "=", "hold")), 0.0)

    def test_months_that_come_late(self):
        factors = [Command.create({"days_from": 31, "factor": 0.5})]
        self.assertSettled(self._play(3, factor_ids=factors, interest_rate=5.0))


@tagged("post_install", "-at_install")
class TestCommissionAcceptancePool(PoolCommon):
    """COM-7: against plan, over the months, into the statements."""

    def test_three_tiers_up_and_down(self):
        """10,000 a month: 0.5 % from 0, 1 % from 80 %, 2 % from 120 %.

        January 9,000: 40 + 10. February 26,000 of 20,000: 80 + 80 + 40, less 50.
        March, 6,000 go back: 20,000 of 30,000: 100, less 200.
        """
        self.payment.action_draft()
        self.payment.action_cancel()
        pool = self.pool
        pool.write(
            {
                "plan_amount": 120000.0,
                "tier_ids": [
                    Command.clear(),
                    Command.create({"percent_from": 0.0, "rate": 0.5}),
                    Command.create({"percent_from": 80.0, "rate": 1.0}),
                    Command.create({"percent_from": 120.0, "rate": 2.0}),
                ],
            }
        )
        self._sell(9000.0, "2026-01-20")
        self._sell(11000.0, "2026-02-10", user=self.wang)
        last = self._sell(6000.0, "2026-02-20")
        for month in ("2026-01-01", "2026-02-01"):
            self._sign(month)
        [sold] = last.reconciled_invoice_ids
        note = self._credit(sold, date="2026-03-03", match=False)
        self._pay(note, 6000.0, date="2026-03-05")
        self._sign("2026-03-01")
        self.assertEqual(
            [month[1:] for month in self._months()],
            [
                (10000.0, 9000.0, 50.0, 50.0),
                (20000.0, 26000.0, 200.0, 150.0),
                (30000.0, 20000.0, 100.0, -100.0),
            ],
        )
        self.assertEqual(pool.balance, 100.0)
        split = self._new_split([(self.li, 62.5), (self.wang, 37.5)])
        split.action_submit()
        self._decide_pool(split)
        entries = self.Entry.search([("kind", "=", "pool")])
        self.assertEqual(sorted(entries.mapped("amount")), [37.5, 62.5])
        self.assertEqual(pool.balance, 0.0)
