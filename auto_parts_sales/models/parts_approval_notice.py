from odoo import models
from odoo.tools.misc import format_date


class PartsApproval(models.Model):
    """What a request tells people: chatter, activities, sentences."""

    _inherit = "parts.approval"

    # === MESSAGES === #

    def _kind_name(self):
        return dict(self._selection_kind()).get(self.kind, self.kind)

    def _post(self, body):
        """Note in the chatter of the document; figures stay in the request."""
        document = self._document()
        if document and hasattr(document, "message_post"):
            document.with_user(self.env.uid).sudo().message_post(body=body)

    def _plan_activities(self):
        document = self._document()
        if not document or not hasattr(document, "activity_schedule"):
            return
        self._clear_activities()
        for user in self._deciders():
            document.activity_schedule(
                "auto_parts_sales.mail_activity_type_parts_approval",
                user_id=user.id,
                summary=self._kind_name(),
            )

    def _clear_activities(self):
        self._document().activity_unlink(
            ["auto_parts_sales.mail_activity_type_parts_approval"]
        )

    def _deciders(self):
        """Return the users who could decide now and can read the document."""
        self.ensure_one()
        users = self._current_steps()._possible_users() - self._barred_users()
        document = self._document()
        return users.filtered(
            lambda user: document.with_user(user).sudo(False).has_access("read")
        )

    def _waiting_sentence(self):
        self.ensure_one()
        return self.env._(
            "Asked by %(user)s on %(date)s, waiting for %(deciders)s",
            user=self.requester_id.name,
            date=format_date(self.env, self.create_date),
            deciders=self.waiting_for,
        )

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
