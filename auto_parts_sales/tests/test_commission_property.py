from fractions import Fraction
from math import fsum
from types import SimpleNamespace

from odoo.tests import TransactionCase, tagged

from ..models.parts_commission_booking import NOTHING, Sums
from ..models.parts_commission_due import Due

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

if given:
    CENTS = st.integers(min_value=1, max_value=5_000_000)
    EVENTS = st.lists(
        st.tuples(
            st.sampled_from(["pay", "pay", "undo", "change", "redate", "transfer"]),
            st.integers(min_value=0, max_value=10_000),
        ),
        min_size=1,
        max_size=20,
    )


def half_up(cents):
    """Round a Fraction of cents, half away from zero."""
    sign = -1 if cents < 0 else 1
    return sign * int(abs(cents) + Fraction(1, 2))


@tagged("post_install", "-at_install")
class TestCommissionProperty(TransactionCase):
    """COM-1 to the cent, over thousands of histories, against the definition.

    The oracle knows the money that lies on the invoice now, and on which day it came,
    in exact arithmetic: what is booked is round(promise × collected / total), and
    what one person hands over to another is that figure on the day before.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booking = cls.env["parts.commission.booking"]
        cls.currency = cls.env.ref("base.USD")

    if given:

        @settings(
            max_examples=3000,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(base=CENTS, rate=st.integers(1, 10_000), more=CENTS, events=EVENTS)
        def test_any_history(self, base, rate, more, events):
            promise = half_up(Fraction(base * rate, 10_000))
            History(self, base, promise, base + more).play(events)


class History:
    """One invoice with one line, and the people who earn on it one after another."""

    def __init__(self, test, base, promise, total):
        self.test = test
        self.total = total
        self.promise = promise
        self.basis = SimpleNamespace(
            currency_id=test.currency,
            base=base / 100,
            amount=promise / 100,
            rounding=test.currency.rounding,
            terms={},
        )
        self.base = base
        self.money = {}  # {number: [day, cents]}
        self.starts = [0]  # from which day on each person earns
        self.booked = [{}]

    def play(self, events):
        for number, (event, size) in enumerate(events, start=1):
            getattr(self, f"_{event}")(number, size)
            self._book()
            self._compare()
        self._pay_the_rest(len(events) + 1)
        self._book()
        self._compare()
        booked = sum(self._get_booked(person) for person in range(len(self.starts)))
        self.test.assertEqual(booked, self.promise)
        self.test.assertFalse(self._book(), "run twice, it adds nothing")

    # === WHAT PEOPLE DO === #

    def _pay(self, number, size):
        left = self.total - sum(cents for _day, cents in self.money.values())
        if left:
            self.money[number] = [number, max(left * size // 10_000, 1)]

    def _pay_the_rest(self, number):
        left = self.total - sum(cents for _day, cents in self.money.values())
        if left:
            self.money[number] = [number, left]

    def _pick(self, size):
        return sorted(self.money)[size % len(self.money)]

    def _undo(self, _number, size):
        if self.money:
            del self.money[self._pick(size)]

    def _change(self, _number, size):
        if self.money:
            row = self.money[self._pick(size)]
            row[1] = max(row[1] * size // 10_000, 1)

    def _redate(self, number, size):
        if self.money:
            self.money[self._pick(size)][0] = number

    def _transfer(self, number, _size):
        self.starts.append(number)
        self.booked.append({})

    # === WHAT THE ENGINE BOOKS === #

    def _book(self):
        steps = []
        for person, start in enumerate(self.starts):
            ends = [*self.starts[person + 1 :][:1], None]
            weights, before = {}, 0.0
            for number, (day, cents) in self.money.items():
                weight = cents / self.total
                if day < start:
                    before += weight
                elif ends[0] is None or day < ends[0]:
                    weights[number, day] = (number, weight)
            booked = self.booked[person]
            for step in self._get_steps(weights, booked, before):
                old = booked.get(step.key, NOTHING)
                booked[step.key] = old._replace(
                    collected_currency=old.collected_currency + step.collected,
                    amount_currency=old.amount_currency + step.amount,
                )
                steps.append(step)
        return steps

    def _get_steps(self, weights, booked, before):
        """Return the engine's steps; the short way leads where the long one does."""
        booking, basis = self.test.booking, self.basis
        total = fsum(weight for _item, weight in weights.values())
        keys = sorted(weights, key=lambda key: (key[1], key[0]))
        numbered = {key: weights[key][1] for key in keys}
        due = Due(weights, keys, numbered, total, before, late=False)
        steps = booking._get_steps(basis, due, booked)
        plain = booking._get_plain_steps(basis, due, self._sum_up(booked))
        if plain is not None:
            self.test.assertEqual(plain, steps)
        return steps

    def _sum_up(self, booked):
        """Return what the ledger's query tells of a promise."""
        if not booked:
            return None
        collected = [sums.collected_currency for sums in booked.values()]
        return Sums(
            sum(collected),
            sum(sums.amount_currency for sums in booked.values()),
            False,
            list(booked),
            collected,
        )

    # === THE DEFINITION === #

    def _compare(self):
        for person, start in enumerate(self.starts):
            end = [*self.starts[person + 1 :], None][0]
            before = self._get_collected(start)
            until = self._get_collected(end)
            due = self._get_due(until) - self._get_due(before)
            self.test.assertEqual(self._get_booked(person), due)

    def _get_collected(self, day):
        """Return the cents that came in before a day; None: all."""
        return sum(
            cents for when, cents in self.money.values() if day is None or when < day
        )

    def _get_due(self, cents):
        return half_up(Fraction(self.promise * cents, self.total))

    def _get_booked(self, person):
        rows = self.booked[person].values()
        return round(sum(row.amount_currency for row in rows) * 100)
