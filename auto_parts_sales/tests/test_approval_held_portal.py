from odoo.tests import HttpCase, tagged

from .held_common import SIGNATURE, HeldCommon


@tagged("post_install", "-at_install")
class TestApprovalHeldPortal(HeldCommon, HttpCase):
    # Customers never see an internal error, nor a reason that is none of theirs

    def _accept(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Wang Fang",
                "signature": SIGNATURE,
            },
        )

    def _page(self, order, query=""):
        token = order._portal_ensure_token()
        return self.url_open(f"/my/orders/{order.id}?access_token={token}{query}").text

    def test_customer_who_signs_reads_that_it_is_checked(self):
        order = self._new_quotation(require_signature=True, require_payment=False)
        self.assertIn("Accept & Sign", self._page(order))
        answer = self._accept(order)
        self.assertIn("sign_ok", answer["redirect_url"])
        self.env.invalidate_all()
        self.assertTrue(order.signature)
        self.assertEqual(order.state, "sent")
        self.assertTrue(order.parts_held)
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("received your order and are checking it", page)
        self.assertIn("Your order has been signed.", page)
        self.assertNotIn("confirmed", page)
        self.assertNotIn("credit", page)
        self.assertNotIn("Accept & Sign", page)
        # once is enough
        self.assertIn("not in a state", self._accept(order)["error"])
        self.env.invalidate_all()
        self.assertEqual(len(self._holds_of(order)), 1)

    def test_customer_within_his_limit_is_confirmed(self):
        self._new_file(1000.0)
        order = self._new_quotation(require_signature=True, require_payment=False)
        answer = self._accept(order)
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn("Your order has been confirmed.", page)
        self.assertNotIn("checking it", page)

    def test_customer_who_paid_reads_that_it_is_checked(self):
        order = self._new_quotation()
        self._pay(order)
        page = self._page(order)
        self.assertIn("received your order and are checking it", page)
        self.assertNotIn("credit", page)
        self.assertNotIn("Accept & Pay", page)
        self.assertNotIn("Pay Now", page)
