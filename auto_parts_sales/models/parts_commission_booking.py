from math import fsum
from typing import NamedTuple

from odoo import api, models
from odoo.tools import float_round

# Below a cent of the amounts that are traded, above the error of their floats
FLOAT_DIGITS = 10
# No currency has more decimals: sums of rounded amounts lose their error here
DECIMALS = 6
# A day's number (1 for 0001-01-01) has as many bits at most
DAY_BITS = 22

PAYMENT_CAUSES = {
    "draft": "payment_draft",
    "rejected": "payment_rejected",
    "canceled": "payment_cancelled",
}


class Booked(NamedTuple):
    """Sums of what the ledger holds for one promise, reconciliation and date."""

    collected_currency: float
    amount_currency: float
    collected: float
    amount: float
    last_id: int


def get_number(key):
    """Return the key of a collection, its reconciliation and day, as one number.

    As the ledger's query tells it: of an invoice of hundreds of lines, each of them
    paid in parts, there are many.
    """
    partial_ref, day = key
    return (partial_ref << DAY_BITS) + day.toordinal()


def round_half(currency, amount):
    """Round a worked-out amount; what is half a cent but for a float's error, is up."""
    return currency.round(round(amount, FLOAT_DIGITS))


class Sums(NamedTuple):
    """What the ledger holds of one promise, over all its collections.

    `late`: lateness took something off. Entry by entry: `numbers`, see `get_number`,
    and `collected`.
    """

    collected_currency: float
    amount_currency: float
    late: bool
    numbers: list
    collected: list


NOTHING = Booked(0.0, 0.0, 0.0, 0.0, 0)
NO_SUMS = Sums(0.0, 0.0, False, [], [])
NO_MONEY = (None, 0.0)
NO_START = ((0.0, 0.0), (0.0, 0.0))


class Step(NamedTuple):
    """One entry to append, in the invoice's currency.

    `key`: (id of the partial, date); `collection`: the `Collection` behind it, None
    if it is gone; `before`: the `Booked` sums of that key.
    """

    key: tuple
    collection: object
    before: Booked
    collected: float
    amount: float


class PartsCommissionBooking(models.AbstractModel):
    """Turns what is due and what is booked on one promise into new entries.

    To the cent: after each run the entries of a promise add up to

        round(promise × Σ weights)        weights: `parts.commission.collected`

    one rounding of the cumulated figure, in the invoice's currency. An entry is the
    increment of that figure, so any order of part payments, undone and paid again,
    ends at the promise. Cents that roundings leave over go to the entries that are
    due anyway; what was not touched is left alone.
    """

    _name = "parts.commission.booking"
    _description = "Commission Booking"

    @api.model
    def _new_run(self, without):
        """Return what one run keeps: rates by day, partials about to be deleted, and
        what entries say of the payments."""
        return {"without": without, "rates": {}, "payments": {}}

    @api.model
    def _prepare_new_entries(self, basis, due, sums, run):
        """Return the values of the entries of new money, if nothing else changed.

        :return: list of dict; None: to be compared collection by collection
        """
        steps = self._get_plain_steps(basis, due, sums)
        if steps is None:
            return None
        return [self._prepare_entry_vals(basis, step, run) for step in steps]

    @api.model
    def _prepare_entries(self, basis, due, booked, run):
        """Return the values of the entries that are missing on a promise.

        :param basis: one `Promised`
        :param due: its `Due`; empty if nothing is due any more
        :param booked: {(partial id, date): `Booked`}
        """
        steps = self._get_steps(basis, due, booked)
        vals_list = []
        for step in steps:
            vals = self._prepare_entry_vals(basis, step, run)
            if vals["kind"] == "correction":
                vals["cause"] = self._get_cause(basis, step, due.weights, run)
            vals_list.append(vals)
        if vals_list and not due.weights:
            self._close_in_company_currency(basis, vals_list, booked)
        return vals_list

    # === HOW MUCH === #

    @api.model
    def _get_start(self, basis, before):
        """Return what was earned of (base, amount) before a promise was taken over.

        Pairs of (exact, rounded): the person before holds the rounded figure.
        """
        if not before:
            return NO_START
        currency = basis.currency_id
        wholes = (basis.base, basis.amount)
        return [(x * before, round_half(currency, x * before)) for x in wholes]

    @api.model
    def _get_plain_steps(self, basis, due, sums):
        """Return the steps of money that is new, where nothing else changed.

        :param basis: one `Promised`
        :param due: its `Due`
        :param sums: `Sums` of what is booked on it; None: nothing
        :return: the steps that `_get_steps` returns; None where money is gone or
            changed, came late, or left a cent behind
        """
        if sums is None and not due.weights:
            return []
        if due.late and (basis.terms.get("factors") or basis.terms.get("interest")):
            return None
        sums = sums or NO_SUMS
        new = self._get_new_keys(basis, due, sums)
        if new is None:
            return None
        done = [sums.collected_currency, sums.amount_currency]
        start = self._get_start(basis, due.before)
        if len(new) != 1 and self._is_complete(basis, due.total, start, done):
            # money of less than a cent of commission left no entry when it came
            return []
        if not new:
            return None
        kept = due.total - fsum(due.weights[key][1] for key in new)
        exact = [basis.base * kept, basis.amount * kept]
        return self._get_new_steps(basis, due, {}, new, start, done, exact)

    @api.model
    def _get_new_keys(self, basis, due, sums):
        """Return the keys that are due and not booked; None if others changed.

        A key may be off by the cents that roundings left on it; not more than one a
        key.
        """
        if not sums.numbers:
            return due.keys
        if sums.late:
            return None
        booked = {}
        for number, collected in zip(sums.numbers, sums.collected, strict=True):
            booked[number] = booked.get(number, 0.0) + collected
        base, numbered = basis.base, due.numbered
        tolerance = basis.rounding * (1.0 + len(booked))
        for number, collected in booked.items():
            if abs(collected - base * numbered.get(number, 0.0)) > tolerance:
                return None
        return [
            key
            for key, number in zip(due.keys, numbered, strict=True)
            if number not in booked
        ]

    @api.model
    def _get_steps(self, basis, due, booked):
        """Return the steps from what is booked to what is due, key by key."""
        gone, new = self._get_changed_keys(basis, due.weights, booked)
        start = self._get_start(basis, due.before)
        if not gone and not new:
            return self._get_residue(basis, due, booked, start)
        done = [sum(sums[i] for sums in booked.values()) for i in (0, 1)]
        kept = fsum(
            due.weights[key][1]
            for key in booked
            if key in due.weights and key not in gone
        )
        sums = [
            whole * kept + fsum(booked[key][i] for key in gone)
            for i, whole in enumerate((basis.base, basis.amount))
        ]
        if not gone and self._is_complete(basis, due.total, start, done):
            return []
        keys = (*gone, *new)
        return self._get_new_steps(basis, due, booked, keys, start, done, sums)

    @api.model
    def _get_new_steps(self, basis, due, booked, keys, start, done, sums):
        """Return the steps of keys that are gone, changed or new.

        Each brings the cumulated figure to where it belongs, rounded once.

        :param booked: {key: `Booked`} of those of them that are booked
        :param start: see `_get_start`
        :param list done: what is booked of (base, amount); counted on
        :param list sums: what the other keys are worth, exactly; counted on
        """
        rounding = basis.rounding
        wholes = (basis.base, basis.amount)
        steps = []
        for key in keys:
            collection, weight = due.weights.get(key, NO_MONEY)
            sums_before = booked.get(key, NOTHING)
            increments = []
            for i in (0, 1):
                sums[i] += wholes[i] * weight - sums_before[i]
                exact, rounded = start[i]
                up_to = round(exact + sums[i], FLOAT_DIGITS)
                up_to = float_round(up_to, precision_rounding=rounding)
                increment = round(up_to - rounded - done[i], DECIMALS)
                increments.append(increment)
                done[i] += increment
            if any(increments):
                steps.append(Step(key, collection, sums_before, *increments))
        return steps

    @api.model
    def _is_complete(self, basis, total, start, done):
        """Return whether base and amount add up to what is due, as booked.

        :param total: sum of the weights that are due
        """
        currency = basis.currency_id
        return all(
            currency.is_zero(
                round_half(currency, exact + whole * total) - rounded - booked
            )
            for whole, (exact, rounded), booked in zip(
                (basis.base, basis.amount), start, done, strict=True
            )
        )

    @api.model
    def _get_changed_keys(self, basis, weights, booked):
        """Return the keys whose collection is gone or changed, and the new ones.

        Those that are gone come before those that changed, each in their order. A key
        may be off by the cents that roundings left on it; not more than one a key.
        """
        tolerance = basis.rounding * (1.0 + len(booked))
        base = basis.base
        gone, changed = [], []
        for key, before in booked.items():
            weight = weights.get(key)
            target = base * weight[1] if weight else 0.0
            if abs(before[0] - target) > tolerance:
                (changed if weight else gone).append(key)
        new = [key for key in weights if key not in booked]
        return (
            sorted(gone, key=self._get_key_order)
            + sorted(changed, key=self._get_key_order),
            sorted(new, key=self._get_key_order),
        )

    @api.model
    def _get_key_order(self, key):
        partial_ref, date = key
        return date, partial_ref

    @api.model
    def _get_residue(self, basis, due, booked, start):
        """Return the one step that is left where nothing changed by more than cents."""
        currency, weights = basis.currency_id, due.weights
        wholes = (basis.base, basis.amount)
        increments = [
            currency.round(
                round_half(currency, start[i][0] + wholes[i] * due.total)
                - start[i][1]
                - sum(sums[i] for sums in booked.values())
            )
            for i in (0, 1)
        ]
        if not any(increments) or not booked:
            return []
        gaps = {
            key: abs(
                booked[key].collected_currency
                - basis.base * weights.get(key, (None, 0.0))[1]
            )
            for key in booked
        }
        key = max(gaps, key=gaps.get)
        collection = weights.get(key, (None, 0.0))[0]
        return [Step(key, collection, booked[key], *increments)]

    # === WHAT IT SAYS === #

    @api.model
    def _prepare_entry_vals(self, basis, step, run):
        """Return the values of one entry, without what it repeats of its promise.

        To override for more stored columns; see `parts.commission.ledger`.
        """
        is_new = step.collection and (
            step.before is NOTHING
            or basis.currency_id.is_zero(step.before.collected_currency)
        )
        collected, amount = self._get_company_amounts(basis, step, run)
        taken_back = (
            not is_new and step.collected * step.before.collected_currency < 0
        ) or (not is_new and step.amount * step.before.amount_currency < 0)
        return {
            "kind": "collection" if is_new else "correction",
            "cause": "collected",
            "date": step.key[1],
            "basis_id": basis.id,
            "collected_currency": step.collected,
            "collected": collected,
            "amount_currency": step.amount,
            "amount": amount,
            "reversal_of_id": step.before.last_id if taken_back else False,
            **self._prepare_payment_vals(step, run),
        }

    @api.model
    def _prepare_payment_vals(self, step, run):
        collection = step.collection
        if collection:
            # the same for the lines of an invoice
            known = run["payments"]
            if id(collection) not in known:
                counterpart = collection.counterpart
                payment = counterpart.origin_payment_id
                known[id(collection)] = {
                    "partial_ref": step.key[0],
                    "payment_id": payment.id,
                    "payment_move_id": False if payment else counterpart.id,
                    "payment_name": counterpart.name,
                }
            return known[id(collection)]
        entry = self.env["parts.commission.entry"].browse(step.before.last_id)
        return {
            "partial_ref": step.key[0],
            "payment_id": entry.payment_id.id,
            "payment_move_id": entry.payment_move_id.id,
            "payment_name": entry.payment_name,
        }

    # === CURRENCY === #

    @api.model
    def _get_company_amounts(self, basis, step, run):
        """Return (collected, commission) of a step in company currency.

        New money at the rate of its date; what is taken back at the rate at which
        it was booked.
        """
        if not basis.foreign:
            return step.collected, step.amount
        company_currency = basis.company_id.currency_id
        before = step.before
        pairs = (
            (step.collected, before.collected_currency, before.collected),
            (step.amount, before.amount_currency, before.amount),
        )
        return tuple(
            company_currency.round(
                increment * booked_company / booked
                if increment * booked < 0
                else increment * self._get_rate(basis, step.key[1], run)
            )
            for increment, booked, booked_company in pairs
        )

    @api.model
    def _get_rate(self, basis, date, run):
        key = (basis.currency_id, basis.company_id, date)
        if key not in run["rates"]:
            run["rates"][key] = self.env["res.currency"]._get_conversion_rate(
                basis.currency_id, basis.company_id.currency_id, basis.company_id, date
            )
        return run["rates"][key]

    @api.model
    def _close_in_company_currency(self, basis, vals_list, booked):
        """Let nothing stand in company currency where all money is gone again."""
        currency = basis.company_id.currency_id
        for name in ("collected", "amount"):
            total = sum(getattr(sums, name) for sums in booked.values())
            total += sum(vals[name] for vals in vals_list)
            vals_list[-1][name] = currency.round(vals_list[-1][name] - total)

    # === WHY === #

    @api.model
    def _get_cause(self, basis, step, weights, run):
        """Return the `cause` of a correction."""
        if not basis.active:
            state = basis.move_id.state
            if state in ("draft", "cancel"):
                return "invoice_draft" if state == "draft" else "invoice_cancelled"
            return "replaced"
        partial = self.env["account.partial.reconcile"].browse(step.key[0])
        if not step.collection:
            if partial in run["without"] or not partial.exists():
                return "undone"
            cause = self._get_payment_cause(partial)
            if not cause and self._is_without_contract(basis, step.key[1]):
                cause = "contract"
            if cause:
                return cause
            if any(key[0] == step.key[0] for key in weights):
                return "redated"
        has_credit = self.env["parts.commission.engine"]._get_matched_documents(
            basis.move_id
        )
        return "credit_note" if has_credit else "recalculated"

    @api.model
    def _is_without_contract(self, basis, date):
        """Return whether no effective contract lets anything be earned on a date."""
        if not (basis.terms or {}).get("contract"):
            return False
        since = basis.move_id._parts_commission_contract_date()
        return not since or since > date

    @api.model
    def _get_payment_cause(self, partial):
        moves = (partial.debit_move_id | partial.credit_move_id).move_id
        for move in moves:
            if move.move_type == "entry":
                state = move.origin_payment_id.state
                if state in PAYMENT_CAUSES:
                    return PAYMENT_CAUSES[state]
                if move.state != "posted":
                    return "payment_draft"
            elif move.state != "posted":
                return "invoice_draft" if move.state == "draft" else "invoice_cancelled"
        return False
