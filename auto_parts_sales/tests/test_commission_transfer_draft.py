from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .commission_common import CommissionCommon, TransferMixin

P = "auto_parts_sales.group_parts_"


@tagged("post_install", "-at_install")
class TestCommissionTransferDraft(TransferMixin, CommissionCommon):
    """COM-1: a transfer is a draft until somebody carries it out."""

    def test_a_draft_does_nothing(self):
        """Not even where its invoice is named, reset and posted again."""
        invoice = self._new_invoice([1000.0])
        draft = self._draft(move_ids=[(6, 0, invoice.ids)])
        self.assertEqual(draft.state, "draft")
        self._pay(invoice, 300.0, date="2026-03-22")
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 2.0
        invoice.action_post()
        self.assertEqual(set(self._by_user(invoice)), {self.li})
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.user_id, self.li)
        self.assertIdle(invoice)

    def test_carried_out(self):
        """300 of 1,000 came before it was carried out, on its day: Wang's."""
        invoice = self._new_invoice([1000.0])
        self._pay(invoice, 200.0, date="2026-03-19")
        self._pay(invoice, 300.0, date="2026-03-20")
        draft = self._draft()
        self.assertEqual(self._by_user(invoice), {self.li: 50.0})
        draft.action_carry_out()
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "done",
                    "done_user_id": self.office.id,
                    "move_ids": invoice.ids,
                }
            ],
        )
        self.assertTrue(draft.done_date)
        self.assertEqual(self._by_user(invoice), {self.li: 20.0, self.wang: 30.0})
        self.assertIdle(invoice)

    def test_a_draft_is_changed_and_deleted(self):
        self._new_invoice([1000.0])
        draft = self._draft()
        draft.write({"reason": "Wang takes over", "date": "2026-04-01"})
        deputy = self._new_user("com_deputy", f"{P}finance_deputy")
        draft.with_user(deputy).sudo(False).reason = "another wording"
        self.assertEqual(draft.reason, "another wording")
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_nobody_gets_round_the_button(self):
        """COM-1 over RPC: create, write, copy, import, a default in the context."""
        self._new_invoice([1000.0])
        for vals in (
            {"state": "done"},
            {"done_date": "2026-03-20 10:00:00"},
            {"done_user_id": self.office.id},
        ):
            with self.subTest(vals=vals):
                with self.assertRaisesRegex(AccessError, "Carry Out"):
                    self._draft(**vals)
                draft = self._draft()
                with self.assertRaisesRegex(AccessError, "Carry Out"):
                    draft.write(vals)
                with self.assertRaisesRegex(AccessError, "Carry Out"):
                    draft.copy(vals)
        transfers = self.env["parts.commission.transfer"].with_user(self.office)
        vals = {
            "user_from_id": self.li.id,
            "user_to_id": self.wang.id,
            "reason": "Li has left",
        }
        decided = transfers.with_context(
            default_state="done",
            default_done_user_id=self.office.id,
            default_done_date="2026-03-20 10:00:00",
        ).create(vals)
        self.assertRecordValues(
            decided, [{"state": "draft", "done_date": False, "done_user_id": False}]
        )
        names = ["user_from_id/.id", "user_to_id/.id", "date", "reason", "state"]
        row = [str(self.li.id), str(self.wang.id), "2026-03-20", "leaves", "done"]
        result = transfers.load(names, [row])
        self.assertFalse(result["ids"])
        self.assertIn("Carry Out", result["messages"][0]["message"])
        self.assertFalse(self.Basis.search([("transfer_id", "!=", False)]))

    def test_a_copy_of_what_was_carried_out_is_a_draft(self):
        self._new_invoice([1000.0])
        done = self._transfer()
        with freeze_time("2026-04-02"):
            draft = done.copy()
            self.assertRecordValues(
                draft, [{"state": "draft", "move_ids": [], "done_date": False}]
            )
            self.assertEqual(str(draft.date), "2026-04-02")

    def test_who_may(self):
        self._new_invoice([1000.0])
        draft = self._draft()
        manager = self._new_user("com_gm", f"{P}general_manager")
        finance = self._new_user("com_fin", f"{P}finance")
        for user in (finance, self.li, self.wang):
            for act in ("action_carry_out", "unlink"):
                with self.subTest(user=user.login, act=act):
                    with self.assertRaises(AccessError):
                        getattr(draft.with_user(user).sudo(False), act)()
        own = self._draft(manager, user_to_id=self.office.id)
        for act in (
            lambda: own.with_user(self.office).action_carry_out(),
            lambda: own.with_user(self.office).write({"reason": "mine"}),
            lambda: own.with_user(self.office).write({"user_to_id": self.wang.id}),
            lambda: own.with_user(self.office).unlink(),
            lambda: draft.write({"user_to_id": self.office.id}),
        ):
            with self.assertRaisesRegex(AccessError, "himself"):
                with self.env.cr.savepoint():
                    act()
        draft.with_user(manager).sudo(False).action_carry_out()
        self.assertEqual(draft.done_user_id, manager)

    def test_salespeople_read_what_was_carried_out(self):
        self._new_invoice([1000.0])
        draft = self._draft()
        own = self.env["parts.commission.transfer"].with_user(self.li)
        self.assertFalse(own.search([]))
        draft.action_carry_out()
        self.assertEqual(own.search([]), draft)

    def test_its_day_has_gone_by(self):
        self._new_invoice([1000.0])
        draft = self._draft()
        with freeze_time("2026-03-21"):
            draft.reason = "still a draft"
            with self.assertRaisesRegex(ValidationError, "from today"):
                draft.action_carry_out()
            draft.date = "2026-03-21"
            draft.action_carry_out()

    def test_nothing_to_hand_over_stays_a_draft(self):
        draft = self._draft()
        with self.assertRaisesRegex(UserError, "no open commission"):
            draft.action_carry_out()
        self.assertEqual(draft.state, "draft")

    def test_carried_out_in_another_order_than_drawn_up(self):
        """Wang to Third was drawn up first, Li to Wang carried out first; the invoice
        that is posted again goes through them in the order of the hands."""
        third = self._new_user("com_third", "sales_team.group_sale_salesman")
        invoice = self._new_invoice([1000.0])
        second = self._draft(user_from_id=self.wang.id, user_to_id=third.id)
        self._transfer()
        second.action_carry_out()
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 2.0
        invoice.action_post()
        self._pay(invoice, 2000.0, date="2026-03-22")
        self.assertEqual(self._by_user(invoice), {third: 200.0})
        self.assertIdle(invoice)

    def test_transfers_from_before_there_were_drafts(self):
        """An upgrade finds the columns empty: they were carried out when made."""
        former = self._draft()
        for column in ("state", "done_date", "done_user_id"):
            former._init_column(column)
        former.invalidate_recordset()
        self.assertRecordValues(
            former,
            [
                {
                    "state": "done",
                    "done_date": former.create_date,
                    "done_user_id": self.office.id,
                }
            ],
        )
