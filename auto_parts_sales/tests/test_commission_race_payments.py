from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tests import tagged

from .race_common import RaceCommon

ROUNDS = 3
# In the order in which rows may go
TABLES = (
    "parts_commission_entry",
    "parts_commission_basis",
    "parts_commission_transfer",
    "parts_commission_issue",
    "account_partial_reconcile",
    "account_move_line",
    "account_move",
)


@tagged("post_install", "-at_install")
class TestCommissionPaymentRace(RaceCommon):
    """COM-1: two reconcile with one invoice at the same moment, on two connections.

    10 % of an invoice of 100.00 in two lines. Each of the two reads its own snapshot,
    in which the other's money is not there.
    """

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            company = env["res.company"].browse(self.company_id)
            self.accounts = {
                kind: env["account.account"]
                .with_company(company)
                .create(
                    {
                        "name": kind,
                        "code": f"RACE{number}",
                        "account_type": kind,
                        "company_ids": [Command.set(company.ids)],
                    }
                )
                .id
                for number, kind in enumerate(
                    ("asset_receivable", "income", "asset_cash")
                )
            }
            self.journals = {
                kind: env["account.journal"]
                .with_company(company)
                .create(
                    {
                        "name": f"Race {kind}",
                        "code": f"R{number}",
                        "type": kind,
                        "company_id": company.id,
                        "default_account_id": kind == "sale"
                        and self.accounts["income"],
                    }
                )
                .id
                for number, kind in enumerate(("sale", "general"))
            }
            plan = env["parts.commission.plan"].create(
                {
                    "name": "Race",
                    "company_id": company.id,
                    "user_ids": [Command.set([SUPERUSER_ID])],
                    "rule_ids": [Command.create({"rate": 10.0})],
                }
            )
            customer = env["res.partner"].browse(self.customer_id)
            customer.with_company(
                company
            ).property_account_receivable_id = self.accounts["asset_receivable"]
            self.plan_id = plan.id

    def _remove(self):
        with self._committed() as env:
            self._remove_moves(env)
            env["parts.commission.plan"].browse(self.plan_id).unlink()
            env["account.journal"].browse(self.journals.values()).unlink()
            customer = env["res.partner"].browse(self.customer_id)
            company = env["res.company"].browse(self.company_id)
            customer.with_company(company).property_account_receivable_id = False
            env["account.account"].browse(self.accounts.values()).unlink()
        return super()._remove()

    def _remove_moves(self, env):
        for table in TABLES:
            env.cr.execute(
                f"DELETE FROM {table} WHERE company_id = %s", [self.company_id]
            )

    def _new_invoice(self, env):
        line = {"price_unit": 50.0, "account_id": self.accounts["income"]}
        company = env["res.company"].browse(self.company_id)
        moves = env["account.move"].with_company(company)
        invoice = moves.create(
            {
                "move_type": "out_invoice",
                "company_id": self.company_id,
                "journal_id": self.journals["sale"],
                "partner_id": self.customer_id,
                "invoice_user_id": SUPERUSER_ID,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create({**line, "name": name, "tax_ids": []})
                    for name in ("discs", "filters")
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _new_money(self, env, amount, date="2026-03-10"):
        """Return a posted entry of money that came in for the customer."""
        receivable = {
            "account_id": self.accounts["asset_receivable"],
            "partner_id": self.customer_id,
        }
        company = env["res.company"].browse(self.company_id)
        money = (
            env["account.move"]
            .with_company(company)
            .create(
                {
                    "company_id": self.company_id,
                    "journal_id": self.journals["general"],
                    "date": date,
                    "line_ids": [
                        Command.create({**receivable, "credit": amount}),
                        Command.create(
                            {"account_id": self.accounts["asset_cash"], "debit": amount}
                        ),
                    ],
                }
            )
        )
        money.action_post()
        return money

    def _get_claims(self, moves):
        return moves.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )

    def _match(self, *ids):
        return lambda env: self._get_claims(env["account.move"].browse(ids)).reconcile()

    def _unmatch(self, move_id):
        def act(env):
            claims = self._get_claims(env["account.move"].browse(move_id))
            claims.remove_move_reconcile()

        return act

    def _get_earned(self, env, invoice_id):
        """Return what is earned; run again, the engine adds nothing."""
        engine = env["parts.commission.engine"]
        self.assertFalse(engine._derive(env["account.move"].browse(invoice_id)))
        entries = env["parts.commission.entry"].search([("move_id", "=", invoice_id)])
        return round(sum(entries.mapped("amount")), 2)

    def test_two_payments_at_once(self):
        for _round in range(ROUNDS):
            with self._committed() as env:
                invoice = self._new_invoice(env).id
                money = [self._new_money(env, 33.33).id for _number in range(2)]
            acts = [(SUPERUSER_ID, self._match(invoice, each)) for each in money]
            self.assertEqual(self._at_once(*acts), ["passed", "passed"])
            with self._committed() as env:
                # twice 66.66 % of 5.00, rounded once: 3.33 each
                self.assertEqual(self._get_earned(env, invoice), 6.66)
                self._remove_moves(env)

    def test_one_matches_one_takes_apart(self):
        for _round in range(ROUNDS):
            with self._committed() as env:
                invoice = self._new_invoice(env).id
                first, second = (self._new_money(env, 40.0).id for _number in range(2))
                self._match(invoice, first)(env)
            self.assertEqual(
                self._at_once(
                    (SUPERUSER_ID, self._unmatch(first)),
                    (SUPERUSER_ID, self._match(invoice, second)),
                ),
                ["passed", "passed"],
            )
            with self._committed() as env:
                self.assertEqual(self._get_earned(env, invoice), 4.0)
                self._remove_moves(env)

    def test_the_engine_itself_at_once(self):
        """Even where nothing of Odoo's own makes two bookings meet."""
        with self._committed() as env:
            env["parts.commission.plan"].browse(self.plan_id).active = False
            invoice = self._new_invoice(env)
            money = self._new_money(env, 100.0)
            env["parts.commission.plan"].browse(self.plan_id).active = True
            (self._get_claims(invoice | money)).reconcile()
            env["parts.commission.basis"]._promise(invoice)
            invoice_id = invoice.id

        def book(env):
            engine = env["parts.commission.engine"]
            engine._derive(env["account.move"].browse(invoice_id))

        act = (SUPERUSER_ID, book)
        self.assertEqual(self._at_once(act, act), ["passed", "passed"])
        with self._committed() as env:
            self.assertEqual(self._get_earned(env, invoice_id), 10.0)

    def test_paid_while_it_is_handed_over(self):
        """Each on its own snapshot: what is collected from today on is the other's,
        whoever comes first."""
        for _round in range(ROUNDS):
            with self._committed() as env:
                other = env.ref("base.user_admin").id
                invoice = self._new_invoice(env).id
                today = fields.Date.today()
                money = self._new_money(env, 40.0, date=today).id
                transfer = self._new_transfer(env, other)

            def carry_out(env, transfer=transfer):
                env["parts.commission.transfer"].browse(transfer).action_carry_out()

            acts = [(SUPERUSER_ID, self._match(invoice, money))]
            self.assertEqual(
                self._at_once(*acts, (SUPERUSER_ID, carry_out)), ["passed", "passed"]
            )
            with self._committed() as env:
                self.assertEqual(self._get_earned(env, invoice), 4.0)
                entries = env["parts.commission.entry"].search(
                    [("move_id", "=", invoice), ("user_id", "=", other)]
                )
                self.assertEqual(round(sum(entries.mapped("amount")), 2), 4.0)
                self._remove_moves(env)

    def test_handed_over_to_two_at_once(self):
        """The second finds nothing left."""
        with self._committed() as env:
            others = [env.ref("base.user_admin").id, env.ref("base.public_user").id]
            invoice = self._new_invoice(env).id
            transfers = [self._new_transfer(env, other) for other in others]

        def carry_out(transfer):
            return lambda env: (
                env["parts.commission.transfer"].browse(transfer).action_carry_out()
            )

        acts = [(SUPERUSER_ID, carry_out(transfer)) for transfer in transfers]
        self.assertEqual(self._at_once(*acts), ["held", "passed"])
        with self._committed() as env:
            states = env["parts.commission.transfer"].browse(transfers).mapped("state")
            self.assertEqual(sorted(states), ["done", "draft"])
            heirs = env["parts.commission.basis"].search(
                [("move_id", "=", invoice), ("source_id", "!=", False)]
            )
            self.assertEqual(len(heirs), 2, "one a line")

    def _new_transfer(self, env, user_id):
        transfers = env["parts.commission.transfer"]
        return transfers.create(
            {
                "company_id": self.company_id,
                "user_from_id": SUPERUSER_ID,
                "user_to_id": user_id,
                "date": fields.Date.today(),
                "reason": "Race",
            }
        ).id
