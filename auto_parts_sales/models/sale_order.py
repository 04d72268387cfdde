from odoo import api, fields, models

from ..utils.vin import clean_vin, is_vin


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === QUOTATION === #

    parts_vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="Vehicle",
        help="What the parts are for. A line can name another vehicle.",
        index="btree_not_null",
    )
    parts_vin = fields.Char(
        string="VIN",
        help="Vehicle identification number",
        inverse="_inverse_parts_vin",
    )
    parts_vin_warning = fields.Char(compute="_compute_parts_vin_warning")
    parts_fit_warning = fields.Text(compute="_compute_parts_fit_warning")

    @api.depends("parts_vin")
    def _compute_parts_vin_warning(self):
        for order in self:
            doubtful = order.parts_vin and not is_vin(clean_vin(order.parts_vin))
            order.parts_vin_warning = doubtful and self.env._(
                "A VIN has 17 characters, none of them I, O or Q."
            )

    @api.depends("order_line.parts_fit", "order_line.parts_fit_condition")
    def _compute_parts_fit_warning(self):
        for order in self:
            warnings = order.order_line.mapped(lambda line: line._parts_warn_of_fit())
            order.parts_fit_warning = "\n".join(filter(None, warnings)) or False

    def _inverse_parts_vin(self):
        for order in self:
            cleaned = clean_vin(order.parts_vin)
            if order.parts_vin != cleaned:
                order.parts_vin = cleaned

    @api.onchange("parts_vin")
    def _onchange_parts_vin(self):
        self.parts_vin = clean_vin(self.parts_vin)
