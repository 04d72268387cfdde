from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..utils.vehicle_name import get_usual_aliases, name_key
from .common import PartsCommon


# CAT-3: names in Chinese and English, aliases found too
@tagged("post_install", "-at_install")
class TestCatalogVehicleName(PartsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.makes = cls.env["parts.catalog.make"]
        cls.models = cls.env["parts.catalog.model"]
        cls.vehicles = cls.env["parts.catalog.vehicle"]

    def _search(self, model, text):
        return model.browse(pair[0] for pair in model.name_search(text))

    # === KEYS === #

    def test_key_of_a_name(self):
        for name, key in {
            "Mercedes-Benz": "MERCEDESBENZ",
            "ＶＷ": "VW",
            "Škoda": "SKODA",
            "Citroën": "CITROEN",
            " land  rover": "LANDROVER",
            "大众": "大众",
            "---": "",
            None: "",
        }.items():
            self.assertEqual(name_key(name), key)

    @given(st.text())
    def test_a_key_is_its_own_key(self, text):
        self.assertEqual(name_key(name_key(text)), name_key(text))

    def test_usual_aliases_leave_out_the_own_names(self):
        aliases = get_usual_aliases(["volkswagen", "大众"])
        self.assertIn("VW", aliases)
        self.assertNotIn("大众", aliases)
        self.assertNotIn("Volkswagen", aliases)
        self.assertEqual(get_usual_aliases(["Nobody's Cars"]), [])
        # a model's other names belong to its make only
        self.assertIn("高尔夫", get_usual_aliases(["Golf"], ["大众"]))
        self.assertEqual(get_usual_aliases(["Golf"], ["Toyota"]), [])

    # === SEARCH === #

    def test_a_make_is_found_by_every_name(self):
        for text in ("大众", "VW", "vw", "Volkswagen", "volks", "ＶＷ", "上汽大众"):
            with self.subTest(text=text):
                self.assertEqual(self._search(self.makes, text), self.vw)
        self.assertEqual(self._search(self.makes, "丰田"), self.toyota)
        self.assertFalse(self._search(self.makes, "W"[:1] + "V"))
        # not found by what is an alias of nothing
        self.assertFalse(self._search(self.makes, "大发"))

    def test_models_and_vehicles_are_found_by_every_name_of_the_make(self):
        golf = self.golf.model_id
        for text in (
            "大众 golf",
            "vw golf",
            "高尔夫",
            "大众 高尔夫",
            "Volkswagen Golf",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._search(self.models, text), golf)
                self.assertEqual(self._search(self.vehicles, text), self.golf)
        self.assertEqual(self._search(self.vehicles, "大众 2015 TSI"), self.golf)
        self.assertEqual(self._search(self.vehicles, "VW"), self.golf + self.passat)
        self.assertFalse(self._search(self.vehicles, "丰田 golf"))

    def test_names_in_every_language_are_found_in_any(self):
        self.toyota.with_context(lang="zh_CN").name = "丰田汽车"
        self.assertEqual(self._search(self.makes, "丰田汽车"), self.toyota)
        chinese = self.makes.with_context(lang="zh_CN")
        self.assertEqual(self._search(chinese, "toyota"), self.toyota)

    def test_percent_is_no_pattern(self):
        self.assertFalse(self._search(self.makes, "%"))
        self.assertFalse(self._search(self.makes, "V_lkswagen"))

    def test_everything_else_is_found_by_negation(self):
        others = self.makes.search([("display_name", "not ilike", "大众")])
        self.assertNotIn(self.vw, others)
        self.assertIn(self.toyota, others)

    # === WHICH RECORD IS MEANT === #

    def test_find_by_names(self):
        names = ["大众", "VW", "volkswagen", "一汽大众", "丰田汽车", "Lada", "", "??"]
        found = self.makes._find_by_names(names)
        self.assertEqual(
            found,
            {
                "大众": self.vw.id,
                "VW": self.vw.id,
                "volkswagen": self.vw.id,
                "一汽大众": self.vw.id,
                "丰田汽车": self.toyota.id,
            },
        )
        self.assertEqual(self.makes._find_by_names([]), {})

    def test_own_name_goes_before_an_alias_and_two_are_none(self):
        joint = self.makes.create({"name": "FAW-VW"})
        self.env["parts.catalog.alias"].create(
            {"name": "FAW VW Audi", "make_id": joint.id}
        )
        self.assertEqual(self.makes._find_by_names(["faw vw"])["faw vw"], joint.id)
        twin = self.makes.create({"name": "Volkswagen"})
        self.assertNotIn("Volkswagen", self.makes._find_by_names(["Volkswagen"]))
        self.assertFalse(twin.alias_ids)  # they belong to the first

    def test_find_models_of_one_make(self):
        golf = self.golf.model_id
        found = self.models._find_by_names(self.vw, ["GOLF", "高尔夫", "Camry"])
        self.assertEqual(found, {"GOLF": golf.id, "高尔夫": golf.id})
        self.assertEqual(self.models._find_by_names(self.toyota, ["Golf"]), {})

    def test_find_by_names_costs_one_query(self):
        self.env.flush_all()
        names = [f"Make {index}" for index in range(200)] + ["大众"]
        with self.assertQueryCount(1):
            self.makes._find_by_names(names)
        with self.assertQueryCount(1):
            self.models._find_by_names(self.vw, names)

    # === ALIASES === #

    def test_a_new_make_gets_its_usual_names_and_others_none(self):
        self.assertIn("VW", self.vw.alias_ids.mapped("name"))
        self.assertFalse(self.makes.create({"name": "Nobody's Cars"}).alias_ids)
        by_chinese = self.makes.create({"name": "比亚迪"})
        self.assertIn("BYD", by_chinese.alias_ids.mapped("name"))

    @mute_logger("odoo.sql_db")
    def test_aliases_are_checked(self):
        alias = self.env["parts.catalog.alias"]
        with self.assertRaises(ValidationError):
            alias.create({"name": "--", "make_id": self.vw.id})
        for values in (
            {"name": "vw", "make_id": self.toyota.id},
            {"name": "nothing"},
            {"name": "x", "make_id": self.vw.id, "model_id": self.golf.model_id.id},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                alias.create(values)
        # a model of another make may have the same
        self.assertTrue(
            alias.create({"name": "高尔夫", "model_id": self.camry.model_id.id})
        )

    def test_who_keeps_aliases(self):
        alias = self.vw.alias_ids[0]
        for role, may in (
            ("sales_manager", True),
            ("price_group", True),
            ("administrator", True),
            ("salesperson", False),
            ("warehouse", False),
        ):
            self.assertTrue(alias.with_user(self.users[role]).has_access("read"))
            self.assertEqual(
                alias.with_user(self.users[role]).has_access("write"), may, role
            )
