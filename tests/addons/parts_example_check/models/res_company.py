from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Off on installation: a control never surprises a company
    parts_example_reference = fields.Boolean(string="Customer's Reference Required")
