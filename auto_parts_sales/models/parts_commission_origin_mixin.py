from odoo import api, fields, models

ORIGIN_NAMES = ("move_name", "product_name", "partner_name")


class PartsCommissionOriginMixin(models.AbstractModel):
    """Whose commission it is, and the names of what it comes from.

    What promise and ledger repeat: Odoo may delete what their links point to, and the
    names stay.
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
    move_name = fields.Char(string="Invoice Number", readonly=True)
    product_name = fields.Char(string="Product or Label", readonly=True)
    partner_name = fields.Char(string="Customer Name", readonly=True)

    @api.model
    def _count_by(self, field_name, records):
        """Return {id: number of rows that the reader may see}."""
        if not self.has_access("read"):
            return {}
        groups = self._read_group(
            [(field_name, "in", records.ids)], [field_name], ["__count"]
        )
        return {record.id: count for record, count in groups}
