"""The run of words that may be one number or several, and what was found so far."""

from .number_shape import doubt_number, get_tail, join_fields, split_dash, split_spaced
from .number_verdict import (
    CellNumber,
    can_stand,
    count_digits,
    doubted,
    judge_figure,
    key_of,
    no_number,
    shorten,
)
from .part_number import LONGEST_KEY, SHORTEST_LOOKUP

# So many slashes and the like belong to one number, at the most
MOST_JOINTS = 4


class Run:
    """Words of a number being read: *fields* of words, joined by what may part numbers
    or belong to one; and the numbers found, to which what stands beside them is given.
    """

    @property
    def _run_words(self):
        return self.fields[-1]

    def _run_key(self):
        return key_of(
            " ".join(word for field in self.fields[-3:] for word in field[-8:])
        )

    def _run_empty(self):
        return not self.fields[0]

    def _run_whole(self):
        return not self._run_empty() and can_stand(self._run_key()[-60:])

    def _joint(self, kind, text):
        if not self.fields[-1]:
            # What stands before it is no number: it parts, or says nothing
            return
        self.fields.append([])
        self.joints.append((kind, text))

    def _end_run(self):
        """Turn the words collected into numbers."""
        fields, joints = self.fields, self.joints
        self.fields, self.joints = [[]], []
        if not fields[-1] and joints:
            fields.pop()
            joints.pop()
        if fields[0]:
            for number, reason, remark in self._read_fields(fields, joints):
                self._emit(number, reason, remark)

    def _end_piece(self):
        self._end_run()
        self._give_owners()
        if len(self.numbers) - self.piece_start == 2:
            self._give_both_sides(self.piece_start)
        self.piece_start = len(self.numbers)

    def _read_fields(self, fields, joints):
        """Yield text, reason and remark of the numbers of a run."""
        words_, doubt, joined = fields[0], "", 0
        for (kind, text), field in zip(joints, fields[1:], strict=True):
            decision, reason = self._decide(kind, text, words_ or [self.base], field)
            text = text.strip()
            joined = joined + 1 if decision == "belongs" else 0
            if decision == "belongs" and joined <= MOST_JOINTS:
                words_, doubt = join_fields(words_ or [self.base], text, field), reason
                continue
            if words_:
                ours = "" if decision == "tail" and reason != "range" else reason
                yield from self._split(words_, doubt or ours)
            words_, doubt = [], ""
            if decision == "tail":
                short = " ".join(field)
                yield get_tail(self.base, short), reason, text + short
            else:
                words_, doubt = field, reason
        if words_:
            yield from self._split(words_, doubt)

    def _decide(self, kind, text, left, right):
        """Return what a joint between two fields means, and the reason to look.

        :return: "list", "tail" or "belongs", and a reason or an empty string
        """
        left_text, right_text = " ".join(left[-8:]), " ".join(right[:8])
        left_key, right_key = key_of(left_text), key_of(right_text)
        if len(left_key) > LONGEST_KEY or len(left) > 40:
            return "list", "slash"
        if can_stand(left_key) and can_stand(right_key):
            return "list", self._doubt_list(kind, left_key, right_key)
        if kind in ("slash", "comma", "range") and len(right) == 1:
            full = left_text if len(left) <= 8 else left[-1]
            self.base = full if can_stand(left_key) else self.base
            if full == self.base and get_tail(full, right_text):
                return "tail", "range" if kind == "range" else "tail"
        if kind == "slash" and len(text) == 3 and len(right_key) >= SHORTEST_LOOKUP:
            return "list", "slash"
        return "belongs", self._doubt_belongs(kind, left_key, right_key)

    def _doubt_list(self, kind, left, right):
        if kind == "range":
            alike = len(left) == len(right) and left[:3] == right[:3]
            return "range" if alike else ""
        if kind in ("slash", "plus") and max(len(left), len(right)) < 8:
            return "slash"
        return ""

    def _doubt_belongs(self, kind, left, right):
        if kind == "wide" or (kind == "range" and not self.has_tilde):
            return ""
        if kind == "slash":
            return "" if len(left) <= 7 and len(right) <= 4 else "slash"
        return {"comma": "thousands", "range": "range"}.get(kind, "slash")

    def _split(self, words_, reason):
        numbers, doubt = split_spaced(words_)
        if len(numbers) == 1:
            halves = split_dash(numbers[0])
            if halves:
                numbers, doubt = halves, "range"
        for number in numbers:
            if can_stand(key_of(number[:300])):
                self.base = number
            yield number, reason or doubt, ""

    def _emit(self, number, reason, remark):
        key = key_of(number)
        if len(key) > LONGEST_KEY or len(number) > 4 * LONGEST_KEY:
            self._add(no_number(number, "too_long"))
            return
        if not count_digits(key):
            self._add_letters(number)
            return
        if len(key) < SHORTEST_LOOKUP and self.numbers:
            self._remark_last(number)
            return
        judged = judge_figure(number) if reason != "tail" else None
        if judged:
            number, reason = judged.number, judged.reason
            remark = judged.remark
        reason = reason or self.pending["reason"] or doubt_number(key)
        owner = self.pending["owner"] or self.sticky_owner
        remarks = [*self.pending["remarks"], remark]
        self._add(
            CellNumber(
                " ".join(number.split()),
                side=self.pending["side"],
                remark=shorten("; ".join(filter(None, remarks))),
                owner=owner,
                certain=not reason,
                reason=reason,
            )
        )
        self.pending = {"side": "", "owner": "", "remarks": [], "reason": ""}

    def _add(self, number):
        self.numbers.append(number)

    def _add_letters(self, text):
        """Keep letters that stood for a number: its other ending, or a word."""
        tail = get_tail(self.base, text) if self.piece_start else ""
        if tail and len(self.numbers) == self.piece_start:
            self._add(CellNumber(tail, remark=text, certain=False, reason="tail"))
        else:
            self.text_words += 1
            self._put_remark(text)

    def _put_remark(self, text):
        """Keep a remark with the number before it, else with the one that follows."""
        if len(self.numbers) > self.piece_start:
            self._remark_last(text)
        elif text:
            self.pending["remarks"].append(text)

    def _remark_last(self, text):
        last = self.numbers[-1]
        if text and len(last.remark) < 500:
            remark = f"{last.remark}; {text}" if last.remark else text
            self.numbers[-1] = last._replace(remark=shorten(remark))

    def _remark(self, text):
        self._end_run()
        self._put_remark(text)

    def _doubt_last(self, reason):
        if len(self.numbers) > self.piece_start:
            self.numbers[-1] = doubted(self.numbers[-1], reason)
        else:
            self.pending["reason"] = self.pending["reason"] or reason

    def _give_owners(self):
        """Give brands that stand between and behind numbers to one of these."""
        marks, self.owners_behind = self.owners_behind, []
        if not marks:
            return
        behind = marks[-1][0] == len(self.numbers)
        for count, brand in marks:
            index = count - 1 if behind else count
            number = self.numbers[index]
            if number.owner and number.owner != brand:
                continue
            number = number._replace(owner=brand)
            between = not behind or len(self.numbers) - self.piece_start > len(marks)
            self.numbers[index] = doubted(number, "owner") if between else number

    def _give_both_sides(self, start):
        """Give "L/R" to two numbers; at the cell's end, else keep it as a remark."""
        if not self.both:
            return
        if len(self.numbers) - start == 2 and not any(
            number.side or not number.number for number in self.numbers[start:]
        ):
            for index, side in enumerate(self.both, start):
                self.numbers[index] = self.numbers[index]._replace(side=side)
        elif start:
            return
        elif self.numbers:
            self._remark_last("/".join(self.both))
        else:
            self.pending["remarks"].append("/".join(self.both))
        self.both = ""
