"""An oracle of the contract ledger: slow, plain Python, from the definition (CON-6).

It reads rows of journal items, matchings, payments and orders, one by one, and shares
no code with the addon. Money is exact (Decimal).
"""

from collections import defaultdict
from decimal import Decimal

SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")
VOID = ("draft", "rejected", "canceled")


def _rows(cr, query, *params):
    cr.execute(query, params)
    names = [column.name for column in cr.description]
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]


def _money(value):
    return Decimal(str(value or 0))


def ledger(cr, company_id):
    """Return ``{contract id or None: {figure: Decimal}}`` with ``ordered``,
    ``invoiced``, ``collected`` and ``receivable`` in company currency.
    """
    book = _Book(cr, company_id)
    result = defaultdict(lambda: defaultdict(Decimal))
    for order in _rows(
        cr,
        """SELECT sale.parts_contract_id AS contract,
                  line.price_total / sale.currency_rate AS total
             FROM sale_order_line line JOIN sale_order sale ON sale.id = line.order_id
            WHERE sale.company_id = %s AND sale.state = 'sale'
              AND line.display_type IS NULL AND NOT COALESCE(is_downpayment, FALSE)""",
        company_id,
    ):
        result[order["contract"]]["ordered"] += _money(order["total"])
    for item in book.items.values():
        for contract, share in book.shares(item).items():
            figures = result[contract]
            figures["receivable"] += book.open(item) * share
            if item["move_type"] in SALE_TYPES:
                figures["invoiced"] += _money(item["balance"]) * share
                figures["collected"] += book.collected(item) * share
    return result


class _Book:
    def __init__(self, cr, company_id):
        self.items = {
            row["id"]: row
            for row in _rows(
                cr,
                """SELECT line.id, line.move_id, line.balance, move.move_type,
                          move.state, move.parts_contract_id AS contract
                     FROM account_move_line line
                     JOIN account_move move ON move.id = line.move_id
                     JOIN account_account account ON account.id = line.account_id
                    WHERE line.company_id = %s AND move.state = 'posted'
                      AND account.account_type = 'asset_receivable'""",
                company_id,
            )
        }
        self.payments = {
            row["move_id"]: row
            for row in _rows(
                cr,
                "SELECT move_id, state, parts_contract_id AS contract"
                " FROM account_payment WHERE move_id IS NOT NULL",
            )
        }
        self.partials = [
            row
            for row in _rows(
                cr,
                "SELECT amount, debit_move_id, credit_move_id, debit_amount_currency,"
                " credit_amount_currency FROM account_partial_reconcile",
            )
            if self._counts(row["debit_move_id"])
            and self._counts(row["credit_move_id"])
        ]
        self.lines = defaultdict(list)
        for row in _rows(
            cr,
            """SELECT line.move_id, line.balance, line.amount_currency,
                      line.price_total, line.display_type, account.account_type,
                      account.id AS account, line.id,
                      (SELECT sale.parts_contract_id
                         FROM sale_order_line_invoice_rel rel
                         JOIN sale_order_line sold ON sold.id = rel.order_line_id
                         JOIN sale_order sale ON sale.id = sold.order_id
                        WHERE rel.invoice_line_id = line.id LIMIT 1) AS contract,
                      EXISTS (SELECT FROM sale_order_line_invoice_rel rel
                               WHERE rel.invoice_line_id = line.id) AS sold,
                      COALESCE(line.account_id = payment.outstanding_account_id, FALSE)
                          AS waits
                 FROM account_move_line line
                 LEFT JOIN account_account account ON account.id = line.account_id
                 LEFT JOIN account_payment payment ON payment.move_id = line.move_id
                WHERE line.company_id = %s""",
            company_id,
        ):
            self.lines[row["move_id"]].append(row)

    def _counts(self, item_id):
        item = self.items.get(item_id)
        if item is None:
            return False
        payment = self.payments.get(item["move_id"])
        return not payment or payment["state"] not in VOID

    def open(self, item):
        amount = _money(item["balance"])
        for partial in self.partials:
            if partial["debit_move_id"] == item["id"]:
                amount -= _money(partial["amount"])
            if partial["credit_move_id"] == item["id"]:
                amount += _money(partial["amount"])
        return amount

    def collected(self, item):
        total = Decimal()
        for partial in self.partials:
            for own, other, sign in (
                ("debit_move_id", "credit_move_id", 1),
                ("credit_move_id", "debit_move_id", -1),
            ):
                if partial[own] == item["id"]:
                    total += sign * self._money_of(partial, partial[other], other)
        return total

    def _money_of(self, partial, other_id, side):
        other = self.items[other_id]
        if other["move_type"] in SALE_TYPES:
            return Decimal()
        cash = claim = Decimal()
        for line in self.lines[other["move_id"]]:
            if (
                line["account_type"] in ("asset_cash", "liability_credit_card")
                or (line["waits"])
            ):
                cash += _money(line["balance"])
            elif line["account_type"] == "asset_receivable":
                claim += _money(line["balance"])
        ratio = -cash / claim if claim else Decimal()
        row = next(
            line for line in self.lines[other["move_id"]] if line["id"] == other_id
        )
        amount = _money(partial["amount"])
        if row["amount_currency"]:
            part = _money(partial[side.replace("move_id", "amount_currency")])
            amount = abs(_money(row["balance"]) / _money(row["amount_currency"])) * part
        return amount * ratio

    def shares(self, item):
        if item["move_type"] not in SALE_TYPES:
            payment = self.payments.get(item["move_id"])
            named = item["contract"]
            if payment:
                named = payment["contract"]
                if payment["state"] in VOID:
                    named = None
            return {named: Decimal(1)}
        amounts = defaultdict(Decimal)
        for line in self.lines[item["move_id"]]:
            if line["display_type"] == "product":
                contract = line["contract"] if line["sold"] else item["contract"]
                amounts[contract] += _money(line["price_total"])
        total = sum(amounts.values())
        if not total:
            return {item["contract"]: Decimal(1)}
        return {contract: amount / total for contract, amount in amounts.items()}
