# ruff: noqa: F821 (env is given by `odoo shell`)
"""Reconciling payments with invoices, as an accountant does.

Rounds of 40 payments of as many invoices, in one go; and 10 part payments of an invoice
of 500 lines. Without the addon as core does it; with it, without a plan; and with a
plan that promises commission on every line. Aim: at most 1.15 times core.
``BENCH_FULL=1`` takes 1,000 payments in one go.
"""

import os
import time

from odoo.fields import Command

from tools.bench.turns import Turns

VARIANTS = ("core", "off", "on")
FULL = os.environ.get("BENCH_FULL")
ROUNDS, PAYMENTS = (3, 1000) if FULL else (6, 40)
INVOICES, LINES, PARTS = 3, 500, 10

company = env["res.company"].create({"name": "Bench commission"})
company.write({"country_id": env.ref("base.us").id})
env.user.write({"company_ids": [Command.link(company.id)]})
env = env(context={**env.context, "allowed_company_ids": company.ids})
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company = env["res.company"].browse(company.id)
seller = env["res.users"].create(
    {
        "name": "Bench seller",
        "login": f"bench_seller_{company.id}",
        "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
    }
)
customer = env["res.partner"].create({"name": "Bench customer"})
product = env["product.product"].create({"name": "Bench part", "list_price": 100.0})
bank = env["account.journal"].search(
    [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
)


def new_invoices(count, lines):
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-03-01",
                "invoice_user_id": seller.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for _line in range(lines)
                ],
            }
            for _invoice in range(count)
        ]
    )
    invoices.action_post()
    return invoices


def new_payments(count, amount):
    payments = env["account.payment"].create(
        [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": customer.id,
                "journal_id": bank.id,
                "amount": amount,
                "date": "2026-03-10",
            }
            for _payment in range(count)
        ]
    )
    payments.action_post()
    return payments


def receivable(moves):
    return moves.line_ids.filtered(lambda x: x.account_type == "asset_receivable")


def measure(plans):
    """Return seconds and queries of reconciling, from a cold cache."""
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    started = time.perf_counter()
    env["account.move.line"]._reconcile_plan(plans)
    env.flush_all()
    return time.perf_counter() - started, env.cr.sql_log_count - queries


def pairs(invoices, payments):
    return [
        receivable(invoice) | receivable(payment.move_id)
        for invoice, payment in zip(invoices, payments, strict=True)
    ]


def promise():
    env["parts.commission.plan"].create(
        {
            "name": "Bench plan",
            "company_id": company.id,
            "user_ids": [Command.set(seller.ids)],
            "rule_ids": [Command.create({"rate": 5.0})],
        }
    )


def settle(payments):
    """Measure the reconciliation of as many payments with an invoice each."""
    return measure(pairs(new_invoices(payments, 1), new_payments(payments, 100.0)))


def settle_in_parts():
    """Measure ten part payments of one long invoice, one after the other."""
    invoice = new_invoices(1, LINES)
    seconds, queries = 0.0, 0
    for payment in new_payments(PARTS, LINES * 100.0 / PARTS):
        figures = measure([receivable(invoice | payment.move_id)])
        seconds, queries = seconds + figures[0], queries + figures[1]
    return seconds, queries


with Turns() as turns:
    if turns.variant == "on":
        promise()
    with turns.next():  # the first one fills the registry's caches
        settle(2)
    for _round in range(ROUNDS):
        with turns.next():
            turns.note(f"reconcile {PAYMENTS} payments", *settle(PAYMENTS))
    for _round in range(INVOICES):
        with turns.next():
            turns.note(f"{LINES} lines in {PARTS} parts", *settle_in_parts())
env.cr.rollback()
