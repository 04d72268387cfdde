"""Reads a cell with more than one word, token by token."""

import re

from . import number_words as words
from .number_beside import Beside
from .number_shape import get_tail, match_spaced
from .number_token import (
    _BRAND_BEHIND,
    _DOUBT_WORDS,
    _JOINTS,
    _PRICE,
    _SENTENCE,
    _SIDE_ATTACHED,
    _SIDE_ENDING,
    _SIDE_LETTER,
    _TIMES,
    _TOKENS,
    _match_brackets,
    is_letter_range,
    split_brand,
)
from .number_verdict import MEASURE, ONE_YEAR, can_stand, doubted, key_of, no_number
from .part_number import LONGEST_KEY


class CellReader(Beside):
    """Reads one cleaned cell. The words of a number being read make up a *run*."""

    def __init__(self, text, depth=0):
        self.text = text
        self.depth = depth
        self.tokens = [(match.lastgroup, match[0]) for match in _TOKENS.finditer(text)]
        self.numbers = []
        self.fields, self.joints = [[]], []
        self.piece_start = 0  # in self.numbers
        self.base = ""  # the last whole number of the line, for numbers written short
        self.pending = {"side": "", "owner": "", "remarks": [], "reason": ""}
        self.sticky_owner = ""
        self.owners_behind = []  # brands behind a number: how many were there, which
        self.sides_first = self.brands_first = None
        self.both = ""
        self.text_words = 0
        self.has_tilde = "~" in text
        letters = {text for kind, text in self.tokens if kind == "word"}
        self.has_both_letters = {"L", "R"} <= letters
        # HU 711/2x / HU 718/1n: the slashes with spaces part the numbers
        self.has_tight_slash = any(
            kind == "slash" and len(text) == 1 for kind, text in self.tokens
        )

    def get_numbers(self):
        closes = _match_brackets(self.tokens)
        if closes.get(0) == len(self.tokens) - 1 and self.tokens[-1][0] == "close":
            if self.depth < 3:
                return CellReader(self.text[1:-1].strip(), self.depth + 1).get_numbers()
        index = 0
        while index < len(self.tokens):
            kind, text = self.tokens[index]
            if kind == "open":
                close = closes[index]
                self._bracket(index, close)
                # An unclosed bracket leaves the line's end to be read
                line_end = close < len(self.tokens) and self.tokens[close][0] != "close"
                index = close if line_end else close + 1
                continue
            index += self._token(kind, text, index)
        self._end_piece()
        return self._finish()

    def _token(self, kind, text, index):
        """Read one token; return how many tokens it took."""
        if kind == "word":
            return self._word(text, index)
        if kind == "foreign":
            self._foreign(text)
        elif kind in ("list", "newline", "arrow") or self._parts_here(kind, text):
            self._end_piece()
            if kind == "newline":
                self.base = ""
                self.sticky_owner = ""
            elif kind == "arrow":
                self.pending["reason"] = "replaced"
        elif kind in _JOINTS:
            self._joint(kind, text)
        elif kind == "colon":
            self._colon()
        elif kind == "both":
            self._both(text)
        elif kind in ("years", "remark", "other", "label"):
            if kind == "other" and not text.strip():
                return 1
            self._remark(text.strip() if kind != "label" else "")
        return 1

    def _parts_here(self, kind, text):
        return kind == "slash" and len(text) == 3 and self.has_tight_slash

    def _word(self, raw, index):
        """Read a word of Latin, Greek or Cyrillic letters and digits."""
        word = raw.strip("#!?.*@^_-")
        if not word:
            if "?" in raw:
                self._end_run()
                self._doubt_last("doubt")
            elif self._run_empty() or raw.strip("-"):
                self._put_remark(raw.strip("#.-_"))
            return 1
        taken = 1
        if any(char.isdigit() for char in word):
            self._number_word(word, raw)
        else:
            taken = self._letters(word, index)
        if raw.rstrip("!.").endswith("?"):
            self._end_run()
            self._doubt_last("doubt")
        return taken

    def _number_word(self, word, raw):
        if len(word) > 2 * LONGEST_KEY:
            self._run_words.append(word)
            return
        times = _TIMES.fullmatch(word)
        before = self._run_key()[-60:] if times and not self._run_empty() else ""
        if times and can_stand(before + key_of(times[1])):
            self._run_words.append(times[1])
            self._remark(times[2])
        elif self._is_beside(word, raw):
            self._remark(raw)
        elif found := split_brand(word):
            self._owner(found[0])
            self._run_words.append(found[1])
        elif (match := _BRAND_BEHIND.fullmatch(word)) and (
            match[2].casefold() in words.LATIN_BRANDS
        ):
            self._run_words.append(match[1])
            self._owner(match[2])
        elif match := _SIDE_ENDING.fullmatch(word):
            self._run_words.append(match[1])
            self._side(match[2][0].upper(), "side", behind=True)
        else:
            self._run_words.append(word)
            if is_letter_range(word):
                self._end_run()
                self._doubt_last("range")
            elif _SIDE_ATTACHED.fullmatch(word) or _SIDE_LETTER.fullmatch(word):
                self._end_run()
                self._doubt_last("side")

    def _is_beside(self, word, raw):
        """Tell whether a word with digits stands beside a number: a size, a year."""
        if _PRICE.fullmatch(raw):
            return True
        seen = self._run_whole() or (
            self._run_empty() and len(self.numbers) > self.piece_start
        )
        return seen and bool(
            MEASURE.fullmatch(word)
            or ONE_YEAR.fullmatch(word)
            or re.fullmatch(r"x\d{1,2}|\*\d{1,3}", word)
        )

    def _letters(self, word, index):
        """Read a word of letters; return how many tokens it took."""
        low = word.casefold()
        brand, taken = self._find_brand(low, index)
        if brand:
            self._owner(brand)
            return taken
        if low in words.SIDES and self._takes_side(word):
            return self._side_word(word, index)
        if self._is_index(word):
            self._run_words.append(word)
        elif is_letter_range(word) and self._run_whole():
            self._run_words.append(word)
            self._end_run()
            self._doubt_last("range")
        elif low in words.LATIN_OTHERS:
            self._others(word)
        elif low in words.LATIN_JOINTS and len(low) > 1:
            self._end_piece()
        elif self._is_label(low):
            self._end_run()
        elif low in words.CORNERS and self._run_whole():
            self._side(words.CORNERS[low], "side", behind=True)
            self._remark_last(word)
        elif self._is_text(word, low) and not self._is_ending(word):
            self._text(word, low)
        else:
            self._run_words.append(word)
        return 1

    def _is_index(self, word):
        """Tell whether two capitals are the index of the number before them."""
        corner = word.casefold() in words.CORNERS and not self._vag_before()
        return (
            len(word) == 2
            and word.isupper()
            and word != "OR"
            and not corner
            and bool(self._run_words)
        )

    def _is_label(self, low):
        letters = "".join(filter(str.isalpha, low))
        if low in words.LATIN_LABELS or letters in words.LATIN_LABELS:
            return self._run_empty() or self._run_whole()
        return False

    def _find_brand(self, low, index):
        """Return a brand of up to three words as written, and its tokens."""
        written, names, position = self.tokens[index][1], [low], index
        best = (written, 1) if low in words.LATIN_BRANDS else ("", 1)
        for _more in range(2):
            position += 2
            if position >= len(self.tokens):
                break
            between, following = self.tokens[position - 1], self.tokens[position]
            if between[0] not in ("space", "plus") or following[0] != "word":
                break
            names.append(following[1].casefold())
            written += between[1] + following[1]
            if " ".join(names) in words.LATIN_BRANDS:
                best = (written, position - index + 1)
        return best

    def _is_text(self, word, low):
        """Tell whether letters are a word of a sentence, not of a number."""
        if low in words.SHORT_WORDS or len(word) > 4:
            return True
        return len(word) > 2 and not word.isupper() and self._run_empty()

    def _is_ending(self, word):
        """Tell whether two capitals behind a slash are another index of the number
        before it: 1K0 615 301 AA/AB.
        """
        if len(word) != 2 or not word.isupper() or self._run_words:
            return False
        behind = self.joints and self.joints[-1][0] == "slash"
        before = next(filter(None, reversed(self.fields)), ())
        return bool(behind and get_tail(" ".join(before[-8:]), word))

    def _text(self, word, low):
        self._end_run()
        self.text_words += 1
        self._put_remark(word)
        if low in _DOUBT_WORDS:
            self.pending["reason"] = "text"
        elif low in words.LATIN_REPLACES:
            self.pending["reason"] = "replaced"

    def _finish(self):
        """Return the numbers, with what was left over put where it belongs."""
        self._give_both_sides(0)
        found = [number for number in self.numbers if number.number]
        if self.text_words and all(n.reason == "short" for n in found):
            self.numbers = [n for n in self.numbers if n.reason == "too_long"]
            found = []
        if not found:
            return self.numbers or [self._explain()]
        if self.pending["remarks"] or self.pending["owner"]:
            leftover = [self.pending["owner"], *self.pending["remarks"]]
            self._remark_last("; ".join(filter(None, leftover)))
        self._doubt_wrapped()
        if self.text_words >= _SENTENCE:
            return [doubted(number, "text") for number in self.numbers]
        return self.numbers

    def _doubt_wrapped(self):
        """Doubt what may be the rest of a number that was broken into two lines."""
        for index, first in enumerate(self.numbers[:-1]):
            second = self.numbers[index + 1]
            both = f"{first.number} {second.number}"
            if first.reason == "short" and len(match_spaced(both[:100])) == 1:
                self.numbers[index + 1] = doubted(second, "one_space")

    def _explain(self):
        """Return what a cell without a number says."""
        low = self.text[:2000].casefold()
        owner = self.pending["owner"] or self.sticky_owner
        if any(phrase in low for phrase in words.PENDING):
            reason = "pending"
        elif any(phrase in low for phrase in words.NONE_PHRASES) or any(
            word in words.NONE for word in re.split(r"[\s:：,;]+", low)
        ):
            reason = "none"
        else:
            reason = "text"
        said = no_number(self.text, reason, certain=reason != "text")
        return said._replace(owner=owner)
