from datetime import date

from lxml import etree

from odoo.tests import Form, tagged

from .commission_pool_common import FEBRUARY, JANUARY, PoolCommon


@tagged("post_install", "-at_install")
class TestCommissionNames(PoolCommon):
    """COM-5, COM-7: who is paid is no customer; a month is called by its name."""

    def _request(self):
        statement = self._draw()
        self._as(statement, "sales_office").action_submit()
        return statement.parts_approval_ids

    def test_the_form_names_a_salesperson(self):
        approval = self._request()
        self.assertEqual(approval.partner_id, self.li.partner_id)
        arch = etree.fromstring(approval.get_view(view_type="form")["arch"])
        shown = {
            node.get("string"): node.get("invisible")
            for node in arch.iter("field")
            if node.get("name") == "partner_id"
        }
        self.assertEqual(
            shown,
            {
                "Customer": "not partner_id or kind == 'commission'",
                "Salesperson": "kind != 'commission'",
            },
        )
        names = self.env["parts.approval"].fields_get(["partner_id"])
        self.assertEqual(names["partner_id"]["string"], "Customer or Salesperson")

    def test_the_sheet_names_a_salesperson(self):
        approval = self._request()
        report = self.env["ir.actions.report"].sudo()
        html, _kind = report._render_qweb_html(
            "auto_parts_sales.report_parts_approval", approval.ids
        )
        heads = [x.text for x in etree.HTML(html.decode()).iter("th")]
        self.assertIn("Salesperson", heads)
        self.assertNotIn("Customer", heads)

    def test_mails_name_a_salesperson(self):
        approval = self._request()
        for name in ("remind", "escalate"):
            template = self.env.ref(f"auto_parts_sales.parts_approval_mail_{name}")
            template = template.sudo()
            # as it is delivered: an upgrade leaves people's own wording alone
            template.reset_template()
            body = template._render_field("body_html", approval.ids)[approval.id]
            self.assertIn(f"Salesperson: {self.li.name}", body)
            self.assertNotIn("Customer", body)
        # of an order, the customer as ever
        approval.sudo().kind = "order"
        body = template._render_field("body_html", approval.ids)[approval.id]
        self.assertIn(f"Customer: {self.li.name}", body)
        self.assertNotIn("Salesperson", body)

    def test_months_of_a_pool(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        self._sell(800.0, "2026-01-10")
        self._sign(JANUARY)
        month = self.pool.month_ids
        self.assertEqual(month.month, "January 2026")
        self.assertEqual(month.display_name, "Counter 2026, January 2026")
        chinese = month.with_context(lang="zh_CN")
        self.assertEqual(chinese.month, "2026年1月")
        for name in ("month_view_list", "view_form"):
            view = self.env.ref(f"auto_parts_sales.parts_commission_pool_{name}")
            self.assertIn('name="month"', view.arch)
        target = (
            self.env["parts.commission.pool.target"]
            .sudo()
            .create({"pool_id": self.pool.id, "month": FEBRUARY, "amount": 5.0})
        )
        self.assertEqual(target.display_name, "February 2026")
        self.assertEqual(target.with_context(lang="zh_CN").name, "2026年2月")
        wizard = Form(
            self.env["parts.commission.sign"].with_user(self.roles["finance"])
        )
        wizard.month = date(2026, 2, 14)
        self.assertEqual(wizard.month_name, "February 2026")
