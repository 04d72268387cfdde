from odoo import fields, models
from odoo.tools.misc import format_date

ACTIVITY = "auto_parts_sales.mail_activity_type_parts_approval"
# More people than these are called by their role alone
NAMED = 3


class PartsApproval(models.Model):
    """What a request tells people: chatter, activities, sentences."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.approval"

    # === MESSAGES === #

    def _kind_name(self):
        return dict(self._selection_kind()).get(self.kind, self.kind)

    def _for_requester(self):
        """Return this request in the language of who asked."""
        self.ensure_one()
        return self.with_context(lang=self.sudo().requester_id.lang or self.env.lang)

    def _tell_requester(self, body):
        """Note in the chatter of the document, and let who asked know of it."""
        self._post(body, notify=self.sudo().requester_id.partner_id)

    def _post(self, body, notify=None):
        """Note in the chatter of the document; figures stay in the request."""
        document = self._document()
        if not document or not hasattr(document, "message_post"):
            return
        user = self.env.user
        # A customer's act may be behind it: the note is not his
        author = self.env.ref("base.partner_root") if user.share else user.partner_id
        document.message_post(
            body=body, author_id=author.id, partner_ids=notify.ids if notify else []
        )

    def _plan_activities(self):
        """Give everybody who can decide now one activity, and take it from others."""
        self.ensure_one()
        approval = self.sudo()
        deciders = approval._deciders()
        planned = approval._planned()
        kept = planned.filtered(lambda activity: activity.user_id in deciders)
        (planned - kept).unlink()
        approval._schedule(deciders - kept.user_id)

    def _schedule(self, users):
        for user in users:
            approval = self._unsilenced().with_context(lang=user.lang or self.env.lang)
            approval.activity_schedule(
                ACTIVITY, user_id=user.id, summary=approval._kind_name()
            )

    def _clear_activities(self):
        self._planned().unlink()

    def _planned(self):
        return self.sudo()._unsilenced().activity_search([ACTIVITY])

    def _unsilenced(self):
        # the context may come from a caller: it silences nobody
        return self.with_context(
            mail_activity_automation_skip=False, mail_activity_quick_update=False
        )

    def _deciders(self, steps=None):
        """Return the users who could decide ``steps`` (default: those whose turn it
        is) and can read the document.
        """
        self.ensure_one()
        steps = self._current_steps() if steps is None else steps
        return self._able_to_read(self._open_users(steps))

    def _able_to_read(self, users):
        document = self._document()
        return users.filtered(
            lambda user: document.with_user(user)
            .sudo(False)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .has_access("read")
        )

    def _waiting_sentence(self):
        """Return who asked, for whom it waits and since when, as one sentence."""
        self.ensure_one()
        return self.env._(
            "Asked by %(user)s, waiting for %(deciders)s since %(since)s",
            user=self.requester_id.name,
            deciders=self._waiting_names(),
            since=self._since(),
        )

    def _waiting_names(self):
        """Return who can decide now: people where they are few, with their role."""
        self.ensure_one()
        names = []
        for step in self._current_steps():
            name = step._deciders_name()
            people = self._deciders(step)
            if step.group_id and 0 < len(people) <= NAMED:
                name = f"{', '.join(people.mapped('name'))} ({name})"
            names.append(name)
        return " / ".join(names)

    def _since(self):
        self.ensure_one()
        since = fields.Datetime.context_timestamp(self, self._waiting_since()).date()
        days = (fields.Date.context_today(self) - since).days
        if days == 0:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        return format_date(self.env, since)

    def _escalated_sentence(self, managers):
        self.ensure_one()
        if not managers:
            return self.env._(
                "Request of approval waits for %(days)s days: %(kind)s. %(deciders)s"
                " were reminded.",
                days=self.waiting_days,
                kind=self._kind_name(),
                deciders=self.waiting_for,
            )
        return self.env._(
            "Request of approval waits for %(days)s days: %(kind)s. It was passed on"
            " to %(managers)s.",
            days=self.waiting_days,
            kind=self._kind_name(),
            managers=", ".join(managers.mapped("name")),
        )

    def _notify_void(self):
        """Return a notification about requests that became void instead of approved."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Not approved"),
                "message": "\n".join(
                    self.env._(
                        "%(document)s: what this was asked on has changed. The request"
                        " is void; it has to be asked for again.",
                        document=approval.document_name,
                    )
                    for approval in self.sudo()
                ),
                "type": "danger",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _decided_sentence(self):
        self.ensure_one()
        decision = self.decision_ids.sorted("id")[-1:]
        if self.state == "refused":
            return self.env._(
                "Refused by %(user)s: %(comment)s",
                user=decision.user_id.name,
                comment=decision.comment,
            )
        return self.env._("Approved by %(user)s", user=decision.user_id.name)

    def _decision_sentence(self, verdict, comment):
        if verdict == "refused":
            return self.env._(
                "Refused: %(kind)s. %(comment)s",
                kind=self._kind_name(),
                comment=comment,
            )
        return self.env._(
            "Approved: %(kind)s. %(comment)s",
            kind=self._kind_name(),
            comment=comment or "",
        )

    def _not_yours_sentence(self, user):
        self.ensure_one()
        if user in self._barred_users():
            return self.env._(
                "%(document)s: you asked for this, made or own the document, or decided"
                " another step. Somebody else has to decide: %(deciders)s.",
                document=self.document_name,
                deciders=self.waiting_for,
            )
        return self.env._(
            "%(document)s: this waits for %(deciders)s, who must have the document's"
            " company among their companies.",
            document=self.document_name,
            deciders=self.waiting_for,
        )
