from odoo import fields, models


class PartsCommissionButtonMixin(models.AbstractModel):
    """The button *Commission* on a document of Odoo.

    `_parts_commission_link` names the field of the entry that points to it,
    `_parts_commission_promise_link` that of the promise, if it makes any.
    """

    _name = "parts.commission.button.mixin"
    _description = "Document with a Commission Button"

    _parts_commission_link = None
    _parts_commission_promise_link = None

    parts_commission_count = fields.Integer(
        compute="_compute_parts_commission_count",
        groups="auto_parts_sales.group_parts_salesperson,"
        "auto_parts_sales.group_parts_finance,"
        "auto_parts_sales.group_parts_general_manager",
    )

    parts_commission_promise_count = fields.Integer(
        string="Promises of Commission",
        compute="_compute_parts_commission_promise_count",
        groups="auto_parts_sales.group_parts_salesperson,"
        "auto_parts_sales.group_parts_finance,"
        "auto_parts_sales.group_parts_general_manager",
    )

    def _parts_commission_concerned(self):
        """Return those of companies where commission is in use.

        Also of documents that the user may not read: he sees a count of zero then.
        """
        used = self.sudo().filtered("company_id.parts_commission_in_use")
        return self.browse(used.ids)

    def _compute_parts_commission_count(self):
        concerned = self._parts_commission_concerned()
        counts = {}
        if concerned:
            entries = self.env["parts.commission.entry"]
            counts = entries._count_by(self._parts_commission_link, concerned)
        for record in self:
            record.parts_commission_count = counts.get(record.id, 0)

    def _compute_parts_commission_promise_count(self):
        link = self._parts_commission_promise_link
        concerned = self._parts_commission_concerned()
        counts = {}
        if link and concerned:
            basis = self.env["parts.commission.basis"]
            counts = basis._count_by(link, concerned)
        for record in self:
            record.parts_commission_promise_count = counts.get(record.id, 0)

    def action_parts_open_promises(self):
        """Open what this document promises."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_basis_action"
        )
        domain = [(self._parts_commission_promise_link, "in", self.ids)]
        return {**action, "domain": domain, "context": {}}

    def action_parts_open_commission(self):
        """Open the entries that this document brought about."""
        return self.env["parts.commission.entry"]._get_entries_action(
            [(self._parts_commission_link, "in", self.ids)]
        )
