from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import parts_commission_issue
from .commission_common import CommissionCommon
from .test_commission_harmless import without_hooks

ISSUE = "odoo.addons.auto_parts_sales.models.parts_commission_issue"


@tagged("post_install", "-at_install")
class TestCommissionCheck(CommissionCommon):
    """COM-1: the repair action says what it found, also that it found nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._new_user("com_fin", "auto_parts_sales.group_parts_finance")
        cls.Issue = cls.env["parts.commission.issue"].sudo()
        cls.cron = cls.env.ref("auto_parts_sales.parts_commission_check_all_cron")

    def _ask(self):
        issues = self.env["parts.commission.issue"].with_user(self.finance).sudo(False)
        with mute_logger(ISSUE):
            action = issues.action_check_all()
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]

    def _checks(self):
        return self.Issue.search([("kind", "=", "check")], order="id")

    def _reject_unseen(self, payment):
        first, second = without_hooks(self.env.registry)
        with first, second:
            payment.action_reject()

    def test_nothing_different(self):
        invoice = self._new_invoice([100.0])
        self._pay(invoice, 50.0)
        note = self._credit(invoice, [(self.brake, 20.0)])
        told = self._ask()
        self.assertEqual(told["type"], "success")
        self.assertEqual(
            told["message"], "2 invoices compared: the ledger agrees with the accounts."
        )
        self.assertRecordValues(
            self._checks(),
            [
                {
                    "state": "solved",
                    "create_uid": self.finance.id,
                    "company_id": self.company.id,
                    "compared": 2,
                    "different": 0,
                    "error": told["message"],
                }
            ],
        )
        self.assertFalse(self.Issue.search([("kind", "!=", "check")]))
        self.assertIdle(invoice | note)

    def test_nothing_at_all(self):
        self.assertEqual(self._ask()["type"], "success")

    def test_differences_are_listed_with_their_cause(self):
        """5.00 were earned on a payment that was rejected unseen."""
        invoice = self._new_invoice([100.0])
        self._new_invoice([70.0])
        payment = self._pay(invoice, 50.0)
        self._reject_unseen(payment)
        told = self._ask()
        self.assertEqual(told["type"], "warning")
        self.assertIn("2 invoices compared: on 1 something", told["message"])
        self.assertEqual(self._earned(invoice), 0.0)
        issue = self.Issue.search([("kind", "=", "difference")])
        self.assertEqual(issue.move_id, invoice)
        self.assertRegex(issue.error, r"5\.00 for com_li.*the payment was rejected")
        self.assertEqual(self._ask()["type"], "success", "it was put right")
        self.assertEqual(self._checks().mapped("different"), [1, 0])

    def test_what_was_found_twice_is_listed_twice(self):
        invoice = self._new_invoice([100.0])
        payment = self._pay(invoice, 50.0)
        self._reject_unseen(payment)
        self._ask()
        first, second = without_hooks(self.env.registry)
        with first, second:
            payment.action_draft()
            payment.action_post()
        self._ask()
        issue = self.Issue.search([("kind", "=", "difference")])
        self.assertEqual(len(issue.error.splitlines()), 2)

    def test_a_promise_that_was_missing(self):
        """Nothing was collected: only the promise was wrong, and that is told."""
        invoice = self._new_invoice([100.0])
        self.Basis.search([("move_id", "=", invoice.id)]).active = False
        self.assertEqual(self._ask()["type"], "warning")
        self.assertTrue(self.Basis.search([("move_id", "=", invoice.id)]))
        issue = self.Issue.search([("kind", "=", "difference")])
        self.assertEqual(issue.error, "Its commission was not promised: it is now.")
        self.assertEqual(self._ask()["type"], "success")

    def test_what_nobody_is_promised_any_more_is_no_difference(self):
        invoice = self._new_invoice([100.0])
        invoice.button_draft()
        self.plan.rule_ids.rate = 0.0
        invoice.invoice_line_ids.price_unit = 90.0
        invoice.action_post()
        self.assertFalse(self.Basis.search([("move_id", "=", invoice.id)]))
        self.assertEqual(self._ask()["type"], "success")

    def test_what_could_not_be_worked_out(self):
        invoice = self._new_invoice([100.0])
        engine = type(self.env["parts.commission.engine"])
        with (
            patch.object(engine, "_derive", side_effect=ValueError("no")),
            mute_logger("odoo.addons.auto_parts_sales.models.parts_commission_engine"),
        ):
            self.assertEqual(self._ask()["type"], "warning")
        issue = self.Issue.search([("kind", "=", "failure")])
        self.assertRecordValues(issue, [{"move_id": invoice.id, "error": "no"}])

    def test_many_in_the_background(self):
        """Who asked is told when it is done, and it is kept."""
        for _number in range(3):
            self._new_invoice([100.0])
        payment = self._pay(self._new_invoice([100.0]), 50.0)
        self._reject_unseen(payment)
        with patch.object(parts_commission_issue, "AT_ONCE", 3):
            told = self._ask()
        self.assertEqual(told["type"], "info")
        self.assertIn("4 invoices", told["message"])
        self.assertEqual(self._checks().state, "open")
        sent = []
        with (
            patch.object(parts_commission_issue, "BATCH", 2),
            patch.object(
                type(self.env["res.users"]),
                "_bus_send",
                lambda users, kind, message: sent.append((users, kind, message)),
            ),
            mute_logger(ISSUE),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()
        self.assertRecordValues(
            self._checks(), [{"state": "solved", "compared": 4, "different": 1}]
        )
        [(users, kind, message)] = sent
        self.assertEqual((users, kind), (self.finance, "simple_notification"))
        self.assertEqual(message["type"], "warning")
        self.assertIn("4 invoices compared: on 1", message["message"])

    def test_each_company_its_own(self):
        self._new_invoice([100.0])
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.finance.sudo().company_ids |= other
        issues = self.env["parts.commission.issue"].with_user(self.finance)
        issues.with_context(
            allowed_company_ids=(self.company | other).ids
        ).action_check_all()
        found = {check.company_id: check.compared for check in self._checks()}
        self.assertEqual(found, {self.company: 1, other: 0})

    def test_finance_alone(self):
        office = self._new_user("com_of", "auto_parts_sales.group_parts_sales_office")
        with self.assertRaises(AccessError):
            self.Issue.with_user(office).sudo(False).action_check_all()
