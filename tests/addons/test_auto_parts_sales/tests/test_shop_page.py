from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestShopPage(FurtherCommon, HttpCase):
    """What the customer's browser gets when his order is held: no error, no reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.salesperson_id = cls.seller
        cls.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "parts_buyer",
                "email": "buyer@example.com",
                "partner_id": cls.customer.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls._require_reference()
        cls.cart = cls._new_service_order(website_id=cls.website.id)
        cls.cart.order_line.price_unit = 0.0

    def _check_out(self):
        session = {"sale_order_id": self.cart.id, "sale_last_order_id": self.cart.id}
        self.authenticate("parts_buyer", "parts_buyer", session_extra=session)
        return self.url_open("/shop/payment/validate")

    def test_held_order_shows_no_error_and_no_reason(self):
        page = self._check_out()
        self.assertEqual(page.status_code, 200)
        self.assertIn("/shop/confirmation", page.url)
        self.assertIn(self.cart.name, page.text)
        self.assertNotIn("order number is missing", page.text)
        self._assert_waiting(self.cart)

    def _title(self, page):
        return html.fromstring(page.text).findtext(".//title").strip()

    def test_last_page_says_that_it_is_being_checked(self):
        page = self._check_out()
        self.assertIn("are checking it", page.text)
        self.assertIn("Being checked", self._title(page))
        self.assertNotIn("Confirmed", self._title(page))

    def test_last_page_of_a_confirmed_order_is_as_ever(self):
        self.cart.client_order_ref = "XD-7"
        page = self._check_out()
        self.assertEqual(self.cart.state, "sale")
        self.assertIn("/shop/confirmation", page.url)
        self.assertNotIn("checking it", page.text)
        self.assertIn("Confirmed", self._title(page))

    def test_last_page_after_it_was_released(self):
        self._check_out()
        self.cart.client_order_ref = "XD-7"
        self.cart.action_confirm()
        page = self.url_open("/shop/confirmation")
        self.assertNotIn("checking it", page.text)
        self.assertIn("Confirmed", self._title(page))

    def test_last_page_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.website.language_ids |= self.env.ref("base.lang_fr")
        view = self.env.ref("auto_parts_sales.sale_order_held")
        terms = view.get_field_translations("arch_db")[0]
        [term] = {t["source"] for t in terms if "are checking it" in t["source"]}
        french = {term: "Nous examinons votre commande."}
        view.update_field_translations("arch_db", {"fr_FR": french})
        self._check_out()
        page = self.url_open("/fr/shop/confirmation")
        self.assertIn("Nous examinons votre commande.", page.text)

    def test_other_pages_are_as_ever(self):
        self._check_out()
        for path in ("/shop", "/my", "/"):
            page = self.url_open(path)
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("are checking it", page.text)

    def test_second_click_changes_nothing(self):
        self._check_out()
        messages = self.cart.sudo().message_ids
        self.assertEqual(self._check_out().status_code, 200)
        self._assert_waiting(self.cart)
        self.assertEqual(self.cart.sudo().message_ids, messages)

    def test_order_page_says_that_it_is_being_checked(self):
        self._check_out()
        page = self.url_open(f"/my/orders/{self.cart.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("are checking it", page.text)
        self.assertNotIn("order number is missing", page.text)
