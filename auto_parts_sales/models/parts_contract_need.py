from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# From which untaxed amount on a declaration is usual, in company currency
DECLARED_FROM = 500000.0


class PartsContractNeed(models.Model):
    """Which sales need a written contract, and which a declaration (CON-10).

    The first line that fits decides. What is paid on the spot is told by the money
    that came in, not by the payment terms, which anybody may write.
    """

    _name = "parts.contract.need"
    _description = "Need of a Contract"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    payment = fields.Selection(
        selection=[
            ("any", "Any"),
            ("spot", "Paid on the Spot"),
            ("credit", "On Credit"),
        ],
        default="any",
        required=True,
        help="Paid on the spot: the money for the whole order has come in.",
    )
    kind = fields.Selection(
        selection=[
            ("any", "Any"),
            ("single", "Single Contract"),
            ("framework", "Framework Contract"),
        ],
        default="any",
        required=True,
        help="For declarations: which kind of contract.",
    )
    amount_min = fields.Monetary(
        string="From Amount", help="Untaxed, in company currency, included."
    )
    partner_domain = fields.Char(
        string="Customers", default="[]", help="Which customers the line is for."
    )
    needs_contract = fields.Boolean(string="Contract")
    needs_declaration = fields.Boolean(string="Declaration")

    _amount_positive = models.Constraint(
        "CHECK (amount_min >= 0)", "The amount is zero or more."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for need in self:
            try:
                domain = literal_eval(need.partner_domain or "[]")
                Domain(domain).validate(self.env["res.partner"].sudo())
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The customers of “%s” are no domain on the fields of"
                        " customers.",
                        need.name,
                    )
                ) from error

    # === BUSINESS METHODS === #

    @api.model
    def _in_use(self, company):
        """Return the lines of ``company``, as superuser."""
        return self.sudo().search([("company_id", "=", company.id)])

    @api.model
    def _create_defaults(self, companies):
        """Give ``companies`` without any line the usual ones, as superuser."""
        needs = self.sudo().with_context(active_test=False)
        for company in companies:
            if needs.search_count([("company_id", "=", company.id)], limit=1):
                continue
            source = needs.with_env(needs.env(context={"lang": "en_US"}))
            lines = source.create(
                [
                    {"company_id": company.id, "sequence": 10 * position, **vals}
                    for position, vals in enumerate(source._usual(), start=1)
                ]
            )
            for code, _name in self.env["res.lang"].get_installed():
                names = needs.with_context(lang=code)._usual()
                for line, vals in zip(lines, names, strict=True):
                    line.with_context(lang=code).name = vals["name"]

    @api.model
    def _usual(self):
        """Return the usual lines as values, in the language of the context."""
        return [
            {"name": self.env._("Paid on the spot: none"), "payment": "spot"},
            {
                "name": self.env._("Large: contract by declaration"),
                "amount_min": DECLARED_FROM,
                "needs_contract": True,
                "needs_declaration": True,
            },
            {"name": self.env._("On credit: contract"), "needs_contract": True},
        ]

    @api.model
    def _of_order(self, order):
        """Return the line that an order falls under, as superuser; may be empty."""
        amount = self.env["parts.credit.exposure"]._order_total(order, taxed=False)
        partner = order.partner_invoice_id.commercial_partner_id
        spot = None
        for need in self._in_use(order.company_id):
            if not need._fits(partner, amount):
                continue
            if need.payment != "any":
                if spot is None:
                    spot = self.env["parts.contract.balance"]._is_paid(order)
                if spot != (need.payment == "spot"):
                    continue
            return need
        return self.browse()

    @api.model
    def _of_loose(self, company, partner, amount):
        """Return the line that goods without an order fall under; may be empty."""
        for need in self._in_use(company):
            if need.payment != "spot" and need._fits(partner, amount):
                return need
        return self.browse()

    @api.model
    def _of_contract(self, contract):
        """Return the line that a contract falls under, as superuser; may be empty."""
        amount = contract._parts_gate_amount()[0]
        for need in self._in_use(contract.company_id):
            fits = need._fits(contract.partner_id.commercial_partner_id, amount)
            if fits and need.payment != "spot" and need.kind in ("any", contract.kind):
                return need
        return self.browse()

    def _fits(self, partner, amount):
        self.ensure_one()
        domain = literal_eval(self.partner_domain or "[]")
        return amount >= self.amount_min and bool(
            not domain or partner.filtered_domain(domain)
        )
