from odoo import api, fields, models
from odoo.fields import Domain

from .parts_catalog_brand import GRADES
from .parts_catalog_supersession import SUPERSESSION_RULES
from .parts_price_cost import OF_PRODUCTS

STOCK_CLASSES = [
    ("common", "Common"),
    ("seasonal", "Seasonal"),
    ("special", "Special Order"),
    ("obsolete", "Obsolete"),
]


# What gives a part its price, or decides which band, rule and tax it falls under
PRICING = {
    *("list_price", "uom_id", "taxes_id", "combo_ids", "type"),
    *("categ_id", "parts_brand_id", "parts_grade"),
}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # === CATALOG === #

    parts_number_ids = fields.One2many(
        comodel_name="parts.catalog.number",
        inverse_name="product_tmpl_id",
        string="Part Numbers",
    )
    parts_fitment_ids = fields.One2many(
        comodel_name="parts.catalog.fitment",
        inverse_name="product_tmpl_id",
        string="Fits",
    )
    parts_brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        index="btree_not_null",
        ondelete="restrict",
    )
    parts_grade = fields.Selection(selection=GRADES, string="Grade")
    parts_warranty_months = fields.Integer(string="Warranty (months)")
    parts_warranty_km = fields.Integer(string="Warranty (km)")
    parts_stock_class = fields.Selection(selection=STOCK_CLASSES, string="Stock Class")
    parts_supersession_rule = fields.Selection(
        selection=SUPERSESSION_RULES,
        string="When Superseded",
        help="What is offered first once the part's number is superseded: this part as"
        " long as there is stock, or the new one at once. Empty: as the make says.",
    )
    parts_numbers = fields.Char(string="Numbers", compute="_compute_parts_numbers")
    parts_vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="Fits Vehicle",
        help="Only to search: parts that are listed for a vehicle.",
        compute="_compute_parts_vehicle_id",
        search="_search_parts_vehicle_id",
    )
    parts_search = fields.Char(
        string="Part Number",
        compute="_compute_parts_search",
        search="_search_parts_search",
    )

    _parts_warranty_not_negative = models.Constraint(
        "CHECK (parts_warranty_months >= 0 AND parts_warranty_km >= 0)",
        "A warranty cannot be negative.",
    )

    # === PRICE === #

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("price"):
            self.env["parts.price.guard"]._new_parts(templates)
        return templates

    def write(self, vals):
        if not PRICING & vals.keys() or not self.env[
            "res.company"
        ]._parts_controlled_ids("price"):
            return super().write(vals)
        measure = self.env["parts.price.measure"]
        with self.env["parts.price.guard"]._list_prices(self), measure._scope(self):
            return super().write(vals)

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in OF_PRODUCTS and operation == "read":
            if self.env["parts.price.cost"]._is_hidden():
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self.env["parts.price.cost"]._is_hidden(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        return self.env["parts.price.cost"]._strip(arch), view

    def action_parts_view_prices(self):
        """Open the changes of this part's prices, as a graph first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_price_change_action"
        )
        action["domain"] = [("product_tmpl_id", "=", self.id)]
        action["context"] = {"search_default_sales": 1}
        action["views"] = [(False, "graph"), (False, "list"), (False, "pivot")]
        return action

    # === CATALOG === #

    @api.depends("parts_number_ids.number", "parts_number_ids.kind")
    def _compute_parts_numbers(self):
        """The original numbers, or else whatever numbers the part has."""
        for template in self:
            numbers = template.parts_number_ids
            shown = numbers.filtered(lambda number: number.kind == "oe") or numbers
            template.parts_numbers = ", ".join(shown.mapped("number"))

    def _compute_parts_vehicle_id(self):
        self.parts_vehicle_id = False

    @api.model
    def _search_parts_vehicle_id(self, operator, value):
        """Find what is listed for vehicles: by id, or by words and years."""
        if operator not in ("in", "any", "=", "ilike", "like"):
            return NotImplemented
        listed = (
            self.env["parts.catalog.fitment"]
            .sudo()
            ._search(Domain("vehicle_id", operator, value))
        )
        return Domain("id", "in", listed.subselect("product_tmpl_id"))

    def _compute_parts_search(self):
        self.parts_search = False

    @api.model
    def _search_parts_search(self, operator, value):
        return self.env["parts.catalog.lookup"]._search_box(self, operator, value)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        numbers = self.env["parts.catalog.number"]
        return numbers._add_number_arm(self, domain, operator, value)

    # Not a stored compute: that would run for each product of every installation.
    @api.onchange("parts_brand_id")
    def _onchange_parts_brand_id(self):
        self.parts_grade = self.parts_grade or self.parts_brand_id.grade

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Override to find parts by number in any spelling, before what core finds."""
        lookup = self.env["parts.catalog.lookup"]
        search = super().name_search
        return lookup._name_search(self, search, name, domain, operator, limit)

    @api.model
    @api.readonly
    def web_name_search(
        self, name, specification, domain=None, operator="ilike", limit=100
    ):
        """Override to say in the list below a field why each part is offered."""
        offered = super().web_name_search(name, specification, domain, operator, limit)
        return self.env["parts.catalog.reason"]._add(self, offered, name)
