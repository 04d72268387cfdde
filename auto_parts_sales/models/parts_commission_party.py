from odoo import api, fields, models


class PartsCommissionParty(models.Model):
    """Who developed a customer, or collects from him, between two dates."""

    _name = "parts.commission.party"
    _description = "Commission Role for a Customer"
    _order = "partner_id, role, date_from desc, id desc"
    _check_company_auto = True
    _rec_name = "user_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
    )
    role = fields.Selection(
        selection=[
            ("developer", "Developer of the customer"),
            ("collector", "Collector"),
        ],
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", required=True, index=True
    )
    date_from = fields.Date(
        string="Valid From", help="First invoice date. Empty: from the beginning."
    )
    date_to = fields.Date(
        string="Valid Until", help="Last invoice date. Empty: without end."
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The role ends before it begins.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_user(self, company, partner, role, date):
        """Return who held a role for a customer at a date; the latest if several."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("role", "=", role),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            limit=1,
        ).user_id
