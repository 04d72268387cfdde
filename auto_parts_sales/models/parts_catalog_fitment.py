from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import constraint_definition, drop_constraint

from ..utils.car_facts import read_facts
from ..utils.chassis import compare_serials, has_code
from ..utils.fit import Criterion, judge

FIT_ANSWERS = [
    ("yes", "Fits"),
    ("depends", "Depends"),
    ("no", "Does Not Fit"),
    ("unknown", "Unknown"),
]
# What is read of a fitment to answer, in one query
_ANSWERING = [
    "product_tmpl_id",
    "vehicle_id",
    "year_from",
    "year_to",
    "engine_code",
    "chassis_from",
    "chassis_to",
    "built_from",
    "built_to",
    "condition",
    "source_id",
]


class _SourceOfMany(fields.Many2one):
    """A source without a foreign key.

    A load of a million rows names one source: looking it up a million times takes as
    long as writing the rows. Instead the load holds the source's row until it commits,
    and ``parts.catalog.source`` refuses to be deleted while fitments name it.
    """

    def update_db_foreign_key(self, model, column):
        """Override: there is none."""
        name = f"{model._table}_{self.name}_fkey"
        if constraint_definition(model.env.cr, model._table, name):
            drop_constraint(model.env.cr, model._table, name)


class PartsCatalogFitment(models.Model):
    """Which part fits which vehicle.

    Loads of millions of rows write this table by SQL: no stored compute, no
    tracking, and no other model's compute depends on it.
    """

    _name = "parts.catalog.fitment"
    _description = "Fitment"
    _order = "id"
    _rec_name = "vehicle_id"

    # === FIELDS === #

    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
    )
    vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        required=True,
        index=True,
        ondelete="restrict",
    )
    year_from = fields.Integer(
        string="From Year", help="Empty: from the vehicle's first year."
    )
    year_to = fields.Integer(
        string="To Year", help="Empty: to the vehicle's last year."
    )
    position = fields.Char(help="Where it is mounted: front left, rear axle.")
    quantity = fields.Float(
        string="Per Vehicle", digits="Product Unit", required=True, default=1.0
    )
    condition = fields.Char(
        help="What else must hold, in words: with start-stop, not for taxis."
    )
    engine_code = fields.Char(
        help="Only with one of these engines: CZCA, CHPA. As stamped on the engine."
    )
    chassis_from = fields.Char(
        string="From Chassis", help="First chassis number, or the end of the VIN."
    )
    chassis_to = fields.Char(
        string="To Chassis", help="Last chassis number, or the end of the VIN."
    )
    built_from = fields.Date(help="First month of production; the day does not count.")
    built_to = fields.Date(help="Last month of production; the day does not count.")
    source_id = _SourceOfMany(
        comodel_name="parts.catalog.source",
        help="Only a source that covers a make lets us say that a part does not fit"
        " one of its vehicles. Without one, what is not listed is unknown.",
        index="btree_not_null",
        ondelete="restrict",
    )
    years = fields.Char(
        compute="_compute_years",
        help="Years for which the part fits: its own, or the vehicle's.",
    )
    year_warning = fields.Char(compute="_compute_year_warning")

    # === CONSTRAINTS === #

    _years_in_order = models.Constraint(
        "CHECK (year_from IS NULL OR year_from = 0"
        " OR year_to IS NULL OR year_to = 0 OR year_from <= year_to)",
        "A fitment's first year cannot be after its last one.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity per vehicle must be above zero."
    )
    _months_in_order = models.Constraint(
        "CHECK (built_from IS NULL OR built_to IS NULL OR built_from <= built_to)",
        "A fitment's first month cannot be after its last one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("year_from", "year_to", "vehicle_id.year_from", "vehicle_id.year_to")
    def _compute_years(self):
        for fitment in self:
            fitment.years = fitment._get_years()

    @api.depends("year_from", "year_to", "vehicle_id.year_from", "vehicle_id.year_to")
    def _compute_year_warning(self):
        for fitment in self:
            vehicle = fitment.vehicle_id
            before = fitment.year_from and fitment.year_from < vehicle.year_from
            after = vehicle.year_to and fitment.year_to > vehicle.year_to
            fitment.year_warning = (before or after) and self.env._(
                "The vehicle was built %(years)s.",
                years=vehicle._format_years(vehicle.year_from, vehicle.year_to),
            )

    @api.constrains("year_from", "year_to", "vehicle_id")
    def _check_years_meet(self):
        for fitment in self:
            vehicle = fitment.vehicle_id
            too_late = vehicle.year_to and fitment.year_from > vehicle.year_to
            too_early = fitment.year_to and fitment.year_to < vehicle.year_from
            if too_late or too_early:
                raise ValidationError(
                    self.env._(
                        "%(part)s: no year of the fitment (%(years)s) is one in which"
                        " %(vehicle)s was built.",
                        part=fitment.product_tmpl_id.display_name,
                        years=vehicle._format_years(fitment.year_from, fitment.year_to),
                        vehicle=vehicle.display_name,
                    )
                )

    @api.constrains("chassis_from", "chassis_to")
    def _check_chassis_in_order(self):
        for fitment in self:
            if compare_serials(fitment.chassis_to, fitment.chassis_from) == -1:
                raise ValidationError(
                    self.env._(
                        "%(part)s: the first chassis number %(first)s comes after the"
                        " last one %(last)s.",
                        part=fitment.product_tmpl_id.display_name,
                        first=fitment.chassis_from,
                        last=fitment.chassis_to,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_months(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_months(vals))

    @api.model
    def _with_months(self, vals):
        """Return ``vals`` with the first of the month for the months of production."""
        months = {
            name: fields.Date.to_date(vals[name]).replace(day=1)
            for name in ("built_from", "built_to")
            if vals.get(name)
        }
        return {**vals, **months}

    # === BUSINESS METHODS === #

    def _get_years(self):
        """Return the years of the fitment as text, of its vehicle where it has none.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.vehicle_id._format_years(
            self.year_from or self.vehicle_id.year_from,
            self.year_to or self.vehicle_id.year_to,
        )

    def _get_conditions(self):
        """Return what must hold for this fitment to count, as a list of sentences.

        Override to add conditions of your own; an empty list means "fits". Those of
        :meth:`_get_criteria` can be met by what is known of a car; others are asked.
        Note: self.ensure_one()
        """
        self.ensure_one()
        return [criterion.text for criterion in self._get_criteria()]

    def _get_criteria(self):
        """Return what must hold as criteria that facts can meet, see ``utils.fit``.

        What the vehicle itself fulfils is none.
        Note: self.ensure_one()
        """
        self.ensure_one()
        vehicle = self.vehicle_id
        criteria = []
        if self.condition:
            criteria.append(Criterion("condition", self.condition, self.condition))
        first = self.year_from if self.year_from > (vehicle.year_from or 0) else 0
        last = self.year_to
        if vehicle.year_to and last >= vehicle.year_to:
            last = 0
        if first or last:
            text = self.env._("built %(years)s", years=self._get_years())
            criteria.append(Criterion("year", (first, last), text))
        if self.engine_code and not has_code(self.engine_code, vehicle.engine_code):
            text = self.env._("engine %(codes)s", codes=self.engine_code)
            criteria.append(Criterion("engine_code", self.engine_code, text))
        if self.built_from or self.built_to:
            value = (self.built_from or None, self.built_to or None)
            text = self.env._("built %(months)s", months=self._format_months(*value))
            criteria.append(Criterion("built", value, text))
        if self.chassis_from or self.chassis_to:
            value = (self.chassis_from or "", self.chassis_to or "")
            text = self.env._("chassis %(serials)s", serials="–".join(value))
            criteria.append(Criterion("chassis", value, text))
        return criteria

    def _get_all_criteria(self):
        """Return the criteria, and the conditions that somebody else added."""
        criteria = self._get_criteria()
        known = {criterion.text for criterion in criteria}
        return criteria + [
            Criterion("condition", text, text)
            for text in self._get_conditions()
            if text not in known
        ]

    @api.model
    def _format_months(self, first, last):
        """Return "2016-05–2018-03", either end may be missing."""
        return "–".join(day.strftime("%Y-%m") if day else "" for day in (first, last))

    @api.model
    def _get_fit(self, templates, vehicle, facts=None):
        """Tell for each part whether it fits a vehicle.

        ``yes``: a row matches without a condition. ``depends``: every row that
        matches carries one (a text, an engine, chassis numbers, months, or years
        narrower than the vehicle's). ``no``: a source that covers this make has rows
        for the part, none of them for this vehicle; or the facts rule out each row
        that there is for it. ``unknown``: there is no such source.

        :param templates: product.template records
        :param vehicle: one parts.catalog.vehicle, or none: then nothing is asked
        :param dict facts: what is known of the car, see ``utils.fit``
        :return: dict of template id to a pair (answer, text of the conditions); the
            answer is False without a vehicle. At most three queries beside the
            reading of the vehicle, however many parts.
        """
        details = self._get_fit_details(templates, vehicle, facts)
        return {
            id_: (detail["fit"], detail["condition"]) for id_, detail in details.items()
        }

    @api.model
    def _get_fit_details(self, templates, vehicle, facts=None):
        """Tell for each part whether it fits, and which question decides best.

        :param templates: product.template records
        :param vehicle: one parts.catalog.vehicle, or none: then nothing is asked
        :param dict facts: what is known of the car, see ``utils.fit``
        :return: dict of template id to a dict: ``fit`` (see :meth:`_get_fit`),
            ``condition`` (text), ``question`` (text or False), ``question_kind``
            (``year``, ``engine_code``, ``built``, ``chassis``, ``condition`` or
            False), ``question_subject`` (the condition's text), ``options`` (list of
            dicts ``value``, ``label``). Queries as :meth:`_get_fit`.
        """
        nothing = self._prepare_detail(False)
        if not vehicle or not templates:
            return {template.id: nothing for template in templates}
        # what was noted once must not stand in the way: it says nothing
        known = read_facts(facts, strict=False)
        facts = {**self._get_vehicle_facts(vehicle), **known}
        rows = self.sudo().search_fetch(
            [
                ("vehicle_id", "=", vehicle.id),
                ("product_tmpl_id", "in", templates.ids),
            ],
            _ANSWERING,
        )
        judged = {
            template.id: fitments._judge(facts)
            for template, fitments in rows.grouped("product_tmpl_id").items()
        }
        details = self._add_questions(judged, vehicle, facts)
        others = [id_ for id_ in templates.ids if id_ not in details]
        excluded = self._get_excluded(others, vehicle) if others else set()
        for id_ in others:
            fit = "no" if id_ in excluded else "unknown"
            details[id_] = self._prepare_detail(fit)
        return details

    @api.model
    def _prepare_detail(self, fit, condition=""):
        return {
            "fit": fit,
            "condition": condition,
            "question": False,
            "question_kind": False,
            "question_subject": "",
            "options": [],
        }

    @api.model
    def _get_vehicle_facts(self, vehicle):
        """Return what a vehicle of the catalogue by itself tells of each such car."""
        facts = {}
        if vehicle.year_from and vehicle.year_from == vehicle.year_to:
            facts["year"] = vehicle.year_from
        if vehicle.engine_code:
            facts["engine_code"] = vehicle.engine_code
        return facts

    def _judge(self, facts):
        """Return the answer of one part's rows for a vehicle.

        :return: triple of the answer, the text of the conditions, the open rows
        """
        criteria = [fitment._get_all_criteria() for fitment in self]
        answer, still_open = judge(criteria, facts)
        # what is still asked, or what ruled the part out
        told = {"yes": [], "no": criteria, "depends": still_open}[answer]
        texts = dict.fromkeys(
            "; ".join(criterion.text for criterion in row) for row in told
        )
        return answer, " / ".join(texts), still_open

    @api.model
    def _get_excluded(self, template_ids, vehicle):
        """Return the templates that a source covering the vehicle's make lists."""
        self.flush_model(["product_tmpl_id", "vehicle_id", "source_id"])
        vehicle.flush_model(["make_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH listed AS (
                    SELECT DISTINCT product_tmpl_id, source_id
                      FROM parts_catalog_fitment
                     WHERE product_tmpl_id = ANY(%(templates)s)
                       AND source_id IS NOT NULL
                ), covering AS (
                    SELECT s.source_id
                      FROM (SELECT DISTINCT source_id FROM listed) s
                     WHERE EXISTS (
                        SELECT FROM parts_catalog_fitment f
                          JOIN parts_catalog_vehicle v ON v.id = f.vehicle_id
                         WHERE f.source_id = s.source_id AND v.make_id = %(make)s
                     )
                )
                SELECT DISTINCT product_tmpl_id
                  FROM listed JOIN covering USING (source_id)
                """,
                templates=list(template_ids),
                make=vehicle.make_id.id,
            )
        )
        return {id_ for [id_] in rows}
