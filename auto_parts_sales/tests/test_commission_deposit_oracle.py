from fractions import Fraction

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import DepositCommon
from .commission_oracle import exact, half_up
from .test_commission_oracle import HISTORIES, RATES, SAME, TAXES

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

CENT = Fraction(1, 100)

if given:
    ORDERS = st.lists(
        st.tuples(st.integers(1, 99_999), st.sampled_from(sorted(RATES))),
        min_size=1,
        max_size=3,
    )
    DEPOSITS = st.lists(st.integers(5, 45), min_size=1, max_size=2)
    PARTS = st.lists(st.integers(1, 100), max_size=3)


@tagged("post_install", "-at_install")
class TestCommissionDepositOracle(DepositCommon):
    """COM-1: whatever the deposits, they and the final invoice earn the goods'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "product_id": cls.filter.id, "rate": 3.3}),
            Command.create({"sequence": 2, "rate": 7.25}),
        ]
        cls.products = {"brake": cls.brake, "filter": cls.filter}
        cls.taxes = {
            "none": cls.env["account.tax"],
            "excluded": cls.tax_sale_a,
            "included": cls.tax_sale_a.copy(
                {"name": "15 % included", "price_include_override": "tax_included"}
            ),
        }

    if given:

        @mute_logger("odoo.models.unlink")
        @settings(
            max_examples=max(HISTORIES // 4, 4),
            deadline=None,
            database=None,
            derandomize=SAME,
            phases=[Phase.explicit, Phase.generate],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(lines=ORDERS, tax=st.sampled_from(TAXES), deposits=DEPOSITS, parts=PARTS)
        def test_any_deposits(self, lines, tax, deposits, parts):
            with self.env.cr.savepoint() as savepoint:
                self._play(lines, tax, deposits, parts)
                savepoint.rollback()
                self.env.invalidate_all()

    def _play(self, lines, tax, deposits, parts):
        priced = [(self.products[name], cents / 100) for cents, name in lines]
        order = self._new_order(priced, taxes=self.taxes[tax])
        untaxed = [exact(line.price_subtotal) for line in order.order_line]
        rates = [RATES[name] / 100 for _cents, name in lines]
        whole = [x * rate for x, rate in zip(untaxed, rates, strict=True)]
        blended = sum(whole) / sum(untaxed) if sum(untaxed) else Fraction(0)
        invoices = self.env["account.move"]
        for percent in deposits:
            deposit = self._invoice(order, "percentage", amount=float(percent))
            base = -exact(sum(deposit.invoice_line_ids.mapped("amount_currency")))
            promised = self.Basis.search([("move_id", "=", deposit.id)])
            wanted = half_up(base * blended, CENT)
            off = abs(exact(sum(promised.mapped("amount"))) - wanted)
            # a deposit of several tax groups has a line for each, each rounded
            self.assertLessEqual(off, CENT * max(len(promised) - 1, 0))
            self._pay_in_parts(deposit, parts[:1])
            invoices |= deposit
        final = self._invoice(order, day="2026-04-01")
        invoices |= final
        self._pay_in_parts(final, parts)
        for invoice in invoices.filtered("amount_residual"):
            self._pay(invoice, invoice.amount_residual, date="2026-04-28")
        earned = exact(sum(self.Entry.search(
            [("move_id", "in", invoices.ids)]
        ).mapped("amount")))  # fmt: skip
        goods = sum(half_up(x, CENT) for x in whole)
        self.assertEqual(earned, goods, (lines, tax, deposits, parts))
        self.assertIdle(invoices)

    def _pay_in_parts(self, invoice, parts):
        for part in parts:
            amount = self.currency.round(invoice.amount_residual * part / 100)
            if amount > 0.0:
                self._pay(invoice, amount, date="2026-04-10")
