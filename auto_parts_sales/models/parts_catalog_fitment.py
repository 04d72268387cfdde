from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

FIT_ANSWERS = [
    ("yes", "Fits"),
    ("depends", "Depends"),
    ("no", "Does Not Fit"),
    ("unknown", "Unknown"),
]


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
        help="What else must hold: with start-stop, chassis from 123456."
    )
    source_id = fields.Many2one(
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

        Override to add conditions of your own; an empty list means "fits".
        Note: self.ensure_one()
        """
        self.ensure_one()
        vehicle = self.vehicle_id
        conditions = [self.condition] if self.condition else []
        narrower = (
            self.year_from > (vehicle.year_from or 0)
            or 0 < self.year_to
            and (not vehicle.year_to or self.year_to < vehicle.year_to)
        )
        if narrower:
            conditions.append(self.env._("built %(years)s", years=self._get_years()))
        return conditions

    @api.model
    def _get_fit(self, templates, vehicle):
        """Tell for each part whether it fits a vehicle.

        ``yes``: a row matches without a condition. ``depends``: every row that
        matches carries one (a text, or years narrower than the vehicle's).
        ``no``: a source that covers this make has rows for the part, none of them
        for this vehicle. ``unknown``: there is no such source.

        :param templates: product.template records
        :param vehicle: one parts.catalog.vehicle, or none: then nothing is asked
        :return: dict of template id to a pair (answer, text of the conditions); the
            answer is False without a vehicle. At most three queries beside the
            reading of the vehicle, however many parts.
        """
        if not vehicle or not templates:
            return {template.id: (False, "") for template in templates}
        rows = self.sudo().search(
            [
                ("vehicle_id", "=", vehicle.id),
                ("product_tmpl_id", "in", templates.ids),
            ]
        )
        answers = {}
        for template, fitments in rows.grouped("product_tmpl_id").items():
            conditions = [fitment._get_conditions() for fitment in fitments]
            if all(conditions):
                texts = dict.fromkeys("; ".join(texts) for texts in conditions)
                answers[template.id] = ("depends", " / ".join(texts))
            else:
                answers[template.id] = ("yes", "")
        others = [id_ for id_ in templates.ids if id_ not in answers]
        excluded = self._get_excluded(others, vehicle) if others else set()
        for id_ in others:
            answers[id_] = ("no" if id_ in excluded else "unknown", "")
        return answers

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
