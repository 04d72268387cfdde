"""Search keys of part numbers: pure functions, used by models and imports."""

import unicodedata

# Letters of any script but no modifier letters (an apostrophe can be one), and
# decimal digits. Combining marks, punctuation, symbols and spaces fall away.
_KEPT = frozenset({"Lu", "Ll", "Lt", "Lo", "Nd"})

# The longest number field met in the trade (TecDoc) has 105 characters.
LONGEST_KEY = 105
SHORTEST_LOOKUP = 3
# Shorter fragments are in nearly every number: looking inside needs at least these
SHORTEST_INFIX = 4

# What is taken for something else on greasy labels, on the phone and in Cyrillic or
# Greek print. Each pair of characters stands for one look; SQL indexes use it, too.
LOOKALIKES = "OQILSBZ" + "АВЕКМНОРСТУХ" + "ΑΒΕΗΙΚΜΝΟΡΤΥΧΖ"
LOOK = "0011582" + "A8EKMH0PCTYX" + "A8EH1KMN0PTYX2"
_LOOKS = str.maketrans(LOOKALIKES, LOOK)

# What codes of our own are written with and found without
CODE_PUNCTUATION = " -./_,:;#*+()[]"


def _fold(text):
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in folded
        if unicodedata.category(char) in _KEPT
    )


def number_key(text):
    """Return the search key of a part number: NFKC, upper case, letters and digits.

    Digits of every script become 0 to 9. Letters that only look alike (a Cyrillic
    А, the letter O beside the digit 0) stay apart: they are different parts until
    a person says otherwise.

    :param text: a number as printed or typed; None counts as empty
    :return: the key, empty if ``text`` holds neither letter nor digit
    :rtype: str
    """
    key, folded = None, text or ""
    # Dropping a character can bring together two that compose: fold to the end.
    while folded != key:
        key, folded = folded, _fold(folded)
    return key


def look_key(key):
    """Return a search key with each character replaced by what it may be taken for.

    >>> look_key("1K0615I01O") == look_key("1KO6I5101Q")
    True
    """
    return key.translate(_LOOKS)


def lookup_key(text):
    """Return the key of ``text`` if it may be a part number, else an empty string.

    Words without a digit and fragments of one or two characters are no numbers:
    searching products by name must not cost a look-up.
    """
    if not isinstance(text, str) or len(text) > 4 * LONGEST_KEY:
        return ""
    key = number_key(text)
    if not SHORTEST_LOOKUP <= len(key) <= LONGEST_KEY:
        return ""
    return key if any(char.isdigit() for char in key) else ""


def tidy_number(text):
    """Return a number as printed, without padding and doubled spaces."""
    return " ".join((text or "").split())
