"""Serial numbers of chassis and engines: pure functions."""

import re

from .part_number import number_key


def split_codes(text):
    """Return the codes of a list such as "CZCA, CHPA / CZEA", as printed."""
    return [
        code
        for code in map(str.strip, re.split(r"[,;/|、，；\n]+", text or ""))
        if code
    ]


def has_code(wanted, present):
    """Tell whether one of the codes present is one of those wanted.

    :param str wanted: list of codes as text, see :func:`split_codes`
    :param str present: the same
    :return: None if only some of those present are wanted, or if a code only begins
        like another (2AZ and 2AZ-FE): nobody knows
    """
    wanted = {number_key(code) for code in split_codes(wanted)} - {""}
    present = {number_key(code) for code in split_codes(present)} - {""}
    if not wanted or not present:
        return None
    if present <= wanted:
        return True
    if wanted & present:
        return None
    begins = any(a.startswith(b) or b.startswith(a) for a in wanted for b in present)
    return None if begins else False


def compare_serials(serial, bound):
    """Compare a chassis number with a bound: -1, 0, 1, or None if nothing tells.

    Of a longer number (a VIN) only the end counts. Numbers compare by their digits,
    and only if the letters before them are the same: letters are plants or series,
    not an order.
    """
    serial, bound = number_key(serial), number_key(bound)
    if not serial or not bound:
        return None
    if serial.isdigit() and bound.isdigit() and len(serial) < len(bound):
        serial = serial.zfill(len(bound))
    if len(serial) < len(bound):
        return None
    if not (serial.isdigit() and bound.isdigit() and len(serial) < 17):
        serial = serial[-len(bound) :]
    head, digits = _split_serial(serial)
    bound_head, bound_digits = _split_serial(bound)
    if head != bound_head or not digits or not bound_digits:
        return 0 if serial == bound else None
    number, bound_number = int(digits), int(bound_digits)
    return (number > bound_number) - (number < bound_number)


def shift_serial(serial, step):
    """Return the serial number before or after, of the same length, or ""."""
    head, digits = _split_serial(number_key(serial))
    number = int(digits or 0) + step
    if not digits or number < 0 or len(str(number)) > len(digits):
        return ""
    return head + str(number).zfill(len(digits))


def _split_serial(serial):
    """Return a serial number as the part that names and the part that counts."""
    match = re.fullmatch(r"(.*?)(\d*)", serial)
    return match[1], match[2]
