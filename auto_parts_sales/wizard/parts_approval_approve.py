from odoo import fields, models


class PartsApprovalApprove(models.TransientModel):
    """Approve with a remark, or with the minutes of a meeting attached."""

    _name = "parts.approval.approve"
    _description = "Approve with a Remark or Minutes"

    approval_id = fields.Many2one(
        comodel_name="parts.approval",
        required=True,
        default=lambda self: self._default_approval_id(),
    )
    needs_minutes = fields.Boolean(related="approval_id.needs_minutes")
    minutes = fields.Binary(attachment=False)
    minutes_name = fields.Char(string="File Name")
    comment = fields.Text(string="Remark")

    def _default_approval_id(self):
        context = self.env.context
        if context.get("active_model") == "parts.approval":
            return context.get("active_id")
        return False

    def action_approve(self):
        """Approve the request; remark and minutes are kept with the decision."""
        self.ensure_one()
        # through bin_size a client would hand on the size in place of the file
        wizard = self.with_context(bin_size=False)
        wizard.approval_id.action_approve(
            wizard.comment, wizard.minutes, wizard.minutes_name
        )
        return {"type": "ir.actions.act_window_close"}
