from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError


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
        # A step whose people left must not be open to all of its role
        ondelete="restrict",
        context={"active_test": False},
    )
    voices = fields.Integer(string="Votes Needed", default=1)
    minutes_required = fields.Boolean(string="Minutes")
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

    # === WHO MAY === #

    def _deciders_name(self):
        self.ensure_one()
        return self.group_id.name or ", ".join(self.user_ids.mapped("name"))

    def _qualifies(self, user):
        """Return whether ``user`` holds what this step asks for, its people aside."""
        self.ensure_one()
        return (
            user.active
            and not user.share
            and self.approval_id.company_id in user.company_ids
            and (not self.group_id or self.group_id in user.all_group_ids)
        )

    def _named_users(self):
        """Return who holds this step and may open its document, whatever his limit."""
        return self._able_to_open(self._holders())

    def _holders(self):
        self.ensure_one()
        candidates = self.user_ids or self.group_id.all_user_ids
        return candidates.filtered(self._qualifies)

    def _able_to_open(self, users):
        return self.env["parts.approval.rule.step"]._able_to_open(
            users, self.approval_id.res_model
        )

    def _seats(self):
        """Return who could decide this step, and for whom.

        :return: ``{user: absent users in whose stead}``; empty for one's own right
        :rtype: dict
        """
        self.ensure_one()
        limits = self.env["parts.approval.limit"]
        approval = self.approval_id
        named = self._named_users()
        own = named.filtered(lambda user: limits._allows(user, approval))
        seats = {user: user.browse() for user in own}
        if not self.user_ids:
            return seats  # a role: every holder decides in his own right
        for absence in named.parts_substitute_ids._in_force(approval):
            absent, substitute = absence.user_id, absence.substitute_id
            if (
                substitute not in own
                and self._qualifies(substitute)
                and self._able_to_open(substitute)
                and absent in own
                and limits._allows(substitute, approval)
            ):
                seats[substitute] = seats.get(substitute, absent.browse()) | absent
        return seats

    def _possible_users(self):
        """Return the active users who hold what these steps ask for, within their
        limits, and their substitutes.
        """
        users = self.env["res.users"]
        for step in self:
            users |= users.union(*step._seats())
        return users

    def _open_seats(self, barred):
        """Return the seats that ``barred`` leaves: a substitute is judged by his own
        bar, and by that of whom he stands in for.
        """
        self.ensure_one()
        seats = {}
        for user, absent in self._seats().items():
            left = absent - barred
            if user not in barred and (left or not absent):
                seats[user] = left
        return seats

    def _is_open_to(self, user):
        self.ensure_one()
        return user in self._open_seats(self.approval_id._barred_users())

    def _votes_left(self, barred):
        """Return how many more people could vote on this step."""
        self.ensure_one()
        # An absent member and his substitute have one seat between them: the absent's
        return sum(
            1
            for user, absent in self._seats().items()
            if not absent and user not in barred
        )

    def _votes_missing(self):
        self.ensure_one()
        approving = self.decision_ids.filtered(lambda d: d.verdict == "approved")
        return self.voices - len(approving)

    def _nobody_sentence(self, barred):
        """Return why this step cannot be decided when ``barred`` may not, or False."""
        self.ensure_one()
        role, company = self._deciders_name(), self.approval_id.company_id.name
        named = self._named_users()
        by_right = self.env["parts.approval.rule.step"]._by_right(named, self.group_id)
        missing, left = self._votes_missing(), self._votes_left(barred)
        if left >= missing and by_right:
            return False
        rule_steps = self.env["parts.approval.rule.step"]
        closed = rule_steps._by_right(self._holders() - named, self.group_id)
        if closed and not by_right:
            return rule_steps._closed_sentence(closed, role, self.approval_id.res_model)
        if left >= missing:
            return self.env._(
                "Nobody holds “%(role)s” in %(company)s; only an administrator can"
                " decide, by his full rights.",
                role=role,
                company=company,
            )
        if not named:
            return self.env._(
                "Nobody holds “%(role)s” in %(company)s: an administrator has to give"
                " the role to somebody before this can be decided.",
                role=role,
                company=company,
            )
        if self.voices > 1:
            return self.env._(
                "“%(role)s”: %(missing)s more votes are needed, and only %(left)s"
                " people may still vote.",
                role=role,
                missing=missing,
                left=left,
            )
        return self.env._(
            "Nobody may decide as “%(role)s”: whoever holds it asked for this, made or"
            " owns the document, decided another step, or has a lower limit.",
            role=role,
        )

    def _lacks_minutes(self):
        """Return whether these steps want minutes that nobody has attached yet."""
        return any(
            step.minutes_required and not any(step.decision_ids.mapped("minutes_name"))
            for step in self
        )

    def _check_minutes(self):
        if self._lacks_minutes():
            raise UserError(
                self.env._(
                    "%(document)s: your vote decides, and this step asks for the"
                    " minutes of the meeting. Open the request and approve it there"
                    " with the minutes attached.",
                    document=self.approval_id.document_name,
                )
            )

    def _check_file(self, minutes):
        """Return ``minutes`` if they are a file with content, False without any."""
        try:
            content = b64decode(minutes or b"", validate=True)
        except ValueError as error:
            raise UserError(
                self.env._("The minutes are no file: attach them again.")
            ) from error
        return minutes if content else False

    # === ENGINE === #

    def _skip_unheld(self):
        """Record optional steps as skipped when nobody holds them.

        Whoever holds a role through the administrator's full rights alone is not the
        one that "if there is one" means. A holder who is barred is, and one who may not
        open the document: the step waits.
        """
        for step in self.filtered("optional"):
            named = step._holders()
            if not step.env["parts.approval.rule.step"]._by_right(named, step.group_id):
                step.state = "skipped"

    def _record(self, user, verdict, comment, minutes=None, minutes_name=None):
        """Keep the decision of ``user``; close the step when its votes are in.

        One refusal closes a single step; a committee has refused as soon as the votes
        that it needs cannot come together any more.

        :param bytes minutes: the minutes of a committee, base64, kept with the decision
        :raises UserError: when the vote completes a step that wants minutes without any
        """
        self.ensure_one()
        approval = self.approval_id
        minutes = self._check_file(minutes)
        absent = self._open_seats(approval._barred_users()).get(user)
        decision = self.env["parts.approval.decision"].create(
            {
                "step_id": self.id,
                "user_id": user.id,
                "substitute_for_id": absent[:1].id if absent else False,
                "verdict": verdict,
                "comment": comment,
                "minutes": minutes,
                "minutes_name": minutes and (minutes_name or self.env._("Minutes")),
            }
        )
        missing = self._votes_missing()
        if verdict == "approved" and missing <= 0:
            self._check_minutes()
            self.state = "approved"
        elif verdict == "refused" and (
            self.voices == 1 or self._votes_left(approval._barred_users()) < missing
        ):
            self.state = "refused"
        return decision
