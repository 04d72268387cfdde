from odoo import api, fields, models
from odoo.exceptions import UserError

PAPER_STATES = [
    ("draft", "Draft"),
    ("pending", "Waiting for Approval"),
    ("approved", "Approved"),
    ("refused", "Refused"),
]
# Written when it is decided, never by hand
DECIDED = {"state", "date_approved"}


class PartsContractSubmittedMixin(models.AbstractModel):
    """A paper that is drawn up, submitted, and decided by others as it stands.

    Set ``_paper_kind`` to the kind of approval. What was submitted is frozen; a
    refused paper is kept, and copied to be put again. Lines of the paper call
    :meth:`_check_draft`.
    """

    _name = "parts.contract.submitted.mixin"
    _description = "Paper that Is Submitted"
    _inherit = ["mail.thread", "mail.activity.mixin", "parts.approval.gate.mixin"]

    _paper_kind = None

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    state = fields.Selection(
        selection=PAPER_STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_approved = fields.Date(string="Approved on", readonly=True, copy=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {**vals, "state": "draft", "date_approved": False} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - self._free_fields():
            self._check_draft(DECIDED & vals.keys())
        return super().write(vals)

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        # what was submitted stays as it is in every language
        if not self.env.su and field_name not in self._free_fields():
            self._check_draft()
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    @api.model
    def _free_fields(self):
        """Return the names of fields that do not belong to what is decided."""
        return {
            name
            for name in self._fields
            if name.startswith(("message_", "activity_", "website_message"))
        }

    def _check_draft(self, decided=()):
        """Refuse to change what was submitted, or what only a decision writes.

        :raises UserError: naming the paper, and what to do
        """
        frozen = self.sudo().filtered(lambda paper: paper.state != "draft")
        if frozen or decided:
            raise UserError(
                self.env._(
                    "%(paper)s was submitted and stays as it is. Withdraw the request"
                    " while nobody has decided it, or make a new one from it.",
                    paper=(frozen or self)[:1].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        kept = self.filtered(lambda paper: paper.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "%(paper)s was submitted: it is kept as evidence.",
                    paper=kept[0].display_name,
                )
            )

    # === HOOKS === #

    def _paper_facts(self):
        """Return the facts that were decided, as ``{name: (value, hurts)}``."""
        self.ensure_one()
        return {}

    def _paper_sentence(self):
        """Return what the deciders are asked, as one sentence."""
        self.ensure_one()
        return self.env._("%s waits for approval.", self.display_name)

    def _check_complete(self):
        """Refuse to submit what is not complete.

        :raises UserError: with what is missing
        """

    def _take_effect(self):
        """Called as superuser once it is approved."""
        self.write(
            {"state": "approved", "date_approved": fields.Date.context_today(self)}
        )

    # === GATE === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "effect":
            return blocks
        for paper in self:
            blocks.append(
                paper._parts_gate_block(
                    self._paper_kind,
                    self._paper_kind,
                    paper._paper_sentence(),
                    **paper._paper_facts(),
                )
            )
        return blocks

    def _parts_gate_next(self):
        return "effect" if self.state in ("draft", "pending") else False

    def _parts_gate_is_closed(self):
        return self.state not in ("draft", "pending") or super()._parts_gate_is_closed()

    def _parts_approval_decided(self, approval):
        super()._parts_approval_decided(approval)
        if approval.kind != self._paper_kind or self.state != "pending":
            return
        if approval.state == "approved":
            self._parts_gate_pass("effect")
            self._take_effect()
        else:
            self.state = "refused"

    def _parts_approval_voided(self, approval):
        # withdrawn: it can be changed again
        if approval.kind == self._paper_kind and self.state == "pending":
            self.state = "draft"
        return super()._parts_approval_voided(approval)

    # === ACTIONS === #

    def action_parts_ask_approval(self):
        """Open the dialog that takes the reason; it says who will decide."""
        self.check_access("write")
        self._ensure_rules()
        return super().action_parts_ask_approval()

    def _ensure_rules(self):
        """Give a company that has none the usual rules for papers of this kind."""
        self.env["parts.approval.rule"].sudo()._create_defaults(
            self.company_id, self._paper_kind
        )

    def action_parts_request_approval(self, reason=None):
        """Submit these papers: they are frozen until they are decided.

        :param str reason: the deciders read it
        :raises AccessError: for who may not write them
        :raises UserError: with what is missing
        """
        self.check_access("write")
        for paper in self.sudo():
            paper._check_complete()
        self._ensure_rules()
        action = super().action_parts_request_approval(reason)
        # the state is written by no role
        self.sudo().filtered(lambda paper: paper.state == "draft").state = "pending"
        return action
