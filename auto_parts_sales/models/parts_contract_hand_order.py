from odoo import api, fields, models


class PartsContractOrderMixin(models.AbstractModel):
    """The three names on the chain of an order (CON-8)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.order.mixin"

    parts_entered_by = fields.Char(
        string="Entered by", compute="_compute_parts_names", compute_sudo=True
    )
    parts_released_by = fields.Char(
        string="Checked and Released by",
        compute="_compute_parts_names",
        compute_sudo=True,
    )
    parts_booked_by = fields.Char(
        string="Booked by", compute="_compute_parts_names", compute_sudo=True
    )

    @api.depends("state", "company_id")
    def _compute_parts_names(self):
        names = self.env["parts.contract.hand"]._names(self._origin)
        for order in self:
            own = names.get(order._origin.id, {})
            order.parts_entered_by = own.get("entered", False)
            order.parts_released_by = own.get("released", False)
            order.parts_booked_by = own.get("booked", False)
