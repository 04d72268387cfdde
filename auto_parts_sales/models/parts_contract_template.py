import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class PartsContractTemplate(models.Model):
    """The clauses that contracts of a kind are drawn from (CON-1, CON-3).

    Legal approves a template as it stands; a change is a new version, and with its
    approval the one before it ends. What was drawn from an older version stays.
    """

    _name = "parts.contract.template"
    _description = "Contract Template"
    _inherit = ["parts.contract.submitted.mixin"]
    _order = "kind, name, number desc"

    _paper_kind = "template"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[("single", "Single Contract"), ("framework", "Framework Contract")],
        default="single",
        required=True,
    )
    number = fields.Integer(string="Version", default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="parts.contract.template",
        string="Version before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    date_end = fields.Date(
        string="Last Day", copy=False, help="No contract is drawn from it afterwards."
    )
    usable = fields.Boolean(
        string="In Use", compute="_compute_usable", search="_search_usable"
    )
    shared_company_ids = fields.Many2many(
        comodel_name="res.company",
        relation="parts_contract_template_company_rel",
        string="Further Companies",
        help="They draw contracts from it, too; it is approved where it belongs.",
    )
    clause_ids = fields.One2many(
        comodel_name="parts.contract.template.clause",
        inverse_name="template_id",
        string="Clauses",
    )
    note = fields.Text(string="For Whom and What")

    # === COMPUTE METHODS === #

    @api.depends("name", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for template in self:
            template.display_name = self.env._(
                "%(template)s, version %(number)s",
                template=template.name,
                number=template.number,
            )

    @api.depends("state", "date_end")
    def _compute_usable(self):
        today = fields.Date.context_today(self)
        for template in self:
            template.usable = template.state == "approved" and (
                not template.date_end or template.date_end >= today
            )

    def _search_usable(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [
            ("state", "=", "approved"),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", today),
        ]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # its approval would end the version before: not one that a caller names
            first = {"number": 1, "previous_id": False}
            vals_list = [{**vals, **first} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if {"number", "previous_id"} & vals.keys():
                self._check_draft({"number"})
            if "date_end" in vals:
                self._check_not_revived(fields.Date.to_date(vals["date_end"]))
        return super().write(vals)

    def _check_not_revived(self, date_end):
        """Refuse to put off the last day of what was approved: only an approval gives
        contracts more time under it.
        """
        for template in self.sudo():
            end = template.date_end
            if (
                template.state == "approved"
                and end
                and (not date_end or date_end > end)
            ):
                raise UserError(
                    self.env._(
                        "The last day of %s is not put off: make a new version of it,"
                        " for legal to approve.",
                        template.display_name,
                    )
                )

    @api.model
    def _free_fields(self):
        # legal may end a template early; nothing brings it back but an approval
        return super()._free_fields() | {"date_end"}

    @api.constrains("date_end")
    def _check_date_end(self):
        today = fields.Date.context_today(self)
        for template in self:
            late = template.date_end and template.date_end < today
            if late and template.state in ("draft", "pending"):
                raise ValidationError(
                    self.env._(
                        "%s: its last day is over, nothing could be drawn from it.",
                        template.display_name,
                    )
                )

    def copy(self, default=None):
        copies = super().copy(default)
        for template, new in zip(self, copies, strict=True):
            template.clause_ids._copy_to(new)
        return copies

    # === SUBMITTING === #

    def _check_complete(self):
        for template in self:
            if not template.clause_ids:
                raise UserError(
                    self.env._("%s has no clauses yet.", template.display_name)
                )
            template.clause_ids._check_texts()

    def _paper_facts(self):
        text = "\n".join(clause._text() for clause in self.clause_ids.sorted("id"))
        return {
            "text": (hashlib.sha256(text.encode()).hexdigest(), "any"),
            "contract_kind": (self.kind, "any"),
            "companies": (sorted(self.shared_company_ids.ids), "any"),
        }

    def _parts_gate_figures(self, block):
        """A decider reads which clauses it has; the texts are on the template."""
        if block["key"] != self._paper_kind:
            return super()._parts_gate_figures(block)
        figure = self._parts_gate_figure
        clauses = "\n".join(self.clause_ids.mapped("display_name"))
        companies = ", ".join(self.sudo().shared_company_ids.mapped("name"))
        figures = [figure("clauses", clauses), figure("companies", companies)]
        return [row for row in figures if row["value"]]

    @api.model
    def _parts_gate_labels(self):
        return {
            **super()._parts_gate_labels(),
            "clauses": self.env._("Clauses"),
            "companies": self.env._("Further Companies"),
        }

    def _paper_sentence(self):
        return self.env._("%s: contracts are to be drawn from it.", self.display_name)

    def _take_effect(self):
        result = super()._take_effect()
        today = fields.Date.context_today(self)
        for template in self:
            before = template.previous_id
            if before.state == "approved" and (
                not before.date_end or before.date_end >= today
            ):
                before.date_end = fields.Date.subtract(today, days=1)
        return result

    # === ACTIONS === #

    def action_new_version(self):
        """Open a draft of the next version, with the clauses of this one."""
        self.ensure_one()
        new = self.copy({"name": self.name, "company_id": self.company_id.id})
        # as superuser: numbers are written by no role
        new.sudo().write({"number": self.number + 1, "previous_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _check_usable(self):
        """Refuse a template that no contract may be drawn from today.

        :raises UserError: naming it, and why
        """
        for template in self:
            if template.state != "approved":
                raise UserError(
                    self.env._(
                        "%s was not approved by legal: no contract is drawn from it.",
                        template.display_name,
                    )
                )
            if not template.usable:
                raise UserError(template._ended_sentence())

    def _ended_sentence(self):
        self.ensure_one()
        return self.env._(
            "%(template)s ended on %(date)s: choose the version that is in use.",
            template=self.display_name,
            date=fields.Date.to_string(self.date_end),
        )

    def _fill(self, version):
        """Give a draft ``version`` of a contract the clauses of this template.

        Clauses of another template go, free ones stay.

        :param version: ``parts.contract.version`` record
        :raises UserError: when the template is not in use, or for another kind
        """
        self.ensure_one()
        self._check_usable()
        # as superuser: what comes from the template is removed by no role
        clauses = version.sudo().clause_ids
        clauses.filtered("template_clause_id").unlink()
        version.sudo().clause_ids = [
            Command.create(clause._prepare_clause_vals())
            for clause in self.sudo().clause_ids
            if not clause.variant_of_id
        ]

    @api.model
    def _find(self, company, kind):
        """Return the template that a contract of ``kind`` starts with, or none: one of
        ``company`` itself before one that is shared with it.
        """
        usable = [("kind", "=", kind), ("usable", "=", True)]
        for whose in ("company_id", "shared_company_ids"):
            found = self.search(
                [(whose, "in", company.ids), *usable], order="number desc, id", limit=1
            )
            if found:
                return found
        return self.browse()

    def _is_for(self, company):
        """Return whether contracts of ``company`` may be drawn from this template."""
        self.ensure_one()
        return company in self.company_id | self.sudo().shared_company_ids

    @api.model
    def _create_defaults(self, companies):
        """Give ``companies`` without any template those that come with the addon, as
        drafts for their own legal department. Called as superuser.
        """
        prefix = "auto_parts_sales.parts_contract_template_"
        names = [f"{prefix}{name}" for name in ("single", "framework")]
        usual = [self.env.ref(name, raise_if_not_found=False) for name in names]
        for company in companies:
            if self.search_count([("company_id", "=", company.id)], limit=1):
                continue
            for template in filter(None, usual):
                template.copy({"company_id": company.id, "name": template.name})
