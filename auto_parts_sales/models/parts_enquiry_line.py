from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..utils.part_number import lookup_key, number_key, tidy_number
from ..utils.vin import clean_vin
from .parts_catalog_fitment import FIT_ANSWERS
from .parts_catalog_number import KIND_RANK

# Vehicles named in a list before "and 12 more", candidates offered for choice
VEHICLES_SHOWN = 3
CANDIDATES = 20

ENQUIRY_STATES = [
    ("new", "New"),
    ("matched", "Matched"),
    ("quoted", "Quoted"),
    ("lost", "Lost"),
]


class PartsEnquiryLine(models.Model):
    _name = "parts.enquiry.line"
    _description = "Enquiry Line"
    _order = "lead_id desc, sequence, id"
    _rec_name = "query"

    # === FIELDS === #

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    # Not stored: storing would make each change of a lead look for enquiry lines.
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(related="lead_id.partner_id")
    user_id = fields.Many2one(related="lead_id.user_id")

    # What is asked
    query = fields.Char(
        string="Asked For",
        required=True,
        help="A number in any spelling, an internal reference, a barcode or words.",
    )
    vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="For Vehicle",
        index="btree_not_null",
    )
    vin = fields.Char(string="VIN")
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    target_price = fields.Monetary(
        help="What the customer would pay for one.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        required=True,
    )
    date_needed = fields.Date(string="Needed By")
    note = fields.Text()

    # What is found
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Part",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    oe_number = fields.Char(
        string="OE Number",
        compute="_compute_oe_number",
        store=True,
        readonly=False,
        precompute=True,
        help="The number that matched, as its maker prints it.",
    )
    match_note = fields.Char(string="Why", compute="_compute_match")
    candidate_ids = fields.Many2many(
        comodel_name="product.product",
        string="May Be",
        compute="_compute_match",
    )
    fit = fields.Selection(selection=FIT_ANSWERS, compute="_compute_fit")
    fit_condition = fields.Char(string="Fits Only If", compute="_compute_fit")
    fits = fields.Char(string="Fits Vehicles", compute="_compute_fits")
    fitment_ids = fields.One2many(
        related="product_id.product_tmpl_id.parts_fitment_ids", string="Fitment"
    )
    price = fields.Monetary(
        compute="_compute_price",
        help="Price of one for this customer at this quantity.",
    )
    free_qty = fields.Float(
        string="Free Stock", compute="_compute_free_qty", digits="Product Unit"
    )

    # What became of it
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Quotation Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    sale_order_id = fields.Many2one(related="sale_line_id.order_id", string="Quotation")
    lost_reason = fields.Char(copy=False, help="Why this could not be offered or sold.")
    state = fields.Selection(
        selection=ENQUIRY_STATES,
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index=True,
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity asked for must be above zero."
    )

    @api.constrains("state", "lost_reason")
    def _check_lost_reason(self):
        for line in self:
            if line.state == "lost" and not line.lost_reason:
                raise ValidationError(
                    self.env._(
                        "Say why “%(query)s” was lost: the reason is missing.",
                        query=line.query,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends("lead_id")
    def _compute_currency_id(self):
        for line in self:
            pricelist = line._get_finder()._get_pricelist(line.lead_id.partner_id)
            company = line.company_id or self.env.company
            line.currency_id = pricelist.currency_id or company.currency_id

    # Of the words only: a part that a person has chosen stays when the vehicle changes.
    @api.depends("query")
    def _compute_product_id(self):
        for line in self:
            hit = line._get_certain_hit(line._find_hits())
            line.product_id = hit and hit["product_id"]

    @api.depends("query", "product_id")
    def _compute_oe_number(self):
        numbers_of = self.env["parts.catalog.number"]._get_numbers_of(self.product_id)
        for line in self:
            numbers = numbers_of.get(line.product_id.id, ())
            asked = number_key(line.query)
            same = [number.number for number in numbers if number.key == asked]
            oe = [number.number for number in numbers if number.kind == "oe"]
            line.oe_number = next(iter(same or oe), False)

    @api.depends("query", "product_id", "vehicle_id")
    def _compute_match(self):
        for line in self:
            hits = line._find_hits()
            line.match_note = line._describe_match(hits)
            line.candidate_ids = [
                Command.set([] if line.product_id else [h["product_id"] for h in hits])
            ]

    @api.depends("product_id", "vehicle_id")
    def _compute_fit(self):
        for vehicle, lines in self.grouped("vehicle_id").items():
            answers = self.env["parts.catalog.fitment"]._get_fit(
                lines.product_id.product_tmpl_id, vehicle
            )
            for line in lines:
                answer = answers.get(line.product_id.product_tmpl_id.id, (False, ""))
                line.fit, line.fit_condition = answer

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_fits(self):
        for line in self:
            vehicles = line.product_id.parts_fitment_ids.vehicle_id
            names = vehicles[:VEHICLES_SHOWN].mapped("display_name")
            line.fits = ", ".join(names)
            if len(vehicles) > VEHICLES_SHOWN:
                line.fits = self.env._(
                    "%(vehicles)s and %(count)s more",
                    vehicles=line.fits,
                    count=len(vehicles) - VEHICLES_SHOWN,
                )

    @api.depends("product_id", "quantity", "currency_id", "lead_id.partner_id")
    def _compute_price(self):
        for line in self:
            if not line.product_id:
                line.price = 0.0
                continue
            finder = line._get_finder()
            pricelist = finder._get_pricelist(line.lead_id.partner_id)
            line.price = pricelist._get_product_price(
                line.product_id.with_env(finder.env),
                quantity=line.quantity or 1.0,
                currency=line.currency_id,
            )

    @api.depends("product_id")
    def _compute_free_qty(self):
        for company, lines in self.grouped("company_id").items():
            products = lines.product_id.with_company(company or self.env.company)
            free = {product.id: product.free_qty for product in products}
            for line in lines:
                line.free_qty = free.get(line.product_id.id, 0.0)

    # The path ends at a field of ours: deleting the quotation or its line is seen, and
    # no change that core makes to orders has to look for enquiries.
    @api.depends("product_id", "lost_reason", "sale_line_id.order_id.parts_vin")
    def _compute_state(self):
        for line in self:
            if line.sale_line_id:
                line.state = "quoted"
            elif line.lost_reason:
                line.state = "lost"
            else:
                line.state = "matched" if line.product_id else "new"

    @api.onchange("vin")
    def _onchange_vin(self):
        self.vin = clean_vin(self.vin)
        own = self.env["parts.customer.vehicle"].sudo()
        own = own._find(self.vin, self.partner_id, self.company_id)
        self.vin = own.vin or self.vin
        self.vehicle_id = self.vehicle_id or own.vehicle_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_vals(vals))

    @api.model
    def _tidy_vals(self, vals):
        if "vin" in vals:
            vals = {**vals, "vin": clean_vin(vals["vin"])}
        if vals.get("query"):
            vals = {**vals, "query": tidy_number(vals["query"])}
        return vals

    # === ACTION METHODS === #

    @api.readonly
    def action_open_lead(self):
        """Open the opportunity that the line belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _get_finder(self):
        """Return the finder in the company of the enquiry.

        Note: self.ensure_one()
        """
        company = self.company_id or self.env.company
        return self.env["parts.catalog.finder"].with_company(company)

    def _find_hits(self):
        """Return what the line's words may mean: hits of the finder."""
        self.ensure_one()
        return self._get_finder()._find_hits(
            self.query, limit=CANDIDATES, partner=self.lead_id.partner_id
        )

    def _get_certain_hit(self, hits):
        """Return the hit that can be chosen without asking, or None.

        The words must name a part completely. Where they name several, only a
        vehicle that exactly one of them fits decides.
        Note: self.ensure_one()
        """
        self.ensure_one()
        exact = [hit for hit in hits if hit["exact"]]
        by_number = [hit for hit in exact if hit["match"] in KIND_RANK]
        named = by_number or [hit for hit in exact if hit["match"] == exact[0]["match"]]
        if len(named) > 1 and self.vehicle_id:
            products = self.env["product.product"].browse(
                [hit["product_id"] for hit in named]
            )
            fits = self.env["parts.catalog.fitment"]._get_fit(
                products.product_tmpl_id, self.vehicle_id
            )
            named = [
                hit
                for hit, product in zip(named, products, strict=True)
                if fits[product.product_tmpl_id.id][0] == "yes"
            ]
        return named[0] if len(named) == 1 else None

    def _describe_match(self, hits):
        """Return in a sentence why the part was found, or why none was chosen."""
        self.ensure_one()
        if not self.query:
            return False
        if not self.product_id and hits:
            return self.env._("%(count)s parts may be meant: choose", count=len(hits))
        if not self.product_id:
            return self.env._("Nothing found")
        for hit in hits:
            if hit["product_id"] == self.product_id.id:
                return hit["path"]
        return self.env._("Chosen by hand")

    def _is_to_quote(self):
        """Tell whether the line still waits for a quotation.

        A quotation that was cancelled does not count.
        Note: self.ensure_one()
        """
        self.ensure_one()
        order = self.sale_line_id.sudo().order_id
        open_again = self.state == "quoted" and order.state == "cancel"
        return self.state in ("new", "matched") or open_again

    def _create_quotation(self):
        """Make one quotation of the lines that have a part.

        :return: the sale.order; the lines are linked to its lines
        """
        lead = self.lead_id
        lead.ensure_one()
        company = lead.company_id or self.env.company
        lines = self.filtered("product_id")
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(lines._prepare_order_vals())
        )
        for line, order_line in zip(lines, order.order_line, strict=True):
            line.sale_line_id = order_line
        return order

    def _prepare_order_vals(self):
        """Return the values of the quotation for these lines, all of one lead."""
        defaults = self.lead_id._prepare_opportunity_quotation_context()
        vehicle = self.vehicle_id if len(self.vehicle_id) == 1 else False
        vins = set(filter(None, self.mapped("vin")))
        return {
            **{
                name.removeprefix("default_"): value
                for name, value in defaults.items()
                if name.startswith("default_")
            },
            "parts_vehicle_id": vehicle and vehicle.id,
            "parts_vin": vins.pop() if len(vins) == 1 else False,
            "order_line": [
                Command.create(line._prepare_order_line_vals(vehicle, sequence))
                for sequence, line in enumerate(self, start=10)
            ],
        }

    def _prepare_order_line_vals(self, order_vehicle, sequence):
        """Return the values of the line's order line.

        :param order_vehicle: the vehicle of the whole order, if there is one
        """
        self.ensure_one()
        other = self.vehicle_id and self.vehicle_id != order_vehicle
        alternative = self.env["parts.catalog.alternative"]
        return {
            "sequence": sequence,
            "product_id": self.product_id.id,
            "product_uom_qty": alternative._get_quantity(
                self.product_id, self.query, self.quantity
            ),
            "parts_number_asked": self.query if lookup_key(self.query) else False,
            "parts_own_vehicle_id": self.vehicle_id.id if other else False,
        }

    def _raise_nothing_to_quote(self):
        """Say why no quotation can be made of these lines of a lead."""
        if not self:
            message = self.env._("There is nothing to quote: the enquiry has no lines.")
        elif waiting := self.filtered(lambda line: line._is_to_quote()):
            message = self.env._(
                "There is nothing to quote: no part is chosen for %(lines)s.",
                lines=waiting._get_names(),
            )
        else:
            message = self.env._(
                "There is nothing left to quote: every line is quoted or lost."
            )
        raise UserError(message)

    def _get_names(self):
        return ", ".join(f"“{line.query}”" for line in self)
