from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestEventPage(FurtherCommon, HttpCase):
    """paths.md B: free tickets in a cart are confirmed by the visitor's own request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.write({"company_id": cls.company.id, "salesperson_id": cls.seller})
        admission = cls.env["product.product"].create(
            {
                "name": "Admission",
                "type": "service",
                "service_tracking": "event",
                "list_price": 0.0,
                "taxes_id": [Command.clear()],
            }
        )
        now = fields.Datetime.now()
        cls.event = cls.env["event.event"].create(
            {
                "name": "Brake training",
                "date_begin": now + timedelta(days=1),
                "date_end": now + timedelta(days=2),
                "website_published": True,
                "event_ticket_ids": [
                    Command.create(
                        {"name": "Seat", "product_id": admission.id, "price": 0.0}
                    )
                ],
            }
        )
        # Odoo makes no order of free tickets alone: there is a cart already
        cls.cart = cls._new_service_order(website_id=cls.website.id)
        cls.cart.order_line.price_unit = 0.0

    def _register(self):
        """Return the page after the visitor's form."""
        question = {
            kind: self.event.question_ids.filtered(
                lambda question, kind=kind: question.question_type == kind
            ).id
            for kind in ("name", "email")
        }
        self.authenticate(None, None, session_extra={"sale_order_id": self.cart.id})
        page = self.url_open(
            f"/event/{self.event.id}/registration/confirm",
            data={
                f"1-name-{question['name']}": "Li Ming",
                f"1-email-{question['email']}": "li.ming@example.com",
                "1-event_ticket_id": self.event.event_ticket_ids.id,
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.env.invalidate_all()
        return page

    def test_free_ticket_is_no_claim(self):
        page = self._register()
        self.assertEqual(page.status_code, 200)
        self.assertIn("/shop/confirmation", page.url)
        self.assertEqual(self.cart.state, "sale")
        self.assertNotIn("are checking it", page.text)

    def test_free_ticket_that_is_held(self):
        self._require_reference()
        with self._without_confirmation_mail():
            page = self._register()
        self.assertEqual(page.status_code, 200)
        self.assertIn("/shop/confirmation", page.url)
        self.assertIn("are checking it", page.text)
        self.assertNotIn("order number is missing", page.text)
        self._assert_waiting(self.cart)
        # the seat is kept, as Odoo keeps that of every free ticket in a cart
        self.assertEqual(len(self.event.registration_ids), 1)
