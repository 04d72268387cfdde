import json
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .further_common import FurtherCommon


class BoothCommon(FurtherCommon):
    """Two booths at 100.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.env.ref("event.group_event_user")
        cls.rent = cls.env["product.product"].create(
            {
                "name": "Booth rent",
                "type": "service",
                "service_tracking": "event_booth",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.category = cls.env["event.booth.category"].create(
            {"name": "Corner booth", "product_id": cls.rent.id, "price": 100.0}
        )
        now = fields.Datetime.now()
        cls.event = cls.env["event.event"].create(
            {
                "name": "Parts fair",
                "date_begin": now + timedelta(days=1),
                "date_end": now + timedelta(days=2),
                "event_booth_ids": [
                    Command.create({"name": name, "booth_category_id": cls.category.id})
                    for name in ("A1", "A2")
                ],
            }
        )
        cls.booth, cls.other_booth = cls.event.event_booth_ids

    def _new_booth_order(self, booth, **values):
        order = self._new_order(**values)
        line = order.order_line
        line.write({"product_id": self.rent.id, "event_id": self.event.id})
        line.event_booth_pending_ids = booth
        line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})
        return order

    def _assert_free(self, *booths):
        for booth in booths:
            self.assertEqual(booth.state, "available")
            self.assertFalse(booth.sale_order_id)
            self.assertFalse(booth.is_paid)

    def _assert_taken(self, booth, order):
        self.assertEqual(booth.state, "unavailable")
        self.assertEqual(booth.sale_order_id, order)
        self.assertEqual(booth.partner_id, order.partner_id)


@tagged("post_install", "-at_install")
class TestEventBooth(BoothCommon, AccountPaymentCommon):
    """paths.md B: booths. The app takes them after super(), for all of the orders."""

    def test_held_order_takes_no_booth(self):
        order = self._new_booth_order(self.booth)
        self._assert_refused(order.action_confirm)
        self._assert_free(self.booth)
        self._new_file(100.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._assert_taken(self.booth, order)

    def test_several_orders_all_or_none(self):
        file = self._new_file(199.0)
        orders = self._new_booth_order(self.booth)
        orders |= self._new_booth_order(self.other_booth)
        self._assert_refused(orders.action_confirm, "beyond the credit limit")
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self._assert_free(self.booth, self.other_booth)
        file.credit_limit = 200.0
        orders.action_confirm()
        self._assert_taken(self.booth, orders[0])
        self._assert_taken(self.other_booth, orders[1])

    def _pay(self, order, amount):
        transaction = self._create_transaction(
            "direct",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference=order.name,
            sale_order_ids=[Command.set(order.ids)],
            state="done",
        )
        with self._without_confirmation_mail():
            transaction._post_process()
        return transaction

    def test_paid_booth_of_a_held_order_is_taken_when_it_is_released(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        self._require_reference()
        order = self._new_booth_order(self.booth)
        order.write({"require_payment": True, "prepayment_percent": 1.0})
        self.assertTrue(self._pay(order, 100.0).payment_id)
        self._assert_waiting(order)
        self._assert_free(self.booth)
        # what held it is gone
        order.client_order_ref = "XD-7"
        self._try_held_again()
        self.assertEqual(order.state, "sale")
        self._assert_taken(self.booth, order)
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertTrue(self.booth.is_paid)

    def test_deposit_marks_no_booth_as_paid(self):
        order = self._new_booth_order(self.booth)
        order.write({"require_payment": True, "prepayment_percent": 0.5})
        self._pay(order, 50.0)
        self._assert_waiting(order)
        self._assert_free(self.booth)

    def test_booth_that_somebody_else_took_meanwhile(self):
        # Odoo cancels every other order for it
        order = self._new_booth_order(self.booth)
        order._validate_order()
        self._assert_waiting(order)
        approval = self._ask(order)
        good = self.env["res.partner"].create({"name": "Good customer"})
        self._new_file(100.0, customer=good)
        faster = self._new_booth_order(self.booth, customer=good)
        faster.action_confirm()
        self._assert_taken(self.booth, faster)
        self.assertEqual(order.state, "cancel")
        self.assertFalse(order.parts_held)
        self.assertEqual(approval.state, "void")
        self._try_held_again()
        self.assertEqual(order.state, "cancel")
        self._assert_taken(self.booth, faster)


@tagged("post_install", "-at_install")
class TestEventBoothPage(BoothCommon, HttpCase):
    """paths.md B: a free booth is confirmed by the visitor's own request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.write({"company_id": cls.company.id, "salesperson_id": cls.seller})
        cls.rent.list_price = 0.0
        cls.category.price = 0.0
        cls.event.write({"website_published": True, "website_id": cls.website.id})

    def _register(self):
        """Return the answer to a visitor's form, and the order it made."""
        before = self.env["sale.order"].search([])
        self.authenticate(None, None)
        answer = self.url_open(
            f"/event/{self.event.id}/booth/confirm",
            data={
                "booth_category_id": self.category.id,
                "event_booth_ids": json.dumps(self.booth.ids),
                "contact_name": "Li Ming",
                "contact_email": "li.ming@example.com",
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.env.invalidate_all()
        return answer, self.env["sale.order"].search([]) - before

    def test_free_booth_is_no_claim(self):
        answer, order = self._register()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(order.state, "sale")
        self._assert_taken(self.booth, order)

    def test_free_booth_that_is_held(self):
        self._require_reference()
        with self._without_confirmation_mail():
            answer, order = self._register()
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("error", answer.json())
        self.assertNotIn("order number is missing", answer.text)
        self._assert_waiting(order)
        self._assert_free(self.booth)
