import csv
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils import vin as vin_module
from ..utils.vin import (
    check_vin,
    clean_vin,
    get_check_digit,
    get_country,
    get_maker,
    get_model_years,
    get_region,
    is_vin,
    needs_check_digit,
    read_vin,
)

TODAY = date(2026, 3, 1)
DATA = Path(__file__).parent / "data"
CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
VERDICTS = {
    "ok": "ok",
    "bad length": "length",
    "bad character": "character",
    "mismatch": "mismatch",
}


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# CAT-8: VIN
@tagged("post_install", "-at_install")
class TestCatalogVin(BaseCase):
    # === CLEANING === #

    def test_what_was_changed_is_told(self):
        vin = "LFV3A21K7D4262398"
        for typed, changes in {
            vin: (),
            "lfv3a21k7d4262398": ("case",),
            " LFV3A21K7 D4262398 ": ("spaces",),
            "ＬＦＶ３Ａ２１Ｋ７Ｄ４２６２３９８": ("width",),
            "LFV-3A21K7-D4262398": ("signs",),
            "*LFV3A21K7D4262398*": ("signs",),
            "VIN: LFV3A21K7D4262398": ("spaces", "signs"),
            "车架号：LFV3A21K7D4262398": ("width", "signs"),
            "LFV3A2IK7D4262398": ("look_alikes",),
            "lfv3a2ik7d4262398": ("case", "look_alikes"),
            "LFV3А21К7D4262398": ("look_alikes",),  # А and К are Cyrillic
        }.items():
            with self.subTest(typed=typed):
                self.assertEqual(read_vin(typed), (vin, changes))
        self.assertEqual(read_vin("LSGDC82C11S1O2O3Q").vin, "LSGDC82C11S102030")

    def test_what_cannot_be_a_vin_is_not_bent_into_one(self):
        # 16 characters, 18, and a customer's remark
        for typed, kept in {
            "LSGDC82C11S1O2O3": "LSGDC82C11S1O2O3",
            "LSGDC82C11S1O2O3QQ": "LSGDC82C11S1O2O3QQ",
            "old golf": "OLDGOLF",
        }.items():
            self.assertEqual(read_vin(typed).vin, kept)
            self.assertNotIn("look_alikes", read_vin(typed).changes)
        for nothing in (None, "", "  ", "VIN:"):
            self.assertEqual(read_vin(nothing), ("", ()))
            self.assertFalse(clean_vin(nothing))

    @given(st.text(max_size=60))
    def test_any_text_can_be_read(self, text):
        vin = read_vin(text).vin
        self.assertEqual(read_vin(vin).vin, vin)
        get_maker(vin), get_country(vin), get_region(vin), get_model_years(vin)

    @given(st.text(CHARACTERS, min_size=17, max_size=17))
    def test_a_vin_is_itself_in_every_dress(self, vin):
        self.assertEqual(read_vin(vin), (vin, ()))
        for dress in (vin.lower(), f" {vin[:3]} {vin[3:9]}-{vin[9:]}", f"VIN:{vin}"):
            self.assertEqual(clean_vin(dress), vin)
        self.assertEqual(clean_vin(vin.replace("1", "I").replace("0", "o")), vin)

    # === CHECK DIGIT === #

    def test_verdicts(self):
        for row in _rows("vin_check_digit.csv"):
            with self.subTest(vin=row["vin_as_typed"]):
                verdict, _sep, rest = row["verdict_strict"].partition(" (should be ")
                self.assertEqual(
                    check_vin(row["vin_as_typed"]), (VERDICTS[verdict], rest[:-1])
                )

    @given(st.text(CHARACTERS, min_size=17, max_size=17))
    def test_the_digit_asked_for_is_right(self, vin):
        digit = get_check_digit(vin)
        self.assertEqual(check_vin(vin[:8] + digit + vin[9:]), ("ok", ""))
        for other in set("0123456789X") - {digit}:
            self.assertEqual(check_vin(vin[:8] + other + vin[9:]), ("mismatch", digit))

    def test_where_the_check_digit_is_law(self):
        for vin in ("LSVNV2182E2100001", "1HGCM82633A004352", "3VWFE21C04M000001"):
            self.assertTrue(needs_check_digit(vin))
        for vin in ("WVWZZZ1KZ6W612305", "JTDBR32E720000001", "VF1LM0B0H37000001", ""):
            self.assertFalse(needs_check_digit(vin))

    # === MODEL YEAR === #

    def test_years_of_cars_sold_in_north_america(self):
        for row in _rows("vin_decode.csv"):
            with self.subTest(vin=row["vin"]):
                years = get_model_years(row["vin"], TODAY)
                self.assertEqual(years[0], int(row["model_year"]))
                if row["vin"][0] in "12345":
                    self.assertEqual(len(years), 1)

    def test_year_cycle(self):
        for vin, years in {
            # Europe: nothing tells the half, position 7 only which is likelier
            "WVWZZZ1KZ6W612305": [2006],  # 2036 has not been built
            "WVWZZZ1KZBW612305": [2011, 1981],
            # built for North America, to judge by the check digit
            "JH4DA1842JS002851": [1988, 2018],
            "JTKKU4B40C1028652": [2012, 1982],
            # China: no VIN before 1996
            "LFV3A21K7D4262398": [2013],
            "LFV3A21K7S4262398": [2025],
            "LFV3A21K7T4262398": [2026, 1996],
            "LFV3A21K7W4262398": [1998],
            # North America: position 7 decides
            "1HGCM82633A004352": [2003],
            "1FTJW36F9TEA02868": [1996],
            "1FTJW3FF9TEA02868": [2026],
            # a heavy truck: position 7 is free
            "1XKYD49X0AJ000001": [2010, 1980],
            # no year code
            "WDB2110061A000000": [2001],
            "WF0AXXGAJUUY00001": [],
            "WF0AXXGAJ0SY00001": [],
            "WVWZZZ1KZ6W61230": [],
            "": [],
        }.items():
            with self.subTest(vin=vin):
                self.assertEqual(get_model_years(vin, TODAY), years)

    def test_model_year_begins_up_to_a_year_early(self):
        vin = "LFV3A21K7V4262398"  # 1997 or 2027
        self.assertEqual(get_model_years(vin, date(2025, 6, 1)), [1997])
        self.assertEqual(get_model_years(vin, date(2026, 6, 1)), [2027, 1997])

    # === MAKER === #

    def test_makers(self):
        for vin, name, name_zh in (
            ("LSVNV2182E2100001", "SAIC Volkswagen", "上汽大众"),
            ("LFV3A21K7D4262398", "FAW-Volkswagen", "一汽-大众"),
            ("LSGDC82C11S102030", "SAIC-GM", "上汽通用"),
            ("LGX00000000000000", "BYD", "比亚迪"),
            ("LRW00000000000000", "Tesla Shanghai", "特斯拉(上海)"),
            ("WVWZZZ1KZ6W612305", "Volkswagen", "大众"),
            ("JTDBR32E720000001", "Toyota", "丰田"),
            ("1FXXX000000000000", "Ford", "福特"),  # by two characters
        ):
            with self.subTest(vin=vin):
                self.assertEqual(get_maker(vin)[:2], (name, name_zh))

    def test_makes_of_the_decoded(self):
        # one code for several makes of the maker, or for a sister's model
        other = {"5N1": "Nissan", "5XY": ""}
        for row in _rows("vin_decode.csv"):
            wmi = row["vin"][:3]
            make = {"JTK": "Scion"}.get(wmi, row["make"])
            with self.subTest(vin=row["vin"]):
                self.assertEqual(get_maker(row["vin"]).make, other.get(wmi, make))

    def test_what_is_not_listed_is_asked_of_vininfo_or_unknown(self):
        self.assertEqual(get_maker("ZZZ00000000000000"), ("", "", ""))
        # nine: one of many small makers, not the big one with the same beginning
        self.assertEqual(get_maker("JT900000000000000"), ("", "", ""))
        known = dict(vin_module.VININFO_WMI)
        self.addCleanup(setattr, vin_module, "VININFO_WMI", known)
        vin_module.VININFO_WMI = {"ZZZ": "Somebody"}
        self.assertEqual(get_maker("ZZZ00000000000000").name, "Somebody")
        vin_module.VININFO_WMI = {}
        self.assertEqual(get_maker("LSVNV2182E2100001").name, "SAIC Volkswagen")
        self.assertEqual(get_maker(""), ("", "", ""))

    def test_the_table_is_sound(self):
        makers = vin_module._load_makers()
        self.assertGreater(sum(wmi.startswith("L") for wmi in makers), 70)
        for wmi, maker in makers.items():
            self.assertIn(len(wmi), (2, 3))
            self.assertTrue(set(wmi) <= set(CHARACTERS), wmi)
            self.assertTrue(maker.name and maker.name_zh, wmi)

    def test_country_and_region(self):
        for start, country, region in (
            ("LSV", "CN", "asia"),
            ("JT1", "JP", "asia"),
            ("KMH", "KR", "asia"),
            ("WVW", "DE", "europe"),
            ("VF1", "FR", "europe"),
            ("TMB", "CZ", "europe"),
            ("1HG", "US", "north_america"),
            ("3VW", "MX", "north_america"),
            ("6FP", "AU", "oceania"),
            ("9BW", "BR", "south_america"),
            ("AHT", "ZA", "africa"),
            ("", "", ""),
        ):
            self.assertEqual((get_country(start), get_region(start)), (country, region))

    def test_is_vin(self):
        self.assertTrue(is_vin("WVWZZZ1KZ6W612305"))
        for bad in ("WVWZZZ1KZ6W61230", "WVWZZZ1KZ6W61230O", "", None):
            self.assertFalse(is_vin(bad))
