from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractWaysRound(ContractCommon):
    """Ways round a contract that a second reading found (CON-2, CON-3, CTL-3)."""

    def _two_prices(self):
        """Return a contract in force: 1 sample at 50.00 and 10 at 100.00."""
        lines = [
            {"product_id": self.part.id, "quantity": quantity, "price_unit": price}
            for quantity, price in ((1, 50.0), (10, 100.0))
        ]
        return self._effective(
            self._new_contract(line_ids=[Command.create(line) for line in lines])
        )

    def _order_at(self, contract, *rows):
        """Return a quotation under ``contract`` of (quantity, price) per line."""
        return self._new_order(
            parts_contract_id=contract.id,
            order_line=[
                Command.create(
                    {
                        "product_id": self.part.id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for quantity, price in rows
            ],
        )

    # === WHO GIVES THE PRICES (QUO-4) ===

    def test_another_salesperson_named_under_review(self):
        # whose authority counts is not exchanged while it is reviewed
        self.company.parts_price_control = True
        contract = self._new_contract()
        contract.line_ids.price_unit = 40.0
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        for name, value in (("user_id", self.director.id), ("team_id", False)):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "review"):
                contract.write({name: value})
        contract.action_withdraw()
        contract.sudo().user_id = self.director  # counter-case: by the engine
        self.assertEqual(contract.sudo().user_id, self.director)

    def test_the_salesperson_may_change_once_it_is_in_force(self):
        contract = self._effective(self._new_contract())
        contract.with_user(self.office).user_id = self.director
        self.assertEqual(contract.sudo().user_id, self.director)

    def test_prices_are_of_who_wrote_them(self):
        # a salesperson names his director: prices are still judged by his own band
        self.company.parts_price_control = True
        contract = self._new_contract()
        contract.line_ids.price_unit = 40.0
        authors = self.env["parts.contract.price"]._authors(
            contract.sudo().current_version_id
        )
        self.assertEqual(authors, self.seller)
        contract.sudo().user_id = self.director
        authors = self.env["parts.contract.price"]._authors(
            contract.sudo().current_version_id
        )
        self.assertEqual(authors, self.director | self.seller)
        imported = self._new_contract().sudo().with_user(1)
        imported.line_ids.price_unit = 40.0
        authors = self.env["parts.contract.price"]._authors(imported.current_version_id)
        self.assertEqual(authors, self.seller)  # counter-case: no person wrote it

    # === AFTER THE ORDER WAS CONFIRMED (CON-2) ===

    def test_a_price_lowered_after_confirmation(self):
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 10)
        order.action_confirm()
        with self._held("prices differ"):
            order.order_line.price_unit = 1.0
        with self._held("prices differ"):
            order.order_line.discount = 50.0
        self.assertEqual(order.order_line.price_unit, 90.0)
        # counter-case: less of it, at the price agreed, is nobody's business
        order.order_line.product_uom_qty = 8
        self.assertEqual(order.order_line.product_uom_qty, 8)

    def test_a_price_lowered_while_it_is_suspended(self):
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 10)
        order.action_confirm()
        contract.with_user(self.general_manager).action_suspend("In dispute")
        with self._held("not in force"):
            order.order_line.price_unit = 1.0
        # counter-case: less of it, and the price stays that of the contract
        order.order_line.product_uom_qty = 8
        self.assertEqual(order.order_line.price_unit, 90.0)

    def test_other_goods_put_in_after_confirmation(self):
        contract = self._effective(self._new_contract())
        order = self._order_at(contract, (10, 100.0))
        order.action_confirm()
        pad = self.env["product.product"].create(
            {"name": "Pad", "list_price": 10.0, "taxes_id": [Command.clear()]}
        )
        with self._held("other parts than it names"):
            order.write(
                {
                    "order_line": [
                        Command.update(order.order_line.id, {"product_uom_qty": 1}),
                        Command.create({"product_id": pad.id, "price_unit": 500.0}),
                    ]
                }
            )

    def test_without_contract_control_prices_may_fall(self):
        self.company.parts_contract_control = False
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 10)
        order.action_confirm()
        order.order_line.price_unit = 1.0
        self.assertEqual(order.order_line.price_unit, 1.0)

    # === PRICES OF A SINGLE CONTRACT ===

    def test_the_price_of_a_sample_is_for_the_sample(self):
        contract = self._two_prices()
        with self._held("prices differ"):
            self._order_at(contract, (11, 50.0)).action_confirm()
        order = self._order_at(contract, (1, 50.0), (10, 100.0))
        order.action_confirm()  # counter-case
        self.assertEqual(order.state, "sale")

    def test_the_price_of_a_sample_once(self):
        contract = self._two_prices()
        self._order_at(contract, (1, 50.0)).action_confirm()
        with self._held("prices differ"):
            self._order_at(contract, (1, 50.0)).action_confirm()
        self._order_at(contract, (1, 100.0)).action_confirm()  # counter-case

    def test_goods_called_a_down_payment(self):
        contract = self._effective(self._new_contract())
        order = self._order_at(contract, (1, 100.0))
        pad = self.env["product.product"].create(
            {"name": "Pad", "list_price": 10.0, "taxes_id": [Command.clear()]}
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": pad.id,
                    "product_uom_qty": 5,
                    "price_unit": 1.0,
                    "is_downpayment": True,
                }
            )
        ]
        with self._held("other parts than it names"):
            order.action_confirm()

    # === WHOSE CONTRACT ===

    def test_invoiced_to_somebody_else(self):
        # who owes is who is invoiced: another one's contract is none for him
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        contract = self._effective(self._new_contract())
        order = self._order_at(contract, (1, 100.0))
        order.partner_invoice_id = other
        with self._held("another customer"):
            order.action_confirm()
        bought = self._order_at(contract, (1, 100.0))
        bought.write({"partner_id": other.id, "partner_invoice_id": self.customer.id})
        bought.order_line.price_unit = 100.0
        bought.parts_contract_id = contract
        bought.action_confirm()  # counter-case: the group's parent is invoiced
        self.assertEqual(bought.state, "sale")

    def test_a_colleague_s_contract(self):
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        contract = self._effective(self._new_framework(user=self.office))
        contract.sudo().user_id = self.seller
        order = self._new_order(1, user=colleague)
        with self.assertRaises(AccessError):
            order.parts_contract_id = contract.id
        with self.assertRaises(AccessError):
            self._new_order(1, user=colleague, parts_contract_id=contract.id)
        with self.assertRaises(AccessError):
            orders = self.env["sale.order"].with_user(colleague)
            orders.with_context(default_parts_contract_id=contract.id).create(
                {"partner_id": self.customer.id}
            )
        own = self._order_under(contract, 1)  # counter-case
        self.assertEqual(own.order_line.price_unit, 90.0)

    # === ROWS OF SOMEBODY ELSE'S CONTRACT ===

    def test_an_instalment_put_into_another_contract(self):
        rules = self._effective(self._new_contract())
        draft = self._new_contract()
        vals = {"version_id": draft.current_version_id.id, "percent": 100}
        rows = self.env["parts.contract.instalment"].with_user(self.seller)
        row = rows.create({**vals, "contract_id": rules.id})
        self.assertEqual(row.contract_id, draft)
        row = rows.with_context(default_contract_id=rules.id).create(vals)
        self.assertEqual(row.contract_id, draft)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(
            self.env["parts.contract.instalment"].search_count(
                [("contract_id", "=", rules.id)]
            )
        )

    def test_a_clause_put_into_another_contract(self):
        rules = self._effective(self._new_contract())
        draft = self._new_contract()
        clauses = self.env["parts.contract.clause"].with_user(self.seller)
        clause = clauses.with_context(default_contract_id=rules.id).create(
            {
                "version_id": draft.current_version_id.id,
                "contract_id": rules.id,
                "title_en": "Free",
            }
        )
        self.assertEqual(clause.contract_id, draft)
        with self.assertRaisesRegex(UserError, "stays in its version"):
            clause.contract_id = rules

    # === WHO REVIEWS (CON-3) ===

    def test_a_trigger_without_functions(self):
        # nobody named for it: whom the rule names decides, never nobody
        trigger = self.env["parts.contract.trigger"]._in_use(self.company)
        trigger.filtered(lambda one: one.trigger == "amount").write(
            {"amount": 500.0, "group_ids": [Command.clear()]}
        )
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "contract")]
        )
        function = self.env.ref("auto_parts_sales.group_parts_finance")
        rule.step_ids.unlink()
        rule.step_ids = [Command.create({"group_id": function.id})]
        contract = self._new_contract()
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        self.assertEqual(self._pending(contract).step_ids.group_id, function)

    def test_credit_by_a_date_is_as_long_as_until_that_date(self):
        # 60 days granted; all of it due on a fixed date in 300 days
        self.company.parts_credit_control = True
        self._new_file(100000.0, term_days=60)
        contract = self._new_contract(
            instalment_ids=[
                Command.create(
                    {"percent": 100, "event": "date", "date": self._day(300)}
                )
            ]
        )
        contract.action_submit()
        self.assertEqual(contract.state, "review")
        self.assertIn("300 days", self._pending(contract).message)
        soon = self._new_contract(
            instalment_ids=[
                Command.create({"percent": 100, "event": "date", "date": self._day(60)})
            ]
        )
        soon.action_submit()  # counter-case
        self.assertEqual(soon.state, "approved")

    def test_a_payment_that_bounced_is_no_payment(self):
        # the first large contract of who has not yet paid one is reviewed
        trigger = self.env["parts.contract.trigger"]._in_use(self.company)
        trigger.filtered(lambda one: one.trigger == "first_order").amount = 500.0
        self.company.parts_contract_control = False
        order = self._new_order(10).sudo()
        order.order_line.product_id.invoice_policy = "order"
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.company.parts_contract_control = True
        register = self.env["account.payment.register"]
        wizard = register.with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})
        payment = wizard._create_payments()
        self.env.flush_all()
        paid = self._new_contract()
        paid.action_submit()
        self.assertEqual(paid.state, "approved")  # counter-case
        payment.action_reject()
        contract = self._new_contract()
        contract.action_submit()
        self.assertEqual(contract.state, "review")

    # === ONE COMPANY ===

    def test_a_company_changed_in_the_draft(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.office.company_ids = [Command.link(other.id)]
        pricelist = self.env["product.pricelist"].create(
            {"name": "Ours", "company_id": self.company.id}
        )
        contract = self._new_framework(user=self.office, pricelist_id=pricelist.id)
        contract.with_context(allowed_company_ids=[self.company.id, other.id]).write(
            {"company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "compan"):
            contract.with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).action_submit()
