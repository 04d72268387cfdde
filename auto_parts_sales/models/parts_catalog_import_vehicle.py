from odoo import fields, models


class PartsCatalogVehicle(models.Model):
    """Where a vehicle comes from: the next import of that source replaces it."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.vehicle"

    source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        index="btree_not_null",
        ondelete="restrict",
    )
