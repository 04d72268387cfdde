from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestVendorBill(FurtherCommon, AccountTestInvoicingCommon):
    """paths.md B: a vendor's bill for a customer's project comes onto its order.

    The order of 100.00 uses the limit up; the bill is 30.00. No accountant is stopped.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        project = cls.env["project.project"].create(
            {
                "name": "Fleet of Xinda",
                "partner_id": cls.customer.id,
                "allow_billable": True,
            }
        )
        project._create_analytic_account()
        cls.distribution = project._get_analytic_distribution()
        cls.towing = cls.env["product.product"].create(
            {
                "name": "Towing",
                "type": "service",
                "expense_policy": "cost",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        cls.file = cls._new_file(100.0)
        cls.order = cls._new_order(project_id=project.id)
        cls.order.action_confirm()

    def _post_bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.env["res.partner"].create({"name": "Tower"}).id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.towing.id,
                            "price_unit": 30.0,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": self.distribution,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def test_bill_is_let_in_and_flagged(self):
        self._post_bill()
        line = self.order.sudo().order_line.filtered("is_expense")
        self.assertEqual(line.product_id, self.towing)
        self._assert_grown(self.order, 30.0)

    def test_the_next_gate_stands(self):
        self._post_bill()
        line = self.order.order_line.filtered(lambda line: not line.is_expense)
        self._assert_refused(
            lambda: line.write({"price_unit": 100.01}), "beyond the credit limit"
        )

    def test_switched_off_nothing_is_flagged(self):
        self.company.parts_credit_control = False
        self._post_bill()
        self.assertTrue(self.order.sudo().order_line.filtered("is_expense"))
        self.assertFalse(
            self.env["parts.approval.growth"].search([("res_id", "=", self.order.id)])
        )
