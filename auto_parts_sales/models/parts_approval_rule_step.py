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
        # A step whose people left must not be open to all of its role
        ondelete="restrict",
        context={"active_test": False},
        help="If a role is set too, these people must also hold it.",
    )
    voices = fields.Integer(
        string="Votes Needed",
        default=1,
        help="More than one makes the step a committee's.",
    )
    minutes_required = fields.Boolean(
        string="Minutes",
        help="The vote that decides needs the minutes of the meeting attached, by who"
        " casts it or by a member before him.",
    )
    optional = fields.Boolean(
        string="If There Is One",
        help="Skipped, and recorded as skipped, when nobody holds it.",
    )
    holders = fields.Char(
        string="Held by",
        compute="_compute_holders",
        compute_sudo=True,
        help="Administrators, who hold every role, are not named.",
    )

    _voices_positive = models.Constraint(
        "CHECK (voices >= 1)", "A step needs at least one vote."
    )

    # === COMPUTE METHODS === #

    @api.depends("group_id", "user_ids", "rule_id.company_id")
    def _compute_holders(self):
        for step in self:
            step.holders = ", ".join(step._holders().sorted("name").mapped("name"))

    # === CONSTRAINT METHODS === #

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

    # === BUSINESS METHODS === #

    def _deciders_name(self):
        """Return the role or the people of this step, as text, and if nobody is it."""
        self.ensure_one()
        name = self._role_name()
        if self._named_holders():
            return name
        if self.optional:
            return self.env._("%(role)s (skipped: nobody holds it)", role=name)
        return self.env._("%(role)s (nobody holds it)", role=name)

    def _role_name(self):
        self.ensure_one()
        return self.group_id.name or ", ".join(self.user_ids.mapped("name"))

    def _holders(self):
        """Return who holds this step in the rule's company, in his own right, and may
        open the documents that the rule is for.
        """
        self.ensure_one()
        return self._able_to_open(self._named_holders(), self.rule_id.document_model)

    def _named_holders(self):
        self.ensure_one()
        company = self.rule_id.company_id
        candidates = self.user_ids or self.group_id.all_user_ids
        users = candidates.filtered(
            lambda user: (
                user.active
                and not user.share
                and company in user.company_ids
                and (not self.group_id or self.group_id in user.all_group_ids)
            )
        )
        return self._by_right(users, self.group_id)

    @api.model
    def _able_to_open(self, users, model):
        """Return those of ``users`` whose rights open documents of ``model`` (a name;
        False: any). What somebody cannot look at he does not decide.
        """
        if not model:
            return users
        access = self.env["ir.model.access"]
        return users.filtered(
            lambda user: access.with_user(user).check(
                model, "read", raise_exception=False
            )
        )

    @api.model
    def _closed_sentence(self, users, role, model):
        """Return that ``users`` hold ``role`` and may not open documents of it."""
        return self.env._(
            "%(people)s holds “%(role)s” but may not open “%(documents)s”: give the"
            " right to read it, or the role to somebody else.",
            people=", ".join(users.mapped("name")),
            role=role,
            documents=self.env["ir.model"]._get(model).name,
        )

    @api.model
    def _by_right(self, users, group):
        """Return those of ``users`` who hold ``group`` otherwise than by holding all.

        Odoo gives whoever installs an app its highest group, and an administrator
        holds every role of ours. That makes nobody a legal post: of an administrator
        only roles count that he was given by name. Without a group all count.
        """
        if not group:
            return users
        everything = self.env.ref("auto_parts_sales.group_parts_administrator").sudo()
        ours = self.env.ref("auto_parts_sales.module_category_parts")
        by_hand = (group.all_implied_by_ids - everything.all_implied_by_ids).filtered(
            lambda given: (
                given == group
                or given not in everything.all_implied_ids
                or given.privilege_id.category_id == ours
            )
        )
        return users.filtered(
            lambda user: (
                everything not in user.all_group_ids or user.group_ids & by_hand
            )
        )

    def _unheld_sentence(self):
        """Return what is wrong with who holds this step, or False."""
        self.ensure_one()
        holders = self._holders()
        if len(holders) >= self.voices:
            return False
        role, company = self._role_name(), self.rule_id.company_id.name
        closed = self._named_holders() - holders
        if closed and not holders:
            return self._closed_sentence(closed, role, self.rule_id.document_model)
        if holders:
            return self.env._(
                "“%(role)s” needs %(voices)s votes, and only %(people)s can vote in"
                " %(company)s.",
                role=role,
                voices=self.voices,
                people=len(holders),
                company=company,
            )
        if self.optional:
            return self.env._(
                "Nobody holds “%(role)s” in %(company)s: the step is skipped, and"
                " recorded as skipped.",
                role=role,
                company=company,
            )
        return self.env._(
            "Nobody holds “%(role)s” in %(company)s: such a request waits until"
            " somebody does, or an administrator decides by his full rights.",
            role=role,
            company=company,
        )

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
                "minutes_required": step.minutes_required,
                "optional": step.optional,
            }
            for step in self
        ]
