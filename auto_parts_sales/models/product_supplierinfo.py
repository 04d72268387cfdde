from odoo import fields, models

from ..utils.part_number_sql import code_column_key


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

    _parts_code_key_idx = models.Index(
        f"({code_column_key('product_code')}) WHERE product_code IS NOT NULL"
    )
    # A vendor's codes are looked up wherever a partner is known; core has none
    _parts_partner_idx = models.Index("(partner_id)")
