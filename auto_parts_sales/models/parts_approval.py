from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PartsApproval(models.Model):
    """A request that somebody else agrees to exactly this.

    Written by the engine alone: no role has create, write or unlink, and the engine
    works as superuser. Who can read the document can read its requests.
    """

    _name = "parts.approval"
    _description = "Approval"
    _order = "id desc"
    _rec_name = "document_name"

    kind = fields.Selection(selection="_selection_kind", required=True)
    gate = fields.Char(required=True)
    block_key = fields.Char(required=True)
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, index=True
    )
    document_name = fields.Char(required=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    requester_id = fields.Many2one(
        comodel_name="res.users", string="Asked by", required=True
    )
    reason = fields.Text()
    message = fields.Text(string="What Is Asked", required=True)
    amount = fields.Monetary(string="Over by")
    currency_id = fields.Many2one(comodel_name="res.currency")
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
    facts = fields.Json(help="Figures at the time of the request.")
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
    spent_date = fields.Datetime(
        string="Used on", help="An approval releases its document once."
    )
    void_reason = fields.Char()
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )
    waiting_for = fields.Char(compute="_compute_waiting_for", compute_sudo=True)

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
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = (
                f"{approval.document_name} · {approval._kind_name()}"
            )

    @api.depends("state", "step_ids.state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for approval in self:
            approval.can_decide = bool(approval.sudo()._step_of(self.env.user))

    def _search_can_decide(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        steps = (
            self.env["parts.approval.step"].sudo().search([("state", "=", "pending")])
        )
        mine = steps.approval_id.filtered(lambda a: a._step_of(self.env.user))
        return [("id", "in", mine.ids)]

    @api.depends("state", "step_ids.state")
    def _compute_waiting_for(self):
        for approval in self:
            steps = approval._current_steps()
            approval.waiting_for = " / ".join(s._deciders_name() for s in steps)

    # === ACCESS === #

    def _check_access(self, operation):
        """Requests are read by whoever can read their document, and nobody else."""
        result = super()._check_access(operation)
        if operation != "read" or not self or self.env.su:
            return result
        readable = set(self.sudo()._readable_ids(self.env))
        forbidden = self.filtered(lambda approval: approval.id not in readable)
        if result:
            forbidden |= result[0]
        if forbidden:
            return forbidden, lambda: self._make_read_error(forbidden)
        return None

    def _make_read_error(self, forbidden):
        return AccessError(
            self.env._(
                "You may not read these approvals, as you may not read their"
                " documents: %(names)s",
                names=", ".join(forbidden.sudo().mapped("document_name")),
            )
        )

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if self.env.su or bypass_access:
            return super()._search(
                domain, offset, limit, order, bypass_access=True, **kwargs
            )
        # All matches are looked at before the limit applies: a page must not come
        # out short because somebody else's requests lay in between.
        query = super()._search(domain, order=order, **kwargs)
        ids = self.browse(query.get_result_ids()).sudo()._readable_ids(self.env)
        return self.browse(
            ids[offset : offset + limit] if limit else ids[offset:]
        )._as_query(order)

    def _readable_ids(self, env):
        """Return the ids of those whose document the user of ``env`` can read.

        All his companies count, not those he chose for the session: an approver has
        to find what waits for him wherever he works right now.
        """
        env = env(
            context={**env.context, "allowed_company_ids": env.user.company_ids.ids}
        )
        documents = defaultdict(set)
        for approval in self:
            documents[approval.res_model].add(approval.res_id)
        readable = {
            model: set(env[model].browse(ids).exists()._filtered_access("read").ids)
            for model, ids in documents.items()
            if model in env
        }
        return [
            approval.id
            for approval in self
            if approval.res_id in readable.get(approval.res_model, ())
        ]

    # === REQUESTS === #

    @api.model
    def _request(self, document, gate, block, reason=None):
        """Ask for ``block`` of ``document`` to be waived; return the request.

        Earlier approvals of the same block that were not used are void from now on.
        """
        rule = self.env["parts.approval.rule"]._find(document.sudo(), block["kind"])
        earlier = self._find_latest(document, gate).get(block["key"])
        if earlier and earlier.state == "approved" and not earlier.spent_date:
            earlier._void(self.env._("Asked for again after a change."))
        engine = self.sudo()  # no role writes requests
        approval = engine.create(
            {
                "kind": block["kind"],
                "gate": gate,
                "block_key": block["key"],
                "company_id": document.sudo().company_id.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": block["document"],
                "partner_id": document.sudo().partner_id.id,
                "requester_id": self.env.uid,
                "reason": reason,
                "message": block["message"],
                "amount": block["amount"],
                "currency_id": block["currency_id"],
                "facts": block["facts"],
                "rule_name": rule.name,
                "tolerance": rule.tolerance,
                "step_ids": [
                    fields.Command.create(vals)
                    for vals in rule.step_ids._prepare_approval_step_vals_list()
                ],
            }
        )
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
        if self.state != "approved" or self.spent_date or self.kind != block["kind"]:
            return False
        then, now = self.facts or {}, block["facts"]
        return then.keys() == now.keys() and all(
            self._fact_holds(then[name]["value"], now[name]) for name in now
        )

    def _fact_holds(self, then, now):
        value, hurts = now["value"], now["hurts"]
        if hurts == "any":
            return value == then
        allowed = abs(then) * self.tolerance / 100.0
        growth = value - then if hurts == "up" else then - value
        # Half a hundredth: figures come from sums of rounded amounts
        return growth <= allowed + 0.005

    def _spend(self):
        for approval in self:
            approval.sudo().spent_date = fields.Datetime.now()

    def _void(self, reason):
        self.sudo().write({"state": "void", "void_reason": reason})

    # === DECISIONS === #

    def _current_steps(self):
        """Return the steps that wait for a decision now."""
        self.ensure_one()
        pending = self.step_ids.filtered(lambda step: step.state == "pending")
        if self.state != "pending" or not pending:
            return pending.browse()
        first = min(pending.mapped("sequence"))
        return pending.filtered(lambda step: step.sequence == first)

    def _document(self):
        """Return the document of this request, as superuser; empty if it is gone."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _barred_users(self):
        self.ensure_one()
        barred = self.requester_id
        document = self._document()
        if document:
            barred |= document._parts_barred_deciders(self.kind)
        # nobody takes two steps of one request
        return barred | self.decision_ids.user_id

    def _step_of(self, user):
        """Return the step that ``user`` may decide now, or an empty recordset."""
        self.ensure_one()
        steps = self._current_steps()
        if not steps or user in self._barred_users():
            return steps.browse()
        return steps.filtered(lambda step: step._is_open_to(user))[:1]

    def _decide(self, verdict, comment):
        self.ensure_one()
        self.check_access("read")
        approval = self.sudo()  # no role writes decisions
        approval.lock_for_update()
        approval.invalidate_recordset()
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
        step._record(self.env.user, verdict, comment)
        approval._post(approval._decision_sentence(verdict, comment))
        if verdict == "refused":
            approval._close("refused")
        else:
            approval._advance()

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
        document = self._document()
        if document:
            self._clear_activities()
            document._parts_approval_decided(self)

    # === ACTIONS === #

    def action_approve(self, comment=None):
        """Approve the steps that are the user's turn.

        :param str comment: kept with the decision
        :raises AccessError: when it is not this user's turn, or he is barred
        :raises UserError: when the request is no longer open
        """
        for approval in self:
            approval._decide("approved", comment)
        return True

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
            approval._void(self.env._("Withdrawn by who asked."))
            approval._post(
                self.env._("Request withdrawn: %(kind)s", kind=approval._kind_name())
            )
            approval._clear_activities()
        return True

    def action_open_document(self):
        """Open the document that the request is about."""
        self.ensure_one()
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
