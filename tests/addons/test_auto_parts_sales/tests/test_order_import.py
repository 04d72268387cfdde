from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestOrderImport(FurtherCommon):
    """paths.md B: an order that comes as a file (UBL) is a draft, whatever it is."""

    def test_imported_order_is_a_draft(self):
        self.customer.write({"vat": "NL123456782B90", "ref": "XD"})
        self.part.default_code = "BD-1"
        # the file of an order that was confirmed
        self._new_file(1000.0)
        sent = self._new_order(3)
        sent.action_confirm()
        content = self.env["sale.edi.xml.ubl_bis3"]._export_order(sent)
        before = self.env["sale.order"].search([])
        env = self.env(user=self.seller, su=False)
        attachment = env["ir.attachment"].create(
            {"name": "order.xml", "raw": content, "mimetype": "application/xml"}
        )
        env["sale.order"].create_document_from_attachment(attachment.ids)
        imported = self.env["sale.order"].search([]) - before
        self.assertEqual(len(imported), 1)
        self.assertEqual(imported.state, "draft")
        self.assertFalse(imported.picking_ids)
