from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models

CASH_TYPES = ("asset_cash", "liability_credit_card")
# Where a claim on a customer can live on when an entry moves it away
CLAIM_TYPES = ("asset_receivable", "asset_current", "asset_non_current")
PAYMENT_STATES_WITHOUT_MONEY = ("draft", "canceled", "rejected")
SALE_TYPES = ("out_invoice", "out_refund")


class Policy(NamedTuple):
    """What counts as collected.

    `cleared`: once the bank has it, not once a payment is registered; `discount`,
    `fees`, `withheld`: early-payment discount, bank fees and tax that the customer
    withheld, inside the payment's own entry, count like money.
    """

    cleared: bool = False
    discount: bool = False
    fees: bool = False
    withheld: bool = False


class Collection(NamedTuple):
    """Money that came in for one invoice by one reconciliation at one date.

    `date`: the later of the money's and the invoice's; `amount`: in the invoice's
    currency, without what was written off; `counterpart`: the entry that settled
    it; `due`: when the instalment was due, False on credit notes; `came`: when the
    money came, where something else decides on the date.
    """

    partial: object
    date: object
    amount: float
    counterpart: object
    due: object
    came: object


class Settlement(NamedTuple):
    """How an invoice or a credit note stands.

    `total`: what it claims, in its currency; `collections`: list of `Collection`;
    `matched`: {other document: (amount in own currency, in the other's)} of
    posted credit notes (of an invoice) or invoices (of a credit note); `settled`:
    the `Collection` of a posted document that claims nothing, such as a final
    invoice whose deposits paid it, else None.
    """

    total: float
    collections: list
    matched: dict
    settled: object


class Run(NamedTuple):
    """What one run keeps: `money` {(move, account type, side): {date: ratio}},
    `discounts` {the same key: untaxed discount / money and discount}, `accounts`
    {company: outstanding accounts}; partials `without` which it is worked out, today's
    date."""

    policy: Policy
    without: object
    today: object
    money: dict
    discounts: dict
    accounts: dict


class PartsCommissionCollected(models.AbstractModel):
    """What is collected of an invoice, worked out from Odoo's present records.

    Collected is money: the liquidity behind a reconciliation. For each partial of
    the invoice's receivable

        collected = partial amount in the invoice's currency
                    × liquidity of the counterpart's entry
                    / its receivable items of the same side

    so that a write-off or bank fee inside the payment's own entry does not count
    (the partial says 1,000, the bank 900), unless the policy says so. An early-payment
    discount that does not count takes off its untaxed part alone. It counts if
    invoice and counterpart are posted and the payment is not draft, rejected or
    cancelled. Liquidity is an item on a bank, cash or credit-card account, on an
    outstanding account of payments (in Odoo 19 Community each payment has an entry
    on one of them), or the till's side of a point of sale payment. Credit notes,
    write-offs, exchange differences and netting have none. A claim that an entry
    moved to another account is collected when it is paid there.
    """

    _name = "parts.commission.collected"
    _description = "What Is Collected of an Invoice"

    @api.model
    def _get_settlements(self, documents, without=None, policy=None):
        """Return {document: `Settlement`} of customer invoices and credit notes.

        :param documents: `account.move`, as superuser
        :param without: partials to leave out: they are about to be deleted
        :param policy: `Policy`; None: money as soon as it is registered
        """
        terms = self.env["account.move.line"].search(
            [
                ("move_id", "in", documents.ids),
                ("display_type", "=", "payment_term"),
            ]
        )
        by_document = terms.grouped("move_id")
        run = Run(
            policy or Policy(),
            without or self.env["account.partial.reconcile"],
            fields.Date.context_today(self),
            {},
            {},
            {},
        )
        return {
            document: self._get_settlement(
                document, by_document.get(document, terms.browse()), run
            )
            for document in documents
        }

    @api.model
    def _get_settlement(self, document, terms, run):
        total = abs(sum(terms.mapped("amount_currency")))
        if document.state != "posted":
            return Settlement(total, [], {}, None)
        start = document.invoice_date or document.date
        matched = defaultdict(lambda: (0.0, 0.0))
        amounts = defaultdict(float)
        for partial, own, other, term, line in self._iter_partials(terms):
            counterpart = line.move_id
            if partial in run.without or counterpart.state != "posted":
                continue
            if counterpart.move_type in SALE_TYPES:
                before = matched[counterpart]
                matched[counterpart] = (before[0] + own, before[1] + other)
                continue
            due = document.move_type == "out_invoice" and term.date_maturity
            money = self._get_money(line, run)
            part = own * self._get_discount_factor(document, total, line, run)
            for date, ratio in money.items():
                amounts[partial, max(date, start), counterpart, due] += part * ratio
        collections = [
            Collection(partial, date, amount, counterpart, due, date)
            for (partial, date, counterpart, due), amount in amounts.items()
            if amount
        ]
        collections.sort(key=lambda item: (item.date, item.partial.id))
        settled = None
        if document.currency_id.is_zero(total):
            nothing = run.without.browse()
            settled = Collection(nothing, start, 0.0, document, False, start)
        return Settlement(total, collections, dict(matched), settled)

    @api.model
    def _iter_partials(self, terms):
        """Yield (partial, amount in own currency, in the other's, own, other item)."""
        for partial in terms.matched_credit_ids:
            yield (
                partial,
                partial.debit_amount_currency,
                partial.credit_amount_currency,
                partial.debit_move_id,
                partial.credit_move_id,
            )
        for partial in terms.matched_debit_ids:
            yield (
                partial,
                partial.credit_amount_currency,
                partial.debit_amount_currency,
                partial.credit_move_id,
                partial.debit_move_id,
            )

    # === MONEY BEHIND AN ITEM === #

    @api.model
    def _get_money(self, line, run):
        """Return {date: ratio}: which part of a counterpart item is money, and when.

        :param line: the item of the payment's entry that settles the claim
        :param run: `Run`, keeps what was worked out
        """
        key = self._get_money_key(line)
        if key not in run.money:
            run.money[key] = {}  # entries that settle each other in a circle: no money
            run.money[key] = self._compute_money(line, run)
        return run.money[key]

    @api.model
    def _get_money_key(self, line):
        return line.move_id, line.account_id.account_type, line.balance > 0

    @api.model
    def _get_discount_factor(self, document, total, line, run):
        """Return what is left of a settlement when its early-payment discount does not
        count (1.0 where there is none).

        The discount takes its untaxed part from the untaxed amount of the invoice and
        its tax from the tax, whatever the payment term says of it: of 1,000 + 15 %,
        2 % for paying at once, 980 are collected, be it 1,127 or 1,130 that came in.
        """
        discount = run.discounts.get(self._get_money_key(line))
        if not discount:
            return 1.0
        untaxed = abs(
            sum(
                document.line_ids.filtered(
                    lambda item: item.display_type in ("product", "rounding")
                ).mapped("amount_currency")
            )
        )
        if not untaxed:
            return 1.0
        return max(1.0 - discount * total / untaxed, 0.0)

    @api.model
    def _is_void(self, move):
        """Return whether an entry settles nothing, whatever it is reconciled with."""
        state = move.origin_payment_id.state
        return move.state != "posted" or state in PAYMENT_STATES_WITHOUT_MONEY

    @api.model
    def _compute_money(self, line, run):
        move = line.move_id
        if move.origin_payment_id.state in PAYMENT_STATES_WITHOUT_MONEY:
            return {}
        sides = self._sort_items(line, run)
        value = self._get_value_field(move)
        side = -sum(item[value] for item in sides["side"])
        if not side:
            return {}
        amounts = defaultdict(float)
        for item in sides["money"]:
            for date, amount in self._get_seen(item, run, value).items():
                amounts[date] += amount
        money = sum(item[value] for item in sides["money"])
        if money:
            # a discount comes with the money of its entry; what of it does not count
            # is taken off again, see _get_discount_factor
            beside = sides["extra"] + sides["discount"] + sides["discount_tax"]
            factor = 1.0 + sum(item[value] for item in beside) / money
            amounts = {date: amount * factor for date, amount in amounts.items()}
            discount = sum(item[value] for item in sides["discount"])
            whole = money + sum(item[value] for item in beside)
            run.discounts[self._get_money_key(line)] = max(discount / whole, 0.0)
        else:
            for item in sides["claim"]:
                for date, amount in self._get_settled(item, run, value).items():
                    amounts[date] += amount
        ratios = {date: max(amount / side, 0.0) for date, amount in amounts.items()}
        total = sum(ratios.values())
        return {date: x / max(total, 1.0) for date, x in ratios.items() if x}

    @api.model
    def _get_value_field(self, move):
        """Return in which amounts an entry's parts are compared.

        In the currency in which it was paid: in company currency each item is rounded
        for itself, and 500 of 1,000 yen would not be half.
        """
        return "amount_currency" if len(move.line_ids.currency_id) == 1 else "balance"

    @api.model
    def _sort_items(self, line, run):
        """Return the items of a counterpart's entry by what they are."""
        move = line.move_id
        accounts = self._get_outstanding_accounts(move, run)
        is_till = self._is_till(move)
        is_plain = not (move.origin_payment_id or move.statement_line_id or is_till)
        extra = self._get_extra_items(move, run.policy)
        discount = self._get_discount_items(move)
        items = defaultdict(list)
        for item in move.line_ids:
            account = item.account_id
            opposite = (item.balance > 0) != (line.balance > 0)
            if account == line.account_id and not opposite:
                # also of an entry by which somebody takes a payment to the bank
                kind = "side"
            elif account.account_type in CASH_TYPES or account in accounts:
                kind = "money"
            elif account.account_type == line.account_id.account_type and not opposite:
                kind = "side"
            elif is_till and opposite:
                kind = "money"
            elif item in extra:
                kind = "extra"
            elif item in discount:
                kind = "discount"
            elif discount and item.tax_repartition_line_id:
                kind = "discount_tax"
            elif is_plain and account.reconcile and account.account_type in CLAIM_TYPES:
                kind = "claim"
            else:
                kind = "other"
            items[kind].append(item)
        return items

    @api.model
    def _is_till(self, move):
        """Return whether an entry is money that a point of sale took."""
        return "pos_payment_ids" in move._fields and bool(move.pos_payment_ids)

    @api.model
    def _get_extra_items(self, move, policy):
        """Return the items that are no money and count by the policy.

        Tax in an entry with an early-payment discount is the discount's; any other
        was withheld by the customer.
        """
        company = move.company_id
        items = move.line_ids.browse()
        if not (policy.discount or policy.fees or policy.withheld):
            return items
        discount = self._get_discount_items(move)
        taxes = move.line_ids.filtered("tax_repartition_line_id")
        if policy.discount and discount:
            items |= discount | taxes
        if policy.withheld and not discount:
            items |= taxes
        if policy.fees:
            fees = company.parts_bank_fee_account_ids
            items |= move.line_ids.filtered(lambda item: item.account_id in fees)
        return items

    @api.model
    def _get_discount_items(self, move):
        """Return the items of early-payment discount in an entry, without its tax."""
        company = move.company_id
        accounts = (
            company.account_journal_early_pay_discount_loss_account_id
            | company.account_journal_early_pay_discount_gain_account_id
        )
        return move.line_ids.filtered(lambda item: item.account_id in accounts)

    @api.model
    def _get_seen(self, item, run, value):
        """Return {date: amount} of a liquidity item: when it counts as money.

        :param value: see `_get_value_field`
        """
        move = item.move_id
        if run.policy.cleared and self._is_waiting(item):
            return self._get_settled(item, run, value)
        maturity = move.origin_payment_id.parts_maturity_date
        if not maturity:
            return {move.date: item[value]}
        if maturity > run.today:
            return {}
        return {max(move.date, maturity): item[value]}

    @api.model
    def _is_waiting(self, item):
        """Return whether an item waits for the bank, on an account to be matched."""
        return item.account_id.reconcile and not self._is_till(item.move_id)

    @api.model
    def _get_settled(self, item, run, value):
        """Return {date: amount}: money by which an item was settled in its turn.

        :param value: see `_get_value_field`
        """
        amounts = defaultdict(float)
        sign = 1.0 if item.balance > 0 else -1.0
        for partial, own, _other, _item, line in self._iter_partials(item):
            move = line.move_id
            if partial in run.without or move.state != "posted":
                continue
            if move.move_type in SALE_TYPES:
                continue
            for date, ratio in self._get_money(line, run).items():
                date = max(date, item.move_id.date)
                settled = own if value == "amount_currency" else partial.amount
                amounts[date] += sign * settled * ratio
        return amounts

    @api.model
    def _get_outstanding_accounts(self, move, run):
        """Return the accounts on which payments wait for the bank.

        To override where money waits elsewhere.

        :param move: the counterpart's entry
        :param run: `Run`
        """
        if move.origin_payment_id:
            return move.origin_payment_id._get_valid_liquidity_accounts()
        if move.statement_line_id:
            return move.journal_id.default_account_id
        company = move.company_id
        if company not in run.accounts:
            run.accounts[company] = self._get_company_accounts(company)
        return run.accounts[company]

    @api.model
    def _get_company_accounts(self, company):
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
    def _get_company_policy(self, company):
        """Return what counts as collected in a company, as `Policy`."""
        return Policy(
            company.parts_collected_policy == "cleared",
            company.parts_collected_discount,
            company.parts_collected_fees,
            company.parts_collected_withheld,
        )

    @api.model
    def _get_weights(self, settlements, document):
        """Return {`Collection`: weight} of one invoice or credit note.

        The weight is the part of the document's promise that a collection earns
        (0 to 1). With L the money, T the invoice's total, n what credit notes took
        of it (N the note's total):

        * invoice: L / (T − n); 1 where T is 0
        * credit note: L × (its part of n) / (T − n) / N for the money of each
          invoice that it is matched with, and L / N for money paid out on it.
        """
        settlement = settlements[document]
        if not settlement.total:
            return {settlement.settled: 1.0} if settlement.settled else {}
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

    @api.model
    def _get_collected_share(self, documents):
        """Return {document: share in % that is collected by its company's policy}.

        :param documents: customer invoices and credit notes, as superuser
        """
        shares = {}
        matched = self.env["parts.commission.engine"]._get_matched_documents(documents)
        for company, own in documents.grouped("company_id").items():
            policy = self._get_company_policy(company)
            settlements = self._get_settlements(own | matched, policy=policy)
            for document in own:
                weights = self._get_weights(settlements, document)
                shares[document] = 100.0 * min(sum(weights.values()), 1.0)
        return shares
