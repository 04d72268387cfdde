from odoo import fields, models


class PartsCommissionButtonMixin(models.AbstractModel):
    """The button *Commission* on a document of Odoo.

    `_parts_commission_link` names the field of the entry that points to it.
    """

    _name = "parts.commission.button.mixin"
    _description = "Document with a Commission Button"

    _parts_commission_link = None

    parts_commission_count = fields.Integer(
        compute="_compute_parts_commission_count",
        groups="auto_parts_sales.group_parts_salesperson,"
        "auto_parts_sales.group_parts_finance,"
        "auto_parts_sales.group_parts_general_manager",
    )

    def _compute_parts_commission_count(self):
        counts = self.env["parts.commission.entry"]._count_by(
            self._parts_commission_link, self
        )
        for record in self:
            record.parts_commission_count = counts.get(record.id, 0)

    def action_parts_open_commission(self):
        """Open the entries that this document brought about."""
        return self.env["parts.commission.entry"]._get_entries_action(
            [(self._parts_commission_link, "in", self.ids)]
        )
