from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    parts_example_reference = fields.Boolean(
        related="company_id.parts_example_reference", readonly=False
    )
