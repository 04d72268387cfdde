from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === CUSTOMER === #

    parts_vehicle_ids = fields.One2many(
        comodel_name="parts.customer.vehicle",
        inverse_name="partner_id",
        string="Vehicles",
        groups="sales_team.group_sale_salesman",
    )
