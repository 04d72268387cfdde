from odoo import api, fields, models


class PartsCommissionRule(models.Model):
    """What a plan pays on which lines: tried in sequence, the first that matches."""

    _name = "parts.commission.rule"
    _description = "Commission Rule"
    _inherit = ["parts.commission.plan.part.mixin"]
    _order = "plan_id, sequence, id"
    _check_company_auto = True
    _rec_name = "rate"

    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    sequence = fields.Integer(default=10)

    # What is earned
    measure = fields.Selection(
        selection=[
            ("amount", "Untaxed amount"),
            ("margin", "Margin"),
            ("quantity", "Quantity"),
        ],
        string="On",
        default="amount",
        required=True,
        help="Margin is the untaxed amount less the cost of the goods when they were"
        " delivered; a line sold below cost earns nothing.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        required=True,
        help="Per cent of the untaxed amount, or of the margin, that is collected.",
    )
    # no Monetary: 0.125 for a filter is no 0.13
    unit_amount = fields.Float(
        string="Per Unit",
        digits=(16, 4),
        min_display_digits=2,
        help="Commission for one unit, where it is on quantity.",
    )

    # What it speaks of; empty means all
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        index=True,
        help="This category and those below it. Empty: all.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product",
        index=True,
        check_company=True,
        help="Empty: all.",
    )
    part_brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        index=True,
        help="Empty: all.",
    )
    grade = fields.Selection(
        selection=lambda self: self._selection_grade(), help="Empty: all."
    )
    partner_category_id = fields.Many2one(
        comodel_name="res.partner.category",
        string="Customer Type",
        index=True,
        help="Tag of the customer. Empty: all.",
    )
    margin_min = fields.Float(
        string="Margin from (%)",
        help="From this margin on, in per cent of the untaxed amount. Both zero: any.",
    )
    margin_max = fields.Float(
        string="Margin below (%)", help="Zero: without end, unless it begins below."
    )
    discount_min = fields.Float(
        string="Discount from (%)",
        help="From this discount on, given below the list price, written or not. Both"
        " zero: any.",
    )
    discount_max = fields.Float(string="Discount below (%)", help="Zero: without end.")
    conditions = fields.Char(
        string="Only If",
        compute="_compute_conditions",
        help="Customer type, margin and discount, also where their columns are hidden.",
    )

    _rate_in_range = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 100)", "A rate lies between 0 and 100 %."
    )
    _unit_amount_positive = models.Constraint(
        "CHECK(unit_amount IS NULL OR unit_amount >= 0)",
        "Commission for a unit is zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("rate", "measure", "unit_amount")
    def _compute_display_name(self):
        for rule in self:
            if rule.measure == "quantity":
                amount = rule._get_unit_amount()
                name = self.env._("%(amount)s a unit", amount=amount)
            elif rule.measure == "margin":
                name = self.env._("%(rate)s %% of margin", rate=f"{rule.rate:g}")
            else:
                name = self.env._("%(rate)s %%", rate=f"{rule.rate:g}")
            rule.display_name = name

    @api.depends(
        "partner_category_id",
        "margin_min",
        "margin_max",
        "discount_min",
        "discount_max",
    )
    @api.depends_context("lang")
    def _compute_conditions(self):
        """Say what the optional columns hold: hidden, a rule would read as for all."""
        for rule in self:
            _ = rule.env._
            ends = rule.margin_max or rule.margin_min < 0
            low, high = f"{rule.discount_min:g}", f"{rule.discount_max:g}"
            least, most = f"{rule.margin_min:g}", f"{rule.margin_max:g}"
            texts = [
                rule.partner_category_id.name,
                rule.margin_min and _("margin from %(percent)s %%", percent=least),
                ends and _("margin below %(percent)s %%", percent=most),
                rule.discount_min and _("discount from %(percent)s %%", percent=low),
                rule.discount_max and _("discount below %(percent)s %%", percent=high),
            ]
            rule.conditions = ", ".join(filter(None, texts))

    def _get_unit_amount(self):
        """Return the amount for a unit as people read it, with all its digits."""
        currency = self.currency_id
        if round(self.unit_amount - currency.round(self.unit_amount), 6):
            return f"{self.unit_amount:g} {currency.symbol}"
        return currency.format(self.unit_amount)

    # === SELECTION METHODS === #

    def _selection_grade(self):
        field = self.env["product.template"]._fields["parts_grade"]
        return field._description_selection(self.env)

    # === BUSINESS METHODS === #

    def _matches(self, line):
        """Return whether this rule speaks of an invoice line or an order line.

        A conjunction of predicates: to add a criterion, add a field whose empty
        value means "all", and `and` a predicate here.

        :param line: an `account.move.line`, or a `sale.order.line` where a quotation
            or a down payment is worked out
        """
        self.ensure_one()
        return (
            self._matches_product(line)
            and self._matches_category(line)
            and self._matches_brand(line)
            and self._matches_grade(line)
            and self._matches_customer(line)
            and self._matches_margin(line)
            and self._matches_discount(line)
        )

    def _matches_product(self, line):
        return not self.product_id or self.product_id == line.product_id

    def _matches_category(self, line):
        if not self.categ_id:
            return True
        path = line.product_id.categ_id.parent_path or ""
        return f"/{self.categ_id.id}/" in f"/{path}"

    def _matches_brand(self, line):
        brand = self.part_brand_id
        return not brand or brand == line.product_id.parts_brand_id

    def _matches_grade(self, line):
        return not self.grade or self.grade == line.product_id.parts_grade

    def _matches_customer(self, line):
        if not self.partner_category_id:
            return True
        document = self.env["parts.commission.facts"]._get_document(line)
        customer = document.partner_id.commercial_partner_id
        return self.partner_category_id in customer.category_id

    def _matches_margin(self, line):
        if not self.margin_min and not self.margin_max:
            return True
        margin = self.env["parts.commission.facts"]._of(line).margin_percent
        has_end = self.margin_max or self.margin_min < 0
        return margin >= self.margin_min and (not has_end or margin < self.margin_max)

    def _matches_discount(self, line):
        if not self.discount_min and not self.discount_max:
            return True
        discount = self.env["parts.commission.facts"]._of(line).discount
        return discount >= self.discount_min and (
            not self.discount_max or discount < self.discount_max
        )

    def _get_commission(self, line):
        """Return what a whole line earns by this rule, in the document's currency.

        Not rounded; negative on a credit note.

        :param line: as for `_matches`
        """
        self.ensure_one()
        reader = self.env["parts.commission.facts"]
        if self.measure == "amount":
            return reader._get_untaxed(line) * self.rate / 100.0
        facts = reader._of(line)
        if self.measure == "quantity":
            document = reader._get_document(line)
            return reader._to_currency(
                facts.quantity * self.unit_amount,
                document.company_id,
                document.currency_id,
                reader._get_date(line),
            )
        sold_below_cost = facts.margin * facts.untaxed < 0
        return 0.0 if sold_below_cost else facts.margin * self.rate / 100.0
