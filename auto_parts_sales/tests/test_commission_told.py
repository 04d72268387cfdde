from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionTold(CommissionCommon):
    """COM-2, COM-6: each entry says in one sentence what happened. 10 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._new_invoice([1000.0])
        cls.payment = cls._pay(cls.invoice, 400.0, date="2026-03-10")
        cls.collected = (
            f"10 % of $\xa0400.00 collected on 03/10/2026 from partner_a"
            f" ({cls.invoice.name}, Brake disc)"
        )

    def _told(self, move):
        """What the button on a document lists, from above."""
        action = move.action_parts_open_commission()
        entries = self.Entry.search(action["domain"], order="id")
        return [(entry.amount, entry.description) for entry in entries]

    def test_payment_rejected(self):
        self.payment.action_reject()
        told = [
            (40.0, self.collected),
            (-40.0, f"Taken back because the payment was rejected: {self.collected}"),
        ]
        self.assertEqual(self._told(self.invoice), told)
        self.assertEqual(self._told(self.payment), told)

    def test_payment_draft_and_posted_again(self):
        self.payment.action_draft()
        self.payment.action_post()
        back = "Taken back because the payment was reset to draft"
        self.assertEqual(
            self._told(self.payment),
            [
                (40.0, self.collected),
                (-40.0, f"{back}: {self.collected}"),
                (40.0, self.collected),
            ],
        )

    def test_credit_note_matched_and_unmatched(self):
        """200 less: 400 are half of 800. The invoice earns 10 more, the note −10."""
        note = self._credit(self.invoice, [(self.brake, 200.0)])
        part = self.collected.replace("400.00", "100.00")
        credited = (
            f"10 % of $\xa0100.00 credited to or paid back on 03/10/2026 to partner_a"
            f" ({note.name}, Brake disc)"
        )
        matched = "a credit note was matched or unmatched"
        self.assertEqual(
            self._told(self.invoice)[1:],
            [(10.0, f"Put right because {matched}: {part}")],
        )
        self.assertEqual(self._told(note), [(-10.0, credited)])
        self._partials(note).unlink()
        [(amount, sentence)] = self._told(note)[1:]
        self.assertEqual(amount, 10.0)
        self.assertTrue(sentence.startswith("Taken back because "), sentence)
        self.assertTrue(sentence.endswith(credited), sentence)
        self.assertEqual(self._told(self.invoice)[2][0], -10.0)

    def test_button_shows_the_sentences(self):
        told = self.env.ref("auto_parts_sales.parts_commission_entry_view_list_told")
        for document in (self.invoice, self.payment):
            action = document.action_parts_open_commission()
            self.assertEqual(action["views"][0], (told.id, "list"))
            modes = [mode for _view, mode in action["views"]]
            self.assertEqual(modes, ["list", "kanban", "pivot", "graph", "form"])

    def test_way_to_a_payment_that_salespeople_do_not_read(self):
        """COM-6: the accountant gets the payment, its salesperson what it brought."""
        entry = self._entries(self.invoice)
        finance = self._new_user("com_fin", "auto_parts_sales.group_parts_finance")
        action = entry.with_user(finance).sudo(False).action_open_payment()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("account.payment", self.payment.id),
        )
        mine = entry.with_user(self.li).sudo(False)
        action = mine.action_open_payment()
        self.assertEqual(action["name"], self.payment.name)
        self.assertEqual(mine.search(action["domain"]), entry)
        action = mine.action_open_invoice()
        self.assertEqual(action["res_model"], "account.move", "his own invoice")
        theirs = self._new_invoice([100.0], user=self.wang)
        theirs = theirs.with_user(self.li).sudo(False)
        action = mine._get_document_action(theirs, "move_id", theirs.name)
        self.assertFalse(mine.search(action["domain"]), "nothing of a colleague's")
