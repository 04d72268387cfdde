# ruff: noqa: F821 (env is given by `odoo shell`)
"""Statements over 100,000 entries for 50 people, beside bare SQL on the same rows.

Aim: at most 3 times one INSERT ... SELECT of the statements and one UPDATE of the
entries, in the same run, and at least 11,000 entries a second.
"""

import time
from datetime import date

from odoo.fields import Command

PEOPLE = 50
ENTRIES = 100_000
AIM = 3.0

company = env["res.company"].create({"name": "Bench statements"})
users = env["res.users"].create(
    [
        {
            "name": f"Bench {number}",
            "login": f"bench_statement_{company.id}_{number}",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }
        for number in range(PEOPLE)
    ]
)
env.flush_all()
env.cr.execute(
    """
    INSERT INTO parts_commission_entry (
        kind, cause, company_id, user_id, date, partial_ref, collected,
        collected_currency, amount, amount_currency, rate, factor, role, create_date,
        write_date
    )
    SELECT 'collection', 'collected', %(company)s, (%(users)s)[1 + n %% %(people)s],
           DATE '2026-03-01' + (n %% 31), n, 100, 100, 5, 5, 5, 1, 'seller', now(),
           now()
      FROM generate_series(1, %(entries)s) n
    """,
    {
        "company": company.id,
        "users": users.ids,
        "people": PEOPLE,
        "entries": ENTRIES,
    },
)
# As in life the entries were there before: of rows of its own transaction PostgreSQL
# checks every foreign key again with each update
env.cr.commit()
env.cr.execute("ANALYZE parts_commission_entry")
Statement = env["parts.commission.statement"]


def timed(function):
    env.flush_all()
    env.invalidate_all()
    env.cr.execute("SAVEPOINT bench")
    started = time.perf_counter()
    result = function()
    env.flush_all()
    seconds = time.perf_counter() - started
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all()
    return seconds, result


def bare():
    env.cr.execute(
        """
        INSERT INTO parts_commission_statement (
            name, user_id, company_id, currency_id, date_from, date_to, state
        )
        SELECT '/', user_id, company_id, %s, DATE '2026-03-01', DATE '2026-03-31',
               'draft'
          FROM parts_commission_entry
         WHERE company_id = %s AND statement_id IS NULL AND date <= '2026-03-31'
         GROUP BY user_id, company_id
        """,
        [company.currency_id.id, company.id],
    )
    env.cr.execute(
        """
        UPDATE parts_commission_entry entry SET statement_id = statement.id
          FROM parts_commission_statement statement
         WHERE statement.company_id = %s AND entry.company_id = statement.company_id
           AND entry.user_id = statement.user_id AND entry.statement_id IS NULL
        """,
        [company.id],
    )
    return env.cr.rowcount


def ours():
    statements = Statement._draw_up(company, date(2026, 3, 1))
    return sum(statements.mapped("entry_count"))


for _round in range(3):
    base, rows = timed(bare)
    seconds, counted = timed(ours)
    assert rows == counted == ENTRIES, (rows, counted)
    ratio = seconds / base
    print(
        f"statements over {ENTRIES} entries for {PEOPLE} people: {ratio:.2f}"
        f" ({seconds:.2f} s beside {base:.2f} s, {ENTRIES / seconds:.0f} entries/s),"
        f" aim at most {AIM}: {'met' if ratio <= AIM else 'NOT MET'}"
    )
env.cr.rollback()
