from odoo import fields, models


class PartsCatalogMakeGroup(models.Model):
    _name = "parts.catalog.make.group"
    _description = "Group of Makes"
    _order = "name, id"

    name = fields.Char(required=True)
    make_ids = fields.One2many(
        comodel_name="parts.catalog.make",
        inverse_name="group_id",
        string="Makes",
    )

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "There is already a group of makes of this name."
    )
