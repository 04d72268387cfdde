import csv
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils.year_range import LONGEST_CELL, REASONS, read_year_range

TODAY = date(2026, 3, 1)
DATA = Path(__file__).parent / "data"


def _read(cell):
    return read_year_range(cell, TODAY)


def _ends(cell):
    """Return a cell's reading as text, as in the data: 2013-12..2021, 2007.., ..2014"""
    reading = _read(cell)
    ends = []
    for year, month in (
        (reading.year_from, reading.month_from),
        (reading.year_to, reading.month_to),
    ):
        ends.append(f"{year}-{month:02}" if month else str(year or ""))
    return "..".join(ends)


# CAT-4: year ranges as people write them
@tagged("post_install", "-at_install")
class TestCatalogYearRange(BaseCase):
    def _check(self, expected):
        for cell, ends in expected.items():
            with self.subTest(cell=cell):
                self.assertEqual(_ends(cell), ends)
                self.assertTrue(_read(cell).certain, _read(cell))

    def _check_doubt(self, expected):
        for cell, (ends, reason) in expected.items():
            with self.subTest(cell=cell):
                self.assertEqual(_ends(cell), ends)
                self.assertEqual(_read(cell).reason, reason)
                self.assertFalse(_read(cell).certain)

    def test_sample(self):
        with (DATA / "messy_year_ranges.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                with self.subTest(cell=row["cell"]):
                    self.assertEqual(_ends(row["cell"]), f"{row['from']}..{row['to']}")

    def test_two_digits(self):
        self._check(
            {
                "06~12": "2006..2012",
                "０６～１２": "2006..2012",
                "06年-12年": "2006..2012",
                "94-02": "1994..2002",
                "'98-'03": "1998..2003",
                "99/00": "1999..2000",
                "06_12": "2006..2012",
                "03 to 08": "2003..2008",
                "06to12": "2006..2012",
                "12": "2012..2012",
                "94款": "1994..1994",
                "٠٦-١٢": "2006..2012",
            }
        )

    def test_the_hundred_years_end_two_years_from_now(self):
        self.assertEqual(_ends("28"), "2028..2028")
        self.assertEqual(_ends("29"), "1929..1929")
        self.assertEqual(_read("29").reason, "old")
        later = read_year_range("29", date(2027, 1, 1))
        self.assertEqual((later.year_from, later.certain), (2029, True))

    def test_four_digits_and_two(self):
        self._check(
            {
                "2018-20": "2018..2020",
                "1998-02": "1998..2002",
                "1994-99": "1994..1999",
                "98-2003": "1998..2003",
                "2012-16款": "2012..2016",
            }
        )

    def test_open_ends(self):
        self._check(
            {
                "07-": "2007..",
                "2014+": "2014..",
                "08-今": "2008..",
                "2016年~至今": "2016..",
                "2010-present": "2010..",
                "2010 - now": "2010..",
                "2004→": "2004..",
                "2006->": "2006..",
                "ab 2004": "2004..",
                "from 2004": "2004..",
                "since 2008": "2008..",
                ">=2010": "2010..",
                "≥2010": "2010..",
                "2008>": "2008..",
                "2008以后": "2008..",
                "2008年及以后": "2008..",
                "2008年起": "2008..",
                "自2008年起": "2008..",
                "2008 onwards": "2008..",
                "2008 & up": "2008..",
                "2008 and newer": "2008..",
                "~14": "..2014",
                "-2012": "..2012",
                "up to 2012": "..2012",
                "bis 2010": "..2010",
                "<=2012": "..2012",
                "2008年以前": "..2008",
                "截止2012": "..2012",
                "2012 and older": "..2012",
            }
        )

    def test_months(self):
        self._check(
            {
                "2013,12-2021": "2013-12..2021",
                "2010,11-2015": "2010-11..2015",
                "2010/05-2015/08": "2010-05..2015-08",
                "2010.05-2015.08": "2010-05..2015-08",
                "05.2010→": "2010-05..",
                "05/2010-08/2015": "2010-05..2015-08",
                "05-2010 - 08-2015": "2010-05..2015-08",
                "2010-05-2015-08": "2010-05..2015-08",
                "2010-05~": "2010-05..",
                "2010-05至今": "2010-05..",
                "201005-201508": "2010-05..2015-08",
                "2013年12月-2021年3月": "2013-12..2021-03",
                "2010年5月-8月": "2010-05..2010-08",
                "2003-2008年7月": "2003..2008-07",
                "Jan 2010 - Mar 2015": "2010-01..2015-03",
                "Sept. 2010 → März 2015": "2010-09..2015-03",
                "2005.01.01-2008.12.31": "2005-01..2008-12",
                "2010-05-01~2015-08-31": "2010-05..2015-08",
                "10/05-15/08": "2010-05..2015-08",
                "05/10-08/15": "2010-05..2015-08",
                "98/01-03/12": "1998-01..2003-12",
                "06.5-12.8": "2006-05..2012-08",
                "up to 06/2011": "..2011-06",
            }
        )

    def test_lists(self):
        self._check(
            {
                "06,07,08": "2006..2008",
                "2006、2007、2008": "2006..2008",
                "2005/2006/2007": "2005..2007",
                "2006 2007 2008": "2006..2008",
                "2010,11,12": "2010..2012",
                "2006-2008,2009-2012": "2006..2012",
                ">=2006, <=2012": "2006..2012",
            }
        )

    def test_one_year_and_other_words(self):
        self._check(
            {
                "2018": "2018..2018",
                "2018.0": "2018..2018",
                "2006款": "2006..2006",
                "2006款-2010款": "2006..2010",
                "MY08-12": "2008..2012",
                "von 2004 bis 2010": "2004..2010",
                "between 2004 and 2010": "2004..2010",
                "2006...2012": "2006..2012",
                "2006——2012": "2006..2012",
                "２００６－２０１２": "2006..2012",
            }
        )

    def test_what_is_no_year_stays_in_the_rest(self):
        for cell, rest in {
            "CR-V 07-12": "CR-V",
            "MAZDA CX-5 07-12": "MAZDA CX-5",
            "1.8T 07-12": "1.8T",
            "2.4 07-12": "2.4",
            "16V 07-12": "16V",
            "丰田07-12": "丰田",
            "07-12(国产)": "国产",
            "后轮 07-12": "后轮",
            "自动 07-12": "自动",
        }.items():
            with self.subTest(cell=cell):
                self.assertEqual(_ends(cell), "2007..2012")
                self.assertEqual(_read(cell).rest, rest)
                self.assertTrue(_read(cell).certain)
        self.assertEqual(_read("1234567 07-12").reason, "rest")

    def test_generations(self):
        for cell, generation in {
            "CIVIC 8代": "8代",
            "第八代": "第八代",
            "二代": "二代",
            "MK5": "MK5",
            "E90": "E90",
            "Golf VII": "VII",
            "8th gen": "8th gen",
        }.items():
            with self.subTest(cell=cell):
                reading = _read(cell)
                self.assertEqual(reading.generation, generation)
                self.assertEqual(_ends(cell), "..")
                self.assertEqual(
                    (reading.certain, reading.reason), (False, "generation")
                )
        self.assertEqual(_read("CIVIC 8代").rest, "CIVIC")
        both = _read("W204 07-14")
        self.assertEqual((both.generation, both.certain), ("W204", True))
        self.assertEqual(_ends("2004 (MK5) – 2009 (MK6)"), "2004..2009")
        # a letter and a number are more often a model
        self.assertEqual(_read("F150 07-12").generation, "")

    def test_doubts_are_flagged(self):
        self._check_doubt(
            {
                "2012-2006": ("2006..2012", "reversed"),
                "2008-12": ("2008..2012", "month_or_year"),
                "05-2010": ("2005..2010", "month_or_year"),
                "06/07/08": ("2006..2008", "month_or_year"),
                "98/01": ("1998-01..1998-01", "month_or_year"),
                "05/08-10/12": ("2005-08..2010-12", "month_order"),
                "2013-12": ("2013-12..2013-12", "one_month"),
                "12-2006": ("2006-12..2006-12", "one_month"),
                "2013年12月": ("2013-12..2013-12", "one_month"),
                "2006-2008,2010-2012": ("2006..2012", "gap"),
                "2006 2012": ("2006..2012", "gap"),
                "06-12/14-18": ("2006..2018", "gap"),
                "6-12": ("2006..2012", "one_digit"),
                "1998-2": ("1998..2002", "one_digit"),
                "6月12日": ("2006..2012", "excel_date"),
                "Jun-12": ("2012-06..2012-06", "excel_date"),
                "20062012": ("2006..2012", "glued"),
                "<2012": ("..2012", "bound"),
                "after 2008": ("2008..", "bound"),
                "90年代": ("1990..1999", "about"),
                "2010年底": ("2010..2010", "about"),
                "2031": ("2031..2031", "future"),
            }
        )

    def test_nothing_to_read(self):
        for cell, reason in {
            "": "empty",
            "  ": "empty",
            None: "empty",
            "所有年份": "all",
            "all years": "all",
        }.items():
            self.assertEqual(_ends(cell), "..")
            self.assertEqual((_read(cell).certain, _read(cell).reason), (True, reason))
        for cell, reason in {
            "nonsense": "text",
            "39814": "text",
            "5": "text",
            "2000cc": "text",
            "~": "no_year",
            "-至今": "no_year",
            "9" * 10**6: "too_long",
        }.items():
            self.assertEqual(_ends(cell), "..")
            self.assertEqual((_read(cell).certain, _read(cell).reason), (False, reason))

    @given(st.text(max_size=LONGEST_CELL + 10))
    def test_any_text(self, cell):
        self._check_whole(read_year_range(cell, TODAY))

    @given(
        st.text("0123456789/-~.,年月款代至今前后 'toabefrm+<>MKgen\n第六", max_size=24)
    )
    def test_any_text_of_these_signs(self, cell):
        self._check_whole(read_year_range(cell, TODAY))

    def _check_whole(self, reading):
        for year in (reading.year_from, reading.year_to):
            self.assertTrue(year is None or 1880 <= year < 2110, reading)
        for month in (reading.month_from, reading.month_to):
            self.assertTrue(month is None or 1 <= month <= 12, reading)
        if reading.year_from and reading.year_to:
            self.assertLessEqual(
                (reading.year_from, reading.month_from or 1),
                (reading.year_to, reading.month_to or 12),
            )
        self.assertEqual(reading.certain, reading.reason in ("", "empty", "all"))
        self.assertIn(reading.reason, {"", *REASONS})

    @given(
        st.integers(1930, 2028),
        st.integers(0, 60),
        st.sampled_from(["-", "~", "–", "～", " - ", "至", " to ", "→", "_", "－"]),
        st.sampled_from(["{}", "{}年", "{}款"]),
    )
    def test_four_digits_in_any_dress(self, first, length, sign, dress):
        last = min(first + length, 2028)
        cell = dress.format(first) + sign + dress.format(last)
        self.assertEqual(_ends(cell), f"{first}..{last}")
        self.assertTrue(_read(cell).certain)

    @given(st.integers(1950, 2028), st.integers(0, 40), st.sampled_from("-~"))
    def test_two_digits_in_order(self, first, length, sign):
        last = min(first + length, 2028)
        cell = f"{first % 100:02}{sign}{last % 100:02}"
        self.assertEqual(_ends(cell), f"{first}..{last}")
