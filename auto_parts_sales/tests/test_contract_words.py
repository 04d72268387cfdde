from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils.amount_in_words import in_chinese_capitals, in_english_words

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def _read_whole(text):
    """Read capitals back, by their own grammar: an oracle that shares no code."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if unit in text:
            high, _unit, low = text.rpartition(unit)
            return _read_whole(high) * size + _read_whole(low)
    total = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += digit * PLACES[sign]
            digit = 0
    return total + digit


def _read(text):
    """Read an amount in renminbi back."""
    text = text.removeprefix("人民币").removesuffix("整")
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负")
    whole, unit, rest = text.partition("元")
    if not unit:
        whole, rest = "", text
    cents = 0
    for name, worth in (("角", 10), ("分", 1)):
        before, found, after = rest.partition(name)
        if found:
            cents += DIGITS[before.lstrip("零") or "零"] * worth
            rest = after
    return sign * (_read_whole(whole) + Decimal(cents) / 100)


# CON-1: amounts in words, as the rules for bills write them
@tagged("post_install", "-at_install")
class TestContractWords(BaseCase):
    def _check(self, expected, function=in_chinese_capitals, **options):
        for amount, text in expected.items():
            with self.subTest(amount=amount):
                self.assertEqual(function(amount, **options), text)

    def test_the_examples_of_the_rules(self):
        self._check(
            {
                "1409.50": "人民币壹仟肆佰零玖元伍角",
                "6007.14": "人民币陆仟零柒元壹角肆分",
                "1680.32": "人民币壹仟陆佰捌拾元零叁角贰分",
                "107000.53": "人民币壹拾万柒仟元零伍角叁分",
                "16409.02": "人民币壹万陆仟肆佰零玖元零贰分",
                "325.04": "人民币叁佰贰拾伍元零肆分",
            }
        )

    def test_full_amounts_end_in_zheng(self):
        self._check(
            {
                "0": "人民币零元整",
                "1": "人民币壹元整",
                "10": "人民币壹拾元整",
                "110": "人民币壹佰壹拾元整",
                "800": "人民币捌佰元整",
                "500000": "人民币伍拾万元整",
            }
        )

    def test_cents_alone(self):
        self._check(
            {
                "0.05": "人民币伍分",
                "0.50": "人民币伍角",
                "0.55": "人民币伍角伍分",
            }
        )

    def test_one_zero_for_each_run(self):
        self._check(
            {
                "101": "人民币壹佰零壹元整",
                "1001": "人民币壹仟零壹元整",
                "10500": "人民币壹万零伍佰元整",
                "100050": "人民币壹拾万零伍拾元整",
                "10000000": "人民币壹仟万元整",
                "100000001": "人民币壹亿零壹元整",
                "100010000": "人民币壹亿零壹万元整",
                "10020003000.07": "人民币壹佰亿贰仟万叁仟元零柒分",
            }
        )

    def test_large(self):
        self._check(
            {
                "1000000000000": "人民币壹万亿元整",
                "1234567890123.45": "人民币壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万"
                "零壹佰贰拾叁元肆角伍分",
                "10000000000000000": "人民币壹亿亿元整",
            }
        )

    def test_negative_and_rounding(self):
        self._check(
            {
                "-88.80": "人民币负捌拾捌元捌角",
                "1.005": "人民币壹元零壹分",
                "0.004": "人民币零元整",
                # no minus before nothing
                "-0.004": "人民币零元整",
                "999.995": "人民币壹仟元整",
            }
        )

    def test_floats_are_read_as_printed(self):
        # 1.005 is stored as 1.00499...; 0.1 + 0.2 as 0.30000000000000004
        self._check({1.005: "人民币壹元零壹分", 0.1 + 0.2: "人民币叁角"})

    def test_other_currencies(self):
        self.assertEqual(
            in_chinese_capitals("1234.56", "USD"), "美元壹仟贰佰叁拾肆元伍角陆分"
        )
        self.assertEqual(in_chinese_capitals(1500, "JPY", 0), "日元壹仟伍佰元整")
        self.assertEqual(
            in_chinese_capitals("12.305", "KWD", 3), "KWD壹拾贰元叁角零伍厘"
        )
        self.assertEqual(in_chinese_capitals("0.005", "KWD", 3), "KWD伍厘")

    def test_english(self):
        self._check(
            {
                "0": "Zero Yuan Only",
                "1000": "One Thousand Yuan Only",
                "1409.50": "One Thousand Four Hundred Nine Yuan and Fifty Fen Only",
                "21.05": "Twenty-One Yuan and Five Fen Only",
                "1000010": "One Million Ten Yuan Only",
                "-88.80": "Minus Eighty-Eight Yuan and Eighty Fen Only",
                "113": "One Hundred Thirteen Yuan Only",
            },
            in_english_words,
            unit="Yuan",
            subunit="Fen",
        )
        # a currency without names
        self.assertEqual(in_english_words("12.5"), "Twelve and 50/100 Only")
        self.assertEqual(in_english_words(7, "Yen", "Sen", 0), "Seven Yen Only")

    def test_what_is_no_amount(self):
        for amount in ("", "abc", "1,000", float("nan"), float("inf"), 10**18, None):
            for function in (in_chinese_capitals, in_english_words):
                with self.subTest(amount=amount), self.assertRaises(ValueError):
                    function(amount)
        with self.assertRaises(ValueError):
            in_chinese_capitals(1, places=4)

    @given(st.integers(min_value=-(10**17), max_value=10**17))
    def test_reads_back(self, cents):
        amount = Decimal(cents) / 100
        text = in_chinese_capitals(amount)
        self.assertEqual(_read(text), amount, text)
        self.assertNotIn("零零", text)
        self.assertNotIn("零元", text.removesuffix("人民币零元整"))
        for pair in ("零万", "零亿", "零角", "零拾", "零佰", "零仟"):
            self.assertNotIn(pair, text)

    @given(st.integers(min_value=0, max_value=10**17))
    def test_two_amounts_never_read_the_same(self, cents):
        texts = {
            in_english_words(Decimal(number) / 100, "Yuan", "Fen")
            for number in (cents, cents + 1, cents + 100, cents * 10 + 7)
        }
        self.assertEqual(len(texts), 4 if cents * 10 + 7 > cents + 100 else len(texts))
