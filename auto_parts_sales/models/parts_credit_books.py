from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# What the query reads; written down before it runs
READS = {
    "account.account": ["account_type", "reconcile"],
    "account.journal": ["default_account_id"],
    "account.move": ["state", "move_type", "currency_id"],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "amount_residual",
        "balance",
        "company_id",
        "date_maturity",
        "matching_number",
        "parent_state",
        "partner_id",
        "reconciled",
    ],
    "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
    "account.payment": [
        "journal_id",
        "move_id",
        "outstanding_account_id",
        "payment_transaction_id",
        "state",
    ],
    "payment.transaction": [
        "amount",
        "company_id",
        "currency_id",
        "operation",
        "partner_id",
        "payment_id",
        "source_transaction_id",
        "state",
    ],
    "res.partner": ["commercial_partner_id"],
    "sale.order": ["partner_invoice_id", "state", "transaction_ids"],
}


class PartsCreditBooks(models.AbstractModel):
    """What accounting and payment providers know of customers, in one query.

    A settlement counts only if both sides are posted and its payment is not rejected.
    Odoo's residual believes the others, too: rejecting a payment and setting one, or an
    invoice, back to draft leave the matching as it is. Its figure is therefore
    corrected by the few matchings that settle nothing (all of the database are looked
    at, by partial indexes, so that it does not matter whose payment it was); what is
    settled for good is never read.
    """

    _name = "parts.credit.books"
    _description = "Books on Customers"

    @api.model
    def _of(self, company, debtors, orders=None):
        """Return what is known of ``debtors`` (commercial entities) together.

        :param orders: orders that are judged just now (``sale.order``)
        :return: in company currency ``receivable``, ``overdue`` (of it past its date),
            ``drafts``, ``uncleared``, ``transactions`` (not negative), ``loose``
            (payments not matched, not negative; those not yet seen at the bank are left
            out where the company counts them); ``overdue_days`` (int); and ``money``:
            by id of a quotation, or of one of ``orders``, what was paid online for it
            and settles nothing else, as a pair (booked, not yet booked)
        :rtype: dict
        """
        return self._add_up(company, self._rows(company, debtors, orders), orders)

    @api.model
    def _each(self, company, asked):
        """Return what is known of several debtors, or groups of them, in one query.

        :param list asked: pairs (debtors who count together, orders that are judged)
        :return: in the same order what :meth:`_of` returns of each
        :rtype: list[dict]
        """
        debtors, orders = self.env["res.partner"], self.env["sale.order"]
        debtors = debtors.union(*(debtors for debtors, _own in asked))
        orders = orders.union(*(own for _debtors, own in asked if own))
        by_debtor = defaultdict(list)
        for row in self._rows(company, debtors, orders):
            by_debtor[row[0]].append(row)
        return [
            self._add_up(
                company, [row for id_ in debtors.ids for row in by_debtor[id_]], own
            )
            for debtors, own in asked
        ]

    @api.model
    def _rows(self, company, debtors, orders):
        """Return rows (debtor id, part, order id, whether that is a quotation, currency
        id, amount, oldest date).
        """
        self.env["parts.credit.exposure"]._flush_facts(READS, orders)
        today = fields.Date.context_today(self)
        return self.env.execute_query(self._query(company, debtors, orders, today))

    @api.model
    def _add_up(self, company, rows, orders):
        today = fields.Date.context_today(self)
        own = set(orders.ids) if orders else ()
        sums = defaultdict(float)
        money = defaultdict(lambda: [0.0, 0.0])
        oldest = []
        for _debtor_id, part, order_id, quoted, currency_id, amount, date in rows:
            named = order_id and (quoted or order_id in own)
            currency = self.env["res.currency"].browse(currency_id)
            value = currency._convert(
                float(amount or 0.0), company.currency_id, company, today, round=False
            )
            if named:
                money[order_id][part == "transactions"] += value
            sums[part] += value
            if date:
                oldest.append(date)
        rounded = company.currency_id.round
        cleared = sums["loose"] - sums["uncleared"]
        return {
            "receivable": rounded(sums["receivable"]),
            "overdue": rounded(sums["overdue"]),
            "drafts": rounded(sums["drafts"]),
            "uncleared": rounded(sums["uncleared"]),
            "transactions": rounded(sums["transactions"]),
            "loose": rounded(max(cleared, 0.0)),
            "money": {id_: tuple(map(rounded, pair)) for id_, pair in money.items()},
            "overdue_days": (today - min(oldest)).days if oldest else 0,
        }

    @api.model
    def _open_items(self, company, debtors):
        """Return the journal items that make up ``receivable``."""
        self.env["parts.credit.exposure"]._flush_facts(READS)
        rows = self.env.execute_query(
            SQL(
                "%s SELECT id FROM open WHERE amount <> 0",
                self._open_query(company, debtors),
            )
        )
        return self.env["account.move.line"].browse(row[0] for row in rows)

    # === MATCHINGS === #

    @api.model
    def _check_made(self, partials):
        """Refuse matchings of receivables by who keeps no accounts: Odoo lets stock
        managers write them. Only with credit control on.

        :raises AccessError: for such a user
        """
        if self.env.su or not self._of_controlled(partials):
            return
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("What settles a customer's debt is matched by accountants.")
            )

    @api.model
    def _check_edited(self, partials):
        """Refuse to edit by how much something settles a receivable: no screen does.
        Only with credit control on.

        :raises UserError: for anybody
        """
        if not self.env.su and self._of_controlled(partials):
            raise UserError(
                self.env._(
                    "A matching is not edited: undo it, and match again what belongs"
                    " together."
                )
            )

    @api.model
    def _of_controlled(self, partials):
        """Return those of ``partials`` on receivables of companies with the control."""
        controlled = self.env["res.company"]._parts_controlled_ids("credit")
        if not controlled:
            return partials.browse()
        return partials.sudo().filtered(
            lambda partial: (
                partial.company_id.id in controlled
                and "asset_receivable"
                in (partial.debit_move_id | partial.credit_move_id).mapped(
                    "account_id.account_type"
                )
            )
        )

    # === QUERY === #

    @api.model
    def _query(self, company, debtors, orders, today):
        """Return SQL of what :meth:`_rows` returns."""
        return SQL(
            """
            %(open)s
            SELECT entity, 'receivable', NULL::int, FALSE, %(currency)s, SUM(amount),
                   MIN(date_maturity)
                       FILTER (WHERE amount > 0 AND date_maturity < %(today)s)
              FROM open
             GROUP BY entity
             UNION ALL
            SELECT entity, 'overdue', NULL, FALSE, %(currency)s, SUM(amount), NULL
              FROM open
             WHERE amount > 0 AND date_maturity < %(today)s
             GROUP BY entity
             UNION ALL
            SELECT open.entity, 'loose', NULL, FALSE, %(currency)s, -SUM(open.amount),
                   NULL
              FROM open
              JOIN account_move move ON move.id = open.move_id
             WHERE move.move_type = 'entry' AND open.amount < 0
             GROUP BY open.entity
             UNION ALL
            SELECT debtor.entity, 'drafts', NULL, FALSE, move.currency_id,
                   SUM(line.amount_currency), NULL
              FROM account_move_line line
              JOIN debtor ON debtor.id = line.partner_id
              JOIN account_move move ON move.id = line.move_id
             WHERE line.parent_state = 'draft'
               AND line.account_id IN (SELECT id FROM account)
               AND line.company_id = %(company)s
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
             GROUP BY debtor.entity, move.currency_id
             UNION ALL
            %(booked)s
             UNION ALL
            %(transactions)s
            %(uncleared)s
            """,
            open=self._open_query(company, debtors),
            company=company.id,
            currency=company.currency_id.id,
            today=today,
            booked=self._booked_query(company, orders),
            transactions=self._transaction_query(company, orders),
            uncleared=self._uncleared_query(company),
        )

    @api.model
    def _open_query(self, company, debtors):
        """Return SQL of what ``open`` is: posted items on receivable accounts with what
        nothing settles of them.
        """
        return SQL(
            """
            WITH debtor AS MATERIALIZED (
                SELECT id, commercial_partner_id AS entity
                  FROM res_partner
                 WHERE commercial_partner_id IN %(debtors)s
            ), account AS MATERIALIZED (
                SELECT id FROM account_account
                 WHERE account_type = 'asset_receivable'
            ), void_payment AS MATERIALIZED (
                SELECT move_id FROM account_payment
                 WHERE state IN ('draft', 'rejected', 'canceled')
                   AND state <> 'draft' AND move_id IS NOT NULL
            ), invalid AS MATERIALIZED (
                SELECT id FROM account_move_line
                 WHERE parent_state <> 'posted' AND matching_number IS NOT NULL
                 UNION
                SELECT line.id
                  FROM void_payment
                  JOIN account_move_line line ON line.move_id = void_payment.move_id
            ), undone AS (
                SELECT partial.debit_move_id AS line_id, partial.amount
                  FROM invalid
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = invalid.id
                 UNION ALL
                SELECT partial.credit_move_id, -partial.amount
                  FROM invalid
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = invalid.id
            ), item AS MATERIALIZED (
                SELECT line.id, line.move_id, line.date_maturity, debtor.entity,
                       line.amount_residual AS amount
                  FROM account_move_line line
                  JOIN debtor ON debtor.id = line.partner_id
                 WHERE line.account_id IN (SELECT id FROM account)
                   AND line.reconciled IS NOT TRUE
                   AND line.parent_state = 'posted'
                   AND line.company_id = %(company)s
                   AND line.move_id NOT IN (SELECT move_id FROM void_payment)
                 UNION ALL
                SELECT line.id, line.move_id, line.date_maturity, debtor.entity,
                       undone.amount
                  FROM undone
                  JOIN account_move_line line ON line.id = undone.line_id
                  JOIN debtor ON debtor.id = line.partner_id
                 WHERE line.account_id IN (SELECT id FROM account)
                   AND line.parent_state = 'posted'
                   AND line.company_id = %(company)s
                   AND line.move_id NOT IN (SELECT move_id FROM void_payment)
            ), open AS MATERIALIZED (
                SELECT id, MIN(move_id) AS move_id, MIN(entity) AS entity,
                       MIN(date_maturity) AS date_maturity, SUM(amount) AS amount
                  FROM item
                 GROUP BY id
            )
            """,
            debtors=tuple(debtors.ids) or (0,),
            company=company.id,
        )

    @api.model
    def _booked_query(self, company, orders):
        """Return SQL of payments that are booked, not matched, and were made online for
        a quotation or for one of ``orders``.
        """
        return SQL(
            """
            SELECT open.entity, 'booked', made.order_id, sale.state <> 'sale',
                   %(currency)s, -SUM(open.amount), NULL
              FROM open
              JOIN account_payment payment ON payment.move_id = open.move_id
              JOIN LATERAL (
                       SELECT MIN(sale.id) AS order_id
                         FROM payment_transaction transaction
                         JOIN sale_order_transaction_rel made_for
                           ON made_for.transaction_id = transaction.id
                         JOIN sale_order sale ON sale.id = made_for.sale_order_id
                        WHERE transaction.id = payment.payment_transaction_id
                          AND (sale.state IN ('draft', 'sent')
                               OR sale.id IN %(orders)s)
                   ) made ON made.order_id IS NOT NULL
              JOIN sale_order sale ON sale.id = made.order_id
             WHERE open.amount < 0
             GROUP BY open.entity, made.order_id, sale.state
            """,
            currency=company.currency_id.id,
            orders=tuple(orders.ids) if orders else (0,),
        )

    @api.model
    def _transaction_query(self, company, orders):
        """Return SQL of transactions that are done or authorised, and not booked.

        Of one that was captured in part, the rest. It is of whom its order is invoiced
        to, or who paid: linked to an order of others it does nothing there. What stands
        as a draft payment is not booked yet; rejected, it is no money.
        """
        return SQL(
            """
            SELECT debtor.entity, 'transactions',
                   CASE WHEN made.state IN ('draft', 'sent')
                             OR made.id IN %(orders)s
                        THEN made.id END,
                   made.state IN ('draft', 'sent'), transaction.currency_id,
                   SUM(transaction.amount - COALESCE(child.amount, 0)), NULL
              FROM payment_transaction transaction
              JOIN res_partner giver ON giver.id = transaction.partner_id
              LEFT JOIN account_payment payment ON payment.id = transaction.payment_id
              LEFT JOIN LATERAL (
                       SELECT SUM(part.amount) AS amount, COUNT(*) AS number
                         FROM payment_transaction part
                        WHERE part.source_transaction_id = transaction.id
                          AND part.state IN ('done', 'cancel')
                          AND part.operation IS DISTINCT FROM 'refund'
                   ) child ON TRUE
              LEFT JOIN LATERAL (
                       SELECT sale.id, sale.state, sale.partner_invoice_id
                         FROM sale_order_transaction_rel made_for
                         JOIN sale_order sale ON sale.id = made_for.sale_order_id
                         JOIN res_partner payer ON payer.id = sale.partner_invoice_id
                         JOIN res_partner orderer ON orderer.id = sale.partner_id
                        WHERE made_for.transaction_id = transaction.id
                          AND giver.commercial_partner_id
                              IN (payer.commercial_partner_id,
                                  orderer.commercial_partner_id)
                        ORDER BY sale.id
                        LIMIT 1
                   ) made ON TRUE
              JOIN debtor
                ON debtor.id = COALESCE(made.partner_invoice_id, transaction.partner_id)
             WHERE transaction.state IN ('authorized', 'done')
               AND transaction.operation IS DISTINCT FROM 'validation'
               AND transaction.company_id = %(company)s
               AND (transaction.payment_id IS NULL
                    OR transaction.id IN (SELECT payment_transaction_id
                                            FROM account_payment
                                           WHERE state = 'draft'))
               AND (payment.id IS NULL OR payment.state = 'draft')
               AND (transaction.state = 'authorized' OR COALESCE(child.number, 0) = 0)
             GROUP BY 1, 3, 4, 5
            """,
            company=company.id,
            orders=tuple(orders.ids) if orders else (0,),
        )

    @api.model
    def _uncleared_query(self, company):
        """Return SQL of payments that no bank statement shows yet, if the company
        counts them: what they took off receivables, as far as their outstanding
        account waits. Those made online are confirmed by their provider.
        """
        if not company.parts_credit_uncleared:
            return SQL("")
        return SQL(
            """
             UNION ALL
            SELECT debtor.entity, 'uncleared', NULL, FALSE, %(currency)s,
                   -SUM(taken.balance * line.amount_residual / line.balance), NULL
              FROM account_move_line line
              JOIN debtor ON debtor.id = line.partner_id
              JOIN account_payment payment
                ON payment.move_id = line.move_id
               AND payment.outstanding_account_id = line.account_id
               AND payment.state IN ('in_process', 'paid')
              JOIN account_journal journal
                ON journal.id = payment.journal_id
               AND journal.default_account_id IS DISTINCT FROM line.account_id
              JOIN LATERAL (
                       SELECT SUM(own.balance) AS balance
                         FROM account_move_line own
                        WHERE own.move_id = line.move_id
                          AND own.account_id IN (SELECT id FROM account)
                          AND own.partner_id IN (SELECT id FROM debtor)
                   ) taken ON taken.balance < 0
             WHERE payment.payment_transaction_id IS NULL
               AND line.account_id IN (SELECT id FROM account_account
                                        WHERE reconcile
                                          AND account_type <> 'asset_receivable')
               AND line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted'
               AND line.company_id = %(company)s
               AND line.balance > 0
             GROUP BY debtor.entity
            """,
            currency=company.currency_id.id,
            company=company.id,
        )
