from odoo import api, models
from odoo.tools import SQL


class PartsContractFigures(models.AbstractModel):
    """Which part of what settles documents is money, and when it came."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.figures"

    @api.model
    def _with_money(self, scope):
        """Which part of an entry that settles something is money, as
        ``parts.commission.collected`` defines it: ``ratio``, and ``taken`` by an
        early-payment discount that does not count.

        Most entries are the money and what it settles, and nothing else: all of it is
        money. The others are taken apart.
        """
        if not scope["money"]:
            return SQL("")
        return SQL(
            """,
            paying AS MATERIALIZED (
                SELECT DISTINCT other_move_id AS move_id, other_sign AS sign
                  FROM settled
                 WHERE may_be_money
                 UNION
                SELECT move_id, SIGN(balance) FROM loose_item
            ), paying_line AS MATERIALIZED (
                SELECT paying.move_id, paying.sign, line.id, line.balance,
                       line.account_id, line.company_id,
                       line.account_id IN (SELECT id FROM liquid) AS is_liquid,
                       line.account_id IN (SELECT id FROM receivable)
                           AND SIGN(line.balance) = paying.sign AS is_side
                  FROM paying
                  JOIN account_move_line line ON line.move_id = paying.move_id
            ), pure AS (
                SELECT paying_line.move_id, paying_line.sign
                  FROM paying_line
                  JOIN firm ON firm.id = paying_line.company_id
                 GROUP BY paying_line.move_id, paying_line.sign
                HAVING BOOL_AND(is_liquid <> is_side) AND BOOL_OR(is_liquid)
                   AND NOT BOOL_OR(firm.cleared)
            ), pure_money AS MATERIALIZED (
                SELECT pure.move_id, pure.sign
                  FROM pure
                 WHERE pure.move_id NOT IN (SELECT move_id FROM maturing)
            ), mixed AS MATERIALIZED (
                SELECT move_id, sign FROM paying
                EXCEPT SELECT move_id, sign FROM pure_money
            ), entry AS (
                SELECT mixed.move_id, mixed.sign, line.balance,
                       line.amount_currency, line.currency_id,
                       payment.parts_maturity_date > %(today)s
                           AND NOT firm.cleared AS waits,
                       firm.discount, firm.fees, firm.withheld,
                       payment.id IS NULL AND move.statement_line_id IS NULL AS plain,
                       line.account_id IN (SELECT id FROM liquid)
                           OR COALESCE(line.account_id = payment.outstanding_account_id,
                                       FALSE) AS is_liquid,
                       line.account_id IN (SELECT id FROM receivable)
                           AND SIGN(line.balance) = mixed.sign AS is_side,
                       (line.company_id, line.account_id) IN (
                           SELECT company_id, account_id FROM discounts)
                           AS is_discount,
                       line.tax_repartition_line_id IS NOT NULL AS is_tax,
                       (line.company_id, line.account_id) IN (
                           SELECT res_company_id, account_account_id
                             FROM parts_company_bank_fee_account_rel) AS is_fee,
                       account.reconcile
                           AND SIGN(line.balance) <> mixed.sign
                           AND account.account_type IN
                               ('asset_receivable', 'asset_current',
                                'asset_non_current') AS is_claim,
                       firm.cleared AND account.reconcile AS is_uncleared,
                       line.id AS line_id
                  FROM mixed
                  JOIN account_move move ON move.id = mixed.move_id
                  JOIN account_move_line line ON line.move_id = mixed.move_id
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
                SELECT move_id, sign, 1::numeric AS ratio, 0::numeric AS taken
                  FROM pure_money
                 UNION ALL
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
        """What was settled of each item, which part of it came in as money, and how
        late; worked out already where no money is asked for.
        """
        if not scope["money"]:
            return SQL("")
        factor = SQL(
            "GREATEST(COALESCE(money.ratio, 0)"
            " - COALESCE(money.taken, 0) * COALESCE(item.gross, 1), 0)"
        )
        return SQL(
            """
            paid_part AS (
                SELECT settled.*, item.odd, %(factor)s AS factor,
                       GREATEST(other_date - item.date_maturity, 0) AS days,
                       side = 1 AND may_be_money AND %(factor)s > 0 AS late
                  FROM settled
                  JOIN item ON item.id = settled.id AND item.key = settled.key
                  LEFT JOIN money ON settled.may_be_money
                   AND money.move_id = settled.other_move_id
                   AND money.sign = settled.other_sign
            ), paid AS (
                SELECT id, key, SUM(side * part) FILTER (WHERE odd) AS settled,
                       SUM(side * part_own) FILTER (WHERE odd) AS settled_own,
                       SUM(side * value * factor) AS collected,
                       SUM(side * part_own * factor) AS collected_own,
                       SUM(value * factor * days) FILTER (WHERE late) AS late_amount,
                       SUM(value * factor) FILTER (WHERE late) AS timed,
                       MAX(days) FILTER (WHERE late) AS worst_late,
                       COUNT(*) FILTER (WHERE late AND days > 0) AS late_count
                  FROM paid_part
                 GROUP BY id, key
            ),""",
            factor=factor,
        )
