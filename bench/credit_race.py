# ruff: noqa: F821 (env is given by `odoo shell`)
"""Two and twenty confirmations for one customer at the same moment.

By real connections as requests use them, and by RPC against a server of its own, which
is ended afterwards. The limit lets half of them pass. Told are rounds in which more
passed (there must be none), how many callers were held, passed, or told to try again,
and the median and the longest wait. BENCH_RACES: rounds of each (default 5);
BENCH_RACE_BY and BENCH_RACE_CALLERS choose among them, such as RPC and 2,20.
"""

import json
import logging
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

from odoo.addons.auto_parts_sales.exceptions import GateError

RACES = int(os.environ.get("BENCH_RACES", "5"))
BY = os.environ.get("BENCH_RACE_BY", "connections,RPC").split(",")
CALLERS = [int(n) for n in os.environ.get("BENCH_RACE_CALLERS", "2,20").split(",")]
AGAIN = "try again"
# that one of two fails and runs again is what is measured
logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
registry = Registry(env.cr.dbname)
env.company.parts_credit_control = True
admin = env.ref("base.user_admin")
admin.password = "bench-race"  # noqa: S105
env.cr.commit()


def committed():
    return registry.cursor()


def prepare(callers):
    """Return ids of quotations of 100.00, of whose customer half may pass."""
    with committed() as cr:
        own = api.Environment(cr, SUPERUSER_ID, {})
        customer = own["res.partner"].create({"name": "Race", "is_company": True})
        own["parts.credit.file"].create(
            {
                "partner_id": customer.id,
                "company_id": own.company.id,
                "credit_limit": 50.0 * callers + 50.0,
                "term_days": 365,
                "state": "active",
            }
        )
        product = own["product.product"].create({"name": "Part", "type": "service"})
        line = {
            "product_id": product.id,
            "price_unit": 100.0,
            "tax_ids": [Command.clear()],
        }
        orders = own["sale.order"].create(
            [
                {"partner_id": customer.id, "order_line": [Command.create(line)]}
                for _ in range(callers)
            ]
        )
        return orders.ids


def by_connection(order_id, barrier):
    with committed() as cr:
        own = api.Environment(cr, admin.id, {})

        def run():
            order = own["sale.order"].browse(order_id)
            order.fetch(["state"])
            if not waited:
                waited.append(time.perf_counter())
                barrier.wait(timeout=60)
            order.action_confirm()

        waited = []
        try:
            retrying(run, own)
            return "passed"
        except GateError:
            cr.rollback()
            return "held"
        except UserError as error:
            cr.rollback()
            return "again" if AGAIN in str(error) else "error"


def by_rpc(order_id, barrier):
    barrier.wait(timeout=60)
    answer = call(
        "object",
        "execute_kw",
        [
            env.cr.dbname,
            admin.id,
            "bench-race",
            "sale.order",
            "action_confirm",
            [[order_id]],
        ],
    )
    if "result" in answer:
        return "passed"
    told = json.dumps(answer["error"]["data"])
    if AGAIN in told:
        return "again"
    return "held" if "GateError" in told or "parts_blocks" in told else "error"


def call(service, method, args):
    body = {
        "jsonrpc": "2.0",
        "method": "call",
        "params": {"service": service, "method": method, "args": args},
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/jsonrpc",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=180) as answer:
        return json.load(answer)


def race(how, callers):
    """Return answers, waits in seconds, and whether too many passed."""
    ids, barrier = prepare(callers), threading.Barrier(callers)
    answers, waits = [], []

    def caller(order_id):
        started = time.perf_counter()
        try:
            answers.append(how(order_id, barrier))
        except Exception as error:
            answers.append(f"error {type(error).__name__}")
        waits.append(time.perf_counter() - started)

    threads = [threading.Thread(target=caller, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed() as cr:
        own = api.Environment(cr, SUPERUSER_ID, {})
        orders = own["sale.order"].browse(ids)
        confirmed = len(orders.filtered(lambda order: order.state == "sale"))
    true = confirmed == answers.count("passed")
    return answers, waits, 100.0 * confirmed > 50.0 * callers + 50.0, true


def measure(label, how, callers, rounds):
    answers, waits, beyond, untrue = [], [], 0, 0
    for _round in range(rounds):
        told, waited, over, true = race(how, callers)
        answers += told
        waits += waited
        beyond += over
        untrue += not true
    counts = {answer: answers.count(answer) for answer in sorted(set(answers))}
    print(
        f"    {label}, {callers} at once, {rounds} rounds: {beyond} beyond the limit,"
        f" {untrue} untrue, {counts}, wait {statistics.median(waits):.2f} s (median),"
        f" {max(waits):.2f} s (longest)"
    )


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
command = [sys.executable, "-m", "odoo"]
if "ODOO_RC" not in os.environ:
    command += ["-c", config["config"]]
command += ["-d", env.cr.dbname, f"--http-port={port}", "--max-cron-threads=0"]
server = subprocess.Popen([*command, "--log-level=critical"], stderr=subprocess.DEVNULL)
try:
    for _try in range(120):
        try:
            call("common", "version", [])
            break
        except OSError:
            time.sleep(0.5)
    for label, how in (("connections", by_connection), ("RPC", by_rpc)):
        for callers in CALLERS if label in BY else ():
            measure(label, how, callers, RACES)
finally:
    server.terminate()
    server.wait()
