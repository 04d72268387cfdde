from odoo import api, fields, models


class PartsCatalogModel(models.Model):
    _name = "parts.catalog.model"
    _description = "Vehicle Model"
    _order = "make_id, name, id"
    _rec_names_search = ["name", "make_id.name"]

    name = fields.Char(required=True, translate=True)
    make_id = fields.Many2one(
        comodel_name="parts.catalog.make",
        required=True,
        index=True,
        ondelete="restrict",
    )
    vehicle_ids = fields.One2many(
        comodel_name="parts.catalog.vehicle",
        inverse_name="model_id",
        string="Vehicles",
    )
    active = fields.Boolean(default=True)

    @api.depends("name", "make_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for model in self:
            names = [model.make_id.name, model.name]
            model.display_name = " ".join(filter(None, names))
