import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils.number_cell import CellNumber, read_number_cell
from ..utils.part_number import LONGEST_KEY, number_key
from .test_catalog_number_cell import SURE_SEPARATORS, WHOLE_NUMBERS, is_sure, read


@tagged("post_install", "-at_install")
class TestCatalogNumberCellProperty(BaseCase):
    """Any text, and cells made of known numbers."""

    @given(st.text() | st.text("0A /-;,|()（左右LR.~+=&<#\n\t他等", max_size=40))
    @settings(max_examples=400, deadline=None)
    def test_any_text_is_read(self, text):
        for found in read_number_cell(text):
            self.assertIsInstance(found, CellNumber)
            self.assertIn(found.side, ("", "L", "R"))
            self.assertEqual(found.number, " ".join(found.number.split()))
            key = number_key(found.number)
            self.assertLessEqual(len(key), LONGEST_KEY)
            self.assertEqual(bool(key), bool(found.number))
            if found.number:
                self.assertTrue(any(char.isdigit() for char in key))
            else:
                self.assertTrue(found.reason)
            if not found.certain:
                self.assertTrue(found.reason)

    @given(st.text("0123456789ABCDE- /,;|~.()左 LR", max_size=60))
    @settings(max_examples=400, deadline=None)
    def test_nothing_is_made_up(self, text):
        """What is certain stands in the cell, letter by letter."""
        cell_key = number_key(text)
        for found in read_number_cell(text):
            if found.certain:
                self.assertIn(number_key(found.number), cell_key)

    @given(
        st.lists(st.sampled_from(WHOLE_NUMBERS), min_size=1, max_size=6, unique=True),
        st.data(),
    )
    @settings(deadline=None)
    def test_any_list_with_clear_separators(self, numbers, data):
        cell = numbers[0]
        for number in numbers[1:]:
            cell += data.draw(st.sampled_from(SURE_SEPARATORS)) + number
        self.assertEqual(read(cell), numbers)
        self.assertTrue(is_sure(cell))

    @given(st.lists(st.sampled_from(WHOLE_NUMBERS), min_size=2, max_size=5))
    @settings(deadline=None)
    def test_numbers_between_spaces_are_never_sure_nor_lost(self, numbers):
        cell = " ".join(numbers)
        self.assertFalse(is_sure(cell))
        found = "".join(number_key(text) for text in read(cell))
        self.assertEqual(found, "".join(map(number_key, numbers)))

    @given(
        st.sampled_from(WHOLE_NUMBERS),
        st.text("!\"#'()*,-./:;?@[]^_` \t|{}", max_size=3),
    )
    @settings(deadline=None)
    def test_reading_what_was_read_changes_nothing(self, number, padding):
        [found] = [n for n in read_number_cell(number) if n.number]
        self.assertEqual(read(found.number), [found.number])
        for again in read_number_cell(padding + number):
            if again.number and again.certain:
                self.assertEqual(number_key(again.number), number_key(number))

    def test_long_cells_take_time_in_proportion(self):
        """Ten times the cell may take thirty times the steps, not a hundred."""
        for unit in (
            "06A905115D;",
            "06A905115D ",
            "34116794300/301",
            "1/",
            "1 ",
            "1-",
            "(",
            "（左）",
            "=",
            " \t",
            "a\u0301\u0316",
            "&",
            "<a",
            "，",
            "L R ",
            "1~",
            "BOSCH ",
            "丰田",
        ):
            with self.subTest(unit=unit):
                short = self._count_steps(unit * 300)
                self.assertLess(self._count_steps(unit * 3000), 20 * short + 10_000)

    def _count_steps(self, text):
        """Count the Python lines run: no clock, which other jobs would disturb."""
        steps = 0

        def trace(_frame, _event, _argument):
            nonlocal steps
            steps += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            read_number_cell(text)
        finally:
            sys.settrace(before)
        return steps
