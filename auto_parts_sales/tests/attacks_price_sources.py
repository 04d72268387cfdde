"""Attempts to sell beyond one's price authority by way of what a price is judged by:
pricelists and list price, cost and market, bands, the switch, the approval.

As those of :mod:`attacks_price`, which are on the order itself.
"""

from odoo.fields import Command

from .attacks_price import line_of, set_line, then_confirm, write_line, write_order

SELL_BY_SOURCES = {
    "another pricelist": then_confirm(
        write_order(),
        lambda call, case: call(
            "sale.order", "write", case.order.ids, {"pricelist_id": case.cheap.id}
        ),
        lambda call, case: call("sale.order", "action_update_prices", case.order.ids),
        set_line(price_unit=60.0),
    ),
    "as a rule of another pricelist": then_confirm(
        lambda call, case: write_line(
            call, case, pricelist_item_id=case.cheap.item_ids.id, price_unit=60.0
        )
    ),
    "by naming the author": then_confirm(
        set_line(price_unit=90.0),
        lambda call, case: call(
            "parts.price.author",
            "create",
            {"line_id": case.line.id, "user_id": case.manager.id},
        ),
    ),
    "by a band of one's own": then_confirm(
        lambda call, case: call(
            "parts.price.band",
            "create",
            {
                "user_id": case.attacker.id,
                "company_id": case.company.id,
                "percent_below": 90.0,
                "date_from": "2020-01-01",
            },
        ),
        set_line(price_unit=60.0),
    ),
    "by widening the band": then_confirm(
        lambda call, case: call(
            "parts.price.band",
            "write",
            case.band.ids,
            {"percent_below": 90.0, "parent_id": False},
        ),
        set_line(price_unit=60.0),
    ),
    "by a market price of one's own": then_confirm(
        lambda call, case: call(
            "parts.price.observation",
            "create",
            {
                "product_tmpl_id": case.part.product_tmpl_id.id,
                "price": 61.0,
                "user_id": case.manager.id,
            },
        ),
        set_line(price_unit=61.0),
    ),
    "by the customer's pricelist": then_confirm(
        lambda call, case: call(
            "res.partner",
            "write",
            case.customer.ids,
            {"specific_property_product_pricelist": case.cheap.id},
        ),
        set_line(price_unit=60.0),
    ),
    "to a customer made with a pricelist by default": lambda call, case: call(
        "sale.order",
        "action_confirm",
        call(
            "sale.order",
            "create",
            {
                "partner_id": call(
                    "res.partner",
                    "create",
                    {"name": "Own"},
                    context={
                        "default_specific_property_product_pricelist": case.cheap.id
                    },
                ),
                "order_line": [Command.create(line_of(case, price_unit=60.0))],
            },
        ),
    ),
    "to a company below another, with a pricelist": lambda call, case: call(
        "sale.order",
        "action_confirm",
        call(
            "sale.order",
            "create",
            {
                "partner_id": call(
                    "res.partner",
                    "create",
                    {
                        "name": "Branch",
                        "is_company": True,
                        "parent_id": case.customer.id,
                        "specific_property_product_pricelist": case.cheap.id,
                    },
                ),
                "order_line": [Command.create(line_of(case, price_unit=60.0))],
            },
        ),
    ),
    "by the pricelist of the customer's country": then_confirm(
        lambda call, case: call(
            "res.country.group",
            "write",
            case.countries.ids,
            {"pricelist_ids": [Command.link(case.cheap.id)]},
        ),
        set_line(price_unit=60.0),
    ),
    "by the list price": then_confirm(
        lambda call, case: call(
            "product.product", "write", case.part.ids, {"list_price": 60.0}
        ),
        set_line(price_unit=60.0),
    ),
    "by a pricelist rule": then_confirm(
        lambda call, case: call(
            "product.pricelist.item",
            "create",
            {"pricelist_id": case.base.id, "fixed_price": 60.0},
        ),
        set_line(price_unit=60.0),
    ),
    "by the cost": then_confirm(
        lambda call, case: call(
            "product.product", "write", case.part.ids, {"standard_price": 0.0}
        ),
        set_line(price_unit=60.0),
    ),
    "by switching the control off": then_confirm(
        lambda call, case: call(
            "res.company", "write", case.company.ids, {"parts_price_control": False}
        ),
        set_line(price_unit=60.0),
    ),
    "by approving oneself": then_confirm(
        set_line(price_unit=60.0),
        lambda call, case: call(
            "sale.order", "action_parts_request_approval", case.order.ids, "please"
        ),
        lambda call, case: call(
            "parts.approval",
            "action_approve",
            call("parts.approval", "search", [("res_id", "=", case.order.id)]),
        ),
    ),
}
