from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartsApprovalRuleStep(models.Model):
    _name = "parts.approval.rule.step"
    _description = "Step of an Approval Rule"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        comodel_name="parts.approval.rule",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(
        default=10, help="Steps with the same number run side by side."
    )
    group_id = fields.Many2one(
        comodel_name="res.groups", string="Role", ondelete="restrict"
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="parts_approval_rule_step_users_rel",
        string="People",
        help="If a role is set too, these people must also hold it.",
    )
    voices = fields.Integer(
        string="Votes Needed",
        default=1,
        help="More than one makes the step a committee's.",
    )
    optional = fields.Boolean(
        string="If There Is One",
        help="Skipped, and recorded as skipped, when nobody can take it.",
    )

    _voices_positive = models.Constraint(
        "CHECK (voices >= 1)", "A step needs at least one vote."
    )

    @api.constrains("group_id", "user_ids", "voices")
    def _check_deciders(self):
        for step in self:
            if not step.group_id and not step.user_ids:
                raise ValidationError(
                    self.env._(
                        "A step of rule “%(rule)s” names nobody: set a role or people.",
                        rule=step.rule_id.name,
                    )
                )
            if step.user_ids and step.voices > len(step.user_ids):
                raise ValidationError(
                    self.env._(
                        "A step of rule “%(rule)s” needs %(voices)s votes but names"
                        " only %(people)s people.",
                        rule=step.rule_id.name,
                        voices=step.voices,
                        people=len(step.user_ids),
                    )
                )

    def _deciders_name(self):
        """Return the role or the people of this step, as text."""
        self.ensure_one()
        return self.group_id.name or ", ".join(self.user_ids.mapped("name"))

    def _prepare_approval_step_vals_list(self):
        """Return the values of the request's steps: a copy, so that a later change of
        the rule leaves running requests as they were.
        """
        return [
            {
                "sequence": step.sequence,
                "group_id": step.group_id.id,
                "user_ids": [fields.Command.set(step.user_ids.ids)],
                "voices": step.voices,
                "optional": step.optional,
            }
            for step in self
        ]
