from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.misc import formatLang


class PartsContractDeclarationLine(models.Model):
    """Goods that a declaration is about, and their price."""

    _name = "parts.contract.declaration.line"
    _description = "Line of a Contract Declaration"
    _inherit = ["parts.contract.part.mixin", "parts.contract.priced.mixin"]
    _order = "declaration_id, sequence, id"

    _part_of = "declaration_id"
    _part_computed = frozenset({"company_id", "price_subtotal"})

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

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "product_id",
        "declaration_id.currency_id",
        "declaration_id.partner_id",
    )
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
        amount = self.quantity * self._untaxed_price()
        return self.currency_id.round(amount) if self.currency_id else amount

    def _price_taxes(self):
        self.ensure_one()
        return self.declaration_id._taxes(self)

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

    def _excess(self, version, others):
        """Return in what the lines of ``version`` go beyond these, as sentences.

        A framework without declared goods is bound by its volume alone.

        :param others: versions of other contracts under the same declaration
        """
        if not self and version.kind == "framework":
            return []
        excess = []
        for line in version.line_ids:
            if line.product_id not in self.product_id:
                name = line.product_id.display_name or line.name or ""
                excess.append(self.env._("%s was not declared.", name))
        contracted = (version | others).line_ids
        for part in version.line_ids.product_id & self.product_id:
            own = self.filtered(lambda line, part=part: line.product_id == part)
            lines = contracted.filtered(lambda line, part=part: line.product_id == part)
            excess += own._excess_prices(lines, version)
            if version.kind == "single":
                excess += own._excess_quantity(lines)
        return excess

    def _excess_prices(self, lines, version):
        """Return a sentence if more is contracted at a price than was declared at it
        or below; of a framework, whose lines have no quantities, if any is below the
        lowest.

        :param lines: contract lines for the one part that these are for
        """
        declared, contracted = self._priced(), lines._priced()
        lowest = min(price for price, _quantity in declared)
        for price in sorted({p for p, _q in (lines & version.line_ids)._priced()}):
            above = [p for p, _q in declared if self._is_below(price, p)]
            if not above:
                continue
            at_most = sum(q for p, q in declared if not self._is_below(price, p))
            taken = sum(q for p, q in contracted if not self._is_below(price, p))
            if version.kind == "framework":
                at_most, taken = (0.0, 1.0) if price < lowest else (1.0, 1.0)
            if self.product_id.uom_id.compare(taken, at_most) > 0:
                return [self._price_sentence(min(above), price)]
        return []

    def _is_below(self, price, other):
        return float_compare(price, other, precision_digits=6) < 0

    def _price_sentence(self, declared, contracted):
        currency = self.currency_id
        return self.env._(
            "%(part)s: declared at %(declared)s, contracted at %(contracted)s.",
            part=self.product_id.display_name,
            declared=formatLang(self.env, declared, currency_obj=currency),
            contracted=formatLang(self.env, contracted, currency_obj=currency),
        )

    def _excess_quantity(self, lines):
        declared, contracted = (
            sum(quantity for _price, quantity in rows._priced())
            for rows in (self, lines)
        )
        if self.product_id.uom_id.compare(contracted, declared) <= 0:
            return []
        return [
            self.env._(
                "%(part)s: %(declared)s declared, %(contracted)s contracted.",
                part=self.product_id.display_name,
                declared=formatLang(self.env, declared, dp="Product Unit"),
                contracted=formatLang(self.env, contracted, dp="Product Unit"),
            )
        ]
