from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    parts_credit_control = fields.Boolean(
        related="company_id.parts_credit_control", readonly=False
    )
    parts_approval_remind_days = fields.Integer(
        related="company_id.parts_approval_remind_days", readonly=False
    )
    parts_approval_escalate_days = fields.Integer(
        related="company_id.parts_approval_escalate_days", readonly=False
    )
    parts_duty_refuse = fields.Boolean(
        related="company_id.parts_duty_refuse", readonly=False
    )
    parts_unheld_warning = fields.Text(related="company_id.parts_unheld_warning")
    parts_duty_conflict_count = fields.Integer(
        compute="_compute_parts_duty_conflict_count"
    )

    # price
    parts_contract_authority = fields.Selection(
        related="company_id.parts_contract_authority", readonly=False
    )
    parts_price_control = fields.Boolean(
        related="company_id.parts_price_control", readonly=False
    )
    parts_price_send = fields.Boolean(
        related="company_id.parts_price_send", readonly=False
    )
    parts_price_promotions = fields.Boolean(
        related="company_id.parts_price_promotions", readonly=False
    )
    parts_price_change_form = fields.Selection(
        related="company_id.parts_price_change_form", readonly=False
    )
    parts_market_days = fields.Integer(
        related="company_id.parts_market_days", readonly=False
    )

    # contract
    parts_contract_control = fields.Boolean(
        related="company_id.parts_contract_control", readonly=False
    )
    parts_three_names = fields.Boolean(
        related="company_id.parts_three_names", readonly=False
    )
    parts_contract_end_days = fields.Integer(
        related="company_id.parts_contract_end_days", readonly=False
    )
    parts_contract_end_percent = fields.Float(
        related="company_id.parts_contract_end_percent", readonly=False
    )

    # credit: the file
    parts_credit_hands = fields.Selection(
        related="company_id.parts_credit_hands", readonly=False
    )
    parts_credit_overdue_review = fields.Selection(
        related="company_id.parts_credit_overdue_review", readonly=False
    )
    parts_credit_review_notice = fields.Integer(
        related="company_id.parts_credit_review_notice", readonly=False
    )
    parts_credit_default_days = fields.Integer(
        related="company_id.parts_credit_default_days", readonly=False
    )

    # credit: the check
    parts_credit_tolerance = fields.Float(
        related="company_id.parts_credit_tolerance", readonly=False
    )
    parts_credit_uncleared = fields.Boolean(
        related="company_id.parts_credit_uncleared", readonly=False
    )
    parts_credit_keeper_releases = fields.Boolean(
        related="company_id.parts_credit_keeper_releases", readonly=False
    )
    parts_credit_release_days = fields.Integer(
        related="company_id.parts_credit_release_days", readonly=False
    )

    # contract
    parts_contract_notice_days = fields.Integer(
        related="company_id.parts_contract_notice_days", readonly=False
    )

    # commission
    parts_commission_requires_contract = fields.Boolean(
        related="company_id.parts_commission_requires_contract", readonly=False
    )
    parts_collected_policy = fields.Selection(
        related="company_id.parts_collected_policy", readonly=False
    )
    parts_collected_discount = fields.Boolean(
        related="company_id.parts_collected_discount", readonly=False
    )
    parts_collected_fees = fields.Boolean(
        related="company_id.parts_collected_fees", readonly=False
    )
    parts_collected_withheld = fields.Boolean(
        related="company_id.parts_collected_withheld", readonly=False
    )
    parts_bank_fee_account_ids = fields.Many2many(
        related="company_id.parts_bank_fee_account_ids", readonly=False
    )

    # catalog
    parts_search_missing = fields.Char(compute="_compute_parts_search_missing")

    def _compute_parts_search_missing(self):
        missing = self.env["parts.catalog.lookup"]._get_missing()
        self.parts_search_missing = missing

    @api.depends("company_id")
    def _compute_parts_duty_conflict_count(self):
        conflicts = self.env["parts.approval.duty.conflict"].sudo()
        for settings in self:
            settings.parts_duty_conflict_count = conflicts.search_count(
                [
                    ("full_rights", "=", False),
                    ("user_id.company_ids", "in", settings.company_id.ids),
                ]
            )
