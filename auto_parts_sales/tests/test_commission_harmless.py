from contextlib import ExitStack
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import parts_commission_issue
from ..models.parts_commission_issue import CHECKED_PARAMETER
from .commission_common import CommissionCommon

ENGINE = "odoo.addons.auto_parts_sales.models.parts_commission_engine"
DOORS = ("_follow_moves", "_follow_payments", "_follow_partials")


def without_hooks(cls_registry):
    """Patch the doors of the engine away, as if the addon were not there."""
    engine = cls_registry["parts.commission.engine"]
    return (
        patch.object(engine, "_follow_moves", lambda self, moves, promise=False: None),
        patch.object(engine, "_follow_partials", lambda self, partials, without: None),
    )


@tagged("post_install", "-at_install")
class TestCommissionHarmless(CommissionCommon):
    """It harms nobody: no cost without a plan, no stop when it fails."""

    def _night(self):
        """Run the nightly check; its commits mean nothing inside a test."""
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 1.0):
            self.env["parts.commission.issue"].sudo()._cron_check()

    def _new_bill(self):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create({"product_id": self.brake.id, "price_unit": 9.0})
                ],
            }
        )

    def _work(self, user=None):
        """A day in accounting: post, pay, undo, reject, pay again, unmatch."""
        invoice = self._new_invoice([100.0, 50.0], user=user)
        payment = self._pay(invoice, 60.0)
        payment.action_draft()
        payment.action_post()
        payment.action_reject()
        self._pay(invoice, 40.0)
        self._partials(invoice)[:1].unlink()
        bill = self._new_bill()
        bill.action_post()
        self._pay(bill, 5.0)
        invoice.button_draft()
        self.env.flush_all()
        return invoice

    def _work_and_count(self, user=None):
        """Return how many queries each call of a door took, from a cold cache."""
        engine = type(self.env["parts.commission.engine"])
        counts = []

        def watch(door):
            def watched(this, *args, **kwargs):
                before = this.env.cr.sql_log_count
                door(this, *args, **kwargs)
                counts.append(this.env.cr.sql_log_count - before)

            return watched

        with ExitStack() as stack:
            for name in DOORS:
                door = watch(getattr(engine, name))
                stack.enter_context(patch.object(engine, name, door))
            self.env.invalidate_all()
            self._work(user)
        return counts

    def test_no_query_without_a_plan(self):
        """Core's own count wobbles by one between equal runs; ours is exactly 0."""
        self.plan.unlink()
        self.company.parts_commission_in_use = False
        counts = self._work_and_count()
        self.assertGreater(len(counts), 15, "posting, payments, partials were seen")
        self.assertEqual(sum(counts), 0)

    def test_vendor_bills_cost_nothing_with_a_plan(self):
        bill = self._new_bill()
        counts = []
        engine = type(self.env["parts.commission.engine"])
        guard = lambda this, documents, *args: counts.append(documents)  # noqa: E731
        with patch.object(engine, "_guard", guard):
            bill.action_post()
            self._pay(bill, 5.0)
        self.assertFalse(counts)

    def test_ledger_is_not_read_without_a_promise(self):
        """A plan is there, but not for this salesperson."""
        derive = patch.object(
            type(self.env["parts.commission.engine"]), "_derive", side_effect=ValueError
        )
        with derive as spy:
            self._work(self.wang)
        spy.assert_not_called()

    def test_failure_stops_nobody_and_is_tried_again(self):
        engine = type(self.env["parts.commission.engine"])
        invoice = self._new_invoice([1000.0])

        def fail(*args, **kwargs):
            self.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(engine, "_derive", fail),
            mute_logger(ENGINE, "odoo.sql_db"),
        ):
            payment = self._pay(invoice, 400.0)
        self.assertEqual(payment.state, "in_process")
        self.assertEqual(invoice.amount_residual, 600.0)
        self.assertFalse(self._entries(invoice))
        issue = self.env["parts.commission.issue"].search(
            [("move_id", "=", invoice.id)]
        )
        self.assertRecordValues(issue, [{"state": "open", "kind": "failure"}])
        self.assertIn("division by zero", issue.error)
        issue.with_user(
            self._new_user("com_f", "auto_parts_sales.group_parts_finance")
        ).action_retry()
        self.assertEqual(issue.state, "solved")
        self.assertEqual(self._earned(invoice), 40.0)

    def test_one_bad_invoice_does_not_take_the_others(self):
        first, second = self._new_invoice([100.0]), self._new_invoice([200.0])
        engine = type(self.env["parts.commission.engine"])
        derive = engine._derive

        def fail(this, documents, without=None):
            if first in documents:
                raise ValueError("no")
            return derive(this, documents, without)

        with patch.object(engine, "_derive", fail), mute_logger(ENGINE):
            self._pay(first | second, 300.0)
        self.assertFalse(self._entries(first))
        self.assertEqual(self._earned(second), 20.0)

    def test_failure_while_looking_for_documents(self):
        """Who reconciles or rejects goes on; the night finds what was not seen."""
        invoice = self._new_invoice([1000.0])
        engine = type(self.env["parts.commission.engine"])
        broken = patch.object(engine, "_get_documents_behind", side_effect=ValueError)
        with broken, mute_logger(ENGINE):
            payment = self._pay(invoice, 400.0)
            self.assertEqual(self._earned(invoice), 40.0)
            payment.action_reject()
        self.assertEqual(payment.state, "rejected")
        self.assertEqual(self._earned(invoice), 40.0)
        self._night()
        self.assertEqual(self._earned(invoice), 0.0)

    def test_failure_at_posting(self):
        basis = type(self.env["parts.commission.basis"])
        invoice = self._new_invoice([100.0], post=False)
        with (
            patch.object(basis, "_promise", side_effect=ValueError("no")),
            mute_logger(ENGINE),
        ):
            invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(self.Basis.search([("move_id", "=", invoice.id)]))
        self._night()
        self.assertTrue(self.Basis.search([("move_id", "=", invoice.id)]))

    def test_night_finds_nothing_and_lists_what_was_missed(self):
        invoice = self._new_invoice([100.0])
        payment = self._pay(invoice, 50.0)
        issues = self.env["parts.commission.issue"]
        self._night()
        self.assertFalse(issues.search([]))
        first, second = without_hooks(self.env.registry)
        with first, second:
            payment.action_reject()
        self.assertEqual(self._earned(invoice), 5.0)
        with mute_logger("odoo.addons.auto_parts_sales.models.parts_commission_issue"):
            self._night()
        self.assertEqual(self._earned(invoice), 0.0)
        issue = issues.search([])
        self.assertRecordValues(issue, [{"kind": "difference", "move_id": invoice.id}])
        self.assertRegex(issue.error, r"5\.00 for com_li")
        self.assertIn("the payment was rejected", issue.error)

    def test_each_missed_entry_is_listed(self):
        """Two lines and the matched credit note: three entries on two documents."""
        invoice = self._new_invoice([100.0, 60.0])
        note = self._credit(invoice, [(self.brake, 60.0)])
        payment = self._pay(invoice, 50.0)
        first, second = without_hooks(self.env.registry)
        with first, second:
            payment.action_reject()
        with mute_logger("odoo.addons.auto_parts_sales.models.parts_commission_issue"):
            self._night()
        issues = self.env["parts.commission.issue"].search([]).grouped("move_id")
        self.assertEqual(set(issues), {invoice, note})
        self.assertEqual(len(issues[invoice].error.splitlines()), 2)
        self.assertEqual(len(issues[note].error.splitlines()), 1)

    def test_check_everything_begins_at_the_beginning(self):
        """Also where a run before stopped somewhere, or at the end."""
        invoice = self._new_invoice([100.0])
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(CHECKED_PARAMETER, invoice.id)
        finance = self._new_user("com_fin", "auto_parts_sales.group_parts_finance")
        issues = self.env["parts.commission.issue"].with_user(finance).sudo(False)
        with patch.object(parts_commission_issue, "AT_ONCE", 0):
            issues.action_check_all()
        self.assertEqual(int(parameters.get_param(CHECKED_PARAMETER, 0)), 0)
        cron = type(self.env["ir.cron"])
        with (
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 0.0),
            patch.object(type(issues), "_check_moves") as checked,
        ):
            issues.sudo()._cron_check_all()
        self.assertIn(invoice, checked.call_args.args[0])
        self.assertEqual(
            int(parameters.get_param(CHECKED_PARAMETER, 0)), 0, "its time was up"
        )

    def test_callers_defaults_do_not_reach_the_ledger(self):
        invoice = self._new_invoice([100.0])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=invoice.ids,
            default_user_id=self.wang.id,
            default_amount=7.0,
            default_factor=3.0,
        )
        wizard.create({"payment_date": "2026-03-02", "amount": 50})._create_payments()
        self.assertRecordValues(
            self._entries(invoice),
            [{"user_id": self.li.id, "amount": 5.0, "factor": 1.0}],
        )

    def test_invoice_and_payment_show_a_button(self):
        invoice = self._new_invoice([100.0, 50.0])
        payment = self._pay(invoice, 60.0)
        for record in (invoice, payment):
            record = record.with_user(self.simple_accountman)
            self.assertEqual(record.parts_commission_count, 2)
            self.assertIn(
                "action_parts_open_commission",
                record.get_view(view_type="form")["arch"],
            )
            action = record.action_parts_open_commission()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, self._entries(invoice).sudo(False))

    def test_draft_invoice_with_promise_can_be_deleted(self):
        invoice = self._new_invoice([100.0])
        self._pay(invoice, 60.0).action_draft()
        invoice.button_draft()
        entries = self._entries(invoice)
        invoice.name = False
        invoice.with_context(force_delete=True).unlink()
        entries.invalidate_recordset()
        self.assertFalse(entries.move_id)
        self.assertEqual(sum(entries.mapped("amount")), 0.0)
        self.assertTrue(all(entries.mapped("description")))
