from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from .parts_price_band import COST_READERS


class PartsPriceSheetLine(models.Model):
    """One price that a sheet changes: a list price, or a rule of a pricelist."""

    _name = "parts.price.sheet.line"
    _description = "Price of a Price Sheet"
    _order = "sheet_id, id"

    sheet_id = fields.Many2one(
        comodel_name="parts.price.sheet",
        string="Price Sheet",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="sheet_id.company_id")
    state = fields.Selection(related="sheet_id.state")
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Pricelist",
        ondelete="restrict",
        help="Empty: the part's list price.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        ondelete="cascade",
        index=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        ondelete="cascade",
        help="On a pricelist, instead of a part. Neither: all parts.",
    )
    min_quantity = fields.Float(
        string="From Quantity", digits="Product Unit", help="On a pricelist only."
    )
    compute_price = fields.Selection(
        selection=[
            ("fixed", "Price"),
            ("percentage", "Discount (%)"),
            ("end", "The Rule Ends"),
        ],
        string="As",
        default="fixed",
        required=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    price_before = fields.Float(
        string="Before", compute="_compute_effect", min_display_digits="Product Price"
    )
    price_after = fields.Float(
        string="After",
        required=True,
        min_display_digits="Product Price",
        help="The new price, or the discount in per cent.",
    )
    change_percent = fields.Float(string="Change (%)", compute="_compute_effect")
    margin_before = fields.Float(
        string="Margin before (%)", compute="_compute_effect", groups=COST_READERS
    )
    margin_after = fields.Float(
        string="Margin after (%)", compute="_compute_effect", groups=COST_READERS
    )

    # === COMPUTE METHODS === #

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for line in self:
            currency = line.pricelist_id.currency_id or line.company_id.currency_id
            line.currency_id = currency

    @api.depends(
        "pricelist_id",
        "product_tmpl_id",
        "min_quantity",
        "compute_price",
        "price_after",
    )
    def _compute_effect(self):
        for line in self:
            effect = line._effect()
            line.price_before = effect["before"]
            line.change_percent = effect["change"]
            line.margin_before = effect["margin_before"]
            line.margin_after = effect["margin_after"]

    def _effect(self):
        """Return what this price is and will be: ``before``, ``change`` (per cent),
        ``margin_before`` and ``margin_after`` (per cent, before taxes).
        """
        self.ensure_one()
        line = self.sudo().with_company(self.company_id or self.env.company)
        part = line.product_tmpl_id
        if not part:
            return dict.fromkeys(
                ("before", "change", "margin_before", "margin_after"), 0
            )
        before = line._price_now()
        after = line._price_then()
        cost = part.cost_currency_id._convert(
            part.standard_price,
            line.currency_id or self.env.company.currency_id,
            line.company_id or self.env.company,
            fields.Date.context_today(self),
            round=False,
        )
        return {
            "before": before,
            "change": (after - before) / before * 100.0 if before else 0.0,
            "margin_before": line._margin(before, cost),
            "margin_after": line._margin(after, cost),
        }

    def _price_now(self):
        self.ensure_one()
        part = self.product_tmpl_id
        if not self.pricelist_id:
            return part.list_price
        return self.pricelist_id._get_product_price(part, self.min_quantity or 1.0)

    def _price_then(self):
        self.ensure_one()
        if self.compute_price == "fixed":
            return self.price_after
        if self.compute_price == "end":
            return self.product_tmpl_id.list_price
        return self.product_tmpl_id.list_price * (1.0 - self.price_after / 100.0)

    def _margin(self, price, cost):
        company = self.company_id or self.env.company
        part = self.product_tmpl_id
        taxes = part.taxes_id._filter_taxes_by_company(company)
        yardstick = self.env["parts.price.yardstick"]
        net = yardstick._untaxed(price, taxes, part.product_variant_id)
        return (net - cost) / net * 100.0 if net > 0 else 0.0

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "pricelist_id", "product_tmpl_id", "categ_id", "compute_price", "price_after"
    )
    def _check_target(self):
        for line in self:
            if not line.pricelist_id and (
                not line.product_tmpl_id
                or line.categ_id
                or line.min_quantity
                or line.compute_price != "fixed"
            ):
                raise ValidationError(
                    self.env._(
                        "A list price belongs to one part: name the part and its new"
                        " price, or choose a pricelist."
                    )
                )
            if line.product_tmpl_id and line.categ_id:
                raise ValidationError(
                    self.env._("Name a part or a category in a line, not both.")
                )
            if line.price_after < 0:
                raise ValidationError(self.env._("A price is zero or more."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su:
            self.sheet_id._check_draft()

    # === BUSINESS METHODS === #

    def _facts(self):
        """Return what a decision is about, for comparing."""
        return [
            [
                line.id,
                line.pricelist_id.id,
                line.product_tmpl_id.id,
                line.categ_id.id,
                line.min_quantity,
                line.compute_price,
                line.price_after,
            ]
            for line in self.sorted("id")
        ]

    def _name_text(self):
        self.ensure_one()
        names = (
            self.pricelist_id.name,
            self.product_tmpl_id.display_name or self.categ_id.display_name,
        )
        return " · ".join(filter(None, names))

    def _text(self):
        """Return this price before and after, as text."""
        self.ensure_one()
        if self.compute_price == "percentage":
            return self.env._(
                "%(name)s: %(percent)s %% off",
                name=self._name_text(),
                percent=formatLang(self.env, self.price_after, digits=2),
            )
        if self.compute_price == "end":
            return self.env._("%(name)s: the rule ends", name=self._name_text())
        effect = self._effect()
        return self.env._(
            "%(name)s: %(before)s → %(after)s (%(change)s %%)",
            name=self._name_text(),
            before=formatLang(
                self.env, effect["before"], currency_obj=self.currency_id
            ),
            after=formatLang(self.env, self.price_after, currency_obj=self.currency_id),
            change=formatLang(self.env, effect["change"], digits=1),
        )

    def _margin_text(self):
        """Return the margin before and after, as text; False without a part."""
        self.ensure_one()
        if not self.product_tmpl_id:
            return False
        effect = self._effect()
        return self.env._(
            "%(name)s: margin %(before)s %% → %(after)s %%",
            name=self._name_text(),
            before=formatLang(self.env, effect["margin_before"], digits=1),
            after=formatLang(self.env, effect["margin_after"], digits=1),
        )

    def _apply(self):
        """Write this price; a rule that it replaces ends now. Called as superuser."""
        self.ensure_one()
        if not self.pricelist_id:
            if self.product_tmpl_id.list_price == self.price_after:
                # what was entered with a new part is confirmed
                self.env["parts.price.guard"]._new_parts(self.product_tmpl_id)
            self.product_tmpl_id.list_price = self.price_after
            return
        now = fields.Datetime.now()
        items = self.env["product.pricelist.item"]
        part, categ = self.product_tmpl_id, self.categ_id
        replaced = items.search(
            [
                ("pricelist_id", "=", self.pricelist_id.id),
                ("product_tmpl_id", "=", part.id),
                ("product_id", "=", False),
                ("categ_id", "=", categ.id),
                ("min_quantity", "=", self.min_quantity),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", now),
            ]
        )
        replaced.filtered(
            lambda item: not item.date_start or item.date_start < now
        ).date_end = now - relativedelta(seconds=1)  # the last second counts
        if self.compute_price == "end":
            return
        applied_on = "3_global"
        if part:
            applied_on = "1_product"
        elif categ:
            applied_on = "2_product_category"
        amount = "fixed_price" if self.compute_price == "fixed" else "percent_price"
        items.create(
            {
                "pricelist_id": self.pricelist_id.id,
                "applied_on": applied_on,
                "product_tmpl_id": part.id,
                "categ_id": categ.id,
                "min_quantity": self.min_quantity,
                "compute_price": self.compute_price,
                amount: self.price_after,
                "date_start": now,
            }
        )
