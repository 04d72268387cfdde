from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CommissionCommon(AccountTestInvoicingCommon):
    """A company in USD, one salesperson with 10 % on everything, 15 % tax aside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.currency = cls.company.currency_id
        cls.li = cls._new_user(
            "com_li", "sales_team.group_sale_salesman,base.group_allow_export"
        )
        cls.wang = cls._new_user("com_wang", "sales_team.group_sale_salesman")
        cls.tax_sale_a.write({"amount": 15.0, "amount_type": "percent"})
        cls.brake = cls._create_product(name="Brake disc", lst_price=100.0)
        cls.filter = cls._create_product(name="Oil filter", lst_price=100.0)
        cls.plan = cls._new_plan("Counter", cls.li, [{"rate": 10.0}])
        cls.bank = cls.company_data["default_journal_bank"]
        cls.Entry = cls.env["parts.commission.entry"].sudo()
        cls.Basis = cls.env["parts.commission.basis"].sudo()

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _new_plan(cls, name, users, rules, **vals):
        return (
            cls.env["parts.commission.plan"]
            .sudo()
            .create(
                {
                    "name": name,
                    "company_id": cls.env.company.id,
                    "user_ids": [Command.set(users.ids)],
                    "rule_ids": [Command.create(rule) for rule in rules],
                    **vals,
                }
            )
        )

    @classmethod
    def _new_invoice(
        cls, lines, date="2026-03-01", user=None, post=True, taxes=None, **vals
    ):
        """`lines`: list of (product, price) or prices of the brake disc."""
        lines = [
            line if isinstance(line, tuple) else (cls.brake, line) for line in lines
        ]
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.partner_a.id,
                "invoice_date": date,
                "date": date,
                "invoice_user_id": (cls.li if user is None else user).id,
                "invoice_payment_term_id": False,
                # else Odoo takes the day on which the test runs
                **(
                    {}
                    if "invoice_payment_term_id" in vals
                    else {"invoice_date_due": date}
                ),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1.0,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                    for product, price in lines
                ],
                **vals,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoices, amount, date="2026-03-10", **vals):
        """Pay with the wizard, as an accountant does; return the payment."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(
                {
                    "payment_date": date,
                    "journal_id": cls.bank.id,
                    "group_payment": True,
                    **vals,
                }
            )
        )
        if amount is not None:
            wizard.amount = amount
        for name in ("payment_difference_handling", "writeoff_account_id"):
            if name in vals:
                wizard[name] = vals[name]
        return wizard._create_payments()

    @classmethod
    def _partials(cls, invoice):
        terms = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
        return terms.matched_credit_ids | terms.matched_debit_ids

    @classmethod
    def _credit(cls, invoice, lines=None, date="2026-03-05", match=True, taxes=None):
        """Post a credit note of an invoice. Odoo matches the two at once.

        :param lines: list of (product, price); None: the whole invoice
        :param match: False: take that matching apart again
        """
        note = invoice._reverse_moves([{"invoice_date": date, "date": date}])
        if lines is not None:
            note.invoice_line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1.0,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                    for product, price in lines
                ),
            ]
        note.action_post()
        if not match:
            cls._partials(note).unlink()
        return note

    def _entries(self, move):
        return self.Entry.search([("move_id", "in", move.ids)], order="id")

    def _ledger(self, move):
        """The ledger of an invoice as a list of (kind, cause, date, amount)."""
        return [
            (entry.kind, entry.cause, str(entry.date), entry.amount)
            for entry in self._entries(move)
        ]

    def _earned(self, move):
        return self.currency.round(sum(self._entries(move).mapped("amount")))

    def assertLedger(self, move, expected):
        self.assertEqual(self._ledger(move), expected)
        self.assertIdle(move)

    def assertIdle(self, moves):
        """The engine, run again, adds nothing."""
        engine = self.env["parts.commission.engine"]._as_superuser()
        self.assertFalse(engine._derive(engine._browse_moves(moves)))


class TransferMixin:
    """Transfers by the sales office, on 20 March: from Li to Wang if not told else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls._new_user(
            "com_office", "auto_parts_sales.group_parts_sales_office"
        )
        cls.startClassPatcher(freeze_time("2026-03-20"))

    def _draft(self, user=None, **vals):
        return (
            self.env["parts.commission.transfer"]
            .with_user(user or self.office)
            .create(
                {
                    "user_from_id": self.li.id,
                    "user_to_id": self.wang.id,
                    "date": "2026-03-20",
                    "reason": "Li has left",
                    **vals,
                }
            )
        )

    def _transfer(self, user=None, **vals):
        transfer = self._draft(user, **vals)
        transfer.action_carry_out()
        return transfer

    def _by_user(self, moves):
        groups = self._entries(moves).grouped("user_id")
        return {
            user: self.currency.round(sum(entries.mapped("amount")))
            for user, entries in groups.items()
        }


class DepositCommon(CommissionCommon):
    """Orders, their down payments and final invoices, made by Odoo's wizard."""

    @classmethod
    def _new_order(cls, lines, confirm=True, taxes=None, **vals):
        for product, _price in lines:
            product.invoice_policy = "order"
        order = (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "user_id": cls.li.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": price,
                                "tax_ids": [Command.set(taxes.ids if taxes else [])],
                            }
                        )
                        for product, price in lines
                    ],
                    **vals,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _invoice(cls, orders, method="delivered", day="2026-03-01", **vals):
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .sudo()
            .with_context(active_model="sale.order", active_ids=orders.ids)
            .create({"advance_payment_method": method, **vals})
        )
        before = orders.invoice_ids
        wizard.create_invoices()
        orders.invalidate_recordset()
        invoice = orders.invoice_ids - before
        invoice.write({"invoice_date": day, "invoice_payment_term_id": False})
        invoice.action_post()
        return invoice
