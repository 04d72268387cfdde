from odoo import api, fields, models
from odoo.tools import format_date


class PartsCommissionRefusalMixin(models.AbstractModel):
    """A document that says why it was refused, to whoever puts it right."""

    _name = "parts.commission.refusal.mixin"
    _description = "Document That May Be Refused"

    # as superuser: who decided is said to whoever reads the document
    refusal = fields.Char(compute="_compute_refusal", compute_sudo=True)

    @api.depends("parts_approval_ids.state")
    @api.depends_context("lang")
    def _compute_refusal(self):
        """Say who refused the last request, and why; handed in again, it is over."""
        for record in self:
            last = record.parts_approval_ids.sorted("id")[-1:]
            decision = last.step_ids.decision_ids.filtered(
                lambda decision: decision.verdict == "refused"
            )[-1:]
            record.refusal = (
                self.env._(
                    "Refused by %(user)s on %(date)s: %(reason)s",
                    user=decision.user_id.name,
                    date=format_date(self.env, decision.create_date),
                    reason=decision.comment or "",
                )
                if last.state == "refused" and decision
                else False
            )
