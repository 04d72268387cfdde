from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractHand(ContractCommon):
    """Three names on every chain, and one person in two of them is refused (CON-8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_contract_control = False
        cls.company.parts_three_names = True
        cls._stock_up()
        cls.part.invoice_policy = "order"
        cls.all_of_it = "sales_team.group_sale_salesman_all_leads"
        cls.everything = ("stock.group_stock_user", "account.group_account_invoice")
        cls.clerk = cls._new_user("clerk", cls.all_of_it, *cls.everything)
        cls.cashier = cls._new_user("cashier", "account.group_account_user")
        cls.jack = cls._new_user("jack", cls.all_of_it, *cls.everything)

    def _leave_by(self, order, user):
        picking = order.sudo().picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.with_user(user).button_validate()

    def _invoice_by(self, order, user):
        invoice = order.with_user(user)._create_invoices()
        invoice.action_post()
        return invoice

    def _book_by(self, invoice, user):
        register = self.env["account.payment.register"].with_user(user)
        register.with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    def _names(self, order):
        order.invalidate_recordset()
        return (
            order.sudo().parts_entered_by,
            order.sudo().parts_released_by,
            order.sudo().parts_booked_by,
        )

    def test_three_people(self):
        order = self._new_order(2)
        order.action_confirm()
        self.assertEqual(self._names(order), (self.seller.name, "", ""))
        self._leave_by(order, self.clerk)
        invoice = self._invoice_by(order, self.clerk)
        self._book_by(invoice, self.cashier)
        self.assertEqual(
            self._names(order),
            (self.seller.name, self.clerk.name, self.cashier.name),
        )
        hands = self.env["parts.contract.hand"].search([("order_id", "=", order.id)])
        self.assertEqual(hands.mapped("part"), ["entered", "released", "booked"])

    def test_who_entered_it_releases_nothing(self):
        order = self._new_order(2, user=self.jack)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "somebody else checks it"):
            self._leave_by(order, self.jack)
        with self.assertRaisesRegex(UserError, "somebody else checks it"):
            self._invoice_by(order, self.jack)
        self._leave_by(order, self.clerk)  # counter-case
        self.assertEqual(order.sudo().picking_ids.state, "done")

    def test_who_wrote_it_or_confirmed_it_entered_it(self):
        order = self._new_order(2)
        order.with_user(self.jack).action_confirm()
        for user in (self.jack, self.seller):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["parts.contract.hand"].with_user(user)._take("booked", order)
        self.assertEqual(self._names(order)[0], f"{self.seller.name}, {self.jack.name}")

    def test_who_released_it_books_nothing(self):
        order = self._new_order(2)
        order.action_confirm()
        invoice = self._invoice_by(order, self.clerk)
        with (
            self.assertRaisesRegex(UserError, "somebody else books its money"),
            self.env.cr.savepoint(),
        ):
            self._book_by(invoice, self.clerk)
        self.env.invalidate_all()
        self._book_by(invoice, self.cashier)  # counter-case
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_who_booked_it_releases_nothing_more(self):
        order = self._new_order(2)
        order.action_confirm()
        self.env["parts.contract.hand"].with_user(self.clerk)._take("booked", order)
        with self.assertRaisesRegex(UserError, "somebody else checks it"):
            self._leave_by(order, self.clerk)

    def test_what_no_person_does_is_nobody_s_part(self):
        order = self._new_order(2)
        self.env["parts.contract.hand"].with_user(1)._take("released", order)
        public = self.env.ref("base.public_user")
        self.env["parts.contract.hand"].with_user(public).sudo()._take("booked", order)
        self.assertEqual(self._names(order), (self.seller.name, "", ""))

    def test_switched_off_nothing_is_asked(self):
        self.company.parts_three_names = False
        order = self._new_order(2, user=self.jack)
        order.action_confirm()
        self._leave_by(order, self.jack)
        self._book_by(self._invoice_by(order, self.jack), self.cashier)
        self.assertEqual(self._names(order), (False, False, False))
        self.assertFalse(
            self.env["parts.contract.hand"].search_count([("order_id", "=", order.id)])
        )

    def test_no_role_writes_names(self):
        order = self._new_order(2)
        order.action_confirm()
        hand = self.env["parts.contract.hand"].search([("order_id", "=", order.id)])
        for user in (self.seller, self.clerk, self.cashier, self.general_manager):
            own = hand.with_user(user)
            for call in (
                lambda own=own: own.write({"user_id": self.office.id}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(
                    {"order_id": order.id, "part": "booked", "user_id": 2}
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            hand.with_user(stranger).read(["user_id"])
        self.assertEqual(hand.with_user(self.seller).user_id, self.seller)

    def test_several_orders_on_one_invoice(self):
        mine, other = self._new_order(1, user=self.jack), self._new_order(1)
        (mine | other).action_confirm()
        orders = (mine | other).with_user(self.jack)
        with (
            self.assertRaisesRegex(UserError, mine.name),
            self.env.cr.savepoint(),
        ):
            orders._create_invoices().action_post()
        self.env.invalidate_all()
        invoice = (mine | other).with_user(self.clerk)._create_invoices()
        invoice.action_post()
        self.assertEqual(len(invoice), 1)
        for order in (mine, other):
            self.assertEqual(self._names(order)[1], self.clerk.name)
