from odoo import api, fields, models


class PartsContractLine(models.Model):
    """Goods of a single contract, or a price that a framework contract fixes."""

    _name = "parts.contract.line"
    _description = "Line of a Contract"
    _inherit = ["parts.contract.row.mixin", "parts.contract.priced.mixin"]
    _check_company_auto = True

    _part_computed = frozenset(
        {"contract_id", "company_id", "price_subtotal", "price_total"}
    )

    # === FIELDS === #

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
        help="Framework, without a unit price: off the price basis.",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    date_delivery = fields.Date(
        string="Deliver by", help="When the goods are to be delivered at the latest."
    )
    price_subtotal = fields.Monetary(
        string="Untaxed", compute="_compute_amounts", store=True
    )
    price_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True
    )

    _figures_positive = models.Constraint(
        "CHECK (quantity >= 0 AND price_unit >= 0 AND discount >= 0"
        " AND discount <= 100)",
        "Quantities and prices of a contract are zero or more, discounts between 0 and"
        " 100 per cent.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            # the customer reads it: in his language, as on Odoo's own orders
            lang = line.version_id.contract_id.partner_id.lang or self.env.lang
            product = line.product_id.with_context(lang=lang)
            line.name = product.display_name if product else line.name
            line.product_uom_id = product.uom_id if product else line.product_uom_id

    @api.depends("product_id", "version_id.contract_id.company_id")
    def _compute_tax_ids(self):
        for line in self:
            contract = line.version_id.contract_id
            if line.product_id:
                line.tax_ids = self._taxes_for(
                    line.product_id,
                    contract.partner_id,
                    contract.company_id or self.env.company,
                )
            else:
                line.tax_ids = line.tax_ids

    @api.model
    def _taxes_for(self, product, partner, company):
        """Return the taxes that an order of ``partner`` would have for ``product``."""
        taxes = product.taxes_id._filter_taxes_by_company(company)
        position = self.env["account.fiscal.position"].with_company(company)
        return position._get_fiscal_position(partner).map_tax(taxes)

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
            line.price_subtotal, line.price_total = line._amounts()

    # === ONCHANGE METHODS === #

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Propose the list price; a framework's line may give a discount instead."""
        contract = self.version_id.contract_id
        kind = self.env.context.get("parts_contract_kind") or self.version_id.kind
        if not self.product_id or self.price_unit or kind == "framework":
            return
        company = contract.company_id or self.env.company
        self.price_unit = self.product_id.currency_id._convert(
            self.product_id.lst_price,
            contract.currency_id or company.currency_id,
            company,
            fields.Date.context_today(self),
        )

    # === BUSINESS METHODS === #

    def _price_taxes(self):
        self.ensure_one()
        return self.tax_ids

    def _amounts(self):
        """Return (untaxed, total) by Odoo's tax engine, in the contract's currency."""
        self.ensure_one()
        contract = self.version_id.contract_id
        currency = contract.currency_id or self.env.company.currency_id
        amounts = self.tax_ids.with_company(contract.company_id).compute_all(
            self._net_price(),
            currency=currency,
            quantity=self.quantity,
            product=self.product_id,
            partner=contract.partner_id,
        )
        return amounts["total_excluded"], amounts["total_included"]

    def _base_line(self):
        """Return this line as Odoo's tax engine takes it."""
        self.ensure_one()
        contract = self.version_id.contract_id
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            None,
            partner_id=contract.partner_id,
            currency_id=contract.currency_id or self.env.company.currency_id,
            product_id=self.product_id,
            product_uom_id=self.product_uom_id,
            tax_ids=self.tax_ids,
            quantity=self.quantity,
            price_unit=self.price_unit,
            discount=self.discount,
        )

    def _is_for(self, product):
        """Return whether this line of a framework names ``product``, or its category;
        a line that names neither is for every part.
        """
        self.ensure_one()
        if self.product_id:
            return self.product_id == product
        if self.categ_id:
            path = (product.categ_id.parent_path or "").split("/")
            return str(self.categ_id.id) in path
        return True
