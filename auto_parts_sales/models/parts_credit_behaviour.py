from odoo import api, fields, models
from odoo.tools import SQL

# What was paid, of which invoice, when it was due. Money only: a credit note is no
# payment, nor is an exchange difference, nor a payment that was rejected.
PAID = """
    SELECT part.id AS part_id,
           holder.commercial_partner_id AS debtor,
           line.company_id AS company,
           part.amount AS amount,
           part.max_date AS paid_on,
           GREATEST(
               part.max_date - COALESCE(invoice.invoice_date, line.date), 0
           ) AS days,
           GREATEST(
               part.max_date - COALESCE(line.date_maturity, line.date), 0
           ) AS late_days
      FROM account_partial_reconcile part
      JOIN account_move_line line ON line.id = part.debit_move_id
      JOIN account_move invoice ON invoice.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
      JOIN res_partner holder ON holder.id = line.partner_id
      JOIN account_move_line counterpart ON counterpart.id = part.credit_move_id
      JOIN account_move settlement ON settlement.id = counterpart.move_id
      JOIN res_company company ON company.id = line.company_id
 LEFT JOIN account_payment payment ON payment.id = settlement.origin_payment_id
     WHERE account.account_type = 'asset_receivable'
       AND invoice.move_type = 'out_invoice'
       AND invoice.state = 'posted'
       AND settlement.state = 'posted'
       AND settlement.move_type != 'out_refund'
       AND settlement.journal_id IS DISTINCT FROM company.currency_exchange_journal_id
       AND (payment.id IS NULL OR payment.state IN ('in_process', 'paid'))
"""


class PartsCreditBehaviour(models.AbstractModel):
    """How customers have paid, from the ledger (CRD-6).

    A constant number of queries for any number of customers.
    """

    _name = "parts.credit.behaviour"
    _description = "Payment Behaviour"

    @api.model
    def _behaviour(self, company, debtors, since=None, until=None):
        """Return how ``debtors`` (commercial entities) paid ``company``.

        :param date since: count payments, rejections and invoices from this day on
        :param date until: and up to this one, included
        :return: by id of the debtor a dictionary of ``paid`` (amount), ``days_to_pay``
            (average from invoice to payment, weighted by amount; None without any
            payment), ``late_share`` (per cent of what was paid that came after its
            date), ``worst_delay`` (days, of what was paid late or is overdue today),
            ``overdue`` and ``overdue_days`` (open today), ``rejected`` (number of
            payments), ``rejected_amount``, ``broken`` (promises), ``turnover``
            (untaxed, less credit notes). Amounts in company currency
        :rtype: dict[int, dict]
        """
        result = {debtor_id: self._nothing() for debtor_id in debtors.ids}
        if not result:
            return result
        self._flush_facts()
        period = (since or fields.Date.to_date("1900-01-01"), until or self._far())
        self._add_paid(result, company, period)
        self._add_open(result, company)
        self._add_rejected(result, company, period)
        self._add_turnover(result, company, period)
        broken = self._broken_promises(company, debtors, since, until)
        for debtor_id, count in broken.items():
            result[debtor_id]["broken"] = count
        return result

    @api.model
    def _nothing(self):
        """Return the behaviour of a customer of whom nothing is known."""
        return {
            "paid": 0.0,
            "days_to_pay": None,
            "late_share": 0.0,
            "worst_delay": 0,
            "overdue": 0.0,
            "overdue_days": 0,
            "rejected": 0,
            "rejected_amount": 0.0,
            "broken": 0,
            "turnover": 0.0,
        }

    @api.model
    def _broken_promises(self, company, debtors, since=None, until=None):
        """Return ``{id of the debtor: number of promises to pay that were broken}``.

        Empty until the collection room keeps promises; it extends this.
        """
        return {}

    @api.model
    def _far(self):
        return fields.Date.to_date("9999-12-31")

    @api.model
    def _flush_facts(self):
        for name in (
            "account.partial.reconcile",
            "account.move.line",
            "account.move",
            "account.payment",
            "res.partner",
        ):
            self.env[name].flush_model()

    @api.model
    def _add_paid(self, result, company, period):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor,
                       SUM(amount),
                       SUM(amount * days),
                       SUM(amount) FILTER (WHERE late_days > 0),
                       MAX(late_days)
                  FROM (%(paid)s) paid
                 WHERE company = %(company)s
                   AND debtor IN %(debtors)s
                   AND paid_on BETWEEN %(since)s AND %(until)s
              GROUP BY debtor
                """,
                paid=SQL(PAID),  # pylint: disable=sql-injection
                company=company.id,
                debtors=tuple(result),
                since=period[0],
                until=period[1],
            )
        )
        for debtor, paid, weighted, late, worst in rows:
            if not paid:
                continue
            result[debtor].update(
                paid=float(paid),
                days_to_pay=round(float(weighted / paid), 1),
                late_share=round(float(late or 0) * 100.0 / float(paid), 1),
                worst_delay=worst or 0,
            )

    @api.model
    def _add_open(self, result, company):
        partners = self.env["res.partner"].browse(result)
        books = self.env["parts.credit.books"]._each(
            company, [(partner, None) for partner in partners]
        )
        for row, known in zip(result.values(), books, strict=True):
            row.update(
                overdue=known["overdue"],
                overdue_days=known["overdue_days"],
                worst_delay=max(row["worst_delay"], known["overdue_days"]),
            )

    @api.model
    def _add_rejected(self, result, company, period):
        groups = self.env["account.payment"]._read_group(
            [
                ("company_id", "=", company.id),
                ("partner_id.commercial_partner_id", "in", list(result)),
                ("payment_type", "=", "inbound"),
                ("state", "=", "rejected"),
                ("date", ">=", period[0]),
                ("date", "<=", period[1]),
            ],
            groupby=["partner_id"],
            aggregates=["__count", "amount_company_currency_signed:sum"],
        )
        for partner, count, amount in groups:
            row = result[partner.commercial_partner_id.id]
            row["rejected"] += count
            row["rejected_amount"] += amount or 0.0

    @api.model
    def _add_turnover(self, result, company, period):
        groups = self.env["account.move"]._read_group(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "in", list(result)),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("invoice_date", ">=", period[0]),
                ("invoice_date", "<=", period[1]),
            ],
            groupby=["commercial_partner_id"],
            aggregates=["amount_untaxed_signed:sum"],
        )
        for partner, amount in groups:
            result[partner.id]["turnover"] = amount or 0.0
