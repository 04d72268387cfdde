from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context


class PartsApproval(models.Model):
    """A request that somebody else agrees to exactly this.

    Written by the engine alone: no role has create, write or unlink, and the engine
    works as superuser. Who can read the document can read its requests; what only the
    decider may see is in ``parts.approval.figure``.
    """

    _name = "parts.approval"
    # The activities of a request are its own: they count under "Approval" in the bar
    # at the top, and deciding one request leaves those of another one standing
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "parts.approval.document.mixin",
    ]
    _description = "Approval"
    _order = "id desc"
    _rec_name = "document_name"

    # In every language that is installed: who decides may read another than who asks
    document_name = fields.Char(translate=True)
    kind = fields.Selection(selection="_selection_kind", required=True)
    gate = fields.Char(required=True)
    block_key = fields.Char(required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer or Salesperson",
        help="The customer of the document, or who a commission statement pays.",
    )
    requester_id = fields.Many2one(
        comodel_name="res.users", string="Asked by", required=True
    )
    reason = fields.Text()
    # as the document's name
    message = fields.Text(string="What Is Asked", required=True, translate=True)
    amount = fields.Monetary(string="Over by")
    currency_id = fields.Many2one(comodel_name="res.currency")
    document_amount = fields.Monetary(
        currency_field="company_currency_id",
        help="Untaxed amount of the document when it was asked, in company currency:"
        " what rules and limits compare.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("void", "Void"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    # Read by the engine alone: people read the figures, row by row as they may
    facts = fields.Json(
        help="Figures at the time of the request.", groups=fields.NO_ACCESS
    )
    figure_ids = fields.One2many(
        comodel_name="parts.approval.figure",
        inverse_name="approval_id",
        string="Figures when Asked",
    )
    rule_name = fields.Char(string="Rule")
    tolerance = fields.Float()
    step_ids = fields.One2many(
        comodel_name="parts.approval.step", inverse_name="approval_id", string="Steps"
    )
    decision_ids = fields.One2many(
        comodel_name="parts.approval.decision",
        inverse_name="approval_id",
        string="Decisions",
    )
    decided_date = fields.Datetime(string="Decided on")
    valid_until = fields.Date(
        string="Good until", help="Not used by then, an approval lapses."
    )
    spent_date = fields.Datetime(
        string="Used on", help="An approval releases its document once."
    )
    void_reason = fields.Char()
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )
    waiting_for = fields.Char(compute="_compute_waiting_for", compute_sudo=True)
    waiting_days = fields.Integer(
        string="Days Waiting",
        compute="_compute_waiting_days",
        compute_sudo=True,
        help="Full days since it was asked, or since the decision before.",
    )

    _document_idx = models.Index("(res_model, res_id, gate, block_key)")
    _one_pending = models.UniqueIndex(
        "(res_model, res_id, gate, block_key) WHERE state = 'pending'",
        "This has been asked already and waits for a decision.",
    )

    @api.model
    def _selection_kind(self):
        """Return the kinds that rules know, those that other addons add with them.

        Not a list of its own: a request outlives the addon that brought its kind.
        """
        rules = self.env["parts.approval.rule"]
        return rules._fields["kind"]._description_selection(self.env)

    # === COMPUTE METHODS === #

    @api.depends("document_name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = (
                f"{approval.document_name} · {approval._kind_name()}"
            )

    @api.depends("state", "step_ids.state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        steps = self.sudo()._steps_of(self.env.user)
        for approval in self:
            approval.can_decide = bool(steps[approval.id])

    def _search_can_decide(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        steps = (
            self.env["parts.approval.step"].sudo().search([("state", "=", "pending")])
        )
        mine = steps.approval_id._steps_of(self.env.user)
        return [("id", "in", [key for key, step in mine.items() if step])]

    @api.depends("state", "step_ids.state")
    def _compute_waiting_for(self):
        for approval in self:
            steps = approval._current_steps()
            approval.waiting_for = " / ".join(s._deciders_name() for s in steps)

    @api.depends("state", "decision_ids")
    def _compute_waiting_days(self):
        now = fields.Datetime.now()
        for approval in self:
            waits = approval.state == "pending"
            since = approval._waiting_since()
            days = (now - since).days if waits and since else 0
            # what was written in this second is no negative day ago
            approval.waiting_days = max(days, 0)

    # === REQUESTS === #

    def _as_engine(self):
        """Return these records as superuser, without the caller's default values: a
        ``default_state`` in the context would create what is approved already.
        """
        context = clean_context(self.env.context)
        return self.with_env(self.env(su=True, context=context))

    @api.model
    def _request(self, document, gate, block, reason=None):
        """Ask for ``block`` of ``document`` to be waived; return the request.

        Earlier approvals of the same block that were not used are void from now on.
        """
        rule = self.env["parts.approval.rule"]._find(document.sudo(), block["kind"])
        earlier = self._find_latest(document, gate).get(block["key"])
        if earlier and earlier.state == "approved" and not earlier.spent_date:
            earlier._void("asked_again")
        amount, _currency = document.sudo()._parts_gate_amount()
        # No role writes requests; nobody follows them by asking
        partner = (
            document.sudo()._fields.get("partner_id") and document.sudo().partner_id
        )
        engine = self._as_engine().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )
        approval = engine.create(
            {
                "kind": block["kind"],
                "gate": gate,
                "block_key": block["key"],
                "company_id": document.sudo().company_id.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": block["document"],
                "partner_id": partner.id if partner else False,
                "requester_id": self.env.uid,
                "reason": reason,
                "message": block["message"],
                "amount": block["amount"],
                "currency_id": block["currency_id"],
                "document_amount": amount,
                "facts": block["facts"],
                "figure_ids": self._prepare_figure_commands(document.sudo(), block),
                "rule_name": rule.name,
                "tolerance": rule.tolerance,
                "step_ids": [
                    fields.Command.create(vals)
                    for vals in document.sudo()._parts_gate_steps(block, rule)
                ],
            }
        )
        approval._translate_texts(document, block)
        approval.step_ids._skip_unheld()
        approval._post(
            self.env._(
                "Approval asked for: %(kind)s. %(reason)s",
                kind=approval._kind_name(),
                reason=reason or "",
            )
        )
        approval._advance()
        return self.browse(approval.id)

    @api.model
    def _find_waivers(self, documents, gate):
        """Return ``{(res_id, block_key): approval}`` of approvals not used yet."""
        approvals = self.search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("gate", "=", gate),
                ("state", "=", "approved"),
                ("spent_date", "=", False),
            ],
            order="id",
        )
        return {
            (approval.res_id, approval.block_key): approval for approval in approvals
        }

    @api.model
    def _find_latest(self, document, gate):
        """Return ``{block_key: latest request}`` of one document at ``gate``."""
        approvals = self.sudo().search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("gate", "=", gate),
                ("spent_date", "=", False),
            ],
            order="id",
        )
        return {approval.block_key: approval for approval in approvals}

    def _covers(self, block):
        """Return whether this approval holds for ``block`` as it is now.

        Each fact may move in the direction that does not hurt, and by the rule's
        tolerance in the other one. A fact that is new or gone does hurt.
        """
        self.ensure_one()
        if self.state != "approved" or self.spent_date or self._is_lapsed():
            return False
        return self.kind == block["kind"] and not self._changed_facts(block)

    def _is_lapsed(self):
        """Return whether the days are over for which this approval is good."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return bool(self.valid_until and self.valid_until < today)

    def _changed_facts(self, block):
        """Return the names of the facts that moved so that it hurts, in their order."""
        self.ensure_one()
        then, now = self.facts or {}, block["facts"]
        return [
            name
            for name in {**now, **then}
            if name not in then
            or (name not in now and not then[name].get("may_go"))
            or (name in now and not self._fact_holds(then[name]["value"], now[name]))
        ]

    def _fact_holds(self, then, now):
        value, hurts = now["value"], now["hurts"]
        if not hurts:
            return True
        if hurts == "any":
            return value == then
        allowed = abs(then) * self.tolerance / 100.0
        growth = value - then if hurts == "up" else then - value
        # Half a hundredth: figures come from sums of rounded amounts
        return growth <= allowed + 0.005

    def _spend(self):
        for approval in self:
            approval.sudo().spent_date = fields.Datetime.now()

    # === DECISIONS === #

    def _current_steps(self):
        """Return the steps that wait for a decision now."""
        self.ensure_one()
        pending = self.step_ids.filtered(lambda step: step.state == "pending")
        if self.state != "pending" or not pending:
            return pending.browse()
        first = min(pending.mapped("sequence"))
        return pending.filtered(lambda step: step.sequence == first)

    def _waiting_since(self):
        """Return when the present step began to wait, as a naive UTC datetime."""
        self.ensure_one()
        return max(self.decision_ids.mapped("create_date"), default=self.create_date)

    def _document(self):
        """Return the document of this request, as superuser; empty if it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.env["res.partner"].browse()  # its addon was uninstalled
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _decide(self, verdict, comment, **minutes):
        """Take the user's decision; return False if the request was void instead.

        A void request must stay void: raising would take that back with the rest.
        """
        self.ensure_one()
        self.check_access("read")
        approval = self._as_engine()  # no role writes decisions
        approval._lock_with_document()
        if approval.state != "pending":
            raise UserError(
                self.env._(
                    "%(document)s: this request is no longer open, somebody decided or"
                    " withdrew it.",
                    document=approval.document_name,
                )
            )
        step = approval._step_of(self.env.user)
        if not step:
            raise AccessError(approval._not_yours_sentence(self.env.user))
        if verdict == "approved" and approval._void_if_changed():
            return False
        step._record(self.env.user, verdict, comment, **minutes)
        approval._tell_requester(
            approval._for_requester()._decision_sentence(verdict, comment)
        )
        if step.state == "refused":
            approval._close("refused")
        else:
            approval._advance()
        return True

    def _advance(self):
        """Close the request when no step is left, else tell who is next."""
        self.ensure_one()
        if not self.step_ids.filtered(lambda step: step.state == "pending"):
            self._close("approved")
        else:
            self._plan_activities()

    def _close(self, state):
        self.ensure_one()
        self.write({"state": state, "decided_date": fields.Datetime.now()})
        self._clear_activities()
        document = self._document()
        days = document and document._parts_gate_valid_days(self.kind)
        if days and state == "approved":
            today = fields.Date.context_today(self)
            self.valid_until = fields.Date.add(today, days=days)
        if document:
            document._parts_approval_decided(self)

    # === ACTIONS === #

    def action_approve(self, comment=None, minutes=None, minutes_name=None):
        """Approve the steps that are the user's turn.

        What changed against its request is not approved: the request is void, and
        the answer says so.

        :param str comment: kept with the decision
        :param str minutes: a committee's minutes, base64, kept with the decision
        :param str minutes_name: name of that file
        :return: True, or a notification (a client action) about what became void
        :raises AccessError: when it is not this user's turn, or he is barred, or what
            is asked lies beyond his limit
        :raises UserError: when the request is no longer open, or minutes are missing
        """
        void = self.filtered(
            lambda approval: not approval._decide(
                "approved", comment, minutes=minutes, minutes_name=minutes_name
            )
        )
        return void._notify_void() if void else True

    def action_refuse(self, comment=None):
        """Refuse these requests; who asked reads the comment.

        :param str comment: required
        :raises UserError: without a comment, or when the request is no longer open
        :raises AccessError: when it is not this user's turn, or he is barred
        """
        if not (comment or "").strip():
            raise UserError(
                self.env._("Please say why you refuse: whoever asked has to know.")
            )
        for approval in self:
            approval._decide("refused", comment.strip())
        return True

    def action_withdraw(self):
        """Take the request back; only who asked may.

        :raises UserError: when it is not pending any more, or not the user's own
        """
        self.check_access("read")
        for approval in self.sudo():  # no role writes requests
            if approval.state != "pending" or approval.requester_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(document)s: only who asked can withdraw a request, and only"
                        " while it waits.",
                        document=approval.document_name,
                    )
                )
            approval._void("withdrawn")
        return True

    def action_open_document(self):
        """Open the document that the request is about.

        :raises UserError: when it was deleted
        """
        self.ensure_one()
        if not self.sudo()._document():
            raise UserError(
                self.env._(
                    "%(document)s was deleted; only its approvals are kept.",
                    document=self.document_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_ask_refusal(self):
        """Open the dialog that takes the reason of a refusal."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "parts.approval.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_approval_ids": [fields.Command.set(self.ids)]},
        }

    def _action_open(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Approvals"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action
