from odoo import api, fields, models

from .parts_credit_policy import USUAL

MEASURES = [
    ("late_share", "Share Paid Late (%)"),
    ("worst_delay", "Worst Delay (days)"),
    ("days_to_pay", "Average Days to Pay"),
    ("rejected", "Rejected Payments"),
    ("broken", "Promises Broken"),
    ("turnover", "Turnover of 12 Months"),
]
# From which value on a measure earns how many points; a hundred at the most
USUAL_POINTS = {
    "late_share": [(0, 30), (10, 20), (25, 10), (50, 0)],
    "worst_delay": [(0, 20), (8, 12), (31, 5), (61, 0)],
    "days_to_pay": [(0, 20), (31, 14), (61, 7), (91, 0)],
    "rejected": [(0, 10), (1, 4), (3, 0)],
    "broken": [(0, 10), (1, 5), (3, 0)],
    "turnover": [(0, 0), (50000, 4), (200000, 7), (1000000, 10)],
}


class PartsCreditScore(models.Model):
    """One line of the score card: from which value on a measure earns which points.

    A company without lines uses the usual ones, see docs/CREDIT.md.
    """

    _name = "parts.credit.score"
    _description = "Line of the Credit Score Card"
    _order = "company_id, measure, value_min, id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    measure = fields.Selection(selection=MEASURES, required=True)
    value_min = fields.Float(
        string="From", help="The line with the highest value that is reached counts."
    )
    points = fields.Integer(required=True)

    _band_uniq = models.UniqueIndex(
        "(company_id, measure, value_min)", "This band of the score card exists."
    )

    # === ACTIONS === #

    @api.model
    def action_fill_usual(self):
        """Add the usual lines for measures that this company has none of."""
        self.browse().check_access("create")
        company = self.env.company
        present = set(self.search([("company_id", "=", company.id)]).mapped("measure"))
        self.create(
            [
                {
                    "company_id": company.id,
                    "measure": measure,
                    "value_min": value,
                    "points": points,
                }
                for measure, bands in USUAL_POINTS.items()
                if measure not in present
                for value, points in bands
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #

    @api.model
    def _card(self, company):
        """Return ``{measure: [(from value, points)]}`` of a company, ascending."""
        lines = self.sudo().search([("company_id", "=", company.id)])
        if not lines:
            return USUAL_POINTS
        return {
            measure: [(line.value_min, line.points) for line in own.sorted("value_min")]
            for measure, own in lines.grouped("measure").items()
        }

    @api.model
    def _suggest(self, company, behaviours):
        """Return what the score card says of customers, in a constant number of
        queries.

        :param dict behaviours: ``{key: dict}`` as of
            :meth:`parts.credit.behaviour._behaviour`
        :return: by key ``rows`` (list of (measure, value, points, most points)),
            ``points``, ``most``, ``percent``, ``risk_class``, ``limit``, ``term_days``
            and ``daily`` (turnover a day); ``risk_class`` is False without any payment
        :rtype: dict
        """
        card = self._card(company)
        policies = self.env["parts.credit.policy"].sudo()
        policies = policies.search([("company_id", "=", company.id)])
        lines = {line.risk_class: line for line in policies}
        return {
            key: self._judge(company, card, lines, behaviour)
            for key, behaviour in behaviours.items()
        }

    @api.model
    def _judge(self, company, card, lines, behaviour):
        rows = []
        for measure, bands in card.items():
            value = behaviour[measure] or 0.0
            reached = [points for start, points in bands if value >= start]
            most = max(points for _start, points in bands)
            rows.append((measure, value, reached[-1] if reached else 0, most))
        points = sum(row[2] for row in rows)
        most = sum(row[3] for row in rows)
        percent = points * 100.0 / most if most else 0.0
        known = behaviour["days_to_pay"] is not None
        risk_class = self._class_of(percent, lines) if known else False
        limit, term_days, daily = self._limit_of(
            company, risk_class or "e", lines, behaviour["turnover"]
        )
        return {
            "rows": rows,
            "points": points,
            "most": most,
            "percent": round(percent, 1),
            "risk_class": risk_class,
            "limit": limit if known else 0.0,
            "term_days": term_days,
            "daily": daily,
        }

    @api.model
    def _class_of(self, percent, lines):
        """Return the best class that a share of the points reaches."""
        for name in sorted(USUAL):
            line = lines.get(name)
            if percent >= (line.score_min if line else USUAL[name][5]):
                return name
        return "e"

    @api.model
    def _limit_of(self, company, risk_class, lines, turnover):
        """Return (limit, term in days, turnover a day): what the customer buys during
        the term of his class, in full hundreds, and no more than the class may have.
        """
        line = lines.get(risk_class)
        if line:
            highest, term_days = line.limit_max, line.term_days_max
        else:
            highest, term_days = USUAL[risk_class][:2]
        daily = max(turnover, 0.0) / 365.0
        limit = daily * term_days // 100 * 100
        return min(limit, highest), term_days, company.currency_id.round(daily)
