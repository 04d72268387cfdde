from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang


class PartsPriceObservation(models.Model):
    """What somebody saw a part being sold for elsewhere (QUO-9)."""

    _name = "parts.price.observation"
    _description = "Market Price"
    _order = "date desc, id desc"
    _rec_name = "product_tmpl_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    competitor = fields.Char(string="Seen at", help="Competitor, shop or site.")
    price = fields.Float(
        string="Market Price",
        required=True,
        min_display_digits="Product Price",
        help="Before taxes, for one unit of the part.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date = fields.Date(
        string="Seen on", required=True, default=fields.Date.context_today
    )
    source = fields.Selection(
        selection=[
            ("customer", "Told by a Customer"),
            ("visit", "Seen at a Visit"),
            ("web", "Internet"),
            ("list", "Competitor's Price List"),
            ("quotation", "Lost Quotation"),
        ],
        required=True,
        default="customer",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Told by", help="Customer who named it."
    )
    note = fields.Char()
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
    )

    _newest_idx = models.Index("(product_tmpl_id, company_id, date)")
    _price_positive = models.Constraint(
        "CHECK (price > 0)", "A market price is larger than zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # who entered it is who enters it
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "user_id"}
        return super().write(vals)

    @api.model
    def _newest(self, company, products):
        """Return ``{id of product.product: newest observation}`` within the age that
        ``company`` accepts, in one query.
        """
        today = fields.Date.context_today(self)
        rows = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("date", "<=", today),
                ("date", ">=", today - relativedelta(days=company.parts_market_days)),
            ],
            order="date, id",
        )
        by_template = {row.product_tmpl_id.id: row for row in rows}
        return {
            product.id: by_template[product.product_tmpl_id.id]
            for product in products
            if product.product_tmpl_id.id in by_template
        }

    def _text(self):
        """Return what was seen, where and when, as text."""
        self.ensure_one()
        return self.env._(
            "%(price)s at %(competitor)s, %(date)s (%(user)s)",
            price=formatLang(self.env, self.price, currency_obj=self.currency_id),
            competitor=self.competitor or self.env._("a competitor"),
            date=format_date(self.env, self.date),
            user=self.user_id.name,
        )
