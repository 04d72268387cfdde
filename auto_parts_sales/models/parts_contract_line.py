from odoo import api, fields, models


class PartsContractLine(models.Model):
    """Goods of a single contract, or a price that a framework contract fixes."""

    _name = "parts.contract.line"
    _description = "Line of a Contract"
    _order = "version_id, sequence, id"
    _check_company_auto = True

    # === FIELDS === #

    version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    contract_id = fields.Many2one(
        related="version_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="version_id.company_id")
    currency_id = fields.Many2one(related="version_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Part",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        help="Framework: the line is for all parts of this category and below.",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        help="Framework: the price counts from this quantity on.",
    )
    price_unit = fields.Float(string="Unit Price", min_display_digits="Product Price")
    discount = fields.Float(
        string="Discount (%)",
        digits="Discount",
        help="Framework: without a unit price, off the price basis.",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax", string="Taxes", check_company=True
    )
    date_delivery = fields.Date(
        string="Delivery", help="When the goods are to be delivered at the latest."
    )
    price_subtotal = fields.Monetary(
        string="Untaxed", compute="_compute_amounts", store=True
    )
    price_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            product = line.product_id
            line.name = product.display_name if product else line.name
            line.product_uom_id = product.uom_id if product else line.product_uom_id

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "tax_ids",
        "product_id",
        "version_id.contract_id.currency_id",
    )
    def _compute_amounts(self):
        for line in self:
            price = line.price_unit * (1.0 - line.discount / 100.0)
            contract = line.version_id.contract_id
            amounts = line.tax_ids.with_company(contract.company_id).compute_all(
                price,
                currency=line.currency_id or self.env.company.currency_id,
                quantity=line.quantity,
                product=line.product_id,
                partner=contract.partner_id,
            )
            line.price_subtotal = amounts["total_excluded"]
            line.price_total = amounts["total_included"]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.version_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.version_id._check_draft()
        result = super().write(vals)
        if not self.env.su and "version_id" in vals:
            self.version_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if not self.env.su:
            self.version_id._check_draft()
