"""Attempts to bind a customer, as calls that reach the server over RPC."""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS, SIGNATURE, line_of, of_company, order_of

# Attempts to bind a customer who has no credit, by an order of 300.00. The
# counter-case: with the control off, a salesperson's attempt leaves a confirmed order.
BIND = {
    "press the button": lambda call, case: call(
        "sale.order", "action_confirm", case.order.ids
    ),
    "press it with every context key": lambda call, case: call(
        "sale.order", "action_confirm", case.order.ids, context=CONTEXT_KEYS
    ),
    "write the state": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale"}
    ),
    "write the state with every context key": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale"}, context=CONTEXT_KEYS
    ),
    "write the state and the totals": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"state": "sale", "amount_total": 0.0, "amount_untaxed": 0.0},
    ),
    "write the state and the signature": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"state": "sale", "signed_by": "Customer", "signature": SIGNATURE},
    ),
    "write the state and the lock": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale", "locked": True}
    ),
    "save the state as the web client does": lambda call, case: call(
        "sale.order", "web_save", case.order.ids, {"state": "sale"}, {"state": {}}
    ),
    "create it confirmed": lambda call, case: call(
        "sale.order", "create", order_of(case, state="sale")
    ),
    "create it by a default": lambda call, case: call(
        "sale.order", "create", order_of(case), context={"default_state": "sale"}
    ),
    "save a new one confirmed": lambda call, case: call(
        "sale.order", "web_save", [], order_of(case, state="sale"), {"state": {}}
    ),
    "copy it as confirmed": lambda call, case: call(
        "sale.order", "copy", case.order.ids, {"state": "sale"}
    ),
    "import the state": lambda call, case: call(
        "sale.order", "load", [".id", "state"], [[str(case.order.id), "sale"]]
    ),
    "import a new one": lambda call, case: call(
        "sale.order",
        "load",
        ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/name"],
        [[str(case.customer.id), "sale", str(case.part.id), "x"]],
    ),
    "through the customer": lambda call, case: call(
        "res.partner",
        "write",
        case.customer.ids,
        {"sale_order_ids": [Command.update(case.order.id, {"state": "sale"})]},
    ),
    "through the opportunity": lambda call, case: call(
        "crm.lead",
        "write",
        case.lead.ids,
        {"order_ids": [Command.update(case.order.id, {"state": "sale"})]},
    ),
    "a new one through the opportunity": lambda call, case: call(
        "crm.lead",
        "write",
        case.lead.ids,
        {"order_ids": [Command.create(order_of(case, state="sale"))]},
    ),
    "confirm without lines, then add them": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order",
            "write",
            case.empty.ids,
            {"order_line": [Command.create(line_of(case))]},
        ),
    ),
    "confirm for nothing, then raise the price": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"price_unit": 0.0}),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order.line", "write", case.line.ids, {"price_unit": 100.0}),
    ),
    "confirm at full discount, then take it back": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"discount": 100.0}),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order.line", "write", case.line.ids, {"discount": 0.0}),
    ),
    "confirm with a negative line, then empty that": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(case, order_id=case.order.id, price_unit=-100.0),
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call(
            "sale.order.line",
            "write",
            call(
                "sale.order.line",
                "search",
                [("order_id", "=", case.order.id), ("price_unit", "<", 0)],
            ),
            {"product_uom_qty": 0},
        ),
    ),
    "confirm with a negative down payment, then delete that": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case, order_id=case.order.id, price_unit=-100.0, is_downpayment=True
            ),
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call(
            "sale.order.line",
            "unlink",
            call(
                "sale.order.line",
                "search",
                [("order_id", "=", case.order.id), ("price_unit", "<", 0)],
            ),
        ),
    ),
    "confirm for a good customer, then change who owes": lambda call, case: (
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_id": case.good.id, "partner_invoice_id": case.good.id},
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order", "write", case.order.ids, {"partner_id": case.customer.id}),
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_invoice_id": case.customer.id},
        ),
    ),
    "confirm under an uncontrolled company, then move it back": lambda call, case: (
        call("sale.order", "write", case.bare.ids, of_company(case, case.branch)),
        call("sale.order", "action_confirm", case.bare.ids),
        call("sale.order", "write", case.bare.ids, of_company(case, case.company)),
        call(
            "sale.order",
            "write",
            case.bare.ids,
            {"order_line": [Command.create(line_of(case))]},
        ),
    ),
    "move a line into a confirmed order": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call("sale.order.line", "write", case.line.ids, {"order_id": case.empty.id}),
    ),
    "create a line by a default": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "create",
            line_of(case),
            context={"default_order_id": case.empty.id},
        ),
    ),
    "import a line": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "load",
            ["order_id/.id", "product_id/.id", "product_uom_qty", "price_unit"],
            [[str(case.empty.id), str(case.part.id), "3", "100"]],
        ),
    ),
    "an expense that no bill caused": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "create",
            line_of(case, order_id=case.empty.id, is_expense=True),
        ),
    ),
    "confirm, then deliver by hand": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case,
                order_id=case.empty.id,
                product_id=case.service.id,
                product_uom_qty=0,
            ),
        ),
        call("sale.order", "action_confirm", case.empty.ids),
        call(
            "sale.order.line",
            "write",
            call("sale.order.line", "search", [("order_id", "=", case.empty.id)]),
            {"qty_delivered": 3.0},
        ),
    ),
    "cancel, back to draft, confirm": lambda call, case: (
        call("sale.order", "write", case.order.ids, {"state": "cancel"}),
        call("sale.order", "action_draft", case.order.ids),
        call("sale.order", "action_confirm", case.order.ids),
    ),
    "call what stands behind the button": lambda call, case: call(
        "sale.order", "_action_confirm", case.order.ids
    ),
    "call the customer's own way": lambda call, case: call(
        "sale.order", "_validate_order", case.order.ids
    ),
}
# of these no confirmed order comes even with the control off: the server refuses them
REFUSED_ANYHOW = {
    "call what stands behind the button",
    "call the customer's own way",
}
# Of these a confirmed order comes, too, when a warehouse or a billing user tries: they
# may write orders and lines, and create neither
OPEN_TO_ALL_WRITERS = {
    "write the state",
    "write the state with every context key",
    "write the state and the totals",
    "write the state and the signature",
    "write the state and the lock",
    "save the state as the web client does",
    "import the state",
    "move a line into a confirmed order",
}
