import os
from datetime import timedelta
from fractions import Fraction

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCommon
from .commission_oracle import ZERO, Oracle, day_of, exact, half_up

try:
    from hypothesis import HealthCheck, Phase, given, note, settings
    from hypothesis import strategies as st
except ImportError:
    given = None

HISTORIES = int(os.environ.get("PARTS_COMMISSION_HISTORIES", "12"))
# the same few each time; other ones where somebody asks for more
SAME = "PARTS_COMMISSION_HISTORIES" not in os.environ
FACTORS = [(1, Fraction(9, 10)), (10, Fraction(1, 2)), (20, ZERO)]
INTEREST = Fraction(12)
TODAY = day_of(9)
RATES = {"brake": Fraction("7.25"), "filter": Fraction("3.3")}
TAXES = ("none", "excluded", "included")
# as often as people do it
ACTS = (
    *("pay",) * 6,
    *("pay_short",) * 2,
    "pay_at_home",
    "pay_early",
    "pay_withheld",
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


class NothingToDoError(Exception):
    """An act that needs a document of which there is none."""


@tagged("post_install", "-at_install")
class TestCommissionOracle(CommissionCommon):
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


class Play:
    """One invoice of a world, what people do with it, and the verdict."""

    def __init__(self, test, world):
        self.test = test
        self.env = test.env
        self.world = world
        self.currency = test.foreign[world["currency"]]
        self.unit = Fraction(str(self.currency.rounding))
        self.money = {}
        self.payments = self.env["account.payment"]
        self.notes = self.env["account.move"]
        self.owners = [(test.li, None)]
        self._set_up_plan()
        self.invoice = self._new_invoice()
        self.promised = self._get_promised(self.invoice)
        self.oracle = Oracle(
            self.env, self.unit, self.money, counts_discount=world["discount"]
        )

    def _set_up_plan(self):
        world, test = self.world, self.test
        test.plan.write(
            {
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"sequence": 1, "product_id": test.filter.id, "rate": 3.3}
                    ),
                    Command.create({"sequence": 2, "rate": 7.25}),
                ],
                "factor_ids": [
                    Command.create({"days_from": days, "factor": float(factor)})
                    for days, factor in FACTORS
                    if world["factors"]
                ],
                "interest_rate": float(INTEREST) if world["interest"] else 0.0,
                "split_ids": [
                    Command.create(
                        {"role": "developer", "user_id": test.wang.id, "share": 30.0}
                    )
                ]
                if world["split"]
                else [],
                "discount_policy": "yes" if world["discount"] else "no",
                "fee_policy": "yes" if world["fees"] else "no",
                "withheld_policy": "yes" if world["withheld"] else "no",
            }
        )

    def _new_invoice(self):
        world = self.world
        lines = [
            (self.test.products[name], self._price(n)) for n, name in world["lines"]
        ]
        return self.test._new_invoice(
            lines,
            date=str(day_of(4)),
            currency_id=self.currency.id,
            taxes=self.test.taxes[world["tax"]],
            invoice_payment_term_id=self.test.terms[world["terms"]].id,
        )

    def _price(self, number):
        return number / 100 if self.unit < 1 else float(number)

    def _get_promised(self, move):
        """Return {(line, role): promise} by the definition: base × rate × share."""
        shares = {"seller": Fraction(1)}
        if self.world["split"]:
            shares = {"seller": Fraction(7, 10), "developer": Fraction(3, 10)}
        promised = {}
        for line in move.invoice_line_ids:
            name = "brake" if line.product_id == self.test.brake else "filter"
            whole = -exact(line.amount_currency) * RATES[name] / 100
            for role, share in shares.items():
                promised[line.id, role] = half_up(whole * share, self.unit)
        return promised

    # === ACTS === #

    def play(self, steps):
        self._judge("posted")
        for act, first, second in steps:
            try:
                getattr(self, f"_{act}")(first, second)
            except NothingToDoError:
                continue
            self.env.flush_all()
            note((act, first, second))
            self._judge((act, first, second))
        self._pay_what_is_left()
        self._judge("paid")

    def _pick(self, records, number):
        if not records:
            raise NothingToDoError
        return records.sorted("id")[number % len(records)]

    def _register(self, amount, day, **vals):
        if self.invoice.state != "posted" or not self.invoice.amount_residual:
            raise NothingToDoError
        if self.invoice.payment_state not in ("not_paid", "partial"):
            raise NothingToDoError
        payment = self.test._pay(
            self.invoice,
            amount,
            date=str(day_of(day)),
            **{"currency_id": self.currency.id, **vals},
        )
        self.payments |= payment
        return payment

    def _note_money(self, payment, beside=ZERO, discount=ZERO, settles=None):
        money = exact(payment.amount)
        settles = settles or money
        self.money[payment.move_id.id] = (money, beside, discount, settles)

    def _part(self, number, amount):
        part = amount * (number + 1) / 100
        return max(self.currency.round(part), self.currency.rounding)

    def _pay(self, number, day):
        amount = self._part(number, self.invoice.amount_residual)
        self._note_money(self._register(amount, day))

    def _pay_at_home(self, number, day):
        """A foreign invoice, paid in company currency; maybe by too much."""
        home = self.test.currency
        if self.currency == home or self._may_be_early(day):
            raise NothingToDoError
        amount = 0.37 * (number + 1)
        self._note_money(self._register(amount, day, currency_id=home.id))

    def _pay_short(self, number, day):
        """Less than is open; the rest is a bank fee, or lost."""
        if self.world["terms"] == "twice":
            raise NothingToDoError
        residual = self.invoice.amount_residual
        amount = self._part(50 + number % 40, residual)
        if amount >= residual or (self._may_be_early(day)):
            raise NothingToDoError
        account = self.test.fee if number % 2 else self.test.lost
        payment = self._register(
            amount,
            day,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        rest = exact(residual) - exact(amount)
        counts = number % 2 and self.world["fees"]
        self._note_money(payment, rest if counts else ZERO, settles=exact(residual))

    def _may_be_early(self, day):
        """Odoo offers the discount for the first payment alone."""
        return self.world["terms"] == "early" and not self.test._partials(self.invoice)

    def _pay_early(self, _number, day):
        if not self._may_be_early(day):
            raise NothingToDoError
        total = exact(self.invoice.amount_total)
        payment = self._register(None, day)
        company = self.test.company
        loss = company.account_journal_early_pay_discount_loss_account_id
        items = payment.move_id.line_ids.filtered(lambda x: x.account_id == loss)
        discount = sum(exact(item.amount_currency) for item in items)
        self._note_money(payment, discount=discount, settles=total)

    def _pay_withheld(self, number, day):
        """A part of what is open is withheld as tax: an item of its payment."""
        if self.world["terms"] == "twice" or self._may_be_early(day):
            raise NothingToDoError
        residual = self.invoice.amount_residual
        amount = self._part(70 + number % 20, residual)
        if amount >= residual:
            raise NothingToDoError
        account = self.test.company_data["default_account_tax_sale"]
        payment = self._register(
            amount,
            day,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        tax = self.test.tax_sale_a.invoice_repartition_line_ids.filtered(
            lambda x: x.repartition_type == "tax"
        )
        rest = exact(residual) - exact(amount)
        counts = self.world["withheld"]
        self._note_money(payment, rest if counts else ZERO, settles=exact(residual))
        payment.action_draft()
        item = payment.move_id.line_ids.filtered(lambda x: x.account_id == account)
        item.tax_repartition_line_id = tax
        payment.action_post()

    def _get_partials(self, payment):
        items = payment.move_id.line_ids
        return items.matched_debit_ids | items.matched_credit_ids

    def _unmatch(self, number, _day):
        payments = self.payments.filtered(self._get_partials)
        self._get_partials(self._pick(payments, number)).unlink()

    def _rematch(self, number, _day):
        free = self.payments.filtered(
            lambda x: x.state in ("in_process", "paid")
            and x.payment_type == "inbound"
            and not all(self._get_claims(x.move_id).mapped("reconciled"))
        )
        payment = self._pick(free, number)
        self._match(payment.move_id, self.invoice)

    def _get_claims(self, move):
        return move.line_ids.filtered(
            lambda x: x.account_id.account_type == "asset_receivable"
        )

    def _match(self, *moves):
        if any(move.state != "posted" for move in moves):
            raise NothingToDoError
        items = self._get_claims(self.env["account.move"].union(*moves))
        items = items.filtered(lambda x: not x.reconciled)
        if len(items.move_id) < 2:
            raise NothingToDoError
        items.reconcile()

    def _reject(self, number, _day):
        payments = self.payments.filtered(lambda x: x.state == "in_process")
        self._pick(payments, number).action_reject()

    def _draft(self, number, _day):
        payments = self.payments.filtered(lambda x: x.state == "in_process")
        self._pick(payments, number).action_draft()

    def _repost(self, number, _day):
        payments = self.payments.filtered(lambda x: x.state in ("rejected", "draft"))
        payment = self._pick(payments, number)
        if payment.state == "rejected":
            payment.action_draft()
        payment.action_post()

    def _redate(self, number, day):
        payments = self.payments.filtered(lambda x: x.state == "in_process")
        payment = self._pick(payments, number)
        if self.currency != self.test.currency:
            raise NothingToDoError  # its balance in company currency changes with it
        payment.action_draft()
        payment.date = day_of(day)
        payment.action_post()

    def _cancel(self, number, _day):
        payments = self.payments.filtered(lambda x: x.state == "in_process")
        self._pick(payments, number).action_cancel()

    def _credit(self, number, day):
        if self.invoice.state != "posted" or len(self.notes) > 2:
            raise NothingToDoError
        line = self.invoice.invoice_line_ids[
            number % len(self.invoice.invoice_line_ids)
        ]
        price = self._part(number, line.price_unit)
        self.notes |= self.test._credit(
            self.invoice,
            [(line.product_id, price)],
            date=str(day_of(day)),
            taxes=self.test.taxes[self.world["tax"]],
            match=bool(number % 3),
        )

    def _unmatch_note(self, number, _day):
        notes = self.notes.filtered(self.test._partials)
        self.test._partials(self._pick(notes, number)).unlink()

    def _rematch_note(self, number, _day):
        self._match(self._pick(self.notes, number), self.invoice)

    def _pay_out(self, number, day):
        notes = self.notes.filtered(
            lambda x: x.state == "posted" and x.payment_state in ("not_paid", "partial")
        )
        note_ = self._pick(notes, number)
        payment = self.test._pay(
            note_,
            self._part(number, note_.amount_residual),
            date=str(day_of(day)),
            currency_id=self.currency.id,
        )
        self.payments |= payment
        self._note_money(payment)

    def _draft_note(self, number, _day):
        note_ = self._pick(self.notes, number)
        if note_.state == "posted":
            note_.button_draft()
        else:
            note_.action_post()

    def _reinvoice(self, _number, _day):
        self.invoice.button_draft()
        self._judge("draft")
        self.invoice.action_post()

    def _transfer(self, number, day):
        owner, start = self.owners[-1]
        when = max(day_of(day), TODAY, (start or TODAY) + timedelta(days=1))
        other = self.test.wang if owner == self.test.li else self.test.li
        if self.world["split"] or when.month > 3:
            raise NothingToDoError
        if self.invoice.state != "posted":
            raise NothingToDoError
        self.env["parts.commission.transfer"].sudo().create(
            {
                "user_from_id": owner.id,
                "user_to_id": other.id,
                "date": when,
                "reason": "Handed over",
                "move_ids": [Command.set(self.invoice.ids)],
            }
        )
        self.owners.append((other, when))

    def _pay_what_is_left(self):
        for note_ in self.notes.filtered(lambda x: x.state == "draft"):
            note_.action_post()
        try:
            self._note_money(self._register(self.invoice.amount_residual, 27))
        except NothingToDoError:
            return

    # === THE VERDICT === #

    def _judge(self, act):
        for move in self.invoice | self.notes:
            self._judge_document(move, act)
        self.test.assertIdle(self.invoice | self.notes)

    def _judge_document(self, move, act):
        shares = self.oracle.get_shares(move)
        bases = (
            self.test.Basis.with_context(active_test=False)
            .search([("move_id", "=", move.id)], order="id")
            .filtered(lambda x: x.active or not shares)
        )
        for basis in bases.filtered(lambda x: not x.source_id):
            self._judge_promise(basis, act)
        for basis in bases:
            number = 0
            chain = basis
            while chain.source_id:
                chain, number = chain.source_id, number + 1
            start = self.owners[number][1] if number else None
            heirs = bases.filtered(lambda x, basis=basis: x.source_id == basis)
            end = self.owners[number + 1][1] if heirs else None
            message = (act, self.world, basis.role, basis.user_id.login)
            booked = self._sum(basis, "amount_currency")
            due = self.oracle.get_booked(exact(basis.amount), shares, start, end)
            self.test.assertEqual(booked, due, message)
            collected = self.oracle.get_booked(exact(basis.base), shares, start, end)
            self.test.assertEqual(
                self._sum(basis, "collected_currency"), collected, message
            )
            self._judge_entries(basis, shares, start, end, message)

    def _judge_promise(self, basis, act):
        """The promise itself; a credit note's may be off by a cent, see below."""
        promised = self._get_promised(basis.move_id)
        wanted = promised[basis.move_line_id.id, basis.role]
        # a note takes back the invoice's rounded promise in proportion
        tolerance = self.unit if basis.move_id.move_type == "out_refund" else 0
        off = abs(exact(basis.amount) - wanted)
        self.test.assertLessEqual(off, tolerance, (act, self.world))

    def _sum(self, basis, name, kinds=("collection", "correction"), **keys):
        entries = basis.entry_ids.filtered(
            lambda x: x.kind in kinds
            and all(x[key] == value for key, value in keys.items())
        )
        return sum((exact(entry[name]) for entry in entries), ZERO)

    def _judge_entries(self, basis, shares, start, end, message):
        """Each day's money: its commission, its rate, and what lateness took."""
        keys = {(x.partial_ref, x.date) for x in basis.entry_ids}
        cents = self.unit * (len(keys) + 1)
        rates = ZERO
        for partial, day in keys:
            own = {
                due: share
                for (number, when, due), share in shares.items()
                if (number, when) == (partial, day)
                and (not start or when >= start)
                and (not end or when < end)
            }
            of_day = {"partial_ref": partial, "date": day}
            booked = self._sum(basis, "amount_currency", **of_day)
            wanted = exact(basis.amount) * sum(own.values())
            self.test.assertLessEqual(abs(booked - wanted), cents, message)
            rates += booked * self._get_rate(day)
            due = next(iter(own), None)
            self._judge_lateness(basis, of_day, due, message)
        in_company = self._sum(basis, "amount")
        # half a cent for each entry, and what a moved cent is worth
        tolerance = Fraction(1, 200) * len(basis.entry_ids) + cents * 4
        self.test.assertLessEqual(abs(in_company - rates), tolerance, message)
        if not shares:
            self.test.assertEqual(in_company, ZERO, message)

    def _get_rate(self, day):
        if self.currency == self.test.currency:
            return Fraction(1)
        return 1 / Fraction(0.5 + (day.day - 1) / 37)

    def _judge_lateness(self, basis, of_day, due, message):
        days = (of_day["date"] - due).days if due else 0
        factor = Fraction(1)
        if self.world["factors"]:
            factor = min((f for d, f in FACTORS if d <= days), default=factor)
        interest = INTEREST if self.world["interest"] and days > 0 else ZERO
        part = Fraction(round(basis.share), 100)
        for name, money, unit in (
            ("amount_currency", "collected_currency", self.unit),
            ("amount", "collected", Fraction(1, 100)),
        ):
            late, charged = Oracle.get_lateness(
                self._sum(basis, name, **of_day),
                self._sum(basis, money, **of_day),
                max(days, 0),
                factor,
                interest,
                part,
                unit,
            )
            for cause, wanted in (("late", late), ("interest", charged)):
                booked = self._sum(
                    basis, name, kinds=("lateness",), cause=cause, **of_day
                )
                self.test.assertEqual(booked, wanted, (cause, name, days, *message))
