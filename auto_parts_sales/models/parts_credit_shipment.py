from collections import defaultdict

from odoo import api, models

# What a payment state of a till's sale says: it is paid, or on its way to the books
PAID_AT_TILL = ("paid", "done", "invoiced")


class PartsCreditShipment(models.AbstractModel):
    """What one transfer hands over, in money: its value, and what is new of it.

    The orders behind a transfer are counted already, in full. New is what goes beyond
    them: more than was ordered, or goods that nobody ordered. It is worked out from
    quantities, prices, discounts and taxes, never from stored totals. Everything is
    asked for as superuser.
    """

    _name = "parts.credit.shipment"
    _description = "Value of a Transfer"

    # === VALUE === #

    @api.model
    def _value(self, picking, taxed=True, left_only=False):
        """Return the value of what leaves with ``picking``, in company currency.

        At the price of the order line, or the sales price where none is behind it.

        :param bool taxed: with taxes
        :param bool left_only: only what has left already
        """
        leaving = self.env["parts.delivery.leaving"]
        if left_only:
            quantities = leaving._left(picking)
        else:
            quantities = leaving._quantities(picking)
        sold, unsold = defaultdict(float), defaultdict(float)
        for move, quantity in quantities.items():
            line = self._line_of(move)
            if line and line.product_id == move.product_id:
                sold[line] += self._in_unit_of(line, quantity)
            else:
                unsold[move.product_id] += quantity
        total = self._unsold_value(picking, unsold, taxed)
        for order, lines in self._by_order(sold).items():
            total += self._order_value(order, lines, taxed)
        return total

    @api.model
    def _new_value(self, pickings):
        """Return what ``pickings`` hand over beyond what their orders claim already,
        with taxes, in company currency: ``{picking: {order or none: amount}}``.
        """
        leaving = self.env["parts.delivery.leaving"]
        asked, unsold = defaultdict(float), {}
        lines_of = defaultdict(set)
        for picking in pickings:
            unsold[picking] = defaultdict(float)
            quantities = leaving._quantities(picking)
            others = defaultdict(float)
            for move in leaving._planned(picking) | self._left_moves(picking):
                line = self._line_of(move)
                if not line:
                    unsold[picking][move.product_id] += quantities.get(move, 0.0)
                elif line.product_id != move.product_id:
                    others[line, move.product_id] += quantities.get(move, 0.0)
                else:
                    lines_of[picking].add(line)
                    if move.state not in ("done", "cancel"):
                        asked[line] += self._in_unit_of(
                            line, leaving._planned_quantity(move)
                        )
            for (line, product), quantity in others.items():
                beyond = self._beyond_kit(picking, line, product, quantity)
                unsold[picking][product] += beyond
        result = {}
        for picking in pickings:
            new = {}
            for order, lines in self._by_order(
                dict.fromkeys(lines_of[picking])
            ).items():
                growth = self._growth(order, {line: asked[line] for line in lines})
                if growth > 0:
                    new[order] = growth
            value = self._unsold_value(picking, unsold[picking], taxed=True)
            if value > 0:
                nobody = self.env["sale.order"]
                orders = leaving._orders(picking)
                new[orders[:1] or nobody] = new.get(orders[:1] or nobody, 0.0) + value
            result[picking] = new
        return result

    @api.model
    def _beyond_kit(self, picking, line, product, quantity):
        """Return how much of ``product``, which is not what ``line`` sells, leaves with
        ``picking`` beyond what the line's kit is made of; all of it where that is no
        kit.
        """
        part_of = self._kit_parts(line).get(product, 0.0)
        leaving = self.env["parts.delivery.leaving"]
        before = sum(
            move.product_uom._compute_quantity(move.quantity, product.uom_id)
            for move in line.move_ids
            if move.product_id == product
            and move.picking_id != picking
            and move.state == "done"
            and leaving._leaves(move, move.location_id, move.location_dest_id)
        )
        beyond = before + quantity - part_of
        return max(min(product.uom_id.round(beyond), quantity), 0.0)

    @api.model
    def _kit_parts(self, line):
        """Return ``{product: quantity in its unit}`` of the kit that ``line`` sells, as
        far as manufacturing is installed; nothing where it is no kit.
        """
        if "mrp.bom" not in self.env:
            return {}
        boms = self.env["mrp.bom"]._bom_find(
            line.product_id, company_id=line.company_id.id, bom_type="phantom"
        )
        bom = boms.get(line.product_id)
        if not bom:
            return {}
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, bom.product_uom_id
        )
        _boms, parts = bom.explode(line.product_id, ordered / bom.product_qty)
        needed = defaultdict(float)
        for part, values in parts:
            needed[part.product_id] += part.product_uom_id._compute_quantity(
                values["qty"], part.product_id.uom_id
            )
        return needed

    @api.model
    def _left_moves(self, picking):
        return picking.move_ids.browse(
            move.id for move in self.env["parts.delivery.leaving"]._left(picking)
        )

    @api.model
    def _growth(self, order, asked):
        """Return by how much an order's claim grows when ``asked`` (``{line: quantity
        that is to leave}``) leaves, with taxes, in company currency.
        """
        exposure = self.env["parts.credit.exposure"]
        before = exposure._order_terms(order)
        after = {**before, "lines": dict(before["lines"])}
        for line, quantity in asked.items():
            if line.id not in before["lines"]:
                continue
            claimed = before["lines"][line.id]
            delivered = self._delivered(line) + quantity
            if line.product_uom_id.compare(delivered, claimed["quantity"]) > 0:
                after["lines"][line.id] = {**claimed, "quantity": delivered}
        if before["lines"] == after["lines"]:
            return 0.0
        return exposure._terms_total(after) - exposure._terms_total(before)

    @api.model
    def _delivered(self, line):
        """Return what has left of an order line and not come back, in its unit.

        The stored figure of the order can be written, the moves are what happened.
        """
        leaving = self.env["parts.delivery.leaving"]
        total = 0.0
        for move in line.move_ids:
            if move.state != "done" or move.product_id != line.product_id:
                continue
            quantity = move.product_uom._compute_quantity(
                move.quantity, line.product_uom_id
            )
            if leaving._leaves(move, move.location_id, move.location_dest_id):
                total += quantity
            elif move.location_id.usage in ("customer", "transit"):
                total -= quantity
        return total

    @api.model
    def _order_value(self, order, lines, taxed):
        exposure = self.env["parts.credit.exposure"]
        terms = exposure._order_terms(order)
        terms["lines"] = {
            line.id: {**terms["lines"][line.id], "quantity": quantity}
            for line, quantity in lines.items()
            if line.id in terms["lines"]
        }
        return exposure._terms_total(terms, taxed)

    @api.model
    def _unsold_value(self, picking, quantities, taxed):
        if not quantities:
            return 0.0
        company = picking.company_id
        terms = {
            "partner_id": picking.partner_id.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "lines": {
                product.id: {
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "tax_ids": product.taxes_id._filter_taxes_by_company(company).ids,
                    "quantity": quantity,
                    "price_unit": product.with_company(company).lst_price,
                    "discount": 0.0,
                }
                for product, quantity in quantities.items()
            },
        }
        return self.env["parts.credit.exposure"]._terms_total(terms, taxed)

    @api.model
    def _by_order(self, lines):
        orders = defaultdict(dict)
        for line, quantity in lines.items():
            orders[line.order_id][line] = quantity
        return orders

    @api.model
    def _line_of(self, move):
        """Return the order line that a move delivers; of the transfer's orders the one
        with its product, as Odoo links it when it is done.
        """
        if move.sale_line_id:
            return move.sale_line_id
        lines = self.env["parts.delivery.leaving"]._orders(move.picking_id).order_line
        return lines.filtered(lambda line: line.product_id == move.product_id)[:1]

    @api.model
    def _in_unit_of(self, line, quantity):
        return line.product_id.uom_id._compute_quantity(quantity, line.product_uom_id)

    # === PAID === #

    @api.model
    def _is_of_till(self, picking):
        """Return whether a point of sale sold what leaves with ``picking``: it is paid
        there, or handed over at the counter on the till's own rules.

        A transfer says so in fields that can be written; what counts is that the sales
        hold these quantities, and no other transfer of theirs has handed them over.
        What is put on the customer's account and shipped later is judged.
        """
        if "pos_order_id" not in picking._fields:
            return False
        if self.env["parts.approval.beside"]._is_handing_out():
            return True
        sales = picking.pos_order_id
        later = bool(sales)
        if not sales:
            sales = picking.pos_session_id.order_ids
        sales = sales.filtered(lambda sale: sale.state in PAID_AT_TILL)
        if later:
            sales = sales.filtered(self._is_paid)
        if not sales or sales.company_id != picking.company_id:
            return False
        return self._covers(sales, picking)

    @api.model
    def _is_paid(self, sale):
        return all(
            payment.payment_method_id.type != "pay_later"
            for payment in sale.payment_ids
        )

    @api.model
    def _covers(self, sales, picking):
        sold, gone = defaultdict(float), defaultdict(float)
        for line in sales.lines:
            sold[line.product_id.id] += max(line.qty, 0.0)
        leaving = self.env["parts.delivery.leaving"]
        family = picking.search(
            [
                ("id", "!=", picking.id),
                "|",
                ("pos_order_id", "in", sales.ids),
                ("pos_session_id", "in", sales.session_id.ids),
            ]
        )
        for other in family:
            for product, quantity in leaving._left_terms(other).items():
                gone[product] += quantity
        return all(
            quantity <= sold[product] - gone[product] + 0.00001
            for product, quantity in leaving._total(picking).items()
        )

    @api.model
    def _owed(self, orders):
        """Return ``{order: what its customer still owes of it}``, in company currency.

        What no invoice holds and no money covers yet, and what is open of its invoices,
        as far as the customer owes anything: unmatched payments count.
        """
        check = self.env["parts.credit.check"]
        owed = {}
        for company, own in orders.grouped("company_id").items():
            asked = own.grouped(
                lambda order: order.partner_invoice_id.commercial_partner_id
            )
            for payer, judged in check._judged_all(company, asked).items():
                needs = check._needs(company, payer, asked[payer], *judged)
                used = max(judged[0]["exposure"], 0.0)
                for order in asked[payer]:
                    invoiced = min(self._open_invoices(order), used)
                    owed[order] = company.currency_id.round(needs[order] + invoiced)
        return owed

    @api.model
    def _open_invoices(self, order):
        """Return what is open of an order's invoices, its down payments aside."""
        deposit = self.env["parts.credit.deposit"]
        total = 0.0
        for invoice in order.invoice_ids:
            if all(line.is_downpayment for line in invoice.invoice_line_ids):
                continue
            if invoice.state == "draft":
                total += invoice.amount_total_signed
            elif invoice.state == "posted" and invoice.move_type == "out_invoice":
                total += deposit._open(invoice)[1]
        return max(total, 0.0)
