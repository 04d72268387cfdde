import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .parts_contract_template_clause import TOPICS

PREFIX = "auto_parts_sales.group_parts_"
LEGAL = (f"{PREFIX}legal_post", f"{PREFIX}legal_department")
# As long as the version is drawn up or reviewed
JUDGED_STATES = ("draft", "review")


class PartsContractClause(models.Model):
    """A clause of one version of a contract, compared with its template (CON-3).

    Whether a change is wording or substance is what legal says, about the text as it
    stands: a later change asks legal again.
    """

    _name = "parts.contract.clause"
    _description = "Clause of a Contract"
    _inherit = ["parts.contract.text.mixin", "parts.contract.row.mixin"]

    _part_computed = frozenset({"contract_id", "company_id", "copied_from_id"})

    topic = fields.Selection(selection=TOPICS, required=True, default="other")
    template_clause_id = fields.Many2one(
        comodel_name="parts.contract.template.clause",
        string="Drawn from",
        index="btree_not_null",
        ondelete="restrict",
        help="The clause of the template, or one of its variants. Empty: a free"
        " clause.",
    )
    choice_ids = fields.Many2many(
        comodel_name="parts.contract.template.clause",
        string="Variants to Choose from",
        compute="_compute_choice_ids",
        compute_sudo=True,
    )
    left_out = fields.Boolean(
        help="The contract does without this clause of the template."
    )
    change = fields.Selection(
        selection=[
            ("same", "As Approved"),
            ("changed", "Changed"),
            ("free", "Free Clause"),
            ("left_out", "Left Out"),
        ],
        string="Compared with the Template",
        compute="_compute_change",
        compute_sudo=True,
    )
    changed = fields.Boolean(compute="_compute_change", compute_sudo=True)
    template_text = fields.Html(
        string="Text of the Template", compute="_compute_change", compute_sudo=True
    )
    verdict_ids = fields.One2many(
        comodel_name="parts.contract.clause.verdict",
        inverse_name="clause_id",
        string="Legal's Answers",
        readonly=True,
        copy=False,
    )
    verdict = fields.Selection(
        selection=[("wording", "Wording"), ("substance", "Substance")],
        string="Legal Says",
        compute="_compute_verdict",
        compute_sudo=True,
    )
    may_judge = fields.Boolean(compute="_compute_may_judge", compute_sudo=True)
    copied_from_id = fields.Many2one(
        comodel_name="parts.contract.clause",
        string="In the Version before",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("title_zh", "title_en", "topic")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = clause._title()

    @api.depends("template_clause_id")
    def _compute_choice_ids(self):
        for clause in self:
            base = clause.template_clause_id and clause.template_clause_id._base()
            clause.choice_ids = base and base | base.variant_ids

    @api.depends(
        "title_zh", "title_en", "body_zh", "body_en", "template_clause_id", "left_out"
    )
    def _compute_change(self):
        for clause in self:
            origin = clause.template_clause_id
            if clause.left_out:
                change = "left_out" if origin else "same"
            elif not origin:
                change = "free"
            elif clause._wording() == origin._wording():
                change = "same"
            else:
                change = "changed"
            clause.change = change
            clause.changed = change != "same"
            clause.template_text = (
                clause._template_text() if change in ("changed", "left_out") else False
            )

    def _template_text(self):
        origin = self.template_clause_id
        bodies = [origin.body_zh, origin.body_en]
        return "".join(str(body) for body in bodies if body)

    @api.depends(
        "title_zh",
        "title_en",
        "body_zh",
        "body_en",
        "template_clause_id",
        "left_out",
        "verdict_ids",
    )
    def _compute_verdict(self):
        for clause in self:
            digest = clause._digest()
            answers = clause.verdict_ids.filtered(
                lambda answer, digest=digest: answer.digest == digest
            )
            latest = answers.sorted("id")[-1:]
            clause.verdict = clause.changed and latest.verdict

    @api.depends("changed", "version_id.state")
    @api.depends_context("uid")
    def _compute_may_judge(self):
        user = self.env.user
        legal = any(user.has_group(group) for group in LEGAL)
        for clause in self:
            clause.may_judge = (
                legal
                and clause.changed
                and clause.version_id.state in JUDGED_STATES
                and user not in clause._authors()
            )

    # === ONCHANGE METHODS === #

    @api.onchange("template_clause_id")
    def _onchange_template_clause_id(self):
        """Show the text of the variant at once, as saving puts it in."""
        origin = self.template_clause_id
        if origin and origin != self._origin.template_clause_id:
            self.update(origin.sudo()._prepare_text_vals())

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        clauses = super().create(vals_list)
        if not self.env.su:
            clauses._check_origin()
        return clauses

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        bases = {clause: clause._base_clause() for clause in self}
        origins = {clause: clause.template_clause_id for clause in self}
        result = super().write(vals)
        if "template_clause_id" in vals:
            for clause, base in bases.items():
                clause._check_same_base(base)
                if clause.template_clause_id != origins[clause]:
                    clause._take_variant(vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_template(self):
        kept = self.filtered("template_clause_id")
        if kept and not self.env.su:
            raise UserError(
                self.env._(
                    "%s comes from the template: tick “Left Out” instead, and legal"
                    " says whether the contract can do without it.",
                    kept[0].display_name,
                )
            )

    def _base_clause(self):
        self.ensure_one()
        origin = self.sudo().template_clause_id
        return origin and origin._base()

    def _check_same_base(self, base):
        """A clause changes to a variant of its own, and to nothing else."""
        self.ensure_one()
        if self._base_clause() != base:
            raise UserError(
                self.env._(
                    "%s: choose one of its own variants. For another text, change this"
                    " one or add a free clause.",
                    self.display_name,
                )
            )

    def _check_origin(self):
        """A clause by hand is free, or of the contract's own template."""
        for clause in self.sudo():
            origin = clause.template_clause_id
            others = clause.version_id.clause_ids - clause
            double = origin and any(
                other._base_clause() == origin._base() for other in others
            )
            if double or (
                origin and origin.template_id != clause.version_id.template_id
            ):
                raise UserError(
                    self.env._(
                        "%s is added by choosing the template of the contract.",
                        clause.display_name,
                    )
                )

    def _take_variant(self, vals):
        """Put in the text of the variant that was chosen, unless one came with it."""
        self.ensure_one()
        texts = self.sudo().template_clause_id._prepare_text_vals()
        missing = {name: text for name, text in texts.items() if name not in vals}
        return super().write(missing) if missing else True

    # === ACTIONS === #

    def action_ask_wording(self):
        """Open the dialog that takes legal's reason for “only wording”."""
        return self._ask_reason("wording")

    def action_ask_substance(self):
        """Open the dialog that takes legal's reason for “substance”."""
        return self._ask_reason("substance")

    def _ask_reason(self, verdict):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Legal Says"),
            "res_model": "parts.contract.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_clause_id": self.id, "default_act": verdict},
        }

    def action_judge_wording(self):
        """Say, for legal, that these changes are wording only."""
        return self.action_judge("wording")

    def action_judge_substance(self):
        """Say, for legal, that these changes touch the substance."""
        return self.action_judge("substance")

    def action_judge(self, verdict, note=None):
        """Say, for legal, whether these changes are wording or substance (CON-3).

        :param str verdict: ``wording`` or ``substance``
        :param str note: why
        :raises AccessError: for who is not of legal in the contract's company, and for
            who drew up or sells under the contract
        :raises UserError: for a clause that is as approved, or no longer under review
        """
        if verdict not in ("wording", "substance"):
            raise UserError(
                self.env._("A change is of wording or of substance: say which.")
            )
        self.check_access("read")
        for clause in self.sudo():
            clause._check_judge(self.env.user)
            self.env["parts.contract.clause.verdict"].sudo().create(
                {
                    "clause_id": clause.id,
                    "verdict": verdict,
                    "note": note,
                    "user_id": self.env.uid,
                    "digest": clause._digest(),
                    "text": clause._judged_text(),
                }
            )
        self.sudo().version_id._parts_clauses_judged()
        return True

    def _check_judge(self, user):
        self.ensure_one()
        contract = self.contract_id
        if not any(user.has_group(group) for group in LEGAL):
            raise AccessError(
                self.env._("Whether a change is wording or substance is said by legal.")
            )
        if contract.company_id not in user.company_ids:
            raise AccessError(
                self.env._("%s is a contract of another company.", contract.name)
            )
        if user in self._authors():
            raise AccessError(
                self.env._(
                    "Who drew up a contract does not judge its clauses: somebody else"
                    " of legal does."
                )
            )
        if self.version_id.state not in JUDGED_STATES:
            raise UserError(
                self.env._(
                    "%s is no longer under review.", self.version_id.display_name
                )
            )
        if not self.changed:
            raise UserError(
                self.env._(
                    "%s is as the template has it: there is nothing to judge.",
                    self.display_name,
                )
            )

    # === BUSINESS METHODS === #

    def _authors(self):
        """Return who drew the contract up, sells under it or wrote the clause."""
        self.ensure_one()
        contract, version = self.contract_id, self.version_id
        authors = contract.user_id | contract.create_uid | version.create_uid
        return authors | self.create_uid | self.write_uid

    def _digest(self):
        """Return a fingerprint of what legal judges, as hexadecimal text."""
        self.ensure_one()
        return hashlib.sha256(self._judged_text().encode()).hexdigest()

    def _judged_text(self):
        self.ensure_one()
        origin = self.template_clause_id.id or 0
        parts = [f"{origin}|{self.topic}|{int(self.left_out)}", *self._wording()]
        return "\n".join(parts)

    def _prepare_text_vals(self):
        return {**super()._prepare_text_vals(), "left_out": self.left_out}

    def _is_printed(self):
        self.ensure_one()
        return not self.left_out

    def _render_body(self, lang):
        """Return the text with its placeholders filled in, as Markup."""
        self.ensure_one()
        return self.env["parts.contract.placeholder"]._render(
            self[f"body_{lang}"], self.version_id, lang
        )
