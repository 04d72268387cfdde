"""Attempts to sell beyond one's price authority, as calls that reach the server.

Each is a function of ``call`` and ``case``, as in :mod:`attacks_common`. Those of
:data:`SELL`, which are on the order itself, must leave no confirmed order on which the
part (list price 100, the salesperson's band 5 % below and 10 % above) goes for less
than 95 or more than 110.
"""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS

PRICE_KEYS = {
    **{
        key: value
        for key, value in CONTEXT_KEYS.items()
        if key not in ("default_state", "force_company")
    },
    "no_variant_attributes_price_extra": -60.0,
    "current_attributes_price_extra": [-60.0],
    "country_code": "XX",
    "pricelist": 1,
    "price": 40.0,
    "force_price_recomputation": True,
    "sale_write_from_compute": True,
    "default_discount": 60.0,
    "parts_price": 40.0,
}


def line_of(case, **values):
    return {
        "product_id": case.part.id,
        "product_uom_qty": 2,
        "price_unit": 100.0,
        "tax_ids": [Command.clear()],
        **values,
    }


def write_line(call, case, **values):
    return call("sale.order.line", "write", case.line.ids, values)


def _confirm(call, case, **kwargs):
    return call("sale.order", "action_confirm", case.order.ids, **kwargs)


def then_confirm(*steps, **kwargs):
    def attack(call, case):
        for step in steps:
            step(call, case)
        _confirm(call, case, **kwargs)

    return attack


def _confirm_then(*steps):
    def attack(call, case):
        _confirm(call, case)
        for step in steps:
            step(call, case)

    return attack


def set_line(**values):
    return lambda call, case: write_line(call, case, **values)


def _add(**values):
    return lambda call, case: call(
        "sale.order.line", "create", line_of(case, order_id=case.order.id, **values)
    )


def write_order(**values):
    return lambda call, case: call("sale.order", "write", case.order.ids, values)


SELL = {
    "a lower price": then_confirm(set_line(price_unit=60.0)),
    "a discount": then_confirm(set_line(discount=40.0)),
    "a raised price with a larger discount": then_confirm(
        set_line(price_unit=200.0, discount=70.0)
    ),
    "a price above": then_confirm(set_line(price_unit=150.0)),
    "a negative discount": then_confirm(set_line(discount=-50.0)),
    "for nothing": then_confirm(set_line(price_unit=0.0)),
    "given away in full": then_confirm(set_line(discount=100.0)),
    "with the totals stated": then_confirm(
        set_line(
            price_unit=60.0,
            price_subtotal=200.0,
            price_total=200.0,
            technical_price_unit=60.0,
        ),
        write_order(amount_total=200.0, amount_untaxed=200.0),
    ),
    "with every context key": then_confirm(
        set_line(price_unit=60.0), context=PRICE_KEYS
    ),
    "written with every context key": then_confirm(
        lambda call, case: call(
            "sale.order.line",
            "write",
            case.line.ids,
            {"price_unit": 60.0},
            context=PRICE_KEYS,
        )
    ),
    "by writing the state": lambda call, case: (
        write_line(call, case, price_unit=60.0),
        call("sale.order", "write", case.order.ids, {"state": "sale"}),
    ),
    "price and state in one write": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {
            "state": "sale",
            "order_line": [Command.update(case.line.id, {"price_unit": 60.0})],
        },
    ),
    "saved as the web client does": lambda call, case: call(
        "sale.order",
        "web_save",
        case.order.ids,
        {
            "state": "sale",
            "order_line": [Command.update(case.line.id, {"discount": 40.0})],
        },
        {"state": {}},
    ),
    "created confirmed": lambda call, case: call(
        "sale.order",
        "create",
        {
            "partner_id": case.customer.id,
            "state": "sale",
            "order_line": [Command.create(line_of(case, price_unit=60.0))],
        },
    ),
    "copied as confirmed": lambda call, case: (
        write_line(call, case, price_unit=60.0),
        call("sale.order", "copy", case.order.ids, {"state": "sale"}),
    ),
    "imported": lambda call, case: call(
        "sale.order",
        "load",
        [
            "partner_id/.id",
            "state",
            "order_line/product_id/.id",
            "order_line/price_unit",
            "order_line/name",
        ],
        [[str(case.customer.id), "sale", str(case.part.id), "60", "x"]],
    ),
    "imported onto the line": then_confirm(
        lambda call, case: call(
            "sale.order.line",
            "load",
            [".id", "price_unit"],
            [[str(case.line.id), "60"]],
        )
    ),
    "a date on which it was cheaper": then_confirm(
        write_order(date_order="2001-01-01 00:00:00"), set_line(price_unit=60.0)
    ),
    "quoted to the wholesaler, sold to another": then_confirm(
        lambda call, case: call(
            "sale.order", "write", case.order.ids, {"partner_id": case.vip.id}
        ),
        lambda call, case: call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_invoice_id": case.customer.id},
        ),
        set_line(price_unit=60.0),
    ),
    "confirmed for the wholesaler, then moved": lambda call, case: (
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_id": case.vip.id, "partner_invoice_id": case.vip.id},
        ),
        write_line(call, case, price_unit=60.0),
        _confirm(call, case),
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_id": case.customer.id, "partner_invoice_id": case.customer.id},
        ),
    ),
    "another unit": then_confirm(
        lambda call, case: write_line(
            call, case, product_uom_id=case.dozen.id, price_unit=100.0
        )
    ),
    "the break's price for one": _confirm_then(
        set_line(product_uom_qty=1),
    ),
    "a negative line": then_confirm(_add(price_unit=-40.0, product_uom_qty=2)),
    "a negative quantity": then_confirm(_add(product_uom_qty=-1)),
    "a negative line named a delivery": then_confirm(
        _add(price_unit=-80.0, product_uom_qty=1, is_delivery=True)
    ),
    "a negative line named a down payment": then_confirm(
        _add(price_unit=-80.0, product_uom_qty=1, is_downpayment=True)
    ),
    "the part named a delivery": then_confirm(
        set_line(is_delivery=True, price_unit=60.0)
    ),
    "the part named a down payment": then_confirm(
        set_line(is_downpayment=True, price_unit=60.0)
    ),
    "the part named an expense": then_confirm(
        set_line(is_expense=True, price_unit=60.0)
    ),
    "the part named a choice of a combo": then_confirm(
        lambda call, case: write_line(
            call,
            case,
            combo_item_id=case.combo_item.id,
            linked_line_id=case.line.id,
            price_unit=60.0,
        )
    ),
    "tax data that state the totals": then_confirm(
        set_line(
            price_unit=60.0,
            extra_tax_data={"computation_key": "global_discount,1", "price_unit": 100},
        )
    ),
    "a section made optional": then_confirm(
        _add(
            display_type="line_section",
            name="Options",
            is_optional=True,
            product_id=False,
            product_uom_qty=0,
            price_unit=0,
        ),
        set_line(price_unit=60.0, sequence=99),
    ),
    "quantity zero, then taken": _confirm_then(
        _add(price_unit=60.0, product_uom_qty=0),
        lambda call, case: call(
            "sale.order.line",
            "write",
            call(
                "sale.order.line",
                "search",
                [("order_id", "=", case.order.id), ("price_unit", "=", 60.0)],
            ),
            {"product_uom_qty": 2},
        ),
    ),
    "cheaper after confirming": _confirm_then(set_line(price_unit=60.0)),
    "a discount after confirming": _confirm_then(set_line(discount=40.0)),
    "dearer after confirming": _confirm_then(set_line(price_unit=150.0)),
    "a line added after confirming": _confirm_then(_add(price_unit=60.0)),
    "a negative line after confirming": _confirm_then(
        _add(price_unit=-80.0, product_uom_qty=1)
    ),
    "a line moved in after confirming": lambda call, case: (
        _confirm(call, case),
        call(
            "sale.order.line",
            "write",
            case.cheap_line.ids,
            {"order_id": case.order.id},
        ),
    ),
    "confirmed with dear company, then alone": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case,
                order_id=case.order.id,
                product_id=case.other.id,
                product_uom_qty=20,
            ),
        ),
        call(
            "sale.order.line",
            "create",
            line_of(
                case,
                order_id=case.order.id,
                product_id=case.fee.id,
                product_uom_qty=1,
                price_unit=-80.0,
            ),
        ),
        _confirm(call, case),
        call(
            "sale.order.line",
            "write",
            call(
                "sale.order.line",
                "search",
                [
                    ("order_id", "=", case.order.id),
                    ("product_id", "=", case.other.id),
                ],
            ),
            {"product_uom_qty": 0},
        ),
    ),
    "in the manager's name": then_confirm(
        lambda call, case: call(
            "sale.order", "write", case.order.ids, {"user_id": case.manager.id}
        ),
        set_line(price_unit=90.0),
    ),
    "on the manager's line": lambda call, case: (
        call("sale.order.line", "write", case.managers_line.ids, {"discount": 10.0}),
        call("sale.order", "action_confirm", case.managers_line.order_id.ids),
    ),
    "a discount on the manager's line": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case,
                order_id=case.managers_line.order_id.id,
                product_id=case.fee.id,
                product_uom_qty=1,
                price_unit=-20.0,
            ),
        ),
        call("sale.order", "action_confirm", case.managers_line.order_id.ids),
    ),
    "by the discount wizard": then_confirm(
        lambda call, case: call(
            "sale.order.discount",
            "action_apply_discount",
            call(
                "sale.order.discount",
                "create",
                {
                    "sale_order_id": case.order.id,
                    "discount_type": "sol_discount",
                    "discount_percentage": 0.4,
                },
            ),
        )
    ),
    "by answering for the prices oneself": then_confirm(
        set_line(price_unit=60.0),
        lambda call, case: call(
            "sale.order", "action_parts_answer_for_prices", case.order.ids
        ),
    ),
    "the manager's line moved to one's own order": lambda call, case: (
        call(
            "sale.order.line",
            "write",
            case.managers_cheap_line.ids,
            {"order_id": case.order.id},
        ),
        _confirm(call, case),
    ),
    "the manager's line in a new order": lambda call, case: call(
        "sale.order",
        "action_confirm",
        call(
            "sale.order",
            "create",
            {
                "partner_id": case.customer.id,
                "order_line": [Command.link(case.managers_cheap_line.id)],
            },
        ),
    ),
    "more of the manager's line": lambda call, case: (
        call(
            "sale.order.line",
            "write",
            case.managers_cheap_line.ids,
            {"product_uom_qty": 50, "price_unit": 90.0},
        ),
        call(
            "sale.order",
            "action_confirm",
            case.managers_cheap_line.order_id.ids,
        ),
    ),
    "the manager's line for another customer": lambda call, case: (
        call(
            "sale.order",
            "write",
            case.managers_cheap_line.order_id.ids,
            {"partner_id": case.other_customer.id},
        ),
        call(
            "sale.order.line",
            "write",
            case.managers_cheap_line.ids,
            {"price_unit": 90.0},
        ),
        call(
            "sale.order",
            "action_confirm",
            case.managers_cheap_line.order_id.ids,
        ),
    ),
    "a choice of another variant": then_confirm(
        lambda call, case: write_line(
            call,
            case,
            product_no_variant_attribute_value_ids=[Command.set(case.small.ids)],
            price_unit=60.0,
        )
    ),
}
