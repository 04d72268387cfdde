# ruff: noqa: F821 (env is given by `odoo shell`)
"""Confirming an order with credit control on and passing, against control off.

Both in this run on the same database, alternately, orders of 1, 10 and 100 lines of a
storable part; medians of time, and queries of the last round.
"""

import statistics
import time

from odoo.fields import Command

ROUNDS = {1: 15, 10: 9, 100: 3}

company = env.company
customer = env["res.partner"].create({"name": "Bench customer"})
parts = env["product.product"].create(
    [
        {"name": f"Bench part {number}", "is_storable": True, "list_price": 10.0}
        for number in range(100)
    ]
)


def confirm(lines, control):
    """Return seconds and queries of one confirmation, from a cold cache."""
    company.parts_credit_control = control
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


company.parts_credit_control = True
env["parts.credit.file"].create(
    {
        "partner_id": customer.id,
        "credit_limit": 1e9,
        "term_days": 365,
        "overdue_days_allowed": 365,
        "state": "active",
    }
)
confirm(1, False)
for lines, rounds in ROUNDS.items():
    figures = {False: [], True: []}
    for _round in range(rounds):
        for control, list_of in figures.items():
            list_of.append(confirm(lines, control))
    off, on = (
        statistics.median(seconds for seconds, _queries in figures[control])
        for control in (False, True)
    )
    more = figures[True][-1][1] - figures[False][-1][1]
    print(
        f"confirm {lines:>3} lines: control on / off = {on / off:.2f}"
        f" ({on:.3f} s / {off:.3f} s), {more:+d} queries"
    )
env.cr.rollback()
