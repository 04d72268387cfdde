import io

import openpyxl

from odoo.tests import HttpCase, tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalExport(ApprovalCommon, HttpCase):
    """Uninstalling deletes what is kept for good: it warns and offers an export."""

    def _wizard(self, name):
        module = self.env["ir.module.module"].search([("name", "=", name)])
        return self.env["base.module.uninstall"].create(
            {"module_ids": [(6, 0, module.ids)]}
        )

    def test_uninstalling_warns(self):
        self.assertTrue(self._wizard("auto_parts_sales").parts_loses_ledgers)
        # with what it depends on goes the addon, too
        self.assertTrue(self._wizard("sale_stock").parts_loses_ledgers)
        self.assertFalse(self._wizard("base_import").parts_loses_ledgers)

    def test_workbook_holds_every_approval(self):
        order = self._new_order(3)
        self._ask(order, reason="=cmd|' /C calc'!A0")
        content = self.env["parts.approval.export"]._build_workbook()
        sheet = openpyxl.load_workbook(io.BytesIO(content))["approval"]
        header = [cell.value for cell in sheet[1]]
        column = next(i for i, name in enumerate(header) if "document_name" in name)
        reason = next(i for i, name in enumerate(header) if "(reason)" in name)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        self.assertIn(order.name, [row[column] for row in rows])
        # what people typed stays text, never a formula
        cell = sheet.cell(len(rows) + 1, reason + 1)
        self.assertEqual((cell.value, cell.data_type), ("=cmd|' /C calc'!A0", "s"))

    def test_only_administrators_download_it(self):
        self.authenticate("parts_seller", "parts_seller")
        self.assertEqual(self.url_open("/auto_parts_sales/export").status_code, 404)
        self.authenticate("admin", "admin")
        response = self.url_open("/auto_parts_sales/export")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content[:2], b"PK")
