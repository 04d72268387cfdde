import io
from datetime import datetime

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .thread_common import PRICE, QUANTITY, ThreadCommon


@tagged("post_install", "-at_install")
class TestThread(ThreadCommon):
    """From an enquiry by OE number to the commission on the money, step by step."""

    def test_from_the_enquiry_to_the_commission(self):
        line = self._enquire()
        order = self._quote(line)
        self._print(order)
        self._get_approval(order)
        self._confirm(order)
        self._deliver(order)
        invoice = self._invoice(order)
        self._pay_and_earn(invoice)
        statement = self._draw_up()
        self._export(statement)

    def _enquire(self):
        """1. The part is found in any spelling, with the vehicles that it fits."""
        lead = self._as("salesperson", "crm.lead").create(
            {
                "type": "opportunity",
                "name": "ECU",
                "partner_id": self.customer.id,
                "parts_enquiry_line_ids": [
                    Command.create(
                        {
                            "query": spelling,
                            "vehicle_id": self.golf.id,
                            "quantity": QUANTITY,
                        }
                    )
                    for spelling in ("5g0 906 259 c", "5G0-906.259C", "５Ｇ０906259c")
                ],
            }
        )
        lines = lead.parts_enquiry_line_ids
        self.assertEqual(set(lines.mapped("state")), {"matched"})
        self.assertEqual(lines.product_id, self.part)
        self.assertEqual(set(lines.mapped("oe_number")), {"5G0 906 259 C"})
        self.assertEqual(set(lines.mapped("fit")), {"yes"})
        self.assertIn("Volkswagen Golf VII 2015–2020", lines[0].fits)
        self.assertIn("Volkswagen Golf Variant VII 2015–2020", lines[0].fits)
        self.assertEqual(lines[0].price, PRICE)
        lines[1:].unlink()
        return lines[0]

    def _quote(self, line):
        """2. Number, vehicle, grade and warranty are on the quotation's line."""
        action = line.lead_id.action_parts_create_quotation()
        order = self._as("salesperson", "sale.order").browse(action["res_id"])
        self.assertEqual(line.state, "quoted")
        self.assertEqual(order.parts_vehicle_id, self.golf)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.part.id,
                    "product_uom_qty": QUANTITY,
                    "price_unit": PRICE,
                    "parts_number_asked": "5g0 906 259 c",
                    "parts_number": "5G0 906 259 C",
                    "parts_grade": "genuine",
                    "parts_warranty_months": 24,
                    "parts_fit": "yes",
                }
            ],
        )
        self.assertRecordValues(
            order,
            [
                {
                    "amount_untaxed": 3703.71,
                    "amount_tax": 481.48,
                    "amount_total": 4185.19,
                }
            ],
        )
        return order

    def _print(self, order):
        html, _kind = self._as("salesperson", "ir.actions.report")._render_qweb_html(
            "sale.report_saleorder", order.ids
        )
        for text in ("5G0 906 259 C", "Golf VII", "Genuine", "24 months"):
            self.assertIn(text, html.decode())

    def _get_approval(self, order):
        """3. Without a credit file the order is held, until the right role agrees."""
        self._fail_to_confirm(order)
        order.action_parts_request_approval("Pays within the week")
        approval = order.sudo().parts_approval_ids
        self.assertRecordValues(
            approval, [{"state": "pending", "kind": "credit", "amount": 4185.19}]
        )
        for role in ("salesperson", "finance", "warehouse"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._as(role, approval).action_approve()
        self._fail_to_confirm(order)
        waiting = self._as("manager", "parts.approval").search(
            [("can_decide", "=", True)]
        )
        self.assertEqual(waiting, approval)
        waiting.action_approve("Small amount")
        self.assertEqual(approval.state, "approved")

    def _fail_to_confirm(self, order):
        with (
            self.assertRaisesRegex(UserError, "no credit file in force"),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def _confirm(self, order):
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.sudo().parts_approval_ids.spent_date)

    def _deliver(self, order):
        """4. Delivery in Odoo's own way, by the warehouse."""
        picking = self._as("warehouse", order.sudo().picking_ids)
        self.assertEqual(picking.state, "assigned")
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.order_line.qty_delivered, QUANTITY)

    def _invoice(self, order):
        wizard = (
            self._as("finance", "sale.advance.payment.inv")
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        invoice = self._as("finance", order.sudo().invoice_ids)
        invoice.invoice_date = fields.Date.today()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 4185.19)
        self.assertEqual(invoice.invoice_user_id, self.users["salesperson"])
        return invoice

    def _pay(self, invoice, amount):
        register = self._as("finance", "account.payment.register").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        form = Form(register)
        if amount:
            form.amount = amount
        form.save().action_create_payments()

    def _pay_and_earn(self, invoice):
        """4. Commission of the share at the date, and of the whole at the end."""
        entries = self._as("salesperson", "parts.commission.entry")
        self._pay(invoice, 2511.11)  # 60 %
        self.assertEqual(invoice.amount_residual, 1674.08)
        first = entries.search([])
        self.assertRecordValues(
            first,
            [
                {
                    "kind": "collection",
                    "move_id": invoice.id,
                    "date": fields.Date.today(),
                    "collected": 2222.22,
                    "rate": 7.0,
                    "amount": 155.56,
                }
            ],
        )
        self._pay(invoice, None)
        self.assertEqual(invoice.amount_residual, 0.0)
        second = entries.search([]) - first
        self.assertRecordValues(second, [{"collected": 1481.49, "amount": 103.70}])
        total = sum((first | second).mapped("amount"))
        self.assertEqual(self.company.currency_id.round(total), 259.26)

    def _draw_up(self):
        """5. The month's statement, drawn up by the office, read by its payee."""
        draw = self._as("office", "parts.commission.draw")
        draw.create({"month": fields.Date.today()}).action_draw_up()
        statement = self._as("salesperson", "parts.commission.statement").search([])
        self.assertRecordValues(
            statement,
            [
                {
                    "user_id": self.users["salesperson"].id,
                    "amount_total": 259.26,
                    "collected_total": 3703.71,
                    "entry_count": 2,
                    "state": "draft",
                }
            ],
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._as("salesperson", "parts.commission.draw").create(
                {"month": fields.Date.today()}
            )
        return statement

    def _export(self, statement):
        content = self._as("salesperson", "parts.commission.statement.xlsx")._render(
            statement
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        [header] = [row for row in rows if "Commission" in row and "Customer" in row]
        column = {label: index for index, label in enumerate(header) if label}
        entries = rows[rows.index(header) + 1 :][:2]
        self.assertEqual(
            sorted(
                (
                    row[column["Customer"]],
                    row[column["Collected (untaxed)"]],
                    row[column["Rate"]],
                    row[column["Commission"]],
                )
                for row in entries
            ),
            [
                ("Tengda Garage", 1481.49, 0.07, 103.7),
                ("Tengda Garage", 2222.22, 0.07, 155.56),
            ],
        )
        self.assertIsInstance(entries[0][column["Collected on"]], datetime)
        totals = rows[rows.index(header) + 3]
        self.assertTrue(str(totals[column["Commission"]]).startswith("=SUM("))
