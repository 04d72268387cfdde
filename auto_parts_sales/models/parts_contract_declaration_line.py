from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.misc import formatLang


class PartsContractDeclarationLine(models.Model):
    """Goods that a declaration is about, and their price."""

    _name = "parts.contract.declaration.line"
    _description = "Line of a Contract Declaration"
    _order = "declaration_id, sequence, id"

    declaration_id = fields.Many2one(
        comodel_name="parts.contract.declaration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="declaration_id.company_id", store=True)
    currency_id = fields.Many2one(related="declaration_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Float(
        string="Unit Price", min_display_digits="Product Price", required=True
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    price_subtotal = fields.Monetary(
        string="Untaxed", compute="_compute_price_subtotal", store=True
    )

    _figures = models.Constraint(
        "CHECK (quantity > 0 AND price_unit >= 0 AND discount >= 0"
        " AND discount <= 100)",
        "A declared quantity is above zero, a price zero or more, and a discount"
        " between 0 and 100.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            # the contract takes it over: in the customer's language
            lang = line.declaration_id.partner_id.lang or self.env.lang
            product = line.product_id.with_context(lang=lang)
            line.name = product.display_name or line.name
            line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.depends("quantity", "price_unit", "discount", "declaration_id.currency_id")
    def _compute_price_subtotal(self):
        for line in self:
            line.price_subtotal = line._subtotal()

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Propose the list price; the salesperson says what he would give."""
        if self.product_id and not self.price_unit:
            self.price_unit = self.product_id.lst_price

    def _subtotal(self):
        self.ensure_one()
        amount = self.quantity * self._net_price()
        return self.currency_id.round(amount) if self.currency_id else amount

    def _net_price(self):
        self.ensure_one()
        return self.price_unit * (1.0 - self.discount / 100.0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.declaration_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.declaration_id._check_draft()
        result = super().write(vals)
        if not self.env.su and "declaration_id" in vals:
            self.declaration_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if not self.env.su:
            self.declaration_id._check_draft()

    # === BUSINESS METHODS === #

    def _facts(self):
        self.ensure_one()
        return [
            self.product_id.id,
            self.quantity,
            self.product_uom_id.id,
            self.price_unit,
            self.discount,
        ]

    def _sentence(self):
        self.ensure_one()
        return self.env._(
            "%(quantity)s %(unit)s %(part)s at %(price)s",
            quantity=formatLang(self.env, self.quantity, dp="Product Unit"),
            unit=self.product_uom_id.name or "",
            part=self.product_id.display_name,
            price=formatLang(
                self.env, self._net_price(), currency_obj=self.currency_id
            ),
        )

    def _excess(self, version):
        """Return in what the lines of ``version`` go beyond these, as sentences.

        A framework without declared goods is bound by its volume alone.
        """
        if not self and version.kind == "framework":
            return []
        excess = []
        for line in version.line_ids:
            part = line.product_id
            name = part.display_name or line.name or ""
            own = self.filtered(lambda declared, part=part: declared.product_id == part)
            if not part or not own:
                excess.append(self.env._("%s was not declared.", name))
                continue
            excess += own._excess_of(line, name)
        if version.kind == "single":
            excess += self._excess_quantities(version)
        return excess

    def _excess_of(self, line, name):
        lowest = min(
            declared.product_uom_id._compute_price(
                declared._net_price(), line.product_uom_id or declared.product_uom_id
            )
            for declared in self
        )
        offered = line.price_unit * (1.0 - line.discount / 100.0)
        if float_compare(offered, lowest, precision_digits=6) >= 0:
            return []
        return [
            self.env._(
                "%(part)s: declared at %(declared)s, contracted at %(contracted)s.",
                part=name,
                declared=formatLang(self.env, lowest, currency_obj=self.currency_id),
                contracted=formatLang(self.env, offered, currency_obj=self.currency_id),
            )
        ]

    def _excess_quantities(self, version):
        excess = []
        for part in version.line_ids.product_id & self.product_id:
            declared, contracted = (
                sum(
                    line.product_uom_id._compute_quantity(
                        line.quantity, part.uom_id, round=False
                    )
                    for line in lines
                    if line.product_id == part
                )
                for lines in (self, version.line_ids)
            )
            if part.uom_id.compare(contracted, declared) > 0:
                excess.append(
                    self.env._(
                        "%(part)s: %(declared)s declared, %(contracted)s contracted.",
                        part=part.display_name,
                        declared=formatLang(self.env, declared, dp="Product Unit"),
                        contracted=formatLang(self.env, contracted, dp="Product Unit"),
                    )
                )
        return excess
