from odoo import fields, models

from .parts_catalog_supersession import SUPERSESSION_RULES


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
    supersession_rule = fields.Selection(
        selection=SUPERSESSION_RULES,
        string="When Superseded",
        required=True,
        default="use_up",
        help="What is offered first for a superseded number: the old part as long as"
        " there is stock, or the new one at once. A part may say otherwise.",
    )
    active = fields.Boolean(default=True)

    def write(self, vals):
        # Makes of one group share their chains of superseded numbers.
        moved = self.browse()
        if "group_id" in vals:
            moved = self.filtered(lambda make: make.group_id.id != vals["group_id"])
        result = super().write(vals)
        if moved:
            self.env["parts.catalog.supersession"]._make_moved(moved)
        return result
