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
            ("extra", "Extra Price"),
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
            ("new", "New Part"),
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
        sheet = self._sheet()
        cause, user = "hand", self.env.user
        if sheet:
            # of one that waited for its date: not the job that brings it into force
            cause, user = "sheet", sheet.entered_by_id or user
        elif self.env.su:
            cause = "valuation" if valuation else "system"
        self.sudo().create(
            [
                {
                    "user_id": user.id,
                    "cause": cause,
                    "sheet_id": sheet.id,
                    **vals,
                }
                for vals in vals_list
            ]
        )

    @api.model
    def _sheet(self):
        """Return the price sheet that is being applied right now, as superuser."""
        sheets = self.env["parts.price.sheet"].sudo()
        return sheets.browse(self.env.cr.cache.get(SHEET) or ())

    @api.model
    def _mark_self_priced(self, cases):
        """Mark the cases whose list price was entered with a new part by who gives the
        price, and was not confirmed by the price group since.

        :param list[dict] cases: see ``parts.price.verdict``; adds ``self_priced``
        """
        templates = [case["product"].product_tmpl_id.id for case in cases]
        rows = self.sudo().search(
            [("product_tmpl_id", "in", templates), ("kind", "=", "list_price")],
            order="id",
        )
        newest = {row.product_tmpl_id.id: row for row in rows}
        for case in cases:
            row = newest.get(case["product"].product_tmpl_id.id)
            case["self_priced"] = bool(
                row and row.cause == "new" and row.user_id in case["authors"]
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
