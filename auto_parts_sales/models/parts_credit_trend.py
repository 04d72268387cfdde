from odoo import fields, models
from odoo.tools import SQL

from .parts_credit_behaviour import PAID


class PartsCreditTrend(models.Model):
    """What customers paid each month, how fast and how late (CRD-6)."""

    _name = "parts.credit.trend"
    _description = "Payment Behaviour by Month"
    _auto = False
    _order = "month desc, partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    month = fields.Date(readonly=True)
    paid = fields.Monetary(readonly=True)
    paid_late = fields.Monetary(readonly=True)
    days_to_pay = fields.Float(
        string="Average Days to Pay",
        readonly=True,
        aggregator="avg",
        help="Weighted by amount within the month.",
    )
    late_share = fields.Float(string="Paid Late (%)", readonly=True, aggregator="avg")
    worst_delay = fields.Integer(
        string="Worst Delay (days)", readonly=True, aggregator="max"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(part_id) AS id,
                   company AS company_id,
                   debtor AS partner_id,
                   DATE_TRUNC('month', paid_on)::date AS month,
                   SUM(amount) AS paid,
                   COALESCE(SUM(amount) FILTER (WHERE late_days > 0), 0) AS paid_late,
                   SUM(amount * days) / NULLIF(SUM(amount), 0) AS days_to_pay,
                   COALESCE(SUM(amount) FILTER (WHERE late_days > 0), 0) * 100.0
                       / NULLIF(SUM(amount), 0) AS late_share,
                   MAX(late_days) AS worst_delay
              FROM (%s) paid
          GROUP BY company, debtor, DATE_TRUNC('month', paid_on)
            """,
            SQL(PAID),  # pylint: disable=sql-injection
        )
