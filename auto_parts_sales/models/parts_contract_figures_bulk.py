from odoo import api, models
from odoo.tools import SQL

HELD = ("amount", "credited", "settled", "due", "overdue")
LATE = ("collected", "collected_own", "late_amount", "timed", "late_count")


class PartsContractFigures(models.AbstractModel):
    """Sums over all contracts: what is simple is added up by contract at once.

    Simple is a document of one contract, in its currency or with it in the company's.
    It has no part to cut and no rate to look up, so that its items and what settles
    them are added up straight from Odoo's tables, which the database does with
    several workers. The others go the long way, item by item.
    """

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.figures"

    @api.model
    def _held(self, scope):
        """Return SQL of ``held``: the sums by contract, of both ways."""
        if not scope["bulk"]:
            return SQL("held AS (SELECT * FROM held_item)")
        names = [*HELD, "own", *(f"{name}_own" for name in HELD[1:])]
        sums = [(name, "SUM") for name in names]
        if scope["money"]:
            sums += [(name, "SUM") for name in LATE] + [("worst_late", "MAX")]
        columns = SQL(", ").join(SQL.identifier(name) for name, _sum in sums)
        return SQL(
            """
            held AS (
                SELECT key, %(sums)s
                  FROM (SELECT key, %(columns)s FROM held_item
                         UNION ALL
                        SELECT key, %(columns)s FROM %(billed)s billed
                         UNION ALL
                        SELECT key, %(columns)s FROM %(paid)s paid) parts
                 GROUP BY key
            )""",
            sums=SQL(", ").join(
                SQL("%s(%s) AS %s", SQL(total), SQL.identifier(x), SQL.identifier(x))
                for x, total in sums
            ),
            columns=columns,
            billed=self._bulk_billed(scope),
            paid=self._bulk_settled(scope)
            if scope["money"]
            else self._bulk_paid(scope),
        )

    @api.model
    def _bulk_billed(self, scope):
        """Return SQL of what simple documents say, by contract."""
        return SQL(
            """(
                SELECT %(key)s AS key,
                       SUM(line.balance) AS amount,
                       SUM(line.balance) FILTER (WHERE %(note)s) AS credited,
                       NULL::numeric AS settled,
                       SUM(line.balance) FILTER (WHERE %(due)s) AS due,
                       SUM(line.balance) FILTER (WHERE %(overdue)s) AS overdue,
                       SUM(line.amount_currency) FILTER (WHERE %(foreign)s) AS own,
                       SUM(line.amount_currency)
                           FILTER (WHERE %(foreign)s AND %(note)s) AS credited_own,
                       NULL::numeric AS settled_own,
                       SUM(line.amount_currency)
                           FILTER (WHERE %(foreign)s AND %(due)s) AS due_own,
                       SUM(line.amount_currency)
                           FILTER (WHERE %(foreign)s AND %(overdue)s) AS overdue_own
                       %(no_money)s
                  FROM account_move_line line
                  %(documents)s
                 GROUP BY 1
            )""",
            **self._bulk_parts(scope),
            note=SQL("move.move_type = 'out_refund'"),
            no_money=SQL(
                ", NULL::numeric AS collected, NULL::numeric AS collected_own,"
                " NULL::numeric AS late_amount, NULL::numeric AS timed,"
                " NULL::numeric AS late_count, NULL::int AS worst_late"
            )
            if scope["money"]
            else SQL(""),
        )

    @api.model
    def _bulk_paid(self, scope):
        """Return SQL of what settled simple documents, by contract; what settles
        nothing is left out: drafts, and payments that bounced.
        """
        return SQL(
            """(
                SELECT %(key)s AS key, NULL::numeric AS amount,
                       NULL::numeric AS credited,
                       SUM(part.amount) AS settled,
                       -SUM(part.amount) FILTER (WHERE %(due)s) AS due,
                       -SUM(part.amount) FILTER (WHERE %(overdue)s) AS overdue,
                       NULL::numeric AS own, NULL::numeric AS credited_own,
                       SUM(part.own) FILTER (WHERE %(foreign)s) AS settled_own,
                       -SUM(part.own) FILTER (WHERE %(foreign)s AND %(due)s)
                           AS due_own,
                       -SUM(part.own) FILTER (WHERE %(foreign)s AND %(overdue)s)
                           AS overdue_own
                  FROM (SELECT debit_move_id AS id, amount,
                               debit_amount_currency AS own, credit_move_id AS other_id
                          FROM account_partial_reconcile
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency,
                               debit_move_id
                          FROM account_partial_reconcile) part
                  JOIN account_move_line line ON line.id = part.id
                  %(documents)s
                   AND part.other_id NOT IN (%(dead)s)
                 GROUP BY 1
            )""",
            **self._bulk_parts(scope),
            dead=self._dead(),
        )

    @api.model
    def _with_settling(self, scope):
        """What settles simple documents, one row per matching; ``pure``: by an entry
        that is nothing but money and what it settles, in the company's currency. All
        of that is money; the others are taken apart one by one.
        """
        if not (scope["bulk"] and scope["money"]):
            return SQL("")
        return SQL(
            """
            settling AS MATERIALIZED (
                SELECT part.id, %(key)s AS key, part.side, part.amount AS part,
                       part.own AS part_own, part.other AS part_other, part.other_id,
                       line.date_maturity, COALESCE(%(foreign)s, FALSE) AS is_foreign,
                       other.move_id AS other_move_id,
                       SIGN(other.balance) AS other_sign, other.date AS other_date,
                       payer.move_type NOT IN
                           ('out_invoice', 'out_refund', 'out_receipt') AS may_be_money,
                       CASE WHEN other.currency_id = firm.currency_id
                                 OR COALESCE(other.amount_currency, 0) = 0
                            THEN part.amount
                            ELSE ABS(other.balance / other.amount_currency)
                                 * part.other END AS value,
                       pure.id IS NOT NULL AS pure
                  FROM (SELECT debit_move_id AS id, 1 AS side, amount,
                               debit_amount_currency AS own,
                               credit_amount_currency AS other,
                               credit_move_id AS other_id
                          FROM account_partial_reconcile
                         UNION ALL
                        SELECT credit_move_id, -1, amount, credit_amount_currency,
                               debit_amount_currency, debit_move_id
                          FROM account_partial_reconcile) part
                  JOIN account_move_line line ON line.id = part.id
                  JOIN account_move_line other ON other.id = part.other_id
                  JOIN account_move payer ON payer.id = other.move_id
                  LEFT JOIN (%(pure)s) pure ON pure.id = part.other_id
                  %(documents)s
                   AND part.other_id NOT IN (%(dead)s)
            ),""",
            **self._bulk_parts(scope),
            pure=self._pure(scope),
            dead=self._dead(),
        )

    @api.model
    def _pure(self, scope):
        """Return SQL of the ids of receivable items whose entry is money and what it
        settles, and nothing else.
        """
        return SQL(
            """
            SELECT item.id
              FROM account_move_line item
              JOIN firm owner ON owner.id = item.company_id
               AND owner.currency_id = item.currency_id
               AND NOT owner.cleared
             WHERE item.account_id IN %(receivable)s
               AND item.parent_state = 'posted'
               AND NOT EXISTS (
                   SELECT FROM account_move_line beside
                    WHERE beside.move_id = item.move_id
                      AND beside.account_id NOT IN %(known)s)
               AND NOT EXISTS (
                   SELECT FROM account_move_line beside
                    WHERE beside.move_id = item.move_id
                      AND beside.account_id IN %(receivable)s
                      AND SIGN(beside.balance) = -SIGN(item.balance))
               AND item.move_id NOT IN (
                   SELECT move_id FROM account_payment
                    WHERE parts_maturity_date > %(today)s AND move_id IS NOT NULL)
            """,
            receivable=scope["receivable"],
            known=scope["receivable"] + scope["liquid"],
            today=scope["today"],
        )

    @api.model
    def _bulk_settled(self, scope):
        """Return SQL of what settled simple documents, by contract, with the money
        that pure entries brought.
        """
        return SQL(
            """(
                SELECT key, NULL::numeric AS amount, NULL::numeric AS credited,
                       SUM(side * part) AS settled,
                       -SUM(side * part) FILTER (WHERE %(due)s) AS due,
                       -SUM(side * part) FILTER (WHERE %(overdue)s) AS overdue,
                       NULL::numeric AS own, NULL::numeric AS credited_own,
                       SUM(side * part_own) FILTER (WHERE is_foreign) AS settled_own,
                       -SUM(side * part_own) FILTER (WHERE is_foreign AND %(due)s)
                           AS due_own,
                       -SUM(side * part_own) FILTER (WHERE is_foreign AND %(overdue)s)
                           AS overdue_own,
                       SUM(side * part) FILTER (WHERE %(money)s) AS collected,
                       SUM(side * part_own) FILTER (WHERE is_foreign AND %(money)s)
                           AS collected_own,
                       SUM(part * (other_date - date_maturity))
                           FILTER (WHERE %(late)s AND other_date > date_maturity)
                           AS late_amount,
                       SUM(part) FILTER (WHERE %(late)s) AS timed,
                       COUNT(*) FILTER (WHERE %(late)s AND other_date > date_maturity)
                           AS late_count,
                       MAX(GREATEST(other_date - date_maturity, 0))
                           FILTER (WHERE %(late)s) AS worst_late
                  FROM settling
                 GROUP BY key
            )""",
            due=SQL("date_maturity <= %s", scope["today"]),
            overdue=SQL("date_maturity < %s", scope["today"]),
            money=SQL("pure AND may_be_money"),
            late=SQL("pure AND may_be_money AND side = 1"),
        )

    @api.model
    def _bulk_parts(self, scope):
        """Return SQL of what both sums have in common, by name."""
        return {
            "key": SQL("COALESCE(2 * contract.id, 2 * move.company_id + 1)"),
            "due": SQL("line.date_maturity <= %s", scope["today"]),
            "overdue": SQL("line.date_maturity < %s", scope["today"]),
            "foreign": SQL("contract.currency_id <> firm.currency_id"),
            "documents": SQL(
                """JOIN account_move move ON move.id = line.move_id
                   JOIN firm ON firm.id = move.company_id
                   LEFT JOIN parts_contract contract
                     ON contract.id = move.parts_contract_id
                    AND contract.company_id = move.company_id
                  WHERE line.account_id IN %(receivable)s
                    AND line.parent_state = 'posted'
                    AND move.state = 'posted'
                    AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                    AND (contract.id IS NULL OR contract.currency_id
                         IN (firm.currency_id, move.currency_id))
                    AND move.id NOT IN (SELECT move_id FROM parts_contract_share)""",
                receivable=scope["receivable"],
            ),
        }

    @api.model
    def _bulk_rest(self):
        """Return SQL of the ids of documents that are not simple: of several contracts,
        or of one in a currency that is neither theirs nor the company's.
        """
        return SQL(
            """
            SELECT move_id FROM parts_contract_share
             UNION ALL
            SELECT odd.id
              FROM parts_contract agreed
              JOIN firm ON firm.id = agreed.company_id
               AND firm.currency_id <> agreed.currency_id
              JOIN account_move odd ON odd.parts_contract_id = agreed.id
               AND odd.company_id = agreed.company_id
               AND odd.currency_id <> agreed.currency_id
            """
        )

    @api.model
    def _bulk_sold(self, scope):
        """Return SQL of what was ordered and delivered, by contract, of orders in the
        contract's currency, or with it in the company's.
        """
        ordered, delivered, ordered_in, delivered_in = self._sold_amounts(scope)
        return SQL(
            """
            SELECT COALESCE(2 * contract.id, 2 * sale.company_id + 1) AS key,
                   SUM(%(ordered_in)s) AS ordered, SUM(%(delivered_in)s) AS delivered,
                   SUM(%(ordered)s) FILTER (WHERE %(foreign)s) AS ordered_own,
                   SUM(%(delivered)s) FILTER (WHERE %(foreign)s) AS delivered_own
              FROM sale_order sale
              JOIN firm ON firm.id = sale.company_id
              JOIN sale_order_line line ON line.order_id = sale.id
              LEFT JOIN parts_contract contract
                ON contract.id = sale.parts_contract_id
               AND contract.company_id = sale.company_id
             WHERE sale.state = 'sale'
               AND line.display_type IS NULL
               AND line.is_downpayment IS NOT TRUE
               AND (contract.id IS NULL OR contract.currency_id
                    IN (firm.currency_id, sale.currency_id))
             GROUP BY 1
            """,
            ordered=ordered,
            delivered=delivered,
            ordered_in=ordered_in,
            delivered_in=delivered_in,
            foreign=SQL("contract.currency_id <> firm.currency_id"),
        )

    @api.model
    def _dead(self):
        """Return SQL of the ids of matched items that settle nothing; few."""
        return SQL(
            """
            SELECT id FROM account_move_line
             WHERE parent_state <> 'posted' AND matching_number IS NOT NULL
             UNION ALL
            SELECT line.id
              FROM account_payment payment
              JOIN account_move_line line ON line.move_id = payment.move_id
             WHERE payment.state IN ('draft', 'rejected', 'canceled')
            """
        )
