from odoo import models


class PartsApprovalPartMixin(models.AbstractModel):
    """What belongs to a request (``approval_id``) is read by who can read that."""

    _name = "parts.approval.part.mixin"
    _inherit = ["parts.approval.readable.mixin"]
    _description = "Part of an Approval"

    def _readable_ids(self, env):
        readable = set(self.approval_id._readable_ids(env))
        return [part.id for part in self if part.approval_id.id in readable]

    def _make_read_error(self, forbidden):
        approvals = forbidden.sudo().approval_id
        return approvals._make_read_error(approvals)
