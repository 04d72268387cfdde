from odoo import models


class PartsApproval(models.Model):
    """A statement is checked once its first step, finance, has agreed."""

    _inherit = "parts.approval"

    def _decide(self, verdict, comment, **minutes):
        result = super()._decide(verdict, comment, **minutes)
        # as superuser: no role writes statements
        approval = self.sudo()
        if approval.kind == "commission" and approval.state == "pending":
            document = approval._document()
            if any(step.state == "approved" for step in approval.step_ids):
                document._mark_checked()
        return result
