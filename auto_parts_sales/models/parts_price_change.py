from contextlib import contextmanager

from odoo import api, fields, models

# Key in the cursor's cache: the price sheet that is being applied
SHEET = "auto_parts_sales.price_sheet"


class PartsPriceChange(models.Model):
    """One change of a price, before and after; written by the engine alone (CTL-4)."""

    _name = "parts.price.change"
    _description = "Price Change"
    _order = "id desc"
    _rec_name = "name"

    name = fields.Char(string="What", required=True)
    kind = fields.Selection(
        selection=[
            ("list_price", "List Price"),
            ("item", "Pricelist"),
            ("cost", "Cost"),
            ("assignment", "Customer's Pricelist"),
        ],
        required=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Changed by", required=True
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        index=True,
        ondelete="set null",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist", string="Pricelist", ondelete="set null"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="set null"
    )
    before = fields.Float(
        string="Amount Before", min_display_digits="Product Price", aggregator="avg"
    )
    after = fields.Float(
        string="Amount After", min_display_digits="Product Price", aggregator="avg"
    )
    before_text = fields.Char(string="Before")
    after_text = fields.Char(string="After")
    currency_id = fields.Many2one(comodel_name="res.currency")
    cause = fields.Selection(
        selection=[
            ("sheet", "Price Sheet"),
            ("hand", "By Hand"),
            ("valuation", "Stock Valuation"),
            ("system", "System"),
        ],
        required=True,
    )
    sheet_id = fields.Many2one(
        comodel_name="parts.price.sheet",
        string="Price Sheet",
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _log(self, vals_list, valuation=False):
        """Write changes down.

        :param list[dict] vals_list: without user, date and cause
        :param bool valuation: a cost that stock valuation worked out
        """
        sheet_id = self.env.cr.cache.get(SHEET)
        cause = "hand"
        if sheet_id:
            cause = "sheet"
        elif self.env.su:
            cause = "valuation" if valuation else "system"
        self.sudo().create(
            [
                {
                    "user_id": self.env.uid,
                    "cause": cause,
                    "sheet_id": sheet_id,
                    **vals,
                }
                for vals in vals_list
            ]
        )

    @api.model
    @contextmanager
    def _by_sheet(self, sheet):
        """Name ``sheet`` as the cause of what is changed meanwhile."""
        cache = self.env.cr.cache
        cache[SHEET] = sheet.id
        try:
            yield
        finally:
            cache[SHEET] = False
