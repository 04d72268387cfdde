from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractGates(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()

    # === NEEDED (CON-10) ===

    def test_on_credit_without_a_contract_is_held(self):
        order = self._new_order(3)
        with self._held("needs a written contract") as held:
            order.action_confirm()
        block = held.exception.blocks[0]
        self.assertFalse(block["kind"])  # nothing waives it
        with self.assertRaisesRegex(UserError, "nothing to ask for"):
            order.action_parts_request_approval("please")

    def test_switched_off_nothing_is_asked(self):
        self.company.parts_contract_control = False
        order = self._new_order(3)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_paid_on_the_spot_needs_none(self):
        order = self._new_order(3)
        self._paid_transaction(order.sudo(), 300.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_paid_in_part_is_on_credit(self):
        order = self._new_order(3)
        self._paid_transaction(order.sudo(), 299.0)
        with self._held("needs a written contract"):
            order.action_confirm()

    def test_immediate_terms_alone_are_no_money(self):
        term = self.env.ref("account.account_payment_term_immediate")
        order = self._new_order(3, payment_term_id=term.id)
        with self._held("needs a written contract"):
            order.action_confirm()

    def test_rule_by_amount_and_customer(self):
        needs = self.env["parts.contract.need"].search([])
        credit = needs.filtered(lambda need: need.name == "On credit: contract")
        credit.amount_min = 500.0
        small = self._new_order(3)
        small.action_confirm()
        self.assertEqual(small.state, "sale")
        with self._held(""):
            self._new_order(5).action_confirm()
        credit.partner_domain = str([("name", "=", "Somebody else")])
        self._new_order(5).action_confirm()  # counter-case: not for this customer

    def test_with_a_contract_in_force_it_passes(self):
        contract = self._effective(self._new_contract())
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        review = contract.sudo().review_ids.filtered("order_id")
        self.assertEqual(review.order_id, order)
        self.assertTrue(review.automatic)

    def test_a_contract_not_in_force_does_not_do(self):
        contract = self._new_contract()
        order = self._new_order(10, parts_contract_id=contract.id)
        with self._held("not in force"):
            order.action_confirm()
        contract.action_submit()
        with self._held("not in force"):
            order.action_confirm()
        self._sign(contract)
        order.action_confirm()  # counter-case
        self.assertEqual(order.state, "sale")

    def test_somebody_elses_contract_does_not_do(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        contract = self._effective(self._new_contract(partner_id=other.id))
        order = self._new_order(10, parts_contract_id=contract.id)
        with self._held("another customer"):
            order.action_confirm()

    def test_outside_its_term_does_not_do(self):
        contract = self._effective(self._new_framework())
        contract.sudo().current_version_id.date_end = self._day(-1)
        order = self._new_order(1, parts_contract_id=contract.id)
        with self._held("does not cover today"):
            order.action_confirm()
        contract.sudo().current_version_id.write(
            {"date_start": self._day(1), "date_end": self._day(9)}
        )
        with self._held("does not cover today"):
            order.action_confirm()

    def test_taking_the_contract_off_meets_the_gate(self):
        contract = self._effective(self._new_contract())
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        with self._held("needs a written contract"):
            order.parts_contract_id = False

    def test_who_answers_for_what_leaves_it_is_named(self):
        # 11 of 10 parts, 1,100.00 of 1,000.00: goods for the head of sales, the amount
        # for finance, beside whom the rule names
        contract = self._effective(self._new_contract())
        order = self._new_order(11, parts_contract_id=contract.id)
        self.assertRegex(
            str(order.parts_gate_html), "Sales Office / Sales Director / Finance"
        )
        order.action_parts_request_approval("He needs one more")
        names = self._pending(order).step_ids.group_id.mapped("name")
        self.assertEqual(set(names), {"Sales Office", "Sales Director", "Finance"})

    def test_two_orders_together_do_not_pass_one_amount(self):
        # 1,000.00 agreed, twice 600.00
        contract = self._effective(self._new_contract())
        orders = self._new_order(6, parts_contract_id=contract.id) | self._new_order(
            6, parts_contract_id=contract.id
        )
        with self._held("amount agreed is exceeded"):
            orders.action_confirm()
        orders[0].action_confirm()
        self.assertEqual(orders[0].state, "sale")

    # === INSIDE (CON-2) ===

    def test_beyond_the_amount_is_reviewed(self):
        contract = self._effective(self._new_framework(volume=450.0))
        order = self._order_under(contract, 6)
        # 6 × 90.00 = 540.00, 90.00 beyond
        with self._held("exceeded by"):
            order.action_confirm()
        approval = self._ask(order)
        self.assertEqual(approval.kind, "order")
        self._approve(approval.sudo(), self.office, self.accountant)
        self.assertEqual(approval.sudo().state, "approved")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        # passed by an approval: no automatic review
        self.assertFalse(contract.sudo().review_ids.filtered("order_id"))

    def test_other_prices_are_reviewed(self):
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 2)
        self.assertEqual(order.order_line.price_unit, 90.0)
        order.order_line.price_unit = 80.0
        with self._held("prices differ"):
            order.action_confirm()
        order.action_parts_take_contract_prices()
        order.action_confirm()  # counter-case
        self.assertEqual(order.state, "sale")

    def test_a_discount_on_the_whole_is_another_price(self):
        contract = self._effective(self._new_framework())
        order = self._order_under(contract, 2)
        order.order_line = [
            Command.create(
                {"product_id": self.part.id, "product_uom_qty": 1, "price_unit": -50.0}
            )
        ]
        with self._held("off the whole|prices differ"):
            order.action_confirm()

    def test_longer_terms_are_reviewed(self):
        days = self.env.ref("account.account_payment_term_30days")
        later = self.env.ref("account.account_payment_term_45days")
        contract = self._effective(self._new_framework(payment_term_id=days.id))
        order = self._order_under(contract, 2)
        self.assertEqual(order.payment_term_id, days)
        order.payment_term_id = later
        with self._held("payment terms"):
            order.action_confirm()
        order.payment_term_id = self.env.ref("account.account_payment_term_immediate")
        order.action_confirm()  # counter-case: sooner is no deviation
        self.assertEqual(order.state, "sale")

    def test_other_goods_of_a_single_contract_are_reviewed(self):
        contract = self._effective(self._new_contract())
        pad = self.env["product.product"].create(
            {"name": "Pad", "list_price": 10.0, "taxes_id": [Command.clear()]}
        )
        order = self._new_order(1, parts_contract_id=contract.id)
        order.order_line = [Command.create({"product_id": pad.id})]
        with self._held("other parts than it names"):
            order.action_confirm()

    def test_credit_agreed_in_the_framework(self):
        contract = self._effective(self._new_framework(credit_amount=200.0))
        first = self._order_under(contract, 2)
        first.action_confirm()  # 180.00
        second = self._order_under(contract, 1)
        with self._held("credit agreed in it is exceeded"):
            second.action_confirm()

    # === GOODS LEAVE (ORD-3) ===

    def test_suspended_nothing_leaves(self):
        contract = self._effective(self._new_contract())
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        contract.with_user(self.general_manager).action_suspend("He is in dispute")
        with self._held("not in force") as held:
            self._leave(order)
        self.assertFalse(held.exception.blocks[0]["kind"])
        contract.with_user(self.general_manager).action_resume()
        self._leave(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_deposit_before_goods_leave(self):
        contract = self._effective(
            self._new_contract(
                instalment_ids=[
                    Command.create({"percent": 30, "event": "signing"}),
                    Command.create({"percent": 70, "event": "delivery", "days": 30}),
                ]
            )
        )
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        with self._held("instalment is due before") as held:
            self._leave(order)
        self.assertEqual(held.exception.blocks[0]["amount"], 300.0)
        self.assertEqual(held.exception.blocks[0]["kind"], "delivery")
        self._paid_transaction(order.sudo(), 299.0)
        with self._held("instalment is due before"):
            self._leave(order)
        self._paid_transaction(order.sudo(), 1.0)
        self._leave(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_deposit_by_a_payment_that_names_the_contract(self):
        contract = self._effective(
            self._new_contract(
                instalment_ids=[Command.create({"percent": 100, "event": "signing"})]
            )
        )
        order = self._new_order(10, parts_contract_id=contract.id)
        order.action_confirm()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 1000.0,
                "memo": f"Deposit {contract.name}",
            }
        )
        with self._held(""):
            self._leave(order)  # a draft is no money
        payment.action_post()
        self._leave(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_sold_before_contracts_were_asked_for_leaves(self):
        self.company.parts_contract_control = False
        order = self._new_order(2)
        order.action_confirm()
        self.company.parts_contract_control = True
        self.company.parts_contract_control_since = fields.Datetime.add(
            fields.Datetime.now(), hours=1
        )
        self._leave(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_goods_without_an_order_want_an_approval(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": 1,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        with self._held("without an order"):
            picking.button_validate()
        self.company.parts_contract_control = False
        picking.button_validate()  # counter-case
        self.assertEqual(picking.state, "done")

    # === FRAMEWORK (CON-2) ===

    def test_category_quantity_and_discount_prices(self):
        pad = self.env["product.product"].create(
            {
                "name": "Pad",
                "list_price": 50.0,
                "categ_id": self.part.categ_id.id,
                "taxes_id": [Command.clear()],
            }
        )
        contract = self._effective(
            self._new_framework(
                line_ids=[
                    Command.create({"product_id": self.part.id, "price_unit": 90.0}),
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "quantity": 10,
                            "price_unit": 85.0,
                        }
                    ),
                    Command.create(
                        {"categ_id": self.part.categ_id.id, "discount": 10.0}
                    ),
                ]
            )
        )
        order = self._new_order(
            parts_contract_id=contract.id,
            order_line=[
                Command.create({"product_id": self.part.id, "product_uom_qty": 2}),
                Command.create({"product_id": self.part.id, "product_uom_qty": 10}),
                Command.create({"product_id": pad.id, "product_uom_qty": 1}),
            ],
        )
        # 50.00 less 10 per cent = 45.00
        self.assertEqual(order.order_line.mapped("price_unit"), [90.0, 85.0, 45.0])

    def test_contract_price_is_the_price_in_force(self):
        # QUO-3: the contract's price comes before the list price
        self.company.parts_price_control = True
        contract = self._new_framework()
        contract.action_submit()
        pending = self._pending(contract)
        self._approve(pending, self.director, self.general_manager)
        self._sign(contract)
        order = self._new_order(1)
        order.order_line.price_unit = 90.0
        verdict = self.env["parts.price.verdict"]._judge(order.sudo())
        case = verdict[order.sudo()][0]
        self.assertEqual(case["yardstick"], 90.0)
        self.assertEqual(case["source"], contract.name)
        self.assertTrue(case["inside"])
        contract.with_user(self.general_manager).action_suspend("Dispute")
        case = self.env["parts.price.verdict"]._judge(order.sudo())[order.sudo()][0]
        self.assertEqual(case["yardstick"], 100.0)

    def test_volume_and_term_are_told_near_the_end(self):
        contract = self._effective(self._new_framework(volume=1000.0))
        contracts = self.env["parts.contract"]
        contracts._cron_near_end()
        self.assertFalse(contract.sudo().activity_ids)
        order = self._order_under(contract, 10)
        order.action_confirm()  # 900.00 of 1,000.00
        self.assertAlmostEqual(contract.used_percent, 90.0)
        contracts._cron_near_end()
        activity = contract.sudo().activity_ids
        self.assertEqual(activity.user_id, self.seller)
        contracts._cron_near_end()
        self.assertEqual(len(contract.sudo().activity_ids), 1)  # told once

    def test_new_quotation_has_what_is_left(self):
        contract = self._effective(self._new_contract())
        order = self._new_order(4, parts_contract_id=contract.id)
        order.action_confirm()
        action = contract.action_new_order()
        left = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(left.order_line.product_uom_qty, 6.0)
        self.assertEqual(left.parts_contract_id, contract)
