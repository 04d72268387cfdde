from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..utils.part_number import number_key
from ..utils.vin import (
    check_vin,
    get_country,
    get_maker,
    get_model_years,
    is_vin,
    needs_check_digit,
    read_vin,
)

# Fewer characters of a VIN or plate are no reason to look
SHORTEST_LOOKUP = 3
SHORTEST_WORD = 2


class PartsCustomerVehicle(models.Model):
    """A car of a customer: found by its VIN or plate, and what parts must fit."""

    _name = "parts.customer.vehicle"
    _description = "Customer's Vehicle"
    _order = "partner_id, plate, id"
    _check_company_auto = True

    # === FIELDS === #

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: for every company."
    )
    vin = fields.Char(
        string="VIN",
        index="btree_not_null",
        copy=False,
        help="Vehicle identification number",
    )
    plate = fields.Char(copy=False, help="Registration number")
    plate_key = fields.Char(
        compute="_compute_plate_key", store=True, index="btree_not_null"
    )
    vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        index="btree_not_null",
        ondelete="restrict",
        help="What it is in the catalogue.",
    )
    year = fields.Integer(
        string="Model Year",
        compute="_compute_year",
        store=True,
        readonly=False,
        precompute=True,
        help="Filled in from the VIN where it tells one year only.",
    )
    engine_code = fields.Char(help="As stamped on the engine: CZCA.")
    built = fields.Date(help="When it was built; the day may be any.")
    mileage = fields.Integer(string="Mileage (km)")
    note = fields.Text()
    active = fields.Boolean(default=True)

    maker = fields.Char(
        compute="_compute_vin_facts", help="By the first characters of the VIN."
    )
    vin_warning = fields.Char(string="VIN Warning", compute="_compute_vin_facts")

    _mileage_not_negative = models.Constraint(
        "CHECK (mileage >= 0)", "A mileage cannot be negative."
    )
    _named = models.Constraint(
        "CHECK (COALESCE(vin, plate, '') <> '' OR vehicle_id IS NOT NULL)",
        "Say which vehicle it is: by VIN, plate, or vehicle of the catalogue.",
    )

    @api.constrains("vin", "plate", "partner_id", "company_id", "active")
    def _check_once(self):
        # no index: merging two partners would delete what it forbids
        for vehicle in self.filtered("active"):
            same = vehicle._find_same()
            if same:
                raise ValidationError(
                    self.env._(
                        "%(customer)s has the vehicle %(vehicle)s already.",
                        customer=vehicle.partner_id.display_name,
                        vehicle=same[0].display_name,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends("plate", "vin", "vehicle_id.display_name")
    def _compute_display_name(self):
        for vehicle in self:
            names = [vehicle.plate or vehicle.vin, vehicle.vehicle_id.display_name]
            vehicle.display_name = " · ".join(filter(None, names))

    @api.depends("plate")
    def _compute_plate_key(self):
        for vehicle in self:
            vehicle.plate_key = number_key(vehicle.plate) or False

    @api.depends("vin")
    def _compute_year(self):
        for vehicle in self:
            years = self._get_certain_years(vehicle.vin)
            vehicle.year = years[0] if len(years) == 1 else vehicle.year

    @api.depends("vin")
    @api.depends_context("lang")
    def _compute_vin_facts(self):
        for vehicle in self:
            facts = self._read_vin(vehicle.vin)
            vehicle.maker = facts["maker"]
            vehicle.vin_warning = facts["warning"]

    @api.model
    def _search_display_name(self, operator, value):
        """Find a vehicle by VIN or plate in any spelling, customer, or what it is."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain.OR(self._get_identity_domain(text) for text in value if text)
        return Domain.AND(self._word_domain(word) for word in (value or "").split())

    @api.model
    def _word_domain(self, word):
        domain = Domain("partner_id.name", "ilike", word)
        domain |= Domain("vehicle_id", "any", [("display_name", "ilike", word)])
        key = number_key(word)
        if len(key) >= SHORTEST_WORD:
            domain |= Domain("vin", "like", read_vin(word).vin)
            domain |= Domain("plate_key", "like", key)
        return domain

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_vals(vals))

    @api.onchange("vin")
    def _onchange_vin(self):
        self.vin = read_vin(self.vin).vin or False

    @api.model
    def _tidy_vals(self, vals):
        vals = dict(vals)
        if vals.get("vin"):
            vals["vin"] = read_vin(vals["vin"]).vin or False
        if vals.get("plate"):
            vals["plate"] = " ".join(vals["plate"].upper().split())
        return vals

    # === FINDING === #

    def _find_same(self):
        """Return the customer's other vehicles with this VIN, or this plate.

        Note: self.ensure_one()
        """
        self.ensure_one()
        identity = Domain.OR(
            Domain(name, "=", self[name]) for name in ("vin", "plate_key") if self[name]
        )
        if identity.is_false():
            return self.browse()
        return self.search(
            identity
            & Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("id", "!=", self.id)
        )

    @api.model
    def _get_identity_domain(self, text):
        """Return the domain of the vehicles with exactly this VIN or plate."""
        key = number_key(text)
        if len(key) < SHORTEST_LOOKUP:
            return Domain.FALSE
        vin = read_vin(text).vin
        return Domain("vin", "=", vin) | Domain("plate_key", "=", key)

    @api.model
    def _find(self, text, partner=None, company=None):
        """Return the one vehicle that a typed VIN or plate means, or none.

        One of the partner's own, or of his company's, goes before others; where
        several could be meant, none is.

        :param str text: VIN or plate in any spelling
        :param partner: res.partner, or none
        :param company: res.company of the document
        """
        identity = self._get_identity_domain(text)
        if identity.is_false():
            return self.browse()
        if company:
            identity &= Domain("company_id", "in", [company.id, False])
        found = self.search(identity)
        if partner:
            family = found.filtered(
                lambda vehicle: (
                    vehicle.partner_id.commercial_partner_id
                    == partner.commercial_partner_id
                )
            )
            own = family.filtered(lambda vehicle: vehicle.partner_id == partner)
            found = own or family
        return found if len(found) == 1 else self.browse()

    # === WHAT IS KNOWN OF A CAR === #

    def _get_facts(self):
        """Return what is known of the car for a question of fit, see ``utils.fit``.

        Note: self.ensure_one()
        """
        self.ensure_one()
        facts = {
            "year": self.year,
            "engine_code": self.engine_code,
            "built": self.built,
            "chassis": self.vin,
        }
        return {name: value for name, value in facts.items() if value}

    @api.model
    def _get_vin_facts(self, vin):
        """Return what a VIN by itself tells for a question of fit."""
        if not is_vin(vin):
            return {}
        years = self._get_certain_years(vin)
        facts = {"chassis": vin}
        return {**facts, "year": years[0]} if len(years) == 1 else facts

    @api.model
    def _get_certain_years(self, vin):
        """Return the model years of a VIN where the tenth character is bound to tell.

        In Europe many makers use it for something else.
        """
        return get_model_years(vin) if needs_check_digit(vin or "") else []

    @api.model
    def _read_vin(self, typed):
        """Tell what a typed VIN says, in the user's words.

        :param str typed: as typed or as kept; None or blank: nothing is said
        :return: dict of ``vin`` (cleaned), ``changed`` (sentence or False: what was
            changed in it), ``warning`` (sentence or False), ``maker`` (text or
            False), ``make_id`` (id or False), ``country`` (ISO code), ``years`` (list)
        """
        vin, changes = read_vin(typed)
        maker = get_maker(vin)
        known = is_vin(vin)
        chinese = (self.env.lang or "").startswith("zh")
        makes = {}
        if known and maker.make:
            makes = self.env["parts.catalog.make"]._find_by_names([maker.make])
        return {
            "vin": vin or False,
            "changed": self._format_changes(changes) if known else False,
            "warning": self._format_vin_warning(vin),
            "maker": known and (chinese and maker.name_zh or maker.name) or False,
            "make_id": makes.get(maker.make, False),
            "country": get_country(vin) if known else "",
            "years": get_model_years(vin),
        }

    @api.model
    def _format_changes(self, changes):
        words = {
            "look_alikes": self.env._("I, O and Q were read as 1 and 0"),
            "case": self.env._("small letters made large"),
            "spaces": self.env._("spaces taken out"),
            "width": self.env._("full-width characters made plain"),
            "signs": self.env._("signs taken out"),
        }
        told = [words[change] for change in words if change in changes]
        if not told:
            return False
        return self.env._("Tidied: %(changes)s.", changes=", ".join(told))

    @api.model
    def _format_vin_warning(self, vin):
        if not vin:
            return False
        verdict, digit = check_vin(vin)
        if verdict in ("length", "character"):
            return self.env._("A VIN has 17 characters, none of them I, O or Q.")
        if verdict == "mismatch" and needs_check_digit(vin):
            return self.env._(
                "The check digit (9th character) should be %(digit)s: one character is"
                " mistyped, or two are swapped.",
                digit=digit,
            )
        return False

    @api.model
    @api.readonly
    def parts_read_vin(self, text, partner_id=None):
        """Tell what a typed VIN or plate says, and whose vehicle it is.

        :param str text: as typed
        :param int partner_id: res.partner whose vehicles go first
        :return: dict of ``vin`` (cleaned, or False), ``changed`` and ``warning``
            (sentences or False), ``maker`` (text or False), ``make_id`` (int or
            False), ``country`` (ISO code), ``years`` (list of int, likeliest first),
            ``customer_vehicle_id``, ``vehicle_id`` and ``partner_id`` (int or False),
            ``display_name`` of the customer's vehicle (or False)
        """
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id or ())
        found = self._find(text, partner, self.env.company)
        told = self._read_vin(text)
        if found and not is_vin(told["vin"]):
            told = self._read_vin(found.vin)
        return {
            **told,
            "customer_vehicle_id": found.id,
            "vehicle_id": found.vehicle_id.id,
            "partner_id": found.partner_id.id,
            "display_name": found.display_name if found else False,
        }
