# ruff: noqa: F821 (env is given by `odoo shell`)
"""Judging the prices of a quotation of 10 and 100 lines (QUO-4).

Every line beyond the band, each at its own quantity, with a pricelist of 200 rules. The
number of queries must not depend on the number of lines.
"""

import statistics
import time

from odoo.fields import Command

ROUNDS = 12
RULES = 200

env.ref("base.group_user").implied_ids += env.ref("product.group_product_pricelist")
company = env.company
company.parts_price_control = True
parts = env["product.product"].create(
    [
        {"name": f"Bench part {number}", "list_price": 100.0, "standard_price": 60.0}
        for number in range(RULES)
    ]
)
pricelist = env["product.pricelist"].create(
    {
        "name": "Bench",
        "item_ids": [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": part.product_tmpl_id.id,
                    "compute_price": "percentage",
                    "percent_price": 5.0,
                }
            )
            for part in parts
        ],
    }
)
customer = env["res.partner"].create({"name": "Bench customer"})
customer.property_product_pricelist = pricelist
env["parts.price.band"].create(
    {
        "group_id": env.ref("auto_parts_sales.group_parts_salesperson").id,
        "percent_below": 5.0,
        "margin_min": 20.0,
        "date_from": "2020-01-01",
    }
)


def judge(lines):
    """Return median milliseconds and the queries of judging one quotation, cold."""
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": number + 1,
                        "price_unit": 80.0,
                        "tax_ids": [Command.clear()],
                    }
                )
                for number, part in enumerate(parts[:lines])
            ],
        }
    )
    taken, queries = [], 0
    for _round in range(ROUNDS):
        env.flush_all()
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        [block] = order.sudo()._parts_gate_blocks("confirm")
        taken.append((time.perf_counter() - started) * 1000)
        queries = env.cr.sql_log_count - before
    assert len([n for n in block["facts"] if n.endswith(":what")]) == lines
    return statistics.median(taken[2:]), queries


judge(2)
few, many = judge(10), judge(100)
print(f"judge  10 lines: {few[0]:6.1f} ms, {few[1]} queries")
print(f"judge 100 lines: {many[0]:6.1f} ms, {many[1]} queries")
if few[1] != many[1]:
    raise SystemExit("The number of queries grows with the lines.")
env.cr.rollback()
