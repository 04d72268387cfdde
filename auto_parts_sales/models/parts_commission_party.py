from odoo import api, fields, models
from odoo.exceptions import AccessError


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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        parties = super().create(vals_list)
        parties._check_not_own()
        return parties

    def write(self, vals):
        # Before as well: nobody hands on what others gave him
        self._check_not_own()
        res = super().write(vals)
        self._check_not_own()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        self._check_not_own()

    def _check_not_own(self):
        """Refuse that somebody gives himself a share of what a customer pays."""
        if self.env.su:
            return
        own = self.sudo().filtered(lambda party: party.user_id == self.env.user)
        if own:
            raise AccessError(
                self.env._(
                    "You would earn on %(customer)s yourself: who developed a customer"
                    " or collects from him is entered by somebody else of the sales"
                    " office, the financial deputy or the general manager.",
                    customer=own[:1].partner_id.name,
                )
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
