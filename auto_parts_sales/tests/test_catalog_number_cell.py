import datetime

from odoo.tests import BaseCase, tagged

from ..utils.number_cell import read_number_cell
from ..utils.part_number import LONGEST_KEY

# Numbers of different makers, as printed; each key differs from the others
WHOLE_NUMBERS = [
    "04465-0E010",
    "90919-02240",
    "1K0 698 151 G",
    "06A905115D",
    "A 000 905 12 00",
    "34 11 6 794 300",
    "0 986 494 123",
    "7.05656.16.0",
    "8N61-9H307-LA",
    "45022-T2G-A00",
    "51.12503-0061",
    "S11-3502170BA",
    "996.106.015.51",
    "16546-ED000",
]
SURE_SEPARATORS = [";", "|", "\n", "\t", "、", "；", "｜", " ; ", " | ", ";\n", "\r\n"]
SURE_SEPARATORS += [
    "<br>",
    "<br/>",
    " / ",
    "，",
    ", ",
    " & ",
    " and ",
    " 和 ",
    "\u2028",
]


def read(cell):
    """Return what a person cares for: number and side of each, in short."""
    return [
        f"{found.number} {found.side}".strip()
        for found in read_number_cell(cell)
        if found.number
    ]


def is_sure(cell):
    return all(found.certain for found in read_number_cell(cell))


def get_reasons(cell):
    return [found.reason for found in read_number_cell(cell)]


@tagged("post_install", "-at_install")
class TestCatalogNumberCell(BaseCase):
    """CAT-7: reading the number cells of suppliers' lists."""

    def check(self, cell, numbers, sure=True):
        with self.subTest(cell=cell):
            self.assertEqual(read(cell), numbers)
            self.assertEqual(is_sure(cell), sure, read_number_cell(cell))

    def check_none(self, cell, reason, sure):
        with self.subTest(cell=cell):
            [found] = read_number_cell(cell)
            self.assertEqual((found.number, found.reason), ("", reason))
            self.assertEqual(found.certain, sure)
            self.assertTrue(found.remark)

    # === ONE NUMBER === #

    def test_one_number_in_its_makers_spelling(self):
        for number in (
            *WHOLE_NUMBERS,
            "95B 698 151 H",
            "5G0 867 012 AB 82V",  # with Volkswagen's code of the colour
            "WHT 003 858",
            "N 101 021 05",
            "A 205 810 01 93 9197",
            "96 535 222 80",
            "04465 0E010",
            "45022 T2G A00",
            "VKBA 3569",
            "MD 069782",
            "OC 90",
            "A-605",
        ):
            self.check(number, [number])

    def test_slash_that_belongs_to_the_number(self):
        for number in (
            "HU 711/2 x",
            "W 712/75",
            "CU 2939/1",
            "C 27 192/1",
            "PU 10 011/2 z",
            "6204-2RS/C3",
        ):
            self.check(number, [number])
        self.check("HU 711/2 x; HU 718/1 n", ["HU 711/2 x", "HU 718/1 n"])
        self.check("HU 711/2x / HU 718/1n", ["HU 711/2x", "HU 718/1n"])
        self.check("W712/75, W712/52", ["W712/75", "W712/52"])

    def test_padding_quotes_and_stray_punctuation(self):
        for cell in (
            "  06A905115D ",
            "'06A905115D",
            '"06A905115D"',
            "“06A905115D”",
            ";06A905115D;",
            "| 06A905115D |",
            "...06A905115D...",
            "(06A905115D)",
            "【06A905115D】",
            "#06A905115D",
            '="06A905115D"',
            "<b>06A905115D</b>",
            "06A\u200b905\u00ad115D\ufeff",
            "06A905115D_x000D_",
        ):
            self.check(cell, ["06A905115D"])

    def test_full_width_and_exotic_dashes(self):
        self.check("０４４６５－０Ｅ０１０", ["04465-0E010"])
        self.check("04465–0E010", ["04465-0E010"])
        self.check("0\u00a0986\u3000494\u2009123", ["0 986 494 123"])
        self.check("٠٤٤٦٥-0E010", ["04465-0E010"])

    def test_leading_zeros_stay(self):
        self.check("0004465010", ["0004465010"])
        self.check("000 094 69 04", ["000 094 69 04"])

    def test_titles_of_the_column_in_the_cell(self):
        for cell in (
            "OE号：1K0698151G",
            "原厂号:1K0698151G",
            "OEM No.: 1K0698151G",
            "OE NO 1K0698151G",
            "Art.-Nr. 1K0698151G",
            "P/N 1K0698151G",
            "零件编号 1K0698151G",
        ):
            self.check(cell, ["1K0698151G"])
            self.assertFalse(read_number_cell(cell)[0].owner)

    # === SEVERAL NUMBERS === #

    def test_every_separator(self):
        for separator in SURE_SEPARATORS:
            self.check(
                f"04465-0E010{separator}1K0 698 151 G", ["04465-0E010", "1K0 698 151 G"]
            )
        self.check("31110-09000/E8678M", ["31110-09000", "E8678M"])
        self.check("06A905115D+06A906115", ["06A905115D", "06A906115"])
        self.check("06A905115D=06A906115", ["06A905115D", "06A906115"])
        self.check("①06A905115D②06A906115", ["06A905115D", "06A906115"])
        self.check("044651234,044651235", ["044651234", "044651235"])
        self.check("06A 905 115 D  06A 905 115 C", ["06A 905 115 D", "06A 905 115 C"])

    def test_one_space_between_numbers_is_kept_and_flagged(self):
        for cell, numbers in (
            ("6010008300 6010008200", ["6010008300", "6010008200"]),
            ("06A 905 115 D 06A 905 115 C", ["06A 905 115 D", "06A 905 115 C"]),
            ("1K0 615 301 AA 1K0 615 301", ["1K0 615 301 AA", "1K0 615 301"]),
            (
                "34 11 6 794 300 34 11 6 794 301",
                ["34 11 6 794 300", "34 11 6 794 301"],
            ),
            (
                "A 000 905 12 00 A 000 905 13 00",
                ["A 000 905 12 00", "A 000 905 13 00"],
            ),
            ("90919 02240 90919 02241", ["90919 02240", "90919 02241"]),
            ("VKBA 3569 VKBA 3570", ["VKBA 3569", "VKBA 3570"]),
            ("BKR6E-11 BKR7E-11", ["BKR6E-11", "BKR7E-11"]),
        ):
            self.check(cell, numbers, sure=False)
            self.assertEqual(set(get_reasons(cell)), {"one_space"})

    def test_numbers_written_short(self):
        for cell, numbers in (
            ("34116794300/301/302", ["34116794300", "34116794301", "34116794302"]),
            ("90919-02240/02241", ["90919-02240", "90919-02241"]),
            ("04465-0E010/0E020", ["04465-0E010", "04465-0E020"]),
            ("1K0 941 005/006", ["1K0 941 005", "1K0 941 006"]),
            ("06A905115A,B,D", ["06A905115A", "06A905115B", "06A905115D"]),
            ("06A905115/B", ["06A905115", "06A905115B"]),
            ("1K0615301AA/AB", ["1K0615301AA", "1K0615301AB"]),
            ("8330A123L/R", ["8330A123L", "8330A123R"]),
        ):
            self.check(cell, numbers, sure=False)
            first, *rest = read_number_cell(cell)
            self.assertTrue(first.certain)
            self.assertEqual({found.reason for found in rest}, {"tail"})
            self.assertTrue(all(found.remark for found in rest))

    def test_from_to_names_the_ends_only(self):
        for cell in (
            "6010008300-6010008305",
            "6010008300~6010008305",
            "6010008300 - 6010008305",
            "6010008300至6010008305",
            "6010008300~305",
        ):
            self.check(cell, ["6010008300", "6010008305"], sure=False)
            self.assertEqual(set(get_reasons(cell)), {"range"})

    def test_slash_that_may_be_either(self):
        self.check("LM11949/LM11910", ["LM11949", "LM11910"], sure=False)
        self.check("5801234567/1", ["5801234567/1"], sure=False)

    # === SIDES === #

    def test_sides_are_no_part_of_the_number(self):
        both = ["EM2E-4133010 L", "EM2E-4133020 R"]
        for cell in (
            "EM2E-4133010 L EM2E-4133020 R",
            "EM2E-4133010 LH / EM2E-4133020 RH",
            "EM2E-4133010(L) EM2E-4133020(R)",
            "EM2E-4133010（左）EM2E-4133020（右）",
            "左EM2E-4133010右EM2E-4133020",
            "左：EM2E-4133010 右：EM2E-4133020",
            "L:EM2E-4133010 R:EM2E-4133020",
            "EM2E-4133010左/EM2E-4133020右",
            "EM2E-4133010/EM2E-4133020 L/R",
            "EM2E-4133010;EM2E-4133020 LH/RH",
            "EM2E-4133010|EM2E-4133020 左右",
            "left EM2E-4133010, right EM2E-4133020",
        ):
            self.check(cell, both)

    def test_one_number_for_both_sides(self):
        for cell in ("6010008300 L/R", "6010008300（左右）", "LH/RH 6010008300"):
            self.check(cell, ["6010008300"])
            self.assertEqual(read_number_cell(cell)[0].remark, "L/R")

    def test_position_is_kept_beside_the_side(self):
        [found] = read_number_cell("81150-60B30 左前")
        self.assertEqual((found.side, found.remark), ("L", "左前"))

    def test_letter_that_may_be_side_or_index(self):
        self.check("1K0 615 301 R", ["1K0 615 301 R"], sure=False)
        self.check(
            "1K0 941 005 L 1K0 941 006 R", ["1K0 941 005 L", "1K0 941 006 R"], False
        )
        self.check("81150-0K010-LH", ["81150-0K010 L"], sure=False)
        self.check("6010008300-L", ["6010008300-L"], sure=False)
        # Attached, it is a letter of the number: another part
        self.check("8330A123L", ["8330A123L"])

    # === WHAT STANDS BESIDE === #

    def test_brand_words(self):
        for cell, owner in (
            ("FORD 8N61-9H307-LA", "FORD"),
            ("8N61-9H307-LA FORD", "FORD"),
            ("福特8N61-9H307-LA", "福特"),
            ("8N61-9H307-LA福特", "福特"),
            ("8N61-9H307-LA (Ford)", "Ford"),
            ("Ford: 8N61-9H307-LA", "Ford"),
            ("FORD8N61-9H307-LA", "FORD"),
            ("长安福特 8N61-9H307-LA", "长安福特"),
            ("Mercedes-Benz 8N61-9H307-LA", "Mercedes-Benz"),
            ("LAND ROVER 8N61-9H307-LA", "LAND ROVER"),
        ):
            self.check(cell, ["8N61-9H307-LA"])
            self.assertEqual(read_number_cell(cell)[0].owner, owner)

    def test_each_number_under_its_brand(self):
        for cell in (
            "丰田：04465-0E010；大众：06A905115D",
            "丰田04465-0E010 大众06A905115D",
            "04465-0E010(丰田) 06A905115D(大众)",
            "04465-0E010丰田 06A905115D大众",
        ):
            self.check(cell, ["04465-0E010", "06A905115D"])
            owners = [found.owner for found in read_number_cell(cell)]
            self.assertEqual(owners, ["丰田", "大众"])
        # Before a colon a brand holds for what follows; without, for one number
        self.assertEqual(
            [n.owner for n in read_number_cell("VW: 06A905115D, 06A905115C")],
            ["VW", "VW"],
        )
        self.assertEqual(
            [n.owner for n in read_number_cell("VW 06A905115D, E8678M")], ["VW", ""]
        )
        self.assertEqual(
            [n.owner for n in read_number_cell("06A905115D / BOSCH 0221504100")],
            ["", "BOSCH"],
        )
        # Between two numbers it may belong to either
        cell = "31110-09000 BOSCH 0986494123"
        self.check(cell, ["31110-09000", "0986494123"], sure=False)

    def test_remarks_are_kept_as_remarks(self):
        for cell, remark in (
            ("896-1CH-D1 (有耳M025)", "有耳M025"),
            ("896-1CH-D1【停产】", "停产"),
            ("896-1CH-D1 [neu]", "neu"),
            ("896-1CH-D1 前刹车片", "前刹车片"),
            ("前刹车片 896-1CH-D1", "前刹车片"),
            ("896-1CH-D1 sensor", "sensor"),
            ("896-1CH-D1*2", "*2"),
            ("896-1CH-D1 2010-2015", "2010-2015"),
            ("896-1CH-D1 (2010-2015)", "2010-2015"),
            ("896-1CH-D1 x2", "x2"),
            ("G052167M4 4L", "4L"),
        ):
            self.check(
                cell, [cell.partition(" ")[0]] if cell[0] == "G" else ["896-1CH-D1"]
            )
            self.assertEqual(read_number_cell(cell)[0].remark, remark)
        # how many there are, behind a number with spaces
        self.check("4B0 615 301 A*2", ["4B0 615 301 A"])

    def test_a_remark_that_names_a_number_is_asked_about(self):
        for cell in ("896-1CH-D1 (旧号896-1CH-D0)", "896-1CH-D1（原30005678）"):
            self.check(cell, ["896-1CH-D1"], sure=False)
            self.assertIn("bracketed", get_reasons(cell))
        # years and sizes are no numbers
        for cell in ("896-1CH-D1 (2015-2018款)", "896-1CH-D1 (256*22*68mm)"):
            self.check(cell, ["896-1CH-D1"])

    def test_a_range_of_index_letters_is_asked_about(self):
        for cell in ("5Q0 698 151 A-D", "5Q0698151A-D"):
            self.check(cell, [cell], sure=False)
            self.assertEqual(get_reasons(cell), ["range"])
        # from D to A is no range
        self.check("15400-PLM-A01", ["15400-PLM-A01"])

    def test_a_brand_written_without_a_space(self):
        for cell, brand, number in (
            ("BMW11427566327", "BMW", "11427566327"),
            ("BOSCH0986494123", "BOSCH", "0986494123"),
        ):
            self.check(cell, [number])
            self.assertEqual(read_number_cell(cell)[0].owner, brand)
        # letters that are the beginning of a number
        for cell in ("GDB3425", "SNA-A01-123", "KYB333"):
            self.check(cell, [cell])

    def test_and_others(self):
        for cell in ("15208-AA024他", "15208-AA024等", "15208-AA024 etc."):
            self.check(cell, ["15208-AA024"])
            self.assertEqual(get_reasons(cell), ["others"])
        self.check("15208-AA024等3个", ["15208-AA024"])

    def test_doubts_of_the_writer(self):
        self.check("06A905115D?", ["06A905115D"], sure=False)
        self.check("not 06A905115D", ["06A905115D"], sure=False)
        self.check("see 06A905115D in our other list", ["06A905115D"], sure=False)
        self.check("06A905115D(06A905115C)", ["06A905115D", "06A905115C"], sure=False)
        self.check(
            "26300-35503 (26300-35504, 26300-35505)",
            ["26300-35503", "26300-35504", "26300-35505"],
            sure=False,
        )
        for arrow in ("→", "->", " 替代 ", " replaced by "):
            cell = f"06A905115C{arrow}06A905115D"
            self.check(cell, ["06A905115C", "06A905115D"], sure=False)
            self.assertIn("replaced", get_reasons(cell))

    # === NO NUMBER === #

    def test_empty(self):
        for nothing in (None, "", " ", "\n\t", "\u200b", False, True, float("nan")):
            self.assertEqual(read_number_cell(nothing), [])

    def test_said_to_have_none(self):
        for cell in (
            "N/A",
            "-",
            "--",
            "无",
            "none",
            "无OE",
            "/",
            "00000000",
            "暂无",
            "没有原厂号",
        ):
            self.check_none(cell, "none", sure=True)

    def test_not_known_yet(self):
        for cell in ("OEM not confirmed", "待定", "原厂号待确认", "TBD"):
            self.check_none(cell, "pending", sure=True)

    def test_something_else_in_the_column(self):
        for cell in ("2001-2006", "2010款", "2018.5-2020.3", "2001-", "2001年"):
            self.check_none(cell, "year_range", sure=True)
        for cell, reason in (
            ("06~12", "year_range"),
            ("brake pad front", "text"),
            ("适用于 丰田 凯美瑞", "text"),
            ("见附图", "text"),
            ("同上", "text"),
            ("〃", "text"),
            ("65mm", "measure"),
            ("12V 90A", "measure"),
            ("￥120", "measure"),
            ("2020-01-15", "date"),
            ("Sep-11", "date"),
            ("9月11日", "date"),
            ("#N/A", "error"),
            ("#REF!", "error"),
            ("=A1&B2", "formula"),
            ("=VLOOKUP(A2,Sheet1!A:B,2,0)", "formula"),
            ('=HYPERLINK("http://x","06A905115D")', "formula"),
            ("9" * (LONGEST_KEY + 1), "too_long"),
        ):
            self.check_none(cell, reason, sure=False)

    def test_what_a_spreadsheet_did_to_a_number(self):
        self.check_none("8.96631E+11", "scientific", sure=False)
        self.check_none("1E+05", "scientific", sure=False)
        self.check("2E10", ["2E10"], sure=False)  # may be one
        self.check("123456789.0", ["123456789"], sure=False)
        self.check("1,234,567", ["1234567"], sure=False)
        self.check(6010008300, ["6010008300"])
        self.check(896631000000.0, ["896631000000"], sure=False)
        self.check_none(datetime.datetime(2026, 9, 11), "date", sure=False)
        self.check_none(datetime.date(2026, 9, 11), "date", sure=False)

    def test_short_and_dummy_numbers_are_flagged(self):
        for cell in ("12", "E21", "2015", "9999999"):
            self.check(cell, [cell], sure=False)

    def test_letters_of_two_scripts_are_flagged(self):
        self.check("06А905115D", ["06А905115D"], sure=False)  # Cyrillic А
        self.check("А2101100", ["А2101100"], sure=False)
        self.check("Л2101100", ["Л2101100"])  # no Latin letter looks so
        self.check("06A905115D\ufffd", ["06A905115D"], sure=False)
