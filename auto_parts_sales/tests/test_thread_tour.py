from odoo import fields
from odoo.tests import HttpCase, tagged

from .thread_common import ThreadCommon


@tagged("post_install", "-at_install")
class TestThreadTour(ThreadCommon, HttpCase):
    """The thread in the browser, as the people who walk it one after the other."""

    def test_thread(self):
        self._walk("salesperson", "asks", "/odoo/crm/new")
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(order.parts_approval_ids.state, "pending")

        self._walk("manager", "approves")
        self.assertEqual(order.parts_approval_ids.state, "approved")

        self._walk("salesperson", "confirms", f"/odoo/sales/{order.id}")
        self.assertEqual(order.state, "sale")

        self._walk("warehouse", "delivers", f"/odoo/deliveries/{order.picking_ids.id}")
        self.assertEqual(order.picking_ids.state, "done")

        self._walk("finance", "invoices", f"/odoo/sales/{order.id}")
        self.assertEqual(order.invoice_ids.amount_residual, 1674.08)

        self._as("office", "parts.commission.draw").create(
            {"month": fields.Date.today()}
        ).action_draw_up()
        self._walk("salesperson", "reads")

    def _walk(self, role, step, url="/odoo"):
        self.start_tour(url, f"parts_thread_{step}", login=f"thread_{role}")
