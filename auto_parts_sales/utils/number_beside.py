"""What stands beside numbers: sides, brands, brackets, words of other scripts."""

import re

from . import number_words as words
from .number_run import Run
from .number_token import _DOUBT_CHINESE, _SPACED_TEXT, _VAG_WORDS, find_chinese_brand
from .number_verdict import (
    MEASURE,
    WHOLE_DIGITS,
    YEARS,
    CellNumber,
    count_digits,
    doubted,
    judge,
    key_of,
)

_WORDS = re.compile(r"[0-9A-Za-z][0-9A-Za-z.*-]{6,}")


def _names_number(content):
    """Tell whether words in brackets name a number among others: 原30005678."""
    if YEARS.search(content):
        return False
    found = _WORDS.findall(content)
    return any(
        len(key_of(word)) >= 7
        and count_digits(word) >= WHOLE_DIGITS
        and not MEASURE.fullmatch(word)
        for word in found
    )


class Beside(Run):
    """Gives sides, brands and remarks to the number that they belong to."""

    def _takes_side(self, word):
        if len(word) > 1:
            return self._run_empty() or self._run_whole()
        if not word.isupper():
            return False
        if self.joints and not self._run_words:
            return False  # 8330A123L/R: the other ending
        return self._run_empty() or self._run_whole()

    def _side_word(self, word, index):
        side = words.SIDES[word.casefold()]
        reason = ""
        if len(word) == 1 and not self._run_empty():
            if self._vag_before():
                reason = "side"
                if not self.has_both_letters:
                    # The index letter of a Volkswagen number, more likely
                    self._run_words.append(word)
                    self._end_run()
                    self._doubt_last("side")
                    return 1
        elif len(word) == 1 and not self.has_both_letters:
            following = [kind for kind, _text in self.tokens[index + 1 : index + 3]]
            reason = "" if "colon" in following else "side"
        self._side(side, reason)
        return 1

    def _side(self, side, reason="", behind=False):
        """Note a side, of the number before it or of the next one."""
        if self.sides_first is None:
            self.sides_first = self._run_empty() and not self.numbers and not behind
        self._end_run()
        if self.sides_first and not behind:
            self.pending["side"] = side
            self.pending["reason"] = self.pending["reason"] or reason
        elif self.numbers:
            last = self.numbers[-1]
            if last.side and last.side != side:
                self.numbers[-1] = last._replace(side="")
                self._remark_last("L/R")
            else:
                self.numbers[-1] = last._replace(side=side)
            if reason:
                self.numbers[-1] = doubted(self.numbers[-1], reason)
        else:
            self._put_remark(side)

    def _both(self, text):
        self._end_run()
        order = "".join("L" if c in "lL左" else "R" for c in text if c in "lLrR左右")
        self.both = order if order in ("LR", "RL") else ""
        if not self.both:
            self._put_remark(text)

    def _vag_before(self):
        return bool(_VAG_WORDS.fullmatch(" ".join(self._run_words[-3:])[:40]))

    def _owner(self, brand):
        if self.joints and not self.fields[-1]:
            self._end_piece()  # 06A905115D / BOSCH 0221504100
        if self.brands_first is None:
            self.brands_first = self._run_empty() and not self.numbers
        self._end_run()
        if not self.brands_first and len(self.numbers) > self.piece_start:
            self.owners_behind.append((len(self.numbers), brand))
        elif self.pending["owner"]:
            self.pending["remarks"].append(brand)
        else:
            self.pending["owner"] = brand

    def _colon(self):
        behind = self._run_empty() and self.owners_behind
        if self._run_empty() and self.pending["owner"]:
            self.sticky_owner = self.pending["owner"]
            self.pending["owner"] = ""
        elif behind and self.owners_behind[-1][0] == len(self.numbers):
            self.sticky_owner = self.owners_behind.pop()[1]
        else:
            self._end_run()

    def _foreign(self, text):
        if text in words.CHINESE_RANGES and self._run_whole():
            self._joint("range", "~")
        elif text in words.CHINESE_JOINTS:
            self._end_piece()
        elif text in words.CHINESE_OTHERS:
            self._others(text)
        else:
            self._foreign_words(text[:300])

    def _foreign_words(self, text):
        rest = text
        for label in words.CHINESE_LABELS:
            rest = rest.replace(label, "") if label in rest else rest
        if any(doubt in rest for doubt in _DOUBT_CHINESE):
            self._end_run()
            self.pending["reason"] = "text"
        if any(word in rest for word in words.CHINESE_REPLACES):
            self._end_run()
            self.pending["reason"] = "replaced"
        left, right = "左" in rest, "右" in rest
        if left and right:
            self._end_run()
            self.both = "LR" if rest.index("左") < rest.index("右") else "RL"
            rest = rest if "通用" in rest or len(rest) > 2 else ""
        elif left or right:
            self._side("L" if left else "R")
            rest = rest if len(rest.strip("边侧")) > 1 else ""
        brand = "" if "左" in rest else find_chinese_brand(rest)
        if brand:
            self._owner(brand)
            rest = rest.replace(brand, "", 1)
        for others in ("等", "及其他", "他"):
            if rest.endswith(others) and self.numbers and not self._run_whole():
                self._others(others)
                rest = rest.removesuffix(others)
        self._remark(rest)

    def _others(self, word):
        self._end_run()
        self._put_remark(word)
        if self.numbers and self.numbers[-1].certain:
            self.numbers[-1] = self.numbers[-1]._replace(reason="others")

    def _bracket(self, index, close):
        content = "".join(text for _kind, text in self.tokens[index + 1 : close][:400])
        content = " ".join(content.split())
        low = content.casefold()
        if not content:
            return
        if low.strip(". ") in words.SIDES:
            self._side(words.SIDES[low.strip(". ")])
        elif content.strip("边侧") in ("左", "右"):
            self._side("L" if "左" in content else "R")
        elif low.replace(" ", "") in words.BOTH_SIDES:
            self._both(content)
        elif low in words.LATIN_BRANDS or content in words.CHINESE_BRANDS:
            self._owner(content)
        elif low in words.LATIN_OTHERS or content in words.CHINESE_OTHERS:
            self._others(content)
        elif numbers := self._get_bracketed_numbers(content):
            self._end_run()
            for number in numbers:
                self._add(CellNumber(number, certain=False, reason="bracketed"))
        else:
            self._bracket_remark(content, index, close)

    def _bracket_remark(self, content, index, close):
        inside = self._touches(index - 1) and self._touches(close + 1)
        short = len(content) <= 2 and content.isalnum() and content.isascii()
        whole = self._run_whole()
        if not self._run_empty() and not whole and self._goes_on(close + 1):
            # 5G0 (new) 906 259: the number goes on behind the bracket
            self.pending["remarks"].append(content)
            self.pending["reason"] = self.pending["reason"] or "bracketed"
            return
        self._end_run()
        side = "L" if "左" in content else "R" if "右" in content else ""
        if side and not ("左" in content and "右" in content):
            self._side(side, behind=bool(self.numbers))
        self._put_remark(content)
        unclosed = self.tokens[close : close + 1] or [("newline", "")]
        lost = unclosed[0][0] == "newline" and count_digits(content) >= WHOLE_DIGITS
        if (
            inside
            or lost
            or _names_number(content)
            or (short and self._touches(index - 1))
        ):
            self._doubt_last("bracketed")

    def _goes_on(self, index):
        following = [kind for kind, _text in self.tokens[index : index + 2]]
        return following[:1] == ["word"] or following == ["space", "word"]

    def _touches(self, index):
        return 0 <= index < len(self.tokens) and self.tokens[index][0] == "word"

    def _get_bracketed_numbers(self, content):
        """Return the numbers that a bracket holds, if it holds nothing else."""
        parts = [part.strip() for part in re.split("[,;/、]", content)]
        return parts if all(map(self._is_bracketed_number, parts)) else []

    def _is_bracketed_number(self, content):
        if not _SPACED_TEXT.fullmatch(content) or judge(content):
            return False
        if YEARS.search(content) or self._run_empty() and not self.numbers:
            return False
        key = key_of(content)
        long_words = any(len(w) > 4 and w.isalpha() for w in content.split())
        return len(key) >= 7 and count_digits(key) >= 5 and not long_words
