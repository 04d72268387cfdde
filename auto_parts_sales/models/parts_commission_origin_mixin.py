from odoo import api, fields, models

ORIGIN_LINKS = (
    "company_id",
    "user_id",
    "move_id",
    "move_line_id",
    "product_id",
    "part_brand_id",
    "partner_id",
)
ORIGIN_NAMES = ("move_name", "product_name", "partner_name")


class PartsCommissionOriginMixin(models.AbstractModel):
    """Whose commission it is and which invoice line it comes from.

    What promise and ledger repeat, so that each row can be read by itself: Odoo may
    delete what the links point to, and the names beside them stay.
    """

    _name = "parts.commission.origin.mixin"
    _description = "Origin of a Commission"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        check_company=True,
    )
    move_name = fields.Char(string="Invoice Number", readonly=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Invoice Line",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    product_name = fields.Char(string="Product or Label", readonly=True)
    part_brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    partner_name = fields.Char(string="Customer Name", readonly=True)

    def _prepare_origin_vals(self):
        """Return these fields of one record as `create` values of another."""
        self.ensure_one()
        return {
            **{name: self[name].id for name in ORIGIN_LINKS},
            **{name: self[name] for name in ORIGIN_NAMES},
        }

    @api.model
    def _count_by(self, field_name, records):
        """Return {id: number of rows that the reader may see}."""
        if not self.has_access("read"):
            return {}
        groups = self._read_group(
            [(field_name, "in", records.ids)], [field_name], ["__count"]
        )
        return {record.id: count for record, count in groups}
