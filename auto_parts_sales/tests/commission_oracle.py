from collections import defaultdict
from datetime import date
from fractions import Fraction

from odoo.tools import SQL

ZERO = Fraction(0)


def exact(amount):
    """Return a stored float as the decimal number that it stands for."""
    return Fraction(round((amount or 0.0) * 10**6), 10**6)


def half_up(amount, unit):
    """Round a Fraction to a multiple of `unit`, half away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) / unit + Fraction(1, 2)) * unit


class Oracle:
    """What the ledger should hold, from the definitions, in exact arithmetic.

    It reads Odoo's facts by SQL (which item settles which claim by how much, dates,
    states) and knows from the acts themselves how much money lies behind a payment.
    Nothing of the addon's is asked: neither its code nor its figures.

    :param money: {id of a payment's entry: (money, what counts beside, untaxed
        discount, what it settles)} in cents of the payment
    """

    def __init__(
        self, env, unit, money, counts_discount=False, cleared=False, today=None
    ):
        self.env = env
        self.unit = unit
        self.money = money
        self.counts_discount = counts_discount
        self.cleared = cleared
        self.today = today

    # === FACTS === #

    def _get_document(self, move):
        [row] = self.env.execute_query_dict(
            SQL(
                "SELECT state, move_type, invoice_date, date FROM account_move"
                " WHERE id = %s",
                move.id,
            )
        )
        items = self.env.execute_query_dict(
            SQL(
                "SELECT id, display_type, amount_currency FROM account_move_line"
                " WHERE move_id = %s",
                move.id,
            )
        )
        row["total"] = abs(
            sum(
                exact(x["amount_currency"])
                for x in items
                if x["display_type"] == "payment_term"
            )
        )
        row["untaxed"] = abs(
            sum(
                exact(x["amount_currency"])
                for x in items
                if x["display_type"] == "product"
            )
        )
        return row

    def _get_settlements(self, move):
        """Return what settles a document: list of dict, amounts in its currency."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT partial.id AS partial, own.date_maturity AS due,
                       other.move_id AS entry, entry.move_type, entry.state,
                       entry.date, payment.state AS payment_state,
                       payment.id AS payment, payment.parts_maturity_date AS maturity,
                       CASE WHEN own.id = partial.debit_move_id
                            THEN partial.debit_amount_currency
                            ELSE partial.credit_amount_currency END AS amount
                  FROM account_move_line own
                  JOIN account_partial_reconcile partial
                    ON own.id IN (partial.debit_move_id, partial.credit_move_id)
                  JOIN account_move_line other
                    ON other.id = partial.debit_move_id + partial.credit_move_id
                                  - own.id
                  JOIN account_move entry ON entry.id = other.move_id
             LEFT JOIN account_payment payment ON payment.move_id = entry.id
                 WHERE own.move_id = %s AND own.display_type = 'payment_term'
              ORDER BY partial.id
                """,
                move.id,
            )
        )

    # === THE DEFINITIONS === #

    def _get_money(self, move, document):
        """Return [(partial, date, due, amount)]: the money that came in for it."""
        rows = []
        for row in self._get_settlements(move):
            if row["state"] != "posted" or row["move_type"] != "entry":
                continue
            if row["payment_state"] in ("draft", "rejected", "canceled"):
                continue
            if row["entry"] not in self.money:
                continue  # an exchange difference: no payment
            money, beside, discount, settles = self.money[row["entry"]]
            part = exact(row["amount"])
            amount = part * (money + beside) / settles
            if discount:
                amount = part
                if not self.counts_discount:
                    amount -= discount * document["total"] / document["untaxed"]
            due = document["move_type"] == "out_invoice" and row["due"]
            start = document["invoice_date"] or document["date"]
            for day, share in self._get_days(row, money):
                rows.append((row["partial"], max(day, start), due, amount * share))
        return rows

    def _get_days(self, row, money):
        """Return [(day, part of a payment)]: when its money counts."""
        if self.cleared:
            return [
                (max(day, row["date"]), exact(amount) / money)
                for day, amount in self._get_seen(row["payment"])
            ]
        if not row["maturity"]:
            return [(row["date"], Fraction(1))]
        if row["maturity"] > self.today:
            return []
        return [(max(row["date"], row["maturity"]), Fraction(1))]

    def _get_seen(self, payment_id):
        """Return (day, amount) of what the bank saw of a payment."""
        return self.env.execute_query(
            SQL(
                """
                SELECT bank.date, partial.amount
                  FROM account_payment payment
                  JOIN account_move_line own
                    ON own.move_id = payment.move_id
                   AND own.account_id = payment.outstanding_account_id
                  JOIN account_partial_reconcile partial
                    ON own.id IN (partial.debit_move_id, partial.credit_move_id)
                  JOIN account_move_line other
                    ON other.id = partial.debit_move_id + partial.credit_move_id
                                  - own.id
                  JOIN account_move bank ON bank.id = other.move_id
                 WHERE payment.id = %s AND bank.state = 'posted'
                   AND bank.statement_line_id IS NOT NULL
              ORDER BY partial.id
                """,
                payment_id,
            )
        )

    def _get_credited(self, move):
        """Return {id of a posted credit note or invoice: amount matched with it}."""
        credited = defaultdict(lambda: ZERO)
        for row in self._get_settlements(move):
            if row["move_type"] != "entry" and row["state"] == "posted":
                credited[row["entry"]] += exact(row["amount"])
        return credited

    def get_shares(self, move):
        """Return {(partial, date, due): share} of a document's promise.

        Of an invoice: money / (total − matched credit notes). Of a credit note: the
        same share of what it took of each invoice, and what was paid out on it.
        """
        document = self._get_document(move)
        shares = defaultdict(lambda: ZERO)
        if document["state"] != "posted":
            return {}
        if document["move_type"] == "out_invoice":
            self._add_shares(shares, move, document, Fraction(1))
            return dict(shares)
        for partial, day, due, amount in self._get_money(move, document):
            shares[partial, day, due] += amount / document["total"]
        for other, amount in self._get_credited(move).items():
            invoice = move.browse(other)
            part = amount / document["total"]
            self._add_shares(shares, invoice, self._get_document(invoice), part)
        return dict(shares)

    def _add_shares(self, shares, invoice, document, part):
        due_amount = document["total"] - sum(self._get_credited(invoice).values())
        if document["state"] != "posted" or due_amount <= 0:
            return
        for partial, day, due, amount in self._get_money(invoice, document):
            shares[partial, day, due] += part * amount / due_amount

    def get_booked(self, promise, shares, start=None, end=None):
        """Return what one person holds of a promise, rounded once.

        :param start: the day from which on it is his; None: since ever
        :param end: the day from which on it is somebody else's
        """

        def until(day):
            total = sum(
                share
                for (_partial, when, _due), share in shares.items()
                if day is None or when < day
            )
            return half_up(promise * total, self.unit)

        return until(end) - (until(start) if start else ZERO)

    @staticmethod
    def get_lateness(commission, collected, days, factor, interest, part, unit):
        """Return what lateness takes off one collection: (factor's, interest's)."""
        late = half_up((factor - 1) * commission, unit)
        wanted = abs(collected) * interest / 100 * days / 365 * part
        left = abs(commission + late)
        taken = min(half_up(wanted, unit), left)
        return late, (-taken if collected > 0 else taken)


def day_of(number):
    """Return a day of spring 2026."""
    return date(2026, 3, 1 + number % 28)
