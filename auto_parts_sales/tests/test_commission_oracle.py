import os

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_oracle import day_of
from .commission_play import COST, RATES, TODAY, Play
from .test_commission_collected import CollectedCommon

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

HISTORIES = int(os.environ.get("PARTS_COMMISSION_HISTORIES", "12"))
# the same few each time; other ones where somebody asks for more
SAME = "PARTS_COMMISSION_HISTORIES" not in os.environ
TAXES = ("none", "excluded", "included")
# as often as people do it
ACTS = (
    *("pay",) * 6,
    *("pay_short",) * 2,
    "pay_at_home",
    "pay_early",
    "pay_withheld",
    *("pay_both",) * 2,
    *("see",) * 2,
    "unsee",
    "mature",
    *("unmatch",) * 2,
    *("rematch",) * 2,
    *("reject",) * 2,
    "draft",
    *("repost",) * 2,
    "redate",
    "cancel",
    *("credit",) * 2,
    "unmatch_note",
    "rematch_note",
    "pay_out",
    "draft_note",
    "reinvoice",
    "transfer",
)

if given:
    WORLD = st.fixed_dictionaries(
        {
            "currency": st.sampled_from(["company", "two", "none"]),
            "tax": st.sampled_from(TAXES),
            "terms": st.sampled_from(["once", "twice", "early"]),
            "split": st.booleans(),
            "factors": st.booleans(),
            "interest": st.booleans(),
            "discount": st.booleans(),
            "fees": st.booleans(),
            "withheld": st.booleans(),
            "cleared": st.sampled_from([False, False, True]),
            "measure": st.sampled_from(["amount", "margin"]),
            "rounded": st.booleans(),
            "second": st.sampled_from([0, 0, 4_321, 9_999]),
            "lines": st.lists(
                st.tuples(st.integers(1, 9_999), st.sampled_from(sorted(RATES))),
                min_size=1,
                max_size=3,
            ),
        }
    )
    STEPS = st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 99), st.integers(0, 99)),
        min_size=2,
        max_size=9,
    )


@tagged("post_install", "-at_install")
class TestCommissionOracle(CollectedCommon):
    """COM-1, COM-3: random histories on Odoo itself, judged by the definitions.

    PARTS_COMMISSION_HISTORIES says how many.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        days = [(str(day_of(number)), 0.5 + number / 37) for number in range(28)]
        cls.foreign = {
            "company": cls.currency,
            "two": cls.setup_other_currency("EUR", rates=days),
            "none": cls.setup_other_currency("JPY", rounding=1.0, rates=days),
        }
        cls.taxes = {
            "none": cls.env["account.tax"],
            "excluded": cls.tax_sale_a,
            "included": cls.tax_sale_a.copy(
                {"name": "15 % included", "price_include_override": "tax_included"}
            ),
        }
        cls.terms = {
            "once": cls._new_term([(100.0, 10)]),
            "twice": cls._new_term([(40.0, 2), (60.0, 15)]),
            "early": cls._new_term(
                [(100.0, 20)],
                early_discount=True,
                discount_percentage=2.0,
                discount_days=28,
                early_pay_discount_computation="included",
            ),
        }
        cls.fee = cls.company_data["default_account_expense"].copy({"code": "FEE2"})
        cls.lost = cls.company_data["default_account_expense"].copy({"code": "LOST"})
        cls.company.parts_bank_fee_account_ids = cls.fee
        cls.products = {"brake": cls.brake, "filter": cls.filter}
        cls.filter.standard_price = float(COST)
        cls.rounding = cls.env["account.cash.rounding"].create(
            {
                "name": "to 0.05",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "add_invoice_line",
                "profit_account_id": cls.company_data["default_account_revenue"].id,
                "loss_account_id": cls.lost.id,
            }
        )
        cls.team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": "Counter", "company_id": cls.company.id})
        )
        cls.pool = (
            cls.env["parts.commission.pool"]
            .sudo()
            .create(
                {
                    "name": "2026",
                    "company_id": cls.company.id,
                    "team_id": cls.team.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                }
            )
        )

    @classmethod
    def _new_term(cls, lines, **vals):
        return cls.env["account.payment.term"].create(
            {
                "name": "Term",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in lines
                ],
                **vals,
            }
        )

    if given:

        @mute_logger("odoo.models.unlink")
        @settings(
            max_examples=HISTORIES,
            deadline=None,
            database=None,
            derandomize=SAME,
            # a history takes a second: no looking for the shortest that fails
            phases=[Phase.explicit, Phase.generate],
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(world=WORLD, steps=STEPS)
        def test_any_history(self, world, steps):
            with self.env.cr.savepoint() as savepoint:
                Play(self, world).play(steps)
                savepoint.rollback()
                self.env.invalidate_all()
