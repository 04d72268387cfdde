"""An oracle of the exposure: slow, plain Python, written from its definition (CRD-3).

It reads move lines, order lines, matchings and moves one by one, and shares no code
with the addon.
"""


def exposure(env, company, debtor):
    """Return ``receivable``, ``drafts``, ``orders``, ``down_payments`` (negative)."""
    return {
        "receivable": round(_receivable(env, company, debtor), 2),
        "drafts": round(_drafts(env, company, debtor), 2),
        **_orders(env, company, debtor),
    }


def _counts(item):
    """A side of a settlement counts if it is posted and no payment of it bounced."""
    if item.move_id.state != "posted":
        return False
    payments = item.env["account.payment"].search([("move_id", "=", item.move_id.id)])
    return all(payment.state not in ("rejected", "canceled") for payment in payments)


def _receivable(env, company, debtor):
    total = 0.0
    for item in env["account.move.line"].search(
        [("company_id", "=", company.id), ("partner_id", "child_of", debtor.id)]
    ):
        if item.account_id.account_type != "asset_receivable" or not _counts(item):
            continue
        total += item.debit - item.credit
        for partial in env["account.partial.reconcile"].search(
            [("debit_move_id", "=", item.id)]
        ):
            total -= partial.amount if _counts(partial.credit_move_id) else 0.0
        for partial in env["account.partial.reconcile"].search(
            [("credit_move_id", "=", item.id)]
        ):
            total += partial.amount if _counts(partial.debit_move_id) else 0.0
    return total


def _drafts(env, company, debtor):
    total = 0.0
    for move in env["account.move"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "draft"),
            ("partner_id", "child_of", debtor.id),
        ]
    ):
        if move.move_type == "out_invoice":
            total += move.amount_total
        elif move.move_type == "out_refund":
            total -= move.amount_total
    return total


def _orders(env, company, debtor):
    claims = down_payments = 0.0
    for order in env["sale.order"].search(
        [
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
            ("partner_invoice_id", "child_of", debtor.id),
        ]
    ):
        moves = env["stock.move"].search([("sale_line_id.order_id", "=", order.id)])
        left = any(
            move.state not in ("done", "cancel")
            and move.location_id.usage != "customer"
            for move in moves
        )
        claim = 0.0
        for line in order.order_line:
            if not line.display_type and not line.is_downpayment:
                claim += _line(env, line, moves, left)
        claim = max(claim, 0.0)
        claims += claim
        down_payments -= min(max(_paid_down(order), 0.0), claim)
    return {"orders": round(claims, 2), "down_payments": round(down_payments, 2)}


def _line(env, line, moves, left):
    own = moves.filtered(lambda move: move.sale_line_id == line)
    delivered = line.qty_delivered
    if own:
        delivered = 0.0
        for move in own.filtered(lambda move: move.state == "done"):
            if move.location_dest_id.usage == "customer":
                delivered += move.quantity
            elif move.location_id.usage == "customer" and move.to_refund:
                delivered -= move.quantity
    ships = any(move.location_id.usage != "customer" for move in own)
    quantity = delivered
    if left or not ships:
        quantity = max(line.product_uom_qty, delivered)
    for item in line.invoice_lines:
        if item.move_id.state == "cancel":
            continue
        quantity -= item.quantity * (1 if item.move_type == "out_invoice" else -1)
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
