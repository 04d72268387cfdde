from odoo import api, models
from odoo.tools import SQL


class PartsContractFigures(models.AbstractModel):
    """Documents, what settles them, and which part of it is money."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.figures"

    @api.model
    def _with_documents(self, scope):
        """Posted invoices and credit notes, by contract, and their receivable items.

        ``mode``: the contract's currency is the company's (1), the document's (2), or a
        third one (3), reached over the company's at the document's date.
        """
        restricted = SQL("")
        if scope["only"] is not None:
            restricted = SQL(
                "AND move.id IN (SELECT id FROM account_move"
                " WHERE parts_contract_id IN %(ids)s UNION SELECT move_id"
                " FROM parts_contract_share WHERE contract_id IN %(ids)s)",
                ids=tuple(scope["only"]) or (0,),
            )
        return SQL(
            """
            document AS (
                SELECT move.id, move.company_id, move.move_type, move.currency_id,
                       COALESCE(move.invoice_date, move.date) AS date,
                       firm.digits, firm.currency_id AS firm_currency_id,
                       contract.currency_id AS contract_currency_id,
                       COALESCE(2 * contract.id, 2 * move.company_id + 1) AS key,
                       COALESCE(share.part_from, 0)::numeric AS part_from,
                       COALESCE(share.part_to, 1)::numeric AS part_to,
                       ABS(move.amount_total / NULLIF(move.amount_untaxed, 0)) AS gross
                  FROM account_move move
                  JOIN firm ON firm.id = move.company_id
                  LEFT JOIN parts_contract_share share ON share.move_id = move.id
                  LEFT JOIN parts_contract contract
                    ON contract.id = CASE WHEN share.id IS NULL
                                          THEN move.parts_contract_id
                                          ELSE share.contract_id END
                   AND contract.company_id = move.company_id
                 WHERE move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND %(until)s
                   %(restricted)s
            ), item AS MATERIALIZED (
                SELECT document.key, document.company_id, document.move_type,
                       document.part_from, document.part_to, document.digits,
                       document.gross, document.date, document.id AS move_id,
                       COALESCE(kept.decimal_places, document.digits) AS own_digits,
                       CASE WHEN COALESCE(document.contract_currency_id,
                                          document.firm_currency_id)
                                 = document.firm_currency_id THEN 1
                            WHEN document.contract_currency_id = document.currency_id
                            THEN 2 ELSE 3 END AS mode,
                       CASE WHEN document.contract_currency_id
                                 NOT IN (document.firm_currency_id,
                                         document.currency_id)
                            THEN %(rate)s END AS rate,
                       line.id, line.balance, line.amount_currency,
                       line.date_maturity
                  FROM document
                  JOIN account_move_line line ON line.move_id = document.id
                  LEFT JOIN res_currency kept
                    ON kept.id = document.contract_currency_id
                 WHERE line.account_id IN (SELECT id FROM receivable)
                   AND line.parent_state = 'posted'
            ), billed AS (
                SELECT key, SUM(%(balance)s) AS amount,
                       SUM(%(own)s) AS own,
                       SUM(%(balance)s) FILTER (WHERE move_type = 'out_refund')
                           AS credited,
                       SUM(%(own)s) FILTER (WHERE move_type = 'out_refund')
                           AS credited_own,
                       SUM(%(balance)s) FILTER (WHERE date_maturity <= %(today)s)
                           AS due,
                       SUM(%(balance)s) FILTER (WHERE date_maturity < %(today)s)
                           AS overdue,
                       SUM(%(own)s) FILTER (WHERE date_maturity <= %(today)s)
                           AS due_own,
                       SUM(%(own)s) FILTER (WHERE date_maturity < %(today)s)
                           AS overdue_own
                  FROM item
                 GROUP BY key
            )""",
            until=self._until(SQL("move.date"), scope),
            restricted=restricted,
            rate=self._rate(
                SQL("document.contract_currency_id"),
                SQL("document.company_id"),
                SQL("document.date"),
            ),
            balance=self._part(SQL("balance"), SQL("digits")),
            own=self._part(
                self._own(SQL("balance"), SQL("amount_currency")), SQL("own_digits")
            ),
            today=scope["today"],
        )

    @api.model
    def _with_settled(self, scope):
        """What settles these items: both sides posted, no payment that bounced."""
        return SQL(
            """
            matched AS (
                SELECT item.*, 1 AS side, partial.amount AS part,
                       partial.debit_amount_currency AS part_own,
                       partial.credit_amount_currency AS part_other,
                       partial.credit_move_id AS other_id
                  FROM item
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.id
                 UNION ALL
                SELECT item.*, -1, partial.amount,
                       partial.credit_amount_currency,
                       partial.debit_amount_currency,
                       partial.debit_move_id
                  FROM item
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = item.id
            ), %(settled)s""",
            settled=self._settled_money(scope)
            if scope["money"]
            else self._settled_alone(),
        )

    @api.model
    def _settled_alone(self):
        """Only how much was settled: the few items that do not count are left out,
        and no entry is looked at.
        """
        return SQL(
            """
            dead AS MATERIALIZED (
                SELECT id FROM account_move_line
                 WHERE parent_state <> 'posted' AND matching_number IS NOT NULL
                 UNION
                SELECT line.id
                  FROM bounced
                  JOIN account_move_line line ON line.move_id = bounced.move_id
            ), settled AS (
                SELECT matched.*, NULL::int AS other_move_id, 0 AS other_sign,
                       NULL::date AS other_date, FALSE AS may_be_money, part AS value
                  FROM matched
                 WHERE other_id NOT IN (SELECT id FROM dead)
            )"""
        )

    @api.model
    def _settled_money(self, scope):
        """How much was settled, and by which entries."""
        return SQL(
            """
            settled AS MATERIALIZED (
                SELECT matched.*, other.move_id AS other_move_id,
                       SIGN(other.balance) AS other_sign, other.date AS other_date,
                       move.move_type NOT IN
                           ('out_invoice', 'out_refund', 'out_receipt') AS may_be_money,
                       CASE WHEN other.currency_id = move_firm.currency_id
                                 OR COALESCE(other.amount_currency, 0) = 0
                            THEN matched.part
                            ELSE ABS(other.balance / other.amount_currency)
                                 * matched.part_other END AS value
                  FROM matched
                  JOIN account_move_line other ON other.id = matched.other_id
                  JOIN account_move move ON move.id = other.move_id
                  JOIN res_company move_firm ON move_firm.id = other.company_id
                 WHERE other.parent_state = 'posted'
                   AND other.move_id NOT IN (SELECT move_id FROM bounced)
                   AND %(until)s
            )""",
            until=self._until(SQL("other.date"), scope),
        )

    @api.model
    def _with_money(self, scope):
        """Which part of an entry that settles something is money, as
        ``parts.commission.collected`` defines it: ``ratio``, and ``taken`` by an
        early-payment discount that does not count.
        """
        return SQL(
            """
            paying AS MATERIALIZED (
                SELECT DISTINCT other_move_id AS move_id, other_sign AS sign
                  FROM settled
                 WHERE may_be_money
                 UNION
                SELECT move_id, SIGN(balance) FROM loose_item
            ), entry AS (
                SELECT paying.move_id, paying.sign, line.balance,
                       line.amount_currency, line.currency_id,
                       payment.parts_maturity_date > %(today)s
                           AND NOT firm.cleared AS waits,
                       firm.discount, firm.fees, firm.withheld,
                       payment.id IS NULL AND move.statement_line_id IS NULL AS plain,
                       line.account_id IN (SELECT id FROM liquid)
                           OR COALESCE(line.account_id = payment.outstanding_account_id,
                                       FALSE) AS is_liquid,
                       line.account_id IN (SELECT id FROM receivable)
                           AND SIGN(line.balance) = paying.sign AS is_side,
                       (line.company_id, line.account_id) IN (
                           SELECT company_id, account_id FROM discounts)
                           AS is_discount,
                       line.tax_repartition_line_id IS NOT NULL AS is_tax,
                       (line.company_id, line.account_id) IN (
                           SELECT res_company_id, account_account_id
                             FROM parts_company_bank_fee_account_rel) AS is_fee,
                       account.reconcile
                           AND SIGN(line.balance) <> paying.sign
                           AND account.account_type IN
                               ('asset_receivable', 'asset_current',
                                'asset_non_current') AS is_claim,
                       firm.cleared AND account.reconcile AS is_uncleared,
                       line.id AS line_id
                  FROM paying
                  JOIN account_move move ON move.id = paying.move_id
                  JOIN account_move_line line ON line.move_id = paying.move_id
                  JOIN account_account account ON account.id = line.account_id
                  JOIN firm ON firm.id = line.company_id
                  LEFT JOIN account_payment payment
                    ON payment.id = move.origin_payment_id
            ), entry_sum AS (
                SELECT move_id, sign, BOOL_OR(waits) AS waits,
                       BOOL_OR(discount) AS discount,
                       BOOL_OR(fees) AS fees, BOOL_OR(withheld) AS withheld,
                       MIN(currency_id) = MAX(currency_id)
                           AND NOT COALESCE(BOOL_OR(is_uncleared AND is_liquid), FALSE)
                           AND BOOL_OR(is_liquid) AS own,
                       SUM(CASE WHEN is_uncleared THEN %(behind)s ELSE balance END)
                           FILTER (WHERE is_liquid) AS seen,
                       SUM(CASE WHEN plain THEN %(behind)s END)
                           FILTER (WHERE is_claim AND NOT is_liquid) AS claimed,
                       COALESCE(BOOL_OR(is_discount AND NOT is_liquid), FALSE)
                           AS has_discount,
                       ARRAY[%(balances)s] AS balances, ARRAY[%(owns)s] AS owns
                  FROM entry
                 GROUP BY move_id, sign
            ), entry_part AS (
                SELECT move_id, sign, waits, discount, fees, withheld, claimed,
                       has_discount, parts[1] AS side, parts[2] AS money,
                       CASE WHEN own THEN parts[2] ELSE seen END AS seen,
                       parts[3] AS given, parts[4] AS tax, parts[5] AS fee
                  FROM (SELECT *, CASE WHEN own THEN owns ELSE balances END AS parts
                          FROM entry_sum) entry_sum
            ), money AS MATERIALIZED (
                SELECT move_id, sign,
                       LEAST(GREATEST(CASE
                           WHEN waits THEN 0
                           WHEN money <> 0
                           THEN seen * (1 + (
                                CASE WHEN has_discount THEN given + tax
                                     WHEN withheld THEN tax ELSE 0 END
                                + CASE WHEN fees THEN fee ELSE 0 END) / money)
                           ELSE COALESCE(claimed, 0) END / NULLIF(side, 0), 0), 1)
                           AS ratio,
                       CASE WHEN discount THEN 0
                            ELSE GREATEST(given / NULLIF(side, 0), 0) END AS taken
                  FROM entry_part
            )""",
            today=scope["today"],
            behind=self._behind(scope),
            balances=self._entry_parts(SQL("balance")),
            owns=self._entry_parts(SQL("amount_currency")),
        )

    @api.model
    def _entry_parts(self, amount):
        """Return SQL of what an entry is made of: what it settles, money, discount,
        tax, fees. Compared in the currency in which it was paid, if that is one.
        """
        beside = SQL("NOT is_liquid AND NOT is_side")
        return SQL(
            """-COALESCE(SUM(%(amount)s) FILTER (WHERE is_side AND NOT is_liquid), 0),
               COALESCE(SUM(%(amount)s) FILTER (WHERE is_liquid), 0),
               COALESCE(SUM(%(amount)s) FILTER (WHERE is_discount AND %(beside)s), 0),
               COALESCE(SUM(%(amount)s) FILTER (
                   WHERE is_tax AND NOT is_discount AND %(beside)s), 0),
               COALESCE(SUM(%(amount)s) FILTER (
                   WHERE is_fee AND NOT is_tax AND NOT is_discount AND %(beside)s), 0)
            """,
            amount=amount,
            beside=beside,
        )

    @api.model
    def _behind(self, scope):
        """Return SQL of the money by which item ``line_id`` was settled in its turn:
        a bank statement behind a payment, or what a bill of exchange brought in.
        """
        return SQL(
            """(SELECT SIGN(entry.balance) * SUM(part.amount * LEAST(GREATEST(
                           COALESCE(behind.cash / NULLIF(-behind.side, 0), 0), 0), 1))
                  FROM (SELECT amount, credit_move_id AS other_id
                          FROM account_partial_reconcile
                         WHERE debit_move_id = entry.line_id
                         UNION ALL
                        SELECT amount, debit_move_id
                          FROM account_partial_reconcile
                         WHERE credit_move_id = entry.line_id) part
                  JOIN account_move_line other ON other.id = part.other_id
                  JOIN LATERAL (
                           SELECT SUM(own.balance) FILTER (
                                      WHERE own.account_id IN (SELECT id FROM liquid)
                                        AND own.account_id <> other.account_id) AS cash,
                                  SUM(own.balance) FILTER (
                                      WHERE own.account_id = other.account_id
                                        AND SIGN(own.balance) = SIGN(other.balance))
                                      AS side
                             FROM account_move_line own
                            WHERE own.move_id = other.move_id
                       ) behind ON TRUE
                 WHERE other.parent_state = 'posted'
                   AND other.move_id NOT IN (SELECT move_id FROM bounced)
                   AND %(until)s)""",
            until=self._until(SQL("other.date"), scope),
        )

    @api.model
    def _with_paid(self, scope):
        """What was settled, collected, and how late, by contract."""
        factor = SQL(
            "GREATEST(COALESCE(money.ratio, 0)"
            " - COALESCE(money.taken, 0) * COALESCE(settled.gross, 1), 0)"
        )
        part, own = SQL("digits"), SQL("own_digits")
        settled_own = self._own(SQL("part"), SQL("part_own"))
        collected = SQL("value * %s", factor)
        collected_own = self._own(collected, SQL("part_own * %s", factor))
        return SQL(
            """
            paid AS (
                SELECT settled.key,
                       SUM(side * %(settled)s) AS settled,
                       SUM(side * %(settled_own)s) AS settled_own,
                       SUM(side * %(collected)s) AS collected,
                       SUM(side * %(collected_own)s) AS collected_own,
                       SUM(side * %(settled)s)
                           FILTER (WHERE date_maturity <= %(today)s) AS due,
                       SUM(side * %(settled)s)
                           FILTER (WHERE date_maturity < %(today)s) AS overdue,
                       SUM(side * %(settled_own)s)
                           FILTER (WHERE date_maturity <= %(today)s) AS due_own,
                       SUM(side * %(settled_own)s)
                           FILTER (WHERE date_maturity < %(today)s) AS overdue_own,
                       SUM(%(collected)s * GREATEST(other_date - date_maturity, 0))
                           FILTER (WHERE %(late)s) AS late_amount,
                       SUM(%(collected)s) FILTER (WHERE %(late)s) AS timed,
                       MAX(GREATEST(other_date - date_maturity, 0))
                           FILTER (WHERE %(late)s) AS worst_late,
                       COUNT(*) FILTER (WHERE %(late)s
                                              AND other_date > date_maturity)
                           AS late_count
                  FROM settled
                  LEFT JOIN money ON settled.may_be_money
                   AND money.move_id = settled.other_move_id
                   AND money.sign = settled.other_sign
                 GROUP BY settled.key
            )""",
            settled=self._part(SQL("part"), part),
            settled_own=self._part(settled_own, own),
            collected=self._part(collected, part),
            collected_own=self._part(collected_own, own),
            today=scope["today"],
            late=SQL("side = 1 AND may_be_money AND %s > 0", factor),
        )

    @api.model
    def _with_named(self, scope):
        """Receivable items of payments and entries that name a contract."""
        restricted = SQL("")
        if scope["only"] is not None:
            restricted = SQL("AND contract.id IN %s", tuple(scope["only"]) or (0,))
        return SQL(
            """
            loose_item AS MATERIALIZED (
                SELECT line.id, line.move_id, line.balance, line.amount_currency,
                       contract.id AS contract_id, firm.digits,
                       kept.decimal_places AS own_digits,
                       CASE WHEN contract.currency_id = firm.currency_id THEN 1
                            WHEN contract.currency_id = line.currency_id THEN 2
                            ELSE 3 END AS mode,
                       CASE WHEN contract.currency_id
                                 NOT IN (firm.currency_id, line.currency_id)
                            THEN %(rate)s END AS rate
                  FROM (SELECT move_id, parts_contract_id
                          FROM account_payment
                         WHERE parts_contract_id IS NOT NULL
                           AND move_id IS NOT NULL
                           AND state NOT IN ('draft', 'rejected', 'canceled')
                         UNION ALL
                        SELECT id, parts_contract_id
                          FROM account_move
                         WHERE parts_contract_id IS NOT NULL
                           AND move_type = 'entry'
                           AND origin_payment_id IS NULL) named
                  JOIN parts_contract contract ON contract.id = named.parts_contract_id
                  JOIN account_move_line line ON line.move_id = named.move_id
                   AND line.company_id = contract.company_id
                  JOIN firm ON firm.id = line.company_id
                  JOIN res_currency kept ON kept.id = contract.currency_id
                 WHERE line.account_id IN (SELECT id FROM receivable)
                   AND line.parent_state = 'posted'
                   AND %(until)s
                   %(restricted)s
            )""",
            rate=self._rate(
                SQL("contract.currency_id"), SQL("line.company_id"), SQL("line.date")
            ),
            until=self._until(SQL("line.date"), scope),
            restricted=restricted,
        )

    @api.model
    def _with_loose(self, scope):
        """What payments and entries that name a contract leave open: advances."""
        return SQL(
            """
            loose_open AS (
                SELECT loose_item.*,
                       loose_item.balance - COALESCE(SUM(used.amount), 0) AS open,
                       loose_item.amount_currency - COALESCE(SUM(used.own), 0)
                           AS open_currency
                  FROM loose_item
                  LEFT JOIN LATERAL (
                      SELECT partial.amount, partial.debit_amount_currency AS own
                        FROM account_partial_reconcile partial
                        JOIN account_move_line other
                          ON other.id = partial.credit_move_id
                       WHERE partial.debit_move_id = loose_item.id AND %(counts)s
                       UNION ALL
                      SELECT -partial.amount, -partial.credit_amount_currency
                        FROM account_partial_reconcile partial
                        JOIN account_move_line other
                          ON other.id = partial.debit_move_id
                       WHERE partial.credit_move_id = loose_item.id AND %(counts)s
                  ) used ON TRUE
                 GROUP BY loose_item.id, loose_item.move_id, loose_item.balance,
                          loose_item.amount_currency, loose_item.contract_id,
                          loose_item.digits, loose_item.own_digits,
                          loose_item.mode, loose_item.rate
            ), loose AS (
                SELECT 2 * contract_id AS key, SUM(open) AS amount,
                       SUM(ROUND(%(own)s, own_digits)) AS own,
                       SUM(ROUND(open * COALESCE(ratio, 0), digits)) AS money,
                       SUM(ROUND(%(own)s * COALESCE(ratio, 0), own_digits))
                           AS money_own
                  FROM loose_open
                  LEFT JOIN money ON money.move_id = loose_open.move_id
                   AND money.sign = SIGN(loose_open.balance)
                 GROUP BY contract_id
            )""",
            counts=SQL(
                "other.parent_state = 'posted'"
                " AND other.move_id NOT IN (SELECT move_id FROM bounced) AND %s",
                self._until(SQL("other.date"), scope),
            ),
            own=self._own(SQL("open"), SQL("open_currency")),
        )
