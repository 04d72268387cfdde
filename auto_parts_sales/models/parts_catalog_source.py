from odoo import fields, models


class PartsCatalogSource(models.Model):
    _name = "parts.catalog.source"
    _description = "Catalogue Source"
    _order = "name, id"

    name = fields.Char(required=True)
    licence = fields.Char(help="Under which terms this data may be used.")
    note = fields.Text()

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "There is already a source of this name."
    )
