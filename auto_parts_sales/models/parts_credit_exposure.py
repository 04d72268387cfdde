from odoo import api, fields, models


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
            "receivable": self._receivable(company, debtor),
            "orders": self._orders(company, debtor),
            "drafts": self._drafts(company, debtor),
        }

    @api.model
    def _receivable_domain(self, company, debtor):
        return [
            ("company_id", "=", company.id),
            ("partner_id", "child_of", debtor.id),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
        ]

    @api.model
    def _receivable(self, company, debtor):
        [[amount]] = self.env["account.move.line"]._read_group(
            self._receivable_domain(company, debtor),
            aggregates=["amount_residual:sum"],
        )
        return amount or 0.0

    @api.model
    def _overdue_days(self, company, partner):
        """Return for how many days the oldest open claim is overdue, 0 if none is."""
        today = fields.Date.context_today(self)
        domain = self._receivable_domain(company, partner.commercial_partner_id)
        [[oldest]] = self.env["account.move.line"]._read_group(
            domain + [("amount_residual", ">", 0), ("date_maturity", "<", today)],
            aggregates=["date_maturity:min"],
        )
        return (today - oldest).days if oldest else 0

    @api.model
    def _drafts(self, company, debtor):
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", debtor.id),
                ("state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )
        return sum(moves.mapped("amount_total_signed"))

    @api.model
    def _orders(self, company, debtor):
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("partner_invoice_id.commercial_partner_id", "=", debtor.id),
                ("state", "=", "sale"),
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
        """Return the total of an order in company currency at today's rate.

        Worked out from quantity, price, discount and taxes by Odoo's tax engine, as
        stored totals can be written over RPC.
        """
        base_lines = [
            line._prepare_base_line_for_taxes_computation(
                quantity=self._claimed_quantity(line, open_only)
            )
            for line in order.order_line
            if not line.display_type and not line.is_downpayment
        ]
        if not base_lines:
            return 0.0
        company = order.company_id
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        totals = taxes._get_tax_totals_summary(
            base_lines=base_lines, currency=order.currency_id, company=company
        )
        return order.currency_id._convert(
            totals["total_amount_currency" if taxed else "base_amount_currency"],
            company.currency_id,
            company,
            fields.Date.context_today(self),
        )

    @api.model
    def _claimed_quantity(self, line, open_only):
        quantity = max(line.product_uom_qty, line.qty_delivered)
        if not open_only:
            return quantity
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
