from odoo import api, models
from odoo.tools import SQL


class PartsContractFigures(models.AbstractModel):
    """The figures side by side, and what the general ledger holds beyond them."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.figures"

    @api.model
    def _with_total(self, scope):
        """The figures side by side.

        ``promised``: what is expected to come in all: what was invoiced and, while the
        contract is in force, what it promises beyond what was ever invoiced. A credit
        note takes it back; the invoice in its place does not count twice.
        """
        own = {
            name: SQL(
                "(CASE WHEN base.plain THEN COALESCE(%s, 0) ELSE COALESCE(%s, 0) END)",
                SQL.identifier("held", name),
                SQL.identifier("held", "own" if name == "amount" else f"{name}_own"),
            )
            for name in ("amount", "credited", "settled", "due", "overdue")
        }
        return SQL(
            """
            claim AS (
                SELECT base.key, base.company_id, base.contract_id,
                       COALESCE(held.amount, 0) - COALESCE(held.settled, 0)
                       + COALESCE(loose.amount, 0) AS receivable
                  FROM base
                  LEFT JOIN held ON held.key = base.key
                  LEFT JOIN loose ON loose.key = base.key
            ), %(rest)s, total AS (
                SELECT base.*,
                       COALESCE(sold.ordered, 0) AS ordered,
                       COALESCE(sold.delivered, 0) AS delivered,
                       %(ordered_own)s AS ordered_own,
                       %(delivered_own)s AS delivered_own,
                       COALESCE(held.amount, 0) AS invoiced,
                       %(own_amount)s AS invoiced_own,
                       -COALESCE(held.credited, 0) AS credited,
                       -%(own_credited)s AS credited_own,
                       %(collected)s AS collected, %(collected_own)s AS collected_own,
                       COALESCE(held.settled, 0) - COALESCE(loose.amount, 0)
                           - %(collected)s AS other,
                       %(own_settled)s - COALESCE(loose.own, 0)
                           - %(collected_own)s AS other_own,
                       CASE WHEN base.contract_id IS NULL
                            THEN COALESCE(rest.receivable, 0)
                            ELSE claim.receivable END AS receivable,
                       CASE WHEN base.contract_id IS NULL
                            THEN COALESCE(rest.receivable, 0) - claim.receivable
                            ELSE 0 END AS unmatched,
                       %(own_amount)s - %(own_settled)s + COALESCE(loose.own, 0)
                           AS receivable_own,
                       GREATEST(COALESCE(held.due, 0), 0) AS due,
                       GREATEST(COALESCE(held.overdue, 0), 0) AS overdue,
                       GREATEST(%(own_due)s, 0) AS due_own,
                       GREATEST(%(own_overdue)s, 0) AS overdue_own,
                       COALESCE(earned.amount, 0) AS commission,
                       COALESCE(earned.own, 0) AS commission_own,
                       %(late)s,
                       CASE WHEN base.state IN ('effective', 'suspended')
                            THEN GREATEST(
                                %(own_amount)s - %(own_credited)s,
                                CASE WHEN base.kind = 'framework' THEN 0
                                     ELSE base.amount END,
                                %(ordered_own)s) + %(own_credited)s
                            ELSE %(own_amount)s END AS promised
                  FROM base
                  JOIN claim ON claim.key = base.key
                  LEFT JOIN rest ON rest.key = base.key
                  LEFT JOIN sold ON sold.key = base.key
                  LEFT JOIN held ON held.key = base.key
                  LEFT JOIN loose ON loose.key = base.key
                  LEFT JOIN earned ON earned.key = base.key
            )""",
            rest=self._with_rest(scope),
            ordered_own=SQL(
                "COALESCE(CASE WHEN base.plain THEN sold.ordered"
                " ELSE sold.ordered_own END, 0)"
            ),
            delivered_own=SQL(
                "COALESCE(CASE WHEN base.plain THEN sold.delivered"
                " ELSE sold.delivered_own END, 0)"
            ),
            **{f"own_{name}": amount for name, amount in own.items()},
            **self._total_money(scope),
        )

    @api.model
    def _total_money(self, scope):
        """Return SQL of what was collected, and how late, of ``total``."""
        if not scope["money"]:
            zero = SQL("0::numeric")
            return {
                "collected": zero,
                "collected_own": zero,
                "late": SQL(
                    "0::numeric AS days_late, 0 AS worst_late, 0 AS late_count"
                ),
            }
        return {
            "collected": SQL(
                "(COALESCE(held.collected, 0) - COALESCE(loose.money, 0))"
            ),
            "collected_own": SQL(
                "(COALESCE(CASE WHEN base.plain THEN held.collected"
                " ELSE held.collected_own END, 0) - COALESCE(loose.money_own, 0))"
            ),
            "late": SQL(
                """CASE WHEN held.timed > 0
                        THEN COALESCE(held.late_amount, 0) / held.timed
                        ELSE 0 END AS days_late,
                   COALESCE(held.worst_late, 0) AS worst_late,
                   COALESCE(held.late_count, 0) AS late_count"""
            ),
        }

    @api.model
    def _with_rest(self, scope):
        """What the general ledger holds beyond all contracts, by company."""
        if scope["only"] is not None:
            return SQL("rest AS (SELECT NULL::int AS key, 0 AS receivable WHERE FALSE)")
        return SQL(
            """
            books AS (
                SELECT company_id, SUM(balance) AS amount
                  FROM account_move_line
                 WHERE account_id IN %(receivable)s
                   AND parent_state = 'posted' AND %(until)s
                 GROUP BY company_id
            ), rest AS (
                SELECT 2 * books.company_id + 1 AS key, books.amount
                       - COALESCE(SUM(claim.receivable), 0) AS receivable
                  FROM books
                  LEFT JOIN claim ON claim.company_id = books.company_id
                   AND claim.contract_id IS NOT NULL
                 GROUP BY books.company_id, books.amount
            )""",
            receivable=scope["receivable"],
            until=self._until(SQL("date"), scope),
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
