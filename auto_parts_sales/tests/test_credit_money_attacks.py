from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .credit_common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditMoneyAttacks(CreditCommon, AccountPaymentCommon):
    # CRD-3, CRD-4: money of others, or money that is none, makes no room

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._allow_capture()
        cls.other = cls._new_customer("Payer of his own")
        cls.order = cls.env["sale.order"]

    def _user(self, login, *groups):
        return new_test_user(
            self.env,
            login=f"parts_{login}",
            groups=",".join(("base.group_user", *groups)),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _paid_online(self, order, customer):
        return self._create_transaction(
            flow="direct",
            amount=300.0,
            currency_id=self.company.currency_id.id,
            partner_id=customer.id,
            sale_order_ids=[Command.set(order.ids)],
            state="authorized",
            reference=f"{customer.name} {order.ids}",
        )

    def test_transaction_of_somebody_else(self):
        # linked to an order of ours, which is older than what it was made for
        mine = self._confirmed(10)
        theirs = self._confirmed(5, customer=self.other)
        transaction = self._paid_online(theirs, self.other)
        seller = self._user("links", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError), self.cr.savepoint():
            transaction.with_user(seller).sale_order_ids = mine
        mine.transaction_ids |= transaction  # whoever does it
        self._assert_parts(orders=1000.0)
        self._assert_parts(self.other, orders=500.0, transactions=-300.0)

    def test_transaction_for_two_orders_of_one_customer(self):
        orders = self._confirmed(1) | self._confirmed(4)
        self._paid_online(orders, self.customer)
        self._assert_parts(orders=500.0, transactions=-300.0)

    def test_a_matching_is_not_edited(self):
        # Odoo lets stock managers, too (paths.md A)
        invoice = self._invoice(self._confirmed(10))
        self._pay(invoice, 400.0)
        items = invoice.line_ids.filtered("matched_credit_ids")
        partial = items.matched_credit_ids
        for group in ("stock.group_stock_manager", "account.group_account_invoice"):
            user = self._user(group.replace(".", "_"), group)
            with self.subTest(group=group), self.assertRaises(UserError):
                partial.with_user(user).amount = 1000.0
        self._assert_parts(receivable=600.0)

    def test_a_matching_is_not_made_by_the_warehouse(self):
        invoice = self._invoice(self._confirmed(10))
        entry = self._loose_payment(10.0)
        items = (invoice.line_ids | entry.move_id.line_ids).filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        values = {
            "debit_move_id": items.filtered("debit").id,
            "credit_move_id": items.filtered("credit").id,
            "amount": 1000.0,
            "debit_amount_currency": 1000.0,
            "credit_amount_currency": 1000.0,
        }
        manager = self._user("stock_manager", "stock.group_stock_manager")
        partials = self.env["account.partial.reconcile"].with_user(manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            partials.create(values)
        self._assert_parts(receivable=990.0)
        # with the control off it is Odoo's own matter
        self.company.parts_credit_control = False
        partials.create(values)
