from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

# What may still be changed once an absence has begun: decisions rest on the others
OPEN_AFTER_START = {"date_to", "reason"}


class PartsApprovalSubstitute(models.Model):
    """Who decides in the stead of an absent approver, from when to when.

    A step that names people is then open to the substitute, too, if he holds the role
    that the step asks for beside its people. A step that names a role only is open to
    whoever holds it anyway. He is bound by his own limits and by those of the absent,
    does not act for somebody who is barred, and does not pass his task on.
    """

    _name = "parts.approval.substitute"
    _description = "Approval Substitute"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Absent",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
    )
    substitute_id = fields.Many2one(
        comodel_name="res.users",
        string="Substitute",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", required=True, help="The last day, included.")
    kind = fields.Selection(
        selection="_selection_kind",
        string="Only for",
        help="Empty: approvals of any kind.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Only in",
        ondelete="cascade",
        help="Empty: in every company.",
    )
    reason = fields.Char()

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An absence ends on the day it begins or later."
    )
    _somebody_else = models.Constraint(
        "CHECK (user_id != substitute_id)",
        "Nobody is his own substitute: name somebody else.",
    )

    @api.model
    def _selection_kind(self):
        """Return the kinds that rules know, those of other addons with them."""
        return self.env["parts.approval"]._selection_kind()

    # === COMPUTE METHODS === #

    @api.depends("user_id", "substitute_id")
    def _compute_display_name(self):
        for record in self:
            names = (record.user_id.name, record.substitute_id.name)
            record.display_name = " → ".join(filter(None, names))

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "user_id", "substitute_id", "date_from", "date_to", "kind", "company_id"
    )
    def _check_overlaps(self):
        # as superuser: absences of others count, whoever may read them
        for record in self.sudo():
            double = record._overlapping([("user_id", "=", record.user_id.id)])
            if double:
                raise ValidationError(
                    self.env._(
                        "%(absent)s has a substitute already: %(substitute)s,"
                        " %(dates)s. End that first, or choose other dates.",
                        absent=record.user_id.name,
                        substitute=double.substitute_id.name,
                        dates=double._dates_text(),
                    )
                )
            away = record._overlapping([("user_id", "=", record.substitute_id.id)])
            if away:
                raise ValidationError(
                    self.env._(
                        "%(substitute)s is absent, too, %(dates)s, and a substitute"
                        " does not pass his task on: name somebody else.",
                        substitute=record.substitute_id.name,
                        dates=away._dates_text(),
                    )
                )

    def _overlapping(self, domain):
        """Return one other record of ``domain`` that meets this one in days, kind and
        company.
        """
        self.ensure_one()
        others = self.search(
            [
                *domain,
                ("id", "!=", self.id),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ]
        )
        return others.filtered(
            lambda other: (
                (not self.kind or other.kind in (False, self.kind))
                and (
                    not self.company_id
                    or other.company_id in (self.company_id, self.company_id.browse())
                )
            )
        )[:1]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            for record in records:
                record._check_not_past()
        return records

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        result = super().write(vals)
        if not self.env.su and vals.keys() & {"date_from", "date_to"}:
            for record in self:
                record._check_not_past()
        return result

    def _check_may_write(self, vals):
        # The record rule looks at the record before the write: without this, one
        # would enter an absence of his own and then make it somebody else's.
        if "user_id" in vals and any(r.user_id.id != vals["user_id"] for r in self):
            raise AccessError(
                self.env._(
                    "An absence stays with the person it was entered for: enter a new"
                    " one."
                )
            )
        fixed = vals.keys() - OPEN_AFTER_START
        begun = self.filtered(lambda record: record.date_from <= record._today())
        if fixed and begun:
            raise UserError(
                self.env._(
                    "%(record)s: this absence has begun. Its last day can be moved;"
                    " to change anything else, end it and enter a new one.",
                    record=begun[:1].display_name,
                )
            )

    def _check_not_past(self):
        """Refuse what would rewrite days that are over."""
        self.ensure_one()
        yesterday = fields.Date.subtract(self._today(), days=1)
        if self.date_to < yesterday:
            raise UserError(
                self.env._(
                    "%(record)s: the last day lies in the past; yesterday is the"
                    " earliest.",
                    record=self.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for record in self:
            if record.date_from <= record._today():
                raise UserError(
                    self.env._(
                        "%(record)s: this absence has begun and is kept. Set its last"
                        " day to end it.",
                        record=record.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _today(self):
        """Return today's date where the absent lives, never where the session says."""
        self.ensure_one()
        zone = self.user_id.sudo().tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _in_force(self, approval):
        """Return those of these records that count today for ``approval``."""
        return self.filtered(
            lambda record: (
                record.kind in (False, approval.kind)
                and record.company_id
                in (approval.company_id, record.env["res.company"])
                and record.date_from <= record._today() <= record.date_to
            )
        )

    def _dates_text(self):
        self.ensure_one()
        return self.env._(
            "from %(start)s to %(end)s",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
