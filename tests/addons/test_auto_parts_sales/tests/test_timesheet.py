from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestTimesheet(FurtherCommon):
    """paths.md B: hours worked for a confirmed order are delivered, and count.

    Fitting is 100.00 an hour; one hour is ordered, which uses the limit up. No
    technician is stopped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._new_user(
            "technician",
            "hr_timesheet.group_hr_timesheet_user",
            "project.group_project_user",
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Technician", "user_id": cls.technician.id}
        )
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.service.write(
            {
                "uom_id": cls.hour.id,
                "service_policy": "delivered_timesheet",
                "service_tracking": "task_in_project",
            }
        )
        cls._new_file(100.0)
        cls.order = cls._new_service_order()
        cls.order.action_confirm()
        cls.line = cls.order.order_line
        cls.task = cls.line.sudo().task_id

    def _work(self, hours, task=None):
        task = task or self.task
        sheet = (
            self.env["account.analytic.line"]
            .with_user(self.technician)
            .create(
                {
                    "name": "Fitted brakes",
                    "project_id": task.project_id.id,
                    "task_id": task.id,
                    "unit_amount": hours,
                    "employee_id": self.employee.id,
                    "date": fields.Date.today(),
                }
            )
        )
        self.env.flush_all()
        return sheet

    def _flags(self):
        return self.env["parts.approval.growth"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )

    def test_hours_beyond_the_order_are_let_in_and_flagged(self):
        self._work(3.0)
        self.assertEqual(self.line.qty_delivered, 3.0)
        self._assert_grown(self.order, 200.0)

    def test_hours_up_to_the_order_are_no_growth(self):
        self._work(1.0)
        self.assertEqual(self.line.qty_delivered, 1.0)
        self.assertFalse(self._flags())

    def test_more_hours_on_the_same_sheet(self):
        sheet = self._work(1.0)
        sheet.unit_amount = 1.5
        self.env.flush_all()
        self._assert_grown(self.order, 50.0)

    def test_every_growth_is_counted_and_told_once(self):
        self._work(2.0)
        self._work(1.0)
        self._assert_grown(self.order, 200.0, count=2)
        activities = self.order.sudo().activity_ids
        self.assertEqual(len(activities), 1)
        # told again once he has seen to it
        activities.action_feedback()
        self._work(1.0)
        self.assertEqual(len(self.order.sudo().activity_ids), 1)

    def test_fewer_hours_are_no_growth(self):
        sheet = self._work(3.0)
        sheet.unit_amount = 2.0
        self.env.flush_all()
        self._assert_grown(self.order, 200.0)

    def test_the_next_gate_stands(self):
        self._work(3.0)
        message = "beyond the credit limit"
        self._assert_refused(lambda: self.line.write({"price_unit": 100.01}), message)
        another = self._new_service_order()
        self._assert_refused(another.action_confirm, message)

    def test_hours_written_before_the_order_is_confirmed_count_at_the_gate(self):
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        order = self._new_service_order()
        self.task.sale_line_id = False
        self.env["account.analytic.line"].search([]).unlink()
        order.order_line.sudo().write({"task_id": self.task.id})
        sheet = self._work(2.0)
        sheet.sudo().write({"so_line": order.order_line.id, "is_so_line_edited": True})
        self._assert_refused(order.action_confirm, "beyond the credit limit")
        sheet.sudo().unit_amount = 1.0
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _sell_by(self, policy):
        """Return a confirmed order of one hour that is delivered another way."""
        self.order._action_cancel()
        service = self.env["product.product"].create(
            {
                "name": "Fitting",
                "type": "service",
                "uom_id": self.hour.id,
                "service_policy": policy,
                "service_tracking": "task_in_project",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )
        order = self._new_service_order()
        order.order_line.write(
            {"product_id": service.id, "price_unit": 100.0, "tax_ids": False}
        )
        order.action_confirm()
        return order

    def test_upselling_is_a_reminder_and_binds_to_nothing(self):
        order = self._sell_by("ordered_prepaid")
        self._work(2.0, order.order_line.sudo().task_id)
        notes = order.sudo().activity_ids.mapped("note")
        self.assertEqual(len([note for note in notes if "Upsell" in str(note)]), 1)
        self.assertEqual(order.amount_total, 100.0)
        self._assert_refused(
            lambda: order.order_line.write({"product_uom_qty": 3}),
            "beyond the credit limit",
        )

    def test_switched_off_nothing_is_flagged(self):
        self.company.parts_credit_control = False
        self._work(3.0)
        self.assertEqual(self.line.qty_delivered, 3.0)
        self.assertFalse(self._flags())

    def test_milestone_beyond_the_order(self):
        order = self._sell_by("delivered_milestones")
        milestone = self.env["project.milestone"].create(
            {
                "name": "Fleet fitted",
                "project_id": order.order_line.sudo().task_id.project_id.id,
                "sale_line_id": order.order_line.id,
                "quantity_percentage": 2.0,
            }
        )
        self.assertFalse(self._flags())
        milestone.is_reached = True
        self.env.flush_all()
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        self._assert_grown(order, 100.0)


@tagged("post_install", "-at_install")
class TestEmployeeRate(FurtherCommon):
    """paths.md B: an order that is made from a project's employees is confirmed."""

    def _create(self):
        orders = self.env["sale.order"].with_user(self.seller)
        line = {"product_id": self.service.id, "price_unit": 100.0, "tax_ids": False}
        return orders.with_context(create_for_employee_mapping=True).create(
            {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
        )

    def test_order_created_for_an_employee(self):
        before = self.env["sale.order"].search_count([])
        self._assert_refused(self._create)
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self._new_file(100.0)
        self.assertEqual(self._create().state, "sale")
