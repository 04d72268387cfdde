"""Attempts to buy beyond credit, as calls that reach the server over RPC (CRD-4).

A customer with a limit of 500.00 has used 400.00; a quotation of 300.00 waits. Each
attempt is followed by confirming what waits. Afterwards the customer's orders must not
claim more than 500.00. At hand are a rich customer with a limit of a million, and one
without a file.
"""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS


def write_file(**values):
    return lambda call, case: call("parts.credit.file", "write", case.file.ids, values)


def write_partner(**values):
    """Return an attack that writes values; a function of the case gives a value."""

    def attack(call, case):
        vals = {
            name: value(case) if callable(value) else value
            for name, value in values.items()
        }
        call("res.partner", "write", case.customer.ids, vals)

    return attack


def confirm(call, case, **kwargs):
    call("sale.order", "action_confirm", case.order.ids, **kwargs)


def merge_into_rich(call, case):
    wizard = call(
        "base.partner.merge.automatic.wizard",
        "create",
        {
            "partner_ids": [Command.set((case.customer | case.rich).ids)],
            "dst_partner_id": case.rich.id,
            "state": "selection",
        },
    )
    call("base.partner.merge.automatic.wizard", "action_merge", [wizard])


def for_rich_and_back(call, case):
    call("sale.order", "write", case.order.ids, {"partner_id": case.rich.id})
    confirm(call, case)
    call(
        "sale.order",
        "write",
        case.order.ids,
        {
            "partner_id": case.customer.id,
            "partner_invoice_id": case.customer.id,
        },
    )


def small_first(field, value):
    """Return an attack that confirms a small order, and puts it right afterwards."""

    def attack(call, case):
        before = case.order.order_line[field]
        if hasattr(before, "ids"):
            before = [Command.set(before.ids)]
        call("sale.order.line", "write", case.order.order_line.ids, {field: value})
        confirm(call, case)
        call("sale.order.line", "write", case.order.order_line.ids, {field: before})

    return attack


def cancel_confirm_and_back(call, case):
    call("sale.order", "_action_cancel", case.used.ids)
    call("sale.order", "write", case.used.ids, {"state": "cancel"})
    confirm(call, case)
    call("sale.order", "action_draft", case.used.ids)
    call("sale.order", "write", case.used.ids, {"state": "sale"})
    call("sale.order", "action_confirm", case.used.ids)


def with_a_negative_line(call, case):
    line = call(
        "sale.order.line",
        "create",
        {
            "order_id": case.order.id,
            "product_id": case.part.id,
            "product_uom_qty": 1,
            "price_unit": -300.0,
            "tax_ids": [Command.clear()],
        },
    )
    confirm(call, case)
    # Odoo deletes no line of a confirmed order
    call("sale.order.line", "write", [line], {"price_unit": 0.0})


def as_down_payment(call, case):
    call("sale.order.line", "write", case.order.order_line.ids, {"is_downpayment": 1})
    confirm(call, case)


def hide_used(**values):
    """Return an attack that writes on the lines of what is confirmed already."""
    return lambda call, case: call(
        "sale.order.line", "write", case.used.order_line.ids, values
    )


def cheap_currency(call, case):
    pricelist = call(
        "product.pricelist",
        "create",
        {"name": "Cheap", "currency_id": case.cheap.id},
    )
    call("sale.order", "write", case.order.ids, {"pricelist_id": pricelist})
    call("sale.order", "write", case.order.ids, {"currency_id": case.cheap.id})
    confirm(call, case)
    call("sale.order", "write", case.order.ids, {"pricelist_id": False})
    call(
        "sale.order",
        "write",
        case.order.ids,
        {"currency_id": case.company.currency_id.id},
    )


FILES = {
    "raise the limit": write_file(credit_limit=1e6),
    "give a temporary limit": write_file(
        temporary_limit=1e6, temporary_until="2099-12-31"
    ),
    "share the rich one's limit": lambda call, case: call(
        "parts.credit.file",
        "write",
        case.file.ids,
        {"group_file_id": case.rich_file.id},
    ),
    "join through the rich one's file": lambda call, case: call(
        "parts.credit.file",
        "write",
        case.rich_file.ids,
        {"member_ids": [Command.link(case.file.id)]},
    ),
    "take the rich one's file": lambda call, case: (
        call("parts.credit.file", "write", case.file.ids, {"active": False}),
        call("parts.credit.file", "unlink", case.file.ids),
        call(
            "parts.credit.file",
            "write",
            case.rich_file.ids,
            {"partner_id": case.customer.id},
        ),
    ),
    "import the limit": lambda call, case: call(
        "parts.credit.file",
        "load",
        [".id", "credit_limit"],
        [[str(case.file.id), "1000000"]],
    ),
    "delete the file and create one in force": lambda call, case: (
        call("parts.credit.file", "unlink", case.file.ids),
        call(
            "parts.credit.file",
            "create",
            {
                "partner_id": case.customer.id,
                "company_id": case.company.id,
                "credit_limit": 1e6,
                "state": "active",
            },
        ),
    ),
    "copy the rich one's file": lambda call, case: call(
        "parts.credit.file",
        "copy",
        case.rich_file.ids,
        {"partner_id": case.customer.id, "state": "active"},
    ),
    "save the form": lambda call, case: call(
        "parts.credit.file",
        "web_save",
        case.file.ids,
        {"credit_limit": 1e6},
        specification={"credit_limit": {}},
    ),
}

LIMITS = {
    "raise the tolerance": lambda call, case: call(
        "res.company", "write", case.company.ids, {"parts_credit_tolerance": 1000.0}
    ),
    "raise it in the settings": lambda call, case: call(
        "res.config.settings",
        "execute",
        [
            call(
                "res.config.settings",
                "create",
                {
                    "company_id": case.company.id,
                    "parts_credit_tolerance": 1000.0,
                    "parts_credit_control": False,
                },
            )
        ],
    ),
    "switch the control off": lambda call, case: call(
        "res.company", "write", case.company.ids, {"parts_credit_control": False}
    ),
}

PARTNERS = {
    "move the customer below the rich one": write_partner(
        parent_id=lambda case: case.rich.id, is_company=False
    ),
    "write the commercial entity": write_partner(
        commercial_partner_id=lambda case: case.rich.id
    ),
    "import the parent": lambda call, case: call(
        "res.partner",
        "load",
        [".id", "parent_id/.id", "is_company"],
        [[str(case.customer.id), str(case.rich.id), "False"]],
    ),
    "merge into the rich one": merge_into_rich,
    "give the customer to another company": write_partner(
        company_id=lambda case: case.branch.id
    ),
    "archive the customer": write_partner(active=False),
    "write Odoo's own limit": write_partner(
        credit_limit=1e6, use_partner_credit_limit=True
    ),
    "have the contact order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {
            "partner_id": call(
                "res.partner",
                "create",
                {
                    "name": "Desk",
                    "parent_id": case.customer.id,
                    "commercial_partner_id": case.rich.id,
                },
            )
        },
    ),
}

ORDERS = {
    "just confirm": lambda call, case: None,
    "confirm with every context key": lambda call, case: confirm(
        call, case, context=CONTEXT_KEYS
    ),
    "invoice the rich one": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"partner_invoice_id": case.rich.id},
    ),
    "order for the rich one, and back": for_rich_and_back,
    "a small quantity first": small_first("product_uom_qty", 1),
    "a low price first": small_first("price_unit", 1.0),
    "a discount first": small_first("discount", 99.0),
    "a small unit first": lambda call, case: (
        call(
            "sale.order.line",
            "write",
            case.order.order_line.ids,
            {"price_unit": 1.0},
        ),
        confirm(call, case),
        call(
            "sale.order.line",
            "write",
            case.order.order_line.ids,
            {"product_uom_id": case.dozen.id, "price_unit": 1200.0},
        ),
    ),
    "a negative line first": with_a_negative_line,
    "call the line a down payment": as_down_payment,
    "a cheap currency first": cheap_currency,
    "cancel, confirm, and back": cancel_confirm_and_back,
    "move the line into what is confirmed": lambda call, case: call(
        "sale.order.line",
        "write",
        case.order.order_line.ids,
        {"order_id": case.used.id},
    ),
    "add a line to what is confirmed": lambda call, case: call(
        "sale.order.line",
        "create",
        {
            "order_id": case.used.id,
            "product_id": case.part.id,
            "product_uom_qty": 3,
            "price_unit": 100.0,
            "tax_ids": [Command.clear()],
        },
    ),
    "copy as confirmed": lambda call, case: call(
        "sale.order", "copy", case.order.ids, {"state": "sale"}
    ),
    "import as confirmed": lambda call, case: call(
        "sale.order", "load", [".id", "state"], [[str(case.order.id), "sale"]]
    ),
    "create as confirmed by a default": lambda call, case: call(
        "sale.order",
        "create",
        {
            "partner_id": case.customer.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": case.part.id,
                        "product_uom_qty": 3,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        },
        context={"default_state": "sale"},
    ),
    "state that the old order is invoiced": lambda call, case: call(
        "sale.order",
        "write",
        case.used.ids,
        {"invoice_status": "invoiced", "delivery_status": "full"},
    ),
    "state it on its lines": hide_used(
        qty_invoiced=4.0, qty_to_invoice=0.0, invoice_status="invoiced"
    ),
    "state that nothing was delivered": hide_used(qty_delivered=0.0),
    "call the old line a down payment": hide_used(is_downpayment=True),
    "link somebody else's invoice": lambda call, case: call(
        "sale.order.line",
        "write",
        case.used.order_line.ids,
        {"invoice_lines": [Command.link(case.foreign.id)]},
    ),
    "link it from the invoice": lambda call, case: call(
        "account.move.line",
        "write",
        case.foreign.ids,
        {"sale_line_ids": [Command.link(case.used.order_line.id)]},
    ),
    "state the totals of the old order": lambda call, case: (
        call("sale.order", "write", case.used.ids, {"amount_total": 0.0}),
        call(
            "sale.order.line",
            "write",
            case.used.order_line.ids,
            {"price_total": 0.0, "price_subtotal": 0.0},
        ),
    ),
    "delete who is suspected": lambda call, case: (
        call(
            "sale.order",
            "write",
            case.used.ids,
            {"invoice_status": "invoiced", "delivery_status": "full"},
        ),
        call(
            "parts.credit.suspect",
            "unlink",
            case.env["parts.credit.suspect"].search([]).ids,
        ),
    ),
}

ATTACKS = {**FILES, **LIMITS, **PARTNERS, **ORDERS}

# What would succeed if the caller were a superuser: what holds these is who may write
HELD_BY_RIGHTS = {
    *FILES,
    *LIMITS,
    "delete who is suspected",
}
