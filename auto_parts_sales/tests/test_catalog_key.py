from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils.part_number import lookup_key, number_key, tidy_number
from ..utils.vin import clean_vin, is_vin


@tagged("post_install", "-at_install")
class TestCatalogKey(BaseCase):
    def test_every_spelling_has_one_key(self):
        for spelling in (
            "5G0 906 259 C",
            "5g0906259c",
            " 5G0-906-259-C ",
            "5G0.906.259/C",
            "５Ｇ０９０６２５９Ｃ",
            "5G0\u00a0906\u2009259\tC",
            "٥G٠٩٠٦٢٥٩C",
        ):
            with self.subTest(spelling=spelling):
                self.assertEqual(number_key(spelling), "5G0906259C")

    def test_what_differs_stays_different(self):
        for other in (
            "5G0 906 259 D",  # the letter at the end is another part
            "5G0 906 259",
            "5GO 906 259 C",  # letter O for the digit
            "5G0 906 259 С",  # Cyrillic letter that looks like C
        ):
            with self.subTest(other=other):
                self.assertNotEqual(number_key(other), number_key("5G0 906 259 C"))

    def test_letters_of_any_script_are_kept(self):
        self.assertEqual(number_key("左 12-3"), "左123")
        self.assertEqual(number_key("А-605"), "А605")

    def test_nothing_gives_nothing(self):
        for nothing in (None, False, "", "  ", "-/.", "—", "ʼ"):
            self.assertEqual(number_key(nothing), "")

    @given(st.text())
    def test_a_key_is_its_own_key(self, text):
        key = number_key(text)
        self.assertEqual(number_key(key), key)
        self.assertTrue(all(char.isalpha() or char in "0123456789" for char in key))
        self.assertNotIn("%", key)
        self.assertNotIn("_", key)

    @given(st.text("0123456789ABCXYZ", min_size=1), st.data())
    def test_separators_and_case_do_not_count(self, number, data):
        spelling = "".join(
            data.draw(st.sampled_from(["", " ", "-", ".", "/", "　", "_"]))
            + data.draw(st.sampled_from([char, char.lower(), chr(ord(char) + 0xFEE0)]))
            for char in number
        )
        self.assertEqual(number_key(spelling), number)

    @given(st.text(), st.text())
    def test_keys_of_parts_written_together(self, one, two):
        together = number_key(number_key(one) + number_key(two))
        self.assertEqual(number_key(f"{one} - {two}"), together)

    def test_words_are_not_looked_up(self):
        for text in ("brake disc", "5G", "", None, False, 12, ["5G0906"], "9" * 106):
            self.assertEqual(lookup_key(text), "")
        self.assertEqual(lookup_key("5g0"), "5G0")

    def test_tidy_number_keeps_how_it_is_printed(self):
        self.assertEqual(tidy_number("  HU 711/2  x "), "HU 711/2 x")

    def test_vin(self):
        self.assertEqual(clean_vin(" wvwzzz1kz-6w612305 "), "WVWZZZ1KZ6W612305")
        self.assertEqual(clean_vin("ＷＶＷ"), "WVW")
        self.assertFalse(clean_vin("  "))
        self.assertTrue(is_vin("WVWZZZ1KZ6W612305"))
        for bad in ("WVWZZZ1KZ6W61230", "WVWZZZ1KZ6W61230O", "", False):
            self.assertFalse(is_vin(bad))
