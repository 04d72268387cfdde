from datetime import date

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..exceptions import GateError


class PartsApprovalGateMixin(models.AbstractModel):
    """A document that becomes binding at one or more gates.

    A *block* is a JSON-serialisable dictionary::

        {
            "key": "credit_limit",     # which check, stable, for machines
            "kind": "credit",          # approval that may waive it, False: none may
            "message": "…",            # one sentence for the person at the screen
            "amount": 1200.0,          # by how much it is over, 0.0 where not an amount
            "currency_id": 7,          # id of that amount's currency, or False
            "res_model": "sale.order",
            "res_id": 42,
            "document": "S00042",
            "facts": {"amount": {"value": 5000.0, "hurts": "up"}, …},
        }

    ``facts`` are the figures that the decider is asked to accept. ``hurts`` tells in
    which direction a later change voids the approval: ``up``, ``down`` or ``any``;
    False: no change does. A fact with ``may_go`` set may be missing later, too.

    To add a check to a gate, inherit the document's model, extend
    :meth:`_parts_gate_blocks` and append what :meth:`_parts_gate_block` returns.
    """

    _name = "parts.approval.gate.mixin"
    _description = "Document with Gates"

    parts_approval_ids = fields.One2many(
        comodel_name="parts.approval",
        inverse_name="res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        string="Approvals",
    )
    parts_gate_html = fields.Html(
        string="Waiting for Approval",
        compute="_compute_parts_gate_html",
        compute_sudo=True,
        sanitize=False,
    )
    parts_gate_askable = fields.Boolean(
        compute="_compute_parts_gate_html", compute_sudo=True
    )
    parts_gate_granted = fields.Boolean(
        compute="_compute_parts_gate_html", compute_sudo=True
    )
    parts_waiting_approval = fields.Boolean(
        string="Waits for an Approval",
        compute="_compute_parts_waiting",
        search="_search_parts_waiting_approval",
    )
    parts_waiting_for_me = fields.Boolean(
        string="Waits for Me",
        compute="_compute_parts_waiting",
        search="_search_parts_waiting_for_me",
    )

    # === COMPUTE METHODS === #

    def _compute_parts_gate_html(self):
        for record in self:
            blocks = record._parts_gate_preview()
            record.parts_gate_html = (
                self.env["ir.qweb"]._render(
                    "auto_parts_sales.parts_approval_gate_banner", {"blocks": blocks}
                )
                if blocks
                else False
            )
            record.parts_gate_askable = any(
                block["state"] == "askable" for block in blocks
            )
            record.parts_gate_granted = bool(blocks) and all(
                block["state"] == "granted" for block in blocks
            )

    @api.depends_context("uid")
    def _compute_parts_waiting(self):
        pending = self._parts_pending([("res_id", "in", self.ids)])
        waiting = set(pending.mapped("res_id"))
        mine = set(pending._with_step_of(self.env.user).mapped("res_id"))
        for record in self:
            record.parts_waiting_approval = record.id in waiting
            record.parts_waiting_for_me = record.id in mine

    def _search_parts_waiting_approval(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return [("id", "in", self._parts_pending([]).mapped("res_id"))]

    def _search_parts_waiting_for_me(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        mine = self._parts_pending([])._with_step_of(self.env.user)
        return [("id", "in", mine.mapped("res_id"))]

    def _parts_pending(self, domain):
        """Return the pending requests on documents of this model, as superuser."""
        approvals = self.env["parts.approval"].sudo()
        return approvals.search(
            [("res_model", "=", self._name), ("state", "=", "pending"), *domain]
        )

    # === HOOKS === #

    def _parts_gate_blocks(self, gate):
        """Return what keeps these documents from passing ``gate``.

        Each document is judged with the others of the recordset counted, so that
        several orders confirmed together cannot slip under one limit. Extend it to
        add a check, and return early for gates that the check is not about. Called as
        superuser.

        :param str gate: ``send``, ``confirm``, ``effect``, ``ship``, ``invoice``,
            ``fapiao`` or ``pay``
        :return: blocks, see the class
        :rtype: list[dict]
        """
        return []

    def _parts_gate_lock(self, gate):
        """Take what has to be locked before the figures of ``gate`` are read.

        Called as superuser where the documents bind, never where they are only looked
        at. Extend it where two documents that bind at the same moment must not both
        count on the same room.
        """

    def _parts_gate_next(self):
        """Return the gate that this document meets next, or False.

        It decides what the banner shows and what *Ask for Approval* asks for. Called
        as superuser on one record; return False where every control is switched off,
        before anything is read.
        """
        return False

    def _parts_gate_is_closed(self):
        """Return whether this document will never bind, such as a cancelled order.

        Called as superuser on one record; its open requests become void.
        """
        self.ensure_one()
        return False

    def _parts_gate_bound(self):
        """Return whether this document binds now. Called as superuser on one record."""
        self.ensure_one()
        return False

    def _parts_gate_of_binding(self):
        """Return the gate that stands where these documents become binding."""
        return "confirm"

    def _parts_gate_terms(self):
        """Return what this document binds to, for comparing before and after a write.

        A hashable, comparable value, made of facts: what can be written past a check
        (stored totals) must not be in it. It is taken at every write of a document of
        a company with a control on, so it must be cheap. Called as superuser on one
        record.
        """
        self.ensure_one()
        return ()

    def _parts_gate_grew(self, before, after):
        """Return whether ``after`` binds to more, or somebody else, than ``before``.

        Both are :meth:`_parts_gate_terms` of this document.
        """
        self.ensure_one()
        return before != after

    def _parts_gate_growth(self, before, after):
        """Return by how much the document grew, as (amount, currency)."""
        self.ensure_one()
        return 0.0, self.company_id.currency_id

    def _parts_gate_compared(self, before, after):
        """Called as superuser after a write that changed the terms of this document."""
        self.ensure_one()

    def _parts_gate_deciders_name(self, block, rule):
        """Return who would decide a request about ``block``, as text."""
        self.ensure_one()
        return rule._deciders_name()

    def _parts_gate_changed(self):
        """Called as superuser after the terms of these documents were changed."""

    def _parts_barred_deciders(self, kind):
        """Return the users who may not decide a request of ``kind`` on this document.

        The requester is barred already. Extend it with whoever profits from the
        decision.
        """
        self.ensure_one()
        barred = self.create_uid
        if "user_id" in self._fields:
            barred |= self.user_id
        return barred

    def _parts_gate_amount(self):
        """Return the (amount, currency) that approval rules compare with their bands.

        The amount is untaxed and in company currency; extend it on each document.
        """
        self.ensure_one()
        return 0.0, self.company_id.currency_id

    def _parts_gate_valid_days(self, kind):
        """Return for how many days an approval of ``kind`` is good; 0: without end.

        Asked when it is approved. Called as superuser on one record.
        """
        self.ensure_one()
        return 0

    def _parts_gate_steps(self, block, rule):
        """Return who decides a request about ``block``, as values of its steps: those
        of ``rule`` (``parts.approval.rule``), then the further ones.

        Extend it where the document knows better than the rule. Called as superuser on
        one record.

        :rtype: list[dict]
        """
        self.ensure_one()
        return [
            *rule.step_ids._prepare_approval_step_vals_list(),
            *self._parts_gate_further_steps(block),
        ]

    def _parts_gate_further_steps(self, block):
        """Return values of steps (``parts.approval.step``) that a request about
        ``block`` needs beyond those of its rule.

        Called as superuser on one record.
        """
        self.ensure_one()
        return []

    def _parts_gate_figures(self, block):
        """Return what a decider of ``block`` needs to see, in the order to show.

        Written down when it is asked, each a row of ``parts.approval.figure``, and
        worked out again when the request is looked at. Figures named like a fact of
        the block tell what changed. Extend it with what your check knows; give a
        ``group`` to what who asks may not read. Called as superuser on one record.

        :return: list of what :meth:`_parts_gate_figure` returns; default: the facts
        """
        self.ensure_one()
        return [
            self._parts_gate_fact_figure(name, fact["value"])
            for name, fact in block["facts"].items()
        ]

    def _parts_gate_history(self, kind):
        """Return what to know about the customer when deciding a request of ``kind``.

        Never stored. Called as superuser on one record; give a ``group`` as above.

        :return: list of what :meth:`_parts_gate_figure` returns
        """
        self.ensure_one()
        return []

    @api.model
    def _parts_gate_labels(self):
        """Return ``{name of a figure: label}`` in the reader's language.

        A figure that is named like a field of the document has that field's label
        without being listed here.
        """
        return {"customer": self.env._("Customer")}

    def _parts_gate_waivers(self, gate):
        """Return ``{(res_id, block key): approval}`` that may waive blocks of these
        documents at ``gate``. Called as superuser.

        Extend it where the approval of one document is good for another.
        """
        return self.env["parts.approval"].sudo()._find_waivers(self, gate)

    def _parts_gate_latest(self, gate):
        """Return ``{block key: latest request}`` of this document at ``gate``."""
        self.ensure_one()
        return self.env["parts.approval"].sudo()._find_latest(self, gate)

    def _parts_gate_passed(self, gate, used):
        """Called as superuser after these documents passed ``gate``.

        :param used: the approvals that let them pass; they are used up, unless an
            override knows that they are good for more than once
        """
        used._spend()
        self.env["parts.approval"]._void_unneeded(self, gate)

    def _parts_gate_headline(self, gate, blocks):
        """Return what the message of a refusal begins with."""
        return self.env._("This cannot become binding yet:")

    def _parts_gate_bound_note(self):
        """Return what to do about a block of this document, which binds already."""
        self.ensure_one()
        return self.env._(
            "It is confirmed already: put what is added on a new quotation, and ask"
            " for approval there."
        )

    def _parts_approval_decided(self, approval):
        """Called as superuser after ``approval`` of this document was decided."""

    def _parts_approval_voided(self, approval):
        """Called as superuser after ``approval`` of this document became void."""

    # === BUSINESS METHODS === #

    def _parts_gate_figure(self, name, value, currency=None, group=None):
        """Return one figure.

        :param str name: stable, for machines; see :meth:`_parts_gate_labels`
        :param value: number, date (or its ISO text) or text; a number with
            ``currency`` is an amount in it
        :param currency: ``res.currency`` record
        :param str group: xml id of the group that may read it besides who decides;
            None: whoever can read the request
        """
        if currency:
            kind = "amount"
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            kind = "number"
        elif isinstance(value, date):
            kind = "date"
        else:
            kind = "text"
        return {
            "name": name,
            "value": value,
            "type": kind,
            "currency": currency or self.env["res.currency"],
            "group": group,
        }

    def _parts_gate_fact_figure(self, name, value):
        """Return a fact as a figure: by the document's field of that name, if any."""
        self.ensure_one()
        if name == "customer":
            customer = self.env["res.partner"].browse(value).exists()
            return self._parts_gate_figure(name, customer.display_name or "")
        field = self._fields.get(name)
        if field and field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return self._parts_gate_figure(name, value, currency=currency)
        if field and field.type == "date":
            return self._parts_gate_figure(name, fields.Date.to_date(value) or "")
        return self._parts_gate_figure(name, value)

    def _parts_gate_block(self, key, kind, message, amount=0.0, currency=None, **facts):
        """Return one block of this document; facts are ``name=(value, hurts)``."""
        self.ensure_one()
        return {
            "key": key,
            "kind": kind,
            "message": message,
            "amount": amount,
            "currency_id": currency.id if currency else False,
            "res_model": self._name,
            "res_id": self.id,
            "document": self.display_name,
            "facts": {
                name: {"value": value, "hurts": hurts}
                for name, (value, hurts) in facts.items()
            },
        }

    def _parts_gate_pass(self, gate):
        """Let these documents through ``gate``, all or none.

        Blocks that an approval waives use that approval up.

        :raises GateError: with every block of every document that nothing waives
        """
        documents = self.sudo()
        documents._parts_gate_lock(gate)
        used = documents._parts_gate_check(gate)
        documents._parts_gate_passed(gate, used)

    def _parts_gate_check(self, gate):
        """Stop these documents if anything holds them at ``gate``; use nothing up.

        Called as superuser; by itself where a person shall read it before he goes on,
        and not yet where the document binds.

        :return: the approvals that waive what would hold them
        :raises GateError: with every block of every document that nothing waives
        """
        blocks = self._parts_gate_blocks(gate)
        used = self.env["parts.approval"]
        if not blocks:
            return used
        waivers = self._parts_gate_waivers(gate)
        standing = []
        for block in blocks:
            approval = waivers.get((block["res_id"], block["key"]), used.browse())
            if approval and approval._covers(block):
                used |= approval
            else:
                standing.append(block)
        if standing:
            raise GateError(self._parts_gate_message(gate, standing), standing)
        return used

    def _parts_gate_message(self, gate, blocks):
        """Return all blocks as one text, each with how it can be waived."""
        several = len(self) > 1
        lines = []
        for document in self:
            own = [block for block in blocks if block["res_id"] == document.id]
            if several and own:
                lines.append(f"{own[0]['document']}:")
            lines += [
                f"• {document._parts_gate_sentence(block)}"
                for block in document._parts_gate_with_states(gate, own)
            ]
        return "\n".join([self._parts_gate_headline(gate, blocks), *lines])

    def _parts_gate_sentence(self, block):
        sentence = block["message"]
        if block["amount"]:
            currency = self.env["res.currency"].browse(block["currency_id"])
            sentence = self.env._(
                "%(sentence)s Over by %(amount)s.",
                sentence=sentence,
                amount=formatLang(
                    self.env, block["amount"], currency_obj=currency or None
                ),
            )
        return f"{sentence} {block['note']}"

    def _parts_gate_preview(self):
        """Return the blocks of the next gate, each with how far its approval is.

        Adds to every block ``state`` (``askable``, ``pending``, ``refused``,
        ``granted``, ``closed``) and ``note``, a sentence about who decides.
        """
        self.ensure_one()
        document = self.sudo()
        gate = document._parts_gate_next()
        if not gate or not isinstance(document.id, int):
            return []
        blocks = document._parts_gate_blocks(gate)
        return document._parts_gate_with_states(gate, blocks)

    def _parts_gate_with_states(self, gate, blocks):
        if not blocks:
            return []
        latest = self._parts_gate_latest(gate)
        return [
            {**block, **self._parts_gate_state(block, latest.get(block["key"]))}
            for block in blocks
        ]

    def _parts_gate_state(self, block, request):
        self.ensure_one()
        if not block["kind"]:
            note = self.env._("No approval can waive this.")
            return {"state": "closed", "note": note}
        if self.env["parts.approval.watch"]._was_bound(self):
            return {"state": "closed", "note": self._parts_gate_bound_note()}
        if request and request.state == "pending":
            return {"state": "pending", "note": request._waiting_sentence()}
        if request and request._covers(block):
            return {"state": "granted", "note": request._decided_sentence()}
        rule = self.env["parts.approval.rule"].sudo()._find(self, block["kind"])
        if not rule:
            note = self.env._(
                "No approval rule covers this; an administrator can add one."
            )
            return {"state": "closed", "note": note}
        if request and request.state == "refused":
            return {"state": "askable", "note": request._decided_sentence()}
        note = self.env._(
            "“Ask for Approval” on the document; %(deciders)s can decide.",
            deciders=self._parts_gate_deciders_name(block, rule),
        )
        return {"state": "askable", "note": note}
