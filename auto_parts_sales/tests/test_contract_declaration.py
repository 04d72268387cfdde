from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractDeclaration(ContractPaperCommon):
    # CON-9: the paper before a contract, which may not exceed it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad = cls.env["product.product"].create(
            {"name": "Brake pad", "list_price": 50.0, "taxes_id": [Command.clear()]}
        )

    def _draft(self, user=None, **values):
        return (
            self.env["parts.contract.declaration"]
            .with_user(user or self.seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.part.id,
                                "quantity": 10,
                                "price_unit": 100.0,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def _approved(self, **values):
        declaration = self._draft(**values)
        request = self._submit(declaration)
        for user in (self.office, self.manager, self.general_manager):
            request.with_user(user).action_approve()
        return declaration

    def _excess(self, declaration, **values):
        contract = self._new_contract(declaration_id=declaration.id, **values)
        return declaration.sudo()._excess(contract.sudo().current_version_id)

    # === who answers for it === #

    def test_sales_office_manager_general_manager(self):
        declaration = self._draft()
        request = self._submit(declaration)
        for user in (self.seller, self.manager, self.general_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        request.with_user(self.office).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(self.general_manager).action_approve()
        request.with_user(self.manager).action_approve()
        self.assertEqual(declaration.state, "pending")
        request.with_user(self.general_manager).action_approve()
        self.assertEqual(declaration.state, "approved")

    def test_the_dialog_knows_who_decides(self):
        # a company without any rule yet gets the usual ones before it is asked
        rules = self.env["parts.approval.rule"].with_context(active_test=False)
        mine = [("kind", "=", "declaration"), ("company_id", "=", self.company.id)]
        rules.search(mine).unlink()
        declaration = self._draft()
        declaration.action_parts_ask_approval()
        self.assertTrue(rules.search(mine))
        self.assertNotIn("No approval rule", declaration.parts_gate_html)

    def test_goods_are_named_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.part.with_context(lang="zh_CN").name = "刹车盘"
        self.customer.lang = "zh_CN"
        self.assertEqual(self._draft().line_ids.name, "刹车盘")
        self.assertEqual(self._new_contract().line_ids.name, "刹车盘")
        self.customer.lang = "en_US"
        self.assertEqual(self._draft().line_ids.name, "Brake disc")

    def test_the_form_proposes_usual_terms_and_list_price(self):
        terms = self.env["account.payment.term"].create({"name": "60 days"})
        self.customer.with_company(self.company).property_payment_term_id = terms
        form = Form(self.env["parts.contract.declaration"].with_user(self.seller))
        form.partner_id = self.customer
        self.assertEqual(form.payment_term_id, terms)
        with form.line_ids.new() as line:
            line.product_id = self.pad
            self.assertEqual(line.price_unit, 50.0)
            line.price_unit = 45.0
        declaration = form.save()
        self.assertEqual(declaration.line_ids.price_unit, 45.0)

    def test_printed(self):
        # 10 × 100.00, who answered, and why
        declaration = self._draft()
        request = self._submit(declaration)
        request.with_user(self.office).action_approve("Stock is there")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "auto_parts_sales.report_parts_contract_declaration", declaration.ids
        )
        text = html.decode().replace("\xa0", " ")
        for words in (declaration.name, "1,000.00", "Stock is there", "Xinda Repair"):
            self.assertIn(words, text)

    def test_drawn_up_by_the_sales_office(self):
        declaration = self._draft(self.office, user_id=self.seller.id)
        request = self._submit(declaration)
        self.assertEqual(len(request.step_ids), 2)
        request.with_user(self.manager).action_approve()
        request.with_user(self.general_manager).action_approve()
        self.assertEqual(declaration.state, "approved")

    def test_what_has_to_be_said(self):
        for values, words in (
            ({"line_ids": False}, "which goods or volume"),
            ({"leaves_policy": True}, "why it leaves"),
            ({"kind": "framework", "volume": 100.0}, "until when"),
            ({"kind": "framework", "date_end": "2099-01-01"}, "which goods or volume"),
        ):
            declaration = self._draft(**values)
            with self.subTest(words=words):
                with self.assertRaisesRegex(UserError, words):
                    declaration.action_parts_request_approval("Now")
                self.assertEqual(declaration.state, "draft")

    def test_bad_input(self):
        with self.assertRaises(ValidationError):
            self._draft(date_start="2026-02-01", date_end="2026-01-01")
        line = {"product_id": self.part.id, "price_unit": 100.0}
        for wrong in (
            {"quantity": 0},
            {"quantity": -1},
            {"price_unit": -1.0},
            {"discount": 101.0},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    self._draft(line_ids=[Command.create({**line, **wrong})])

    def test_frozen_once_submitted(self):
        declaration = self._draft()
        self._submit(declaration)
        for action in (
            lambda: declaration.write({"volume": 5.0}),
            lambda: declaration.line_ids.write({"price_unit": 1.0}),
            lambda: declaration.line_ids.unlink(),
            lambda: declaration.line_ids.copy({"declaration_id": declaration.id}),
            lambda: declaration.write({"state": "approved"}),
            lambda: declaration.unlink(),
        ):
            with self.subTest(action=action), self.assertRaises(UserError):
                action()

    def test_no_role_approves_by_writing(self):
        declaration = self._draft(state="approved", date_submitted="2020-01-01")
        self.assertEqual(declaration.state, "draft")
        self.assertFalse(declaration.date_submitted)
        for user in (self.seller, self.office, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                declaration.with_user(user).write({"state": "approved"})

    def test_salespeople_see_their_own(self):
        declaration = self._draft()
        other = self._new_user("other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            declaration.with_user(other).read(["name"])
        declarations = self.env["parts.contract.declaration"].with_user(other)
        self.assertFalse(declarations.search([("id", "=", declaration.id)]))
        self.assertTrue(declaration.with_user(self.legal).read(["name"]))

    # === what goes beyond it === #

    def test_the_contract_made_from_it_stays_within(self):
        declaration = self._approved()
        action = declaration.with_user(self.seller).action_make_contract()
        contract = self.env["parts.contract"].browse(action["res_id"])
        self.assertEqual(contract.declaration_id, declaration)
        self.assertEqual(contract.amount_total, 1000.0)
        self.assertFalse(contract.declaration_excess)
        self.assertEqual(declaration.version_ids, contract.current_version_id)

    def test_not_approved(self):
        declaration = self._draft()
        self.assertIn("not approved", self._excess(declaration)[0])
        with self.assertRaisesRegex(UserError, "not approved"):
            declaration.action_make_contract()

    def test_less_is_within(self):
        self.assertFalse(self._excess(self._approved(), quantity=9))

    def test_more_of_it(self):
        excess = " ".join(self._excess(self._approved(), quantity=11))
        self.assertIn("Amount", excess)
        self.assertIn("10.00 declared, 11.00 contracted", excess)

    def test_the_same_in_two_lines(self):
        line = {"product_id": self.part.id, "quantity": 6, "price_unit": 100.0}
        declaration = self._approved(
            line_ids=[Command.create({**line, "quantity": 12, "price_unit": 100.0})]
        )
        lines = [Command.create({**line, "tax_ids": [Command.clear()]})] * 2
        self.assertFalse(self._excess(declaration, line_ids=lines))
        self.assertTrue(self._excess(declaration, line_ids=lines * 2))

    def test_a_dozen_is_twelve(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {
            "product_id": self.part.id,
            "product_uom_id": dozen.id,
            "price_unit": 1200.0,
            "tax_ids": [Command.clear()],
        }
        declaration = self._approved(
            line_ids=[
                Command.create(
                    {"product_id": self.part.id, "quantity": 12, "price_unit": 100.0}
                )
            ]
        )
        one = [Command.create({**line, "quantity": 1})]
        self.assertFalse(self._excess(declaration, line_ids=one))
        cheaper = [Command.create({**line, "quantity": 1, "price_unit": 1199.0})]
        self.assertIn("declared at", self._excess(declaration, line_ids=cheaper)[0])

    def test_a_lower_price(self):
        for change in ({"price_unit": 99.99}, {"discount": 1.0}):
            line = {
                "product_id": self.part.id,
                "quantity": 10,
                "price_unit": 100.0,
                "tax_ids": [Command.clear()],
                **change,
            }
            with self.subTest(change=change):
                excess = self._excess(self._approved(), line_ids=[Command.create(line)])
                self.assertEqual(len(excess), 1)
                self.assertIn("declared at", excess[0])

    def test_other_goods(self):
        line = {"product_id": self.pad.id, "quantity": 1, "price_unit": 50.0}
        excess = self._excess(
            self._approved(),
            line_ids=[Command.create({**line, "tax_ids": [Command.clear()]})],
        )
        self.assertEqual(excess, ["Brake pad was not declared."])

    def test_another_customer_company_kind(self):
        declaration = self._approved()
        other = self.env["res.partner"].create({"name": "Somebody else"})
        self.assertIn("Customer:", self._excess(declaration, partner_id=other.id)[0])
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id}
        )
        self.assertFalse(self._excess(declaration, partner_id=branch.id))
        excess = self._excess(
            declaration, kind="framework", template_id=False, amount_total=1000.0
        )
        self.assertIn("other kind", " ".join(excess))

    def test_another_currency(self):
        euro = self._enable_currency("EUR")
        excess = self._excess(self._approved(), currency_id=euro.id)
        self.assertIn("Currency:", excess[0])

    def test_other_terms(self):
        term, other = self.env["account.payment.term"].create(
            [{"name": "30 days"}, {"name": "90 days"}]
        )
        declaration = self._approved(payment_term_id=term.id, credit_amount=500.0)
        self.assertFalse(
            self._excess(declaration, payment_term_id=term.id, credit_amount=500.0)
        )
        excess = self._excess(
            declaration, payment_term_id=other.id, credit_amount=501.0
        )
        self.assertIn("Credit", excess[0])
        self.assertIn("30 days", excess[1])

    def test_a_total_that_was_written_into_the_contract(self):
        # a stored total keeps what is written; the lines are what binds
        declaration = self._approved()
        contract = self._new_contract(declaration_id=declaration.id, quantity=11)
        version = contract.sudo().current_version_id
        version.line_ids.price_subtotal = 1.0
        version.amount_untaxed = 1.0
        self.assertIn("Amount", declaration.sudo()._excess(version)[0])

    def test_framework(self):
        declaration = self._approved(
            kind="framework",
            volume=5000.0,
            date_end="2099-12-31",
            line_ids=False,
        )
        values = {
            "kind": "framework",
            "template_id": False,
            "line_ids": False,
            "date_end": "2099-12-31",
        }
        self.assertFalse(self._excess(declaration, amount_total=5000.0, **values))
        more = self._excess(declaration, amount_total=5000.01, **values)
        self.assertIn("Amount", more[0])
        for end in ("2100-01-01", False):
            longer = self._excess(
                declaration, amount_total=1.0, **{**values, "date_end": end}
            )
            self.assertIn("declared until 2099-12-31", longer[0])

    def test_beyond_it_says_what_to_do(self):
        declaration = self._approved()
        deviations = self.env["parts.contract.deviation"].sudo()
        for quantity, beyond in ((11, True), (10, False)):
            with self.subTest(quantity=quantity):
                contract = self._new_contract(
                    declaration_id=declaration.id, quantity=quantity
                ).sudo()
                said = " ".join(deviations._undeclared(contract.current_version_id))
                self.assertEqual("declare it again" in said, beyond)

    def test_a_framework_is_for_a_volume_with_taxes(self):
        # its deciders and its paper say so, and until when it runs
        declaration = self._draft(
            kind="framework", volume=5000.0, date_end="2099-12-31", line_ids=False
        )
        request = self._submit(declaration)
        figures = {row.label: row.value for row in request.sudo().figure_ids}
        self.assertIn("5,000.00", figures["Volume"])
        self.assertIn("2099", figures["Until"])
        self.assertNotIn("Untaxed Amount", figures)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "auto_parts_sales.report_parts_contract_declaration", declaration.ids
        )
        self.assertIn("Volume, with Taxes", html.decode())
        self.assertNotIn("Untaxed Amount", html.decode())

    # === from a quotation === #

    def test_declared_from_a_quotation(self):
        order = self._new_order(3)
        self.assertFalse(order.parts_may_declare)
        self.company.parts_contract_control = True
        order.invalidate_recordset()
        self.assertTrue(order.parts_may_declare)
        action = order.action_parts_declare()
        declaration = self.env["parts.contract.declaration"].browse(action["res_id"])
        self.assertRecordValues(
            declaration,
            [
                {
                    "order_id": order.id,
                    "partner_id": self.customer.id,
                    "user_id": self.seller.id,
                    "amount_untaxed": 300.0,
                    "state": "draft",
                }
            ],
        )
        request = self._submit(declaration.with_user(self.seller))
        for user in (self.office, self.manager, self.general_manager):
            request.with_user(user).action_approve()
        action = order.action_parts_draw_contract()
        contract = self.env["parts.contract"].browse(action["res_id"])
        self.assertEqual(contract.declaration_id, declaration)
        self.assertFalse(contract.sudo().declaration_excess)

    def test_a_refused_declaration_is_no_declaration(self):
        order = self._new_order(3)
        action = order.action_parts_declare()
        declaration = self.env["parts.contract.declaration"].browse(action["res_id"])
        request = self._submit(declaration.with_user(self.seller))
        request.with_user(self.office).action_refuse("Too cheap")
        self.assertEqual(declaration.state, "refused")
        action = order.action_parts_draw_contract()
        contract = self.env["parts.contract"].browse(action["res_id"])
        self.assertFalse(contract.declaration_id)

    def test_nothing_to_declare(self):
        order = self._new_order(order_line=False)
        with self.assertRaisesRegex(UserError, "offers no goods"):
            order.action_parts_declare()
