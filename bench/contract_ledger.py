# ruff: noqa: F821 (env is given by `odoo shell`)
"""The ledger of 20,000 contracts with 200,000 orders, against core's sale analysis.

The first page of the ledger and its pivot by customer, beside the same page and the
same grouping of core's own sale analysis, on the same database: at most one second
slower. Every order has a line, an invoice and, two in three, a payment. All of it is
written by SQL and rolled back.
"""

import statistics
import time

CONTRACTS = 20_000
ORDERS = 200_000
ROUNDS = 5

company = env.company
currency = company.currency_id
user = env.user
product = env["product.product"].create({"name": "Bench part", "type": "consu"})
receivable = env["account.account"].search(
    [("account_type", "=", "asset_receivable"), ("company_ids", "in", company.ids)],
    limit=1,
) or env["account.account"].create(
    {"name": "Receivable", "code": "BR", "account_type": "asset_receivable"}
)
income = env["account.account"].search(
    [("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1
) or env["account.account"].create(
    {"name": "Income", "code": "BI", "account_type": "income"}
)
bank = env["account.account"].create(
    {"name": "Bank", "code": "BB", "account_type": "asset_cash"}
)
journals = {
    kind: env["account.journal"].search(
        [("type", "=", kind), ("company_id", "=", company.id)], limit=1
    )
    or env["account.journal"].create(
        {"name": f"Bench {kind}", "code": f"B{kind[:3]}", "type": kind}
    )
    for kind in ("sale", "bank")
}
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
env.flush_all()
facts = {
    "contracts": CONTRACTS,
    "orders": ORDERS,
    "company": company.id,
    "currency": currency.id,
    "user": user.id,
    "product": product.id,
    "uom": product.uom_id.id,
    "receivable": receivable.id,
    "income": income.id,
    "bank": bank.id,
    "sale_journal": journals["sale"].id,
    "bank_journal": journals["bank"].id,
    "warehouse": warehouse.id,
}


def sql(query):
    env.cr.execute(query, facts)


started = time.perf_counter()
customers = env["res.partner"].create(
    [{"name": f"Bench {number}", "is_company": True} for number in range(2000)]
)
# what every other one is a copy of, whatever columns they have
template = env["parts.contract"].create(
    {"kind": "framework", "partner_id": customers[0].id, "amount_total": 10000.0}
)
env.flush_all()
facts["partners"] = tuple(customers.ids)
facts["template"] = template.id
facts["template_version"] = template.current_version_id.id
sql(
    """
    CREATE TEMP TABLE bench_partner AS
    SELECT id, row_number() OVER (ORDER BY id) AS n
      FROM res_partner WHERE id IN %(partners)s;
    CREATE TEMP TABLE bench_contract AS
    WITH version AS (
        INSERT INTO parts_contract_version
        SELECT (jsonb_populate_record(template, jsonb_build_object(
                   'id', nextval('parts_contract_version_id_seq'), 'state', 'effective',
                   'amount_total', 10000, 'contract_id', NULL))).*
          FROM parts_contract_version template, generate_series(1, %(contracts)s)
         WHERE template.id = %(template_version)s
        RETURNING id)
    SELECT id AS version_id, row_number() OVER (ORDER BY id) AS n FROM version;
    ALTER TABLE bench_contract ADD COLUMN id int;
    WITH made AS (
        INSERT INTO parts_contract
        SELECT (jsonb_populate_record(template, jsonb_build_object(
                   'id', nextval('parts_contract_id_seq'), 'name', 'B' || contract.n,
                   'partner_id', partner.id, 'commercial_partner_id', partner.id,
                   'state', 'effective', 'current_version_id', contract.version_id,
                   'date_effective', '2026-01-01'))).*
          FROM parts_contract template
          JOIN bench_contract contract ON TRUE
          JOIN bench_partner partner ON partner.n = 1 + contract.n %% 2000
         WHERE template.id = %(template)s
        RETURNING id, current_version_id)
    UPDATE bench_contract SET id = made.id FROM made
     WHERE made.current_version_id = version_id;
    UPDATE parts_contract_version SET contract_id = bench_contract.id
      FROM bench_contract WHERE version_id = parts_contract_version.id;
    CREATE TEMP TABLE bench_order AS
    SELECT step.n, contract.id AS contract_id, partner.id AS partner_id,
           100.0 + step.n %% 900 AS amount, step.n %% 3 <> 0 AS paid, NULL::int AS id,
           NULL::int AS line_id, NULL::int AS invoice_id, NULL::int AS payment_id
      FROM generate_series(1, %(orders)s) step (n)
      JOIN bench_contract contract ON contract.n = 1 + step.n %% %(contracts)s
      JOIN bench_partner partner ON partner.n = 1 + contract.n %% 2000;
    """
)
sql(
    """
    WITH made AS (
        INSERT INTO sale_order (name, partner_id, partner_invoice_id,
                                partner_shipping_id, company_id, currency_id,
                                currency_rate, state, date_order, user_id, warehouse_id,
                                picking_policy, amount_untaxed, amount_total,
                                parts_contract_id, invoice_status, client_order_ref)
        SELECT 'BO' || n, partner_id, partner_id, partner_id, %(company)s, %(currency)s,
               1, 'sale', '2026-01-02'::timestamp + (n %% 300) * interval '1 day',
               %(user)s, %(warehouse)s, 'direct', amount, amount, contract_id,
               'invoiced', n::text
          FROM bench_order
        RETURNING id, client_order_ref)
    UPDATE bench_order SET id = made.id FROM made
     WHERE made.client_order_ref::int = n;
    INSERT INTO sale_order_line (order_id, company_id, currency_id, order_partner_id,
                                 product_id, product_uom_id, name, product_uom_qty,
                                 price_unit, discount, price_subtotal, price_total,
                                 price_reduce_taxexcl, price_reduce_taxinc, state,
                                 qty_delivered, qty_invoiced, qty_to_invoice,
                                 untaxed_amount_invoiced, untaxed_amount_to_invoice,
                                 salesman_id, customer_lead, invoice_status,
                                 warehouse_id)
    SELECT id, %(company)s, %(currency)s, partner_id, %(product)s, %(uom)s, 'Bench', 1,
           amount, 0, amount, amount, amount, amount, 'sale', 1, 1, 0, amount, 0,
           %(user)s, 0, 'invoiced', %(warehouse)s
      FROM bench_order;
    """
)
for kind, journal, only in (
    ("out_invoice", "sale_journal", "TRUE"),
    ("entry", "bank_journal", "paid"),
):
    column = "invoice_id" if kind == "out_invoice" else "payment_id"
    env.cr.execute(
        f"""
        WITH made AS (
            INSERT INTO account_move (name, move_type, state, date, invoice_date,
                                      journal_id, company_id, currency_id, partner_id,
                                      commercial_partner_id, amount_total,
                                      amount_untaxed, invoice_currency_rate, auto_post,
                                      parts_contract_id, ref, amount_total_signed)
            SELECT '{kind}' || n, '{kind}', 'posted', '2026-02-01', '2026-02-01',
                   %({journal})s, %(company)s, %(currency)s, partner_id, partner_id,
                   amount, amount, 1, 'no',
                   CASE WHEN '{kind}' = 'entry' THEN NULL ELSE contract_id END,
                   n::text, amount
              FROM bench_order
             WHERE {only}
            RETURNING id, ref)
        UPDATE bench_order SET {column} = made.id FROM made WHERE made.ref::int = n;
        INSERT INTO account_move_line (move_id, company_id, currency_id,
                                       company_currency_id, journal_id, account_id,
                                       partner_id, date, date_maturity, display_type,
                                       parent_state, debit, credit, balance,
                                       amount_currency, name, move_name, quantity)
        SELECT {column}, %(company)s, %(currency)s, %(currency)s, %({journal})s,
               side.account_id, partner_id, '2026-02-01', '2026-03-01',
               side.display_type, 'posted', GREATEST(side.sign, 0) * amount,
               GREATEST(-side.sign, 0) * amount, side.sign * amount,
               side.sign * amount, '{kind}', '{kind}', 1
          FROM bench_order
          JOIN (VALUES ({{sides}})) side (account_id, display_type, sign) ON TRUE
         WHERE {only}
        """.replace(
            "({sides})",
            "(%(receivable)s, 'payment_term', 1), (%(income)s, 'product', -1)"
            if kind == "out_invoice"
            else "(%(receivable)s, 'payment_term', -1), (%(bank)s, 'product', 1)",
        ),
        facts,
    )
sql(
    """
    ANALYZE bench_order; ANALYZE account_move_line;
    INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount,
                                           debit_amount_currency,
                                           credit_amount_currency, company_id,
                                           max_date, debit_currency_id,
                                           credit_currency_id)
    SELECT debit.id, credit.id, amount, amount, amount, %(company)s, '2026-02-01',
           %(currency)s, %(currency)s
      FROM bench_order
      JOIN account_move_line debit ON debit.move_id = bench_order.invoice_id
       AND debit.account_id = %(receivable)s
      JOIN account_move_line credit ON credit.move_id = bench_order.payment_id
       AND credit.account_id = %(receivable)s;
    ANALYZE parts_contract; ANALYZE parts_contract_version; ANALYZE sale_order;
    ANALYZE sale_order_line; ANALYZE account_move; ANALYZE account_move_line;
    ANALYZE account_partial_reconcile; ANALYZE res_partner;
    """
)
env.invalidate_all()
took = time.perf_counter() - started
print(f"{ORDERS} orders under {CONTRACTS} contracts: {took:.0f} s")


def measured(work):
    """Return the median seconds of a piece of work, from a cold cache."""
    times = []
    for _round in range(ROUNDS + 1):
        env.invalidate_all()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


PAGE = {
    name: {} for name in ("display_name", "amount", "ordered", "delivered", "invoiced")
} | {name: {} for name in ("collected", "receivable", "due", "overdue", "to_come")}
SUMS = ["amount:sum", "ordered:sum", "invoiced:sum", "receivable:sum", "overdue:sum"]
ledger, analysis = env["parts.contract.ledger"], env["sale.report"]
work = {
    "first page, ledger": lambda: ledger.web_search_read([], PAGE, limit=80),
    "first page, sale analysis": lambda: analysis.web_search_read(
        [], {"order_reference": {}, "price_total": {}, "qty_delivered": {}}, limit=80
    ),
    "pivot by customer, ledger": lambda: ledger.formatted_read_group(
        [], ["partner_id"], SUMS
    ),
    "pivot by customer with collected, ledger": lambda: ledger.formatted_read_group(
        [], ["partner_id"], [*SUMS, "collected:sum"]
    ),
    "pivot by customer, sale analysis": lambda: analysis.formatted_read_group(
        [], ["partner_id"], ["price_total:sum", "qty_delivered:sum", "__count"]
    ),
    "overdue contracts, ledger": lambda: ledger.web_search_read(
        [("overdue", ">", 0)], PAGE, limit=80, order="overdue desc"
    ),
}
figures = {name: measured(piece) for name, piece in work.items()}
for name, seconds in figures.items():
    print(f"{name}: {seconds:.2f} s")
for kind, core in (
    ("first page", "first page"),
    ("pivot by customer", "pivot by customer"),
    ("pivot by customer with collected", "pivot by customer"),
):
    slower = figures[f"{kind}, ledger"] - figures[f"{core}, sale analysis"]
    print(f"{kind}: {slower:+.2f} s against core (at most +1.00)")
env.cr.rollback()
