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
        third one (3), reached over the company's at the document's date. ``whole``:
        the document is of one contract, and is not cut. ``odd``: it is not simple;
        where ``bulk`` adds up the simple ones, items of the others alone, and, without
        their amounts, those whose money has to be taken apart.
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
            document AS NOT MATERIALIZED (
                SELECT move.id, move.move_type = 'out_refund' AS is_note,
                       %(gross)s AS gross, firm.digits,
                       COALESCE(2 * contract.id, 2 * move.company_id + 1) AS key,
                       share.id IS NULL AS whole,
                       share.part_from::numeric AS part_from,
                       share.part_to::numeric AS part_to,
                       COALESCE(kept.decimal_places, firm.digits) AS own_digits,
                       CASE WHEN COALESCE(contract.currency_id, firm.currency_id)
                                 = firm.currency_id THEN 1
                            WHEN contract.currency_id = move.currency_id THEN 2
                            ELSE 3 END AS mode,
                       CASE WHEN contract.currency_id
                                 NOT IN (firm.currency_id, move.currency_id)
                            THEN %(rate)s END AS rate
                  FROM account_move move
                  JOIN firm ON firm.id = move.company_id
                  LEFT JOIN parts_contract_share share ON share.move_id = move.id
                  LEFT JOIN parts_contract contract
                    ON contract.id = CASE WHEN share.id IS NULL
                                          THEN move.parts_contract_id
                                          ELSE share.contract_id END
                   AND contract.company_id = move.company_id
                  LEFT JOIN res_currency kept ON kept.id = contract.currency_id
                 WHERE move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND %(until)s
                   %(restricted)s
            ), item AS MATERIALIZED (
                SELECT document.key, document.is_note, document.gross, document.digits,
                       document.own_digits, document.whole, document.part_from,
                       document.part_to, document.mode, document.rate,
                       document.id AS move_id, line.id, %(amounts)s,
                       line.date_maturity
                  FROM document
                  JOIN account_move_line line ON line.move_id = document.id
                 WHERE line.account_id IN %(receivable)s
                   AND line.parent_state = 'posted'
                   %(items)s
            )""",
            **self._item_parts(scope),
            gross=SQL("ABS(move.amount_total / NULLIF(move.amount_untaxed, 0))")
            if scope["money"]
            else SQL("NULL::numeric"),
            until=self._until(SQL("move.date"), scope),
            receivable=scope["receivable"],
            restricted=restricted,
            rate=self._rate(
                SQL("contract.currency_id"),
                SQL("move.company_id"),
                SQL("COALESCE(move.invoice_date, move.date)"),
            ),
        )

    @api.model
    def _item_parts(self, scope):
        """Return SQL of which items go the long way, and with which amounts."""
        if not scope["bulk"]:
            return {
                "items": SQL(""),
                "amounts": SQL("TRUE AS odd, line.balance, line.amount_currency"),
            }
        odd = self._bulk_rest()
        if not scope["money"]:
            return {
                "items": SQL("AND document.id IN (%s)", odd),
                "amounts": SQL("TRUE AS odd, line.balance, line.amount_currency"),
            }
        return {
            "items": SQL(
                """AND line.id IN (
                       SELECT id FROM settling WHERE may_be_money AND NOT pure
                        UNION ALL
                       SELECT id FROM account_move_line WHERE move_id IN (%s))""",
                odd,
            ),
            "amounts": SQL(
                """document.id IN (%(odd)s) AS odd,
                   CASE WHEN document.id IN (%(odd)s) THEN line.balance ELSE 0 END
                       AS balance,
                   CASE WHEN document.id IN (%(odd)s) THEN line.amount_currency
                        ELSE 0 END AS amount_currency""",
                odd=odd,
            ),
        }

    @api.model
    def _with_settled(self, scope):
        """What settles these items: both sides posted, no payment that bounced."""
        return SQL(
            """
            matched AS (
                SELECT item.id, item.key, 1 AS side, partial.amount AS part,
                       partial.debit_amount_currency AS part_own,
                       partial.credit_amount_currency AS part_other,
                       partial.credit_move_id AS other_id
                  FROM item
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = item.id AND item.odd
                 UNION ALL
                SELECT item.id, item.key, -1, partial.amount,
                       partial.credit_amount_currency,
                       partial.debit_amount_currency,
                       partial.debit_move_id
                  FROM item
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = item.id AND item.odd
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
            dead AS MATERIALIZED (%(dead)s), paid AS (
                SELECT id, key, SUM(side * part) AS settled,
                       SUM(side * part_own) AS settled_own
                  FROM matched
                 WHERE other_id NOT IN (SELECT id FROM dead)
                 GROUP BY id, key
            )""",
            dead=self._dead(),
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
                %(mixed)s
            )""",
            until=self._until(SQL("other.date"), scope),
            mixed=SQL(
                """UNION ALL
                SELECT id, key, side, part, part_own, part_other, other_id,
                       other_move_id, other_sign, other_date, may_be_money, value
                  FROM settling
                 WHERE may_be_money AND NOT pure"""
            )
            if scope["bulk"]
            else SQL(""),
        )

    @api.model
    def _with_held(self, scope):
        """What was invoiced, settled and is open, by contract.

        In the contract's currency (``_own``) only where that is not the company's.
        Each item is cut once, by what was settled of it in all, so that an invoice
        that is paid is paid for each of its contracts.
        """
        foreign = SQL("FILTER (WHERE mode <> 1)")
        own_balance = self._own(SQL("balance"), SQL("amount_currency"))
        own_settled = self._own(SQL("settled"), SQL("settled_own"))
        money = SQL("")
        if scope["money"]:
            money = SQL(
                """,
                SUM(%(collected)s) AS collected,
                SUM(%(collected_own)s) %(foreign)s AS collected_own,
                SUM(late_amount * COALESCE(part_to - part_from, 1)) AS late_amount,
                SUM(timed * COALESCE(part_to - part_from, 1)) AS timed,
                MAX(worst_late) AS worst_late, SUM(late_count) AS late_count""",
                collected=self._part(SQL("collected"), SQL("digits")),
                collected_own=self._part(
                    self._own(SQL("collected"), SQL("collected_own")),
                    SQL("own_digits"),
                ),
                foreign=foreign,
            )
        return SQL(
            """
            claimed AS (
                SELECT item.*, paid.settled, paid.settled_own %(paid_money)s
                  FROM item
                  LEFT JOIN paid ON paid.id = item.id AND paid.key = item.key
            ), held_item AS (
                SELECT key, SUM(%(balance)s) AS amount,
                       SUM(%(balance)s) FILTER (WHERE is_note) AS credited,
                       SUM(%(settled)s) AS settled,
                       SUM(%(balance)s - COALESCE(%(settled)s, 0))
                           FILTER (WHERE date_maturity <= %(today)s) AS due,
                       SUM(%(balance)s - COALESCE(%(settled)s, 0))
                           FILTER (WHERE date_maturity < %(today)s) AS overdue,
                       SUM(%(own_balance)s) %(foreign)s AS own,
                       SUM(%(own_balance)s)
                           FILTER (WHERE mode <> 1 AND is_note) AS credited_own,
                       SUM(%(own_settled)s) %(foreign)s AS settled_own,
                       SUM(%(own_balance)s - COALESCE(%(own_settled)s, 0))
                           FILTER (WHERE mode <> 1 AND date_maturity <= %(today)s)
                           AS due_own,
                       SUM(%(own_balance)s - COALESCE(%(own_settled)s, 0))
                           FILTER (WHERE mode <> 1 AND date_maturity < %(today)s)
                           AS overdue_own
                       %(money)s
                  FROM claimed
                 GROUP BY key
            ), %(held)s""",
            paid_money=SQL(
                ", paid.collected, paid.collected_own, paid.late_amount, paid.timed,"
                " paid.worst_late, paid.late_count"
            )
            if scope["money"]
            else SQL(""),
            balance=self._part(SQL("balance"), SQL("digits"), exact=True),
            settled=self._part(SQL("settled"), SQL("digits"), exact=True),
            own_balance=self._part(own_balance, SQL("own_digits")),
            own_settled=self._part(own_settled, SQL("own_digits")),
            foreign=foreign,
            money=money,
            held=self._held(scope),
            today=scope["today"],
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
                 WHERE line.account_id IN %(receivable)s
                   AND line.parent_state = 'posted'
                   AND %(until)s
                   %(restricted)s
            )""",
            rate=self._rate(
                SQL("contract.currency_id"), SQL("line.company_id"), SQL("line.date")
            ),
            until=self._until(SQL("line.date"), scope),
            receivable=scope["receivable"],
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
                  LEFT JOIN %(money)s money ON money.move_id = loose_open.move_id
                   AND money.sign = SIGN(loose_open.balance)
                 GROUP BY contract_id
            )""",
            counts=SQL(
                "other.parent_state = 'posted'"
                " AND other.move_id NOT IN (SELECT move_id FROM bounced) AND %s",
                self._until(SQL("other.date"), scope),
            ),
            own=self._own(SQL("open"), SQL("open_currency")),
            money=SQL("money")
            if scope["money"]
            else SQL(
                "(SELECT NULL::int AS move_id, 0 AS sign, 0 AS ratio WHERE FALSE)"
            ),
        )
