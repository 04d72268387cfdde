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
    def _is_order_line(self, line):
        return line._name == "sale.order.line"

    @api.model
    def _get_document(self, line):
        """Return the invoice of an invoice line, or the order of an order line."""
        return line.order_id if self._is_order_line(line) else line.move_id

    @api.model
    def _get_date(self, line):
        """Return the day on which a line's document counts."""
        document = self._get_document(line)
        if self._is_order_line(line):
            return document.date_order.date()
        return document.invoice_date or document.date

    @api.model
    def _get_written_quantity(self, line):
        """Return a line's quantity as somebody wrote it, in its own unit."""
        return line.product_uom_qty if self._is_order_line(line) else line.quantity

    @api.model
    def _get_untaxed(self, line):
        """Return the untaxed amount of an invoice line or an order line, signed."""
        if not self._is_order_line(line):
            return -line.amount_currency
        base_line = line._prepare_base_line_for_taxes_computation()
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines([base_line], line.order_id.company_id)
        return base_line["tax_details"]["raw_total_excluded_currency"]

    @api.model
    def _of(self, line):
        """Return the `Facts` of an invoice line or an order line, as superuser."""
        document, date = self._get_document(line), self._get_date(line)
        untaxed, quantity = self._get_untaxed(line), self._get_quantity(line)
        order_lines = line if self._is_order_line(line) else line.sale_line_ids
        company, currency = document.company_id, document.currency_id
        cost = self._get_unit_cost(line.product_id, company, order_lines)
        return Facts(
            untaxed,
            quantity,
            self._to_currency(cost * quantity, company, currency, date),
            self._get_discount(line, untaxed, order_lines[:1], date),
        )

    @api.model
    def _get_quantity(self, line):
        """Return a line's quantity in the product's unit, as in `Facts`."""
        quantity = self._to_product_unit(line)
        if not self._is_order_line(line) and line.move_id.move_type == "out_refund":
            return -quantity
        return quantity

    @api.model
    def _to_product_unit(self, line):
        quantity = self._get_written_quantity(line)
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
        quantity = self._get_written_quantity(line)
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
        document = self._get_document(line)
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
