from odoo.fields import Command
from odoo.tests import tagged

from .test_commission_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestCommissionHoldFurther(SettlementCommon):
    """COM-8: what is held follows the debt, not what Odoo calls paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"hold_days": 60, "hold_share": 10.0})
        cls.debt = cls._new_invoice([200.0], date="2026-01-01")

    def _holds(self, statement):
        holds = statement.entry_ids.filtered(lambda x: x.kind == "hold")
        return [(x.cause, x.amount) for x in holds.sorted("id")]

    def test_a_bounced_payment_settles_nothing(self):
        payment = self._pay(self.debt, 200.0, date="2026-02-01")
        payment.action_reject()
        self.assertEqual(self.debt.payment_state, "paid", "as Odoo has it")
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -20.0)])

    def test_paid_in_part(self):
        """Half is collected: half of what is held is released."""
        self._draw()
        self._pay(self.debt, 100.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 10.0)])
        self.assertEqual(april.amount_total, 10.0 + 10.0)

    def test_half_collected_half_written_off(self):
        """20 were held: 20 are released, 10 for the 100 that were lost are charged."""
        self._draw()
        self._pay(
            self.debt,
            100.0,
            date="2026-04-10",
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 20.0), ("charged", -10.0)])

    def test_written_off_and_collected_after_all(self):
        """20 are held, charged in April; in May the debt is paid: 20 come back."""
        self._draw()
        receivable = self.company_data["default_account_receivable"]
        expense = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "date": "2026-04-05",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.partner_a.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in ((expense, 200.0), (receivable, -200.0))
                ],
            }
        )
        entry.action_post()
        items = (self.debt | entry).line_ids
        items = items.filtered(lambda x: x.account_id == receivable)
        items.reconcile()
        self._pay(self.invoice, 600.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [("released", 20.0), ("charged", -20.0)])
        items.remove_move_reconcile()
        self._pay(self.debt, 200.0, date="2026-05-10")
        may = self._draw("2026-05-01")
        self.assertEqual(self._holds(may), [("charged", 20.0)])
        self.assertEqual(may.amount_total, 20.0 + 20.0)
        given_back = may.entry_ids.filtered(lambda x: x.kind == "hold")
        self.assertIn("given back", given_back.description)
        self._draw("2026-05-01")
        self.assertEqual(may.amount_total, 40.0)

    def test_only_the_instalment_that_is_due(self):
        """Of 1,000 in two halves the first is overdue: 10 % of 500."""
        self.debt.button_cancel()
        term = self.env["account.payment.term"].create(
            {
                "name": "halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": n}
                    )
                    for n in (0, 60)
                ],
            }
        )
        self._new_invoice([300.0], date="2026-01-01", invoice_payment_term_id=term.id)
        self.assertEqual(self._holds(self._draw()), [("held", -15.0)])

    def test_handed_over_it_holds_the_new_person(self):
        self.plan.user_ids |= self.wang
        transfer = (
            self.env["parts.commission.transfer"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "user_from_id": self.li.id,
                    "user_to_id": self.wang.id,
                    "date": "2099-01-01",
                    "reason": "leaves",
                    "move_ids": [Command.set(self.debt.ids)],
                }
            )
        )
        transfer.action_carry_out()
        march = self._draw()
        self.assertEqual(self._holds(march), [("held", -20.0)], "not handed over yet")
        self._as(march, "sales_office").unlink()
        self.env.cr.execute(
            "UPDATE parts_commission_basis SET date_from = '2026-03-01'"
            " WHERE source_id IS NOT NULL"
        )
        self.env.invalidate_all()
        self._pay(self._new_invoice([1000.0], user=self.wang), 500.0, date="2026-03-11")
        statements = self._draw()
        held = {
            x.user_id: sum(amount for _cause, amount in self._holds(x))
            for x in statements
        }
        # of Li what the discarded draft held and took back is on the new one
        self.assertEqual(held, {self.li: 0.0, self.wang: -20.0})

    def test_released_though_nothing_else_came(self):
        """Li has left; who took his customer over collects: Li's 20 are his again."""
        self._draw()
        self.env["parts.commission.transfer"].sudo().create(
            {
                "company_id": self.company.id,
                "user_from_id": self.li.id,
                "user_to_id": self.wang.id,
                "date": "2099-01-01",
                "reason": "leaves",
            }
        ).action_carry_out()
        self.env.cr.execute(
            "UPDATE parts_commission_basis SET date_from = '2026-04-01'"
            " WHERE source_id IS NOT NULL"
        )
        self.env.invalidate_all()
        self.li.active = False
        self._pay(self.debt, 200.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(april.user_id, self.li | self.wang)
        his = april.filtered(lambda x: x.user_id == self.li)
        self.assertEqual(self._holds(his), [("released", 20.0)])
        self.assertEqual(self._draw("2026-04-01"), april)
        self.assertEqual(his.amount_total, 20.0)

    def test_nothing_else_came_and_the_debt_stays(self):
        self._draw()
        self.assertFalse(self._draw("2026-04-01"))

    def test_without_a_plan_what_is_held_waits_for_its_money(self):
        self._draw()
        self.plan.date_to = "2026-03-31"
        self._pay(self.invoice, 100.0, date="2026-04-10")
        april = self._draw("2026-04-01")
        self.assertEqual(self._holds(april), [])
        self._pay(self.debt, 200.0, date="2026-05-10")
        may = self._draw("2026-05-01")
        self.assertEqual(self._holds(may), [("released", 20.0)])
