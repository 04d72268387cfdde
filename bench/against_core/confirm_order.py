# ruff: noqa: F821 (env is given by `odoo shell`)
"""Confirming an order of 1, 10 and 100 lines of a storable part.

Without the addon as core does it; with it once with credit control off, once on and
passing. Each order is a new customer's, so that no round is slowed down by the orders
of those before it.
"""

import json
import os
import time

from odoo.fields import Command

ROUNDS = {1: 20, 10: 20, 100: 4}
CONTROLS = {"off": False, "on": True} if "parts.credit.file" in env else {"core": None}

company = env.company
parts = env["product.product"].create(
    [
        {"name": f"Bench part {number}", "is_storable": True, "list_price": 10.0}
        for number in range(100)
    ]
)


def confirm(lines, control):
    """Return seconds and queries of one confirmation, from a cold cache."""
    customer = env["res.partner"].create({"name": "Bench customer"})
    if control:
        env["parts.credit.file"].create(
            {
                "partner_id": customer.id,
                "credit_limit": 1e9,
                "term_days": 365,
                "overdue_days_allowed": 365,
                "state": "active",
            }
        )
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                Command.create({"product_id": part.id}) for part in parts[:lines]
            ],
        }
    )
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    order.action_confirm()
    env.flush_all()
    return time.perf_counter() - started, env.cr.sql_log_count - queries


with open(os.environ["BENCH_RESULTS"], "a") as results:
    for name, control in CONTROLS.items():
        if control is not None:
            company.parts_credit_control = control
        confirm(1, control)  # switching empties the registry's caches
        for lines, rounds in ROUNDS.items():
            for _round in range(rounds):
                seconds, queries = confirm(lines, control)
                row = [f"confirm {lines:>3} lines", name, seconds, queries]
                print(json.dumps(row), file=results)
env.cr.rollback()
