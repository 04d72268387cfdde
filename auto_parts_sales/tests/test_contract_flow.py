from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX
from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractFlow(ContractCommon):
    # === DRAWING UP (CON-1) ===

    def test_amounts_come_from_lines_and_plan(self):
        # CON-1: 10 × 100.00 = 1,000.00; 30 per cent of it 300.00
        contract = self._new_contract(
            instalment_ids=[
                Command.create({"percent": 30, "event": "signing"}),
                Command.create({"percent": 70, "event": "delivery", "days": 30}),
            ]
        )
        self.assertEqual(contract.amount_total, 1000.0)
        self.assertEqual(contract.instalment_ids.mapped("amount"), [300.0, 700.0])
        self.assertEqual(
            contract.instalment_ids.mapped("before_delivery"), [True, False]
        )
        contract.line_ids.quantity = 20
        self.assertEqual(contract.instalment_ids.mapped("amount"), [600.0, 1400.0])
        self.assertRegex(contract.name, r"CT/\d{4}/\d+")

    def test_the_form_shows_what_shares_come_to(self):
        # before anything is saved: 20 per cent of 5,000.00, then of 6,000.00
        contracts = self.env["parts.contract"].with_user(self.seller)
        form = Form(contracts.with_context(default_kind="framework"))
        form.partner_id = self.customer
        form.amount_total = 5000.0
        with form.instalment_ids.new() as row:
            row.percent = 20.0
        with form.instalment_ids.edit(0) as row:
            self.assertEqual(row.amount, 1000.0)
        form.amount_total = 6000.0
        with form.instalment_ids.edit(0) as row:
            self.assertEqual(row.amount, 1200.0)
        self.assertEqual(form.save().instalment_ids.amount, 1200.0)

    def test_the_volume_of_a_framework_stays_what_was_typed(self):
        # prices are no goods: two lines at 90.00 and 80.00 make up no amount
        contracts = self.env["parts.contract"].with_user(self.seller)
        for kind in ("framework", "single"):  # the menu's, then changed in the form
            with self.subTest(menu=kind):
                form = Form(contracts.with_context(default_kind=kind))
                form.partner_id = self.customer
                form.kind = "framework"
                form.date_end = self._day(365)
                form.amount_total = 25000.0
                for price in (90.0, 80.0):
                    with form.line_ids.new() as line:
                        line.product_id = self.part
                        line.price_unit = price
                    self.assertEqual(form.amount_total, 25000.0)
                self.assertEqual(form.save().amount_total, 25000.0)
        form = Form(contracts.with_context(default_kind="single"))
        form.partner_id = self.customer
        with form.line_ids.new() as line:
            line.product_id = self.part
            line.quantity = 3
            line.price_unit = 90.0
            line.tax_ids.clear()
        self.assertEqual(form.amount_total, 270.0)
        self.assertEqual(form.save().amount_total, 270.0)

    def test_from_a_quotation_in_one_click(self):
        order = self._new_order(3)
        action = order.action_parts_draw_contract()
        contract = self.env["parts.contract"].browse(action["res_id"])
        self.assertEqual(contract.kind, "single")
        self.assertEqual(contract.amount_total, 300.0)
        self.assertEqual(contract.line_ids.product_id, self.part)
        self.assertEqual(order.parts_contract_id, contract)
        with self.assertRaisesRegex(UserError, "already"):
            order.action_parts_draw_contract()

    def test_no_contract_from_a_confirmed_order(self):
        self.company.parts_contract_control = False
        order = self._new_order(3)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "no quotation any more"):
            order.action_parts_draw_contract()

    def test_copy_is_a_draft_of_its_own(self):
        contract = self._effective(self._new_contract())
        copy = contract.copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, contract.name)
        self.assertNotEqual(copy.current_version_id, contract.current_version_id)
        self.assertEqual(copy.amount_total, 1000.0)

    # === BAD INPUT ===

    def test_zero_is_told(self):
        contract = self._new_contract(line_ids=[])
        with self.assertRaisesRegex(UserError, "amount is zero"):
            contract.action_submit()
        self.assertEqual(contract.state, "draft")

    @mute_logger("odoo.sql_db")
    def test_negative_amounts_are_refused(self):
        for values in (
            {"line_ids": [], "amount_total": -1.0},
            {"line_ids": [Command.create({"name": "x", "price_unit": -5.0})]},
            {"line_ids": [Command.create({"name": "x", "quantity": -5.0})]},
            {"line_ids": [Command.create({"name": "x", "discount": 120.0})]},
            {"instalment_ids": [Command.create({"percent": -5.0})]},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._new_contract(**values)
                self.env.flush_all()

    def test_end_before_start_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "right way round"):
            self._new_contract(date_start="2030-01-02", date_end="2030-01-01")

    def test_a_term_that_is_over_is_told(self):
        contract = self._new_contract(date_end="2020-01-01")
        with self.assertRaisesRegex(UserError, "ended on"):
            contract.action_submit()

    def test_plan_has_to_be_the_whole(self):
        contract = self._new_contract(
            instalment_ids=[
                Command.create({"percent": 30, "event": "signing"}),
                Command.create({"percent": 60}),
            ]
        )
        with self.assertRaisesRegex(UserError, "90 per cent, not to 100"):
            contract.action_submit()
        contract.instalment_ids[1].percent = 70
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_plan_by_amount_has_to_be_the_whole(self):
        contract = self._new_contract(
            instalment_ids=[
                Command.create({"value": "amount", "amount": 300, "event": "signing"}),
                Command.create({"value": "amount", "amount": 600}),
            ]
        )
        with self.assertRaisesRegex(UserError, "payment plan adds up to"):
            contract.action_submit()

    def test_thirds_add_up_to_the_cent(self):
        # 333.30 + 333.30, and the last one takes what is left: 333.40
        contract = self._new_contract(
            instalment_ids=[
                Command.create({"percent": 33.33}),
                Command.create({"percent": 33.33}),
                Command.create({"percent": 33.34}),
            ]
        )
        contract.action_submit()
        amounts = contract.instalment_ids.mapped("amount")
        self.assertEqual(
            [round(amount, 2) for amount in amounts], [333.3, 333.3, 333.4]
        )

    def test_framework_needs_the_end_of_its_term(self):
        contract = self._new_framework(date_end=False)
        with self.assertRaisesRegex(UserError, "end of its term"):
            contract.action_submit()

    def test_currency_stays_once_orders_hang_on_it(self):
        contract = self._new_contract()
        euro = self.env.ref("base.EUR")
        usd = self.env.ref("base.USD")
        other = euro if contract.currency_id == usd else usd
        other.active = True
        contract.currency_id = other  # counter-case: nothing hangs on it
        contract.currency_id = self.company.currency_id
        self._new_order(parts_contract_id=contract.id)
        with self.assertRaisesRegex(UserError, "the currency stays"):
            contract.currency_id = other

    def test_what_is_effective_is_not_deleted(self):
        contract = self._effective(self._new_contract())
        for user in (self.seller, self.director, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                contract.with_user(user).unlink()
        draft = self._new_contract()
        version = draft.current_version_id
        draft.unlink()  # counter-case
        self.assertFalse(version.exists())

    # === INTO FORCE (CON-4) ===

    def test_approved_is_not_effective(self):
        contract = self._new_contract()
        contract.action_submit()
        versions = type(self.env["parts.contract.version"])
        self.patch(versions, "_missing_signatures", lambda version: ["Not signed."])
        self.assertFalse(contract.sudo()._try_effect())
        with self._held("Not signed"):
            contract.sudo()._parts_gate_pass("effect")
        self.assertEqual(contract.state, "approved")
        self.assertFalse(contract._effective_date())

    def test_signed_it_rules_from_today(self):
        contract = self._effective(self._new_contract())
        self.assertEqual(contract.state, "effective")
        self.assertEqual(contract._effective_date(), self.today)
        self.assertEqual(contract.current_version_id.state, "effective")

    def test_signing_wants_a_side_and_an_approved_version(self):
        contract = self._new_contract()
        with self.assertRaisesRegex(ValidationError, "by us or by them"):
            contract.action_sign("both")
        with self.assertRaisesRegex(UserError, "not to be signed"):
            contract.action_sign("ours")
        effective = self._effective(self._new_contract())
        with self.assertRaisesRegex(UserError, "not to be signed"):
            effective.action_sign("theirs")

    def test_what_changed_after_the_review_does_not_come_into_force(self):
        contract = self._new_contract()
        contract.action_submit()
        contract.sudo().current_version_id.line_ids.price_unit = 50.0
        with self._held("not what was reviewed"):
            contract.sudo()._parts_gate_pass("effect")

    def test_plan_feeds_payment_terms(self):
        # COL-1: 30 per cent at once, 70 per cent 45 days after the invoice
        contract = self._effective(
            self._new_contract(
                instalment_ids=[
                    Command.create({"percent": 30, "event": "signing"}),
                    Command.create({"percent": 70, "event": "delivery", "days": 45}),
                ]
            )
        )
        lines = contract.current_version_id.plan_term_id.line_ids
        self.assertEqual(
            [(line.value_amount, line.nb_days) for line in lines.sorted("id")],
            [(30.0, 0), (70.0, 45)],
        )
        dates = contract.instalment_ids._due_dates()
        first, second = contract.instalment_ids
        self.assertEqual(dates[first.id], self.today)
        self.assertFalse(dates[second.id])  # nothing has left yet

    # === AMENDMENTS (CON-5) ===

    def test_an_amendment_keeps_the_taxes_of_the_lines(self):
        tax = self.env["account.tax"].create(
            {"name": "13 %", "amount": 13, "company_id": self.env.company.id}
        )
        contract = self._new_contract()
        contract.line_ids.tax_ids = tax
        contract = self._effective(contract)
        contract.action_amend("Later")
        self.assertEqual(contract.open_version_id.line_ids.tax_ids, tax)
        self.assertEqual(contract.open_version_id.contract_id, contract)

    def test_amendment_rules_once_it_is_signed(self):
        contract = self._effective(self._new_contract())
        first = contract.current_version_id
        contract.action_amend("More discs")
        second = contract.open_version_id
        self.assertEqual(second.number, 2)
        second.line_ids.quantity = 15
        self.assertIn("10 ×", second.compare_html)
        self.assertIn("15 ×", second.compare_html)
        self.assertEqual(contract.amount_total, 1000.0)
        second.action_submit()
        self.assertEqual((contract.state, second.state), ("effective", "approved"))
        self.assertEqual(contract.current_version_id, first)
        self._sign(contract)
        self.assertEqual(contract.current_version_id, second)
        self.assertEqual(contract.amount_total, 1500.0)
        self.assertEqual((first.state, second.state), ("replaced", "effective"))
        self.assertEqual(contract.state, "effective")

    def test_amendment_needs_a_reason_and_is_one_at_a_time(self):
        contract = self._effective(self._new_contract())
        contract.action_amend()
        with self.assertRaisesRegex(UserError, "Say why"):
            contract.open_version_id.action_submit()
        with self.assertRaisesRegex(UserError, "under way already"):
            contract.action_amend("again")
        contract.open_version_id.action_drop()
        self.assertFalse(contract.amending)
        contract.action_amend("Another")  # counter-case
        self.assertEqual(contract.open_version_id.number, 3)

    def test_amendment_is_reviewed_by_itself(self):
        contract = self._effective(self._new_contract())
        contract.action_amend("Much more")
        contract.open_version_id.line_ids.quantity = 6000
        contract.open_version_id.action_submit()
        self.assertEqual(contract.open_version_id.state, "review")
        self.assertEqual(contract.state, "effective")
        self.assertEqual(self._pending(contract).kind, "contract")

    def test_what_rules_is_not_written(self):
        contract = self._effective(self._new_contract())
        with self.assertRaisesRegex(UserError, "no draft any more"):
            contract.date_end = "2040-01-01"
        with self.assertRaisesRegex(UserError, "no draft any more"):
            contract.line_ids.price_unit = 1.0

    def test_withdrawing_what_was_approved_makes_another_version(self):
        contract = self._new_contract()
        contract.action_submit()
        contract.action_withdraw()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.current_version_id.number, 2)
        self.assertEqual(contract.version_ids.mapped("state").count("dropped"), 1)
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    # === RIGHTS ===

    def test_own_team_all(self):
        other = self._new_user("other_seller", "sales_team.group_sale_salesman")
        leader = self._new_user("leader", "sales_team.group_sale_manager")
        team = self.env["crm.team"].create({"name": "Team", "user_id": leader.id})
        self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": self.seller.id}
        )
        contract = self._new_contract(team_id=team.id)
        stranger = self._new_user("leader2", f"{PREFIX}sales_manager")
        contracts = self.env["parts.contract"]
        for user, sees in (
            (self.seller, True),
            (other, False),
            (leader, True),
            (stranger, False),
            (self.accountant, True),
            (self.legal, True),
            (self.legal_post, True),
            (self.general_manager, True),
            (self.office, True),
            (self.director, True),
        ):
            with self.subTest(user=user.name):
                found = contracts.with_user(user).search([("id", "=", contract.id)])
                self.assertEqual(bool(found), sees)
                groups = contracts.with_user(user)._read_group(
                    [("id", "=", contract.id)], ["partner_id"], ["amount_total:sum"]
                )
                self.assertEqual(bool(groups), sees)
                versions = self.env["parts.contract.version"].with_user(user)
                found = versions.search([("contract_id", "=", contract.id)])
                self.assertEqual(bool(found), sees)

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "stranger",
            f"{PREFIX}finance",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        contract = self._new_contract()
        with self.assertRaises(AccessError):
            contract.with_user(stranger).read(["name"])
        self.assertFalse(
            self.env["parts.contract"]
            .with_user(stranger)
            .search([("id", "=", contract.id)])
        )
