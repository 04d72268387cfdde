"""How makers print their numbers: what words and signs in a row make one number."""

import re

from .number_verdict import WHOLE, can_stand, count_digits, key_of, pattern_of
from .part_number import LONGEST_KEY, SHORTEST_LOOKUP

# The longest number that its maker prints with spaces: A 205 810 01 93 9197
LONGEST_SPACED = 16
# Numbers as their makers print them, word by word
_SPACED = re.compile(
    r"(?:"
    # VAG, Porsche: 3-3-3, 1-3-3-2 for standard parts, one or two letters behind
    r"[0-9A-Z]{3} \d{3} \d{3}(?: \d{2}(?= |$)| [A-Z]{1,2}(?= |$))?"
    r"|[NW] \d{3} \d{3} \d{1,2}"
    # BMW
    r"|\d{2} \d{2} \d \d{3} \d{3}"
    # Mercedes
    r"|[ABNWQH] ?\d{3} \d{3} \d{2} \d{2}(?: \d{2,4}(?= |$))?"
    # Bosch
    r"|[0-9F] \d{3} [0-9A-Z]{3} [0-9A-Z]{3}"
    # Toyota, Hyundai, Nissan
    r"|\d{5} [0-9A-Z]{5}"
    # Peugeot, Citroën
    r"|\d{2} \d{3} \d{3} \d{2}"
    # Brands that put letters before: HU 711/2 x, VKBA 3569, GDB 1330
    r"|[A-Z]{1,4} \d{3,6}(?:/\d{1,2})?(?: [A-Za-z](?= |$))?"
    r")(?= |$)"
)


def split_spaced(parts):
    """Return the numbers that words parted by one space make up.

    :param list parts: words with a digit, or short words beside one
    :return: list of texts, and the reason if a person should look
    """
    if len(parts) == 1:
        return parts, ""
    if _look_the_same(parts):
        return parts, "one_space"
    joined = " ".join(parts)
    found = match_spaced(joined)
    if len(found) == 1:
        return found, ""
    if found:
        return found, "one_space"
    keys = [key_of(part) for part in parts]
    chunk = _find_period(keys)
    if chunk:
        numbers = [" ".join(parts[i : i + chunk]) for i in range(0, len(parts), chunk)]
        return numbers, "one_space"
    whole = [can_stand(key) for key in keys]
    if sum(whole) > 1:
        return _split_at_whole(parts, keys, whole), "one_space"
    total = sum(map(len, keys))
    return [joined], _doubt_spaced(keys, total)


def _look_the_same(parts):
    """Tell whether words are numbers of one kind: BKR6E-11 BKR7E-11."""
    pattern = pattern_of(key_of(parts[0][:300]))
    if not 5 <= len(pattern) <= LONGEST_KEY or len(set(pattern)) == 1:
        return False
    return all(pattern_of(key_of(part[:300])) == pattern for part in parts[1:])


def match_spaced(joined):
    """Return numbers of known shapes if they make up all of a text, else none."""
    found, position = [], 0
    while position < len(joined):
        match = _SPACED.match(joined, position)
        if not match:
            return []
        found.append(match[0])
        position = match.end() + 1
    return found


def _find_period(keys):
    """Return of how many words each number has, if all have words of equal length."""
    lengths = list(map(len, keys))
    for chunk in range(2, min(7, len(keys) // 2 + 1)):
        size = sum(lengths[:chunk])
        if len(keys) % chunk or size < WHOLE:
            continue
        same = all(lengths[i] == lengths[i % chunk] for i in range(chunk, len(lengths)))
        prefix = keys[0].isalpha() and keys[0] == keys[chunk]
        if same and (prefix or size * 2 > LONGEST_SPACED - 2):
            return chunk
    return 0


def _split_at_whole(parts, keys, whole):
    """Return numbers that begin with each word that can be one by itself."""
    numbers, current, seen = [], [], False
    for part, key, is_whole in zip(parts, keys, whole, strict=True):
        starts = is_whole or (key.isalpha() and len(key) > 2)
        if starts and seen:
            numbers.append(" ".join(current))
            current, seen = [], False
        current.append(part)
        seen = seen or is_whole
    return [*numbers, " ".join(current)]


def _doubt_spaced(keys, total):
    """Return why words that make one number may be more, or an empty string."""
    if total > LONGEST_SPACED:
        return "one_space"
    long_first = any(
        len(key) >= 9 and any(count_digits(rest) >= 3 for rest in keys[i + 1 :])
        for i, key in enumerate(keys[:3])
    )
    return "one_space" if long_first else ""


def get_tail(full, short):
    """Return ``full`` with its end replaced by ``short``, or "" if that cannot be.

    34116794300 and 301 make 34116794301; 06A905115A and D make 06A905115D;
    06A905115 and B make 06A905115B.
    """
    if len(full) > 200 or len(short) > 20:
        return ""
    full_key, short_key = key_of(full), key_of(short)
    if not short_key or len(full_key) < 8 or count_digits(full_key) < 5:
        return ""
    if len(short_key) > 5 or len(short_key) * 2 > len(full_key) + 1:
        return ""
    if short_key.isalpha():
        if len(short_key) > 2:
            return ""
        stem = full.rstrip()
        if full_key[-1].isalpha():
            stem = re.sub(r"[A-Za-z]{1,2}$", "", stem)
        return stem + short
    if len(short_key) < 2 or pattern_of(short_key) != pattern_of(
        full_key[-len(short_key) :]
    ):
        return ""
    return _replace_end(full, short_key)


def _replace_end(full, key):
    """Put the letters and digits of ``key`` over the last ones of ``full``."""
    chars, left = list(full), list(key)
    for i in range(len(chars) - 1, -1, -1):
        if not left:
            break
        if chars[i].isalnum():
            chars[i] = left.pop()
    return "".join(chars)


def join_fields(left, text, right):
    """Return the words of two fields whose joint belongs to the number."""
    if not text:
        return left + right
    return [*left[:-1], left[-1] + text + right[0], *right[1:]]


def split_dash(text):
    """Return both ends of a range written with a dash, or nothing."""
    if not 17 <= len(text) <= 120 or "-" not in text:
        return []
    parts = text.split("-")
    half = len(parts) // 2
    left, right = "-".join(parts[:half]), "-".join(parts[half:])
    left_key, right_key = key_of(left), key_of(right)
    alike = len(left_key) == len(right_key) >= 8 and left_key[:3] == right_key[:3]
    return [left, right] if alike and count_digits(left_key) >= 5 else []


_CYRILLIC_LOOKS_LATIN = frozenset("АВЕЁКМНОРСТУХІЈЅ")
_GREEK_LOOKS_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")


def doubt_number(key):
    """Return why a number by itself deserves a look, or an empty string."""
    if len(key) <= SHORTEST_LOOKUP or (len(key) <= 4 and key.isdecimal()):
        return "short"
    if len(set(key)) == 1:
        return "dummy"
    if key.isascii():
        return ""
    letters = {char for char in key if char.isalpha()}
    latin = any(char.isascii() for char in letters)
    other = {char for char in letters if not char.isascii()}
    cyrillic_greek = {c for c in other if "\u0370" <= c <= "\u052f"}
    lookalike = cyrillic_greek <= (_CYRILLIC_LOOKS_LATIN | _GREEK_LOOKS_LATIN)
    return "look_alike" if cyrillic_greek and (latin or lookalike) else ""
