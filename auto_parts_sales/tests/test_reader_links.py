from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestReaderLinks(TransactionCase):
    """Nobody learns by searching through a link what he may not read (COM-6, CRD-1).

    Odoo follows a related link as superuser; what stands behind it is looked up by
    who asks.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, login="link_seller", groups="sales_team.group_sale_salesman"
        )
        cls.customer = cls.env["res.partner"].create({"name": "Xinda Link"})
        cls.customer.sudo().credit_limit = 5000.0
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Brakes",
                "partner_id": cls.customer.id,
                "user_id": cls.seller.id,
            }
        )
        cls.line = cls.env["parts.enquiry.line"].create(
            {"lead_id": cls.lead.id, "query": "5Q0615301"}
        )

    def _as_seller(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["parts.enquiry.line"].with_user(self.seller).sudo(False)

    def test_what_he_may_not_read_is_not_searched(self):
        lines = self._as_seller()
        for domain in (
            [("partner_id.credit_limit", "=", 5000.0)],
            [("partner_id", "any", [("credit_limit", ">", 4999.0)])],
            [("partner_id", "not any", [("credit_limit", ">", 4999.0)])],
            [("lead_id.partner_id.credit_limit", ">", 4999.0)],
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                lines.search_count(domain)
        superuser = self.env["parts.enquiry.line"].sudo()
        found = superuser.search([("partner_id.credit_limit", "=", 5000.0)])
        self.assertEqual(found, self.line)

    def test_records_of_others_are_not_searched(self):
        """A quotation that he may not read is no quotation to him."""
        other = new_test_user(
            self.env, login="link_other", groups="sales_team.group_sale_salesman"
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": other.id,
                "client_order_ref": "secret",
                "order_line": [(0, 0, {"name": "part", "display_type": "line_note"})],
            }
        )
        self.line.sale_line_id = order.order_line
        domain = [("sale_order_id.client_order_ref", "=", "secret")]
        self.assertFalse(self._as_seller().search(domain))
        order.user_id = self.seller
        self.assertEqual(self._as_seller().search(domain).sudo(), self.line)

    def test_what_he_may_read_is_found_grouped_and_ordered(self):
        lines = self._as_seller()
        own = [("id", "=", self.line.id)]
        for domain in (
            [("partner_id", "=", self.customer.id)],
            [("partner_id", "ilike", "xinda link")],
            [("partner_id.name", "=", "Xinda Link")],
            [("partner_id", "child_of", self.customer.id)],
            [("user_id", "=", self.seller.id)],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(lines.search(own + domain).ids, self.line.ids)
        groups = lines.formatted_read_group(own, ["partner_id"], ["__count"])
        self.assertEqual(groups[0]["partner_id"][0], self.customer.id)
        found = lines.search(own, order="partner_id, user_id")
        self.assertEqual(found.ids, self.line.ids)
