from odoo import api, fields, models


class PartsCatalogImportMapping(models.Model):
    """What the columns of one source's files mean, as people have said it."""

    _name = "parts.catalog.import.mapping"
    _description = "Kept Column Mapping"
    _order = "source_id, kind, id"

    source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Char(required=True)
    mapping = fields.Json()

    _once = models.UniqueIndex(
        "(source_id, kind)", "This source has a mapping for this kind already."
    )

    @api.model
    def _get_mapping(self, source, kind):
        """Return the dict of column name to meaning kept for a source."""
        kept = self.search([("source_id", "=", source.id), ("kind", "=", kind)])
        return dict(kept.mapping or {})

    @api.model
    def _keep_mapping(self, source, kind, mapping):
        """Remember a mapping; what is known of other columns stays."""
        if not mapping:
            return
        kept = self.search([("source_id", "=", source.id), ("kind", "=", kind)])
        merged = {**(kept.mapping or {}), **mapping}
        if not kept:
            self.create({"source_id": source.id, "kind": kind, "mapping": merged})
        elif merged != kept.mapping:
            kept.mapping = merged
