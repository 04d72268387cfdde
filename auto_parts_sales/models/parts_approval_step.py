from odoo import fields, models


class PartsApprovalStep(models.Model):
    """A step of one request: a copy of the rule's step when it was asked."""

    _name = "parts.approval.step"
    _inherit = ["parts.approval.part.mixin"]
    _description = "Step of an Approval"
    _order = "approval_id, sequence, id"

    approval_id = fields.Many2one(
        comodel_name="parts.approval", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    group_id = fields.Many2one(
        comodel_name="res.groups", string="Role", ondelete="restrict"
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="parts_approval_step_users_rel",
        string="People",
    )
    voices = fields.Integer(string="Votes Needed", default=1)
    optional = fields.Boolean(string="If There Is One")
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("skipped", "Skipped"),
        ],
        default="pending",
        required=True,
    )
    decision_ids = fields.One2many(
        comodel_name="parts.approval.decision",
        inverse_name="step_id",
        string="Decisions",
    )

    def _deciders_name(self):
        self.ensure_one()
        return self.group_id.name or ", ".join(self.user_ids.mapped("name"))

    def _possible_users(self):
        """Return the active users who hold what these steps ask for."""
        users = self.env["res.users"]
        for step in self:
            company = step.approval_id.company_id
            candidates = step.user_ids or step.group_id.all_user_ids
            users |= candidates.filtered(
                lambda user, step=step, company=company: (
                    user.active
                    and not user.share
                    and company in user.company_ids
                    and (not step.group_id or user in step.group_id.all_user_ids)
                )
            )
        return users

    def _is_open_to(self, user):
        self.ensure_one()
        return user in self._possible_users()

    def _skip_unheld(self):
        """Record optional steps that nobody can take as skipped."""
        for step in self.filtered("optional"):
            if not step._possible_users() - step.approval_id._barred_users():
                step.state = "skipped"

    def _record(self, user, verdict, comment):
        """Keep the decision of ``user``; close the step when its votes are in."""
        self.ensure_one()
        self.env["parts.approval.decision"].create(
            {
                "step_id": self.id,
                "user_id": user.id,
                "verdict": verdict,
                "comment": comment,
            }
        )
        approving = self.decision_ids.filtered(lambda d: d.verdict == "approved")
        if verdict == "refused":
            self.state = "refused"
        elif len(approving) >= self.voices:
            self.state = "approved"
