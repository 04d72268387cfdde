from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

TOPICS = [
    ("goods", "Goods"),
    ("price", "Price"),
    ("delivery", "Delivery, Transport and Risk"),
    ("acceptance", "Acceptance"),
    ("payment", "Terms of Payment"),
    ("warranty", "Warranty"),
    ("breach", "Breach"),
    ("disputes", "Disputes"),
    ("term", "Term and Ending"),
    ("framework", "Framework Conditions"),
    ("other", "Other"),
]


class PartsContractTemplateClause(models.Model):
    """A clause of a template, in Chinese and English, or a variant of one."""

    _name = "parts.contract.template.clause"
    _description = "Clause of a Contract Template"
    _inherit = ["parts.contract.text.mixin", "parts.contract.part.mixin"]
    _order = "template_id, sequence, id"

    _part_of = "template_id"
    _part_computed = frozenset({"company_id"})

    template_id = fields.Many2one(
        comodel_name="parts.contract.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    topic = fields.Selection(selection=TOPICS, required=True, default="other")
    variant_of_id = fields.Many2one(
        comodel_name="parts.contract.template.clause",
        string="Variant of",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('template_id', '=', template_id), ('variant_of_id', '=', False)]",
        help="It may stand in a contract instead of that clause.",
    )
    variant_ids = fields.One2many(
        comodel_name="parts.contract.template.clause",
        inverse_name="variant_of_id",
        string="Variants",
    )

    # === COMPUTE METHODS === #

    @api.depends("title_zh", "title_en", "variant_of_id", "topic")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clause in self:
            name = clause._title()
            if clause.variant_of_id:
                name = f"{clause.variant_of_id._title()} · {name}"
            clause.display_name = name

    @api.constrains("variant_of_id", "template_id")
    def _check_variant(self):
        for clause in self:
            base = clause.variant_of_id
            if base and (base.template_id != clause.template_id or base.variant_of_id):
                raise ValidationError(
                    self.env._(
                        "%s: a variant belongs to a clause of the same template that is"
                        " no variant itself.",
                        clause.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _text(self):
        """Return everything that legal approves in this clause, as one text."""
        self.ensure_one()
        base = self.variant_of_id.id or 0
        return "\n".join([f"{self.sequence}|{self.topic}|{base}", *self._wording()])

    def _check_texts(self):
        """Refuse clauses that say nothing.

        :raises UserError: naming the clause
        """
        for clause in self:
            if not any(clause._wording()[2:]):
                raise UserError(
                    self.env._("The clause %s has no text.", clause.display_name)
                )

    def _base(self):
        """Return the clause that this one is, or is a variant of."""
        self.ensure_one()
        return self.variant_of_id or self

    def _copy_to(self, template):
        """Copy these clauses, variants with what they are variants of."""
        copies = {}
        for clause in self.sorted(lambda clause: bool(clause.variant_of_id)):
            base = copies.get(clause.variant_of_id.id)
            copies[clause.id] = clause.copy(
                {"template_id": template.id, "variant_of_id": base and base.id}
            )

    def _prepare_clause_vals(self):
        """Return values of a contract's clause that says the same."""
        self.ensure_one()
        return {
            "template_clause_id": self.id,
            "sequence": self.sequence,
            "topic": self.topic,
            **self._prepare_text_vals(),
        }
