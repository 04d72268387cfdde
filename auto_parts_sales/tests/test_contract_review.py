from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractReview(ContractCommon):
    # === REVIEW (CON-3) ===

    def test_nothing_deviates_reviewed_automatically(self):
        contract = self._new_contract()
        contract.action_submit()
        self.assertEqual(contract.state, "approved")
        review = contract.sudo().review_ids
        self.assertEqual(len(review), 1)
        self.assertTrue(review.automatic)
        self.assertFalse(contract.sudo().parts_approval_ids)

    def test_important_contract_goes_to_all_functions(self):
        # 500,000.00: sales, finance, legal, supply chain side by side, then the boss
        contract = self._new_contract(quantity=5000)
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        approval = self._pending(contract)
        self.assertEqual(approval.kind, "contract")
        steps = approval.step_ids.sorted("sequence")
        self.assertEqual(
            set(steps.filtered(lambda s: s.sequence == 10).mapped("group_id.name")),
            {"Sales Director", "Finance", "Legal Post", "Supply Chain"},
        )
        self._approve(approval, self.director, self.accountant)
        self.assertEqual(contract.state, "review")
        self._approve(approval, self.legal_post, self.supply, self.general_manager)
        self.assertEqual(contract.state, "approved")
        review = contract.sudo().review_ids
        self.assertFalse(review.automatic)
        self.assertEqual(
            {row["user"] for row in review._rows()},
            {
                self.director.name,
                self.accountant.name,
                self.legal_post.name,
                self.supply.name,
                self.general_manager.name,
            },
        )
        self.assertIn("Fine", [row["reason"] for row in review._rows()])

    def test_just_below_the_amount_nobody_reviews(self):
        triggers = self.env["parts.contract.trigger"]._in_use(self.company)
        triggers.filtered(lambda t: t.trigger == "first_order").active = False
        contract = self._new_contract(quantity=4999)
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_first_large_contract_of_a_new_customer(self):
        # 100,000.00 by somebody who has paid no such invoice yet
        contract = self._new_contract(quantity=1000)
        contract.action_submit()
        approval = self._pending(contract)
        self.assertIn("first large contract", approval.message)
        groups = set(approval.step_ids.group_id.mapped("name"))
        self.assertEqual(groups, {"Sales Director", "Finance", "General Manager"})

    def test_an_invoice_paid_before_spares_the_review(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "quantity": 1000,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        contract = self._new_contract(quantity=1000)
        contract.action_submit()
        self.assertEqual(contract.state, "review")  # invoiced, not paid
        contract.action_withdraw()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_credit_beyond_the_file_goes_to_finance(self):
        self.company.parts_credit_control = True
        plan = [
            Command.create({"percent": 20, "event": "signing"}),
            Command.create({"percent": 80, "event": "delivery", "days": 30}),
        ]
        contract = self._new_contract(instalment_ids=plan)
        contract.action_submit()
        approval = self._pending(contract)
        self.assertIn("no credit file in force", approval.message)
        self.assertIn("Finance", approval.step_ids.group_id.mapped("name"))
        contract.action_withdraw()
        # 80 per cent of 1,000.00 on credit
        self._new_file(800.0, term_days=30)
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_credit_longer_than_the_file_goes_to_finance(self):
        self.company.parts_credit_control = True
        self._new_file(800.0, term_days=29)
        contract = self._new_contract(
            instalment_ids=[
                Command.create({"percent": 20, "event": "signing"}),
                Command.create({"percent": 80, "event": "delivery", "days": 30}),
            ]
        )
        contract.action_submit()
        self.assertIn("30 days", self._pending(contract).message)

    def test_dates_that_cannot_be_met_go_to_supply_chain(self):
        self.part.is_storable = True
        contract = self._new_contract()
        contract.line_ids.date_delivery = self._day(10)
        contract.action_submit()
        approval = self._pending(contract)
        self.assertIn("Neither stock nor purchasing", approval.message)
        # of what, how much and by when: supply chain decides by it
        day = format_date(self.env, self._day(10))
        self.assertIn(f"(10 {self.part.uom_id.name} by {day})", approval.message)
        self.assertIn("Supply Chain", approval.step_ids.group_id.mapped("name"))
        contract.action_withdraw()
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        seller = self.env["product.supplierinfo"].create(
            {
                "partner_id": vendor.id,
                "product_tmpl_id": self.part.product_tmpl_id.id,
                "delay": 11,
            }
        )
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        contract.action_withdraw()
        seller.delay = 10
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_prices_beyond_authority_go_to_sales(self):
        self.company.parts_price_control = True
        contract = self._new_contract()
        contract.action_submit()  # at list price
        self.assertEqual(contract.state, "approved")
        contract.action_withdraw()
        contract.sudo().open_version_id.line_ids.price_unit = 70.0
        contract.action_submit()
        approval = self._pending(contract)
        self.assertIn("Prices beyond the authority", approval.message)

    def test_who_drew_it_up_does_not_review(self):
        contract = self._new_contract(quantity=5000, user=self.director)
        contract.with_user(self.director).action_submit()
        approval = self._pending(contract)
        with self.assertRaises(AccessError):
            approval.with_user(self.director).action_approve()

    def test_refused_goes_back_to_draft_with_a_reason(self):
        contract = self._new_contract(quantity=5000)
        contract.action_submit()
        approval = self._pending(contract)
        approval.with_user(self.accountant).action_refuse("Too much for him")
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.current_version_id.state, "draft")
        contract.line_ids.quantity = 10  # counter-case: it can be changed again
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_what_is_under_review_does_not_change(self):
        # CTL-3
        contract = self._new_contract(quantity=5000)
        contract.action_submit()
        for write in (
            lambda: contract.write({"date_end": "2040-01-01"}),
            lambda: contract.line_ids.write({"price_unit": 1.0}),
            lambda: contract.line_ids.unlink(),
            lambda: contract.write({"line_ids": [Command.clear()]}),
            lambda: contract.write({"partner_id": self.env.user.partner_id.id}),
            lambda: contract.current_version_id.write({"payment_term_id": False}),
            lambda: self.env["parts.contract.line"]
            .with_user(self.seller)
            .create({"version_id": contract.current_version_id.id, "name": "x"}),
            lambda: self.env["parts.contract.instalment"]
            .with_user(self.seller)
            .create({"version_id": contract.current_version_id.id, "percent": 100}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                write()

    def test_withdrawn_while_asked(self):
        contract = self._new_contract(quantity=5000)
        contract.action_submit()
        approval = self._pending(contract)
        approval.with_user(self.seller).action_withdraw()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(approval.state, "void")
