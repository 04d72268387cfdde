from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX
from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractWalk(ContractPaperCommon):
    """A single and a framework contract, from declaration to done, by all roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_contract_control = True
        cls.director = cls._new_user(
            "director", f"{PREFIX}sales_director", "sales_team.group_sale_manager"
        )
        cls.accountant = cls._new_user("accountant", f"{PREFIX}finance")
        cls.supply = cls._new_user("supply", f"{PREFIX}supply_chain")
        cls.part.is_storable = True
        cls.part.invoice_policy = "delivery"
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.part, warehouse.lot_stock_id, 1000
        )
        cls._new_authority("ours")
        cls._new_authority("theirs")
        cls.seal = cls.env["parts.contract.seal"].search(
            [("company_id", "=", cls.company.id)]
        )

    def _decide(self, document, *users):
        """Have ``users`` approve what waits on ``document``, each in his turn."""
        for user in users:
            pending = document.sudo().parts_approval_ids.filtered(
                lambda approval: approval.state == "pending"
            )
            pending.with_user(user).action_approve("In order")

    @contextmanager
    def _held(self, words):
        """Expect the gate to hold what is done within, and take it back."""
        with self.assertRaisesRegex(GateError, words) as held:
            with self.env.cr.savepoint():
                yield held

    def _sign_both(self, contract):
        version = contract.sudo().open_version_id
        contract.with_user(self.general_manager).action_sign("ours")
        self.assertEqual(contract.state, "approved")
        self._sign_portal(version)
        self.assertEqual(version.state, "effective")

    def _leave(self, order):
        picking = order.sudo().picking_ids.filtered(lambda p: p.state != "done")
        for move in picking.move_ids:
            move.quantity, move.picked = move.product_uom_qty, True
        picking.button_validate()

    def _invoice_and_pay(self, order):
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        return invoice

    def test_single(self):
        # 10,000 discs at 100.00: 1,000,000.00, by declaration, reviewed by all
        order = self._new_order(10000)
        order.order_line.product_uom_qty = 10000
        self.env["stock.quant"]._update_available_quantity(
            self.part, order.warehouse_id.lot_stock_id, 10000
        )
        with self._held("needs a written contract"):
            order.action_confirm()
        declaration = self.env["parts.contract.declaration"].browse(
            order.with_user(self.seller).action_parts_declare()["res_id"]
        )
        declaration.with_user(self.seller).action_parts_request_approval("Large one")
        self._decide(declaration, self.office, self.manager, self.general_manager)
        self.assertEqual(declaration.state, "approved")
        action = declaration.with_user(self.seller).action_make_contract()
        contract = self.env["parts.contract"].with_user(self.seller)
        contract = contract.browse(action["res_id"])
        self.assertEqual(order.parts_contract_id, contract)
        contract.template_id = self.template
        contract.instalment_ids = [
            Command.create({"percent": 100, "event": "delivery", "days": 30})
        ]
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        with self._held("not in force"):
            order.action_confirm()
        self._decide(
            contract,
            self.director,
            self.accountant,
            self.legal_post,
            self.supply,
            self.general_manager,
        )
        self.assertEqual(contract.state, "approved")
        self._sign_both(contract)
        self.assertEqual(contract.state, "effective")
        self.assertTrue(contract.sudo().filing_id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._leave(order)
        invoice = self._invoice_and_pay(order)
        self.assertEqual(invoice.parts_contract_id, contract)
        figures = contract._ledger_figures()[contract.id]
        self.assertEqual(
            [
                figures[name]
                for name in ("amount", "ordered", "delivered", "invoiced", "collected")
            ],
            [1000000.0] * 5,
        )
        contract.with_user(self.general_manager).action_complete()
        self.assertEqual(contract.state, "done")

    def test_changed_clause_waits_for_legal(self):
        # CON-3: wording: legal post; substance: legal department
        for verdict, decider in (
            ("wording", self.legal_post),
            ("substance", self.legal),
        ):
            with self.subTest(verdict=verdict):
                contract = self._new_contract()
                clause = contract.clause_ids[:1]
                clause.body_zh = "<p>另行约定</p>"
                contract.action_submit()
                self.assertEqual(contract.state, "review")
                self.assertFalse(contract.sudo().parts_approval_ids)
                clause.with_user(self.legal).action_judge(verdict)
                approval = contract.sudo().parts_approval_ids
                self.assertEqual((approval.kind, approval.state), ("clause", "pending"))
                self.assertEqual(approval.requester_id, self.seller)
                group = approval.step_ids.group_id
                self.assertIn(group, decider.sudo().all_group_ids)
                self.assertEqual(len(group), 1)
                other = self.legal if decider == self.legal_post else self.legal_post
                self.assertNotIn(group, other.sudo().all_group_ids)
                self._decide(contract, decider)
                self.assertEqual(contract.state, "approved")

    def test_legal_is_called_while_a_clause_is_not_judged(self):
        # CON-3: before its answer no request waits for anybody
        def called(contract):
            activities = contract.sudo().activity_ids.filtered(
                lambda activity: "wording or substance" in (activity.summary or "")
            )
            users = self.legal_post | self.legal | self.seller | self.office
            return activities.user_id & users

        contract = self._new_contract()
        clause = contract.clause_ids[:1]
        clause.body_zh = "<p>另行约定</p>"
        self.assertFalse(called(contract))
        contract.action_submit()
        self.assertEqual(called(contract), self.legal_post | self.legal)
        contract.action_withdraw()
        self.assertFalse(called(contract))
        contract.action_submit()
        self.assertEqual(called(contract), self.legal_post | self.legal)
        clause.with_user(self.legal).action_judge("wording")
        self.assertFalse(called(contract))
        # as approved: nobody is called to judge
        other = self._new_contract()
        other.action_submit()
        self.assertFalse(called(other))

    def test_who_signs_checks_and_seals_is_called(self):
        # CON-4, CON-12: each as long as it is his turn
        def called(contract):
            summaries = {}
            for activity in contract.sudo().activity_ids:
                if activity.user_id in people:
                    summaries[activity.user_id] = activity.summary
            return summaries

        people = self.general_manager | self.archive | self.seal_keeper
        seal = self.env["parts.contract.seal"].create(
            {"name": "Seal", "keeper_ids": self.seal_keeper.ids}
        )
        contract = self._new_contract()
        contract.action_submit()
        version = contract.sudo().open_version_id
        self.assertEqual(called(contract), {self.general_manager: "Sign for our side"})
        contract.with_user(self.general_manager).action_sign("ours")
        self.assertFalse(called(contract))
        signature = self._scan(version, self.office)
        self.assertEqual(called(contract), {self.archive: "Check the signed paper"})
        signature.with_user(self.archive).action_refuse("Another contract")
        self.assertFalse(called(contract))
        self._sign_portal(version)
        self.assertEqual(
            called(contract),
            {self.seal_keeper: "Put the seal under it and record it"},
        )
        self.env["parts.contract.sealing"].with_user(self.seal_keeper).create(
            {"version_id": version.id, "seal_id": seal.id}
        )
        self.assertEqual(contract.state, "effective")
        self.assertFalse(called(contract))

    def test_framework(self):
        framework = self._new_contract(
            kind="framework",
            amount_total=5000.0,
            date_end="2099-12-31",
            template_id=False,
            line_ids=[Command.create({"product_id": self.part.id, "price_unit": 90.0})],
        )
        framework.action_submit()
        self.assertEqual(framework.state, "approved")
        self._sign_both(framework)
        orders = self.env["sale.order"]
        for quantity in (2, 3):
            line = {"product_id": self.part.id, "product_uom_qty": quantity}
            order = self._new_order(
                parts_contract_id=framework.id, order_line=[Command.create(line)]
            )
            self.assertEqual(order.order_line.price_unit, 90.0)
            order.action_confirm()
            self._leave(order)
            self._invoice_and_pay(order)
            orders |= order
        self.assertEqual(len(framework.sudo().review_ids.filtered("order_id")), 2)
        # 5 × 90.00 = 450.00 of 5,000.00
        self.assertAlmostEqual(framework.used_percent, 9.0)
        framework.action_amend("Prices go down")
        version = framework.open_version_id
        version.line_ids.price_unit = 85.0
        version.action_submit()
        self.assertEqual(version.state, "approved")
        self._sign_both_again(framework)
        self.assertEqual(framework.line_ids.price_unit, 85.0)
        framework.with_user(self.general_manager).action_complete()
        self.assertEqual(framework.state, "done")

    def test_amendment_taken_back(self):
        # in review: the same draft again; approved: a new draft, the old one given up
        framework = self._new_contract(
            kind="framework",
            amount_total=5000.0,
            date_end="2099-12-31",
            template_id=False,
            line_ids=[Command.create({"product_id": self.part.id, "price_unit": 90.0})],
        )
        framework.action_submit()
        self._sign_both(framework)
        framework.action_amend("Prices go down")
        version = framework.open_version_id
        version.line_ids.price_unit = 85.0
        version.action_submit()
        self.assertEqual(version.state, "approved")
        self.assertIn("has not signed", version.signing_missing)
        action = version.action_withdraw()
        self.assertEqual(version.state, "dropped")
        draft = self.env["parts.contract.version"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.number), ("draft", 3))
        self.assertEqual(draft.amend_reason, "Prices go down")
        self.assertEqual(framework.state, "effective")
        self.assertEqual(framework.line_ids.price_unit, 90.0)

    def test_signed_again_after_the_text_moved(self):
        # the customer's name is in the text: what was signed is another one
        contract = self._new_contract()
        contract.action_submit()
        self.assertEqual(contract.state, "approved")
        boss = contract.with_user(self.general_manager)
        self.assertTrue(boss.may_sign_here)
        boss.action_sign("ours")
        boss.invalidate_recordset(["may_sign_here"])
        self.assertFalse(boss.may_sign_here)
        self.customer.name = "Xinda Repair Ltd."
        boss.invalidate_recordset(["may_sign_here"])
        self.assertTrue(boss.may_sign_here)
        boss.action_sign("ours")
        version = contract.sudo().open_version_id
        self.assertEqual(
            version.signature_ids.sorted("id").mapped("state"), ["refused", "valid"]
        )

    def test_changed_clause_says_where_legal_answers(self):
        contract = self._new_contract()
        contract.clause_ids[:1].body_zh = "<p>另行约定</p>"
        contract.action_submit()
        self.assertIn("Legal opens each marked clause", contract.parts_gate_html)
        self.assertNotIn("No approval can waive this", contract.parts_gate_html)

    def _sign_both_again(self, contract):
        version = contract.sudo().open_version_id
        contract.with_user(self.general_manager).action_sign("ours")
        self.assertEqual(contract.sudo().open_version_id, version)
        self.assertNotEqual(contract.current_version_id, version)
        self._sign_portal(version)
        self.assertEqual(contract.current_version_id, version)
