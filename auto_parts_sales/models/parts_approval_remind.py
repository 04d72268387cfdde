import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

MAIL = "auto_parts_sales.parts_approval_mail_{stage}"


class PartsApproval(models.Model):
    """Requests that wait too long: deciders are reminded, then it is passed on."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.approval"

    @api.model
    def _cron_remind(self):
        """Remind of, and escalate, what waits; one lost request stops no other."""
        for approval in self.sudo().search([("state", "=", "pending")], order="id"):
            try:
                with self.env.cr.savepoint():
                    approval._remind_or_void()
            except Exception:
                _logger.exception("Request of approval %s is not reminded", approval.id)

    def _remind_or_void(self):
        """Remind as due; what waits for nothing becomes void instead."""
        self.ensure_one()
        document, block = self._block_now()
        if not document:
            self._void("deleted")
        elif document._parts_gate_is_closed():
            self._void("cancelled")
        elif not block:
            self._void("not_needed")
        elif not self._void_if_unfit(document, block):
            self._remind()

    def _remind(self):
        company = self.company_id
        steps = self._current_steps()
        late = self._waits_for(company.parts_approval_remind_days)
        for step in steps.filtered(lambda s: late and not s.reminded_date):
            step.reminded_date = fields.Datetime.now()
            self._plan_activities()
            self._mail("remind", self._deciders(step))
        late = self._waits_for(company.parts_approval_escalate_days)
        for step in steps.filtered(lambda s: late and not s.escalated_date):
            step.escalated_date = fields.Datetime.now()
            self._escalate(step)

    def _waits_for(self, days):
        """Return whether the present step waits for ``days`` or more; 0 is never."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(days=days)
        return days > 0 and self._waiting_since() <= limit

    def _escalate(self, step):
        """Tell the general managers above the deciders of ``step``, and who asked.

        They get no right to decide that the rule does not give them: they see to it
        that somebody does.
        """
        managers = self._higher_managers(step)
        self._schedule(managers)
        self._mail("escalate", managers)
        told = self._for_requester()
        self._tell_requester(told._escalated_sentence(managers))

    def _higher_managers(self, step):
        group = self.env.ref("auto_parts_sales.group_parts_general_manager")
        managers = group.all_user_ids.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        return self._able_to_read(managers - self._deciders(step) - self.requester_id)

    def _mail(self, stage, users):
        """Send the mail of ``stage`` to each of ``users`` in his own language."""
        self.ensure_one()
        template = self.env.ref(MAIL.format(stage=stage), raise_if_not_found=False)
        for user in users.filtered("email") if template else ():
            template.with_context(reader_lang=user.lang).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [fields.Command.link(user.partner_id.id)],
                    "email_to": False,
                    "email_cc": False,
                },
            )


class PartsApprovalStep(models.Model):
    _inherit = "parts.approval.step"

    # each stage once a step
    reminded_date = fields.Datetime(string="Reminded on")
    escalated_date = fields.Datetime(string="Passed on on")
