from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractEnding(ContractCommon):
    # CON-5: suspension, completion, termination

    def _with_deposit(self, nature="earnest", percent=20, **values):
        """Return a contract of 1,000.00 in force, a part of it paid at signing."""
        return self._effective(
            self._new_contract(
                instalment_ids=[
                    Command.create(
                        {"percent": percent, "event": "signing", "nature": nature}
                    ),
                    Command.create({"percent": 100 - percent, "event": "delivery"}),
                ],
                **values,
            )
        )

    def _pay(self, contract, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "memo": f"Deposit {contract.name}",
            }
        )
        payment.action_post()
        return payment

    def _terminated(self, contract, breach):
        action = contract.with_user(self.general_manager).action_terminate(
            "He never took the goods", breach=breach
        )
        return self.env["parts.contract.settlement"].browse(action["res_id"])

    def test_advance_is_returned(self):
        contract = self._with_deposit(nature="advance", percent=30)
        self._pay(contract, 300.0)
        settlement = self._terminated(contract, "theirs")
        self.assertRecordValues(
            settlement,
            [
                {
                    "paid": 300.0,
                    "earnest": 0.0,
                    "delivered": 0.0,
                    "kept": 0.0,
                    "to_return": 300.0,
                    "still_owed": 0.0,
                }
            ],
        )
        self.assertEqual(contract.state, "terminated")
        payment = settlement.payment_id
        self.assertEqual(
            (payment.state, payment.payment_type, payment.amount),
            ("draft", "outbound", 300.0),
        )

    def test_earnest_money_is_kept_if_the_customer_breaks_it(self):
        contract = self._with_deposit()
        self._pay(contract, 200.0)
        settlement = self._terminated(contract, "theirs")
        self.assertRecordValues(
            settlement,
            [{"paid": 200.0, "earnest": 200.0, "kept": 200.0, "to_return": 0.0}],
        )
        self.assertFalse(settlement.payment_id)

    def test_earnest_money_is_returned_twice_if_we_break_it(self):
        contract = self._with_deposit()
        self._pay(contract, 200.0)
        settlement = self._terminated(contract, "ours")
        self.assertRecordValues(
            settlement, [{"doubled": 200.0, "kept": 0.0, "to_return": 400.0}]
        )

    def test_earnest_money_by_agreement_is_returned_once(self):
        contract = self._with_deposit()
        self._pay(contract, 200.0)
        settlement = self._terminated(contract, "none")
        self.assertEqual(settlement.to_return, 200.0)

    def test_earnest_money_beyond_a_fifth_is_an_advance(self):
        # 50 per cent called earnest money: 200.00 are, 300.00 are an advance
        contract = self._with_deposit(percent=50)
        self._pay(contract, 500.0)
        settlement = self._terminated(contract, "theirs")
        self.assertRecordValues(
            settlement, [{"earnest": 200.0, "kept": 200.0, "to_return": 300.0}]
        )

    def test_what_was_delivered_is_taken_off(self):
        contract = self._with_deposit(nature="advance", percent=30)
        self._pay(contract, 300.0)
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        order.sudo().order_line.qty_delivered = 2  # 200.00
        settlement = self._terminated(contract, "none")
        self.assertRecordValues(
            settlement, [{"delivered": 200.0, "to_return": 100.0, "still_owed": 0.0}]
        )

    def test_more_delivered_than_paid_is_still_owed(self):
        contract = self._with_deposit(nature="advance", percent=30)
        self._pay(contract, 300.0)
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        order.sudo().order_line.qty_delivered = 5
        settlement = self._terminated(contract, "none")
        self.assertRecordValues(settlement, [{"to_return": 0.0, "still_owed": 200.0}])

    def test_what_was_invoiced_and_not_delivered_is_credited(self):
        self.part.invoice_policy = "order"
        contract = self._effective(self._new_contract())
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        order.sudo().order_line.qty_delivered = 4
        settlement = self._terminated(contract, "none")
        note = settlement.move_ids
        self.assertEqual((note.move_type, note.state), ("out_refund", "draft"))
        self.assertEqual(note.amount_total, 600.0)
        self.assertEqual(note.parts_contract_id, contract)
        self.assertEqual(settlement.invoiced, 1000.0)

    def test_terminated_nothing_is_ordered_or_leaves(self):
        contract = self._effective(self._new_contract())
        order = self._new_order(10, parts_contract_id=contract.id)
        self._terminated(contract, "none")
        with self._held("not in force"):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, "not in force"):
            contract.action_new_order()
        self.assertFalse(contract._effective_date())

    def test_who_may(self):
        contract = self._effective(self._new_contract())
        for user, may in (
            (self.seller, False),
            (self.legal_post, False),
            (self.supply, False),
            (self.general_manager, True),
        ):
            with self.subTest(user=user.name):
                own = contract.with_user(user)
                if may:
                    own.action_suspend("Dispute")
                    own.action_resume()
                    continue
                for act in (
                    lambda own=own: own.action_suspend("Dispute"),
                    lambda own=own: own.action_terminate("Dispute"),
                    lambda own=own: own.action_complete(),
                ):
                    with self.assertRaises(AccessError):
                        act()
        with self.assertRaises(AccessError):
            contract.with_user(self.accountant).action_terminate("Dispute")
        contract.with_user(self.accountant).action_suspend("He does not pay")
        self.assertEqual(contract.state, "suspended")

    def test_reasons_and_states(self):
        contract = self._new_contract()
        boss = contract.with_user(self.general_manager)
        with self.assertRaisesRegex(UserError, "“Draft”"):
            boss.action_suspend("Dispute")
        self._effective(contract)
        with self.assertRaisesRegex(UserError, "Say why"):
            boss.action_suspend("  ")
        with self.assertRaisesRegex(UserError, "Say who broke"):
            boss.action_terminate("Dispute", breach="them")
        with self.assertRaisesRegex(UserError, "“Effective”"):
            boss.action_resume()

    def test_complete_once_all_is_delivered_and_paid(self):
        contract = self._effective(self._new_contract())
        boss = contract.with_user(self.general_manager)
        with self.assertRaisesRegex(UserError, "Nothing was ordered"):
            boss.action_complete()
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        order.sudo().picking_ids.action_cancel()
        order.sudo().order_line.qty_delivered = 10
        with self.assertRaisesRegex(UserError, "Not paid yet"):
            boss.action_complete()
        self._pay(contract, 1000.0)
        boss.action_complete()
        self.assertEqual(contract.state, "done")
        self.assertEqual(contract._effective_date(), self.today)

    def test_terminating_gives_the_amendment_up(self):
        contract = self._effective(self._new_contract())
        contract.action_amend("More")
        version = contract.open_version_id
        self._terminated(contract, "none")
        self.assertEqual(version.state, "dropped")

    def test_dialog_shows_what_would_be_settled(self):
        contract = self._with_deposit()
        self._pay(contract, 200.0)
        dialog = self.env["parts.contract.end"].with_user(self.general_manager)
        form = Form(dialog.with_context(default_contract_id=contract.id))
        form.act = "terminate"
        form.breach = "ours"
        form.reason = "We cannot deliver"
        self.assertEqual(form.to_return, 400.0)
        form.save().action_carry_out()
        self.assertEqual(contract.state, "terminated")
