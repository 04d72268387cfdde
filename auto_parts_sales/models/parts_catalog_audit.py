from collections.abc import Collection
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

FINDINGS = [
    ("duplicate", "Duplicate"),
    ("overlap", "Years Overlap"),
    ("contradiction", "Contradiction"),
    ("no_effect", "Condition Without Effect"),
    ("years", "Outside the Vehicle's Years"),
    ("engine", "Another Engine than the Vehicle's"),
    ("quantity", "Unusual Quantity"),
    ("attributes", "Mixed Conditions"),
    ("position", "Suspicious Position"),
    ("note", "Condition in Words"),
]
# A fitment may be found for several reasons: its row's id is made of both
_STEP = 16
# So many rows are read by looking at their parts only
_MOST_READ = 1000
_COLUMNS = [
    "finding",
    "fitment_id",
    "other_id",
    "product_tmpl_id",
    "vehicle_id",
    "source_id",
]


class Scope(NamedTuple):
    """Conditions on ``f``: which fitments are compared with each other."""

    parts: SQL  # those of some parts
    vehicles: SQL  # those of some vehicles, for what compares different parts


class PartsCatalogAudit(models.Model):
    """What is wrong or doubtful in the fitments, worked out when it is looked at.

    One query for each finding, over the whole table, joined by UNION ALL: filtered by
    finding only that one is run.
    """

    _name = "parts.catalog.audit"
    _description = "Fitment Audit"
    _auto = False
    # by nothing that would need the part's name: the findings may be a million
    _order = "id"
    _rec_name = "finding"

    finding = fields.Selection(selection=FINDINGS, readonly=True)
    fitment_id = fields.Many2one(comodel_name="parts.catalog.fitment", readonly=True)
    other_id = fields.Many2one(
        comodel_name="parts.catalog.fitment",
        string="Compare With",
        readonly=True,
        help="The fitment that this one repeats, overlaps or contradicts.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template", string="Part", readonly=True
    )
    vehicle_id = fields.Many2one(comodel_name="parts.catalog.vehicle", readonly=True)
    source_id = fields.Many2one(comodel_name="parts.catalog.source", readonly=True)
    position = fields.Char(related="fitment_id.position")
    quantity = fields.Float(related="fitment_id.quantity")
    years = fields.Char(related="fitment_id.years")
    condition = fields.Char(compute="_compute_condition", string="Conditions")
    note = fields.Char(compute="_compute_note", string="What Is Wrong")

    # === COMPUTE METHODS === #

    @api.depends("fitment_id")
    def _compute_condition(self):
        for row in self:
            row.condition = "; ".join(row.fitment_id._get_conditions()) or False

    @api.depends("finding", "fitment_id", "other_id")
    @api.depends_context("lang")
    def _compute_note(self):
        notes = self._get_notes()
        for row in self:
            row.note = row._format_note(notes[row.finding])

    def _get_notes(self):
        return {
            "duplicate": self.env._("The same is said twice."),
            "overlap": self.env._("The years %(years)s meet %(other_years)s."),
            "contradiction": self.env._(
                "%(quantity)s per vehicle here, %(other_quantity)s there."
            ),
            "no_effect": self.env._(
                "Another fitment says without a condition that the part fits."
            ),
            "years": self.env._("The vehicle was built %(vehicle_years)s."),
            "engine": self.env._("The vehicle has the engine %(engine)s."),
            "quantity": self.env._(
                "%(quantity)s per vehicle is unlike the part's other fitments."
            ),
            "attributes": self.env._(
                "Parts of this kind for this vehicle are told apart by different"
                " conditions."
            ),
            "position": self.env._(
                "The position contradicts itself or the part's name, or is none."
            ),
            "note": self.env._(
                "The words name years, an engine or a chassis: fields of their own can"
                " decide."
            ),
        }

    def _format_note(self, text):
        """Note: self.ensure_one()"""
        self.ensure_one()
        mine, other, vehicle = self.fitment_id, self.other_id, self.vehicle_id
        return text % {
            "years": mine.years,
            "other_years": other.years,
            "quantity": f"{mine.quantity:g}",
            "other_quantity": f"{other.quantity:g}",
            "vehicle_years": vehicle._format_years(vehicle.year_from, vehicle.year_to),
            "engine": vehicle.engine_code,
        }

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override to read all columns at once.

        What is read later is read by id, and runs the queries of every finding.
        """
        if field_names is not None:
            field_names = list(dict.fromkeys([*field_names, *_COLUMNS]))
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Override: a search among rows given by their ids looks at those only."""
        rows = self.browse(self._get_ids_in(Domain(domain)))
        return super(PartsCatalogAudit, rows)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _get_ids_in(self, domain):
        """Return the ids to which a domain is confined, none if it is not."""
        conditions = getattr(domain, "children", (domain,))
        if isinstance(domain, Domain) and getattr(domain, "OPERATOR", "&") != "&":
            return ()
        for condition in conditions:
            if (
                getattr(condition, "field_expr", None) == "id"
                and condition.operator in ("=", "in")
                and isinstance(condition.value, int | Collection)
                and condition.value
            ):
                value = condition.value
                if isinstance(value, str):
                    return ()
                ids = (value,) if isinstance(value, int) else tuple(value)
                return ids if all(isinstance(id_, int) for id_ in ids) else ()
        return ()

    # === ACTION METHODS === #

    @api.readonly
    def action_open_fitments(self):
        """Open what is said of these parts and vehicles, to set it right."""
        # by the rows' ids, see _STEP: reading would run every query
        fitments = self.env["parts.catalog.fitment"].browse(
            id_ // _STEP for id_ in self.ids
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fitment"),
            "res_model": "parts.catalog.fitment",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [
                ("product_tmpl_id", "in", fitments.product_tmpl_id.ids),
                ("vehicle_id", "in", fitments.vehicle_id.ids),
            ],
        }

    # === QUERY === #

    @property
    def _table_query(self):
        # read by id, only what these rows can be found by
        ids = self._ids if len(self._ids) <= _MOST_READ else ()
        finders = self._get_finders(self._get_scope(ids))
        numbers = {id_ % _STEP for id_ in ids}
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT id::bigint * %(step)s + %(number)s AS id,
                       %(finding)s AS finding,
                       id AS fitment_id,
                       other_id,
                       product_tmpl_id,
                       vehicle_id,
                       source_id
                  FROM (%(query)s) %(alias)s
                """,
                step=_STEP,
                number=number,
                finding=finding,
                query=finders[finding],
                alias=SQL.identifier(f"found_{finding}"),
            )
            for number, (finding, _label) in enumerate(FINDINGS)
            if number in numbers or not numbers
        )

    @api.model
    def _get_scope(self, ids):
        """Return the fitments among which findings are looked for.

        :param ids: of rows of the audit; none: all
        :return: Scope
        """
        if not ids:
            return Scope(SQL("TRUE"), SQL("TRUE"))
        fitments = [id_ // _STEP for id_ in ids]
        return Scope(
            *(
                SQL(
                    "f.%(column)s IN (SELECT s.%(column)s FROM parts_catalog_fitment s"
                    " WHERE s.id = ANY(%(ids)s))",
                    column=SQL.identifier(column),
                    ids=fitments,
                )
                for column in ("product_tmpl_id", "vehicle_id")
            )
        )
