from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestEnquiryLine(PartsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_fitment(cls.ecu, cls.golf, source_id=cls.source.id)
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Xinda asks",
                "type": "opportunity",
                "partner_id": cls.partner.id,
                "user_id": cls.salesperson.id,
            }
        )

    def _ask(self, query, lead=None, **values):
        """Write an enquiry line over RPC as the salesperson would."""
        lines = self.env["parts.enquiry.line"].with_user(self.salesperson)
        lead = lead or self.lead
        return lines.create({"lead_id": lead.id, "query": query, **values})

    def _quote(self, lead=None):
        lead = (lead or self.lead).with_user(self.salesperson)
        return lead.action_parts_create_quotation()

    # === MATCHING === #

    def test_number_in_any_spelling_finds_the_part(self):
        for spelling in ("5g0 906 259 c", "5G0906259C", "５Ｇ０-９０６-２５９-Ｃ"):
            line = self._ask(spelling)
            self.assertEqual(line.product_id, self.ecu)
            self.assertEqual(line.oe_number, "5G0 906 259 C")
            self.assertEqual(line.state, "matched")
            self.assertIn("OE Number 5G0 906 259 C", line.match_note)
            self.assertEqual(line.price, 800.0)
            self.assertEqual(line.fits, self.golf.display_name)
            self.assertEqual(line.fitment_ids.vehicle_id, self.golf)

    def test_found_while_typing(self):
        with Form(self.lead.with_user(self.salesperson)) as form:
            with form.parts_enquiry_line_ids.new() as line:
                line.query = "5g0 906 259 c"
                self.assertEqual(line.product_id, self.ecu)
                self.assertEqual(line.oe_number, "5G0 906 259 C")
                self.assertEqual(line.price, 800.0)
                line.vehicle_id = self.golf
                self.assertEqual(line.fit, "yes")
        self.assertEqual(self.lead.parts_enquiry_line_ids.product_id, self.ecu)

    def test_nothing_found_is_said(self):
        line = self._ask("99 ZZ 99")
        self.assertFalse(line.product_id)
        self.assertEqual(line.state, "new")
        self.assertEqual(line.match_note, "Nothing found")
        self.assertFalse(line.candidate_ids)

    def test_several_parts_are_offered_for_choice(self):
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        line = self._ask("5g0906259c")
        self.assertFalse(line.product_id)
        self.assertEqual(line.state, "new")
        self.assertEqual(line.candidate_ids, self.ecu + self.filter)
        self.assertIn("2 parts", line.match_note)
        line.product_id = self.filter
        self.assertEqual(line.state, "matched")
        self.assertIn("Toyota", line.match_note)

    def test_vehicle_decides_between_several(self):
        self._add_number(self.filter, "5G0 906 259 C", make_id=self.toyota.id)
        line = self._ask("5g0906259c", vehicle_id=self.golf.id)
        self.assertEqual(line.product_id, self.ecu)
        line = self._ask("5g0906259c", vehicle_id=self.camry.id)
        self.assertFalse(line.product_id)

    def test_beginning_of_a_number_is_never_chosen_by_itself(self):
        line = self._ask("5g0 906 259")
        self.assertFalse(line.product_id)
        self.assertEqual(line.candidate_ids, self.ecu)

    def test_code_and_barcode_name_a_part(self):
        self.assertEqual(self._ask("OF-9").product_id, self.filter)
        self.assertEqual(self._ask("4006633").product_id, self.filter)
        self.assertFalse(self._ask("oil filter").product_id)

    def test_chosen_part_stays_until_the_words_change(self):
        line = self._ask("5g0906259c")
        line.product_id = self.ecu_b
        self.assertEqual(line.match_note, "Chosen by hand")
        line.write({"vehicle_id": self.golf.id, "quantity": 3})
        self.assertEqual(line.product_id, self.ecu_b)
        line.query = "OF-9"
        self.assertEqual(line.product_id, self.filter)

    def test_fit_against_the_vehicle(self):
        self.assertEqual(self._ask("5g0906259c", vehicle_id=self.golf.id).fit, "yes")
        self.assertEqual(self._ask("5g0906259c", vehicle_id=self.passat.id).fit, "no")
        self.assertFalse(self._ask("5g0906259c").fit)

    def test_price_of_this_customer_at_this_quantity(self):
        pricelist = self._create_pricelist(
            name="Workshops",
            item_ids=[
                Command.create(
                    {
                        "compute_price": "percentage",
                        "percent_price": 10.0,
                        "min_quantity": 5,
                    }
                )
            ],
        )
        self.partner.property_product_pricelist = pricelist
        line = self._ask("5g0906259c")
        self.assertEqual(line.price, 800.0)
        line.quantity = 5
        self.assertEqual(line.price, 720.0)
        self.assertEqual(line.currency_id, pricelist.currency_id)

    def test_input_is_tidied_and_checked(self):
        line = self._ask("  5g0  906 259 c ", vin=" wvwzzz1kz 6w612305")
        self.assertEqual(line.query, "5g0 906 259 c")
        self.assertEqual(line.vin, "WVWZZZ1KZ6W612305")
        with self.assertRaisesRegex(ValidationError, "reason"):
            line.state = "lost"

    def test_lost_with_its_reason(self):
        line = self._ask("5g0906259c")
        line.lost_reason = "no longer made"
        self.assertEqual(line.state, "lost")
        line.lost_reason = False
        self.assertEqual(line.state, "matched")

    # === QUOTATION === #

    def test_quotation_from_enquiry(self):
        line = self._ask("5g0 906 259 c", vehicle_id=self.golf.id, quantity=3)
        other = self._ask("OF-9", vehicle_id=self.golf.id, vin="WVWZZZ1KZ6W612305")
        action = self._quote()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.opportunity_id, self.lead)
        self.assertEqual(order.partner_id, self.partner)
        self.assertEqual(order.user_id, self.salesperson)
        self.assertEqual(order.parts_vehicle_id, self.golf)
        self.assertEqual(order.parts_vin, "WVWZZZ1KZ6W612305")
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.ecu.id,
                    "product_uom_qty": 3,
                    "parts_number_asked": "5g0 906 259 c",
                    "parts_number": "5G0 906 259 C",
                    "parts_vehicle_id": self.golf.id,
                    "parts_grade": "genuine",
                    "parts_warranty_months": 24,
                    "parts_fit": "yes",
                    "price_unit": 800.0,
                },
                {
                    "product_id": self.filter.id,
                    "product_uom_qty": 1,
                    "parts_number_asked": "OF-9",
                    "parts_number": False,
                    "parts_vehicle_id": self.golf.id,
                    "parts_grade": False,
                    "parts_warranty_months": 0,
                    "parts_fit": "unknown",
                    "price_unit": self.filter.list_price,
                },
            ],
        )
        self.assertEqual((line + other).sale_line_id, order.order_line)
        self.assertEqual(set((line + other).mapped("state")), {"quoted"})

    def test_lines_for_different_vehicles_keep_their_own(self):
        self._ask("5g0906259c", vehicle_id=self.golf.id)
        self._ask("OF-9", vehicle_id=self.camry.id)
        order = self.env["sale.order"].browse(self._quote()["res_id"])
        self.assertFalse(order.parts_vehicle_id)
        self.assertEqual(
            order.order_line.mapped("parts_vehicle_id"), self.golf + self.camry
        )

    def test_twice_makes_no_duplicates(self):
        self._ask("5g0906259c")
        order = self.env["sale.order"].browse(self._quote()["res_id"])
        with self.assertRaisesRegex(UserError, "nothing left to quote"):
            self._quote()
        self._ask("OF-9")
        second = self.env["sale.order"].browse(self._quote()["res_id"])
        self.assertNotEqual(order, second)
        self.assertEqual(second.order_line.product_id, self.filter)
        self.assertEqual(order.order_line.product_id, self.ecu)

    def test_unmatched_lines_are_named(self):
        self._ask("5g0906259c")
        self._ask("99 ZZ 99")
        action = self._quote()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("“99 ZZ 99”", action["params"]["message"])
        order = self.env["sale.order"].browse(action["params"]["next"]["res_id"])
        self.assertEqual(order.order_line.product_id, self.ecu)
        self.assertIn("99 ZZ 99", order.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "“99 ZZ 99”"):
            self._quote()

    def test_nothing_asked_nothing_quoted(self):
        with self.assertRaisesRegex(UserError, "no lines"):
            self._quote()

    def test_lost_lines_are_left_out(self):
        self._ask("5g0906259c", lost_reason="too dear")
        with self.assertRaisesRegex(UserError, "nothing left"):
            self._quote()

    def test_deleted_or_cancelled_quotation_opens_the_line_again(self):
        line = self._ask("5g0906259c")
        order = self.env["sale.order"].browse(self._quote()["res_id"])
        order.order_line.unlink()
        self.assertEqual(line.state, "matched")
        second = self.env["sale.order"].browse(self._quote()["res_id"])
        self.assertEqual(line.sale_line_id.order_id, second)
        second.action_cancel()
        third = self.env["sale.order"].browse(self._quote()["res_id"])
        self.assertEqual(line.sale_line_id.order_id, third)
        second.unlink()
        self.assertEqual(line.state, "quoted")
        third.unlink()
        self.assertEqual(line.state, "matched")

    def test_without_a_customer_cores_wizard_asks(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Somebody asks",
                "type": "opportunity",
                "partner_name": "New Garage",
                "user_id": self.salesperson.id,
            }
        )
        self._ask("5g0906259c", lead=lead)
        action = self._quote(lead)
        self.assertEqual(action["res_model"], "crm.quotation.partner")
        wizard = (
            self.env["crm.quotation.partner"]
            .with_user(self.salesperson)
            .with_context(
                **action["context"], active_model="crm.lead", active_id=lead.id
            )
            .create({"action": "exist", "partner_id": self.partner.id})
        )
        order = self.env["sale.order"].browse(wizard.action_apply()["res_id"])
        self.assertEqual(order.partner_id, self.partner)
        self.assertEqual(order.order_line.product_id, self.ecu)
        # core's own button still opens an empty quotation
        self.assertFalse(lead.action_sale_quotations_new()["res_id"])

    def test_a_lead_is_converted_first(self):
        self.lead.type = "lead"
        self._ask("5g0906259c")
        with self.assertRaisesRegex(UserError, "Convert"):
            self._quote()

    def test_merged_leads_keep_their_lines(self):
        other = self.lead.copy({"partner_id": self.partner.id})
        self._ask("5g0906259c")
        self._ask("OF-9", lead=other)
        merged = (self.lead + other).merge_opportunity()
        self.assertEqual(
            merged.parts_enquiry_line_ids.product_id, self.ecu + self.filter
        )

    # === ACCESS === #

    def test_a_colleagues_enquiry_is_his(self):
        line = self._ask("5g0906259c")
        colleague = new_test_user(
            self.env, login="colleague", groups="sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            line.with_user(colleague).read(["query"])
        self.assertFalse(
            self.env["parts.enquiry.line"]
            .with_user(colleague)
            .search([("id", "=", line.id)])
        )
        manager = self.users["sales_manager"]
        self.assertEqual(line.with_user(manager).query, "5g0906259c")
        for role in ("warehouse", "finance", "price_group", "legal"):
            self.assertFalse(line.with_user(self.users[role]).has_access("read"))

    def test_other_companys_enquiry_stays_hidden(self):
        line = self._ask("5g0906259c")
        manager = self.users["sales_manager"]
        lines = self.env["parts.enquiry.line"].with_user(manager)
        self.assertTrue(lines.search([("id", "=", line.id)]))
        self.lead.sudo().write(
            {
                "company_id": self.env["res.company"].create({"name": "Other"}).id,
                "team_id": False,
                "user_id": False,
            }
        )
        self.assertFalse(lines.search([("id", "=", line.id)]))

    def test_enquiries_are_listed_by_customer(self):
        self._ask("5g0906259c")
        groups = self.env["parts.enquiry.line"].formatted_read_group(
            [("lead_id", "=", self.lead.id)], ["partner_id"], ["__count"]
        )
        self.assertEqual(groups[0]["partner_id"][0], self.partner.id)
