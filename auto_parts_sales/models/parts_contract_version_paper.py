import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.amount_in_words import in_chinese_capitals, in_english_words
from ..utils.contract_labels import label

# Texts of a contract are written by hand, but these by their own acts alone
EVIDENCE = {"signature_ids", "sealing_ids", "custody_ids", "filing_ids"}


class PartsContractVersion(models.Model):
    """The paper of a version: its clauses, who signed it, where it lies."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.version"

    template_id = fields.Many2one(
        comodel_name="parts.contract.template",
        string="Template",
        index="btree_not_null",
        ondelete="restrict",
        help="Choosing another one replaces the clauses that came from this one.",
    )
    clause_ids = fields.One2many(
        comodel_name="parts.contract.clause",
        inverse_name="version_id",
        string="Clauses",
        copy=True,
    )
    paper_language = fields.Selection(
        selection=[
            ("zh", "Chinese"),
            ("en", "English"),
            ("both", "Chinese and English"),
        ],
        string="Languages",
        default="both",
        required=True,
    )
    declaration_id = fields.Many2one(
        comodel_name="parts.contract.declaration",
        string="Declaration",
        index="btree_not_null",
        ondelete="restrict",
        help="The contract may not go beyond what was declared and approved.",
    )
    declaration_excess = fields.Text(
        string="Beyond the Declaration",
        compute="_compute_declaration_excess",
        compute_sudo=True,
    )
    policy_id = fields.Many2one(
        comodel_name="parts.contract.policy",
        string="Sales Policy",
        compute="_compute_policy_id",
        compute_sudo=True,
        help="The version in force when it was signed, or today.",
    )
    changed_count = fields.Integer(
        string="Changed Clauses", compute="_compute_clauses", compute_sudo=True
    )
    clause_verdict = fields.Selection(
        selection=[
            ("none", "Nothing Changed"),
            ("unjudged", "Legal Has to Say"),
            ("wording", "Wording"),
            ("substance", "Substance"),
        ],
        string="Changes of Clauses",
        compute="_compute_clauses",
        compute_sudo=True,
    )
    signature_ids = fields.One2many(
        comodel_name="parts.contract.signature",
        inverse_name="version_id",
        string="Signatures",
        readonly=True,
        copy=False,
    )
    sealing_ids = fields.One2many(
        comodel_name="parts.contract.sealing",
        inverse_name="version_id",
        string="Seals",
        readonly=True,
        copy=False,
    )
    custody_ids = fields.One2many(
        comodel_name="parts.contract.custody",
        inverse_name="version_id",
        string="Papers",
        readonly=True,
        copy=False,
    )
    filing_ids = fields.One2many(
        comodel_name="parts.contract.filing",
        inverse_name="version_id",
        string="Filed Paper",
        readonly=True,
        copy=False,
    )
    whereabouts = fields.Char(
        string="Where the Paper Is",
        compute="_compute_whereabouts",
        compute_sudo=True,
    )
    signing_missing = fields.Text(
        string="Missing",
        compute="_compute_signing_missing",
        compute_sudo=True,
    )

    blank_note = fields.Char(
        string="Still Blank", compute="_compute_blank_note", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_blank_note(self):
        placeholders = self.env["parts.contract.placeholder"]
        for version in self:
            blanks = (
                placeholders._blanks(version)
                if isinstance(version.id, int) and version.state in ("draft", "review")
                else []
            )
            version.blank_note = bool(blanks) and self.env._(
                "Blank lines on the paper, as nothing is known for: %s",
                ", ".join("{{%s}}" % name for name in blanks),
            )

    def _compute_declaration_excess(self):
        for version in self:
            excess = version.declaration_id and version.declaration_id._excess(version)
            version.declaration_excess = "\n".join(excess or []) or False

    @api.depends("company_id", "date_effective")
    def _compute_policy_id(self):
        policies = self.env["parts.contract.policy"]
        for version in self:
            date = version.date_effective or fields.Date.context_today(version)
            version.policy_id = policies._in_force(version.company_id, date)

    @api.depends("clause_ids.changed", "clause_ids.verdict")
    def _compute_clauses(self):
        for version in self:
            changed = version._changed_clauses()
            verdicts = set(changed.mapped("verdict"))
            version.changed_count = len(changed)
            if not changed:
                version.clause_verdict = "none"
            elif False in verdicts:
                version.clause_verdict = "unjudged"
            else:
                version.clause_verdict = (
                    "substance" if "substance" in verdicts else "wording"
                )

    @api.depends("custody_ids")
    @api.depends_context("lang")
    def _compute_whereabouts(self):
        for version in self:
            version.whereabouts = self.env["parts.contract.custody"]._whereabouts(
                version
            )

    @api.depends_context("lang")
    def _compute_signing_missing(self):
        for version in self:
            missing = (
                version._missing_signatures() if version.state == "approved" else []
            )
            version.signing_missing = "\n".join(missing) or False

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and EVIDENCE & vals.keys():
            raise UserError(
                self.env._(
                    "Signatures, seals and papers are recorded by their own buttons."
                )
            )
        templates = {version.id: version.template_id for version in self}
        result = super().write(vals)
        if "template_id" in vals:
            for version in self:
                if version.template_id != templates[version.id]:
                    version._take_template()
        return result

    def copy_data(self, default=None):
        """An amendment's clauses know what they were in the version before."""
        data = super().copy_data(default)
        for version, vals in zip(self, data, strict=True):
            clauses = version.clause_ids.sorted()
            for clause, command in zip(
                clauses, vals.get("clause_ids") or [], strict=False
            ):
                command[2]["copied_from_id"] = clause.id
        return data

    def _take_template(self):
        """Put in the clauses of the template, or take those of the last one out."""
        self.ensure_one()
        template = self.template_id
        if not template:
            # as superuser: what came from a template is removed by no role
            self.sudo().clause_ids.filtered("template_clause_id").unlink()
            return
        if template.kind != self.kind or not template._is_for(self.company_id):
            raise UserError(
                self.env._(
                    "%s is for the other kind of contract, or of another company.",
                    template.display_name,
                )
            )
        template._fill(self)

    # === DOORS OF THE CONTRACT === #

    def _changed_clauses(self):
        """Return the clauses that are not as the template has them."""
        super()._changed_clauses()
        return self.clause_ids.filtered("changed")

    def _snapshot_paper(self):
        """File the paper of this version, once in its life."""
        result = super()._snapshot_paper()
        self.env["parts.contract.filing"].sudo()._file(self.sudo())
        return result

    def _incomplete(self):
        """Return what keeps this version from being submitted, a sentence each: a
        contract is drawn from a template that is in use (CON-1, CON-3).
        """
        missing = super()._incomplete()
        template = self.template_id.sudo()
        ruling = self._version_before()
        if not template:
            in_use = template._find(self.company_id, self.kind)
            if in_use or ruling.template_id:
                missing.append(
                    self.env._(
                        "Choose a template on the page Clauses: legal approved it, and"
                        " what differs from it is reviewed."
                    )
                )
        elif template.kind != self.kind or not template._is_for(self.company_id):
            missing.append(
                self.env._(
                    "%s is for the other kind of contract, or of another company.",
                    template.display_name,
                )
            )
        elif not template.usable and ruling.template_id != template:
            missing.append(template._ended_sentence())
        return missing

    # === BUSINESS METHODS === #

    def _paper_amount(self):
        """Return what the contract is for, with taxes, in its currency.

        Out of the lines: a stored total keeps what was written into it.
        """
        self.ensure_one()
        return self._amounts()[1]

    def _company_amount(self):
        """Return the contract's amount in company currency."""
        self.ensure_one()
        return self._in_company_currency(self._paper_amount())

    def _amount_words(self, lang):
        """Return the amount written out: capitals for ``zh``, words for ``en``."""
        self.ensure_one()
        currency, amount = self.currency_id, self._paper_amount()
        places = min(currency.decimal_places, 3)
        if lang == "zh":
            return in_chinese_capitals(amount, currency.name, places)
        # the currency's own names are English terms, translated or not
        named = currency.with_context(lang="en_US")
        unit = named.currency_unit_label or currency.name
        words = in_english_words(amount, unit, named.currency_subunit_label, places)
        return f"{currency.name} {words}"

    def _printed_languages(self):
        """Return the languages of the paper, the one that rules first."""
        self.ensure_one()
        return {"zh": ["zh"], "en": ["en"]}.get(self.paper_language, ["zh", "en"])

    def _label(self, key):
        """Return what the paper calls ``key``, in its languages."""
        self.ensure_one()
        return label(key, self._printed_languages())

    def _amends_sentence(self, lang):
        self.ensure_one()
        return label("amends", [lang]).format(number=self.number)

    def _number(self, quantity):
        return self.env["parts.contract.placeholder"]._number(quantity)

    def _unit_name(self, uom):
        """Return the name of a unit in the paper's languages."""
        self.ensure_one()
        placeholders = self.env["parts.contract.placeholder"]
        names = [
            uom.with_context(lang=placeholders._language(lang)).name or ""
            for lang in self._printed_languages()
        ]
        return " ".join(dict.fromkeys(names))

    def _party_address(self, partner):
        self.ensure_one()
        return self.env["parts.contract.placeholder"]._address(partner)

    def _payment_plan(self, lang):
        """Return the instalments as a list, in the paper's language."""
        self.ensure_one()
        return self.env["parts.contract.placeholder"]._render(
            "{{payment_plan}}", self, lang
        )

    def _paper_taxes(self):
        """Return what the paper shows of its lines, worked out from their facts.

        :return: ``[(line, amount with taxes)]`` and the untaxed total
        :rtype: tuple
        """
        self.ensure_one()
        rows = [(line, line._amounts()[1]) for line in self.line_ids.sorted()]
        return rows, self._line_amounts()[0]

    def _paper_digest(self):
        """Return a fingerprint of everything that is signed, as hexadecimal text."""
        self.ensure_one()
        version = self.sudo()
        content = {
            "contract": version.contract_id.name,
            "version": version.number,
            "kind": version.kind,
            "company": version.company_id.id,
            "customer": version.partner_id.commercial_partner_id.id,
            "currency": version.currency_id.name,
            "amount": f"{version._paper_amount():.6f}",
            "credit": f"{version.credit_amount:.6f}",
            "terms": [
                str(version.date_start or ""),
                str(version.date_end or ""),
                version.pricelist_id.id,
                version.payment_term_id.id,
                version.paper_language,
            ],
            "lines": [version._line_facts(line) for line in version.line_ids.sorted()],
            "plan": [
                version._plan_facts(row) for row in version.instalment_ids.sorted()
            ],
            "clauses": [
                [lang, clause[f"title_{lang}"] or "", str(clause._render_body(lang))]
                for clause in version.clause_ids.sorted()
                if clause._is_printed()
                for lang in version._printed_languages()
            ],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _line_facts(self, line):
        return [
            line.product_id.id,
            line.name or "",
            line.product_uom_id.id,
            f"{line.quantity:.6f}",
            f"{line.price_unit:.6f}",
            f"{line.discount:.6f}",
            sorted(line.tax_ids.ids),
            str(line.date_delivery or ""),
        ]

    def _plan_facts(self, row):
        return [
            row.name or "",
            row.value,
            f"{row.percent:.6f}",
            f"{row.amount:.6f}",
            row.event,
            row.days,
            str(row.date or ""),
            row.before_delivery,
        ]

    def _signatures_standing(self, side):
        """Return the signature of ``side`` under the text as it is now; may be empty:
        what was refused, or signed before a change, has to be signed again.
        """
        self.ensure_one()
        digest = self._paper_digest()
        return self.signature_ids.filtered(
            lambda one: (
                one.side == side and one.state != "refused" and one.digest == digest
            )
        )

    def _signatures_shown(self):
        """Return the signatures that the paper shows, ours first."""
        self.ensure_one()
        valid = self.signature_ids.filtered(lambda one: one.state == "valid")
        return valid.sorted("side")
