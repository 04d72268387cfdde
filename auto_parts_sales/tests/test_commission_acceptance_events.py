from contextlib import ExitStack
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .acceptance_common import AcceptanceCommon, P

ENGINE = "odoo.addons.auto_parts_sales.models.parts_commission_engine"


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceFailure(AcceptanceCommon):
    """No failure of the engine stops an accountant; the night puts it right."""

    def _broken(self):
        """Everything that the engine works out fails."""
        stack = ExitStack()
        stack.enter_context(mute_logger(ENGINE))
        for model, method in (
            ("parts.commission.engine", "_derive"),
            ("parts.commission.basis", "_promise"),
            ("parts.commission.collected", "_get_settlements"),
        ):
            stack.enter_context(
                patch.object(
                    type(self.env[model]), method, side_effect=ZeroDivisionError("no")
                )
            )
        return stack

    def _night(self):
        """What failed is done at night; nothing stays open."""
        self._repair()
        open_issues = self.Issue.search(
            [("state", "=", "open"), ("kind", "=", "failure")]
        )
        self.assertFalse(open_issues)

    def test_a_whole_day_with_a_broken_engine(self):
        """Posted, paid 400, credited 200, 300 paid and rejected; the night books it.

        400 of 800: 50.00 on the invoice, −10.00 on the note.
        """
        with self._broken():
            invoice = self._new_invoice([1000.0])
            self._pay(invoice, 400.0)
            note = self._credit(invoice, [(self.brake, 200.0)])
            self._pay(invoice, 300.0).action_reject()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(self._entries(invoice))
        issue = self.Issue.search([("move_id", "=", invoice.id)])
        self.assertEqual(issue.mapped("state"), ["open"])
        self.assertTrue(issue.error)
        self._night()
        self.assertEarned([50.0, -10.0], invoice, note)

    def test_taken_back_with_a_broken_engine(self):
        """Unmatched, reset to draft, cancelled, re-dated while nothing works."""
        invoices = [self._new_invoice([1000.0]) for _number in range(4)]
        payments = [self._pay(invoice, 400.0) for invoice in invoices]
        with self._broken():
            self._partials(invoices[0]).unlink()
            payments[1].action_draft()
            payments[2].action_draft()
            payments[2].action_cancel()
            payments[3].action_draft()
            payments[3].date = "2026-04-02"
            payments[3].action_post()
        self.assertEarned([40.0] * 4, *invoices)
        self._night()
        self.assertEarned([0.0, 0.0, 0.0, 40.0], *invoices)
        self.assertEqual(self._by_month(invoices[3]), {"2026-04": 40.0})

    def test_invoice_in_draft_and_deleted_payment_with_a_broken_engine(self):
        first, second = self._new_invoice([1000.0]), self._new_invoice([600.0])
        self._pay(first, 400.0)
        payment = self._pay(second, 600.0)
        with self._broken():
            first.button_draft()
            payment.action_draft()
            payment.unlink()
        self._night()
        self.assertEarned([0.0, 0.0], first, second)
        first.action_post()
        self.assertEqual(self._earned(first), 40.0)

    def test_a_plan_that_cannot_be_worked_out(self):
        """A rule's hook raises: the invoice is posted, finance reads why."""
        rule = type(self.env["parts.commission.rule"])
        with (
            mute_logger(ENGINE),
            patch.object(rule, "_matches", side_effect=ValueError("no such brand")),
        ):
            invoice = self._new_invoice([1000.0])
            self._pay(invoice, 400.0)
        finance = self._new_user("acc_fin", f"{P}finance")
        issue = self.env["parts.commission.issue"].with_user(finance).sudo(False)
        [issue] = issue.search([("move_id", "=", invoice.id)])
        self.assertIn("no such brand", issue.error)
        issue.action_retry()
        self.assertEqual(issue.state, "solved")
        self.assertEqual(self._earned(invoice), 40.0)


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceEvents(AcceptanceCommon):
    """paths.md A, with more than one line, invoice or payment."""

    def test_line_replaced_by_another_product_and_person(self):
        """Discs at 10 % become filters at 4 %, Li becomes Wang, half is paid."""
        self._rules((self.filter, 4.0), (None, 10.0))
        self.plan.user_ids |= self.wang
        invoice = self._new_invoice([(self.brake, 600.0), (self.pad, 400.0)])
        self._pay(invoice, 500.0)
        self.assertEqual(self._earned(invoice), 50.0)
        invoice.button_draft()
        invoice.write(
            {
                "invoice_user_id": self.wang.id,
                "invoice_line_ids": [
                    Command.delete(invoice.invoice_line_ids[0].id),
                    Command.create(
                        {
                            "product_id": self.filter.id,
                            "price_unit": 600.0,
                            "tax_ids": [Command.clear()],
                        }
                    ),
                ],
            }
        )
        self.assertTrue(self._partials(invoice), "Odoo keeps the reconciliation")
        invoice.action_post()
        # 600 at 4 % and 400 at 10 %: 64, half of it
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 32.0})
        active = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(sorted(active.mapped("amount")), [24.0, 40.0])

    def test_paid_while_it_is_a_draft_and_paid_again(self):
        """250 before it is posted, 750 after: 25 at the invoice's date, 75."""
        invoice = self._new_invoice([1000.0], date="2026-03-20", post=False)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create(
            {
                "payment_date": "2026-03-10",
                "journal_id": self.bank.id,
                "amount": 250.0,
            }
        )._create_payments()
        self.assertFalse(self._entries(invoice))
        invoice.action_post()
        self._pay(invoice, 750.0, date="2026-04-10")
        self.assertLedger(
            invoice,
            [
                ("collection", "collected", "2026-03-20", 25.0),
                ("collection", "collected", "2026-04-10", 75.0),
            ],
        )

    def test_draft_invoice_deleted_that_had_earned(self):
        """What it earned is taken back and can still be read."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 400.0)
        entries = self._entries(invoice)
        name = invoice.name
        invoice.button_draft()
        entries |= self._entries(invoice)
        invoice.with_context(force_delete=True).unlink()
        entries.invalidate_recordset()
        self.assertEqual(sum(entries.mapped("amount")), 0.0)
        self.assertEqual(set(entries.mapped("move_name")), {name})
        for entry in entries:
            self.assertIn("Brake disc", entry.description)

    def test_a_copy_and_a_draft_promise_nothing(self):
        invoice = self._new_invoice([1000.0])
        copy = invoice.copy()
        self.assertFalse(self.Basis.search([("move_id", "=", copy.id)]))
        self._pay(invoice, 1000.0)
        self.assertFalse(self._entries(copy))

    def test_the_same_payment_bounces_three_times(self):
        """To the cent after any number of returns, each with its reason."""
        invoice = self._new_invoice([(self.brake, 33.35), (self.filter, 66.65)])
        payment = self._pay(invoice, 33.33)
        before = self._earned(invoice)
        for act in ("action_reject", "action_draft", "action_cancel"):
            if payment.state == "rejected":
                payment.action_draft()
            if act == "action_cancel":
                payment.action_draft()
            getattr(payment, act)()
            self.assertEqual(self._earned(invoice), 0.0, act)
            if payment.state != "draft":
                payment.action_draft()
            payment.action_post()
            if not self._partials(invoice):
                invoice.js_assign_outstanding_line(self._claim(payment).id)
            self.assertEqual(self._earned(invoice), before, act)
        for entry in self._entries(invoice).filtered("reversal_of_id"):
            self.assertTrue(entry.reason)
            self.assertIn("Taken back because", entry.description)
        self._pay(invoice, 66.67)
        # 3.34 (3.335) and 6.67 (6.665)
        self.assertEqual(self._earned(invoice), 10.01)

    def test_salesperson_changed_on_a_posted_invoice_and_posted_again(self):
        """On a posted invoice it changes nothing; a transfer does, from its day on."""
        self.plan.user_ids |= self.wang
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 100.0)
        invoice.invoice_user_id = self.wang
        self._pay(invoice, 100.0, date="2026-03-20")
        self.assertEqual(self._by_user(invoice), {self.li: 20.0})


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceTransfer(AcceptanceCommon):
    """A transfer moves only what is collected from its day on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls._new_user("acc_office", f"{P}sales_office")
        cls.startClassPatcher(freeze_time("2026-03-16"))

    def _transfer(self, day, **vals):
        transfers = self.env["parts.commission.transfer"].with_user(self.office)
        transfer = transfers.create(
            {
                "user_from_id": self.li.id,
                "user_to_id": self.wang.id,
                "date": day,
                "reason": "Wang looks after this customer now",
                **vals,
            }
        )
        transfer.action_carry_out()

    def test_from_a_day_that_is_to_come(self):
        """From the 20th: the 19th is Li's, the 20th is Wang's; odd cents come out."""
        invoice = self._new_invoice([(self.brake, 33.35), (self.filter, 66.65)])
        self._transfer("2026-03-20", partner_id=self.partner_a.id)
        self._pay(invoice, 33.33, date="2026-03-19")
        self._pay(invoice, 33.33, date="2026-03-20")
        self._pay(invoice, 33.34, date="2026-04-20")
        self.assertEqual(self._earned(invoice), 10.01)
        by_user = self._by_user(invoice)
        self.assertEqual(set(by_user), {self.li, self.wang})
        self.assertAlmostEqual(by_user[self.li], 3.33, delta=0.011)

    def test_bounced_after_the_transfer_it_is_taken_from_who_had_it(self):
        invoice = self._new_invoice([1000.0])
        payment = self._pay(invoice, 300.0, date="2026-03-10")
        self._transfer("2026-03-16")
        payment.action_draft()
        payment.date = "2026-03-18"
        payment.action_post()
        # it came on the 18th: Wang's
        self.assertEqual(self._by_user(invoice), {self.li: 0.0, self.wang: 30.0})

    def test_one_invoice_of_two(self):
        mine, other = self._new_invoice([1000.0]), self._new_invoice([500.0])
        self._transfer("2026-03-16", move_ids=[Command.set(mine.ids)])
        self._pay(mine | other, 1500.0, date="2026-03-17")
        self.assertEqual(self._by_user(mine), {self.wang: 100.0})
        self.assertEqual(self._by_user(other), {self.li: 50.0})


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceSimulation(AcceptanceCommon):
    """COM-6: what would this quotation earn, and what it then does earn."""

    def _simulated(self, order):
        simulation = self.env["parts.commission.simulation"].with_user(self.li)
        return simulation.create({"order_id": order.id}).amount_total

    def test_as_the_invoice_earns_it(self):
        """Tax inside, a discount of 20 %, two rates: 920 / 1.15 = 800 at 5 %."""
        inside = self.tax_sale_a.copy({"name": "15 inside"})
        inside.price_include_override = "tax_included"
        self._rules((self.filter, 5.0), (None, 10.0))
        order = self._new_order([(self.filter, 1150.0)], confirm=False, taxes=inside)
        order.order_line.discount = 20.0
        self.assertEqual(self._simulated(order), 40.0)
        order.action_confirm()
        invoice = self._invoice(order)
        self._pay(invoice, 920.0)
        self.assertEqual(self._earned(invoice), 40.0)

    def test_in_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        pricelist = (
            self.env["product.pricelist"]
            .sudo()
            .create({"name": "Euro", "currency_id": euro.id})
        )
        order = self._new_order(
            [(self.brake, 600.0)], confirm=False, pricelist_id=pricelist.id
        )
        self.assertEqual(self._simulated(order), 60.0)

    def test_a_share_of_an_odd_cent(self):
        """Two others have a third of 10.00 each: 3.33; the seller has 3.34."""
        self.plan.split_ids = [
            Command.create({"role": role, "share": 33.3333, "user_id": user.id})
            for role, user in (
                ("developer", self.wang),
                ("collector", self._new_user("acc_col", "base.group_user")),
            )
        ]
        order = self._new_order([(self.brake, 100.0)], confirm=False)
        self.assertEqual(self._simulated(order), 3.34)
