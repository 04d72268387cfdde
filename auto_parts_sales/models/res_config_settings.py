from odoo import fields, models


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
