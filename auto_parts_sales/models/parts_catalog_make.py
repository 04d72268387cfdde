from odoo import fields, models


class PartsCatalogMake(models.Model):
    _name = "parts.catalog.make"
    _description = "Vehicle Make"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    country_id = fields.Many2one(comodel_name="res.country")
    group_id = fields.Many2one(
        comodel_name="parts.catalog.make.group",
        string="Group",
        help="Makes of one group share part numbers, like Volkswagen and Audi.",
        index="btree_not_null",
        ondelete="restrict",
    )
    model_ids = fields.One2many(
        comodel_name="parts.catalog.model",
        inverse_name="make_id",
        string="Models",
    )
    active = fields.Boolean(default=True)
