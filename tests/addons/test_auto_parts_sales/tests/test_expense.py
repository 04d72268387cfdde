from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.hr_expense.tests.common import TestExpenseCommon

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestExpense(FurtherCommon, TestExpenseCommon):
    """paths.md B: an expense of ours is invoiced to the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.towing = cls.env["product.product"].create(
            {
                "name": "Towing",
                "type": "service",
                "can_be_expensed": True,
                "expense_policy": "cost",
                "invoice_policy": "order",
                "standard_price": 0.0,
                "list_price": 30.0,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        cls.file = cls._new_file(100.0)
        cls.order = cls._new_order()
        cls.order.action_confirm()

    def _post_expense(self):
        expense = self.create_expenses(
            {
                "name": "Towing to the workshop",
                "product_id": self.towing.id,
                "total_amount_currency": 30.0,
                "tax_ids": [Command.clear()],
                "sale_order_id": self.order.id,
                "employee_id": self.expense_employee.id,
            }
        )
        expense.action_submit()
        expense._do_approve()
        self.post_expenses_with_wizard(expense)
        return expense

    def test_expense_is_let_in_and_flagged(self):
        expense = self._post_expense()
        line = self.order.sudo().order_line.filtered("is_expense")
        self.assertEqual(line.expense_ids, expense)
        self.assertEqual(line.price_unit * line.product_uom_qty, 30.0)
        self._assert_grown(self.order, 30.0)

    def test_the_next_gate_stands(self):
        self._post_expense()
        line = self.order.order_line.filtered(lambda line: not line.is_expense)
        self._assert_refused(
            lambda: line.write({"price_unit": 100.01}), "beyond the credit limit"
        )

    def test_a_salesperson_cannot_pass_a_line_off_as_an_expense(self):
        vals = {
            "order_id": self.order.id,
            "product_id": self.towing.id,
            "price_unit": 30.0,
            "is_expense": True,
            "tax_ids": [Command.clear()],
        }
        lines = self.env["sale.order.line"].with_user(self.seller)
        self._assert_refused(lambda: lines.create(vals), "beyond the credit limit")
