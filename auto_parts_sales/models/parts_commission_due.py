import json
from collections import defaultdict
from math import fsum
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .parts_commission_booking import get_number
from .parts_commission_collected import Policy


class Promised(NamedTuple):
    """A `parts.commission.basis` as it is read for booking: one of hundreds.

    Named like its fields; `source_id` is an id, company, currency and move are
    records, and promises with the same terms share one dictionary. `rounding` is the
    currency's; `foreign` tells that it is not the company's.
    """

    id: int
    active: bool
    company_id: object
    currency_id: object
    move_id: object
    source_id: int
    date_from: object
    base: float
    amount: float
    share: float
    rounding: float
    foreign: bool
    terms: dict


class Due(NamedTuple):
    """What a promise earns by now; the lines of an invoice mostly share one.

    `weights`: {(partial id, date): (`Collection`, weight)}; `keys`: theirs, in the
    order in which they are booked; `numbered`: {`get_number`: weight} in that order;
    `total`: the sum of the weights; `before`: of those that the promise was taken over
    with; `late`: some of the money came after the day on which it was due.
    """

    weights: dict
    keys: list
    numbered: dict
    total: float
    before: float
    late: bool


NOTHING_DUE = Due({}, [], {}, 0.0, 0.0, False)


class PartsCommissionDue(models.AbstractModel):
    """Works out which part of each promise is earned by now."""

    _name = "parts.commission.due"
    _description = "What Is Due of a Commission"

    @api.model
    def _get_promises(self, documents):
        """Return the promises of invoices and credit notes, also those closed.

        In one query and without a record for each: an invoice may have hundreds.

        :return: list of `Promised` in their order
        """
        self.env["parts.commission.basis"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, COALESCE(active, FALSE), company_id, currency_id, move_id,
                       source_id, date_from, COALESCE(base, 0)::float8,
                       COALESCE(amount, 0)::float8, COALESCE(share, 0)::float8,
                       terms::text
                  FROM parts_commission_basis
                 WHERE move_id = ANY(%s)
              ORDER BY id
                """,
                documents.ids,
            )
        )
        records, currencies, terms = {}, {}, {}

        def browse(model, record_id):
            key = (model, record_id)
            if key not in records:
                records[key] = self.env[model].browse(record_id)
            return records[key]

        def read_currency(company_id, currency_id):
            key = (company_id, currency_id)
            if key not in currencies:
                currency = browse("res.currency", currency_id)
                of_company = browse("res.company", company_id).currency_id
                currencies[key] = (currency.rounding, currency != of_company)
            return currencies[key]

        def read(text):
            if text not in terms:
                terms[text] = json.loads(text or "null") or {}
            return terms[text]

        return [
            Promised(
                row[0],
                row[1],
                browse("res.company", row[2]),
                browse("res.currency", row[3]),
                browse("account.move", row[4]),
                *row[5:10],
                *read_currency(*row[2:4]),
                read(row[10]),
            )
            for row in rows
        ]

    @api.model
    def _get_dues(self, promises, around, without):
        """Return {promise id: `Due`}, each by its own policy and in its own days.

        :param promises: list of `Promised`
        :param around: their documents and those matched with them
        :param without: partials to leave out, see `_get_settlements`
        """
        weights = self._get_weights(promises, around, without)
        heirs = {x.source_id: x for x in promises if x.source_id and x.active}
        dues, shared = {}, {}
        for promise in promises:
            if not promise.active:
                dues[promise.id] = NOTHING_DUE
                continue
            of_document = weights[id(promise.terms), promise.move_id]
            heir = heirs.get(promise.id)
            end = heir.date_from if heir else None
            # what else it depends on is the same for the lines of an invoice
            key = (
                id(of_document),
                promise.move_id if promise.terms.get("contract") else None,
                promise.date_from,
                end,
            )
            if key not in shared:
                shared[key] = self._get_due(promise, of_document, end)
            dues[promise.id] = shared[key]
        return dues

    @api.model
    def _get_weights(self, promises, around, without):
        """Return {(id of the terms, document): {`Collection`: weight}}."""
        collected = self.env["parts.commission.collected"]
        settlements, by_policy, weights = {}, {}, {}
        for promise in promises:
            terms, document = promise.terms, promise.move_id
            if (id(terms), document) in weights:
                continue
            policy = self._get_policy(terms)
            if policy not in settlements:
                settlements[policy] = collected._get_settlements(
                    around, without, policy
                )
            key = (policy, document)
            if key not in by_policy:
                by_policy[key] = collected._get_weights(settlements[policy], document)
            weights[id(terms), document] = by_policy[key]
        return weights

    @api.model
    def _get_policy(self, terms):
        """Return what counts as collected by a promise's terms, as `Policy`."""
        return Policy(*(bool(terms.get(name)) for name in Policy._fields))

    @api.model
    def _get_due(self, promise, weights, end):
        """Return the `Due` of a promise, which ends on the day of its heir's start.

        :param weights: {`Collection`: weight} of its document
        """
        weights = self._get_weights_under_contract(promise, weights)
        start = promise.date_from
        before = sum(w for item, w in weights.items() if start and item.date < start)
        keyed = {}
        for item, weight in weights.items():
            if (start and item.date < start) or (end and item.date >= end):
                continue
            # One reconciliation settles one instalment: a key has one due date
            key = (item.partial.id or 0, item.date)
            keyed[key] = (item, keyed.get(key, (item, 0.0))[1] + weight)
        keys = sorted(keyed, key=lambda key: (key[1], key[0]))
        numbered = {get_number(key): keyed[key][1] for key in keys}
        total = fsum(numbered.values())
        late = any(item.due and item.came > item.due for item, _x in keyed.values())
        return Due(keyed, keys, numbered, total, before, late)

    @api.model
    def _get_weights_under_contract(self, promise, weights):
        """Return the weights from the day on which a contract lets them count."""
        if not weights or not promise.terms.get("contract"):
            return weights
        date = promise.move_id._parts_commission_contract_date()
        if not date:
            return {}
        moved = defaultdict(float)
        for item, weight in weights.items():
            moved[item._replace(date=max(item.date, date))] += weight
        return dict(moved)
