from odoo import api, fields, models
from odoo.exceptions import UserError

RISK_CLASSES = [
    ("a", "A – very low"),
    ("b", "B – low"),
    ("c", "C – medium"),
    ("d", "D – high"),
    ("e", "E – highest"),
]
# Where a company has no line for a class: files are reviewed at least yearly (CRD-6)
REVIEW_MONTHS = 12
# To start from: {class: (highest limit, days, days overdue, deposit, months, score)}
USUAL = {
    "a": (1000000.0, 90, 30, 0.0, 12, 85.0),
    "b": (500000.0, 60, 20, 0.0, 12, 70.0),
    "c": (200000.0, 45, 15, 10.0, 12, 50.0),
    "d": (50000.0, 30, 10, 30.0, 6, 30.0),
    "e": (0.0, 0, 0, 100.0, 6, 0.0),
}


class PartsCreditPolicy(models.Model):
    """What each risk class may have at most; beyond it the credit group decides."""

    _name = "parts.credit.policy"
    _description = "Credit Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, risk_class, id"
    _rec_name = "risk_class"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    risk_class = fields.Selection(selection=RISK_CLASSES, required=True, tracking=True)
    limit_max = fields.Monetary(
        string="Highest Limit", tracking=True, help="In company currency. Zero: none."
    )
    term_days_max = fields.Integer(string="Longest Term (days)", tracking=True)
    overdue_days_max = fields.Integer(string="Most Days Overdue Allowed", tracking=True)
    deposit_percent = fields.Float(
        string="Deposit (%)",
        tracking=True,
        help="Share of an order to be paid in advance.",
    )
    score_min = fields.Float(
        string="From Score (%)",
        tracking=True,
        help="The class is suggested from this share of the score card's points on.",
    )
    review_months = fields.Integer(
        string="Review Every (months)", default=REVIEW_MONTHS, tracking=True
    )

    _class_uniq = models.UniqueIndex(
        "(company_id, risk_class)", "This class has a line of the policy already."
    )
    _figures_sensible = models.Constraint(
        "CHECK (limit_max >= 0 AND term_days_max >= 0 AND overdue_days_max >= 0"
        " AND deposit_percent >= 0 AND deposit_percent <= 100"
        " AND review_months BETWEEN 1 AND 12)",
        "Limits and days are zero or more, the deposit lies between 0 and 100 per cent,"
        " and a file is reviewed at least yearly.",
    )

    # === ACTIONS === #

    @api.model
    def action_fill_usual(self):
        """Add usual lines for the classes of this company that have none."""
        self.browse().check_access("create")
        company = self.env.company
        present = set(
            self.search([("company_id", "=", company.id)]).mapped("risk_class")
        )
        missing = [name for name, _label in RISK_CLASSES if name not in present]
        if not missing:
            raise UserError(
                self.env._("Every risk class of %s has its line.", company.name)
            )
        self.create([self._prepare_usual_vals(company, name) for name in missing])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _prepare_usual_vals(self, company, risk_class):
        limit, term, overdue, deposit, months, score = USUAL[risk_class]
        return {
            "company_id": company.id,
            "risk_class": risk_class,
            "limit_max": limit,
            "term_days_max": term,
            "overdue_days_max": overdue,
            "deposit_percent": deposit,
            "review_months": months,
            "score_min": score,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _of(self, company, risk_class):
        """Return the line of a class, as superuser; empty where there is none."""
        return self.sudo().search(
            [("company_id", "=", company.id), ("risk_class", "=", risk_class)], limit=1
        )

    def _excess(self, terms):
        """Return the names of the figures in ``terms`` that this line does not allow.

        :param dict terms: ``limit`` (company currency), ``term_days``,
            ``overdue_days``
        :return: none where a company has no line for the class
        :rtype: list[str]
        """
        if not self:
            return []
        currency = self.company_id.currency_id
        excess = []
        if currency.compare_amounts(terms["limit"], self.limit_max) > 0:
            excess.append("limit")
        if terms["term_days"] > self.term_days_max:
            excess.append("term_days")
        if terms["overdue_days"] > self.overdue_days_max:
            excess.append("overdue_days")
        return excess

    @api.model
    def _next_review(self, company, risk_class, today):
        """Return when a file of a class decided on ``today`` is reviewed again."""
        months = self._of(company, risk_class).review_months or REVIEW_MONTHS
        return fields.Date.add(today, months=months)
