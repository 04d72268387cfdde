from odoo import api, fields, models
from odoo.fields import Domain

FUELS = [
    ("petrol", "Petrol"),
    ("diesel", "Diesel"),
    ("hybrid", "Hybrid"),
    ("plug_in_hybrid", "Plug-in Hybrid"),
    ("electric", "Electric"),
    ("lpg", "LPG"),
    ("cng", "CNG"),
    ("hydrogen", "Hydrogen"),
    ("other", "Other"),
]


DRIVES = [
    ("fwd", "Front-Wheel Drive"),
    ("rwd", "Rear-Wheel Drive"),
    ("awd", "All-Wheel Drive"),
    ("4wd", "Four-Wheel Drive, Selectable"),
    ("other", "Other"),
]
BODIES = [
    ("sedan", "Sedan"),
    ("hatchback", "Hatchback"),
    ("wagon", "Estate"),
    ("suv", "SUV"),
    ("mpv", "MPV"),
    ("coupe", "Coupé"),
    ("convertible", "Convertible"),
    ("pickup", "Pickup"),
    ("van", "Van"),
    ("bus", "Bus"),
    ("truck", "Truck"),
    ("motorcycle", "Motorcycle"),
    ("other", "Other"),
]


class PartsCatalogVehicle(models.Model):
    _name = "parts.catalog.vehicle"
    _description = "Vehicle"
    _order = "model_id, year_from, id"

    model_id = fields.Many2one(
        comodel_name="parts.catalog.model",
        required=True,
        index=True,
        ondelete="restrict",
    )
    make_id = fields.Many2one(
        related="model_id.make_id", store=True, index=True, precompute=True
    )
    generation = fields.Char(help="As the maker counts: VII, E90, W205.")
    year_from = fields.Integer(string="From Year", help="First model year.")
    year_to = fields.Integer(
        string="To Year", help="Last model year; empty while it is still built."
    )

    # Engine
    engine = fields.Char(help="As people call it: 1.4 TSI.")
    engine_code = fields.Char(help="As stamped on the engine: CZCA.")
    displacement = fields.Float(string="Displacement (l)", digits=(4, 1))
    fuel = fields.Selection(selection=FUELS)
    power_kw = fields.Integer(string="Power (kW)")
    drive = fields.Selection(selection=DRIVES)
    body = fields.Selection(selection=BODIES)

    # Keys of other catalogues
    ktype = fields.Integer(string="KType", index="btree_not_null")
    vcdb_base_vehicle = fields.Integer(
        string="VCdb Base Vehicle", index="btree_not_null"
    )
    cn_code = fields.Char(string="Chinese Catalogue Code", index="btree_not_null")

    fitment_ids = fields.One2many(
        comodel_name="parts.catalog.fitment",
        inverse_name="vehicle_id",
        string="Parts That Fit",
    )
    active = fields.Boolean(default=True)

    _years_in_order = models.Constraint(
        "CHECK (year_from IS NULL OR year_from = 0"
        " OR year_to IS NULL OR year_to = 0 OR year_from <= year_to)",
        "A vehicle's first year cannot be after its last one.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "model_id.display_name",
        "generation",
        "year_from",
        "year_to",
        "engine",
        "engine_code",
        "displacement",
        "fuel",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for vehicle in self:
            parts = [
                vehicle.model_id.display_name,
                vehicle.generation,
                self._format_years(vehicle.year_from, vehicle.year_to),
                vehicle.engine or vehicle._describe_engine(),
            ]
            vehicle.display_name = " ".join(filter(None, parts))

    @api.model
    def _search_display_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain("id", "in", self._named(value))
        return Domain.AND(self._word_domain(word) for word in (value or "").split())

    def _named(self, names):
        """Return the ids of vehicles whose whole display name is one of ``names``."""
        domain = Domain.OR(
            Domain.AND(self._word_domain(word) for word in name.split())
            for name in names
            if isinstance(name, str) and name.strip()
        )
        vehicles = self.search(domain)
        return vehicles.filtered(lambda vehicle: vehicle.display_name in names).ids

    @api.model
    def _word_domain(self, word):
        """Return the domain for one word of a typed vehicle: a name, or a year."""
        alias = self.env["parts.catalog.alias"]
        domain = Domain.OR(
            Domain(field, "ilike", word)
            for field in ("generation", "engine", "engine_code")
        )
        for name in ("make", "model"):
            owners = self.env[f"parts.catalog.{name}"]
            domain |= alias._get_named_domain(owners, word, f"{name}_id")
        years = [
            int(year) for year in word.replace("–", "-").split("-") if year.isdigit()
        ]
        if years and all(1880 < year < 2200 for year in years):
            domain |= Domain.AND(
                Domain("year_from", "<=", year)
                & (Domain("year_to", ">=", year) | Domain("year_to", "in", [0, False]))
                for year in years
            )
        return domain

    # === BUSINESS METHODS === #

    @api.model
    def _format_years(self, year_from, year_to):
        """Return "2013–2020", "2013–", "–2020", "2015" or an empty string."""
        if not year_from and not year_to:
            return ""
        if year_from == year_to:
            return str(year_from)
        return f"{year_from or ''}–{year_to or ''}"

    def _describe_engine(self):
        """Note: self.ensure_one()"""
        self.ensure_one()
        fuels = dict(self._fields["fuel"]._description_selection(self.env))
        litres = f"{self.displacement:.1f}" if self.displacement else False
        return " ".join(filter(None, [litres, fuels.get(self.fuel), self.engine_code]))
