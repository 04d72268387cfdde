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
    "parts.commission.entry": ["amount", "amount_currency", "move_id"],
    "parts.contract": [
        "company_id",
        "currency_id",
        "current_version_id",
        "date_accepted",
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
        "version_id",
    ],
    "parts.contract.share": ["contract_id", "move_id", "part_from", "part_to"],
    "parts.contract.version": ["amount_total"],
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
MONEY = (
    "collected",
    "other",
    "collected_currency",
    "other_currency",
    "days_late",
    "worst_late",
    "late_count",
    "rejected_count",
)
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
        self._flush()
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
    def _flush(self):
        for model, names in READS.items():
            self.env[model].flush_model(names)

    # === THE QUERY === #

    @api.model
    def _query(
        self, keys=None, date=None, companies=None, result="figures", money=True
    ):
        """Return SQL of a table with ``key`` and ``COLUMNS``, in brackets.

        :param keys: work out these alone; None: all
        :param date: as it stood at the end of this day
        :param companies: ``res.company`` whose contracts are looked at; None: all
        :param str result: ``figures``, or ``waterfall``: instalments with their due
            date and what is not yet paid of them
        :param money: False: the columns of ``MONEY`` are not asked for, and wrong
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
            "today": date or fields.Date.context_today(self),
            "money": money or bool(date),
        }
        return SQL(
            """(
            WITH %(sets)s, %(documents)s, %(settled)s, %(named)s, %(money)s,
                 %(paid)s, %(loose)s, %(sold)s, %(earned)s, %(base)s, %(total)s,
                 %(plan)s
            %(result)s
            )""",
            sets=self._with_sets(scope),
            documents=self._with_documents(scope),
            settled=self._with_settled(scope),
            named=self._with_named(scope),
            money=self._with_money(scope),
            paid=self._with_paid(scope),
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
    def _part(self, amount, digits):
        """Return SQL of a contract's part of an amount of a document.

        The parts of a document are cut at the same places, so that they add up to it.
        """
        return SQL(
            "(CASE WHEN part_from = 0 AND part_to = 1 THEN ROUND((%(amount)s)::numeric,"
            " %(digits)s) ELSE ROUND(((%(amount)s) * part_to)::numeric, %(digits)s)"
            " - ROUND(((%(amount)s) * part_from)::numeric, %(digits)s) END)",
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
            firm (id, zone, currency_id, digits, cleared, discount, fees, withheld) AS (
                VALUES %(values)s
            ), receivable AS MATERIALIZED (
                SELECT id FROM account_account
                 WHERE account_type = 'asset_receivable'
            ), liquid AS MATERIALIZED (
                SELECT id FROM account_account
                 WHERE account_type IN ('asset_cash', 'liability_credit_card')
                 UNION
                SELECT payment_account_id FROM account_payment_method_line
                 WHERE payment_account_id IS NOT NULL
                 UNION
                SELECT id FROM account_account WHERE id IN %(outstanding)s
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
            )""",
            values=values,
            outstanding=self._outstanding_ids(scope["companies"]),
        )

    @api.model
    def _outstanding_ids(self, companies):
        """Return the ids of the accounts on which payments wait for the bank."""
        collected = self.env["parts.commission.collected"].sudo()
        accounts = collected.env["account.account"]
        for company in companies:
            accounts |= collected._get_company_accounts(company)
        return tuple(accounts.ids) or (0,)

    @api.model
    def _with_total(self, scope):
        """The figures side by side.

        ``promised``: what is expected to come in all: what was invoiced and, while the
        contract is in force, what it promises beyond what was ever invoiced. A credit
        note takes it back; the invoice in its place does not count twice.
        """
        return SQL(
            """
            claim AS (
                SELECT base.key, base.company_id, base.contract_id,
                       COALESCE(billed.amount, 0) - COALESCE(paid.settled, 0)
                       + COALESCE(loose.amount, 0) AS receivable
                  FROM base
                  LEFT JOIN billed ON billed.key = base.key
                  LEFT JOIN paid ON paid.key = base.key
                  LEFT JOIN loose ON loose.key = base.key
            ), books AS (
                SELECT 2 * line.company_id + 1 AS key, SUM(line.balance) AS amount
                  FROM account_move_line line
                 WHERE line.account_id IN (SELECT id FROM receivable)
                   AND line.parent_state = 'posted' AND %(books)s AND %(until)s
                 GROUP BY line.company_id
            ), rest AS (
                SELECT books.key, books.amount
                       - COALESCE(SUM(claim.receivable), 0) AS receivable
                  FROM books
                  LEFT JOIN claim ON 2 * claim.company_id + 1 = books.key
                   AND claim.contract_id IS NOT NULL
                 GROUP BY books.key, books.amount
            ), total AS (
                SELECT base.*,
                       COALESCE(sold.ordered, 0) AS ordered,
                       COALESCE(sold.delivered, 0) AS delivered,
                       COALESCE(sold.ordered_own, 0) AS ordered_own,
                       COALESCE(sold.delivered_own, 0) AS delivered_own,
                       COALESCE(billed.amount, 0) AS invoiced,
                       COALESCE(billed.own, 0) AS invoiced_own,
                       -COALESCE(billed.credited, 0) AS credited,
                       -COALESCE(billed.credited_own, 0) AS credited_own,
                       COALESCE(paid.collected, 0) - COALESCE(loose.money, 0)
                           AS collected,
                       COALESCE(paid.collected_own, 0) - COALESCE(loose.money_own, 0)
                           AS collected_own,
                       COALESCE(paid.settled, 0) - COALESCE(paid.collected, 0)
                       - COALESCE(loose.amount, 0) + COALESCE(loose.money, 0)
                           AS other,
                       COALESCE(paid.settled_own, 0)
                       - COALESCE(paid.collected_own, 0)
                       - COALESCE(loose.own, 0) + COALESCE(loose.money_own, 0)
                           AS other_own,
                       CASE WHEN base.contract_id IS NULL
                            THEN COALESCE(rest.receivable, 0)
                            ELSE claim.receivable END AS receivable,
                       CASE WHEN base.contract_id IS NULL
                            THEN COALESCE(rest.receivable, 0) - claim.receivable
                            ELSE 0 END AS unmatched,
                       COALESCE(billed.own, 0) - COALESCE(paid.settled_own, 0)
                           + COALESCE(loose.own, 0) AS receivable_own,
                       GREATEST(COALESCE(billed.due, 0) - COALESCE(paid.due, 0), 0)
                           AS due,
                       GREATEST(COALESCE(billed.overdue, 0)
                                - COALESCE(paid.overdue, 0), 0) AS overdue,
                       GREATEST(COALESCE(billed.due_own, 0)
                                - COALESCE(paid.due_own, 0), 0) AS due_own,
                       GREATEST(COALESCE(billed.overdue_own, 0)
                                - COALESCE(paid.overdue_own, 0), 0) AS overdue_own,
                       COALESCE(earned.amount, 0) AS commission,
                       COALESCE(earned.own, 0) AS commission_own,
                       CASE WHEN paid.timed > 0
                            THEN paid.late_amount / paid.timed ELSE 0 END AS days_late,
                       COALESCE(paid.worst_late, 0) AS worst_late,
                       COALESCE(paid.late_count, 0) AS late_count,
                       CASE WHEN base.state IN ('effective', 'suspended')
                            THEN GREATEST(
                                COALESCE(billed.own, 0)
                                    - COALESCE(billed.credited_own, 0),
                                CASE WHEN base.kind = 'framework' THEN 0
                                     ELSE base.amount END,
                                COALESCE(sold.ordered_own, 0))
                                + COALESCE(billed.credited_own, 0)
                            ELSE COALESCE(billed.own, 0) END AS promised
                  FROM base
                  JOIN claim ON claim.key = base.key
                  LEFT JOIN rest ON rest.key = base.key
                  LEFT JOIN sold ON sold.key = base.key
                  LEFT JOIN billed ON billed.key = base.key
                  LEFT JOIN paid ON paid.key = base.key
                  LEFT JOIN loose ON loose.key = base.key
                  LEFT JOIN earned ON earned.key = base.key
            )""",
            books=SQL("TRUE") if scope["only"] is None else SQL("FALSE"),
            until=self._until(SQL("line.date"), scope),
        )

    @api.model
    def _result(self, scope):
        return SQL(
            """
            SELECT key,
                   ROUND(amount / COALESCE(NULLIF(rate_then, 0), 1)::numeric, digits)
                       AS amount,
                   ROUND(ordered, digits) AS ordered,
                   ROUND(delivered, digits) AS delivered,
                   invoiced, credited, collected, other, unmatched, receivable,
                   CASE WHEN planned THEN ROUND(plan_due / rate, digits) ELSE due END
                       AS due,
                   CASE WHEN planned THEN ROUND(plan_overdue / rate, digits)
                        ELSE overdue END AS overdue,
                   ROUND(to_come / rate, digits) AS to_come,
                   commission,
                   amount AS amount_currency,
                   ROUND(ordered_own, own_digits) AS ordered_currency,
                   ROUND(delivered_own, own_digits) AS delivered_currency,
                   invoiced_own AS invoiced_currency,
                   credited_own AS credited_currency,
                   collected_own AS collected_currency,
                   other_own AS other_currency,
                   unmatched AS unmatched_currency,
                   CASE WHEN contract_id IS NULL THEN receivable
                        ELSE receivable_own END AS receivable_currency,
                   CASE WHEN planned THEN plan_due ELSE due_own END AS due_currency,
                   CASE WHEN planned THEN plan_overdue ELSE overdue_own END
                       AS overdue_currency,
                   to_come AS to_come_currency,
                   commission_own AS commission_currency,
                   ROUND(days_late, 1) AS days_late, worst_late, late_count,
                   rejected_count,
                   CASE WHEN ordered > 0
                        THEN ROUND(100 * delivered / ordered, 1) ELSE 0 END
                       AS taken_percent
              FROM (
                SELECT total.*, plan.key IS NOT NULL AS planned,
                       plan.due AS plan_due, plan.overdue AS plan_overdue,
                       COALESCE(NULLIF(total.rate_now, 0), 1)::numeric AS rate,
                       GREATEST(total.promised
                                - (total.invoiced_own - total.receivable_own)
                                - COALESCE(plan.due, total.due_own), 0) AS to_come,
                       COALESCE(bounced_count.number, 0) AS rejected_count
                  FROM total
                  LEFT JOIN plan ON plan.key = total.key
                  LEFT JOIN bounced_count ON bounced_count.key = total.key
              ) figures
            """
        )
