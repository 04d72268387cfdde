from odoo import fields, models

from .parts_credit_policy import RISK_CLASSES


class PartsCreditOpeningLine(models.Model):
    """A row of an opening import: what was read, and what is wrong with it."""

    _name = "parts.credit.opening.line"
    _description = "Row of an Opening Import"
    _order = "opening_id, number, id"
    _rec_name = "customer"

    opening_id = fields.Many2one(
        comodel_name="parts.credit.opening",
        required=True,
        ondelete="cascade",
        index=True,
    )
    currency_id = fields.Many2one(related="opening_id.currency_id")
    number = fields.Integer(string="Row")
    customer = fields.Char(string="As Written")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="set null"
    )
    credit_limit = fields.Monetary()
    term_days = fields.Integer(string="Longest Term (days)")
    overdue_days_allowed = fields.Integer(string="Days Overdue Allowed")
    risk_class = fields.Selection(selection=RISK_CLASSES)
    review_date = fields.Date(string="Next Review")
    problem = fields.Char()
    file_id = fields.Many2one(
        comodel_name="parts.credit.file",
        string="Credit File",
        ondelete="set null",
    )

    def _create_file(self):
        """Create the active file of this row, as superuser, and say where from."""
        self.ensure_one()
        opening = self.opening_id
        file = self.env["parts.credit.file"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": opening.company_id.id,
                "credit_limit": self.credit_limit,
                "term_days": self.term_days,
                "overdue_days_allowed": self.overdue_days_allowed,
                "risk_class": self.risk_class,
                "review_date": self.review_date,
            }
        )
        file._activate()
        file.message_post(
            body=self.env._(
                "Opened by import, row %(row)s of %(name)s, by %(user)s.",
                row=self.number,
                name=opening.filename or opening.display_name,
                user=self.env.user.name,
            )
        )
        self.file_id = file
        return file
