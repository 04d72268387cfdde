from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PartsCommon

# A Chinese car, model year 2013, and an American one, 2018: right check digits
VIN = "LFV3A21K7D4262398"
US_VIN = "3VWFE21C04M000001"


@tagged("post_install", "-at_install")
class TestCustomerVehicle(PartsCommon):
    """CUS-7, CAT-8: the customers' vehicles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.vehicles = cls.env["parts.customer.vehicle"]
        cls.car = cls._add_car(
            vin=VIN, plate="粤B 12345", vehicle_id=cls.golf.id, mileage=80000
        )

    @classmethod
    def _add_car(cls, partner=None, **values):
        partner = partner or cls.partner
        return cls.env["parts.customer.vehicle"].create(
            {"partner_id": partner.id, **values}
        )

    def test_what_is_typed_is_tidied(self):
        car = self._add_car(vin=" wvwzzz1kz-6w6123o5", plate=" 京a  88888")
        self.assertEqual(car.vin, "WVWZZZ1KZ6W612305")
        self.assertEqual((car.plate, car.plate_key), ("京A 88888", "京A88888"))
        car.vin = "lfv 3a2ik7d4262390"
        self.assertEqual(car.vin, "LFV3A21K7D4262390")

    def test_name(self):
        self.assertEqual(
            self.car.display_name, "粤B 12345 · Volkswagen Golf VII 2013–2020 1.4 TSI"
        )
        self.assertEqual(self._add_car(vin="WVWZZZ1KZ6W612305").display_name[:3], "WVW")

    def test_year_is_filled_in_where_the_vin_is_bound_to_tell(self):
        self.assertEqual(self.car.year, 2013)
        # in Europe the tenth character may mean something else
        self.assertFalse(self._add_car(vin="WVWZZZ1KZ6W612305").year)
        self.assertEqual(self._add_car(vin="WVWZZZ1KZ6W612306", year=2007).year, 2007)
        self.car.year = 2014
        self.car.mileage = 90000
        self.assertEqual(self.car.year, 2014)

    def test_maker_and_doubts(self):
        self.assertEqual(self.car.maker, "FAW-Volkswagen")
        self.assertFalse(self.car.vin_warning)
        self.assertEqual(self.car.with_context(lang="zh_CN").maker, "一汽-大众")
        self.car.vin = "LFV3A21K8D4262398"
        self.assertIn("should be 7", self.car.vin_warning)
        # in Europe the check digit is not law
        self.car.vin = "WVWZZZ1KZ6W612305"
        self.assertFalse(self.car.vin_warning)
        self.car.vin = "12345"
        self.assertIn("17 characters", self.car.vin_warning)

    @mute_logger("odoo.sql_db")
    def test_a_vehicle_says_which_it_is(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._add_car(mileage=5)
        self.assertTrue(self._add_car(vehicle_id=self.camry.id))

    def test_once_for_a_customer(self):
        for values in ({"vin": VIN.lower()}, {"plate": "粤b12345"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._add_car(**values)
        # sold to somebody else, or kept for two companies
        other = self.env["res.partner"].create({"name": "Fleet"})
        self._add_car(other, vin=VIN)
        self.car.active = False
        self._add_car(vin=VIN)

    def test_search(self):
        for text in (
            "粤B12345",
            "粤b 123",
            VIN.lower(),
            "2398",
            "golf",
            "golf 粤B",
            "大众",
            self.partner.name,
        ):
            with self.subTest(text=text):
                found = self.vehicles.name_search(text)
                self.assertEqual([pair[0] for pair in found], self.car.ids)
        for text in ("粤B99999", "camry", "XYZ"):
            self.assertFalse(self.vehicles.name_search(text), text)

    def test_whose_vehicle_is_meant(self):
        find = self.vehicles._find
        for text in (VIN, " lfv3a2ik7d4262398", "粤b-12345", "粤B12345"):
            self.assertEqual(find(text), self.car, text)
        for text in ("", None, "B1", "2345", "WVWZZZ1KZ6W612305"):
            self.assertFalse(find(text), text)
        other = self.env["res.partner"].create({"name": "Fleet"})
        theirs = self._add_car(other, vin=VIN)
        self.assertFalse(find(VIN))  # which of the two?
        self.assertEqual(find(VIN, self.partner), self.car)
        self.assertEqual(find(VIN, other), theirs)
        contact = self.env["res.partner"].create(
            {"name": "Driver", "parent_id": other.id}
        )
        self.assertEqual(find(VIN, contact), theirs)

    def test_read_vin_for_programs(self):
        read = self.vehicles.parts_read_vin("lfv3a2ik7d4262398")
        self.assertEqual(read["vin"], VIN)
        self.assertIn("I, O and Q", read["changed"])
        self.assertEqual(read["customer_vehicle_id"], self.car.id)
        self.assertEqual(read["vehicle_id"], self.golf.id)
        self.assertEqual(read["partner_id"], self.partner.id)
        self.assertEqual((read["years"], read["country"]), ([2013], "CN"))
        by_plate = self.vehicles.parts_read_vin("粤B12345")
        self.assertEqual((by_plate["vin"], by_plate["warning"]), (VIN, False))
        unknown = self.vehicles.parts_read_vin("WVWZZZ1KZ6W612305")
        self.assertFalse(unknown["customer_vehicle_id"])
        self.assertEqual(unknown["make_id"], self.vw.id)
        self.assertFalse(unknown["changed"])
        nothing = self.vehicles.parts_read_vin("")
        self.assertFalse(nothing["vin"] or nothing["warning"] or nothing["maker"])

    def test_an_enquiry_starts_from_the_vehicle(self):
        lead = self.env["crm.lead"].create(
            {"name": "Asks", "type": "opportunity", "partner_id": self.partner.id}
        )
        line = self.env["parts.enquiry.line"].new({"lead_id": lead.id})
        for typed in ("lfv3a21k7d4262398", "粤b12345"):
            line.update({"vin": typed, "vehicle_id": False})
            line._onchange_vin()
            self.assertEqual((line.vin, line.vehicle_id), (VIN, self.golf))
        line.update({"vin": VIN, "vehicle_id": self.passat})
        line._onchange_vin()
        self.assertEqual(line.vehicle_id, self.passat)
        line.update({"vin": "wvwzzz1kz6w612305", "vehicle_id": False})
        line._onchange_vin()
        self.assertFalse(line.vehicle_id)

    def test_roles(self):
        for role, read, write, unlink in (
            ("salesperson", True, True, False),
            ("sales_manager", True, True, True),
            ("administrator", True, True, True),
            ("warehouse", False, False, False),
            ("legal", False, False, False),
        ):
            car = self.car.with_user(self.users[role])
            for operation, may in (
                ("read", read),
                ("write", write),
                ("unlink", unlink),
            ):
                self.assertEqual(car.has_access(operation), may, (role, operation))
        with self.assertRaises(AccessError):
            self.vehicles.with_user(self.users["warehouse"]).parts_read_vin(VIN)

    def test_other_companys_vehicles_stay_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.car.company_id = other
        vehicles = self.vehicles.with_user(self.salesperson)
        self.assertFalse(vehicles.search([("id", "=", self.car.id)]))
        self.assertFalse(vehicles._find(VIN))
        self.car.company_id = False
        self.assertTrue(vehicles.search([("id", "=", self.car.id)]))

    def test_customers_page(self):
        partner = self.partner.with_user(self.salesperson)
        with Form(partner) as form, form.parts_vehicle_ids.new() as car:
            car.vin = "wvwzzz1kz6w612305"
            self.assertEqual(car.vin, "WVWZZZ1KZ6W612305")
        self.assertEqual(len(partner.parts_vehicle_ids), 2)
        with self.assertRaises(AccessError):
            self.partner.with_user(self.users["warehouse"]).read(["parts_vehicle_ids"])


@tagged("post_install", "-at_install")
class TestQuotationVehicle(PartsCommon):
    """CUS-7, CAT-4: the vehicle on the quotation, warnings and questions of lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.env["parts.customer.vehicle"].create(
            {
                "partner_id": cls.partner.id,
                "vin": VIN,
                "plate": "粤B12345",
                "vehicle_id": cls.golf.id,
            }
        )

    def _quote(self, *lines, **values):
        lines = lines or ({"product_id": self.ecu.id},)
        return self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )

    # === THE CUSTOMER'S VEHICLE === #

    def test_chosen_vehicle_fills_in_vehicle_and_vin(self):
        order = self._quote(parts_customer_vehicle_id=self.car.id)
        self.assertEqual((order.parts_vehicle_id, order.parts_vin), (self.golf, VIN))
        other = self.car.copy({"plate": "粤B2", "vehicle_id": self.camry.id})
        order.parts_customer_vehicle_id = other
        self.assertEqual(order.parts_vehicle_id, self.camry)
        self.assertFalse(order.parts_vin)
        order.parts_customer_vehicle_id = False
        self.assertEqual(order.parts_vehicle_id, self.camry)

    def test_vin_brings_up_the_vehicle(self):
        order = self._quote(parts_vin=" lfv3a21k7-d4262398")
        self.assertEqual(order.parts_customer_vehicle_id, self.car)
        self.assertEqual((order.parts_vehicle_id, order.parts_vin), (self.golf, VIN))
        order = self._quote()
        order.parts_vin = VIN.lower()
        self.assertEqual(order.parts_customer_vehicle_id, self.car)
        self.assertEqual(order.parts_vehicle_id, self.golf)

    def test_plate_brings_up_the_vehicle(self):
        order = self._quote()
        order.parts_vin = "粤b 12345"
        self.assertEqual(order.parts_customer_vehicle_id, self.car)
        self.assertEqual((order.parts_vehicle_id, order.parts_vin), (self.golf, VIN))

    def test_an_unknown_vin_brings_up_nothing(self):
        order = self._quote(parts_vin="WVWZZZ1KZ6W612305")
        self.assertFalse(order.parts_customer_vehicle_id or order.parts_vehicle_id)
        self.assertEqual(order.parts_vin, "WVWZZZ1KZ6W612305")

    def test_lines_and_orders_for_different_vehicles_at_once(self):
        self._add_fitment(self.ecu, self.golf)
        self._add_fitment(self.ecu, self.camry, condition="with start-stop")
        golf = self._quote(parts_vehicle_id=self.golf.id)
        camry = self._quote(
            {"product_id": self.ecu.id},
            {"product_id": self.ecu.id, "parts_own_vehicle_id": self.golf.id},
            parts_vehicle_id=self.camry.id,
        )
        lines = (golf + camry).order_line
        self.assertEqual(lines.mapped("parts_fit"), ["yes", "depends", "yes"])
        (golf + camry).action_confirm()
        kept = [line.parts_fit_kept["vehicle"] for line in lines]
        self.assertEqual(kept, [self.golf.id, self.camry.id, self.golf.id])
        self.assertEqual(lines.mapped("parts_fit"), ["yes", "depends", "yes"])

    def test_a_vehicle_chosen_by_hand_stays(self):
        order = self._quote(parts_vin=VIN, parts_vehicle_id=self.passat.id)
        self.assertEqual(order.parts_customer_vehicle_id, self.car)
        self.assertEqual(order.parts_vehicle_id, self.passat)

    def test_another_vin_lets_go_of_the_vehicle(self):
        order = self._quote(parts_customer_vehicle_id=self.car.id)
        order.parts_vin = "WVWZZZ1KZ6W612305"
        self.assertFalse(order.parts_customer_vehicle_id)
        self.assertFalse(order.parts_vehicle_id)
        self.assertEqual(order.parts_vin, "WVWZZZ1KZ6W612305")

    def test_typed_in_the_form(self):
        sales = self.env["sale.order"].with_user(self.salesperson)
        with Form(sales) as form:
            form.parts_vin = "粤B12345"
            self.assertEqual(form.parts_vin, VIN)
            self.assertEqual(form.parts_vehicle_id, self.golf)
            self.assertEqual(form.parts_customer_vehicle_id, self.car)
            # the car knows its owner
            self.assertEqual(form.partner_id, self.partner)
        with Form(sales) as form:
            form.partner_id = self.partner
            form.parts_customer_vehicle_id = self.car
            self.assertEqual(form.parts_vin, VIN)
            self.assertEqual(form.parts_vehicle_id, self.golf)

    def test_what_was_tidied_is_said(self):
        order = self.env["sale.order"].new({"parts_vin": "lfv3a2ik7d4262398"})
        notice = order._onchange_parts_vin()["warning"]
        self.assertEqual((notice["type"], notice["title"]), ("notification", VIN))
        self.assertIn("I, O and Q", notice["message"])
        order = self.env["sale.order"].new({"parts_vin": VIN})
        self.assertFalse(order._onchange_parts_vin())

    def test_vin_is_explained_and_doubted(self):
        order = self._quote(parts_vin=VIN)
        self.assertEqual(order.parts_vin_note, "FAW-Volkswagen, model year 2013")
        self.assertFalse(order.parts_vin_warning)
        order.parts_vin = "LFV3A21K8D4262398"
        self.assertIn("should be 7", order.parts_vin_warning)
        # a warning, no block
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_keep_with_the_customer(self):
        order = self._quote(
            parts_vin="WVWZZZ1KZ6W612305", parts_vehicle_id=self.passat.id
        )
        order.with_user(self.users["sales_manager"]).action_parts_keep_vehicle()
        car = order.parts_customer_vehicle_id
        self.assertEqual((car.partner_id, car.vehicle_id), (self.partner, self.passat))
        self.assertEqual(order.parts_vin, "WVWZZZ1KZ6W612305")
        with self.assertRaises(UserError):
            self._quote().action_parts_keep_vehicle()

    def test_who_may_not_see_vehicles_still_reads_the_order(self):
        self._add_fitment(self.ecu, self.golf, year_from=2016)
        order = self._quote(parts_customer_vehicle_id=self.car.id)
        order.action_confirm()
        self.env.invalidate_all()
        reader = self.users["finance_deputy"]
        read = order.with_user(reader)
        if read.has_access("read"):
            self.assertEqual(read.order_line.parts_fit, "no")

    # === WHAT IS KNOWN OF THE CAR === #

    def test_the_customers_car_answers_by_itself(self):
        self._add_fitment(self.ecu, self.golf, year_from=2016)
        line = self._quote(parts_vehicle_id=self.golf.id).order_line
        self.assertEqual(line.parts_fit, "depends")
        line = self._quote(parts_customer_vehicle_id=self.car.id).order_line
        self.assertEqual(line.parts_fit, "no")  # 2013, by its VIN
        self.car.year = 2017
        self.env.invalidate_all()
        self.assertEqual(line.parts_fit, "yes")
        # the VIN alone tells the year, too
        line = self._quote(
            parts_vin=VIN.replace("K7D", "K4D"), parts_vehicle_id=self.golf.id
        ).order_line
        self.assertFalse(line.order_id.parts_customer_vehicle_id)
        self.assertEqual(line.parts_fit, "no")

    def test_a_line_for_another_vehicle_is_not_judged_by_the_car(self):
        self._add_fitment(self.ecu, self.passat, year_from=2016)
        line = self._quote(
            {"product_id": self.ecu.id, "parts_own_vehicle_id": self.passat.id},
            parts_customer_vehicle_id=self.car.id,
        ).order_line
        self.assertEqual(line.parts_fit, "depends")

    # === WARNINGS AND QUESTIONS === #

    def test_a_line_asks_its_question_and_keeps_the_answer(self):
        self.golf.engine_code = False
        self._add_fitment(self.ecu, self.golf, engine_code="CZCA")
        order = self._quote(parts_vehicle_id=self.golf.id)
        line = order.order_line
        self.assertEqual(line.parts_fit, "depends")
        self.assertEqual(line.parts_fit_question_kind, "engine_code")
        self.assertIn("Which engine code", line.parts_fit_note)
        self.assertIn("CZCA / None of these", order.parts_fit_warning)
        self.assertTrue(order.parts_fit_asks)
        line.parts_fit_answer = "czca"
        self.env.invalidate_all()
        self.assertEqual(line.parts_fit, "yes")
        self.assertEqual(line.parts_fit_known, "engine CZCA")
        self.assertFalse(line.parts_fit_question or order.parts_fit_warning)
        self.assertFalse(order.parts_fit_asks)
        # a second thought answers the same question
        line.parts_fit_answer = "None of these"
        self.assertEqual(line.parts_fit, "no")
        self.assertIn("does not fit", line.parts_fit_note)
        line.action_parts_forget_answers()
        self.assertEqual(line.parts_fit, "depends")

    def test_one_question_after_the_other(self):
        self._add_fitment(self.ecu, self.golf, year_from=2016, condition="taxi")
        line = self._quote(parts_vehicle_id=self.golf.id).order_line
        self.assertEqual(line.parts_fit_question_kind, "year")
        line.parts_fit_answer = "2018"
        self.assertEqual(line.parts_fit_question, "Does this hold: taxi?")
        line.parts_fit_answer = "no"
        self.assertEqual(line.parts_fit, "no")
        self.assertEqual(line.parts_fit_known, "model year 2018; taxi: no")

    def test_an_answer_is_given_for_one_vehicle(self):
        self._add_fitment(self.ecu, self.golf, year_from=2016)
        self._add_fitment(self.ecu, self.passat, year_from=2017)
        order = self._quote(parts_vehicle_id=self.golf.id)
        order.order_line.parts_fit_answer = "2018"
        self.assertEqual(order.order_line.parts_fit, "yes")
        order.parts_vehicle_id = self.passat
        self.assertEqual(order.order_line.parts_fit, "depends")
        self.assertFalse(order.order_line.parts_fit_known)

    def test_answered_while_typing(self):
        self._add_fitment(self.ecu, self.golf, condition="taxi")
        order = self._quote(parts_vehicle_id=self.golf.id, user_id=self.salesperson.id)
        with (
            Form(order.with_user(self.salesperson)) as form,
            form.order_line.edit(0) as line,
        ):
            self.assertEqual(line.parts_fit, "depends")
            line.parts_fit_answer = "yes"
            self.assertEqual(line.parts_fit, "yes")
        self.env.invalidate_all()
        self.assertEqual(order.order_line.parts_fit, "yes")
        self.assertEqual(order.order_line.parts_fit_known, "taxi: yes")

    def test_nonsense_and_no_question_are_refused(self):
        line = self._quote(parts_vehicle_id=self.golf.id).order_line
        with self.assertRaisesRegex(UserError, "Nothing is asked"):
            line.parts_fit_answer = "2018"
        self._add_fitment(self.ecu, self.golf, year_from=2016)
        with self.assertRaisesRegex(UserError, "does not answer"):
            line.parts_fit_answer = "blue"

    def test_what_was_told_is_kept_with_the_confirmed_line(self):
        self._add_fitment(self.ecu, self.passat, source_id=self.source.id)
        order = self._quote(
            {"product_id": self.ecu.id},
            {"product_id": self.filter.id},
            parts_vehicle_id=self.golf.id,
        )
        ecu, oil = order.order_line
        self.assertEqual(ecu.parts_fit, "no")
        order.action_confirm()  # a warning, no block
        self.assertEqual(order.state, "sale")
        self._add_fitment(self.ecu, self.golf)
        self._add_fitment(self.filter, self.golf)
        self.env.invalidate_all()
        self.assertEqual(ecu.parts_fit, "no")
        self.assertIn("does not fit", order.parts_fit_warning)
        self.assertEqual(oil.parts_fit, "unknown")
        # for another vehicle it is another question
        order.parts_vehicle_id = self.passat
        self.assertEqual(ecu.parts_fit, "yes")
        # confirmed anew it is told anew
        order.parts_vehicle_id = self.golf
        self.assertEqual(ecu.parts_fit, "no")
        order._action_cancel()
        order.action_draft()
        self.assertEqual(ecu.parts_fit, "yes")
        order.action_confirm()
        self.assertEqual(ecu.parts_fit, "yes")
        # an open quotation follows the catalogue
        copy = order.copy({"parts_vehicle_id": self.golf.id})
        self.assertEqual(copy.order_line.mapped("parts_fit"), ["yes", "yes"])

    def test_print_names_what_was_checked(self):
        self._add_fitment(self.ecu, self.golf, condition="taxi")
        line = self._quote(parts_vehicle_id=self.golf.id).order_line
        labels = [label for label, _text in line._parts_get_print_details()]
        self.assertNotIn("Checked for", labels)
        line.parts_fit_answer = "yes"
        self.assertIn(("Checked for", "taxi: yes"), line._parts_get_print_details())

    # === COST === #

    def test_fit_of_many_lines_costs_no_more_queries(self):
        products = self.env["product.product"].create(
            [{"name": f"Part {index}"} for index in range(30)]
        )
        for product in products:
            self._add_fitment(product, self.golf, year_from=2016, condition="taxi")
        few = self._quote(
            {"product_id": products[0].id}, parts_customer_vehicle_id=self.car.id
        )
        many = self._quote(
            *[{"product_id": product.id} for product in products],
            parts_customer_vehicle_id=self.car.id,
        )
        self.env.flush_all()

        def count(order):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line.mapped("parts_fit_note")
            return self.env.cr.sql_log_count - before

        count(few)
        self.assertEqual(count(many), count(few))

    def test_orders_without_a_vehicle_cost_no_query_more(self):
        order = self._quote()
        lines = order.order_line
        lines.mapped("product_id.product_tmpl_id")
        lines.mapped("parts_vehicle_id")
        lines.mapped("parts_fit_answers")
        order.mapped("parts_customer_vehicle_id")
        with self.assertQueryCount(0):
            lines.mapped("parts_fit_note")
            order.mapped("parts_fit_warning")
            order.mapped("parts_vin_note")
            lines._parts_keep_fit()
