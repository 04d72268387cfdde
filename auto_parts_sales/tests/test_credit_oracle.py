import logging
import os
import random
from collections import Counter
from contextlib import contextmanager

from odoo.tests import tagged
from odoo.tools import mute_logger

from .credit_lives import CreditLives, Life
from .credit_oracle import exposures

_logger = logging.getLogger(__name__)

# PARTS_CREDIT_HISTORIES=300 takes about as many, each time others; with
# PARTS_CREDIT_SEED those from that seed on
HISTORIES = int(os.environ.get("PARTS_CREDIT_HISTORIES", "30"))
SAME = "PARTS_CREDIT_HISTORIES" not in os.environ
# So many histories begin like one other: they go on from its end, each in its own way
BRANCHES = int(os.environ.get("PARTS_CREDIT_BRANCHES", "2"))
LIVES = max(HISTORIES // (1 + BRANCHES), 1)
# At most so many acts each, so many in a branch
STEPS, BRANCH_STEPS = 25, 10
# So many customers live side by side
SIDE_BY_SIDE = 60


@tagged("post_install", "-at_install")
class TestCreditOracle(CreditLives):
    # CRD-3: random histories, the exposure beside a slow oracle after every act

    def setUp(self):
        super().setUp()
        self.differences, self.acts, self.histories = [], Counter(), 0

    def test_what_differs_is_told(self):
        # counter-case: orders that are forgotten, from the first act on
        engine = type(self.exposure)
        summed = engine._summed
        self.patch(engine, "_summed", lambda *args: {**summed(*args), "orders": 0.0})
        lives = [Life(7, STEPS, self._new_customer("Customer 7"))]
        self._go_through(lives)
        self.assertFalse(lives)
        [text] = self.differences
        self.assertRegex(text, r"PARTS_CREDIT_SEED=7 .*'orders': 0.0.*\('order', ")

    @mute_logger("odoo.models.unlink")
    def test_random_histories(self):
        first = os.environ.get("PARTS_CREDIT_SEED")
        if first is None:
            first = 1 if SAME else random.SystemRandom().randrange(10**9)
        seeds = range(int(first), int(first) + LIVES)
        _logger.info("histories from seed %s on", seeds[0])
        for start in range(0, LIVES, SIDE_BY_SIDE):
            lives = [
                Life(seed, STEPS, self._new_customer(f"Customer {seed}"))
                for seed in seeds[start : start + SIDE_BY_SIDE]
            ]
            self._go_through(lives)
            for number in range(BRANCHES):
                branches = [life.branch(number, BRANCH_STEPS) for life in lives]
                with self._undone():
                    self._go_through(branches)
            self.env.invalidate_all()
            _logger.info(
                "%s histories, %s acts: %s",
                self.histories,
                self.acts.total(),
                dict(self.acts),
            )
        self.assertFalse(self.differences, "\n".join(self.differences))

    @contextmanager
    def _undone(self):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        yield
        self.env.cr.clear()
        savepoint.close()
        self.env.invalidate_all()

    def _go_through(self, lives):
        """Compare after every act; who differs lives no more."""
        self.histories += len(lives)
        born = list(lives)
        for plans in self._live(lives):
            self.acts[plans[0].step[0]] += len(plans)
            for life, text in self._compare([plan.life for plan in plans]):
                lives.remove(life)
                self.differences.append(text)
        self.differences += [text for _life, text in self._compare(lives, each=True)]
        self.differences += self._compare_together(born)

    def _compare(self, lives, each=False):
        """Return pairs (life, text) of those whose figures are not the oracle's.

        The figures of many are asked for together, as the nightly run does, those of
        one of them (with ``each``: of all) alone, as confirming does.
        """
        if not lives:
            return []
        expected = exposures(self.env, self.company, self._customers(lives))
        positions = self.exposure._positions(
            self.company, [(life.customer, None) for life in lives]
        )
        found = []
        for number, (life, position) in enumerate(zip(lives, positions, strict=True)):
            right = expected[life.customer]
            right = {**right, "exposure": round(sum(right.values()), 2)}
            asked = [position[0]]
            if each or number == len(life.done) % len(lives):
                asked.append(self._figures(life.customer))
            for figures in asked:
                figures = {part: figures[part] for part in right}
                if figures != right:
                    found.append((life, self._told(life, figures, right)))
                    break
        return found

    def _told(self, life, figures, right):
        return (
            f"PARTS_CREDIT_SEED={life.seed} PARTS_CREDIT_HISTORIES=1: found {figures},"
            f" expected {right} after {life.done}"
        )

    def _compare_together(self, lives):
        """Customers who count together owe what they owe one by one."""
        customers = self._customers(lives)
        expected = exposures(self.env, self.company, customers)
        total = round(sum(sum(parts.values()) for parts in expected.values()), 2)
        found = self._figures(customers)["exposure"]
        return [] if found == total else [f"together {found}, one by one {total}"]

    def _customers(self, lives):
        return self.env["res.partner"].union(*(life.customer for life in lives))
