from odoo import api, models
from odoo.tools import SQL


class PartsContractFigures(models.AbstractModel):
    """What was sold and earned, and what is due by the plan of instalments."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.figures"

    @api.model
    def _with_sold(self, scope):
        """What was ordered and delivered, with taxes: confirmed orders' own lines."""
        restricted, bulk = SQL(""), SQL("")
        if scope["only"] is not None:
            restricted = SQL(
                "AND sale.parts_contract_id IN %s", tuple(scope["only"]) or (0,)
            )
        elif scope["bulk"]:
            restricted = SQL(
                "AND contract.currency_id NOT IN (firm.currency_id, sale.currency_id)"
            )
            bulk = SQL("UNION ALL %s", self._bulk_sold(scope))
        ordered, delivered, ordered_in, delivered_in = self._sold_amounts(scope)
        return SQL(
            """
            sold AS (
                SELECT key, SUM(ordered) AS ordered, SUM(delivered) AS delivered,
                       SUM(ordered_own) AS ordered_own,
                       SUM(delivered_own) AS delivered_own
                  FROM (SELECT key, ordered, delivered,
                               CASE mode WHEN 1 THEN 0 WHEN 2 THEN as_ordered
                                    ELSE ordered * rate END AS ordered_own,
                               CASE mode WHEN 1 THEN 0 WHEN 2 THEN as_delivered
                                    ELSE delivered * rate END AS delivered_own
                          FROM (SELECT COALESCE(2 * contract.id,
                                                2 * sale.company_id + 1) AS key,
                                       CASE WHEN COALESCE(contract.currency_id,
                                                          firm.currency_id)
                                                 = firm.currency_id THEN 1
                                            WHEN contract.currency_id
                                                 = sale.currency_id THEN 2
                                            ELSE 3 END AS mode,
                                       CASE WHEN contract.currency_id
                                                 NOT IN (firm.currency_id,
                                                         sale.currency_id)
                                            THEN %(rate)s END AS rate,
                                       %(ordered)s AS as_ordered,
                                       %(delivered)s AS as_delivered,
                                       %(ordered_in)s AS ordered,
                                       %(delivered_in)s AS delivered
                                  FROM sale_order sale
                                  JOIN firm ON firm.id = sale.company_id
                                  JOIN sale_order_line line ON line.order_id = sale.id
                                  LEFT JOIN parts_contract contract
                                    ON contract.id = sale.parts_contract_id
                                   AND contract.company_id = sale.company_id
                                 WHERE sale.state = 'sale'
                                   AND line.display_type IS NULL
                                   AND line.is_downpayment IS NOT TRUE
                                   AND %(until)s
                                   %(restricted)s
                               ) sold_line
                        %(bulk)s
                       ) sold_part
                 GROUP BY key
            )""",
            rate=self._rate(
                SQL("contract.currency_id"),
                SQL("sale.company_id"),
                self._day(SQL("sale.date_order")),
            ),
            ordered=ordered,
            delivered=delivered,
            ordered_in=ordered_in,
            delivered_in=delivered_in,
            until=self._until(self._day(SQL("sale.date_order")), scope),
            restricted=restricted,
            bulk=bulk,
        )

    @api.model
    def _sold_amounts(self, scope):
        """Return SQL of what a line orders and delivers, in the order's currency and in
        the company's. Divisions of numerics are slow, and seldom needed.
        """
        ordered = SQL("line.price_total")
        quantity = self._delivered(scope)
        delivered = SQL(
            """(CASE WHEN %(quantity)s = 0 THEN 0
                     WHEN %(quantity)s = line.product_uom_qty THEN line.price_total
                     ELSE %(quantity)s * (
                         CASE WHEN line.product_uom_qty <> 0
                              THEN line.price_total / line.product_uom_qty
                              ELSE line.price_unit
                                   * (1 - COALESCE(line.discount, 0) / 100)
                         END)::numeric END)""",
            quantity=quantity,
        )
        if not scope["delivered"]:
            delivered = SQL("0::numeric")
        in_company = (
            SQL(
                "(CASE WHEN COALESCE(NULLIF(sale.currency_rate, 0), 1) = 1"
                " THEN %(amount)s ELSE %(amount)s / sale.currency_rate::numeric END)",
                amount=amount,
            )
            for amount in (ordered, delivered)
        )
        return ordered, delivered, *in_company

    @api.model
    def _delivered(self, scope):
        """Return SQL of the quantity delivered of ``line``.

        Of an earlier day: Odoo's present quantity without what moved since.
        """
        quantity = SQL("COALESCE(line.qty_delivered, 0)::numeric")
        if not scope["date"]:
            return quantity
        return SQL(
            """(%(quantity)s - COALESCE((
                SELECT SUM(CASE WHEN place.usage = 'customer' THEN move.quantity
                                WHEN move.to_refund THEN -move.quantity
                                ELSE 0 END * unit.factor / line_unit.factor)
                  FROM stock_move move
                  JOIN stock_location place ON place.id = move.location_dest_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
                 WHERE move.sale_line_id = line.id AND move.state = 'done'
                   AND %(day)s > %(date)s), 0)::numeric)""",
            quantity=quantity,
            day=self._day(SQL("move.date")),
            date=scope["date"],
        )

    @api.model
    def _with_earned(self, scope):
        """Commission booked on these documents."""
        if not scope["earned"]:
            return SQL(
                "earned AS (SELECT NULL::int AS key, 0 AS amount, 0 AS own WHERE FALSE)"
            )
        return SQL(
            """
            earned AS (
                SELECT key, SUM(%(amount)s) AS amount, SUM(%(own)s) AS own
                  FROM document
                  JOIN (SELECT basis.move_id, SUM(entry.amount) AS earned,
                               SUM(entry.amount_currency) AS earned_own
                          FROM parts_commission_entry entry
                          JOIN parts_commission_basis basis ON basis.id = entry.basis_id
                         WHERE basis.move_id IS NOT NULL AND %(until)s
                         GROUP BY basis.move_id) entry ON entry.move_id = document.id
                 GROUP BY key
            )""",
            amount=self._part(SQL("earned"), SQL("digits")),
            own=self._part(
                self._own(SQL("earned"), SQL("earned_own")), SQL("own_digits")
            ),
            until=self._until(SQL("entry.date"), scope),
        )

    @api.model
    def _with_base(self, scope):
        """One row per contract, and per company: what is asked for."""
        restricted, companies = SQL(""), SQL("")
        if scope["only"] is not None:
            restricted = SQL("WHERE contract.id IN %s", tuple(scope["only"]) or (0,))
            companies = SQL("WHERE FALSE")
        state, version = self._ruling(scope)
        return SQL(
            """
            base AS (
                SELECT 2 * contract.id AS key, contract.id AS contract_id,
                       contract.company_id, contract.kind, %(state)s AS state,
                       version.amount_total AS amount, version.id AS version_id,
                       contract.date_effective, firm.digits,
                       currency.decimal_places AS own_digits,
                       contract.currency_id = firm.currency_id AS plain,
                       CASE WHEN contract.currency_id = firm.currency_id THEN 1
                            ELSE (%(rate)s) END AS rate_then,
                       CASE WHEN contract.currency_id = firm.currency_id THEN 1
                            ELSE (%(rate_now)s) END AS rate_now
                  FROM parts_contract contract
                  JOIN firm ON firm.id = contract.company_id
                  JOIN res_currency currency ON currency.id = contract.currency_id
                  JOIN parts_contract_version version
                    ON version.id = %(version)s
                  %(restricted)s
                 UNION ALL
                SELECT 2 * id + 1, NULL, id, NULL, NULL, 0, NULL, NULL, digits,
                       digits, TRUE, 1, 1
                  FROM firm
                  %(companies)s
            )""",
            rate=self._rate(
                SQL("contract.currency_id"),
                SQL("contract.company_id"),
                SQL("COALESCE(contract.date_effective, %s)", scope["today"]),
            ),
            rate_now=self._rate(
                SQL("contract.currency_id"),
                SQL("contract.company_id"),
                SQL("%s::date", scope["today"]),
            ),
            restricted=restricted,
            companies=companies,
            state=state,
            version=version,
        )

    @api.model
    def _ruling(self, scope):
        """Return SQL of a contract's state and of the version that rules, as they stood
        at the end of ``scope``'s day where it has one.
        """
        date = scope["date"]
        if not date:
            return SQL("contract.state"), SQL("contract.current_version_id")
        state = SQL(
            """CASE WHEN contract.date_effective IS NULL
                      OR contract.date_effective > %(date)s THEN 'draft'
                    WHEN contract.date_closed > %(date)s THEN 'effective'
                    ELSE contract.state END""",
            date=date,
        )
        version = SQL(
            """COALESCE(
                   (SELECT past.id FROM parts_contract_version past
                     WHERE past.contract_id = contract.id
                       AND past.date_effective <= %s
                     ORDER BY past.date_effective DESC, past.number DESC
                     LIMIT 1),
                   contract.current_version_id)""",
            date,
        )
        return state, version

    @api.model
    def _with_plan(self, scope):
        """What is due by the plan of instalments, earliest first.

        What was settled pays the plan in the order of its dates. An instalment by
        delivery is due from the first delivery on; one whose event has not come is
        not due. What a credit note took back is taken off the last ones. Shares of a
        framework hold for each order and come with its invoices.
        """
        return SQL(
            """
            bounced_count AS (%(bounced)s), first_delivery AS (
                SELECT waiting.contract_id, MIN(%(day)s) AS date
                  FROM (SELECT DISTINCT base.contract_id
                          FROM base
                          JOIN parts_contract_instalment instalment
                            ON instalment.version_id = base.version_id
                         WHERE instalment.event = 'delivery' AND %(planned)s) waiting
                  JOIN sale_order sale ON sale.parts_contract_id = waiting.contract_id
                  JOIN firm ON firm.id = sale.company_id
                  JOIN sale_order_line line ON line.order_id = sale.id
                  JOIN stock_move move ON move.sale_line_id = line.id
                  JOIN stock_location place ON place.id = move.location_dest_id
                 WHERE move.state = 'done' AND place.usage IN ('customer', 'transit')
                   AND %(until)s
                 GROUP BY waiting.contract_id
            ), instalment AS (
                SELECT base.key, base.contract_id, instalment.id,
                       instalment.sequence, instalment.amount,
                       CASE instalment.event
                           WHEN 'date' THEN instalment.date
                           WHEN 'signing' THEN base.date_effective
                           WHEN 'acceptance' THEN (
                               SELECT accepted.date_accepted
                                 FROM parts_contract accepted
                                WHERE accepted.id = base.contract_id)
                           ELSE first_delivery.date END
                       + COALESCE(instalment.days, 0) AS date
                  FROM base
                  JOIN parts_contract_instalment instalment
                    ON instalment.version_id = base.version_id
                  LEFT JOIN first_delivery
                    ON first_delivery.contract_id = base.contract_id
                 WHERE %(planned)s
            ), waterfall AS (
                SELECT instalment.key, instalment.id, instalment.date,
                       GREATEST(
                           LEAST(instalment.up_to, total.promised)
                           - GREATEST(instalment.up_to - instalment.amount,
                                      total.invoiced_own - total.receivable_own),
                           0) AS unpaid
                  FROM (SELECT *, SUM(amount) OVER (
                                   PARTITION BY key
                                   ORDER BY date NULLS LAST, sequence, id) AS up_to
                          FROM instalment) instalment
                  JOIN total ON total.key = instalment.key
            ), plan AS (
                SELECT key,
                       COALESCE(SUM(unpaid) FILTER (WHERE date <= %(today)s), 0)
                           AS due,
                       COALESCE(SUM(unpaid) FILTER (WHERE date < %(today)s), 0)
                           AS overdue
                  FROM waterfall
                 GROUP BY key
            )""",
            planned=SQL("(base.kind <> 'framework' OR instalment.value = 'amount')"),
            bounced=self._bounced(scope),
            day=self._day(SQL("move.date")),
            until=self._until(self._day(SQL("move.date")), scope),
            today=scope["today"],
        )

    @api.model
    def _bounced(self, scope):
        """Return SQL of how many payments of a contract's documents bounced."""
        if not scope["money"]:
            return SQL("SELECT NULL::int AS key, 0 AS number WHERE FALSE")
        restricted = SQL("")
        if scope["only"] is not None:
            restricted = SQL("AND contract.id IN %s", tuple(scope["only"]) or (0,))
        return SQL(
            """
            SELECT COALESCE(2 * contract.id, 2 * move.company_id + 1) AS key,
                   COUNT(DISTINCT bounced.move_id) AS number
              FROM bounced
              JOIN account_move_line line ON line.move_id = bounced.move_id
              JOIN LATERAL (
                       SELECT credit_move_id AS id FROM account_partial_reconcile
                        WHERE debit_move_id = line.id
                        UNION ALL
                       SELECT debit_move_id FROM account_partial_reconcile
                        WHERE credit_move_id = line.id) part ON TRUE
              JOIN account_move_line own ON own.id = part.id
              JOIN account_move move ON move.id = own.move_id
              LEFT JOIN parts_contract_share share ON share.move_id = move.id
              LEFT JOIN parts_contract contract
                ON contract.id = CASE WHEN share.id IS NULL
                                      THEN move.parts_contract_id
                                      ELSE share.contract_id END
               AND contract.company_id = move.company_id
             WHERE bounced.state = 'rejected'
               AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND %(until)s
               %(restricted)s
             GROUP BY 1
            """,
            until=self._until(SQL("move.date"), scope),
            restricted=restricted,
        )

    # === INSTALMENTS === #

    @api.model
    def _instalments(self, contracts, date=None):
        """Return ``{instalment id: (date due or None, amount not yet paid)}``, in the
        contract's currency, of the version in force.
        """
        if not contracts:
            return {}
        self._flush_facts()
        keys = [2 * id_ for id_ in contracts.ids]
        query = self._query(keys=keys, date=date, result="waterfall")
        return {
            row[0]: (row[1], float(row[2])) for row in self.env.execute_query(query)
        }
