from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils.part_number import LONGEST_KEY, number_key, tidy_number


class PartsCatalogCustomerCode(models.Model):
    """What a customer calls a part: found when he orders by his own numbers.

    A vendor's own codes stand where Odoo keeps them, in ``product.supplierinfo``.
    """

    _name = "parts.catalog.customer.code"
    _description = "Customer's Part Code"
    _order = "partner_id, code, id"
    _rec_name = "code"

    # === FIELDS === #

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        help="The company: its contacts and branches use the same codes.",
    )
    code = fields.Char(
        string="Customer's Code", required=True, help="As the customer writes it."
    )
    key = fields.Char(string="Search Key", required=True, readonly=True, copy=False)
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Variant",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Only if the code means one variant, like the left side.",
        index="btree_not_null",
        ondelete="cascade",
    )

    # === CONSTRAINTS AND INDEXES === #

    _key_idx = models.Index("(key, partner_id)")
    _once = models.UniqueIndex(
        "(partner_id, key, product_tmpl_id, COALESCE(product_id, 0))",
        "This customer already has this code for this part, perhaps in another"
        " spelling.",
    )

    @api.constrains("product_id", "product_tmpl_id")
    def _check_product_id(self):
        for code in self:
            variant = code.product_id
            if variant and variant.product_tmpl_id != code.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "Code %(code)s: %(variant)s is no variant of %(part)s.",
                        code=code.code,
                        variant=variant.display_name,
                        part=code.product_tmpl_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create([self._with_key(vals) for vals in vals_list])
        self.env["parts.catalog.number"]._note_loaded()
        return codes

    def write(self, vals):
        return super().write(self._with_key(vals))

    @api.model
    def _with_key(self, vals):
        """Return ``vals`` with the key of the code and the customer's company."""
        vals = {name: value for name, value in vals.items() if name != "key"}
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        if vals.get("product_id") and not vals.get("product_tmpl_id"):
            variant = self.env["product.product"].browse(vals["product_id"])
            vals["product_tmpl_id"] = variant.product_tmpl_id.id
        if "code" in vals:
            code = tidy_number(vals["code"])
            key = number_key(code)
            if not 0 < len(key) <= LONGEST_KEY:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is no code: one has between 1 and %(longest)s"
                        " letters and digits.",
                        code=code[:50],
                        longest=LONGEST_KEY,
                    )
                )
            vals.update(code=code, key=key)
        return vals
