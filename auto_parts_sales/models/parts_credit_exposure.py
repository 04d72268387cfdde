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
    def _figures(self, company, partner):
        """Return the parts of ``partner``'s exposure to ``company``.

        :return: ``receivable`` (posted items on receivable accounts, still open),
            ``orders`` (confirmed, not invoiced) and ``drafts`` (draft customer
            invoices less draft credit notes), all in company currency
        :rtype: dict[str, float]
        """
        debtor = partner.commercial_partner_id
        return {
            "receivable": self._receivable(company, debtor)[0],
            "orders": self._orders(company, debtor),
            "drafts": self._drafts(company, debtor),
        }

    @api.model
    def _receivable(self, company, debtor):
        """Return what ``debtor`` owes on receivable accounts, in company currency, and
        for how many days the oldest open claim of it is overdue, 0 if none is.
        """
        today = fields.Date.context_today(self)
        lines = self.env["account.move.line"]
        query = lines._search(
            [
                ("company_id", "=", company.id),
                ("partner_id.commercial_partner_id", "=", debtor.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        residual = lines._field_to_sql(query.table, "amount_residual", query)
        due = lines._field_to_sql(query.table, "date_maturity", query)
        [[amount, oldest]] = self.env.execute_query(
            query.select(
                SQL("SUM(%s)", residual),
                SQL(
                    "MIN(%(due)s) FILTER"
                    " (WHERE %(residual)s > 0 AND %(due)s < %(now)s)",
                    due=due,
                    residual=residual,
                    now=today,
                ),
            )
        )
        return float(amount or 0.0), (today - oldest).days if oldest else 0

    @api.model
    def _overdue_days(self, company, partner):
        """Return for how many days the oldest open claim is overdue, 0 if none is."""
        return self._receivable(company, partner.commercial_partner_id)[1]

    @api.model
    def _drafts(self, company, debtor):
        [[amount]] = self.env["account.move"]._read_group(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", debtor.id),
                ("state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ],
            aggregates=["amount_total_signed:sum"],
        )
        return amount or 0.0

    @api.model
    def _orders(self, company, debtor, without=None):
        """Return what confirmed orders claim and no invoice holds yet.

        :param without: orders to leave out (``sale.order``)
        """
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("partner_invoice_id.commercial_partner_id", "=", debtor.id),
                ("state", "=", "sale"),
                ("id", "not in", without.ids if without else []),
            ]
        )
        return sum(self._order_claims(orders, open_only=True).values())

    @api.model
    def _order_claims(self, orders, open_only=False):
        """Return ``{order: amount}``: what each order makes its customer owe, with
        taxes, in company currency at today's rate.

        :param bool open_only: leave out what invoices, draft ones included, hold
        """
        return {
            order: max(self._order_total(order, open_only=open_only), 0.0)
            for order in orders
        }

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
        return self._terms_total(terms, taxed)

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
        return quantity
