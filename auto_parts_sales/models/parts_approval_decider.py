from odoo import fields, models


class PartsApproval(models.Model):
    """Who may decide a request, who may not, and what is said when nobody may."""

    # A file for each topic: the request, what it tells people, and who decides it
    _inherit = "parts.approval"  # pylint: disable=consider-merging-classes-inherited

    needs_minutes = fields.Boolean(compute="_compute_needs_minutes", compute_sudo=True)
    nobody_note = fields.Char(
        string="Nobody to Decide", compute="_compute_nobody_note", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    def _compute_needs_minutes(self):
        for approval in self:
            # with the vote that decides; whoever votes before may leave them to it
            deciding = approval._current_steps().filtered(
                lambda step: step._votes_missing() <= 1
            )
            approval.needs_minutes = deciding._lacks_minutes()

    def _compute_nobody_note(self):
        for approval in self:
            approval.nobody_note = approval._nobody_sentence()

    # === WHO MAY === #

    def _documents(self):
        """Return ``{id of the request: its document}``, a query for each model.

        As superuser. A document that is gone is an empty recordset, one whose model is
        gone is missing.
        """
        documents = {}
        for name, approvals in self.grouped("res_model").items():
            if name not in self.env:
                continue
            model = self.env[name].sudo()
            alive = model.browse(set(approvals.mapped("res_id"))).exists()
            ids = set(alive.ids)
            for approval in approvals:
                document = model.browse(
                    approval.res_id if approval.res_id in ids else ()
                )
                documents[approval.id] = document.with_prefetch(alive.ids)
        return documents

    def _barred_users(self):
        self.ensure_one()
        return self._barred(self._document())

    def _barred(self, document):
        """Return who may not decide this request about ``document`` (may be gone)."""
        self.ensure_one()
        barred = self.requester_id
        if document:
            barred |= document._parts_barred_deciders(self.kind)
        # Nobody takes two steps of one request, nor does an absent one vote on top of
        # his substitute. Read through the steps: these are fresh after a decision.
        decisions = self.step_ids.decision_ids
        return barred | decisions.user_id | decisions.substitute_for_id

    def _steps_of(self, user):
        """Return ``{id of the request: step that user may decide now, or none}``."""
        documents = self._documents()
        # For all at once: what filtered() returns reads only itself
        self.step_ids.mapped("user_ids")
        result = {}
        for approval in self:
            steps = approval._current_steps()
            if steps:
                barred = approval._barred(documents.get(approval.id))
                steps = steps.filtered(
                    lambda step, barred=barred: user in step._open_seats(barred)
                )
            result[approval.id] = steps[:1]
        return result

    def _step_of(self, user):
        """Return the step that ``user`` may decide now, or an empty recordset."""
        self.ensure_one()
        return self._steps_of(user)[self.id]

    def _open_users(self, steps):
        """Return who could decide one of ``steps`` of this request."""
        self.ensure_one()
        barred = self._barred_users()
        users = self.env["res.users"]
        return users.union(*(users.union(*step._open_seats(barred)) for step in steps))

    def _limit_figures(self):
        """Return the figures of the request that personal limits compare.

        ``amount``: untaxed amount of the document; ``percent``: what it is over by in
        per cent of that amount, endless for a document without amount;
        ``overdue_days``: of the customer's oldest open item, where that is what is
        asked about. All as they were when it was asked, in company currency.
        """
        self.ensure_one()
        over = self.amount
        company_currency = self.company_id.currency_id
        if self.currency_id and self.currency_id != company_currency:
            over = self.currency_id._convert(
                over, company_currency, self.company_id, self.create_date
            )
        percent = 0.0
        if over > 0:
            amount = self.document_amount
            percent = over * 100.0 / amount if amount > 0 else float("inf")
        overdue = (self.facts or {}).get("overdue_days", {}).get("value") or 0
        return {
            "amount": self.document_amount,
            "percent": percent,
            "overdue_days": overdue,
        }

    # === WHEN NOBODY MAY === #

    def _nobody_sentence(self):
        """Return what keeps this pending request from ever being decided, or False."""
        self.ensure_one()
        if self.state != "pending":
            return False
        barred = self._barred_users()
        pending = self.step_ids.filtered(lambda step: step.state == "pending")
        sentences = [step._nobody_sentence(barred) for step in pending]
        return " ".join(filter(None, sentences)) or False

    def _plan_activities(self):
        result = super()._plan_activities()
        approval = self.sudo()
        sentence = approval._nobody_sentence()
        if sentence:
            approval._tell_administrators(sentence)
        return result

    def _tell_administrators(self, sentence):
        """Say in the chatter why nobody can decide, and give administrators a task."""
        self._post(sentence)
        if not self._document():
            return
        role = self.env.ref("auto_parts_sales.group_parts_administrator")
        administrators = role.all_user_ids.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        # On the request, as those of its deciders: they go when it is decided or void
        for user in self._able_to_read(administrators) - self._deciders():
            reader = self._unsilenced().with_context(lang=user.lang or self.env.lang)
            reader.activity_schedule(
                "auto_parts_sales.mail_activity_type_parts_approval",
                user_id=user.id,
                summary=reader.env._("Nobody can decide: %s", reader._kind_name()),
                note=reader._nobody_sentence(),
            )

    # === SENTENCES === #

    def _waiting_sentence(self):
        sentence = super()._waiting_sentence()
        nobody = self._nobody_sentence()
        return f"{sentence}. {nobody}" if nobody else sentence

    def _decision_sentence(self, verdict, comment):
        sentence = super()._decision_sentence(verdict, comment)
        decision = self.step_ids.decision_ids.sorted("id")[-1:]
        step = decision.step_id
        if step.voices > 1 and step.state == "pending":
            sentence = self.env._(
                "%(sentence)s (a vote; %(missing)s more needed)",
                sentence=sentence,
                missing=step._votes_missing(),
            )
        if decision.substitute_for_id:
            sentence = self.env._(
                "%(sentence)s In the stead of %(absent)s, who is absent.",
                sentence=sentence,
                absent=decision.substitute_for_id.name,
            )
        return sentence

    def _not_yours_sentence(self, user):
        self.ensure_one()
        barred = self._barred_users()
        steps = self._current_steps().filtered(
            lambda step: user in step._named_users() and user not in barred
        )
        if steps:  # he holds the step, so it is his limit
            return self._beyond_limit_sentence(user, barred)
        if user not in barred and user in self._current_steps()._possible_users():
            return self.env._(
                "%(document)s: you stand in for somebody who asked for this, made or"
                " owns the document, or has decided already; so you may not decide it"
                " either.",
                document=self.document_name,
            )
        return super()._not_yours_sentence(user)

    def _beyond_limit_sentence(self, user, barred):
        limits = self.env["parts.approval.limit"]._of(user, self.company_id, self.kind)
        others = self._open_users(self._current_steps())
        if others:
            who = self.env._("Can decide: %s.", ", ".join(others.mapped("name")))
        else:
            who = self._nobody_sentence() or ""
        return self.env._(
            "%(document)s lies beyond your limit for %(kind)s: %(limit)s. %(who)s",
            document=self.document_name,
            kind=self._kind_name(),
            limit=limits._sentence(),
            who=who,
        )
