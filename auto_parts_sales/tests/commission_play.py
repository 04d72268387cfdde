from datetime import timedelta
from fractions import Fraction

from odoo.fields import Command

from .commission_oracle import ZERO, Oracle, day_of, exact, half_up
from .commission_verdict import FACTORS, INTEREST, Verdict

try:
    from hypothesis import note
except ImportError:
    note = None

TODAY = day_of(9)
RATES = {"brake": Fraction("7.25"), "filter": Fraction("3.3")}
COST = Fraction(20)


class NothingToDoError(Exception):
    """An act that needs a document of which there is none."""


class Play(Verdict):
    """An invoice of a world, another beside it, and what people do with them."""

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
        self.seen = self.env["account.bank.statement.line"]
        self.invoice = self._new_invoice(world["lines"])
        self.second = self.env["account.move"]
        if world["second"]:
            self.second = self._new_invoice([(world["second"], "brake")])
        self.oracle = Oracle(
            self.env,
            self.unit,
            self.money,
            counts_discount=world["discount"],
            cleared=world["cleared"],
            today=TODAY,
        )

    def _set_up_plan(self):
        world, test = self.world, self.test
        # a bank transaction of a foreign payment is another story
        world["cleared"] = world["cleared"] and self.currency == test.currency
        test.plan.write(
            {
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "sequence": 1,
                            "product_id": test.filter.id,
                            "rate": 3.3,
                            "measure": world["measure"],
                        }
                    ),
                    Command.create({"sequence": 2, "rate": 7.25}),
                ],
                "collected_policy": "cleared" if world["cleared"] else "registered",
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

    def _new_invoice(self, lines):
        world, test = self.world, self.test
        vals = {}
        if world["rounded"] and self.unit < 1 and world["terms"] == "once":
            vals["invoice_cash_rounding_id"] = test.rounding.id
        return test._new_invoice(
            [(test.products[name], self._price(number)) for number, name in lines],
            date=str(day_of(4)),
            currency_id=self.currency.id,
            taxes=test.taxes[world["tax"]],
            invoice_payment_term_id=test.terms[world["terms"]].id,
            team_id=test.team.id,
            **vals,
        )

    def _price(self, number):
        return number / 100 if self.unit < 1 else float(number)

    def _get_promised(self, move):
        """Return {(line, role): promise} by the definition: base × rate × share; the
        seller has what the developer leaves.

        The base is the untaxed amount, or what is left of it above the cost. A credit
        note takes back what its invoice promised on the same product.
        """
        promised = {}
        for line in self._get_lines(move):
            whole = self._get_whole(line)
            left = half_up(whole, self.unit)
            if self.world["split"]:
                taken = half_up(whole * Fraction(3, 10), self.unit)
                promised[line.id, "developer"] = taken
                left -= taken
            promised[line.id, "seller"] = left
        return promised

    def _get_lines(self, move):
        return move.invoice_line_ids.filtered(lambda x: x.display_type == "product")

    def _get_whole(self, line):
        """Return the commission of a line, not rounded."""
        move, untaxed = line.move_id, -exact(line.amount_currency)
        if line.product_id == self.test.brake or self.world["measure"] == "amount":
            name = "brake" if line.product_id == self.test.brake else "filter"
            return untaxed * RATES[name] / 100
        if move.move_type == "out_invoice":
            margin = untaxed - COST / self._get_rate(move.invoice_date)
            return max(margin, ZERO) * RATES["filter"] / 100
        like = {
            x: (-exact(x.amount_currency), self._get_whole(x))
            for x in self._get_lines(move.reversed_entry_id)
            if x.product_id == line.product_id
        }
        like = [pair for pair in like.values() if pair[1]]
        same = [pair for pair in like if pair[0] == -untaxed][:1]
        like = same or like
        if not like:
            return ZERO
        base, promise = (sum(figures) for figures in zip(*like, strict=True))
        return untaxed * promise / base

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

    def _pay_both(self, number, day):
        """One payment for two invoices; what is missing stays open, or is lost."""
        both = self.invoice | self.second
        if len(both) < 2 or self.world["terms"] != "once":
            raise NothingToDoError
        if any(move.state != "posted" or not move.amount_residual for move in both):
            raise NothingToDoError
        residual = sum(both.mapped("amount_residual"))
        amount = self._part(40 + number % 60, residual)
        vals = {}
        if number % 3 == 0 and amount < residual:
            vals["payment_difference_handling"] = "reconcile"
            vals["writeoff_account_id"] = self.test.lost.id
        payment = self.test._pay(
            both, amount, date=str(day_of(day)), currency_id=self.currency.id, **vals
        )
        self.payments |= payment
        self._note_money(payment, settles=exact(residual) if vals else None)

    def _see(self, number, day):
        """The bank sees a payment, or a part of it."""
        payments = self.payments.filtered(
            lambda x: x.state == "in_process" and x.currency_id == self.test.currency
        )
        payment = self._pick(payments, number)
        item = payment._seek_for_lines()[0]
        left = item.amount_residual
        if not left or item.reconciled:
            raise NothingToDoError
        if number % 3 == 0:
            part = self._part(number, abs(left))
            left = part if left > 0 else -part
        self.seen |= self.test._see_in_bank(payment, str(day_of(day)), amount=left)

    def _unsee(self, number, _day):
        line = self._pick(self.seen, number)
        line.action_undo_reconciliation()
        self.seen -= line

    def _mature(self, number, day):
        """A payment is a draft that falls due on a day; day 0: it is none."""
        payments = self.payments.filtered(lambda x: x.state == "in_process")
        payment = self._pick(payments, number)
        payment.parts_maturity_date = day_of(day) if day else False

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
        ).action_carry_out()
        self.owners.append((other, when))

    def _pay_what_is_left(self):
        for note_ in self.notes.filtered(lambda x: x.state == "draft"):
            note_.action_post()
        try:
            self._note_money(self._register(self.invoice.amount_residual, 27))
        except NothingToDoError:
            return
