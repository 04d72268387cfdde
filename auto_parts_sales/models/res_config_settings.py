from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    parts_credit_control = fields.Boolean(
        related="company_id.parts_credit_control", readonly=False
    )
