from odoo import api, fields, models
from odoo.tools import SQL

# What the queries read; written down before they run
READS = {
    "account.move": [
        "amount_total",
        "amount_untaxed",
        "currency_id",
        "date",
        "invoice_date",
        "move_type",
        "parts_contract_id",
        "state",
    ],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "balance",
        "company_id",
        "date",
        "date_maturity",
        "move_id",
        "parent_state",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
    ],
    "account.payment": [
        "move_id",
        "outstanding_account_id",
        "parts_contract_id",
        "parts_maturity_date",
        "state",
    ],
    "parts.commission.basis": ["move_id"],
    "parts.commission.entry": ["amount", "amount_currency", "basis_id", "date"],
    "parts.contract": [
        "company_id",
        "currency_id",
        "current_version_id",
        "date_accepted",
        "date_closed",
        "date_effective",
        "kind",
        "state",
    ],
    "parts.contract.instalment": [
        "amount",
        "contract_id",
        "date",
        "days",
        "event",
        "sequence",
        "value",
        "version_id",
    ],
    "parts.contract.share": ["contract_id", "move_id", "part_from", "part_to"],
    "parts.contract.version": [
        "amount_total",
        "contract_id",
        "date_effective",
        "number",
    ],
    "sale.order": ["currency_rate", "date_order", "parts_contract_id", "state"],
    "sale.order.line": [
        "discount",
        "order_id",
        "price_total",
        "price_unit",
        "product_uom_qty",
        "qty_delivered",
    ],
    "stock.move": ["date", "quantity", "sale_line_id", "state"],
}
# Amounts of a contract: each in company currency, and with "_currency" in its own
AMOUNTS = (
    "amount",
    "ordered",
    "delivered",
    "invoiced",
    "credited",
    "collected",
    "other",
    "unmatched",
    "receivable",
    "due",
    "overdue",
    "to_come",
    "commission",
)
# How the customer keeps it (CON-13)
CONDUCT = ("days_late", "worst_late", "late_count", "rejected_count", "taken_percent")
# What takes to look at every entry that settled something
MONEY = frozenset(
    (
        "collected",
        "other",
        "collected_currency",
        "other_currency",
        "days_late",
        "worst_late",
        "late_count",
        "rejected_count",
    )
)
EARNED = frozenset(("commission", "commission_currency"))
GOODS = frozenset(("delivered", "delivered_currency", "taken_percent"))
COLUMNS = (*AMOUNTS, *(f"{name}_currency" for name in AMOUNTS), *CONDUCT)


class PartsContractFigures(models.AbstractModel):
    """What the ledger of contracts shows, worked out from Odoo's own records (CON-6).

    One query per question, whatever the number of contracts; nothing is kept, so that
    nothing goes stale. What belongs to which contract:

    * an order: its own contract;
    * an invoice or credit note: ``parts_contract_id``, or its shares where it is over
      several (``parts.contract.share``);
    * money: the invoice that it is matched with. What a payment does not settle belongs
      to the contract that it names, else to none.

    A settlement counts only if both sides are posted and its payment is neither
    rejected nor cancelled. *Collected* is money by the company's policy; the rest of
    what is settled is *other*: write-offs, discounts, offsets, exchange differences.
    What is left of the general ledger's receivable accounts is "without contract", so
    that both are equal to the cent. A figure's key is ``2 × contract id``, or
    ``2 × company id + 1`` for the line without contract.
    """

    _name = "parts.contract.figures"
    _description = "Figures of Contracts"

    # === DOORS === #

    @api.model
    def _of(self, contracts, date=None):
        """Return ``{contract id: {column: value}}``, see ``COLUMNS``; in company
        currency, with ``_currency`` behind it in the contract's.

        :param contracts: ``parts.contract``, that the caller may see
        :param date: as it stood at the end of this day, by the documents' dates
        """
        rows = self._rows([2 * id_ for id_ in contracts.ids], date=date)
        return {key // 2: row for key, row in rows.items()}

    @api.model
    def _rows(self, keys, date=None, companies=None):
        """Return ``{key: {column: value}}`` of ledger lines.

        :param list keys: keys, see the class; contracts and companies
        :param companies: ``res.company`` that they are of; None: any
        """
        if not keys:
            return {}
        self._flush_facts()
        query = SQL(
            "SELECT key, %s FROM %s AS figures WHERE key IN %s",
            SQL(", ").join(map(SQL.identifier, COLUMNS)),
            self._query(keys=keys, date=date, companies=companies),
            tuple(keys),
        )
        rows = self.env.execute_query(query)
        return {
            row[0]: dict(zip(COLUMNS, map(float, row[1:]), strict=True)) for row in rows
        }

    @api.model
    def _flush_facts(self):
        for model, names in READS.items():
            self.env[model].flush_model(names)

    # === THE QUERY === #

    @api.model
    def _query(
        self, keys=None, date=None, companies=None, result="figures", columns=COLUMNS
    ):
        """Return SQL of a table with ``key`` and ``COLUMNS``, in brackets.

        :param keys: work out these alone; None: all
        :param date: as it stood at the end of this day
        :param companies: ``res.company`` whose contracts are looked at; None: all
        :param str result: ``figures``, or ``waterfall``: instalments with their due
            date and what is not yet paid of them
        :param columns: those that are asked for; others may be wrong
        """
        companies = companies or self.env["res.company"].sudo().search([])
        only = None
        if keys is not None:
            only = [key // 2 for key in keys if not key % 2]
            if len(only) < len(keys):
                # the line without contract is what all the others leave over
                only = None
        scope = {
            "companies": companies,
            "only": only,
            "date": date,
            "receivable": self._receivable_ids(),
            "liquid": self._liquid_ids(companies),
            "today": date or fields.Date.context_today(self),
            "money": bool(date) or not MONEY.isdisjoint(columns),
            "earned": not EARNED.isdisjoint(columns),
            "delivered": not GOODS.isdisjoint(columns),
        }
        scope["bulk"] = only is None and not date
        return SQL(
            """(
            WITH %(sets)s, %(settling)s %(documents)s, %(settled)s, %(named)s %(money)s,
                 %(paid)s %(held)s, %(loose)s, %(sold)s, %(earned)s, %(base)s,
                 %(total)s, %(plan)s
            %(result)s
            )""",
            sets=self._with_sets(scope),
            settling=self._with_settling(scope),
            documents=self._with_documents(scope),
            settled=self._with_settled(scope),
            named=self._with_named(scope),
            money=self._with_money(scope),
            paid=self._with_paid(scope),
            held=self._with_held(scope),
            loose=self._with_loose(scope),
            sold=self._with_sold(scope),
            earned=self._with_earned(scope),
            base=self._with_base(scope),
            total=self._with_total(scope),
            plan=self._with_plan(scope),
            result=self._result(scope)
            if result == "figures"
            else SQL("SELECT id, date, unpaid FROM waterfall"),
        )

    @api.model
    def _until(self, column, scope):
        """Return the condition that a date is not after the day asked for."""
        if not scope["date"]:
            return SQL("TRUE")
        return SQL("%s <= %s", column, scope["date"])

    @api.model
    def _zone(self, company):
        """Return the time zone in which a company's days begin: the same for everyone
        who looks.
        """
        return company.resource_calendar_id.tz or "UTC"

    @api.model
    def _day(self, column):
        """Return SQL of the company's day of a moment; ``firm`` is at hand."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE firm.zone)::date", column)

    @api.model
    def _part(self, amount, digits, exact=False):
        """Return SQL of a contract's part of an amount of a document.

        The parts of a document are cut at the same places, so that they add up to it.

        :param bool exact: the amount has no more than these digits
        """
        return SQL(
            "(CASE WHEN whole THEN %(whole)s"
            " ELSE ROUND((%(amount)s) * part_to, %(digits)s)"
            " - ROUND((%(amount)s) * part_from, %(digits)s) END)",
            whole=amount if exact else SQL("ROUND(%s, %s)", amount, digits),
            amount=amount,
            digits=digits,
        )

    @api.model
    def _rate(self, currency, company, date):
        """Return SQL of the units of a currency for one of the company's."""
        return SQL(
            """(SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = %(currency)s
                   AND (rate.company_id IS NULL OR rate.company_id = (
                        SELECT COALESCE(NULLIF(split_part(parent_path, '/', 1), ''),
                                        id::text)::int
                          FROM res_company WHERE id = %(company)s))
                 ORDER BY rate.company_id, (rate.name <= %(date)s) DESC,
                          CASE WHEN rate.name <= %(date)s THEN rate.name END DESC,
                          rate.name
                 LIMIT 1)""",
            currency=currency,
            company=company,
            date=date,
        )

    @api.model
    def _own(self, amount, currency_amount):
        """Return SQL of an amount in the contract's currency."""
        return SQL(
            "(CASE mode WHEN 1 THEN %(amount)s WHEN 2 THEN %(own)s"
            " ELSE %(amount)s * rate END)",
            amount=amount,
            own=currency_amount,
        )

    @api.model
    def _with_sets(self, scope):
        """Companies with what counts as collected, accounts, payments that bounced."""
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s)",
                company.id,
                self._zone(company),
                company.currency_id.id,
                company.currency_id.decimal_places,
                company.parts_collected_policy == "cleared",
                company.parts_collected_discount,
                company.parts_collected_fees,
                company.parts_collected_withheld,
            )
            for company in scope["companies"].sudo()
        )
        return SQL(
            """
            firm (id, zone, currency_id, digits, cleared, discount, fees, withheld)
                AS NOT MATERIALIZED (
                VALUES %(values)s
            ), receivable AS NOT MATERIALIZED (
                SELECT id FROM account_account WHERE id IN %(receivable)s
            ), liquid AS MATERIALIZED (
                SELECT id FROM account_account WHERE id IN %(liquid)s
            ), discounts AS MATERIALIZED (
                SELECT id AS company_id,
                       account_journal_early_pay_discount_loss_account_id AS account_id
                  FROM res_company
                 WHERE account_journal_early_pay_discount_loss_account_id IS NOT NULL
                 UNION
                SELECT id, account_journal_early_pay_discount_gain_account_id
                  FROM res_company
                 WHERE account_journal_early_pay_discount_gain_account_id IS NOT NULL
            ), bounced AS MATERIALIZED (
                SELECT move_id, state FROM account_payment
                 WHERE state IN ('draft', 'rejected', 'canceled')
                   AND move_id IS NOT NULL
            ), maturing AS MATERIALIZED (
                SELECT move_id FROM account_payment
                 WHERE parts_maturity_date > %(today)s AND move_id IS NOT NULL
            )""",
            values=values,
            receivable=scope["receivable"],
            liquid=scope["liquid"],
            today=scope["today"],
        )

    @api.model
    def _receivable_ids(self):
        """Return the ids of all receivable accounts; named one by one in the query,
        the database knows how much of the books they hold.
        """
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        found = accounts.search([("account_type", "=", "asset_receivable")])
        return tuple(found.ids) or (0,)

    @api.model
    def _liquid_ids(self, companies):
        """Return the ids of bank and cash accounts, and of those on which payments
        wait for the bank.
        """
        collected = self.env["parts.commission.collected"].sudo()
        everywhere = collected.env["account.account"].with_context(active_test=False)
        accounts = everywhere.search(
            [("account_type", "in", ("asset_cash", "liability_credit_card"))]
        )
        methods = collected.env["account.payment.method.line"].search(
            [("payment_account_id", "!=", False)]
        )
        accounts |= methods.payment_account_id
        for company in companies.sudo():
            accounts |= collected._get_company_accounts(company)
        return tuple(accounts.ids) or (0,)
