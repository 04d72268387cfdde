from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..utils.chassis import compare_serials, has_code, shift_serial
from ..utils.fit import Criterion, find_question, judge, meets, merge_facts
from .common import PartsCommon


def _year(first, last):
    return Criterion("year", (first, last), f"{first}-{last}")


def _engine(codes):
    return Criterion("engine_code", codes, codes)


def _words(text):
    return Criterion("condition", text, text)


CRITERIA = [
    _year(2003, 2006),
    _year(2005, 2005),
    _year(2006, 0),
    _year(0, 2009),
    _engine("A1"),
    _engine("A1, B2"),
    _engine("C3"),
    _words("taxi"),
    _words("sport"),
    Criterion("chassis", ("A0100", ""), "from A0100"),
    Criterion("chassis", ("A0100", "A0200"), "A0100 to A0200"),
    Criterion("chassis", ("", "A0150"), "to A0150"),
    Criterion("built", (date(2005, 3, 1), None), "from 2005-03"),
    Criterion("built", (None, date(2006, 8, 1)), "to 2006-08"),
]


# CAT-4: conditions as attributes, four answers, the question that decides best
@tagged("post_install", "-at_install")
class TestCatalogFitRules(BaseCase):
    def test_serials(self):
        for serial, bound, order in (
            ("123455", "123456", -1),
            ("123456", "123456", 0),
            ("0123457", "123456", 1),
            ("99", "123456", -1),
            ("WVWZZZ1KZ6W612305", "6W612300", 1),
            ("WVWZZZ1KZ6W612305", "612306", -1),
            ("wvwzzz1kz-6w612305", "6W 612 305", 0),
            # another plant: no order
            ("WVWZZZ1KZ6P612305", "6W612300", None),
            ("G12", "123456", None),
            ("", "123456", None),
            ("123456", None, None),
        ):
            with self.subTest(serial=serial, bound=bound):
                self.assertEqual(compare_serials(serial, bound), order)
        self.assertEqual(shift_serial("6W612300", -1), "6W612299")
        self.assertEqual(shift_serial("0999", 1), "1000")
        self.assertEqual(shift_serial("999", 1), "")
        self.assertEqual(shift_serial("000", -1), "")
        self.assertEqual(shift_serial("ABC", 1), "")

    @given(st.integers(0, 10**6), st.integers(0, 10**6))
    def test_serials_compare_as_numbers(self, one, two):
        order = (one > two) - (one < two)
        self.assertEqual(compare_serials(f"A{one:08}", f"A{two:08}"), order)
        self.assertEqual(compare_serials(f"XYZ9A{one:08}", f"A{two:08}"), order)

    def test_engine_codes(self):
        for wanted, present, verdict in (
            ("CZCA", "czca", True),
            ("CZCA, CHPA", "CHPA", True),
            ("CZCA / CHPA", "CZDA", False),
            ("M 271", "M271", True),
            ("CZCA", "CZCA, CHPA", None),  # the vehicle has one or the other
            ("CZCA, CHPA", "CZCA, CHPA", True),
            ("2AZ", "2AZ-FE", None),
            ("", "CZCA", None),
            ("CZCA", None, None),
        ):
            with self.subTest(wanted=wanted, present=present):
                self.assertEqual(has_code(wanted, present), verdict)

    def test_years_and_months(self):
        built = Criterion("built", (date(2016, 5, 1), date(2018, 3, 1)), "")
        for criterion, facts, verdict in (
            (_year(2016, 0), {"year": 2016}, True),
            (_year(2016, 0), {"year": 2015}, False),
            (_year(0, 2018), {"year": 2018}, True),
            (_year(2016, 2018), {}, None),
            # built in spring: model year of the same year; in autumn maybe the next
            (_year(2016, 0), {"built": date(2015, 3, 1)}, False),
            (_year(2016, 0), {"built": date(2015, 9, 1)}, None),
            (_year(2016, 0), {"built": date(2016, 9, 1)}, True),
            (built, {"built": date(2016, 5, 31)}, True),
            (built, {"built": date(2018, 3, 31)}, True),
            (built, {"built": date(2018, 4, 1)}, False),
            # model year 2016: July 2015 to December 2016
            (built, {"year": 2016}, None),
            (built, {"year": 2017}, True),
            (built, {"year": 2015}, False),
            (built, {"year": 2020}, False),
        ):
            with self.subTest(criterion=criterion, facts=facts):
                self.assertEqual(meets(criterion, facts), verdict)

    def test_judgement(self):
        rows = [[_year(2016, 0), _engine("CZCA")], [_year(0, 2015)]]
        self.assertEqual(judge(rows, {})[0], "depends")
        self.assertEqual(judge(rows, {"year": 2014}), ("yes", []))
        self.assertEqual(judge(rows, {"year": 2018}), ("depends", [[_engine("CZCA")]]))
        self.assertEqual(judge(rows, {"year": 2018, "engine_code": "X"})[0], "no")
        self.assertEqual(judge([[]], {}), ("yes", []))
        self.assertEqual(judge([], {}), ("no", []))

    def test_the_question_that_decides_most_is_asked(self):
        # every row wants an engine, one only a year: the engine decides both rows
        rows = [[_engine("CZCA")], [_engine("CHPA"), _year(2016, 0)]]
        question = find_question(rows, {})
        self.assertEqual(question.kind, "engine_code")
        self.assertEqual(
            [value for value, _ in question.options], ["CZCA", "CHPA", "*"]
        )
        # the year alone decides, a word would leave the other row open
        rows = [[_year(0, 2015)], [_year(2016, 0), _words("start-stop")]]
        self.assertEqual(find_question(rows, {}).kind, "year")
        # equal: the easier one to answer
        rows = [[_words("start-stop"), _year(2016, 0)]]
        self.assertEqual(find_question(rows, {}).kind, "year")
        # ... unless it decides elsewhere, too
        self.assertEqual(find_question(rows, {}, {"condition"}).kind, "condition")
        self.assertIsNone(find_question([], {}))

    def test_options_are_the_sections_of_all_rows(self):
        rows = [[_year(2014, 2015)], [_year(2016, 2018)]]
        self.assertEqual(
            [value for value, _ in find_question(rows, {}).options],
            ["2013", "2014", "2016", "2019"],
        )
        serial = Criterion("chassis", ("6W500000", "6W599999"), "")
        self.assertEqual(
            [value for value, _ in find_question([[serial]], {}).options],
            ["6W499999", "6W500000", "6W600000"],
        )

    @settings(deadline=None)
    @given(
        st.lists(
            st.lists(st.sampled_from(CRITERIA), min_size=1, max_size=3),
            min_size=1,
            max_size=5,
        ),
        st.lists(st.integers(0, 9), min_size=12, max_size=12),
    )
    def test_answering_always_ends(self, rows, choices):
        facts = {}
        for choice in choices:
            answer, still_open = judge(rows, facts)
            if answer != "depends":
                break
            options = find_question(still_open, facts).options
            _value, known = options[choice % len(options)]
            facts = merge_facts(facts, known)
        self.assertNotEqual(answer, "depends")


@tagged("post_install", "-at_install")
class TestCatalogFitQuestion(PartsCommon):
    def _detail(self, facts=None, product=None, vehicle=None):
        templates = (product or self.ecu).product_tmpl_id
        details = self.env["parts.catalog.fitment"]._get_fit_details(
            templates, vehicle or self.golf, facts
        )
        return details[templates.id]

    def _answer(self, answer, facts=None):
        detail = self._detail(facts)
        return self.env["parts.catalog.fitment"]._read_answer(detail, answer)

    def test_engine_of_the_vehicle_answers_by_itself(self):
        self._add_fitment(self.ecu, self.golf, engine_code="CZCA, CZEA")
        self.assertEqual(self._detail()["fit"], "yes")
        self.golf.engine_code = False
        detail = self._detail()
        self.assertEqual(detail["fit"], "depends")
        self.assertEqual(detail["condition"], "engine CZCA, CZEA")
        self.assertEqual(detail["question_kind"], "engine_code")
        self.assertEqual(
            [option["label"] for option in detail["options"]],
            ["CZCA", "CZEA", "None of these"],
        )
        self.assertEqual(self._detail({"engine_code": "czea"})["fit"], "yes")
        self.assertEqual(self._detail({"engine_code": "CHPA"})["fit"], "no")
        self.assertEqual(self._detail({"engine_code": "*"})["fit"], "no")
        self.golf.engine_code = "CHPA"
        self.assertEqual(self._detail()["fit"], "no")

    def test_years_ask_with_sections_of_the_vehicles_years(self):
        self._add_fitment(self.ecu, self.golf, year_from=2016, year_to=2017)
        detail = self._detail()
        self.assertEqual(
            detail["options"],
            [
                {"value": "2015", "label": "2013–2015"},
                {"value": "2016", "label": "2016–2017"},
                {"value": "2018", "label": "2018–2020"},
            ],
        )
        self.assertEqual(self._detail({"year": 2017})["fit"], "yes")
        self.assertEqual(self._detail({"year": 2014})["fit"], "no")
        self.assertFalse(self._detail({"year": 2014})["question"])

    def test_months_and_chassis(self):
        self._add_fitment(self.ecu, self.golf, built_to="2016-05-20")
        row = self._add_fitment(
            self.ecu, self.golf, built_from="2016-06-01", chassis_from="GW200000"
        )
        detail = self._detail()
        self.assertEqual(detail["question_kind"], "built")
        self.assertEqual(
            [option["label"] for option in detail["options"]],
            ["before 2016-06", "from 2016-06"],
        )
        self.assertEqual(self._detail({"built": "2016-05-31"})["fit"], "yes")
        detail = self._detail({"built": date(2017, 1, 1)})
        self.assertEqual(detail["question_kind"], "chassis")
        self.assertEqual(detail["condition"], "chassis GW200000–")
        vin = "WVWZZZ1KZGW200001"
        self.assertEqual(
            self._detail({"built": date(2017, 1, 1), "chassis": vin})["fit"], "yes"
        )
        row.write({"chassis_from": False, "chassis_to": "GW200000"})
        self.assertEqual(
            self._detail({"built": date(2017, 1, 1), "chassis": vin})["fit"], "no"
        )
        self.assertEqual(row.built_from, date(2016, 6, 1))

    def test_conditions_in_words(self):
        self._add_fitment(self.ecu, self.golf, condition="with start-stop")
        detail = self._detail()
        self.assertEqual(detail["question"], "Does this hold: with start-stop?")
        self.assertEqual(
            detail["options"],
            [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
        )
        self.assertEqual(
            self._detail({"conditions": {"with start-stop": True}})["fit"], "yes"
        )
        self.assertEqual(
            self._detail({"conditions": {"with start-stop": False}})["fit"], "no"
        )
        # an answer to something else decides nothing
        self.assertEqual(
            self._detail({"conditions": {"taxi": False}})["fit"], "depends"
        )

    def test_answers_in_ones_own_words(self):
        row = self._add_fitment(self.ecu, self.golf, year_from=2016, year_to=2017)
        for answer in ("2016", "2016–2017", "16款", "2016年"):
            self.assertEqual(self._answer(answer), {"year": 2016}, answer)
        row.write({"year_from": 0, "year_to": 0, "built_from": "2016-06-01"})
        for answer in ("2016-06", "from 2016-06", "2016年6月", "06/2016"):
            self.assertEqual(self._answer(answer), {"built": "2016-06-01"}, answer)
        row.write({"built_from": False, "condition": "taxi"})
        self.assertEqual(self._answer("是"), {"conditions": {"taxi": True}})
        self.assertEqual(self._answer("NO"), {"conditions": {"taxi": False}})
        with self.assertRaisesRegex(UserError, "does not answer"):
            self._answer("perhaps")

    def test_without_a_question_none_is_asked(self):
        self.assertFalse(self._detail()["question"])
        self._add_fitment(self.ecu, self.golf)
        self.assertEqual(self._detail()["fit"], "yes")
        self.assertFalse(self._detail()["question"])
        self.assertEqual(self._detail()["options"], [])

    def test_facts_never_turn_unknown_into_no(self):
        self.assertEqual(self._detail({"year": 2014})["fit"], "unknown")

    def test_bounds_are_checked(self):
        with self.assertRaisesRegex(ValidationError, "chassis"):
            self._add_fitment(
                self.ecu, self.golf, chassis_from="GW200000", chassis_to="GW100000"
            )
        # of two plants nobody knows the order
        self._add_fitment(
            self.ecu, self.golf, chassis_from="GW200000", chassis_to="GP100000"
        )

    def test_many_parts_with_questions_cost_no_more_queries(self):
        products = self.env["product.product"].create(
            [{"name": f"Part {index}"} for index in range(30)]
        )
        for index, product in enumerate(products):
            self._add_fitment(
                product, self.golf, year_from=2014 + index % 5, condition="taxi"
            )
        self.env.flush_all()

        def count(templates):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["parts.catalog.fitment"]._get_fit_details(templates, self.golf)
            return self.env.cr.sql_log_count - before

        few = count(products[0].product_tmpl_id)
        self.assertEqual(count(products.product_tmpl_id), few)
