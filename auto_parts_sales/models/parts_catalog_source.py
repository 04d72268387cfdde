from odoo import api, fields, models
from odoo.exceptions import UserError


class PartsCatalogSource(models.Model):
    _name = "parts.catalog.source"
    _description = "Catalogue Source"
    _order = "name, id"

    name = fields.Char(required=True)
    licence = fields.Char(help="Under which terms this data may be used.")
    note = fields.Text()
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        index="btree_not_null",
        help="Whose prices the price lists of this source hold.",
    )
    # Raised by each load, so that two loads of one source cannot both pass
    load_serial = fields.Integer(readonly=True, copy=False)

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "There is already a source of this name."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_fitments(self):
        """Fitments have no foreign key to their source."""
        fitments = self.env["parts.catalog.fitment"].sudo()
        for source in self:
            if fitments.search_count([("source_id", "=", source.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Fitments come from %(name)s: undo its imports or delete the"
                        " fitments first.",
                        name=source.display_name,
                    )
                )
