# ruff: noqa: F821 (env is given by `odoo shell`)
"""Confirming for a customer with much history beside a new one, credit control on.

One order is ordered, delivered, invoiced and paid as people do it, and copied by SQL:
10,000 old orders with two lines each, their 20,000 stock moves, and 50,000 journal
entries (an invoice and a payment of each order, and invoices and payments without one).
Aims: at most 1.1 times the time, the same number of queries. Told besides: the old
customer with 300 orders still open.
"""

import gc
import statistics
import time

from odoo.fields import Command

ROUNDS = 30
OLD_ORDERS = 10_000
OLD_MOVES = 50_000
OPEN_ORDERS = 300
LINES = 10

company = env.company
company.parts_credit_control = True
if not env["account.journal"].search([("company_id", "=", company.id)], limit=1):
    env["account.chart.template"].try_loading("generic_coa", company)
parts = env["product.product"].create(
    [
        {"name": f"Bench part {number}", "type": "consu", "list_price": 10.0}
        for number in range(LINES)
    ]
)


def customer(name):
    partner = env["res.partner"].create({"name": name, "is_company": True})
    env["parts.credit.file"].create(
        {
            "partner_id": partner.id,
            "company_id": company.id,
            "credit_limit": 1e9,
            "term_days": 365,
            "overdue_days_allowed": 365,
            "state": "active",
        }
    )
    return partner


def order_of(partner, lines):
    return env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [
                Command.create({"product_id": part.id}) for part in parts[:lines]
            ],
        }
    )


def settled_order(partner):
    """Return an order that is confirmed, delivered, invoiced and paid."""
    order = order_of(partner, 2)
    order.action_confirm()
    order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
    order.picking_ids._action_done()
    invoice = order._create_invoices()
    invoice.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({})._create_payments()
    env.flush_all()
    return order


class Copies:
    """Copies rows of tables many times by SQL, with the links among them."""

    def __init__(self, times):
        self.times = times
        self.copied = {}
        self.new_id = None

    def add(self, records, **links):
        """Copy ``records``; ``links`` name the columns that point to what was copied
        before, by table.
        """
        table, count = records._table, len(records)
        env.cr.execute(f"SELECT MAX(id) FROM {table}")
        base = env.cr.fetchone()[0]
        self.copied[table] = (records.ids, base)
        self.new_id = f"{base} + (k - 1) * {count} + n"
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
            [table],
        )
        names = [name for (name,) in env.cr.fetchall()]
        values = [self.value(table, name, links.get(name)) for name in names]
        env.cr.execute(
            f"INSERT INTO {table} (id, {', '.join(map(quoted, names))})"
            f" SELECT {self.new_id}, {', '.join(values)}"
            f" FROM generate_series(1, {self.times}) k,"
            f" unnest(%s::int[]) WITH ORDINALITY chosen(old_id, n)"
            f" JOIN {table} old ON old.id = chosen.old_id",
            [records.ids],
        )
        env.cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))"
        )

    def value(self, table, name, linked):
        if linked:
            return self.link(f"old.{quoted(name)}", linked)
        if (table, name) in UNIQUE:
            return f"old.{quoted(name)} || '-' || ({self.new_id})"
        if (table, name) in EMPTIED:
            return "NULL"
        return f"old.{quoted(name)}"

    def link(self, column, table):
        ids, base = self.copied[table]
        place = f"array_position(ARRAY{ids}::int[], {column})"
        return f"COALESCE({base} + (k - 1) * {len(ids)} + {place}, {column})"

    def add_links(self, table, first, first_table, second, second_table):
        ids = self.copied[first_table][0]
        env.cr.execute(
            f"INSERT INTO {table} ({first}, {second})"
            f" SELECT {self.link(f'old.{first}', first_table)},"
            f" {self.link(f'old.{second}', second_table)}"
            f" FROM generate_series(1, {self.times}) k, {table} old"
            f" WHERE old.{first} = ANY(%s)",
            [ids],
        )


def quoted(name):
    return f'"{name}"'


UNIQUE = {("account_move", "name"), ("account_move", "payment_reference")}
EMPTIED = {
    ("account_move", "access_token"),
    ("sale_order", "access_token"),
    ("account_move", "sequence_number"),
}


def grow_old(order, orders, moves):
    """Give the customer of ``order`` a history of many like it."""
    invoice = order.invoice_ids
    payment = invoice.matched_payment_ids | env["account.payment"].search(
        [("partner_id", "=", order.partner_id.id)]
    )
    entries = invoice | payment.move_id
    items = entries.line_ids
    partials = items.matched_debit_ids | items.matched_credit_ids

    def copy(times, with_orders):
        copies = Copies(times)
        if with_orders:
            copies.add(order)
            copies.add(order.order_line, order_id="sale_order")
            copies.add(order.order_line.move_ids, sale_line_id="sale_order_line")
        copies.add(payment)
        copies.add(entries, origin_payment_id="account_payment")
        env.cr.execute(
            "UPDATE account_payment p SET move_id = m.id FROM account_move m"
            " WHERE m.origin_payment_id = p.id AND p.partner_id = %s",
            [order.partner_id.id],
        )
        copies.add(items, move_id="account_move", payment_id="account_payment")
        copies.add(
            partials,
            debit_move_id="account_move_line",
            credit_move_id="account_move_line",
        )
        if with_orders:
            copies.add_links(
                "sale_order_line_invoice_rel",
                "order_line_id",
                "sale_order_line",
                "invoice_line_id",
                "account_move_line",
            )

    copy(orders, True)
    copy((moves - orders * len(entries)) // len(entries), False)


def confirm(partner):
    """Return milliseconds and queries of one confirmation, taken back afterwards."""
    order = order_of(partner, LINES)
    env.flush_all()
    env.invalidate_all()
    with env.cr.savepoint() as savepoint:
        gc.disable()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        order.action_confirm()
        env.flush_all()
        taken = time.perf_counter() - started
        gc.enable()
        queries = env.cr.sql_log_count - queries
        savepoint.rollback()
    env.invalidate_all()
    order.unlink()
    return taken * 1000, queries


def measure(**partners):
    """Return ``{name: (median milliseconds, median queries)}``, taken in turns."""
    taken = {name: [] for name in partners}
    for number in range(ROUNDS + 3):
        for name, partner in partners.items():
            figures = confirm(partner)
            if number >= 3:
                taken[name].append(figures)
    return {
        name: tuple(map(statistics.median, zip(*figures, strict=True)))
        for name, figures in taken.items()
    }


def analyze():
    for table in (
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "account_payment",
        "payment_transaction",
        "res_partner",
        "sale_order",
        "sale_order_line",
        "sale_order_line_invoice_rel",
        "stock_move",
    ):
        env.cr.execute(f"ANALYZE {table}")


new, old = customer("New customer"), customer("Old customer")
grow_old(settled_order(old), OLD_ORDERS, OLD_MOVES)
analyze()
env.invalidate_all()
for table, column in (("sale_order", "partner_id"), ("account_move", "partner_id")):
    env.cr.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} = %s", [old.id])
    print(f"    old customer: {env.cr.fetchone()[0]} rows in {table}")
figures = env["parts.credit.exposure"]._figures(company, old)
print(f"    he owes {figures['exposure']:.2f}")
taken = measure(new=new, old=old)
ratio = taken["old"][0] / taken["new"][0]
print(
    f"    confirm {LINES} lines, old / new customer = {ratio:.2f}"
    f" ({taken['old'][0]:.0f} ms / {taken['new'][0]:.0f} ms), queries"
    f" {taken['old'][1]:.0f} / {taken['new'][1]:.0f}, aims at most 1.1, equal:"
    f" {'met' if ratio <= 1.1 and taken['old'][1] == taken['new'][1] else 'NOT MET'}"
)
busy = customer("Busy customer")
order = order_of(busy, 2)
order.action_confirm()
env.flush_all()
copies = Copies(OPEN_ORDERS - 1)
copies.add(order)
copies.add(order.order_line, order_id="sale_order")
analyze()
taken = measure(new=new, busy=busy)
print(
    f"    the same with {OPEN_ORDERS} open orders / new = "
    f"{taken['busy'][0] / taken['new'][0]:.2f} ({taken['busy'][0]:.0f} ms),"
    f" queries {taken['busy'][1]:.0f} / {taken['new'][1]:.0f}"
)
env.cr.rollback()
