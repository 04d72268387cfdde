from odoo.exceptions import AccessError
from odoo.tests import tagged

from .credit_file_common import CreditFileCommon

# As in daily work: tests are made without the chatter's tracking
TRACKED = {"tracking_disable": False, "mail_notrack": False}


@tagged("post_install", "-at_install")
class TestCreditHistory(CreditFileCommon):
    # CRD-6, CRD-8: the file with the history of every change, and its papers

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_hands = "two"
        cls.file = cls._new_file(300.0, term_days=30, risk_class="c")

    def _history(self):
        """Return ``[(author, field, before, after)]``, the oldest first."""
        self.env.flush_all()
        self.cr.precommit.run()
        changes = []
        for message in self.file.message_ids.sorted("id"):
            for value in message.sudo().tracking_value_ids:
                name = value.field_id.name
                kind = "char" if value.old_value_char or value.new_value_char else ""
                kind = kind or self.file._fields[name].type
                kind = {"monetary": "float", "boolean": "integer"}.get(kind, kind)
                changes.append(
                    (
                        message.author_id,
                        name,
                        value[f"old_value_{kind}"],
                        value[f"new_value_{kind}"],
                    )
                )
        return changes

    def test_what_the_keeper_lowers(self):
        self.assertFalse(self._history())
        file = self.file.with_user(self.keeper).with_context(**TRACKED)
        file.write({"credit_limit": 250.0, "term_days": 20, "blocked": True})
        keeper = self.keeper.partner_id
        self.assertCountEqual(
            self._history(),
            [
                (keeper, "credit_limit", 300.0, 250.0),
                (keeper, "term_days", 30, 20),
                (keeper, "blocked", 0, 1),
            ],
        )

    def test_what_was_approved(self):
        change = self._propose(purpose="raise", credit_limit=500.0)
        approval = self._submit(change)
        self.assertFalse(self._history())
        boss = approval.with_user(self.general_manager).with_context(**TRACKED)
        boss.action_approve()
        self.assertEqual(
            self._history(),
            [(self.general_manager.partner_id, "credit_limit", 300.0, 500.0)],
        )
        # and the proposal is kept with its reason
        self.assertEqual(self.file.change_ids, change)
        self.assertEqual(change.reason, "Good customer")

    def test_refused_leaves_no_trace_on_the_file(self):
        approval = self._submit(self._propose(purpose="raise", credit_limit=500.0))
        boss = approval.with_user(self.general_manager).with_context(**TRACKED)
        boss.action_refuse("no")
        self.assertFalse(self._history())

    def test_papers_are_for_who_reads_the_file(self):
        attach = self.env["ir.attachment"].with_user(self.keeper).create
        paper = attach(
            {
                "name": "Balance sheet",
                "raw": b"1,234",
                "res_model": "parts.credit.file",
                "res_id": self.file.id,
            }
        )
        for user in (self.finance, self.general_manager):
            self.assertEqual(paper.with_user(user).raw, b"1,234")
        with self.assertRaises(AccessError):
            paper.with_user(self.seller).read(["raw"])
        # what he attached to his own proposal he reads
        change = self._propose(purpose="raise", credit_limit=500.0)
        attach = self.env["ir.attachment"].with_user(self.seller).create
        paper = attach(
            {
                "name": "Order book",
                "raw": b"56",
                "res_model": "parts.credit.change",
                "res_id": change.id,
            }
        )
        for user in (self.seller, self.finance):
            self.assertEqual(paper.with_user(user).raw, b"56")

    def test_accountants_see_all_parts(self):
        accountant = self._new_user("accountant", "account.group_account_invoice")
        self._new_order(3).action_confirm()
        parts = ["exposure", "exposure_orders", "available", "credit_limit"]
        [found] = self.file.with_user(accountant).read(parts)
        found.pop("id")
        self.assertEqual(
            found,
            {
                "exposure": 300.0,
                "exposure_orders": 300.0,
                "available": 0.0,
                "credit_limit": 300.0,
            },
        )
        # he reads, and changes nothing
        with self.assertRaises(AccessError):
            self.file.with_user(accountant).write({"credit_limit": 0.0})
        for attempt in ("read", "action_view_orders", "action_view_receivable"):
            args = [parts] if attempt == "read" else []
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                getattr(self.file.with_user(self.seller), attempt)(*args)
