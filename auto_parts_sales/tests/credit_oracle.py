"""An oracle of the exposure: slow, plain Python, written from its definition (CRD-3).

It looks at move lines, order lines, matchings and moves one by one, and shares no code
with the addon. Only the reading goes over several customers at a time.
"""

from collections import defaultdict


def exposures(env, company, debtors):
    """Return for each of ``debtors`` its ``receivable``, ``drafts``, ``orders`` and
    ``down_payments`` (negative).

    :rtype: dict[record, dict[str, float]]
    """
    heads = _heads(env, debtors)
    receivables = _receivables(env, company, heads)
    drafts = _drafts(env, company, heads)
    orders, down_payments = _orders(env, company, heads)
    return {
        debtor: {
            "receivable": round(receivables[debtor.id], 2),
            "drafts": round(drafts[debtor.id], 2),
            "orders": round(orders[debtor.id], 2),
            "down_payments": round(down_payments[debtor.id], 2),
        }
        for debtor in debtors
    }


def _heads(env, debtors):
    """Return whose each address is: ``{partner id: debtor id}``."""
    heads = {}
    partners = env["res.partner"].with_context(active_test=False)
    for partner in partners.search([("id", "child_of", debtors.ids)]):
        head = partner
        while head not in debtors:
            head = head.parent_id
        heads[partner.id] = head.id
    return heads


def _receivables(env, company, heads):
    items = env["account.move.line"].search(
        [("company_id", "=", company.id), ("partner_id", "in", list(heads))]
    )
    debits, credits = defaultdict(list), defaultdict(list)
    partials = env["account.partial.reconcile"].search(
        ["|", ("debit_move_id", "in", items.ids), ("credit_move_id", "in", items.ids)]
    )
    for partial in partials:
        debits[partial.debit_move_id.id].append(partial)
        credits[partial.credit_move_id.id].append(partial)
    moves = items.move_id
    moves |= partials.debit_move_id.move_id | partials.credit_move_id.move_id
    payments = defaultdict(list)
    for payment in env["account.payment"].search([("move_id", "in", moves.ids)]):
        payments[payment.move_id.id].append(payment.state)

    def counts(item):
        """A side of a settlement counts if it is posted and no payment of it bounced"""
        bounced = {"rejected", "canceled"}.intersection(payments[item.move_id.id])
        return item.move_id.state == "posted" and not bounced

    totals = defaultdict(float)
    for item in items:
        if item.account_id.account_type != "asset_receivable" or not counts(item):
            continue
        open_amount = item.debit - item.credit
        for partial in debits[item.id]:
            open_amount -= partial.amount if counts(partial.credit_move_id) else 0.0
        for partial in credits[item.id]:
            open_amount += partial.amount if counts(partial.debit_move_id) else 0.0
        totals[heads[item.partner_id.id]] += open_amount
    return totals


def _drafts(env, company, heads):
    totals = defaultdict(float)
    for move in env["account.move"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "draft"),
            ("partner_id", "in", list(heads)),
        ]
    ):
        if move.move_type == "out_invoice":
            totals[heads[move.partner_id.id]] += move.amount_total
        elif move.move_type == "out_refund":
            totals[heads[move.partner_id.id]] -= move.amount_total
    return totals


def _orders(env, company, heads):
    claims, down_payments = defaultdict(float), defaultdict(float)
    orders = env["sale.order"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
            ("partner_invoice_id", "in", list(heads)),
        ]
    )
    moves = defaultdict(list)
    for move in env["stock.move"].search([("sale_line_id.order_id", "in", orders.ids)]):
        moves[move.sale_line_id.order_id.id].append(move)
    for order in orders:
        left = any(
            move.state not in ("done", "cancel")
            and move.location_id.usage != "customer"
            for move in moves[order.id]
        )
        claim = 0.0
        for line in order.order_line:
            if not line.display_type and not line.is_downpayment:
                own = [m for m in moves[order.id] if m.sale_line_id == line]
                claim += _line(line, own, left)
        claim = max(claim, 0.0)
        head = heads[order.partner_invoice_id.id]
        claims[head] += claim
        down_payments[head] -= min(max(_paid_down(order), 0.0), claim)
    return claims, down_payments


def _line(line, moves, left):
    delivered = line.qty_delivered
    if moves:
        delivered = 0.0
        for move in moves:
            if move.state != "done":
                continue
            if move.location_dest_id.usage == "customer":
                delivered += move.quantity
            elif move.location_id.usage == "customer" and move.to_refund:
                delivered -= move.quantity
    ships = any(move.location_id.usage != "customer" for move in moves)
    quantity = delivered
    if left or not ships:
        quantity = max(line.product_uom_qty, delivered)
    for item in line.invoice_lines:
        if item.move_id.state == "cancel":
            continue
        quantity -= item.quantity * (
            1 if item.move_id.move_type == "out_invoice" else -1
        )
    if quantity <= 0:
        return 0.0
    price = line.price_unit * (1 - line.discount / 100.0)
    net = round(quantity * price, 2)
    return net + sum(round(net * tax.amount / 100.0, 2) for tax in line.tax_ids)


def _paid_down(order):
    total = 0.0
    for line in order.order_line:
        if not line.is_downpayment or line.display_type:
            continue
        for item in line.invoice_lines:
            move = item.move_id
            amount = item.price_total
            if move.move_type == "out_refund":
                amount = -amount
            # taken off when posted; deducted by a draft already
            if move.state == "posted" or (move.state == "draft" and amount < 0):
                total += amount
    return total
