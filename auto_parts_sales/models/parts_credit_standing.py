from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

# Of so many files a night's work is written at once
BATCH = 100


class PartsCreditFile(models.Model):
    """How a file stood last night, who turned late, and which review is due.

    A list of files reads these columns; the form works its figures out. Written by
    night, without the lock row: no confirmation waits for it.
    """

    # A file for each topic: what is granted, and what the night finds out
    _inherit = "parts.credit.file"  # pylint: disable=consider-merging-classes-inherited

    standing = fields.Selection(
        selection=[
            ("free", "Free"),
            ("near", "Nearly Used"),
            ("over", "Over"),
            ("none", "No Credit"),
        ],
        readonly=True,
        copy=False,
        help="As of last night.",
    )
    used_amount = fields.Monetary(
        string="Credit Used", readonly=True, copy=False, help="As of last night."
    )
    used_percent = fields.Float(
        string="Use of the Limit (%)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="As of last night.",
    )
    debt_days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        copy=False,
        aggregator="max",
        help="As of last night.",
    )
    debt_overdue = fields.Monetary(
        string="Overdue Amount", readonly=True, copy=False, help="As of last night."
    )
    standing_date = fields.Datetime(string="Worked Out on", readonly=True, copy=False)
    late_since = fields.Date(
        readonly=True,
        copy=False,
        help="Since when the customer is overdue for longer than allowed.",
    )
    default_proposed = fields.Date(
        string="Defaulter Mark Proposed on", readonly=True, copy=False
    )
    review_announced = fields.Date(readonly=True, copy=False)

    # === ACTIONS === #

    def action_refresh_standing(self):
        """Do the night's work on these files now."""
        self.check_access("read")
        self.sudo()._look_over()
        return True

    # === NIGHT === #

    @api.model
    def _cron_nightly(self):
        """Look over all files of the companies that control credit, then over customers
        without one.
        """
        companies = self.env["res.company"]._parts_controlled_ids("credit")
        # those of an earlier run of this night are done: a long night is gone on with
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        files = self.search(
            [
                ("company_id", "in", list(companies)),
                "|",
                ("standing_date", "=", False),
                ("standing_date", "<", today),
            ],
            order="id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(files))
        files._expire_each()
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            batch._look_over()
            if not cron._commit_progress(processed=len(batch)):
                return
        for company in self.env["res.company"].browse(sorted(companies)):
            self.env["parts.credit.late"]._look_over(company)
            cron._commit_progress()

    def _look_over(self):
        """Do a night's work on these files; doing it twice changes nothing."""
        self._expire()
        self._refresh_standing()
        for company, files in self.grouped("company_id").items():
            self.env["parts.credit.core"]._show(company, files.partner_id)
            for file in files.with_company(company):
                file._mark_late()
                file._propose_default()
                file._announce_review()

    def _expire(self):
        """Have the state tell what an overdue review makes of files in force, and end
        temporary limits whose last day is over.
        """
        today = fields.Date.context_today(self)
        for file in self:
            frozen = file._is_review_overdue(today) and (
                file._overdue_review() == "freeze"
            )
            if file.state == "active" and frozen:
                file.state = "expired"
            elif file.state == "expired" and file.review_date and not frozen:
                file.state = "active"
            if file._is_temporary_over(today):
                # it grants nothing since that day: the history says when it ended
                file.write({"temporary_limit": 0.0, "temporary_until": False})
                file._tell_temporary_ended()

    def _is_temporary_over(self, today):
        """Return whether a temporary limit that was granted had its last day."""
        return bool(
            self.state in ("active", "expired")
            and self.temporary_until
            and self.temporary_until < today
        )

    def _expire_each(self):
        """The same, each in a transaction of its own, beside people who use the credit:
        the lock row is held for a moment, and whom somebody uses just now is left for
        the next night.
        """
        today = fields.Date.context_today(self)
        for file in self.filtered(
            lambda file: (
                file._is_review_overdue(today) or file._is_temporary_over(today)
            )
        ):
            try:
                file._expire()
                self.env.flush_all()
            except (SerializationFailure, UserError):
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress()

    def _follow_standing(self):
        """Have the list tell at once what blocking or lowering makes of what the night
        wrote down: nobody is free and blocked. The night's work is still to be done.
        """
        self.sudo().filtered("standing_date")._refresh_standing(dated=False)

    def _refresh_standing(self, dated=True):
        """Write down how these files stand now.

        :param bool dated: the night's work on them is done with it
        """
        verdicts = self.env["parts.credit.verdict"]
        check = self.env["parts.credit.check"]
        now = fields.Datetime.now()
        for file, figures in self._figures().items():
            facts = check._facts(file.company_id, file, figures)
            used, limit = facts["exposure"], facts["limit"]
            file.write(
                {
                    "standing": verdicts._step(facts, file.currency_id),
                    "used_amount": used,
                    "used_percent": used * 100.0 / limit if limit else 0.0,
                    "debt_days": figures["overdue_days"],
                    "debt_overdue": figures["overdue"],
                    **({"standing_date": now} if dated else {}),
                }
            )

    def _mark_late(self):
        """Tell owner and finance once that a customer turned late."""
        self.ensure_one()
        late = self.debt_days > self.overdue_days_allowed
        if not late:
            if self.late_since:
                self.late_since = False
            return
        if self.late_since:
            return
        self.late_since = fields.Date.context_today(self)
        name = self.partner_id.display_name
        for user in self._keepers()[:1]:
            env = self.with_context(lang=user.lang).env
            self._plan(
                user,
                env._("%(customer)s turned late", customer=name),
                env._(
                    "The oldest debt is %(days)s days overdue, allowed are"
                    " %(allowed)s.",
                    days=self.debt_days,
                    allowed=self.overdue_days_allowed,
                ),
            )
        self.env["parts.credit.late"]._tell_owner(self.partner_id, self.debt_days)

    def _propose_default(self):
        """Propose the defaulter mark once to finance for long unpaid debts (CRD-7)."""
        self.ensure_one()
        days = self.company_id.parts_credit_default_days
        if not days or self.debt_days <= days:
            if self.default_proposed:
                self.default_proposed = False
            return
        if self.defaulter or self.default_proposed:
            return
        self.default_proposed = fields.Date.context_today(self)
        for user in self._keepers()[:1]:
            env = self.with_context(lang=user.lang).env
            self._plan(
                user,
                env._(
                    "Mark %(customer)s as a wilful defaulter?",
                    customer=self.partner_id.display_name,
                ),
                env._(
                    "Unpaid for %(days)s days. With the mark only prepaid orders pass,"
                    " and no approval waives it.",
                    days=self.debt_days,
                ),
            )

    def _announce_review(self):
        """Give finance a task before the review is due, once for each date."""
        self.ensure_one()
        if self.state not in ("active", "expired") or not self.review_date:
            return
        notice = timedelta(days=self.company_id.parts_credit_review_notice or 0)
        today = fields.Date.context_today(self)
        if self.review_announced == self.review_date or (
            today < self.review_date - notice
        ):
            return
        self.review_announced = self.review_date
        for user in self._keepers()[:1]:
            env = self.with_context(lang=user.lang).env
            self._plan(
                user,
                env._(
                    "Review the credit of %(customer)s",
                    customer=self.partner_id.display_name,
                ),
                env._(
                    "Press “Propose a Change”, “Yearly Review”: somebody else decides."
                ),
                deadline=max(self.review_date, today),
            )

    def _tell_temporary_ended(self):
        """Give who sells to the customer a task on him, whom he may read: no figure."""
        owner = self.partner_id.user_id
        if not owner or not owner.active or owner.share:
            return
        env = self.with_context(lang=owner.lang).env
        self.partner_id.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=owner.id,
            summary=env._(
                "%(customer)s: the temporary limit ended",
                customer=self.partner_id.display_name,
            ),
            note=env._("Orders beyond the usual credit are held again."),
        )

    def _plan(self, user, summary, note, deadline=None):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=deadline,
            user_id=user.id,
            summary=summary,
            note=note,
        )

    def _keepers(self):
        """Return who keeps the credit files of this company, or else its finance."""
        self.ensure_one()
        return self._keepers_of(self.company_id)

    @api.model
    def _keepers_of(self, company):
        steps = self.env["parts.approval.rule.step"]
        for name in ("credit_keeper", "finance"):
            group = self.env.ref(f"auto_parts_sales.group_parts_{name}")
            users = group.all_user_ids.filtered(
                lambda user: (
                    user.active and not user.share and company in user.company_ids
                )
            )
            keepers = steps._by_right(users, group)
            if keepers:
                return keepers.sorted("id")
        return self.env["res.users"]
