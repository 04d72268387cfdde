from datetime import date

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged

from .race_common import RaceCommon

ROUNDS = 3


@tagged("post_install", "-at_install")
class TestCommissionRace(RaceCommon):
    """COM-5: two who draw up, or pay, a month at the same moment."""

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            company = env["res.company"].browse(self.company_id)
            self.entry_ids = (
                env["parts.commission.entry"]
                .create(
                    [
                        {
                            "kind": "collection",
                            "cause": "collected",
                            "company_id": company.id,
                            "user_id": SUPERUSER_ID,
                            "date": "2026-03-10",
                            "amount": 1.0,
                        }
                        for _entry in range(10)
                    ]
                )
                .ids
            )

    def _remove(self):
        with self._committed() as env:
            self._get_statements(env).parts_approval_ids.unlink()
            for table in ("entry", "statement"):
                env.cr.execute(
                    f"DELETE FROM parts_commission_{table} WHERE company_id = %s",
                    [self.company_id],
                )
        return super()._remove()

    def _draw_up(self, env):
        company = env["res.company"].browse(self.company_id)
        env["parts.commission.statement"]._draw_up(company, date(2026, 3, 1))

    def _book_more(self):
        with self._committed() as env:
            entries = env["parts.commission.entry"]
            more = {"amount": 5.0, "statement_id": False}
            entries.browse(self.entry_ids[:1]).copy(more)

    def _get_statements(self, env):
        return env["parts.commission.statement"].search(
            [("company_id", "=", self.company_id)]
        )

    def test_two_draw_up_at_once(self):
        for _round in range(ROUNDS):
            act = (SUPERUSER_ID, self._draw_up)
            self.assertEqual(self._at_once(act, act), ["passed", "passed"])
            with self._committed() as env:
                statement = self._get_statements(env)
                self.assertEqual(len(statement), 1)
                self.assertEqual(statement.entry_count, 10)
                self.assertEqual(statement.amount_total, 10.0)
                env.cr.execute(
                    "DELETE FROM parts_commission_statement WHERE company_id = %s",
                    [self.company_id],
                )

    def test_one_draws_up_while_another_hands_in(self):
        """What is approved is what is on the statement."""
        with self._committed() as env:
            self._draw_up(env)
        self._book_more()

        def hand_in(env):
            self._get_statements(env)._hand_in()

        self._at_once((SUPERUSER_ID, self._draw_up), (SUPERUSER_ID, hand_in))
        with self._committed() as env:
            statement = self._get_statements(env)
            self.assertTrue(statement.submitted)
            self.assertEqual(
                statement.parts_approval_ids.document_amount, statement.amount_total
            )

    def test_two_pay_at_once(self):
        paid = []
        with self._committed() as env:
            self._draw_up(env)
            self._get_statements(env).state = "approved"

        def pay(env):
            statements = self._get_statements(env)
            paid.append(len(statements._pay("payroll", date(2026, 4, 1))))

        self._at_once((SUPERUSER_ID, pay), (SUPERUSER_ID, pay))
        self.assertEqual(sorted(paid), [0, 1])


@tagged("post_install", "-at_install")
class TestCommissionPoolRace(RaceCommon):
    """COM-7: two who sign a month, or hand in splits, at the same moment."""

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            team = env["crm.team"].create(
                {"name": "Race", "company_id": self.company_id}
            )
            pool = env["parts.commission.pool"].create(
                {
                    "name": "Race",
                    "company_id": self.company_id,
                    "team_id": team.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                }
            )
            env["parts.commission.signature"].create(
                [
                    {"company_id": self.company_id, "month": month}
                    for month in ("2026-01-01", "2026-02-01")
                ]
            )
            self.team_id, self.pool_id = team.id, pool.id

    def _remove(self):
        with self._committed() as env:
            for table in ("pool_month", "signature"):
                env.cr.execute(
                    f"DELETE FROM parts_commission_{table} WHERE company_id = %s",
                    [self.company_id],
                )
            splits = env["parts.commission.pool.split"].search(
                [("pool_id", "=", self.pool_id)]
            )
            splits.parts_approval_ids.unlink()
            splits.state = "draft"
            splits.unlink()
            env["parts.commission.pool"].browse(self.pool_id).unlink()
            env["crm.team"].browse(self.team_id).unlink()
        return super()._remove()

    def _accrue(self, env):
        env["parts.commission.pool"].browse(self.pool_id)._accrue_signed()

    def test_two_accrue_at_once(self):
        act = (SUPERUSER_ID, self._accrue)
        self.assertEqual(self._at_once(act, act), ["passed", "passed"])
        with self._committed() as env:
            months = env["parts.commission.pool"].browse(self.pool_id).month_ids
            self.assertEqual(
                sorted(months.mapped("date_from")),
                [date(2026, 1, 1), date(2026, 2, 1)],
            )

    def test_two_splits_of_all_at_once(self):
        with self._committed() as env:
            env["parts.commission.pool.month"].create(
                {
                    "pool_id": self.pool_id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                    "accrued": 100.0,
                }
            )
            line = {"user_id": SUPERUSER_ID, "share": 100.0}
            splits = env["parts.commission.pool.split"].create(
                [
                    {"pool_id": self.pool_id, "line_ids": [Command.create(line)]}
                    for _split in range(2)
                ]
            )
            self.assertEqual(splits.mapped("amount"), [100.0, 100.0])
            ids = splits.ids

        def hand_in(number):
            return lambda env: (
                env["parts.commission.pool.split"].browse(ids[number]).action_submit()
            )

        acts = [(SUPERUSER_ID, hand_in(number)) for number in range(2)]
        self.assertEqual(self._at_once(*acts), ["held", "passed"])
        with self._committed() as env:
            states = env["parts.commission.pool.split"].browse(ids).mapped("state")
            self.assertEqual(sorted(states), ["draft", "submitted"])
