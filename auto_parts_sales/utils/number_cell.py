"""Reader of the number cells of suppliers' lists: pure functions, used by imports.

A cell holds one number, several, none, or something else, and whatever a person
typed beside it. The reader answers as a careful clerk would: what it is sure of is
certain, what can be read in two ways is kept and flagged, and nothing is made up.

How: the cell is cleaned and judged as a whole (:mod:`.number_verdict`), cut into tokens
(:mod:`.number_token`), and these are read from left to right (:mod:`.number_reader`):
the words of one number are collected until something ends it. All of it takes time in
proportion to the cell's length, whatever the text.
"""

import re

from .number_reader import CellReader
from .number_shape import split_dash
from .number_token import is_letter_range, split_brand
from .number_verdict import (
    NOT_KEY,
    CellNumber,
    clean,
    count_digits,
    doubted,
    get_text,
    judge,
)
from .part_number import LONGEST_KEY

__all__ = ["CellNumber", "read_number_cell"]

_PLAIN = re.compile(r"[0-9A-Z]+(?:[-.][0-9A-Z]+)*")


def read_number_cell(cell):
    """Return the part numbers of a supplier's cell, in the order of the cell.

    :param cell: text, or what a spreadsheet's reader gives (int, float, date, None)
    :return: list of :class:`CellNumber`, empty for an empty cell; never raises
    """
    text, reason = get_text(cell)
    if _PLAIN.fullmatch(text) and not reason:
        found = _read_plain(text)
        if found:
            return [found]
    text, damaged = clean(text)
    if not text:
        return []
    verdict = judge(text)
    if verdict:
        return [verdict]
    numbers = CellReader(text).get_numbers()
    for flag in filter(None, (reason, "encoding" if damaged else "")):
        numbers = [doubted(number, flag) for number in numbers]
    return numbers


def _read_plain(text):
    """Return the number of a cell that is a single word, or None: look closer."""
    key = text.translate(NOT_KEY)
    if not 5 <= len(key) <= LONGEST_KEY or count_digits(key) < 3 or len(text) > 40:
        return None
    if (
        text[0] == "0" and not text.strip("0.-")
        or text.endswith(("LH", "RH", "-L", "-R"))
        or judge(text)
        or split_dash(text)
        or len(set(key)) == 1
        or split_brand(text)
        or is_letter_range(text)
    ):  # fmt: skip
        return None
    return CellNumber(text)
