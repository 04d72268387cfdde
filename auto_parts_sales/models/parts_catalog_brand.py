from odoo import fields, models

GRADES = [
    ("genuine", "Genuine"),
    ("oes", "OE Supplier"),
    ("aftermarket", "Aftermarket"),
    ("reman", "Remanufactured"),
    ("used", "Used"),
]


class PartsCatalogBrand(models.Model):
    _name = "parts.catalog.brand"
    _description = "Part Brand"
    _order = "name, id"

    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Manufacturer",
        index="btree_not_null",
    )
    code = fields.Char(
        string="ACES Brand Code",
        help="Four letters by which ACES files name the brand.",
        index="btree_not_null",
    )
    grade = fields.Selection(
        selection=GRADES,
        help="Grade that parts of this brand usually have.",
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "There is already a part brand of this name."
    )
