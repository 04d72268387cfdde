from odoo import api, fields, models
from odoo.tools import SQL


class PartsCreditExposure(models.AbstractModel):
    """What a customer owes, and will owe from what was agreed.

    Figures are in company currency, over the customer's whole commercial entity, and
    must be asked for as superuser: a salesperson's record rules would make them
    smaller.
    """

    _name = "parts.credit.exposure"
    _description = "Credit Exposure"

    @api.model
    def _figures(self, company, partners, without=None):
        """Return the parts of what ``partners`` owe ``company``, and their sum.

        :param partners: one or several customers; their commercial entities count
        :param without: orders whose claims are left out (``sale.order``)
        :return: in company currency ``receivable`` (posted items on receivable
            accounts, still open), ``orders`` (confirmed, not invoiced), ``drafts``
            (draft customer invoices less draft credit notes), ``down_payments``
            (posted, not yet deducted; negative), ``uncleared`` (payments not yet seen
            at the bank, where the company counts them), ``transactions`` (done or
            authorised, not yet booked; negative), ``exposure``: the sum of these; and
            ``overdue_days`` of the oldest open claim
        :rtype: dict[str, float]
        """
        debtors = partners.commercial_partner_id
        books = self._books(company, debtors)
        parts = {
            "receivable": books["receivable"],
            "orders": self._orders(company, debtors, without=without),
            "drafts": books["drafts"],
            "down_payments": 0.0,
            "uncleared": 0.0,
            "transactions": 0.0,
        }
        return {
            **parts,
            "exposure": sum(parts.values()),
            "overdue_days": books["overdue_days"],
        }

    @api.model
    def _books(self, company, debtors):
        """Return what accounting knows of ``debtors``, in one query.

        :return: ``receivable`` (posted items on receivable accounts, still open),
            ``drafts`` (draft customer invoices less draft credit notes), both in
            company currency, and ``overdue_days``: for how many days the oldest open
            claim is overdue, 0 if none is
        :rtype: dict
        """
        today = fields.Date.context_today(self)
        lines = self.env["account.move.line"]
        query = lines._search(
            [
                ("company_id", "=", company.id),
                ("partner_id.commercial_partner_id", "in", debtors.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                "|",
                ("parent_state", "=", "posted"),
                "&",
                ("parent_state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )
        table = query.table
        terms = {
            name: lines._field_to_sql(table, name, query)
            for name in ("parent_state", "amount_residual", "balance", "date_maturity")
        }
        [[receivable, drafts, oldest]] = self.env.execute_query(
            query.select(
                SQL(
                    "SUM(%(amount_residual)s) FILTER"
                    " (WHERE %(parent_state)s = 'posted')",
                    **terms,
                ),
                SQL(
                    "SUM(%(balance)s) FILTER (WHERE %(parent_state)s = 'draft')",
                    **terms,
                ),
                SQL(
                    "MIN(%(date_maturity)s) FILTER (WHERE %(parent_state)s = 'posted'"
                    " AND %(amount_residual)s > 0 AND %(date_maturity)s < %(now)s)",
                    **terms,
                    now=today,
                ),
            )
        )
        return {
            "receivable": float(receivable or 0.0),
            "drafts": float(drafts or 0.0),
            "overdue_days": (today - oldest).days if oldest else 0,
        }

    @api.model
    def _overdue_days(self, company, partner):
        """Return for how many days the oldest open claim is overdue, 0 if none is."""
        return self._books(company, partner.commercial_partner_id)["overdue_days"]

    @api.model
    def _orders(self, company, debtors, without=None):
        """Return what confirmed orders claim and no invoice holds yet.

        :param without: orders to leave out (``sale.order``)
        """
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("partner_invoice_id.commercial_partner_id", "in", debtors.ids),
                ("state", "=", "sale"),
                ("id", "not in", without.ids if without else []),
            ]
        )
        return sum(self._order_claims(orders, open_only=True).values())

    @api.model
    def _order_claims(self, orders, open_only=False):
        """Return ``{order: amount}``: what each order makes its customer owe, with
        taxes, in company currency at today's rate.

        :param bool open_only: leave out what invoices, draft ones included, hold, down
            payments among them
        """
        return {
            order: max(self._order_total(order, open_only=open_only), 0.0)
            for order in orders
        }

    @api.model
    def _open_claim(self, order, total):
        """Return what is open of an order that claims ``total`` in all.

        The tax engine is asked again only where something of it is invoiced.
        """
        if not any(self._invoiced_quantity(line) for line in order.order_line):
            return total
        return max(self._order_total(order, open_only=True), 0.0)

    @api.model
    def _order_total(self, order, taxed=True, open_only=False):
        """Return the total of an order in company currency at today's rate."""
        terms = self._order_terms(order)
        if open_only:
            quantities = {
                line.id: self._open_quantity(line) for line in order.order_line
            }
            terms["lines"] = {
                line_id: {**line, "quantity": quantities[line_id]}
                for line_id, line in terms["lines"].items()
            }
        total = self._terms_total(terms, taxed)
        return total - self._paid_down(order) if open_only else total

    @api.model
    def _order_terms(self, order):
        """Return the facts that a claim is worked out from, ids for records.

        Stored totals are not among them, nor is ``extra_tax_data``, which can state
        totals: all of these can be written over RPC.

        :return: ``partner_id``, ``partner_invoice_id``, ``company_id``,
            ``currency_id``, ``payment_term_id``, and ``lines``: by id of the line
            ``product_id``, ``product_uom_id``, ``tax_ids`` (tuple), ``quantity``,
            ``price_unit``, ``discount`` (per cent)
        :rtype: dict
        """
        return {
            "partner_id": order.partner_id.id,
            "partner_invoice_id": order.partner_invoice_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "payment_term_id": order.payment_term_id.id,
            "lines": {
                line.id: {
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "tax_ids": tuple(line.tax_ids.ids),
                    "quantity": max(line.product_uom_qty, line.qty_delivered),
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                }
                for line in order.order_line
                if not line.display_type
            },
        }

    @api.model
    def _terms_total(self, terms, taxed=True):
        """Return the total of :meth:`_order_terms` by Odoo's tax engine, in company
        currency at today's rate.
        """
        company = self.env["res.company"].browse(terms["company_id"])
        currency = self.env["res.currency"].browse(terms["currency_id"])
        taxes = self.env["account.tax"]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                None,
                partner_id=self.env["res.partner"].browse(terms["partner_id"]),
                currency_id=currency,
                product_id=self.env["product.product"].browse(line["product_id"]),
                product_uom_id=self.env["uom.uom"].browse(line["product_uom_id"]),
                tax_ids=taxes.browse(line["tax_ids"]),
                quantity=line["quantity"],
                price_unit=line["price_unit"],
                discount=line["discount"],
            )
            for line in terms["lines"].values()
        ]
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        total = 0.0
        for base_line in base_lines:
            details = base_line["tax_details"]
            total += details["total_excluded_currency"]
            total += details["delta_total_excluded_currency"]
            if taxed:
                total += sum(
                    tax["tax_amount_currency"] for tax in details["taxes_data"]
                )
        return currency._convert(
            total, company.currency_id, company, fields.Date.context_today(self)
        )

    @api.model
    def _open_quantity(self, line):
        """Return what is ordered or delivered of a line, and not invoiced."""
        quantity = max(line.product_uom_qty, line.qty_delivered)
        return max(quantity - self._invoiced_quantity(line), 0.0)

    @api.model
    def _invoiced_quantity(self, line):
        """Return what posted and draft invoices hold of an order line, in its unit."""
        quantity = 0.0
        for invoice_line in line.invoice_lines:
            move = invoice_line.move_id
            if move.state == "cancel":
                continue
            in_unit = invoice_line.product_uom_id._compute_quantity(
                invoice_line.quantity, line.product_uom_id
            )
            quantity += in_unit if move.move_type == "out_invoice" else -in_unit
        return quantity + self._quantity_at_till(line)

    @api.model
    def _paid_down(self, order):
        """Return what invoices and points of sale hold of an order as down payments,
        with taxes, in company currency; what a final invoice deducted is off again.

        The price on their lines of the order is not believed. Only lines of quantity 0
        count, as Odoo makes them: any other claims what it says.
        """
        company = order.company_id
        total = 0.0
        lines = order.order_line.filtered(
            lambda line: line.is_downpayment
            and not line.display_type
            and not max(line.product_uom_qty, line.qty_delivered)
        )
        for invoice_line in lines.invoice_lines.filtered("is_downpayment"):
            move = invoice_line.move_id
            if move.state == "cancel":
                continue
            amount = invoice_line.currency_id._convert(
                invoice_line.price_total,
                company.currency_id,
                company,
                move.invoice_date or fields.Date.context_today(self),
            )
            total += amount if move.move_type == "out_invoice" else -amount
        if "pos_order_line_ids" in lines._fields:
            for sold in lines.pos_order_line_ids:
                sale = sold.order_id
                deposit = sale.config_id.down_payment_product_id
                if sale.state in ("draft", "cancel") or sold.product_id != deposit:
                    continue
                total += sale.currency_id._convert(
                    sold.price_subtotal_incl,
                    company.currency_id,
                    company,
                    sale.date_order,
                )
        return total

    @api.model
    def _quantity_at_till(self, line):
        """Return how much of an order line a point of sale sold, in the line's unit.

        It is paid there, or among what the customer owes once the till is closed.
        """
        if "pos_order_line_ids" not in line._fields:
            return 0.0
        return sum(
            sold.product_uom_id._compute_quantity(sold.qty, line.product_uom_id)
            for sold in line.pos_order_line_ids
            if sold.order_id.state not in ("draft", "cancel")
        )
