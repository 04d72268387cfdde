"""An oracle of the contract ledger: slow, plain Python, from the definition (CON-6).

It reads rows of journal items, matchings, payments, orders and transfers, one by one,
and shares no code with the addon. Money is exact (Decimal).
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

SALE_TYPES = ("out_invoice", "out_refund", "out_receipt")
VOID = ("draft", "rejected", "canceled")
ZERO, ONE = Decimal(), Decimal(1)


def _rows(cr, query, *params):
    cr.execute(query, params)
    names = [column.name for column in cr.description]
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]


def _money(value):
    return Decimal(str(value or 0))


def ledger(cr, company_id, today):
    """Return ``{contract id or None: {figure: Decimal}}`` in company currency, and with
    ``_currency`` behind it in the contract's.

    Company policy: registered, liquidity only; no cheque that matures later.

    :param today: date
    """
    return _Ledger(cr, company_id, today).figures()


class _Ledger:
    def __init__(self, cr, company_id, today):
        self.cr, self.company_id, self.today = cr, company_id, today
        self.book = _Book(cr, company_id)
        (self.company,) = _rows(
            cr, "SELECT currency_id FROM res_company WHERE id = %s", company_id
        )
        self.contracts = {
            row["id"]: row
            for row in _rows(
                cr,
                """SELECT contract.id, contract.currency_id, contract.kind,
                          contract.state, contract.date_effective,
                          version.id AS version_id, version.amount_total
                     FROM parts_contract contract
                     JOIN parts_contract_version version
                       ON version.id = contract.current_version_id
                    WHERE contract.company_id = %s""",
                company_id,
            )
        }
        self.result = defaultdict(lambda: defaultdict(Decimal))

    def figures(self):
        for id_ in self.contracts:
            self.result[id_]["open"] = ZERO
        self._sold()
        for item in self.book.items.values():
            for id_, share in self.book.shares(item).items():
                self._item(id_, item, share)
        for id_, row in self.contracts.items():
            self._due(row, self.result[id_])
        return self.result

    # === CURRENCIES === #

    def _own(self, id_, amount, document_amount, currency_id, date):
        """An amount in the contract's currency."""
        mine = self._currency(id_)
        if mine == self.company["currency_id"]:
            return amount
        if mine == currency_id:
            return document_amount
        return amount * self._rate(mine, date)

    def _currency(self, id_):
        if id_ is None:
            return self.company["currency_id"]
        return self.contracts[id_]["currency_id"]

    def _rate(self, currency_id, date):
        rows = _rows(
            self.cr,
            """SELECT name, rate FROM res_currency_rate WHERE currency_id = %s
                  AND (company_id = %s OR company_id IS NULL) ORDER BY name""",
            currency_id,
            self.company_id,
        )
        before = [row["rate"] for row in rows if row["name"] <= date]
        return _money(before[-1] if before else rows[0]["rate"] if rows else 1)

    # === ORDERS === #

    def _sold(self):
        for line in _rows(
            self.cr,
            """SELECT line.id, sale.parts_contract_id AS contract, line.price_total,
                      line.product_uom_qty AS quantity, sale.currency_rate AS per,
                      sale.currency_id, sale.date_order::date AS date
                 FROM sale_order_line line
                 JOIN sale_order sale ON sale.id = line.order_id
                WHERE sale.company_id = %s AND sale.state = 'sale'
                  AND line.display_type IS NULL
                  AND NOT COALESCE(is_downpayment, FALSE)""",
            self.company_id,
        ):
            total = _money(line["price_total"])
            moved = self._moved(line["id"])
            gone = total / _money(line["quantity"]) * moved if moved else ZERO
            row = self.result[line["contract"]]
            for name, amount in (("ordered", total), ("delivered", gone)):
                company = amount / _money(line["per"])
                row[name] += company
                row[f"{name}_currency"] += self._own(
                    line["contract"], company, amount, line["currency_id"], line["date"]
                )

    def _moved(self, line_id):
        quantity = ZERO
        for move in _rows(
            self.cr,
            """SELECT move.quantity, source.usage AS source, target.usage AS target,
                      move.to_refund
                 FROM stock_move move
                 JOIN stock_location source ON source.id = move.location_id
                 JOIN stock_location target ON target.id = move.location_dest_id
                WHERE move.sale_line_id = %s AND move.state = 'done'""",
            line_id,
        ):
            if move["target"] == "customer":
                quantity += _money(move["quantity"])
            elif move["source"] == "customer" and move["to_refund"]:
                quantity -= _money(move["quantity"])
        return quantity

    # === BOOKS === #

    def _item(self, id_, item, share):
        if id_ is not None and id_ not in self.contracts:
            id_ = None
        row = self.result[id_]
        place = (item["currency_id"], item["invoice_date"] or item["date"])
        open_, open_own = (part * share for part in self.book.open(item))
        open_own = self._own(id_, open_, open_own, *place)
        row["receivable"] += open_
        row["receivable_currency"] += open_own
        if item["move_type"] not in SALE_TYPES:
            # an advance: what a payment that names a contract does not settle
            if id_ is not None:
                ratio = self.book.ratio(item["move_id"])
                row["collected"] -= open_ * ratio
                row["collected_currency"] -= open_own * ratio
            return
        balance = _money(item["balance"]) * share
        own = self._own(id_, balance, _money(item["amount_currency"]) * share, *place)
        collected, collected_own = (part * share for part in self.book.collected(item))
        row["invoiced"] += balance
        row["invoiced_currency"] += own
        row["collected"] += collected
        row["collected_currency"] += self._own(id_, collected, collected_own, *place)
        if item["move_type"] == "out_refund":
            row["credited"] -= balance
            row["credited_currency"] -= own
        if item["date_maturity"] <= self.today:
            row["open_due"] += open_
            row["open_due_currency"] += open_own
        if item["date_maturity"] < self.today:
            row["open_overdue"] += open_
            row["open_overdue_currency"] += open_own

    # === DUE === #

    def _due(self, contract, row):
        for name in ("due", "overdue"):
            for tail in ("", "_currency"):
                row[f"{name}{tail}"] = max(row[f"open_{name}{tail}"], ZERO)
        credited = row["credited_currency"]
        promised = row["invoiced_currency"]
        if contract["state"] in ("effective", "suspended"):
            agreed = _money(contract["amount_total"])
            if contract["kind"] == "framework":
                agreed = ZERO
            ever = row["invoiced_currency"] + credited
            promised = max(ever, agreed, row["ordered_currency"]) - credited
        paid = row["invoiced_currency"] - row["receivable_currency"]
        rate = ONE
        if contract["currency_id"] != self.company["currency_id"]:
            rate = self._rate(contract["currency_id"], self.today)
        plan = self._plan(contract)
        if plan:
            self._waterfall(plan, promised, paid, rate, row)
        row["to_come_currency"] = max(promised - paid - row["due_currency"], ZERO)
        row["to_come"] = row["to_come_currency"] / rate

    def _waterfall(self, plan, promised, paid, rate, row):
        room, money = max(promised, ZERO), max(paid, ZERO)
        row["due_currency"] = row["overdue_currency"] = ZERO
        for amount, date in plan:
            part = min(amount, room)
            room -= part
            settled = min(part, money)
            money -= settled
            if date and date <= self.today:
                row["due_currency"] += part - settled
            if date and date < self.today:
                row["overdue_currency"] += part - settled
        for name in ("due", "overdue"):
            row[name] = row[f"{name}_currency"] / rate

    def _plan(self, contract):
        """Instalments by the order of their dates; shares of a framework hold for each
        order, and come with its invoices.
        """
        plan = []
        for row in _rows(
            self.cr,
            """SELECT id, sequence, amount, event, days, date, value
                 FROM parts_contract_instalment WHERE version_id = %s""",
            contract["version_id"],
        ):
            if contract["kind"] == "framework" and row["value"] == "percent":
                continue
            date = {
                "date": row["date"],
                "signing": contract["date_effective"],
                "delivery": self._first_delivery(contract["id"]),
            }[row["event"]]
            if date:
                date = date + timedelta(days=row["days"] or 0)
            order = (date is None, date or self.today, row["sequence"], row["id"])
            plan.append((order, _money(row["amount"]), date))
        return [(amount, date) for _order, amount, date in sorted(plan)]

    def _first_delivery(self, contract_id):
        (row,) = _rows(
            self.cr,
            """SELECT MIN(move.date)::date AS date FROM stock_move move
                 JOIN sale_order_line line ON line.id = move.sale_line_id
                 JOIN sale_order sale ON sale.id = line.order_id
                 JOIN stock_location place ON place.id = move.location_dest_id
                WHERE sale.parts_contract_id = %s AND move.state = 'done'
                  AND place.usage IN ('customer', 'transit')""",
            contract_id,
        )
        return row["date"]


class _Book:
    """Items on receivable accounts, and what they settle."""

    def __init__(self, cr, company_id):
        self.items = {
            row["id"]: row
            for row in _rows(
                cr,
                """SELECT line.id, line.move_id, line.balance, line.amount_currency,
                          line.currency_id, line.date_maturity, move.move_type,
                          move.invoice_date, move.date,
                          move.parts_contract_id AS contract
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

    def _settling(self, item):
        """Yield (matching, side of the other item, sign) of what settles an item."""
        for partial in self.partials:
            if partial["debit_move_id"] == item["id"]:
                yield partial, "credit", 1
            if partial["credit_move_id"] == item["id"]:
                yield partial, "debit", -1

    def open(self, item):
        """What is open of an item, in company currency and in its own."""
        amount, own = _money(item["balance"]), _money(item["amount_currency"])
        for partial, other, sign in self._settling(item):
            mine = "debit" if other == "credit" else "credit"
            amount -= sign * _money(partial["amount"])
            own -= sign * _money(partial[f"{mine}_amount_currency"])
        return amount, own

    def collected(self, item):
        """What came in as money of an item, in company currency and in its own."""
        amount = own = ZERO
        for partial, other, sign in self._settling(item):
            row = self.items[partial[f"{other}_move_id"]]
            if row["move_type"] in SALE_TYPES:
                continue
            mine = "debit" if other == "credit" else "credit"
            ratio = self.ratio(row["move_id"])
            part = _money(partial["amount"])
            if row["amount_currency"]:
                part = _money(partial[f"{other}_amount_currency"])
                # what it was worth on the day when it came
                part *= abs(_money(row["balance"]) / _money(row["amount_currency"]))
            amount += sign * part * ratio
            own += sign * _money(partial[f"{mine}_amount_currency"]) * ratio
        return amount, own

    def ratio(self, move_id):
        """Which part of what an entry settles is money."""
        cash = claim = ZERO
        for line in self.lines[move_id]:
            if line["waits"] or line["account_type"] in (
                "asset_cash",
                "liability_credit_card",
            ):
                cash += _money(line["balance"])
            elif line["account_type"] == "asset_receivable":
                claim += _money(line["balance"])
        return min(max(-cash / claim, ZERO), ONE) if claim else ZERO

    def shares(self, item):
        if item["move_type"] not in SALE_TYPES:
            payment = self.payments.get(item["move_id"])
            named = item["contract"]
            if payment:
                named = payment["contract"]
                if payment["state"] in VOID:
                    named = None
            return {named: ONE}
        amounts = defaultdict(Decimal)
        for line in self.lines[item["move_id"]]:
            if line["display_type"] == "product":
                contract = line["contract"] if line["sold"] else item["contract"]
                amounts[contract] += _money(line["price_total"])
        total = sum(amounts.values())
        if not total:
            return {item["contract"]: ONE}
        return {contract: amount / total for contract, amount in amounts.items()}
