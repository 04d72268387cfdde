from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestQuotationLine(PartsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "5G0 906 259 A")
        cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_number(cls.ecu, "0 261 S09", brand_id=cls.bosch.id, kind="trade")
        cls._add_fitment(cls.ecu, cls.golf, source_id=cls.source.id)

    def _quote(self, product, line=None, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create({"product_id": product.id, **(line or {})})
                ],
                **values,
            }
        )

    def _render(self, order, report="sale.report_saleorder"):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(report, order.ids)
        return html.decode()

    def test_line_shows_the_parts_numbers(self):
        line = self._quote(self.ecu).order_line
        self.assertEqual(line.parts_number, "5G0 906 259 A, 5G0 906 259 C")

    def test_line_shows_the_number_asked_for_as_printed(self):
        asked = {"parts_number_asked": "5g0-906-259-c"}
        line = self._quote(self.ecu, asked).order_line
        self.assertEqual(line.parts_number, "5G0 906 259 C")
        asked = {"parts_number_asked": "0261s09"}
        line = self._quote(self.ecu, asked).order_line
        self.assertEqual(line.parts_number, "0 261 S09")

    def test_what_was_quoted_does_not_change_with_the_catalogue(self):
        line = self._quote(self.ecu).order_line
        self._add_number(self.ecu, "5G0 906 259 D")
        self.ecu.parts_number_ids[0].number = "XXX 1"
        self.ecu.write({"parts_grade": "used", "parts_warranty_months": 3})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.parts_number, "5G0 906 259 A, 5G0 906 259 C")
        self.assertEqual(
            (line.parts_grade, line.parts_warranty_months), ("genuine", 24)
        )
        line.product_id = self.filter
        self.assertFalse(line.parts_number)
        self.assertFalse(line.parts_grade)

    def test_grade_and_warranty_may_be_agreed_differently(self):
        line = self._quote(self.ecu, {"parts_warranty_months": 36}).order_line
        self.assertEqual(line.parts_warranty_months, 36)
        line.product_uom_qty = 4
        self.assertEqual(line.parts_warranty_months, 36)

    def test_vehicle_of_the_line_falls_back_to_the_orders(self):
        order = self._quote(self.ecu, parts_vehicle_id=self.golf.id)
        line = order.order_line
        self.assertEqual(line.parts_vehicle_id, self.golf)
        order.parts_vehicle_id = self.passat
        self.assertEqual(line.parts_vehicle_id, self.passat)
        line.parts_vehicle_id = self.camry
        order.parts_vehicle_id = self.golf
        self.assertEqual(line.parts_vehicle_id, self.camry)
        line.parts_vehicle_id = self.golf
        self.assertFalse(line.parts_own_vehicle_id)
        named = self._quote(self.ecu, {"parts_vehicle_id": self.golf.id}).order_line
        self.assertEqual(named.parts_vehicle_id, self.golf)

    def test_fit_against_the_vehicle(self):
        order = self._quote(self.ecu)
        line = order.order_line
        self.assertFalse(line.parts_fit)
        for vehicle, fit in (
            (self.golf, "yes"),
            (self.passat, "no"),
            (self.camry, "unknown"),
        ):
            order.parts_vehicle_id = vehicle
            self.assertEqual(line.parts_fit, fit)

    def test_order_warns_of_what_may_not_fit(self):
        order = self._quote(self.ecu, parts_vehicle_id=self.golf.id)
        self.assertFalse(order.parts_fit_warning)
        self.assertFalse(self.empty_order.parts_fit_warning)
        order.parts_vehicle_id = self.passat
        self.assertIn("does not fit Volkswagen Passat", order.parts_fit_warning)
        self._add_fitment(self.ecu, self.passat, condition="with start-stop")
        self.env.invalidate_all()
        self.assertIn("only if: with start-stop", order.parts_fit_warning)

    def test_fit_is_seen_while_typing(self):
        order = self._quote(self.ecu).with_user(self.salesperson)
        order.sudo().user_id = self.salesperson
        with Form(order) as form:
            form.parts_vehicle_id = self.golf
            form.parts_vin = " wvwzzz1kz6w612305"
            self.assertEqual(form.parts_vin, "WVWZZZ1KZ6W612305")
            with form.order_line.edit(0) as line:
                self.assertEqual(line.parts_fit, "yes")
            with form.order_line.new() as line:
                line.product_id = self.filter
                self.assertEqual(line.parts_fit, "unknown")
        self.assertEqual(order.order_line.mapped("parts_fit"), ["yes", "unknown"])

    def test_vin_is_cleaned_and_doubted(self):
        order = self._quote(self.ecu, parts_vin=" wvwzzz1kz-6w612305")
        self.assertEqual(order.parts_vin, "WVWZZZ1KZ6W612305")
        self.assertFalse(order.parts_vin_warning)
        order.parts_vin = "abc 123"
        self.assertEqual(order.parts_vin, "ABC123")
        self.assertIn("17", order.parts_vin_warning)
        order.parts_vin = False
        self.assertFalse(order.parts_vin_warning)

    # === DOCUMENTS FOR THE CUSTOMER === #

    def test_print_says_number_vehicle_grade_and_warranty(self):
        order = self._quote(
            self.ecu,
            {"parts_number_asked": "5g0906259c"},
            parts_vehicle_id=self.golf.id,
        )
        html = self._render(order)
        for text in ("5G0 906 259 C", self.golf.display_name, "Genuine", "24 months"):
            self.assertIn(text, html)
        self.assertNotIn("You asked for", html)

    def test_print_names_another_number_that_was_asked_for(self):
        order = self._quote(self.ecu, {"parts_number_asked": "06A 905 115 D"})
        html = self._render(order)
        self.assertIn("You asked for", html)
        self.assertIn("06A 905 115 D", html)

    def test_nothing_filled_prints_as_core(self):
        order = self._quote(self.filter)
        with_ours = self._render(order)
        self.env.ref("auto_parts_sales.report_saleorder_document").active = False
        self.assertEqual(with_ours, self._render(order))

    # === COST === #

    def test_lines_without_vehicle_cost_no_query_for_fit(self):
        lines = self.sale_order.order_line
        lines.mapped("product_id.product_tmpl_id")
        lines.mapped("parts_vehicle_id")
        before = self.env.cr.sql_log_count
        lines.mapped("parts_fit")
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_choosing_parts_costs_one_query_however_many(self):
        products = self.ecu + self.ecu_b + self.filter
        products.mapped("product_tmpl_id.name")

        def count(function):
            before = self.env.cr.sql_log_count
            function(products)
            return self.env.cr.sql_log_count - before

        get_numbers_of = self.env["parts.catalog.number"]._get_numbers_of
        count(get_numbers_of)
        self.assertLessEqual(count(get_numbers_of), 1)


@tagged("post_install", "-at_install")
class TestQuotationPortal(PartsCommon, HttpCase):
    def test_portal_page_says_number_vehicle_grade_and_warranty(self):
        self._add_number(self.ecu, "5G0 906 259 C")
        order = self._create_so(
            order_line=[Command.create({"product_id": self.ecu.id})],
            parts_vehicle_id=self.golf.id,
            state="sent",
        )
        page = self.url_open(order.get_portal_url()).text
        for text in ("5G0 906 259 C", self.golf.display_name, "Genuine", "24 months"):
            self.assertIn(text, page)

    def test_portal_page_of_other_goods_is_cores(self):
        order = self._create_so(state="sent")
        page = self.url_open(order.get_portal_url()).text
        self.assertIn(self.product.name, page)
        self.assertNotIn("parts_detail", page)
