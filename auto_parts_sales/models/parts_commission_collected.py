from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

CASH_TYPES = ("asset_cash", "liability_credit_card")
PAYMENT_STATES_WITHOUT_MONEY = ("draft", "canceled", "rejected")


class Collection(NamedTuple):
    """Money that came in for one invoice by one reconciliation.

    `date`: the later of the payment's and the invoice's; `amount`: in the
    invoice's currency, without what was written off.
    """

    partial: object
    date: object
    amount: float
    counterpart: object


class Settlement(NamedTuple):
    """How an invoice or a credit note stands.

    `total`: what it claims, in its currency; `collections`: list of `Collection`;
    `matched`: {other document: (amount in own currency, in the other's)} of
    posted credit notes (of an invoice) or invoices (of a credit note).
    """

    total: float
    collections: list
    matched: dict


class PartsCommissionCollected(models.AbstractModel):
    """What is collected of an invoice, worked out from Odoo's present records.

    Collected is money: the liquidity behind a reconciliation. For each partial of
    the invoice's receivable

        collected = partial amount in the invoice's currency
                    × liquidity of the counterpart's entry
                    / its receivable items of the same side

    so that a discount or bank fee inside the payment's own entry does not count
    (the partial says 1,000, the bank 900). It counts if invoice and counterpart
    are posted and the payment is not draft, rejected or cancelled. Liquidity is an
    item on a bank, cash or credit-card account, or on an outstanding account of
    payments: in Odoo 19 Community each payment has an entry on one of them. Credit
    notes, write-offs, exchange differences and netting have none.
    """

    _name = "parts.commission.collected"
    _description = "What Is Collected of an Invoice"

    @api.model
    def _get_settlements(self, documents, without=None):
        """Return {document: `Settlement`} of customer invoices and credit notes.

        :param documents: `account.move`, as superuser
        :param without: partials to leave out: they are about to be deleted
        """
        terms = self.env["account.move.line"].search(
            [
                ("move_id", "in", documents.ids),
                ("display_type", "=", "payment_term"),
            ]
        )
        by_document = terms.grouped("move_id")
        ratios = {}
        without = without or self.env["account.partial.reconcile"]
        return {
            document: self._get_settlement(
                document, by_document.get(document, terms.browse()), without, ratios
            )
            for document in documents
        }

    @api.model
    def _get_settlement(self, document, terms, without, ratios):
        total = abs(sum(terms.mapped("amount_currency")))
        if document.state != "posted":
            return Settlement(total, [], {})
        collections, matched = [], defaultdict(lambda: (0.0, 0.0))
        for partial, own, other, line in self._iter_partials(terms):
            counterpart = line.move_id
            if partial in without or counterpart.state != "posted":
                continue
            if counterpart.move_type in ("out_invoice", "out_refund"):
                before = matched[counterpart]
                matched[counterpart] = (before[0] + own, before[1] + other)
                continue
            amount = own * self._get_money_ratio(line, ratios)
            if amount:
                date = max(counterpart.date, document.invoice_date or document.date)
                collections.append(Collection(partial, date, amount, counterpart))
        collections.sort(key=lambda item: (item.date, item.partial.id))
        return Settlement(total, collections, dict(matched))

    @api.model
    def _iter_partials(self, terms):
        """Yield (partial, amount in own currency, in the other's, other item)."""
        for partial in terms.matched_credit_ids:
            yield (
                partial,
                partial.debit_amount_currency,
                partial.credit_amount_currency,
                partial.credit_move_id,
            )
        for partial in terms.matched_debit_ids:
            yield (
                partial,
                partial.credit_amount_currency,
                partial.debit_amount_currency,
                partial.debit_move_id,
            )

    @api.model
    def _get_money_ratio(self, line, ratios):
        """Return which part of a counterpart item is money, 0 to 1.

        :param line: the receivable item of the payment's entry
        :param ratios: dict that keeps what was worked out in this run
        """
        move = line.move_id
        key = (move, line.account_id.account_type, line.balance > 0)
        if key not in ratios:
            ratios[key] = self._compute_money_ratio(line)
        return ratios[key]

    @api.model
    def _compute_money_ratio(self, line):
        move = line.move_id
        payment = move.origin_payment_id
        if payment and payment.state in PAYMENT_STATES_WITHOUT_MONEY:
            return 0.0
        liquidity_accounts = self._get_outstanding_accounts(move)
        money = side = 0.0
        for item in move.line_ids:
            if (
                item.account_id.account_type in CASH_TYPES
                or item.account_id in liquidity_accounts
            ):
                money += item.balance
            elif item.account_id.account_type == line.account_id.account_type and (
                item.balance > 0
            ) == (line.balance > 0):
                side -= item.balance
        return min(max(money / side, 0.0), 1.0) if side else 0.0

    @api.model
    def _get_outstanding_accounts(self, move):
        """Return the accounts on which payments wait for the bank.

        To override where money waits elsewhere.

        :param move: the counterpart's entry
        """
        if move.origin_payment_id:
            return move.origin_payment_id._get_valid_liquidity_accounts()
        if move.statement_line_id:
            return move.journal_id.default_account_id
        company = move.company_id
        methods = self.env["account.payment.method.line"].search(
            [
                ("payment_account_id", "!=", False),
                ("journal_id.company_id", "=", company.id),
            ]
        )
        chart = self.env["account.chart.template"].with_context(
            allowed_company_ids=company.root_id.ids
        )
        accounts = methods.payment_account_id
        for name in (
            "account_journal_payment_debit_account_id",
            "account_journal_payment_credit_account_id",
        ):
            account = chart.ref(name, raise_if_not_found=False)
            if account:
                accounts |= account
        return accounts

    # === FOR OTHERS === #

    @api.model
    def _get_weights(self, settlements, document):
        """Return {`Collection`: weight} of one invoice or credit note.

        The weight is the part of the document's promise that a collection earns
        (0 to 1). With L the money, T the invoice's total, n what credit notes took
        of it (N the note's total):

        * invoice: L / (T − n)
        * credit note: L × (its part of n) / (T − n) / N for the money of each
          invoice that it is matched with, and L / N for money paid out on it.
        """
        settlement = settlements[document]
        if not settlement.total:
            return {}
        weights = defaultdict(float)
        if document.move_type == "out_invoice":
            self._add_weights(weights, document, settlement, 1.0)
            return dict(weights)
        for collection in settlement.collections:
            weights[collection] += collection.amount / settlement.total
        for invoice, (own, _theirs) in settlement.matched.items():
            part = own / settlement.total
            self._add_weights(weights, invoice, settlements[invoice], part)
        return dict(weights)

    @api.model
    def _add_weights(self, weights, invoice, settlement, part):
        credited = sum(own for own, _theirs in settlement.matched.values())
        due = settlement.total - credited
        if invoice.currency_id.compare_amounts(due, 0.0) > 0:
            for collection in settlement.collections:
                weights[collection] += part * collection.amount / due
