from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractGiveUp(ContractCommon):
    # CON-5: what was submitted and never comes into force has an end, too

    def _approved(self, **values):
        contract = self._new_contract(**values)
        contract.action_submit()
        self.assertEqual(contract.state, "approved")
        return contract

    def test_the_customer_does_not_sign(self):
        contract = self._approved()
        contract.action_give_up("He bought elsewhere")
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "dropped",
                    "close_reason": "He bought elsewhere",
                    "date_closed": self.today,
                    "date_effective": False,
                }
            ],
        )
        self.assertEqual(contract.current_version_id.state, "dropped")
        self.assertFalse(contract._effective_date())
        self.assertFalse(contract.sudo()._is_shown())
        with self.assertRaisesRegex(UserError, "not to be signed now"):
            contract.with_user(self.general_manager).action_sign("ours")
        for act in ("action_submit", "action_withdraw", "action_amend"):
            with self.subTest(act=act), self.assertRaises(UserError):
                getattr(contract, act)()
        with self.assertRaises(UserError):
            contract.unlink()

    def test_withdrawn_after_its_approval(self):
        # a second version: neither deleted nor terminated, but given up
        contract = self._approved()
        contract.action_withdraw()
        self.assertEqual((contract.state, contract.number), ("draft", 2))
        with self.assertRaises(UserError):
            contract.unlink()
        self.assertTrue(contract.may_give_up)
        contract.action_give_up("Not wanted any more")
        self.assertEqual(contract.state, "dropped")
        self.assertEqual(set(contract.version_ids.mapped("state")), {"dropped"})

    def test_requests_become_void(self):
        contract = self._new_contract(quantity=6000)  # 600,000.00: important
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        [request] = self._pending(contract)
        contract.action_give_up("Too large")
        self.assertEqual((contract.state, request.state), ("dropped", "void"))

    def test_quotations_are_free_for_another_one(self):
        order = self._new_order(10)
        contract = self.env["parts.contract"].browse(
            order.with_user(self.seller).action_parts_draw_contract()["res_id"]
        )
        contract.with_user(self.seller).action_submit()
        contract.with_user(self.seller).action_give_up("Other terms")
        self.assertFalse(order.parts_contract_id)
        order.with_user(self.seller).action_parts_draw_contract()
        self.assertNotEqual(order.parts_contract_id, contract)

    def test_not_while_documents_hang_on_it(self):
        contract = self._approved()
        self.company.parts_contract_control = False
        order = self._order_under(contract, 1)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, order.name):
            contract.action_give_up("Not needed")
        order._action_cancel()
        contract.action_give_up("Not needed")
        self.assertEqual(contract.state, "dropped")

    def test_who_and_when(self):
        draft = self._new_contract()
        self.assertFalse(draft.may_give_up)  # never submitted: it is deleted
        contract = self._approved()
        self.assertTrue(contract.may_give_up)
        for user in (self.accountant, self.legal, self.supply):
            with self.subTest(user=user.login):
                self.assertFalse(contract.with_user(user).may_give_up)
                with self.assertRaises(AccessError):
                    contract.with_user(user).action_give_up("No")
        with self.assertRaisesRegex(UserError, "Say why"):
            contract.action_give_up(" ")
        self._sign(contract)
        self.assertFalse(contract.may_give_up)
        with self.assertRaisesRegex(UserError, "is “Effective”"):
            contract.action_give_up("Too late")

    def test_dialog(self):
        contract = self._approved()
        action = contract.action_ask_give_up()
        dialog = self.env[action["res_model"]].with_user(self.seller)
        dialog = dialog.with_context(**action["context"])
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.create({}).action_carry_out()
        form = Form(dialog)
        form.reason = "He bought elsewhere"
        form.save().action_carry_out()
        self.assertEqual(contract.state, "dropped")

    def test_what_is_suspended_is_terminated_by_the_dialog(self):
        contract = self._effective(self._new_contract())
        contract = contract.with_user(self.general_manager)
        self.assertEqual(contract.action_ask_end()["context"]["default_act"], "suspend")
        contract.action_suspend("Overdue")
        context = contract.action_ask_end()["context"]
        self.assertEqual(context["default_act"], "terminate")
        dialog = self.env["parts.contract.end"].with_user(self.general_manager)
        form = Form(dialog.with_context(**context))
        form.reason = "Nothing was paid"
        form.save().action_carry_out()
        self.assertEqual(contract.state, "terminated")
