from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang


class PartsApprovalFigure(models.Model):
    """One figure that a request was asked on, as it was then; written by the engine.

    Who can read the request reads it, unless a group is set: then only who has that
    group or decides the request does, never who asked without the group.
    """

    _name = "parts.approval.figure"
    _inherit = ["parts.approval.part.mixin"]
    _description = "Figure of an Approval"
    _order = "approval_id, sequence, id"
    # a name is shown in many places: it holds no value
    _rec_name = "label"
    _rec_names_search = ["name"]

    approval_id = fields.Many2one(
        comodel_name="parts.approval", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    name = fields.Char(required=True, help="Stable, for machines.")
    label = fields.Char(string="Figure", compute="_compute_label")
    value_type = fields.Selection(
        selection=[
            ("amount", "Amount"),
            ("number", "Number"),
            ("date", "Date"),
            ("text", "Text"),
        ],
        required=True,
    )
    value_float = fields.Float(string="Amount or Number", digits=False, aggregator=None)
    value_date = fields.Date()
    value_char = fields.Char(string="Text", translate=True)
    currency_id = fields.Many2one(comodel_name="res.currency")
    value = fields.Char(compute="_compute_value")
    group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Read by",
        ondelete="restrict",
        help="Besides those who decide. Empty: whoever can read the request.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "approval_id.res_model")
    @api.depends_context("lang")
    def _compute_label(self):
        for figure in self:
            figure.label = self._label_of(figure.approval_id.res_model, figure.name)

    @api.depends("value_type", "value_float", "value_date", "value_char", "currency_id")
    @api.depends_context("lang")
    def _compute_value(self):
        for figure in self:
            figure.value = self._text_of(
                {
                    "type": figure.value_type,
                    "value": figure[self._value_field(figure.value_type)],
                    "currency": figure.currency_id,
                }
            )

    # === ACCESS === #

    def _readable_ids(self, env):
        readable = set(super()._readable_ids(env))
        user = env.user
        decides = {}  # by request
        return [
            figure.id
            for figure in self
            if figure.id in readable
            and (figure._is_open_to(user) or figure._is_for_decider(user, decides))
        ]

    def _is_for_decider(self, user, decides):
        approval = self.approval_id
        if approval not in decides:
            decides[approval] = approval._is_decider(user)
        return decides[approval]

    # === BUSINESS METHODS === #

    def _is_open_to(self, user):
        """Return whether ``user`` reads this figure by his groups, deciding apart."""
        self.ensure_one()
        return not self.group_id or self.group_id in user.all_group_ids

    @api.model
    def _value_field(self, value_type):
        if value_type in ("amount", "number"):
            return "value_float"
        return "value_date" if value_type == "date" else "value_char"

    @api.model
    def _label_of(self, res_model, name):
        """Return what the figure ``name`` of a document is called, in the reader's
        language.
        """
        fallback = name.replace("_", " ").capitalize()
        if res_model not in self.env:
            return fallback
        document = self.env[res_model]
        labels = document._parts_gate_labels()
        # one of several figures of a kind is told apart by what follows the colon
        kind = name.partition(":")[0]
        if kind in labels:
            return labels[kind]
        field = document._fields.get(name)
        return field._description_string(self.env) if field else fallback

    @api.model
    def _text_of(self, figure):
        """Return the value of a figure (see ``_parts_gate_figure``) for a reader."""
        value = figure["value"]
        if figure["type"] == "amount":
            return formatLang(self.env, value, currency_obj=figure["currency"] or None)
        if figure["type"] == "number":
            digits = 0 if float(value).is_integer() else 2
            return formatLang(self.env, value, digits=digits)
        if figure["type"] == "date":
            return format_date(self.env, value) if value else ""
        return value or ""

    @api.model
    def _prepare_figure_vals(self, figure, sequence):
        """Return the values of a row for ``figure``, see ``_parts_gate_figure``."""
        group = figure["group"]
        return {
            "sequence": sequence,
            "name": figure["name"],
            "value_type": figure["type"],
            "currency_id": figure["currency"].id if figure["currency"] else False,
            "group_id": self.env.ref(group).id if group else False,
            self._value_field(figure["type"]): figure["value"],
        }
