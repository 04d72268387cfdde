from typing import NamedTuple

from odoo import api, models

# of a percentage that a band is compared with
PERCENT_DIGITS = 6


class Facts(NamedTuple):
    """What a rule looks at, of one line of an invoice or a quotation.

    Amounts are untaxed, of the whole line, in the document's currency and negative
    on a credit note; `quantity` is in the product's unit, with the same sign;
    `discount` in per cent.
    """

    untaxed: float
    quantity: float
    cost: float
    discount: float

    @property
    def margin(self):
        return self.untaxed - self.cost

    @property
    def margin_percent(self):
        if not self.untaxed:
            return 0.0
        return round(100.0 * self.margin / self.untaxed, PERCENT_DIGITS)


class PartsCommissionFacts(models.AbstractModel):
    """Reads what commission depends on where nobody can write over it.

    Untaxed amounts come from journal items or from Odoo's tax engine, not from
    stored totals; cost is the product's own, as superuser, frozen at delivery
    (`parts.commission.cost`).
    """

    _name = "parts.commission.facts"
    _description = "Facts of a Commission"

    @api.model
    def _get_untaxed(self, line):
        """Return the untaxed amount of an invoice line or an order line, signed."""
        if line._name != "sale.order.line":
            return -line.amount_currency
        base_line = line._prepare_base_line_for_taxes_computation()
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines([base_line], line.order_id.company_id)
        return base_line["tax_details"]["raw_total_excluded_currency"]

    @api.model
    def _of(self, line):
        """Return the `Facts` of an invoice line or an order line, as superuser."""
        if line._name == "sale.order.line":
            return self._of_order_line(line)
        quantity = self._get_quantity(line)
        untaxed = self._get_untaxed(line)
        move = line.move_id
        date = move.invoice_date or move.date
        cost = self._get_unit_cost(line.product_id, move.company_id, line.sale_line_ids)
        return Facts(
            untaxed,
            quantity,
            self._to_currency(cost * quantity, move.company_id, move.currency_id, date),
            self._get_discount(line, untaxed, line.sale_line_ids[:1], date),
        )

    @api.model
    def _of_order_line(self, line):
        order = line.order_id
        untaxed = self._get_untaxed(line)
        quantity = self._to_product_unit(line)
        date = order.date_order.date()
        cost = self._get_unit_cost(line.product_id, order.company_id, line)
        return Facts(
            untaxed,
            quantity,
            self._to_currency(
                cost * quantity, order.company_id, order.currency_id, date
            ),
            self._get_discount(line, untaxed, line, date),
        )

    @api.model
    def _get_quantity(self, line):
        """Return an invoice line's quantity in the product's unit, as in `Facts`."""
        sign = -1.0 if line.move_id.move_type == "out_refund" else 1.0
        return sign * self._to_product_unit(line)

    @api.model
    def _to_product_unit(self, line):
        quantity = (
            line.product_uom_qty if line._name == "sale.order.line" else line.quantity
        )
        unit = line.product_uom_id
        if not line.product_id or not unit:
            return quantity
        return unit._compute_quantity(quantity, line.product_id.uom_id, round=False)

    @api.model
    def _get_unit_cost(self, product, company, order_lines):
        frozen = self.env["parts.commission.cost"]._get_unit_cost(order_lines)
        if frozen is not None:
            return frozen
        return product.with_company(company).standard_price

    @api.model
    def _to_currency(self, amount, company, currency, date):
        if currency == company.currency_id:
            return amount
        return company.currency_id._convert(
            amount, currency, company, date, round=False
        )

    @api.model
    def _get_discount(self, line, untaxed, order_line, date):
        """Return what was given below the list price in per cent, written or not."""
        quantity = (
            line.product_uom_qty if line._name == "sale.order.line" else line.quantity
        )
        price = self._get_list_price(line, order_line, date)
        hidden = 0.0
        if price and quantity:
            hidden = 100.0 * (1.0 - abs(untaxed / quantity) / price)
        # 80 of 100 are 20 %, not 19.999...: a band that begins there has it
        return round(max(line.discount, hidden, 0.0), PERCENT_DIGITS)

    @api.model
    def _get_list_price(self, line, order_line, date):
        """Return the untaxed list price of one unit, in the document's currency."""
        product = line.product_id
        if not product:
            return 0.0
        if line._name == "sale.order.line":
            document = line.order_id
        else:
            document = line.move_id
        company, currency = document.company_id, document.currency_id
        pricelist = order_line.order_id.pricelist_id if order_line else None
        unit = line.product_uom_id or product.uom_id
        if pricelist:
            price = pricelist._get_product_price(
                product,
                abs(order_line.product_uom_qty) or 1.0,
                currency=currency,
                uom=unit,
                date=date,
            )
        else:
            price = self._to_currency(
                product.uom_id._compute_price(product.lst_price, unit),
                company,
                currency,
                date,
            )
        taxes = product.taxes_id._filter_taxes_by_company(company)
        if any(taxes.mapped("price_include")):
            price = taxes.compute_all(price, currency, product=product)[
                "total_excluded"
            ]
        return price
