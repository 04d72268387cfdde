from odoo import fields, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    # === CATALOG === #

    parts_source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        string="Catalogue Source",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The vendor's price list that this price comes from: the next import of"
        " that list replaces it.",
    )
