from odoo import models

from ..utils.part_number import CODE_PUNCTUATION


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    # === CATALOG === #

    _parts_code_key_idx = models.Index(
        f"(upper(translate(product_code, '{CODE_PUNCTUATION}', '')) text_pattern_ops)"
        " WHERE product_code IS NOT NULL"
    )
