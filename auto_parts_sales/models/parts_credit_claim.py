from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

READS = {
    "account.move": ["company_id", "move_type", "partner_id", "state"],
    "account.move.line": [
        "amount_currency",
        "balance",
        "currency_id",
        "display_type",
        "is_downpayment",
        "price_total",
        "product_uom_id",
        "quantity",
    ],
    "res.partner": ["commercial_partner_id"],
    "sale.order": [
        "company_id",
        "currency_id",
        "delivery_status",
        "invoice_status",
        "partner_id",
        "partner_invoice_id",
        "state",
    ],
    "sale.order.line": [
        "discount",
        "display_type",
        "invoice_lines",
        "is_downpayment",
        "order_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_delivered_method",
        "tax_ids",
    ],
    "stock.location": ["company_id", "usage"],
    "stock.move": [
        "location_dest_id",
        "location_id",
        "origin_returned_move_id",
        "product_id",
        "product_uom",
        "quantity",
        "sale_line_id",
        "state",
        "to_refund",
    ],
    "uom.uom": ["factor"],
}


class PartsCreditClaim(models.AbstractModel):
    """What orders make their customer owe beyond what invoices hold.

    All lines of all orders asked for come in one query, and go through Odoo's tax
    engine in one pass. Delivered is what the moves say, never less than the order line.
    An invoice line counts for one order line only, and only if its invoice is for who
    orders or who pays: linked over RPC to somebody else's order it changes nothing.
    """

    _name = "parts.credit.claim"
    _description = "Claim of Orders"

    @api.model
    def _of(self, company, debtors=None, orders=None, judged=False):
        """Return what is open of ``orders``, and of the other confirmed orders that
        ``debtors`` pay.

        :param bool judged: ``orders`` are being confirmed, or grow: they claim what is
            ordered, whatever became of transfers (a quotation that was confirmed and
            cancelled before has old ones, and its new ones come after the check)
        :return: by order id ``claim`` (with taxes, never below zero) and
            ``down_payments`` (posted, not yet deducted, at most the claim), in company
            currency at today's rate, and ``payer_id``: the commercial entity that is
            invoiced
        :rtype: dict[int, dict]
        """
        self.env["parts.credit.exposure"]._flush_facts(READS, orders)
        rows = self.env.execute_query_dict(self._query(company, debtors, orders))
        self._add_till(company, rows)
        binding = set(orders.ids) if orders and judged else ()
        for row in rows:
            row["left_to_ship"] |= row["order_id"] in binding
        claims = {}
        totals = self._totals(company, rows)
        paid_down = self._paid_down(company, rows)
        payers = {row["order_id"]: row["payer_id"] for row in rows}
        for order_id, payer_id in payers.items():
            claim = max(totals[order_id], 0.0)
            claims[order_id] = {
                "claim": claim,
                "down_payments": min(max(paid_down[order_id], 0.0), claim),
                "payer_id": payer_id,
            }
        return claims

    # === AMOUNTS === #

    @api.model
    def _totals(self, company, rows):
        """Return ``{order id: total of what is open, company currency}``."""
        taxes = self.env["account.tax"].browse({t for r in rows for t in r["tax_ids"]})
        products = self.env["product.product"].browse({r["product_id"] for r in rows})
        uoms = self.env["uom.uom"].browse({r["product_uom_id"] for r in rows})
        partners = self.env["res.partner"].browse({r["partner_id"] for r in rows})
        by_order = defaultdict(list)
        for row in rows:
            quantity = self._open_quantity(row)
            if not quantity or row["display_type"]:
                by_order[row["order_id"]] += ()
                continue
            by_order[row["order_id"]].append(
                self.env["account.tax"]._prepare_base_line_for_taxes_computation(
                    None,
                    currency_id=self.env["res.currency"].browse(row["currency_id"]),
                    discount=row["discount"] or 0.0,
                    partner_id=self._one(partners, row["partner_id"]),
                    price_unit=row["price_unit"] or 0.0,
                    product_id=self._one(products, row["product_id"]),
                    product_uom_id=self._one(uoms, row["product_uom_id"]),
                    quantity=quantity,
                    tax_ids=self._one(taxes, *row["tax_ids"]),
                )
            )
        currencies = {row["order_id"]: row["currency_id"] for row in rows}
        return {
            order_id: self._in_company_currency(
                company,
                currencies[order_id],
                self._lines_total(company, base_lines),
            )
            for order_id, base_lines in by_order.items()
        }

    @api.model
    def _one(self, records, *ids):
        """Return some of ``records``, to be read together with all of them."""
        ids = [id_ for id_ in ids if id_]
        return records.browse(ids).with_prefetch(records._prefetch_ids)

    @api.model
    def _lines_total(self, company, base_lines, taxed=True):
        """Return the total of base lines of one document, in its currency."""
        if not base_lines:
            return 0.0
        taxes = self.env["account.tax"]
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
        return total

    @api.model
    def _in_company_currency(self, company, currency_id, amount):
        currency = self.env["res.currency"].browse(currency_id)
        today = fields.Date.context_today(self)
        return currency._convert(amount, company.currency_id, company, today)

    @api.model
    def _open_quantity(self, row):
        """Return what of a line is ordered or delivered and not invoiced.

        Delivered only, once nothing of the order is left to ship; what is never shipped
        (services) stays the greater of ordered and delivered. A down payment of
        quantity 0, as Odoo makes them, claims nothing, however often it was credited.
        """
        delivered = max(row["qty_delivered"] or 0.0, row["moved"] or 0.0)
        if row["is_downpayment"] and not (row["product_uom_qty"] or delivered):
            return 0.0
        if row["shipped"] and not row["left_to_ship"]:
            quantity = delivered
        else:
            quantity = max(row["product_uom_qty"] or 0.0, delivered)
        invoiced = row["invoiced"] or 0.0
        # Quantities in other units come from a division
        return max(round(quantity - invoiced - row["at_till"], 6), 0.0)

    @api.model
    def _paid_down(self, company, rows):
        """Return ``{order id: posted down payments less what invoices deducted}``.

        Only lines of quantity 0 count, as Odoo makes them: any other claims what it
        says. The price on the order's line is not believed.
        """
        amounts = defaultdict(float)
        for row in rows:
            if row["paid_down"]:
                amounts[row["order_id"]] += self._in_company_currency(
                    company, row["currency_id"], float(row["paid_down"])
                )
            if row["paid_down_other"]:
                amounts[row["order_id"]] += float(row["paid_down_other"])
            amounts[row["order_id"]] += row["down_at_till"]
        return amounts

    # === POINT OF SALE === #

    @api.model
    def _add_till(self, company, rows):
        """Add to each row what a point of sale sold of the line: ``at_till`` (quantity)
        and ``down_at_till`` (down payments, company currency).

        It is paid there, or among what the customer owes once the till is closed.
        """
        lines = self.env["sale.order.line"]
        beside = "pos_order_line_ids" in lines._fields
        lines = lines.browse(row["id"] for row in rows)
        for line, row in zip(lines, rows, strict=True):
            row["at_till"] = row["down_at_till"] = 0.0
            for sold in line.pos_order_line_ids if beside else ():
                sale = sold.order_id
                if sale.state in ("draft", "cancel"):
                    continue
                deposit = sale.config_id.down_payment_product_id
                if line.is_downpayment and sold.product_id == deposit:
                    row["down_at_till"] += sale.currency_id._convert(
                        sold.price_subtotal_incl,
                        company.currency_id,
                        company,
                        sale.date_order,
                    )
                else:
                    row["at_till"] += sold.product_uom_id._compute_quantity(
                        sold.qty, line.product_uom_id
                    )

    # === QUERY === #

    @api.model
    def _query(self, company, debtors, orders):
        return SQL(
            """
            WITH counted AS MATERIALIZED (%(counted)s),
            line AS MATERIALIZED (
                SELECT line.*, sale.currency_id AS sale_currency_id,
                       sale.company_id AS sale_company_id,
                       sale.partner_id AS sale_partner_id,
                       payer.commercial_partner_id AS payer_id,
                       orderer.commercial_partner_id AS orderer_id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
                  JOIN res_partner payer ON payer.id = sale.partner_invoice_id
                  JOIN res_partner orderer ON orderer.id = sale.partner_id
                 WHERE line.order_id IN (SELECT id FROM counted)
                   AND (line.display_type IS NULL OR line.is_downpayment)
            )
            SELECT line.id, line.order_id, line.payer_id, line.display_type,
                   line.is_downpayment,
                   line.sale_partner_id AS partner_id,
                   line.sale_currency_id AS currency_id,
                   line.product_id, line.product_uom_id,
                   line.product_uom_qty::float8, line.qty_delivered::float8,
                   line.price_unit::float8, line.discount::float8,
                   moves.moved, moves.shipped,
                   BOOL_OR(moves.waits) OVER (PARTITION BY line.order_id)
                       AS left_to_ship,
                   held.invoiced, held.paid_down, held.paid_down_other,
                   ARRAY(SELECT account_tax_id
                           FROM account_tax_sale_order_line_rel tax
                          WHERE tax.sale_order_line_id = line.id
                          ORDER BY account_tax_id) AS tax_ids
              FROM line
              JOIN LATERAL (%(moves)s) moves ON TRUE
              JOIN LATERAL (%(held)s) held ON TRUE
             ORDER BY line.order_id, line.id
            """,
            counted=self._counted_query(company, debtors, orders),
            moves=self._moves_query(),
            held=self._held_query(),
        )

    @api.model
    def _counted_query(self, company, debtors, orders):
        """Return SQL of the ids of the orders to read.

        What Odoo calls fully invoiced, and has nothing left to ship, is not read again:
        a customer's thousands of old orders cost nothing. Where that word was written
        over, or rests on an invoice of somebody else, the order is a suspect and read.
        """
        chosen = tuple(orders.ids) if orders else ()
        parts = []
        if chosen:
            parts.append(SQL("SELECT id FROM sale_order WHERE id IN %s", chosen))
        if debtors:
            confirmed = SQL(
                """
                sale.company_id = %s AND sale.state = 'sale'
                AND sale.partner_invoice_id IN (
                    SELECT id FROM res_partner WHERE commercial_partner_id IN %s)
                """,
                company.id,
                tuple(debtors.ids),
            )
            parts += [
                SQL(
                    """
                    SELECT sale.id FROM sale_order sale
                     WHERE %s
                       AND (sale.invoice_status IS DISTINCT FROM 'invoiced'
                            OR sale.delivery_status IN
                               ('pending', 'started', 'partial'))
                    """,
                    confirmed,
                ),
                SQL(
                    """
                    SELECT sale.id
                      FROM parts_credit_suspect suspect
                      JOIN sale_order sale ON sale.id = suspect.order_id
                     WHERE %s
                    """,
                    confirmed,
                ),
            ]
        return SQL(" UNION ").join(parts) if parts else SQL("SELECT 0 AS id")

    @api.model
    def _moves_query(self):
        """Return SQL of what moves say of ``line``: ``moved`` (delivered, less what
        came back and is to be refunded, in the line's unit), ``shipped``: it is
        delivered by moves, ``waits``: some of them still wait to leave.
        """
        return SQL(
            """
            SELECT SUM(CASE
                       WHEN move.state <> 'done' OR move.product_id <> line.product_id
                       THEN 0
                       WHEN (target.usage = 'customer' OR (target.usage = 'transit'
                                                  AND target.company_id IS NULL))
                            AND (move.origin_returned_move_id IS NULL
                                 OR move.to_refund)
                       THEN move.quantity * own.factor / unit.factor
                       WHEN move.to_refund
                            AND (source.usage = 'customer'
                                 OR (source.usage = 'transit'
                                     AND source.company_id IS NULL))
                       THEN -move.quantity * own.factor / unit.factor
                       ELSE 0 END)::float8 AS moved,
                   COUNT(*) FILTER (WHERE source.usage <> 'customer') > 0 AS shipped,
                   COALESCE(BOOL_OR(move.state NOT IN ('done', 'cancel')
                                    AND source.usage <> 'customer'), FALSE) AS waits
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom own ON own.id = move.product_uom
              JOIN uom_uom unit ON unit.id = line.product_uom_id
             WHERE move.sale_line_id = line.id
            """
        )

    @api.model
    def _held_query(self):
        """Return SQL of what invoices hold of ``line``: ``invoiced`` (posted and draft,
        in the line's unit), and of a down payment what is posted and not deducted, with
        taxes: ``paid_down`` in the order's currency, ``paid_down_other`` in the
        company's, where the invoice has another currency.

        An invoice line that is linked to several order lines of its customer counts
        for the first of them.
        """
        return SQL(
            """
            SELECT SUM(item.sign * item.quantity
                       * COALESCE(own.factor / NULLIF(unit.factor, 0), 1))::float8
                       AS invoiced,
                   SUM(item.down) FILTER (WHERE item.currency_id
                                              = line.sale_currency_id) AS paid_down,
                   SUM(item.down * ABS(item.balance
                                       / NULLIF(item.amount_currency, 0)))
                       FILTER (WHERE item.currency_id <> line.sale_currency_id)
                       AS paid_down_other
              FROM (
                  SELECT entry.quantity, entry.product_uom_id, entry.currency_id,
                         entry.balance, entry.amount_currency, kind.sign,
                         CASE WHEN line.is_downpayment AND entry.is_downpayment
                                   AND COALESCE(line.product_uom_qty, 0) = 0
                                   AND COALESCE(line.qty_delivered, 0) = 0
                              THEN CASE WHEN move.state = 'posted'
                                        THEN kind.sign * entry.price_total
                                        ELSE LEAST(kind.sign * entry.price_total, 0)
                                   END
                         END AS down
                    FROM sale_order_line_invoice_rel link
                    JOIN account_move_line entry ON entry.id = link.invoice_line_id
                    JOIN account_move move ON move.id = entry.move_id
                    JOIN res_partner partner ON partner.id = move.partner_id
                   CROSS JOIN LATERAL (
                         SELECT CASE WHEN move.move_type = 'out_refund'
                                     THEN -1 ELSE 1 END AS sign) kind
                   WHERE link.order_line_id = line.id
                     AND move.state IN ('draft', 'posted')
                     AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                     AND move.company_id = line.sale_company_id
                     AND partner.commercial_partner_id
                         IN (line.payer_id, line.orderer_id)
                     AND NOT EXISTS (
                         SELECT 1
                           FROM sale_order_line_invoice_rel other
                           JOIN sale_order_line before
                             ON before.id = other.order_line_id
                           JOIN sale_order theirs ON theirs.id = before.order_id
                           JOIN res_partner theirs_paid
                             ON theirs_paid.id = theirs.partner_invoice_id
                           JOIN res_partner theirs_ordered
                             ON theirs_ordered.id = theirs.partner_id
                          WHERE other.invoice_line_id = link.invoice_line_id
                            AND other.order_line_id < link.order_line_id
                            AND partner.commercial_partner_id
                                IN (theirs_paid.commercial_partner_id,
                                    theirs_ordered.commercial_partner_id))
              ) item
              LEFT JOIN uom_uom own ON own.id = item.product_uom_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
            """
        )
