"""Vehicle identification numbers: pure functions."""

import re
import unicodedata

VIN_LENGTH = 17


def clean_vin(text):
    """Return a VIN as it is stamped: half width, upper case, no spaces or dashes.

    :return: the cleaned text, or False if nothing is left
    """
    folded = unicodedata.normalize("NFKC", text or "").upper()
    return re.sub(r"[\s\-‐-―]+", "", folded) or False


def is_vin(text):
    """Tell whether a cleaned VIN has 17 characters, none of them I, O or Q."""
    return bool(re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", text or ""))
