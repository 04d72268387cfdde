from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import mute_logger

from ..models.parts_commission_issue import CHECKED_PARAMETER
from .commission_common import DepositCommon

P = "auto_parts_sales.group_parts_"
ISSUE = "odoo.addons.auto_parts_sales.models.parts_commission_issue"


class AcceptanceCommon(DepositCommon):
    """Scenarios of the issue, each worked out by hand.

    Whatever happens in a scenario, the check of the ledger finds nothing afterwards.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad = cls._create_product(name="Brake pad", lst_price=100.0)
        cls.misc = cls.company_data["default_journal_misc"]
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.expense = cls.company_data["default_account_expense"]
        cls.fee = cls.expense.copy({"code": "FEE8", "name": "Bank fees"})
        cls.Issue = cls.env["parts.commission.issue"].sudo()

    def tearDown(self):
        self.assertNothingToRepair()
        super().tearDown()

    # === CHECKS === #

    def _repair(self):
        """Run the nightly check and the check of everything; return what was listed."""
        before = self.Issue.search([])
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(CHECKED_PARAMETER, 0)
        # its commits mean nothing inside a test
        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 1.0
        )
        with progress, mute_logger(ISSUE):
            self.Issue._cron_check()
            self.Issue._cron_check_all()
        return self.Issue.search([]) - before

    def assertNothingToRepair(self):
        """Compare the whole ledger of the company, as “Check Everything” does."""
        last = self.Entry.search([], order="id desc", limit=1)
        issues = self.Issue.search([])
        promised = self.Basis.with_context(active_test=False).search(
            [("company_id", "=", self.company.id)]
        )
        with mute_logger(ISSUE):
            self.Issue._check_moves(promised.move_id.sorted("id"))
        listed = self.Issue.search([]) - issues
        self.assertFalse(listed, [(x.move_name, x.error) for x in listed])
        after = self.Entry.search([], order="id desc", limit=1)
        self.assertEqual(after, last, "the check booked something")

    def assertEarned(self, expected, *moves):
        """What the ledger holds for each invoice."""
        got = [self._earned(move) for move in moves]
        self.assertEqual(got, list(expected))

    def _by_user(self, moves):
        groups = self._entries(moves).grouped("user_id")
        return {
            user: self.currency.round(sum(entries.mapped("amount")))
            for user, entries in groups.items()
        }

    def _by_month(self, moves):
        """What was earned by month of the entries, without months of nothing."""
        months = {}
        for entry in self._entries(moves):
            key = str(entry.date)[:7]
            months[key] = months.get(key, 0.0) + entry.amount
        rounded = {key: self.currency.round(x) for key, x in months.items()}
        return {key: amount for key, amount in rounded.items() if amount}

    # === WHAT ACCOUNTANTS DO === #

    @classmethod
    def _rules(cls, *rules):
        """Give the plan other rules: (product or nothing, rate), first match first."""
        cls.plan.rule_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "sequence": sequence,
                        "product_id": product.id if product else False,
                        "rate": rate,
                    }
                )
                for sequence, (product, rate) in enumerate(rules)
            ),
        ]

    @classmethod
    def _terms(cls, moves):
        return moves.line_ids.filtered(lambda x: x.display_type == "payment_term")

    @classmethod
    def _match(cls, *items):
        lines = cls.env["account.move.line"].union(*items)
        lines.filtered(lambda x: not x.reconciled).reconcile()

    @classmethod
    def _claim(cls, payment):
        """The item of a payment or an entry on the receivable account."""
        move = payment if payment._name == "account.move" else payment.move_id
        return move.line_ids.filtered(lambda x: x.account_id == cls.receivable)

    @classmethod
    def _new_entry(cls, items, day="2026-03-15"):
        """Post a miscellaneous entry of (account, balance)."""
        entry = cls.env["account.move"].create(
            {
                "journal_id": cls.misc.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": cls.partner_a.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in items
                ],
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def _new_payment(cls, amount, day="2026-03-10", **vals):
        """Register money of the customer that no invoice takes yet."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": cls.partner_a.id,
                "journal_id": cls.bank.id,
                "amount": amount,
                "date": day,
                **vals,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def _bank_line(cls, amount, day, *items, **vals):
        """A bank transaction, as reconciled with open items: each at its residual,
        or (item, amount)."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "date": day,
                "payment_ref": "transfer",
                "partner_id": cls.partner_a.id,
                "amount": amount,
                **vals,
            }
        )
        pairs = [
            item if isinstance(item, tuple) else (item, item.amount_residual)
            for item in items
        ]
        suspense = line._seek_for_lines()[1]
        move = line.move_id.with_context(
            force_delete=True,
            skip_readonly_check=True,
            skip_account_move_synchronization=True,
        )
        move.write(
            {
                "line_ids": [
                    Command.delete(suspense.id),
                    *(
                        Command.create(
                            {
                                "name": item.name or "open item",
                                "account_id": item.account_id.id,
                                "partner_id": cls.partner_a.id,
                                "balance": -part,
                            }
                        )
                        for item, part in pairs
                    ),
                ]
            }
        )
        mine = line.move_id.line_ids - line._seek_for_lines()[0]
        for (item, _part), counterpart in zip(pairs, mine.sorted("id"), strict=True):
            (item | counterpart).reconcile()
        return line
