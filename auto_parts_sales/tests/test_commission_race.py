from datetime import date

from odoo import SUPERUSER_ID
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
                            "currency_id": company.currency_id.id,
                            "invoice_currency_id": company.currency_id.id,
                            "amount": 1.0,
                        }
                        for _entry in range(10)
                    ]
                )
                .ids
            )

    def _remove(self):
        with self._committed() as env:
            for table in ("entry", "statement"):
                env.cr.execute(
                    f"DELETE FROM parts_commission_{table} WHERE company_id = %s",
                    [self.company_id],
                )
        return super()._remove()

    def _draw_up(self, env):
        company = env["res.company"].browse(self.company_id)
        env["parts.commission.statement"]._draw_up(company, date(2026, 3, 1))

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
