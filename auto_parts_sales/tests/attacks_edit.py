"""Attempts to change what was approved, as calls that reach the server over RPC."""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS, line_of

# Attempts to change what an approved request of 300.00 was about. Afterwards the order
# must not confirm. The counter-case: unchanged, it does.
EDIT_APPROVED = {
    "raise the quantity": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}
    ),
    "raise the price": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"price_unit": 100.01}
    ),
    "raise the price and state the old totals": lambda call, case: call(
        "sale.order.line",
        "write",
        case.line.ids,
        {"price_unit": 200.0, "price_subtotal": 300.0, "price_total": 300.0},
    ),
    "state the totals of the order": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"price_unit": 200.0}),
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"amount_total": 300.0, "amount_untaxed": 300.0, "amount_tax": 0.0},
        ),
    ),
    "add a tax": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"tax_ids": [case.tax.id]}
    ),
    "add a line": lambda call, case: call(
        "sale.order.line", "create", line_of(case, order_id=case.order.id)
    ),
    "add a line through the order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"order_line": [Command.create(line_of(case))]},
    ),
    "move a line in": lambda call, case: call(
        "sale.order.line",
        "write",
        case.other_line.ids,
        {"order_id": case.order.id},
    ),
    "import the quantity": lambda call, case: call(
        "sale.order.line",
        "load",
        [".id", "product_uom_qty"],
        [[str(case.line.id), "4"]],
    ),
    "change the customer": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"partner_id": case.stranger.id}
    ),
    "change who is invoiced": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"partner_invoice_id": case.stranger.id}
    ),
    "with every context key": lambda call, case: call(
        "sale.order.line",
        "write",
        case.line.ids,
        {"product_uom_qty": 4},
        context={key: v for key, v in CONTEXT_KEYS.items() if key != "default_state"},
    ),
    "write the snapshot's tolerance": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
        call("parts.approval", "write", case.approval.ids, {"tolerance": 100.0}),
    ),
    "write the snapshot's figures": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
        call("parts.approval", "write", case.approval.ids, {"facts": {}}),
    ),
    "use the approval twice": lambda call, case: (
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order", "write", case.order.ids, {"state": "cancel"}),
        call("sale.order", "action_draft", case.order.ids),
    ),
    "point the approval at a larger order": lambda call, case: (
        call("parts.approval", "write", case.approval.ids, {"res_id": case.large.id}),
        call("sale.order", "action_confirm", case.large.ids),
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
    ),
}
# What Odoo itself refuses to a warehouse or a billing user
ONLY_SALES = {
    "add a line",
    "add a line through the order",
    "use the approval twice",
}
