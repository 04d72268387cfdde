from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

CAUSES = ("late", "interest")


class Late(NamedTuple):
    """What lateness takes off one collection, in both currencies."""

    cause: str
    factor: float
    days: int
    amount_currency: float
    amount: float


class PartsCommissionLateness(models.AbstractModel):
    """Entries beside collections that came late.

    After each run the `lateness` entries of a promise and collection add up to

        late:      (factor − 1) × the collection's commission
        interest:  − collected × rate a year × days / 365 × the person's share

    where days are counted from the instalment's due date. Interest takes no more
    than what the factor left. They are worked out from what the ledger holds of the
    collection, so that they go when it goes.
    """

    _name = "parts.commission.lateness"
    _description = "Lateness of a Commission"

    @api.model
    def _may_be_late(self, terms):
        """Return whether a promise's terms know lateness at all."""
        return bool(terms.get("factors") or terms.get("interest"))

    @api.model
    def _prepare_entries(self, basis, weights, ledger, late_booked):
        """Return the values of the lateness entries that are missing.

        :param weights: {(partial id, date): (`Collection`, weight)} that is due
        :param ledger: {(partial id, date): dict of `collected_currency`,
            `amount_currency`, `collected`, `amount`, `vals`, `last_id`} as it will be,
            with the values of a new entry or the id of the last
        :param late_booked: {(partial id, date, cause): (amount_currency, amount, id)}
        """
        terms = basis.terms or {}
        targets = {}
        for key, sums in ledger.items():
            item = weights.get(key, (None,))[0]
            for late in self._get_lateness(basis, terms, item, sums):
                targets[(*key, late.cause)] = late
        vals_list = []
        for key in sorted({*targets, *late_booked}, key=self._get_order):
            vals_list += self._prepare_difference(
                basis, key, targets.get(key), late_booked.get(key), ledger
            )
        return vals_list

    @api.model
    def _get_order(self, key):
        partial_ref, date, cause = key
        return date, partial_ref, CAUSES.index(cause)

    @api.model
    def _get_lateness(self, basis, terms, item, sums):
        """Return the `Late` rows of one collection."""
        if not item or not item.due:
            return []
        days = (item.came - item.due).days
        if days <= 0:
            return []
        factor = self._get_factor(terms.get("factors") or [], days)
        rows = []
        pairs = [
            (basis.currency_id, sums["amount_currency"]),
            (basis.company_id.currency_id, sums["amount"]),
        ]
        late = [currency.round((factor - 1.0) * x) for currency, x in pairs]
        if any(late):
            rows.append(Late("late", factor, days, *late))
        part = terms.get("interest", 0.0) / 36500.0 * days * basis.share / 100.0
        interest = []
        collected = (sums["collected_currency"], sums["collected"])
        for (currency, amount), taken, money in zip(
            pairs, late, collected, strict=True
        ):
            left = abs(amount + taken)
            sign = -1.0 if money > 0 else 1.0
            interest.append(sign * min(currency.round(abs(money) * part), left))
        if any(interest):
            rows.append(Late("interest", 1.0, days, *interest))
        return rows

    @api.model
    def _get_factor(self, factors, days):
        """Return the factor of the highest step that is reached, else 1."""
        reached = [row for row in factors if row[0] <= days]
        return max(reached)[1] if reached else 1.0

    @api.model
    def _prepare_difference(self, basis, key, target, booked, ledger):
        before_currency, before, last_id = booked or (0.0, 0.0, False)
        wanted = (target.amount_currency, target.amount) if target else (0.0, 0.0)
        amount_currency = basis.currency_id.round(wanted[0] - before_currency)
        amount = basis.company_id.currency_id.round(wanted[1] - before)
        if not amount_currency and not amount:
            return []
        last = self.env["parts.commission.entry"].browse(last_id or [])
        row = ledger[key[:2]]
        return [
            {
                **(row["vals"] or self._copy_vals(row["last_id"])),
                "kind": "lateness",
                "cause": key[2],
                "factor": target.factor if target else last.factor,
                "days_late": target.days if target else last.days_late,
                "collected_currency": 0.0,
                "collected": 0.0,
                "amount_currency": amount_currency,
                "amount": amount,
                "reversal_of_id": last_id if amount * before < 0 else False,
            }
        ]

    @api.model
    def _get_ledger(self, booked, vals_list):
        """Return what the ledger will hold of a promise, see `_prepare_entries`."""
        names = ("collected_currency", "amount_currency", "collected", "amount")
        ledger = defaultdict(lambda: dict.fromkeys((*names, "vals", "last_id"), 0.0))
        for key, sums in booked.items():
            for name in names:
                ledger[key][name] += getattr(sums, name)
            ledger[key]["last_id"] = sums.last_id
        for vals in vals_list:
            key = (vals["partial_ref"], vals["date"])
            for name in names:
                ledger[key][name] += vals[name]
            ledger[key]["vals"] = vals
        return dict(ledger)

    @api.model
    def _copy_vals(self, entry_id):
        """Return the values of an entry that its lateness repeats."""
        entry = self.env["parts.commission.entry"].browse(entry_id)
        links = ("basis_id", "payment_id", "payment_move_id")
        plain = ("date", "partial_ref", "payment_name")
        return {
            **{name: entry[name].id for name in links},
            **{name: entry[name] for name in plain},
        }
