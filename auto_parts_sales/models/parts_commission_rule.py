from odoo import fields, models


class PartsCommissionRule(models.Model):
    _name = "parts.commission.rule"
    _description = "Commission Rule"
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
    sequence = fields.Integer(default=10)
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        required=True,
        help="Per cent of the untaxed amount that is collected.",
    )
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

    _rate_in_range = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 100)", "A rate lies between 0 and 100 %."
    )

    # === COMPUTE METHODS === #

    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env._("%(rate)s %%", rate=f"{rule.rate:g}")

    # === SELECTION METHODS === #

    def _selection_grade(self):
        field = self.env["product.template"]._fields["parts_grade"]
        return field._description_selection(self.env)

    # === BUSINESS METHODS === #

    def _matches(self, line):
        """Return whether this rule speaks of an invoice line.

        A conjunction of predicates: to add a criterion, add a field whose empty
        value means "all", and `and` a predicate here.

        :param line: an `account.move.line`
        """
        self.ensure_one()
        return (
            self._matches_product(line)
            and self._matches_category(line)
            and self._matches_brand(line)
            and self._matches_grade(line)
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
