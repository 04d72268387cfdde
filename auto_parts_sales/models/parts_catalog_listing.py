from odoo import api, fields, models
from odoo.tools import SQL


class PartsCatalogListing(models.Model):
    """Which other sources say what a row of the catalogue says already.

    A number, a supersession or a vehicle stands in the catalogue once, under the
    source that brought it first. When that source drops it, the row goes to the next
    source that lists it, and keeps its id. Written by SQL, by the loaders.
    """

    _name = "parts.catalog.listing"
    _description = "Further Source of a Catalogue Row"
    _order = "id"
    _log_access = False

    source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(string="Row", required=True, readonly=True)

    _once = models.UniqueIndex("(model, res_id, source_id)")

    @api.autovacuum
    def _gc_without_row(self):
        """Forget listings of rows that somebody has deleted."""
        names = self.env.execute_query(
            SQL("SELECT DISTINCT model FROM parts_catalog_listing")
        )
        for [name] in names:
            there = SQL("FALSE")
            if name in self.env:
                there = SQL(
                    "EXISTS (SELECT FROM %s o WHERE o.id = l.res_id)",
                    SQL.identifier(self.env[name]._table),
                )
            self.env.cr.execute(
                SQL(
                    "DELETE FROM parts_catalog_listing l WHERE model = %s AND NOT %s",
                    name,
                    there,
                )
            )
