from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What a request for a review is about, by the kind of approval
REVIEWS = {"contract": "contract_review", "clause": "contract_clause"}


class PartsContract(models.Model):
    """How a contract comes into force: submitted, reviewed, signed (CON-3, CON-4)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    missing_html = fields.Html(
        string="What Is Missing",
        compute="_compute_missing_html",
        compute_sudo=True,
        sanitize=False,
    )
    review_verdict = fields.Char(
        compute="_compute_review_verdict",
        compute_sudo=True,
        search="_search_review_verdict",
        help="Technical: what legal said about changed clauses, for approval rules.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "open_version_id")
    @api.depends_context("lang")
    def _compute_missing_html(self):
        for contract in self:
            missing = contract._missing_now()
            contract.missing_html = bool(missing) and self.env["ir.qweb"]._render(
                "auto_parts_sales.parts_contract_missing", {"missing": missing}
            )

    @api.depends("open_version_id")
    def _compute_review_verdict(self):
        for contract in self:
            contract.review_verdict = self.env["parts.contract.deviation"]._verdict(
                contract.open_version_id
            )

    def _search_review_verdict(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_work = self.sudo().search(
            [("version_ids.state", "in", ("draft", "review", "approved"))]
        )
        found = in_work.filtered(lambda contract: contract.review_verdict in value)
        return [("id", "in", found.ids)]

    def _missing_now(self):
        """Return what is missing for the next step, a sentence each."""
        self.ensure_one()
        version = self.open_version_id
        if not isinstance(self.id, int) or not version:
            return []
        if version.state == "draft":
            deviation = self.env["parts.contract.deviation"]
            return version._incomplete() + deviation._undeclared(version)
        if version.state == "approved":
            return []  # what is missing to sign is said beside it
        return [
            block["message"]
            for block in self._parts_gate_blocks("effect")
            if not block["kind"] and block["key"] != "contract_signature"
        ]

    # === GATE === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "effect":
            blocks += self.env["parts.contract.deviation"]._blocks(self)
        return blocks

    def _parts_gate_next(self):
        version = self.open_version_id
        # a draft asks for nothing: it is submitted as a whole
        return "effect" if version.state in ("review", "approved") else False

    def _parts_gate_is_closed(self):
        return not self.open_version_id or super()._parts_gate_is_closed()

    def _parts_gate_of_binding(self):
        return "effect"

    def _parts_gate_bound(self):
        return self.state in ("effective", "suspended")

    def _parts_gate_amount(self):
        version = self.open_version_id or self.current_version_id
        amount = version._in_company_currency(version._amounts()[0])
        return amount, self.company_id.currency_id

    def _parts_barred_deciders(self, kind):
        barred = super()._parts_barred_deciders(kind)
        version = self.open_version_id
        authors = version.create_uid | version.line_ids.write_uid
        if kind == "clause":
            authors |= version.clause_ids.write_uid
        return barred | self.submitter_id | authors

    def _parts_gate_steps(self, block, rule):
        steps = super()._parts_gate_steps(block, rule)
        if block["key"] == REVIEWS["contract"]:
            steps = self.env["parts.contract.deviation"]._steps(self, block, steps)
        return steps

    def _parts_gate_deciders_name(self, block, rule):
        if block["key"] == REVIEWS["contract"]:
            return self.env["parts.contract.deviation"]._deciders(self, block, rule)
        return super()._parts_gate_deciders_name(block, rule)

    def _parts_gate_state(self, block, request):
        state = super()._parts_gate_state(block, request)
        if block["key"] == REVIEWS["clause"] and not block["kind"]:
            state["note"] = self.env._(
                "Legal opens each marked clause on the page “Clauses” and says so"
                " there."
            )
        return state

    def _parts_gate_figures(self, block):
        figures = super()._parts_gate_figures(block)
        return self.env["parts.contract.deviation"]._figures(self, block, figures)

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.contract.deviation"]._labels()
        return {**super()._parts_gate_labels(), **labels}

    def _parts_gate_headline(self, gate, blocks):
        if gate != "effect":
            return super()._parts_gate_headline(gate, blocks)
        return self.env._("This contract cannot come into force yet:")

    def _parts_approval_decided(self, approval):
        result = super()._parts_approval_decided(approval)
        if approval.kind in REVIEWS:
            if approval.state == "approved":
                self._review_continued()
            else:
                self._back_to_draft("refused")
        return result

    def _parts_approval_voided(self, approval):
        result = super()._parts_approval_voided(approval)
        if approval.kind in REVIEWS and self.open_version_id.state == "review":
            self._back_to_draft("withdrawn")
        return result

    # === ACTIONS === #

    def action_submit(self):
        """Submit the contract, or its amendment, for review (CON-3).

        Only what deviates is routed, to the functions that answer for it; a contract
        that deviates in nothing is approved, and the review that found so is recorded.

        :raises AccessError: for who may not write it
        :raises UserError: with what is missing
        """
        self.check_access("write")
        for contract in self:
            contract._submit()
        return True

    def _submit(self):
        self.ensure_one()
        contract = self._as_engine()  # state and version are written by no role
        version = contract.open_version_id
        if version.state != "draft":
            raise UserError(
                self.env._(
                    "%s has no draft to submit.",
                    contract.display_name,
                )
            )
        deviation = self.env["parts.contract.deviation"]
        missing = version._incomplete() + deviation._undeclared(version)
        if missing:
            raise UserError(
                "\n".join(
                    [
                        self.env._("%s is not complete yet:", version.display_name),
                        *(f"• {sentence}" for sentence in missing),
                    ]
                )
            )
        for records in (contract, version, version.line_ids):
            # the company may have been exchanged after the papers were chosen
            records._check_company()
        version._normalise()
        for kind in REVIEWS:
            self.env["parts.approval.rule"].sudo()._create_defaults(
                contract.company_id, kind
            )
        contract.submitter_id = self.env.user
        contract._set_version_state(version, "review")
        self._ask_reviewers()
        contract._review_continued()

    def _ask_reviewers(self):
        """Ask for what the gate finds and an approval waives, as the present user."""
        approvals = self.env["parts.approval"]
        self.invalidate_recordset(["review_verdict"])
        for block in self.sudo()._parts_gate_preview():
            if block["state"] == "askable" and block["kind"] in REVIEWS:
                version = self.sudo().open_version_id
                approvals._request(self, "effect", block, version.amend_reason)

    def action_withdraw(self):
        """Take back what was submitted, to change it (CTL-3).

        What was approved already goes on as a new version: what one side may have
        signed stays as it was signed.

        :raises AccessError: for who may not write the contract
        :raises UserError: when nothing is under way
        """
        self.check_access("write")
        for contract in self._as_engine():
            version = contract.open_version_id
            if version.state not in ("review", "approved"):
                raise UserError(
                    self.env._("%s: nothing is under review.", contract.display_name)
                )
            if version.state == "review":
                contract._back_to_draft("withdrawn")
                continue
            self.env["parts.approval"]._void_of(contract, "cancelled")
            draft = version._next(version.amend_reason)
            version.state = "dropped"
            if contract.current_version_id == version:
                contract.current_version_id = draft
                contract.state = "draft"
            contract.message_post(
                body=self.env._(
                    "%(user)s withdrew what was approved, to change it.",
                    user=self.env.user.name,
                )
            )
        return True

    def action_sign(self, side, **values):
        """Record that a side signed the version that waits for it (CON-4).

        :param str side: ``ours`` or ``theirs``
        :param values: what ``_sign`` of ``parts.contract.signature`` takes
        :raises UserError: unless it was approved, and once for each side
        """
        self.ensure_one()
        self.check_access("read")
        if side not in ("ours", "theirs"):
            raise ValidationError(self.env._("A contract is signed by us or by them."))
        contract = self._as_engine()
        version = contract.open_version_id
        if version.state != "approved":
            raise UserError(
                self.env._(
                    "%(contract)s is not to be signed now: it is signed once its review"
                    " is over, and never again when it is in force.",
                    contract=contract.display_name,
                )
            )
        if "parts.contract.signature" not in self.env:
            raise UserError(self.env._("No signatures are kept here."))
        self.env["parts.contract.signature"]._sign(version.sudo(False), side, **values)
        contract._try_effect()
        return True

    # === BUSINESS METHODS === #

    def _set_version_state(self, version, state):
        """Set the state of ``version``, and of the contract as long as it is its first
        and nothing rules yet. Called as superuser.
        """
        self.ensure_one()
        version.state = state
        if version == self.current_version_id:
            self.state = state
        self._call_people()

    def _review_continued(self):
        """Approve the version in review once nothing is left to review."""
        for contract in self:
            version = contract.open_version_id
            if version.state != "review":
                continue
            blocks = [
                block
                for block in contract._parts_gate_blocks("effect")
                if block["key"] != "contract_signature"
            ]
            waivers = contract._parts_gate_waivers("effect")
            used = self.env["parts.approval"].sudo()
            for block in blocks:
                approval = waivers.get((contract.id, block["key"]))
                if not approval or not approval._covers(block):
                    break
                used |= approval
            else:
                self.env["parts.contract.review"].sudo()._record_contract(
                    version, blocks, used
                )
                contract._set_version_state(version, "approved")
                used._spend()
                contract._tell_owner(
                    self.env._("The review is over: the contract can be signed.")
                )

    def _back_to_draft(self, cause):
        """Take the version in review back to draft; other requests become void."""
        for contract in self:
            version = contract.open_version_id
            if version.state != "review":
                continue
            # first: what becomes void calls this again
            contract._set_version_state(version, "draft")
            self.env["parts.approval"]._void_of(contract, "cancelled")
            if cause == "refused":
                contract._tell_owner(
                    self.env._("The review refused it: change it, or give it up.")
                )

    def _tell_owner(self, sentence):
        self.ensure_one()
        self.message_post(
            body=sentence,
            partner_ids=(self.user_id.partner_id | self.submitter_id.partner_id).ids,
            subtype_xmlid="mail.mt_note",
        )

    def _try_effect(self):
        """Bring the approved version into force if nothing is missing any more.

        Called as superuser after each signature, check-off and seal.

        :return: whether it came into force
        """
        self.ensure_one()
        contract = self._as_engine()
        version = contract.open_version_id
        if version.state != "approved" or version._missing_signatures():
            return False
        contract._parts_gate_pass("effect")
        contract._take_effect(version)
        return True

    def _take_effect(self, version):
        """Let ``version`` rule from today on; the one before is replaced."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        before = self.current_version_id
        if before != version:
            before.write({"state": "replaced", "date_replaced": today})
            self.current_version_id = version
        version.write({"state": "effective", "date_effective": today})
        self.near_end_told = False
        version._make_plan_term()
        if self.state not in ("effective", "suspended"):
            self.write({"state": "effective", "date_effective": today})
        version._snapshot_paper()
        self._call_people()
        self._tell_owner(self.env._("%s is in force from today.", version.display_name))
        self._reach_quotations()
        self._try_held_orders()

    def _reach_quotations(self):
        """Give quotations that wait for this contract its payment terms; those that
        their customer accepted stay as he accepted them.
        """
        term = self.current_version_id._order_term()
        waiting = self.order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and not order.parts_held
        )
        if term and waiting:
            waiting.payment_term_id = term

    def _try_held_orders(self):
        """Confirm orders whose customer did his part, and that waited for this."""
        holds = self.env["parts.approval.hold"].sudo()._open_of(self.order_ids)
        for hold in holds.values():
            # in the name of the system: who signs contracts confirms nothing
            hold.with_env(self.env(user=SUPERUSER_ID, context={}))._try()

    def _notified_open(self):
        """Return a window action that opens this contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract",
            "res_id": self.id,
            "view_mode": "form",
        }

    # === AMENDMENTS (CON-5) === #

    def action_amend(self, reason=None):
        """Draw up an amendment: a draft of what rules, which goes on ruling until both
        sides have signed the new version.

        :param str reason: why; it can be filled in later
        :return: window action with the new version
        :raises AccessError: for who may not write the contract
        :raises UserError: unless it is in force and no amendment is under way
        """
        self.ensure_one()
        self.check_access("write")
        contract = self._as_engine()
        if contract.state != "effective":
            raise UserError(
                self.env._(
                    "%s is not in force: only what is in force is amended.",
                    contract.display_name,
                )
            )
        if contract.open_version_id:
            raise UserError(
                self.env._(
                    "%s is under way already: finish it, or give it up.",
                    contract.open_version_id.display_name,
                )
            )
        version = contract.current_version_id._next(reason)
        return {
            "type": "ir.actions.act_window",
            "name": version.display_name,
            "res_model": "parts.contract.version",
            "res_id": version.id,
            "view_mode": "form",
        }

    def action_drop_amendment(self):
        """Give the amendment up that is under way.

        :raises AccessError: for who may not write the contract
        :raises UserError: when there is none
        """
        self.check_access("write")
        for contract in self._as_engine():
            version = contract.open_version_id
            if not contract.amending:
                raise UserError(
                    self.env._("%s has no amendment.", contract.display_name)
                )
            version.state = "dropped"
            self.env["parts.approval"]._void_of(contract, "cancelled")
            contract._call_people()
        return self._notified_open() if len(self) == 1 else True

    def action_open_amendment(self):
        """Open the version that is drawn up, reviewed or signed now."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract.version",
            "res_id": self.open_version_id.id,
            "view_mode": "form",
        }

    @api.model
    def _check_role(self, groups, sentence):
        """Raise ``sentence`` unless the user holds one of ``groups``.

        :raises AccessError: with that sentence
        """
        prefix = "auto_parts_sales.group_parts_"
        if not any(self.env.user.has_group(prefix + group) for group in groups):
            raise AccessError(sentence)
