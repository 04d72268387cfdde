from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import BaseCase, tagged

from ..utils.car_facts import read_facts, write_facts
from ..utils.fit import Criterion, judge
from .test_catalog_finder import FinderCommon

TEXTS = st.text(alphabet="0129-~,年款月X *", max_size=12)
CZCA = Criterion("engine_code", "CZCA", "")


def year(first, last):
    return [[Criterion("year", (first, last), "")]]


def fits(rows, **facts):
    return judge(rows, read_facts(facts))[0]


@tagged("standard", "at_install")
class TestCarFacts(BaseCase):
    """CAT-4: what is known of a car, exactly or between two ends."""

    def test_what_people_and_programs_write(self):
        for raw, read in (
            (None, {}),
            ({}, {}),
            ({"year": None, "chassis": ""}, {}),
            ({"year": 2016}, {"year": 2016}),
            ({"year": " 2016年 "}, {"year": 2016}),
            ({"year": "2013-2015"}, {"year": (2013, 2015)}),
            ({"year": [2013, 2015]}, {"year": (2013, 2015)}),
            ({"year": [2013, 2013]}, {"year": 2013}),
            ({"year": [None, 2015]}, {"year": (None, 2015)}),
            ({"built": "2016-05-20"}, {"built": date(2016, 5, 20)}),
            ({"built": "2016年5月"}, {"built": date(2016, 5, 1)}),
            (
                {"built": [None, "2016-05-01"]},
                {"built": (None, date(2016, 5, 1))},
            ),
            ({"engine_code": "*"}, {"engine_code": "*"}),
            ({"conditions": {"taxi": True}}, {"conditions": {"taxi": True}}),
        ):
            with self.subTest(raw=raw):
                self.assertEqual(read_facts(raw), read)

    def test_what_is_refused(self):
        for raw in (
            {"year": "perhaps"},
            {"year": True},
            {"year": 12},
            {"year": [2015, 2013]},
            {"year": [2013]},
            {"year": float("inf")},
            {"built": "2016"},
            {"built": "2016-13-01"},
            {"engine_code": "?"},
            {"engine_code": 7},
            {"chassis": "X" * 201},
            {"conditions": ["taxi"]},
            {"conditions": {"taxi": "yes"}},
            {"colour": "red"},
            [2016],
            "2016",
        ):
            with self.subTest(raw=raw), self.assertRaises(ValueError):
                read_facts(raw)

    def test_what_was_noted_and_says_nothing_is_left_out(self):
        noted = {"year": 95, "engine_code": "?", "chassis": "GW200000", "x": 1}
        self.assertEqual(read_facts(noted, strict=False), {"chassis": "GW200000"})

    @settings(deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["year", "built", "engine_code", "chassis", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.integers() | TEXTS,
                lambda inner: st.lists(inner, max_size=3),
                max_leaves=4,
            ),
        )
    )
    def test_any_other_value_is_refused_with_its_name(self, raw):
        try:
            read = read_facts(raw)
        except ValueError as error:
            self.assertEqual(len(error.args), 2)
        else:
            # what was read is read again from JSON
            self.assertEqual(read_facts(write_facts(read)), read)

    def test_an_answer_between_two_years(self):
        # 2016 to 2017: all of 2013 to 2015 is outside, all of 2016 inside
        self.assertEqual(fits(year(2016, 2017), year=[2013, 2015]), "no")
        self.assertEqual(fits(year(2016, 2017), year=[2016, 2017]), "yes")
        # of 2015 to 2016 only some: still open
        self.assertEqual(fits(year(2016, 2017), year=[2015, 2016]), "depends")
        self.assertEqual(fits(year(2014, 0), year=[2013, 2015]), "depends")
        self.assertEqual(fits(year(2014, 0), year=[2014, None]), "yes")
        self.assertEqual(fits(year(0, 2014), year=[2015, None]), "no")

    def test_months_between_two_ends(self):
        may, june = date(2016, 5, 1), date(2016, 6, 1)
        until_may = [[Criterion("built", (None, may), "")]]
        self.assertEqual(fits(until_may, built=[None, "2016-05-01"]), "yes")
        self.assertEqual(fits(until_may, built=["2016-06-01", None]), "no")
        self.assertEqual(fits(until_may, built=["2016-04-01", None]), "depends")
        from_june = [[Criterion("built", (june, None), "")]]
        # model year 2017 begins in July 2016, model year 2016 ends in December
        self.assertEqual(fits(from_june, year=[2017, 2018]), "yes")
        self.assertEqual(fits(from_june, year=[2015, 2017]), "depends")

    def test_serials_between_two_ends(self):
        after = [[Criterion("chassis", ("GW200000", ""), "")]]
        self.assertEqual(fits(after, chassis=["GW200000", None]), "yes")
        self.assertEqual(fits(after, chassis=[None, "GW199999"]), "no")
        self.assertEqual(fits(after, chassis=["GW100000", "GW300000"]), "depends")
        between = [[Criterion("chassis", ("GW200000", "GW300000"), "")]]
        self.assertEqual(fits(between, chassis=["GW210000", "GW220000"]), "yes")
        self.assertEqual(fits(between, chassis=["GW300001", None]), "no")

    def test_codes_that_it_has_not(self):
        # none of CZCA and CHPA: nothing is said of CZEA
        none = {"not_engine_code": "czca, CHPA"}
        self.assertEqual(fits([[CZCA]], **none), "no")
        other = Criterion("engine_code", "CZEA, CZCA", "")
        self.assertEqual(fits([[other]], **none), "depends")
        self.assertEqual(fits([[other]], engine_code="CZEA", **none), "yes")


@tagged("post_install", "-at_install")
class TestFindWithFacts(FinderCommon):
    """CAT-4, CAT-9: a "depends" is answered in the list, and the order follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for part in (cls.ecu, cls.ecu_b):
            cls._add_number(part, "5G0 906 259 C")
        # built 2013 to 2020; one part up to 2015, the other one from 2017 on
        cls._add_fitment(cls.ecu, cls.golf, year_to=2015)
        cls._add_fitment(cls.ecu_b, cls.golf, year_from=2017)

    def _fits(self, facts=None, **options):
        hits = self._find("5g0906259c", vehicle_id=self.golf.id, facts=facts, **options)
        return [(hit["product_id"], hit["fit"]) for hit in hits]

    def _option(self, part, label):
        hits = self._find("5g0906259c", vehicle_id=self.golf.id)
        [hit] = [hit for hit in hits if hit["product_id"] == part.id]
        self.assertEqual(hit["question_kind"], "year")
        [option] = [o for o in hit["options"] if o["label"] == label]
        return option["facts"]

    def test_an_answer_orders_the_hits_anew(self):
        self.assertEqual(
            self._fits(), [(self.ecu.id, "depends"), (self.ecu_b.id, "depends")]
        )
        self.assertEqual(
            self._fits({"year": 2018}), [(self.ecu_b.id, "yes"), (self.ecu.id, "no")]
        )
        self.assertEqual(
            self._fits({"year": 2014}), [(self.ecu.id, "yes"), (self.ecu_b.id, "no")]
        )
        # 2016 is neither
        self.assertEqual({fit for _id, fit in self._fits({"year": 2016})}, {"no"})

    def test_an_answer_to_one_part_does_not_guess_for_the_other(self):
        after = self._option(self.ecu, "2016–2020")
        self.assertEqual(after, {"year": [2016, 2020]})
        self.assertEqual(
            self._fits(after), [(self.ecu_b.id, "depends"), (self.ecu.id, "no")]
        )
        before = self._option(self.ecu, "2013–2015")
        self.assertEqual(
            self._fits(before), [(self.ecu.id, "yes"), (self.ecu_b.id, "no")]
        )

    def test_no_answer_decides_what_was_not_asked(self):
        self.assertEqual(
            self._fits({"engine_code": "CHPA"}),
            [(self.ecu.id, "depends"), (self.ecu_b.id, "depends")],
        )
        # without a vehicle nothing is asked
        hits = self._find("5g0906259c", facts={"year": 2014})
        self.assertEqual({hit["fit"] for hit in hits}, {"unknown"})
        self.assertEqual({str(hit["options"]) for hit in hits}, {"[]"})

    def test_every_kind_of_question_can_be_answered_by_its_options(self):
        part = self._part("Relay", "7P6 906 259 C")
        for values, kind, expected in (
            ({"condition": "taxi"}, "condition", ["yes", "no"]),
            ({"built_from": "2016-06-01"}, "built", ["no", "yes"]),
            ({"chassis_from": "GW200000"}, "chassis", ["no", "yes"]),
            ({"engine_code": "CHPA"}, "engine_code", ["yes", "no"]),
        ):
            with self.subTest(kind=kind):
                fitment = self._add_fitment(part, self.passat, **values)
                ask = {"vehicle_id": self.passat.id}
                [hit] = self._find("7p6906259c", **ask)
                self.assertEqual(hit["question_kind"], kind)
                answers = [
                    self._find("7p6906259c", facts=option["facts"], **ask)[0]["fit"]
                    for option in hit["options"]
                ]
                self.assertEqual(answers, expected)
                fitment.unlink()

    def test_the_customer_s_own_car_answers_by_itself(self):
        own = self.env["parts.customer.vehicle"].create(
            {
                "partner_id": self.partner.id,
                "vehicle_id": self.golf.id,
                "plate": "沪A12345",
                "year": 2018,
            }
        )
        mine = {"customer_vehicle_id": own.id}
        self.assertEqual(
            self._fits(**mine), [(self.ecu_b.id, "yes"), (self.ecu.id, "no")]
        )
        # what is told now counts more
        self.assertEqual(self._fits({"year": 2014}, **mine)[0], (self.ecu.id, "yes"))
        # it says nothing of another vehicle
        own.vehicle_id = self.passat
        self.assertEqual(self._fits(**mine)[0][1], "depends")
        own.unlink()
        self.assertEqual(self._fits(**mine)[0][1], "depends")

    def test_rights_on_the_customer_s_car(self):
        own = self.env["parts.customer.vehicle"].create(
            {"partner_id": self.partner.id, "plate": "沪A12345"}
        )
        Product = self.env["product.product"].with_user(self.users["warehouse"])
        self.assertTrue(Product.parts_find("5g0906259c"))
        with self.assertRaises(AccessError):
            Product.parts_find("5g0906259c", customer_vehicle_id=own.id)

    def test_nonsense_is_refused_in_a_sentence(self):
        with self.assertRaisesRegex(UserError, "“soon” is not understood as the model"):
            self._fits({"year": "soon"})

    def test_facts_cost_no_query(self):
        self._fits()
        _hits, plain = self._count(self._fits)
        _hits, told = self._count(self._fits, {"year": 2014})
        self.assertEqual(told, plain)

    def test_the_answer_goes_with_the_part(self):
        Order = self.env["sale.order"].with_user(self.salesperson)
        options = {"partner_id": self.partner.id, "vehicle_id": self.golf.id}
        facts = {"year": [2013, 2015]}
        added = Order.parts_add_part(self.ecu.id, facts=facts, **options)
        line = Order.browse(added["id"]).order_line
        self.assertEqual(line.parts_fit, "yes")
        self.assertEqual(line.parts_fit_known, "model year 2013–2015")
        self.assertFalse(added["line"]["warning"])
        # it is asked again for another vehicle
        line.parts_vehicle_id = self.passat
        self.assertFalse(line.parts_fit_known)

    def test_another_answer_is_another_line(self):
        Order = self.env["sale.order"].with_user(self.salesperson)
        options = {"partner_id": self.partner.id, "vehicle_id": self.golf.id}
        added = Order.parts_add_part(self.ecu.id, facts={"year": 2014}, **options)
        order = Order.browse(added["id"])
        order.parts_add_part(self.ecu.id, facts={"year": 2014}, **options)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2])
        order.parts_add_part(self.ecu.id, facts={"year": 2018}, **options)
        self.assertEqual(order.order_line.mapped("parts_fit"), ["yes", "no"])

    def test_a_part_that_does_not_depend_keeps_no_answer(self):
        self._add_fitment(self.filter, self.golf)
        Order = self.env["sale.order"].with_user(self.salesperson)
        added = Order.parts_add_part(
            self.filter.id,
            partner_id=self.partner.id,
            vehicle_id=self.golf.id,
            facts={"year": 2014},
        )
        line = Order.browse(added["id"]).order_line
        self.assertEqual(line.parts_fit, "yes")
        self.assertFalse(line.parts_fit_answers)

    def test_alternatives_are_judged_by_what_was_answered(self):
        self._add_number(self.filter, "5G0 906 259 C")
        items = (
            self.env["product.product"]
            .with_user(self.salesperson)
            .parts_alternatives(
                self.filter.id, vehicle_id=self.golf.id, facts={"year": 2018}
            )
        )
        fit_of = {item["product_id"]: item["fit"] for item in items}
        self.assertEqual(fit_of[self.ecu.id], "no")
        self.assertEqual(fit_of[self.ecu_b.id], "yes")


@tagged("post_install", "-at_install")
class TestListedForVehicle(FinderCommon):
    """CAT-9: what is listed for a vehicle is narrowed by the server, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_number(cls.ecu, "5G0 906 259 C")
        cls._add_fitment(cls.ecu, cls.golf)
        cls._add_fitment(cls.ecu_b, cls.passat)
        orders = cls.env["sale.order"].with_user(cls.salesperson)
        cls.order = orders.create({"partner_id": cls.partner.id})

    def _offered(self, **context):
        action = self.order.with_context(**context).action_add_from_catalog()
        domain = Domain(action["domain"]) & Domain(
            "id", "in", (self.ecu + self.ecu_b + self.filter).ids
        )
        return self.env["product.product"].search(domain)

    def test_the_catalogue_of_a_quotation(self):
        self.assertEqual(self._offered(), self.ecu + self.ecu_b + self.filter)
        vehicle = {"parts_catalog_vehicle_id": self.golf.id}
        self.assertEqual(self._offered(**vehicle), self.ecu)
        # of what may be sold only
        self.ecu.sale_ok = False
        self.assertFalse(self._offered(**vehicle))

    def test_search_by_vehicle(self):
        for model, part in (
            ("product.product", self.ecu),
            ("product.template", self.ecu.product_tmpl_id),
        ):
            records = self.env[model].with_user(self.salesperson)
            for operator, value in (
                ("=", self.golf.id),
                ("in", self.golf.ids),
                ("ilike", "golf 2015"),
            ):
                with self.subTest(model=model, operator=operator):
                    found = records.search([("parts_vehicle_id", operator, value)])
                    self.assertEqual(found.ids, part.ids)
            other = records.search([("parts_vehicle_id", "!=", self.golf.id)])
            self.assertNotIn(part.id, other.ids)
