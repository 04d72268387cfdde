# ruff: noqa: F821 (env is given by `odoo shell`)
"""Confirming an order of 1, 10 and 100 lines of a storable part.

Without the addon as core does it; with it, credit control off; and on and passing.
Each order is a new customer's, so that no round is slowed down by the orders of those
before it.
"""

import gc
import time

from odoo.fields import Command

from tools.bench.turns import Turns

VARIANTS = ("core", "off", "on")
ROUNDS = {1: 30, 10: 40, 100: 10}

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
    gc.collect()  # what earlier rounds left is not this one's to clear away
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    order.action_confirm()
    env.flush_all()
    return time.perf_counter() - started, env.cr.sql_log_count - queries


with Turns() as turns:
    if turns.variant != "core":
        company.parts_credit_control = turns.variant == "on"
    with turns.next():  # the first one fills the registry's caches
        confirm(1, turns.variant == "on")
    for lines, rounds in ROUNDS.items():
        for _round in range(rounds):
            with turns.next():
                figures = confirm(lines, turns.variant == "on")
                turns.note(f"confirm {lines:>3} lines", *figures)
env.cr.rollback()
