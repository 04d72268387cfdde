from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.tests.common import MockRequest

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestShop(FurtherCommon, AccountPaymentCommon):
    """paths.md B: what a customer of the shop does is held, never refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.website.salesperson_id = cls.seller
        cls.buyer = cls.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "parts_buyer",
                "email": "buyer@example.com",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    # === WHAT THE CUSTOMER DOES === #

    def _new_cart(self, quantity=1, price=100.0):
        order = self._new_service_order(quantity, website_id=self.website.id)
        order.order_line.write({"price_unit": price})
        order.write({"require_payment": True, "prepayment_percent": 1.0})
        return order

    def _check_out(self, cart):
        """Send the cart as the shop does when there is nothing to pay."""
        env = self.env(user=self.buyer, su=False)
        website = self.website.with_env(env)
        with MockRequest(env, website=website, sale_order_id=cart.id):
            return WebsiteSale().shop_payment_validate()

    def _pay(self, cart, amount, state="done", provider=None):
        provider = provider or self.provider
        transaction = self._create_transaction(
            "direct",
            amount=amount,
            currency_id=cart.currency_id.id,
            partner_id=cart.partner_id.id,
            provider_id=provider.id,
            payment_method_id=(provider.payment_method_ids[:1] or self.pm_unknown).id,
            reference=f"{cart.name}-{state}",
            sale_order_ids=[Command.set(cart.ids)],
            state=state,
        )
        transaction._post_process()
        return transaction

    def _offline_provider(self, mode):
        provider = self.env["payment.provider"].search(
            [("custom_mode", "=", mode), ("company_id", "=", self.company.id)], limit=1
        ) or self.env["payment.provider"].search(
            [("custom_mode", "=", mode)], limit=1
        ).copy({"company_id": self.company.id})
        provider.write({"state": "test", "is_published": True})
        return provider

    def _assert_quiet_later(self, order, transaction):
        """A second poll and the cron do nothing more."""
        messages = order.sudo().message_ids
        with self._without_confirmation_mail():
            # As the page that polls does it
            if not transaction.is_post_processed:
                transaction._post_process()
            self.env["payment.transaction"]._cron_post_process()
        self._assert_waiting(order)
        self.assertEqual(order.sudo().message_ids, messages)

    # === NOTHING TO PAY === #

    def test_nothing_to_pay_is_no_claim(self):
        cart = self._new_cart(price=0.0)
        self._check_out(cart)
        self.assertEqual(cart.state, "sale")

    def test_nothing_to_pay_that_is_held(self):
        self._require_reference()
        cart = self._new_cart(price=0.0)
        with self._without_confirmation_mail():
            self._check_out(cart)
        self._assert_waiting(cart)

    # === CASH ON DELIVERY, PAY ON SITE === #

    def _try_offline(self, mode):
        provider = self._offline_provider(mode)
        cart = self._new_cart()
        with self._without_confirmation_mail():
            transaction = self._pay(cart, 100.0, "pending", provider)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.state, "pending")
        self._assert_waiting(cart)
        self._assert_quiet_later(cart, transaction)
        # with credit for it, it is confirmed as in any shop
        self._new_file(100.0)
        cart = self._new_cart()
        self._pay(cart, 100.0, "pending", provider)
        self.assertEqual(cart.state, "sale")

    def test_cash_on_delivery(self):
        self._try_offline("cash_on_delivery")

    def test_pay_on_site(self):
        self._try_offline("on_site")

    # === ONLINE === #

    def test_paid_in_full_is_no_claim(self):
        cart = self._new_cart()
        transaction = self._pay(cart, 100.0)
        self.assertEqual(cart.state, "sale")
        self.assertTrue(transaction.payment_id)

    def test_deposit_without_credit_for_the_rest(self):
        cart = self._new_cart()
        cart.prepayment_percent = 0.5
        with self._without_confirmation_mail():
            transaction = self._pay(cart, 50.0)
        self._assert_waiting(cart)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.payment_id.amount, 50.0)
        self.assertIn(transaction.payment_id.state, ("in_process", "paid"))
        self._assert_quiet_later(cart, transaction)
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("payment_transaction_id", "=", transaction.id)]
            ),
            1,
        )

    def test_deposit_with_credit_for_the_rest(self):
        self._new_file(50.0)
        cart = self._new_cart()
        cart.prepayment_percent = 0.5
        self._pay(cart, 50.0)
        self.assertEqual(cart.state, "sale")

    def test_authorised_and_held(self):
        self.provider.support_manual_capture = "full_only"
        self._require_reference()
        cart = self._new_cart()
        with self._without_confirmation_mail():
            transaction = self._pay(cart, 100.0, "authorized")
        self._assert_waiting(cart)
        self.assertTrue(transaction.is_post_processed)

    def test_paid_held_and_released(self):
        # what held it is gone, then a person confirms it
        self._require_reference()
        cart = self._new_cart()
        with self._without_confirmation_mail():
            transaction = self._pay(cart, 100.0)
        self._assert_waiting(cart)
        self.assertTrue(transaction.payment_id)
        cart.client_order_ref = "XD-7"
        cart.action_confirm()
        self.assertEqual(cart.state, "sale")
        self.assertFalse(cart.parts_held)

    def test_paid_and_held_with_automatic_invoices(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        self._require_reference()
        cart = self._new_cart()
        with self._without_confirmation_mail():
            transaction = self._pay(cart, 100.0)
        self._assert_waiting(cart)
        self.assertFalse(transaction.invoice_ids)
        self.assertTrue(transaction.payment_id)

    # === COUPONS === #

    def test_coupon_to_zero_in_the_shop(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        self._require_reference()
        self.env["loyalty.program"].search([]).action_archive()
        program = self.env["loyalty.program"].create(
            {
                "name": "All off",
                "program_type": "promo_code",
                "rule_ids": [Command.create({"code": "all-off", "minimum_amount": 0})],
                "reward_ids": [Command.create({"discount": 100})],
            }
        )
        cart = self._new_cart().sudo()
        cart._try_apply_code("all-off")
        cart._apply_program_reward(program.reward_ids, program.coupon_ids)
        self.assertEqual(cart.amount_total, 0.0)
        with self._without_confirmation_mail():
            self._check_out(cart)
        self._assert_waiting(cart)

    # === WHAT THE CUSTOMER READS === #

    def test_customer_is_not_told_why(self):
        cart = self._new_cart()
        cart.prepayment_percent = 0.5
        self._pay(cart, 50.0)
        messages = (
            self.env["mail.message"]
            .with_user(self.buyer)
            .search([("model", "=", "sale.order"), ("res_id", "=", cart.id)])
        )
        for message in messages.sudo():
            self.assertNotRegex(str(message.body), "credit|approv")
