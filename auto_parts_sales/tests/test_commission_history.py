from fractions import Fraction

from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

if given:
    CENTS = st.integers(min_value=1, max_value=9_999)
    LINES = st.lists(st.tuples(CENTS, st.sampled_from([0, 1])), min_size=1, max_size=3)
    ACTIONS = st.lists(
        st.tuples(
            st.sampled_from(
                ["pay", "pay", "pay", "undo", "reject", "draft", "repost", "reinvoice"]
            ),
            st.integers(min_value=1, max_value=100),
        ),
        min_size=1,
        max_size=7,
    )


def half_up(cents):
    """Round a Fraction of cents, half away from zero."""
    sign = -1 if cents < 0 else 1
    return sign * int(abs(cents) + Fraction(1, 2))


@tagged("post_install", "-at_install")
class TestCommissionHistory(CommissionCommon):
    """COM-1 for any history, against an oracle that knows the definitions alone.

    The oracle keeps the money that lies on the invoice now, in cents, and nothing
    of how it came to lie there; its arithmetic is exact.
    """

    RATES = (Fraction("7.25"), Fraction("3.3"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids.unlink()
        cls.plan.rule_ids = [
            Command.create({"sequence": 1, "product_id": cls.filter.id, "rate": 3.3}),
            Command.create({"sequence": 2, "rate": 7.25}),
        ]

    if given:

        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(lines=LINES, actions=ACTIONS)
        def test_any_history_ends_at_the_definition(self, lines, actions):
            with self.env.cr.savepoint() as savepoint:
                self._play(lines, actions)
                savepoint.rollback()
                self.env.invalidate_all()

    def _play(self, lines, actions):
        products = (self.brake, self.filter)
        invoice = self._new_invoice(
            [(products[index], cents / 100) for cents, index in lines]
        )
        total = sum(cents for cents, _index in lines)
        payments = []  # [payment, cents, state] with state in on, off
        for action, number in actions:
            self._act(invoice, payments, action, number, total)
            paid = sum(cents for _payment, cents, state in payments if state == "on")
            self._compare(invoice, lines, total, paid)
        open_cents = round(invoice.amount_residual * 100)
        if open_cents:
            self._pay(invoice, open_cents / 100)
            paid += open_cents
        self._compare(invoice, lines, total, paid)
        self.assertIdle(invoice)

    def _act(self, invoice, payments, action, number, total):
        if action == "pay":
            open_cents = round(invoice.amount_residual * 100)
            cents = max(open_cents * number // 100, 1)
            if open_cents:
                payments.append([self._pay(invoice, cents / 100), cents, "on"])
            return
        if action == "reinvoice":
            invoice.button_draft()
            self.assertEqual(self._earned(invoice), 0.0)
            invoice.action_post()
            return
        matched = [row for row in payments if row[0] and self._is_matched(row[0])]
        if not matched:
            return
        row = matched[number % len(matched)]
        if action == "undo":
            self._payment_partials(row[0]).unlink()
            row[2] = "off"
        elif action == "reject" and row[0].state != "draft":
            row[0].action_reject()
            row[2] = "off"
        elif action == "draft" and row[0].state != "draft":
            row[0].action_draft()
            row[2] = "off"
        elif action == "repost":
            if row[0].state != "draft":
                row[0].action_draft()
            row[0].action_post()
            row[2] = "on"

    def _payment_partials(self, payment):
        lines = payment.move_id.line_ids
        return lines.matched_debit_ids | lines.matched_credit_ids

    def _is_matched(self, payment):
        return bool(self._payment_partials(payment))

    def _compare(self, invoice, lines, total, paid):
        promised = self.Basis.search([("move_id", "=", invoice.id)], order="id")
        self.assertEqual(len(promised), len(lines))
        for basis, (cents, index) in zip(promised, lines, strict=True):
            promise = half_up(cents * self.RATES[index] / 100)
            due = half_up(Fraction(promise * paid, total))
            booked = round(sum(basis.entry_ids.mapped("amount_currency")) * 100)
            self.assertEqual(booked, due, (lines, paid))
            collected = round(sum(basis.entry_ids.mapped("collected")) * 100)
            self.assertEqual(collected, half_up(Fraction(cents * paid, total)))
