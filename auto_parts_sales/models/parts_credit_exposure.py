from collections import defaultdict

from odoo import api, models

NO_CLAIM = {"claim": 0.0, "down_payments": 0.0}
# What tells which orders are open; orders that are judged are read by their id
STATES = {"delivery_status", "invoice_status", "state"}


class PartsCreditExposure(models.AbstractModel):
    """What a customer owes, and will owe from what was agreed (CRD-3).

    Figures are in company currency, over the customer's whole commercial entity, and
    must be asked for as superuser: a salesperson's record rules would make them
    smaller. What accounting knows is worked out in ``parts.credit.books``, what orders
    claim in ``parts.credit.claim``.
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
            authorised, not yet booked; negative), ``exposure``: the sum of these;
            besides ``overdue`` (open items past their date) and ``overdue_days`` of the
            oldest of them
        :rtype: dict[str, float]
        """
        return self._position(company, partners.commercial_partner_id, without)[0]

    @api.model
    def _position(self, company, debtors, orders=None):
        """Return the figures of ``debtors`` without ``orders``, and about these.

        Two queries, however much history there is.

        :param orders: orders that are judged (``sale.order``), whoever pays them
        :return: ``(figures, claims, books)``: see :meth:`_figures`, ``_of`` of
            ``parts.credit.claim`` (of ``orders`` alone), ``_of`` of
            ``parts.credit.books``
        :rtype: tuple[dict, dict, dict]
        """
        books = self.env["parts.credit.books"]._of(company, debtors, orders)
        claims = self.env["parts.credit.claim"]._of(
            company, debtors, orders, judged=True
        )
        own = set(orders.ids) if orders else set()
        others = [claims[order_id] for order_id in claims if order_id not in own]
        figures = self._summed(company, books, others)
        return figures, {id_: claims.get(id_, NO_CLAIM) for id_ in own}, books

    @api.model
    def _positions(self, company, asked):
        """Return what :meth:`_position` returns of each of several debtors, or groups
        of them, with as many queries for thousands as for one.

        :param list asked: pairs (debtors who count together, orders that are judged)
        :rtype: list[tuple[dict, dict, dict]]
        """
        claim = self.env["parts.credit.claim"]
        debtors, orders = self.env["res.partner"], self.env["sale.order"]
        debtors = debtors.union(*(debtors for debtors, _own in asked))
        orders = orders.union(*(own for _debtors, own in asked if own))
        books = self.env["parts.credit.books"]._each(company, asked)
        by_payer = defaultdict(dict)
        for order_id, found in claim._of(company, debtors).items():
            by_payer[found["payer_id"]][order_id] = found
        judged = claim._of(company, orders=orders, judged=True) if orders else {}
        positions = []
        for (debtors, own), known in zip(asked, books, strict=True):
            own = set(own.ids) if own else set()
            others = [
                found
                for debtor_id in debtors.ids
                for order_id, found in by_payer[debtor_id].items()
                if order_id not in own
            ]
            figures = self._summed(company, known, others)
            claims = {id_: judged.get(id_, NO_CLAIM) for id_ in own}
            positions.append((figures, claims, known))
        return positions

    @api.model
    def _summed(self, company, books, claims):
        """Return the figures that ``books`` and ``claims`` make."""
        parts = {
            "receivable": books["receivable"],
            "orders": sum(claim["claim"] for claim in claims),
            "drafts": books["drafts"],
            "down_payments": -sum(claim["down_payments"] for claim in claims),
            "uncleared": books["uncleared"],
            "transactions": -books["transactions"],
        }
        return {
            **{name: company.currency_id.round(part) for name, part in parts.items()},
            "exposure": company.currency_id.round(sum(parts.values())),
            "overdue": books["overdue"],
            "overdue_days": books["overdue_days"],
        }

    @api.model
    def _flush_facts(self, reads, orders=None):
        """Write down what a query is about to read.

        :param dict reads: names of fields by model
        :param orders: orders (``sale.order``) that the query reads whatever their
            state is: where nothing else waits, their state is not written now, so that
            it goes with what Odoo writes on them in the end
        """
        for model, names in reads.items():
            if model == "sale.order" and orders:
                names = [n for n in names if n not in STATES or self._waits(n, orders)]
            self.env[model].flush_model(names)

    @api.model
    def _waits(self, name, orders):
        """Return whether field ``name`` of other orders than these is to be written."""
        field = orders._fields[name]
        dirty = set(self.env.transaction.field_dirty.get(field, ()))
        dirty.update(self.env.records_to_compute(field).ids)
        return not dirty.issubset(orders.ids)

    @api.model
    def _books(self, company, debtors):
        """Return what accounting knows of ``debtors``: see ``parts.credit.books``."""
        return self.env["parts.credit.books"]._of(company, debtors)

    @api.model
    def _overdue_days(self, company, partner):
        """Return for how many days the oldest open claim is overdue, 0 if none is."""
        return self._books(company, partner.commercial_partner_id)["overdue_days"]

    @api.model
    def _orders(self, company, debtors, without=None):
        """Return what confirmed orders claim and no invoice holds yet, down payments
        taken off.

        :param without: orders to leave out (``sale.order``)
        """
        figures = self._position(company, debtors, without)[0]
        return figures["orders"] + figures["down_payments"]

    @api.model
    def _order_claims(self, orders):
        """Return ``{order: amount}``: what each order claims, ordered or delivered,
        with taxes, in company currency at today's rate, whatever is invoiced.
        """
        return {order: max(self._order_total(order), 0.0) for order in orders}

    @api.model
    def _order_total(self, order, taxed=True):
        """Return the total of an order in company currency at today's rate."""
        return self._terms_total(self._order_terms(order), taxed)

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
        claim = self.env["parts.credit.claim"]
        total = claim._lines_total(company, base_lines, taxed)
        return claim._in_company_currency(company, currency.id, total)
