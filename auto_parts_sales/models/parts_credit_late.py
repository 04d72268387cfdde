from odoo import api, fields, models

# Of so many customers the books are read at once
BATCH = 500


class PartsCreditLate(models.Model):
    """A customer without a credit file whose debts are overdue (CRD-6).

    Who has a file is marked on it; nobody else may be overdue at all. Written by night,
    by the engine alone.
    """

    _name = "parts.credit.late"
    _description = "Late Customer without a Credit File"
    _rec_name = "partner_id"
    _order = "debt_days desc, id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(related="partner_id.user_id")
    late_since = fields.Date(readonly=True)
    debt_days = fields.Integer(
        string="Days Overdue", readonly=True, aggregator="max", help="As of last night."
    )
    debt_overdue = fields.Monetary(
        string="Overdue Amount", readonly=True, help="As of last night."
    )

    _holder_uniq = models.UniqueIndex("(company_id, partner_id)")

    # === ACTIONS === #

    def action_propose(self):
        """Open a proposal to give this customer credit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Credit"),
            "res_model": "parts.credit.change",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_purpose": "first",
            },
        }

    # === NIGHT === #

    @api.model
    def _look_over(self, company):
        """Mark who turned late, tell owner and finance once, and forget who paid."""
        known = self.search([("company_id", "=", company.id)])
        partners = self._candidates(company) | known.partner_id
        files = self.env["parts.credit.file"].search([("company_id", "=", company.id)])
        partners = partners.commercial_partner_id - files.partner_id
        books = self.env["parts.credit.books"]
        late = {}
        for start in range(0, len(partners), BATCH):
            batch = partners[start : start + BATCH]
            asked = [(partner, None) for partner in batch]
            for partner, facts in zip(batch, books._each(company, asked), strict=True):
                if facts["overdue_days"] > 0:
                    late[partner] = facts
        known.filtered(lambda one: one.partner_id not in late).unlink()
        rows = {row.partner_id: row for row in known.exists()}
        for partner, facts in late.items():
            vals = {
                "debt_days": facts["overdue_days"],
                "debt_overdue": facts["overdue"],
            }
            if partner in rows:
                rows[partner].write(vals)
            else:
                self._turned_late(company, partner, vals)

    @api.model
    def _candidates(self, company):
        """Return customers who may be overdue: an item is open past its date, or a
        payment was rejected.
        """
        items = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("date_maturity", "<", fields.Date.context_today(self)),
                ("partner_id", "!=", False),
            ],
            groupby=["partner_id"],
        )
        rejected = self.env["account.payment"]._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("rejected", "canceled")),
                ("partner_id", "!=", False),
            ],
            groupby=["partner_id"],
        )
        partners = self.env["res.partner"]
        return partners.union(*(partner for [partner] in [*items, *rejected]))

    @api.model
    def _turned_late(self, company, partner, vals):
        today = fields.Date.context_today(self)
        self.create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "late_since": today,
                **vals,
            }
        )
        days = vals["debt_days"]
        keeper = self.env["parts.credit.file"]._keepers_of(company)[:1]
        if keeper and keeper != partner.user_id:
            env = self.with_context(lang=keeper.lang).env
            partner.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=env._(
                    "%(customer)s turned late", customer=partner.display_name
                ),
                note=env._(
                    "The oldest debt is %(days)s days overdue, and there is no credit"
                    " file.",
                    days=days,
                ),
            )
        self._tell_owner(partner, days)

    @api.model
    def _tell_owner(self, partner, days):
        """Give who sells to ``partner`` a task on the customer, whom he may read: no
        figure but the days.
        """
        owner = partner.user_id
        if owner and owner.active and not owner.share:
            env = self.with_context(lang=owner.lang).env
            partner.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=owner.id,
                summary=env._(
                    "%(customer)s turned late", customer=partner.display_name
                ),
                note=env._(
                    "The oldest debt is %(days)s days overdue: new orders are held"
                    " until it is paid or released.",
                    days=days,
                ),
            )
