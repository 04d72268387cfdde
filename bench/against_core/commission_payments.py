# ruff: noqa: F821 (env is given by `odoo shell`)
"""Reconciling payments with invoices, all in one run, as an accountant does.

1,000 payments of as many invoices; and 10 part payments of one invoice of 500 lines.
Without the addon as core does it; with it once without a plan, once with a plan that
promises commission on every line. Aim (issue of the room): at most 1.15 times core.
"""

import json
import os
import time

from odoo.fields import Command

HAS_ADDON = "parts.commission.plan" in env
VARIANTS = ("off", "on") if HAS_ADDON else ("core",)
PAYMENTS = 1000
LINES = 500
PARTS = 10

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


def write(results, label, variant, figures):
    print(json.dumps([label, variant, *figures]), file=results, flush=True)


with open(os.environ["BENCH_RESULTS"], "a") as results:
    for variant in VARIANTS:
        if variant == "on":
            env["parts.commission.plan"].create(
                {
                    "name": "Bench plan",
                    "company_id": company.id,
                    "user_ids": [Command.set(seller.ids)],
                    "rule_ids": [Command.create({"rate": 5.0})],
                }
            )
        plans = pairs(new_invoices(PAYMENTS, 1), new_payments(PAYMENTS, 100.0))
        figures = measure(plans)
        write(results, f"reconcile {PAYMENTS} payments", variant, figures)
        invoice = new_invoices(1, LINES)
        amount = LINES * 100.0 / PARTS
        total = [0.0, 0]
        for payment in new_payments(PARTS, amount):
            seconds, queries = measure([receivable(invoice | payment.move_id)])
            total = [total[0] + seconds, total[1] + queries]
        write(results, f"{LINES} lines in {PARTS} parts", variant, total)
env.cr.rollback()
