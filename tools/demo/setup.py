# ruff: noqa: F821 (env is given by `odoo shell`)
"""After the addon: a year in the life of a Chinese auto-parts trader.

Run in `odoo shell` on a database with l10n_cn, the addon and its demo data, made for
the demo alone. Enquiries, orders, deliveries, invoices, payments, purchases, approvals
and commission come about by Odoo's and the addon's own methods; only their dates are
moved into the past afterwards. The same seed gives the same year, ending today.

PARTS_DEMO_LOGINS names a file that gets the list of logins as JSON.
"""

import json
import os
import random
import sys
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons import auto_parts_sales

# a script read from the standard input has no folder of its own
sys.path.insert(0, str(Path(auto_parts_sales.__file__).parents[1]))
from tools.demo import commission, pools, prices  # noqa: E402

TODAY = date.today()
FIRST_DAY = TODAY - timedelta(days=365)
ORDERS = 260
ENQUIRIES = 140
RANDOM = random.Random(20260301)
STARTED = time.monotonic()
# (table, column): {id: moment}
STAMPS = defaultdict(dict)

# how a customer pays: days after the due date (from, to), share never paid
PAYERS = {
    "early": ((-12, 0), 0.0),
    "usual": ((-4, 9), 0.0),
    "slow": ((6, 45), 0.04),
    "bad": ((30, 110), 0.25),
}
PAYER_OF = {7: "bad", 13: "slow", 15: "slow", 18: "slow", 21: "bad", 25: "slow"}
LOST_REASONS = [
    "Too expensive",
    "Competitor had it in stock",
    "We cannot get this part",
    "Customer repaired the old one",
    "No answer",
]
LANGUAGES = {"office": "zh_CN", "warehouse": "zh_CN", "sales2": "zh_CN", "gm": "zh_CN"}
ROLES = {
    "sales": "salesperson",
    "sales2": "second salesperson",
    "manager": "sales manager",
    "office": "sales office",
    "finance": "finance",
    "deputy": "financial deputy",
    "gm": "general manager",
    "warehouse": "warehouse",
    "purchase": "purchasing",
    "legal": "legal",
    "credit": "credit keeper",
    "price": "price group",
}


def say(text):
    seconds = time.monotonic() - STARTED
    sys.stdout.write(f"    {seconds:5.0f} s  {text}\n")
    sys.stdout.flush()


def ref(name):
    return env.ref(f"auto_parts_sales.demo_{name}")


def acting(login):
    """Return superuser's environment in which `login` is who creates the records."""
    return quiet()(user=ref(f"user_{login}").id, su=True)


def quiet():
    """Return the environment without mail, tracking and followers."""
    return env(
        context={
            "tracking_disable": True,
            "mail_create_nosubscribe": True,
            "mail_auto_subscribe_no_notify": True,
            "lang": "en_US",
            "tz": "Asia/Shanghai",
        }
    )


# === COMPANY === #


def set_up_company():
    company = env.ref("base.main_company")
    if company.chart_template != "cn":
        env["account.chart.template"].try_loading("cn", company, install_demo=False)
    env["res.lang"]._activate_lang("zh_CN")
    company.write(
        {
            "name": "Xinhua Auto Parts 鑫华汽配",
            "street": "1288 Zhangyang Road",
            "city": "Shanghai",
            "zip": "200122",
            "state_id": env.ref("base.state_cn_SH").id,
            "country_id": env.ref("base.cn").id,
            "vat": "91310115MA1K4XH29P",
            "phone": "+86 21 5835 1288",
            "email": "info@xinhua-parts.example.com",
            "website": "https://www.xinhua-parts.example.com",
            "quotation_validity_days": 30,
            # a demo calls nobody
            "stock_text_confirmation": False,
        }
    )
    admin = env.ref("base.user_admin")
    admin.write({"tz": "Asia/Shanghai", "lang": "en_US"})
    return company


def load_demo_data():
    """Load the addon's own demo data if the installation did not."""
    if env.ref("auto_parts_sales.demo_part_5g0906259c", raise_if_not_found=False):
        return
    from odoo.modules.loading import load_demo  # noqa: PLC0415
    from odoo.modules.module_graph import ModuleGraph  # noqa: PLC0415

    graph = ModuleGraph(env.cr, mode="load")
    graph.extend(
        env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
    )
    [addon] = [package for package in graph if package.name == "auto_parts_sales"]
    if not load_demo(env, addon, {}, "init"):
        raise RuntimeError("The demo data cannot be loaded, see the log.")


def stay_at_home():
    """Switch off the jobs that would ask Odoo's servers about customers and leads."""
    jobs = env["ir.model.data"].search(
        [
            ("model", "=", "ir.cron"),
            ("module", "in", ["crm_iap_enrich", "partner_autocomplete", "sms"]),
        ]
    )
    env["ir.cron"].browse(jobs.mapped("res_id")).active = False


def set_up_people():
    env["ir.module.module"]._load_module_terms(["auto_parts_sales"], ["zh_CN"])
    for login in ROLES:
        language = LANGUAGES.get(login, "en_US")
        ref(f"user_{login}").write(
            # in the inbox: a demo has no mail server
            {"lang": language, "tz": "Asia/Shanghai", "notification_type": "inbox"}
        )
    customers = env["res.partner"].search(
        [("id", "in", [ref(f"customer_{number}").id for number in range(1, 37)])]
    )
    customers.write({"lang": "zh_CN", "customer_rank": 1})
    for number in (33, 34, 35):
        ref(f"customer_{number}").lang = "en_US"


# === A YEAR, PLANNED === #


def workday(day):
    while day.weekday() > 5:
        day += timedelta(days=1)
    return min(day, TODAY)


def some_day():
    """Return a day of the last year; more of them lately: business grows."""
    return workday(FIRST_DAY + timedelta(days=int(365 * RANDOM.random() ** 0.85)))


def choose_pool():
    """Return the parts that sell, in stock ones first, with their weights."""
    stocked = env["stock.quant"].search(
        [
            ("product_id.categ_id", "child_of", ref("category").id),
            ("location_id.usage", "=", "internal"),
            ("quantity", ">", 0),
        ],
        order="id",
    )
    pool = RANDOM.sample(stocked.product_id.sorted("id"), 110)
    if ref("part_5g0906259c") not in pool:
        pool.insert(0, ref("part_5g0906259c"))
    return pool, [1.0 / (rank + 4) for rank in range(len(pool))]


def choose_customer():
    numbers = range(1, 37)
    # nothing on credit for who has no file: those come with the approvals
    weights = [0 if n in (28, 31, 34, 36, 30) else 38 - n for n in numbers]
    return RANDOM.choices(numbers, weights)[0]


def plan_orders():
    """Return the orders of the year, oldest first, as dictionaries."""
    pool, weights = choose_pool()
    plans = []
    for _number in range(ORDERS):
        customer = choose_customer()
        fleet = ref(f"customer_{customer}").user_id == ref("user_sales2")
        products = dict.fromkeys(
            RANDOM.choices(pool, weights, k=RANDOM.choice([1, 1, 2, 2, 3, 4]))
        )
        plans.append(
            {
                "day": some_day(),
                "customer": customer,
                "lines": [
                    (product, RANDOM.randint(1, 6 if fleet else 3))
                    for product in products
                ],
                "enquiry": RANDOM.random() < 0.3,
            }
        )
    plans.sort(key=lambda plan: plan["day"])
    for plan in plans:
        plan["delivered"] = workday(plan["day"] + timedelta(RANDOM.randint(0, 4)))
    return plans


# === PURCHASES AND STOCK === #


def buy(plans):
    """Order and receive what the year needs, so that no stock is below zero."""
    quiet_env = quiet()
    demand = defaultdict(float)
    for plan in plans:
        for product, quantity in plan["lines"]:
            demand[product] += quantity
    orders = defaultdict(list)
    for product, quantity in demand.items():
        short = quantity + RANDOM.randint(3, 15) - product.free_qty
        if short <= 0:
            continue
        parts = RANDOM.choice([1, 2, 3]) if short > 6 else 1
        seller = product.seller_ids[:1]
        for part in range(parts):
            month = RANDOM.randint(0, 3) + 4 * part if parts > 1 else 0
            month = min(month, 11)
            bought = round(short / parts) + 1
            orders[month, seller.partner_id].append((product, bought, seller.price))
    purchases, days = quiet_env["purchase.order"], {}
    for (month, vendor), lines in sorted(
        orders.items(), key=lambda item: (item[0][0], item[0][1].id)
    ):
        day = workday(
            FIRST_DAY + timedelta(days=30 * month - 20 + RANDOM.randint(0, 9))
        )
        purchase = acting("purchase")["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "payment_term_id": vendor.property_supplier_payment_term_id.id,
                "user_id": ref("user_purchase").id,
                "date_order": datetime.combine(day, datetime.min.time()),
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                        }
                    )
                    for product, quantity, price in lines
                ],
            }
        )
        days[purchase.id] = day
        purchases |= purchase.with_env(quiet_env)
    purchases.button_confirm()
    done(purchases.picking_ids)
    for purchase in purchases:
        set_dates(purchase, days[purchase.id])
        received = workday(days[purchase.id] + timedelta(days=RANDOM.randint(2, 9)))
        set_dates(purchase.picking_ids, received)
    bill(purchases, days)
    return purchases


def bill(purchases, days):
    for purchase in purchases:  # together, Odoo makes one bill for each vendor
        purchase.action_create_invoice()
    bills = purchases.invoice_ids
    for bill_ in bills.sorted("id"):
        purchase = bill_.line_ids.purchase_line_id.order_id
        day = workday(days[purchase.id] + timedelta(days=10))
        bill_.write(
            {
                "invoice_date": day,
                "date": day,
                "ref": f"{RANDOM.randint(10**7, 10**8 - 1)}",
            }
        )
    bills.action_post()
    pay(
        [
            (
                bill_,
                bill_.invoice_date_due + timedelta(days=RANDOM.randint(0, 12)),
                bill_.amount_residual,
            )
            for bill_ in bills
        ]
    )


def done(pickings, share=1.0):
    """Validate transfers, all of them or a share of each line."""
    for move in pickings.move_ids:
        move.quantity = max(round(move.product_uom_qty * share), 1)
        move.picked = True
    pickings.with_context(skip_sanity_check=True, cancel_backorder=False)._action_done()


def set_dates(records, day):
    """Move documents into the past: what Odoo stamps with the clock."""
    moment = datetime.combine(day, datetime.min.time()) + timedelta(
        hours=RANDOM.randint(1, 9), minutes=RANDOM.randint(0, 59)
    )
    columns = {
        "sale.order": ["date_order"],
        "purchase.order": ["date_order", "date_approve", "date_planned"],
        "stock.picking": ["scheduled_date", "date_done"],
        "crm.lead": ["date_open", "date_last_stage_update"],
        "parts.enquiry.line": [],
        "stock.move": ["date"],
        "stock.move.line": ["date"],
        "parts.approval": [],
    }[records._name]
    if not records:
        return
    stamp(records, moment, ["create_date", *columns])
    if records._name == "stock.picking":
        stamp(records.move_ids, moment, ["create_date", "date"])
        stamp(records.move_line_ids, moment, ["create_date", "date"])


def stamp(records, moment, columns):
    """Note what is dated back; `apply_stamps` writes it in the end, all at once."""
    for column in columns:
        STAMPS[records._table, column].update(dict.fromkeys(records.ids, moment))


def apply_stamps():
    env.flush_all()
    for (table, column), moments in STAMPS.items():
        env.cr.execute(
            SQL(
                "UPDATE %(table)s t SET %(column)s = v.moment"
                " FROM (SELECT unnest(%(ids)s) AS id, unnest(%(moments)s) AS moment) v"
                " WHERE t.id = v.id AND t.%(column)s IS NOT NULL",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                ids=list(moments),
                moments=[
                    datetime.combine(moment, datetime.min.time())
                    if not isinstance(moment, datetime)
                    else moment
                    for moment in moments.values()
                ],
            )
        )
    env.invalidate_all(flush=False)


def date_opening_stock():
    moves = env["stock.move"].search([("is_inventory", "=", True)])
    day = datetime.combine(FIRST_DAY - timedelta(days=30), datetime.min.time())
    stamp(moves, day, ["create_date", "date"])
    stamp(moves.move_line_ids, day, ["create_date", "date"])


# === SALES === #


def vehicle_of(product):
    return RANDOM.choice(product.parts_fitment_ids.vehicle_id.sorted("id"))


def messy(number):
    """Return a number as a customer writes it in a chat."""
    return RANDOM.choice(
        [number, number.lower(), number.replace(" ", "").replace("-", ""),
         number.replace("-", " ").lower()]
    )  # fmt: skip


def team_of(login):
    return ref("team_counter" if login == "sales" else "team_fleet")


def seller_of(customer):
    return customer.user_id.login


def prepare_lead_vals(customer, lines, day):
    """Return an enquiry; `lines` are pairs (part, quantity)."""
    first = lines[0][0]
    login = seller_of(customer)
    return {
        "type": "opportunity",
        "name": f"{first.name.split(',')[0]} ({customer.name.split()[0]})",
        "partner_id": customer.id,
        "user_id": customer.user_id.id,
        "team_id": team_of(login).id,
        "expected_revenue": sum(p.list_price * quantity for p, quantity in lines),
        "date_deadline": day + timedelta(days=RANDOM.randint(2, 20)),
        "parts_enquiry_line_ids": [
            Command.create(
                {
                    "query": messy(product.parts_number_ids[0].number),
                    "product_id": product.id,
                    "vehicle_id": vehicle_of(product).id,
                    "quantity": quantity,
                }
            )
            for product, quantity in lines
        ],
    }


def prepare_order_vals(plan):
    customer = ref(f"customer_{plan['customer']}")
    return {
        "partner_id": customer.id,
        "user_id": customer.user_id.id,
        "team_id": team_of(seller_of(customer)).id,
        "parts_vehicle_id": vehicle_of(plan["lines"][0][0]).id,
        "client_order_ref": f"PO-{RANDOM.randint(1000, 9999)}"
        if RANDOM.random() < 0.5
        else False,
        "order_line": [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "discount": RANDOM.choice([0, 0, 0, 0, 3, 5]),
                }
            )
            for product, quantity in plan["lines"]
        ],
    }


def quote_enquiries(plans):
    """Make enquiries that are won and their quotations; return {id of plan: order}."""
    orders = {}
    for plan in plans:
        customer = ref(f"customer_{plan['customer']}")
        lead = acting(seller_of(customer))["crm.lead"].create(
            prepare_lead_vals(customer, plan["lines"], plan["day"])
        )
        lead.action_parts_create_quotation()
        lead.action_set_won()
        set_dates(lead, plan["day"])
        stamp(lead, plan["day"], ["date_closed"])
        set_dates(lead.parts_enquiry_line_ids, plan["day"])
        orders[id(plan)] = lead.order_ids[:1].with_env(quiet())
    return orders


def quote(plans):
    """Return the orders of `plans`, their numbers as old as their dates."""
    orders = quote_enquiries([plan for plan in plans if plan["enquiry"]])
    direct = [plan for plan in plans if not plan["enquiry"]]
    made = quiet()["sale.order"].create([prepare_order_vals(plan) for plan in direct])
    orders.update({id(p): order for p, order in zip(direct, made, strict=True)})
    result = [orders[id(plan)] for plan in plans]
    names = sorted(order.name for order in result)
    for plan, order, name in zip(plans, result, names, strict=True):
        order.name = name
        set_dates(order, plan["day"])
    return result


def sell(plans):
    """Make the orders; return {order: plan} of those that were confirmed."""
    confirmed, cancelled = {}, env["sale.order"]
    for plan, order in zip(plans, quote(plans), strict=True):
        age = (TODAY - plan["day"]).days
        fate = RANDOM.random()
        if age < 14 and fate < 0.5:
            order.state = "draft" if fate < 0.25 else "sent"
        elif fate > 0.93:
            cancelled |= order
        else:
            confirmed[order] = plan
    cancelled.with_env(quiet()).action_cancel()
    orders = env["sale.order"].browse(order.id for order in confirmed)
    orders.with_env(quiet()).action_confirm()
    for order, plan in confirmed.items():
        set_dates(order, plan["day"])
    return confirmed


def deliver(confirmed):
    """Deliver what is due; the newest wait for the warehouse."""
    whole, partly = env["stock.picking"], env["stock.picking"]
    for order, plan in confirmed.items():
        picking = order.picking_ids
        if (TODAY - plan["delivered"]).days < 3:
            set_dates(picking, plan["day"])
        elif RANDOM.random() < 0.08:
            partly |= picking
        else:
            whole |= picking
    done(whole.with_env(quiet()))
    done(partly.with_env(quiet()), 0.5)
    for picking in whole | partly:
        plan = confirmed[picking.sale_id]
        set_dates(picking, plan["delivered"])
    for picking in partly.backorder_ids:
        later = confirmed[picking.sale_id]["delivered"]
        later += timedelta(days=RANDOM.randint(8, 20))
        if later < TODAY:
            done(picking.with_env(quiet()))
            set_dates(picking, later)


def invoice(confirmed):
    """Invoice what was delivered; return the posted invoices."""
    orders = env["sale.order"].browse(
        order.id for order in confirmed if order.invoice_status == "to invoice"
    )
    recent = [o for o in orders if (TODAY - confirmed[o]["delivered"]).days < 7]
    waiting = env["sale.order"].browse(o.id for o in recent[: len(recent) // 2])
    invoices = (orders - waiting).with_env(quiet())._create_invoices(grouped=True)
    for move in invoices:
        order = move.line_ids.sale_line_ids.order_id
        day = confirmed[order[:1]]["delivered"]
        move.write({"invoice_date": day, "date": day})
    drafts = invoices.sorted("invoice_date")[-2:]
    (invoices - drafts).sorted(lambda move: (move.invoice_date, move.id)).action_post()
    return invoices - drafts


def pay(payments):
    """Register `payments`, a list of (invoice or bill, day, amount), oldest first."""
    due = sorted((p for p in payments if p[1] <= TODAY), key=lambda p: (p[1], p[0].id))
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    records = quiet()["account.payment"].create(
        [
            {
                "date": day,
                "amount": amount,
                "journal_id": journal.id,
                "partner_id": move.commercial_partner_id.id,
                "payment_type": "inbound" if move.is_sale_document() else "outbound",
                "partner_type": "customer" if move.is_sale_document() else "supplier",
                "memo": move.payment_reference or move.ref or move.name,
                "invoice_ids": [Command.set(move.ids)],
            }
            for move, day, amount in due
        ]
    )
    records.action_post()
    open_types = ("asset_receivable", "liability_payable")
    quiet()["account.move.line"]._reconcile_plan(
        [
            (move | payment.move_id).line_ids.filtered(
                lambda line: line.account_type in open_types
            )
            for (move, _day, _amount), payment in zip(due, records, strict=True)
        ]
    )


def payer_of(partner):
    number = int(partner.get_external_id()[partner.id].rsplit("_", 1)[1])
    if number in PAYER_OF:
        return PAYERS[PAYER_OF[number]]
    return PAYERS["early" if number % 3 == 0 else "usual"]


def collect(invoices):
    """Let customers pay as they are: early, late, partly, not at all."""
    credit(RANDOM.sample(invoices.sorted("id"), 6))
    payments = []
    for move in invoices.sorted(lambda move: (move.invoice_date, move.id)):
        (first, last), never = payer_of(move.partner_id)
        day = move.invoice_date_due + timedelta(days=RANDOM.randint(first, last))
        day = max(day, move.invoice_date)
        if RANDOM.random() < never or not move.amount_residual:
            continue
        rest = move.amount_residual
        if RANDOM.random() < 0.12:
            part = move.currency_id.round(rest * RANDOM.choice([0.3, 0.5, 0.6]))
            payments.append((move, day, part))
            rest = move.currency_id.round(rest - part)
            day += timedelta(days=RANDOM.randint(15, 40))
        payments.append((move, day, rest))
    pay(payments)


def credit(moves):
    """Credit a line of each: parts that came back."""
    for move in moves:
        day = workday(move.invoice_date + timedelta(days=RANDOM.randint(3, 15)))
        note = move._reverse_moves(
            [{"invoice_date": day, "date": day, "ref": f"Returned part, {move.name}"}]
        )
        (note.invoice_line_ids - note.invoice_line_ids[:1]).unlink()
        note.invoice_line_ids.quantity = 1
        note.action_post()
        lines = (move | note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        lines.reconcile()


# === ENQUIRIES THAT BECAME NOTHING, OR NOT YET === #


def enquire():
    everything = env["product.product"].search(
        [("categ_id", "child_of", ref("category").id)], order="id"
    )
    stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
    reasons = env["crm.lost.reason"].search([])
    for _number in range(ENQUIRIES):
        day = some_day()
        customer = ref(f"customer_{RANDOM.randint(1, 36)}")
        products = RANDOM.sample(everything, RANDOM.choice([1, 1, 2, 3]))
        lines = [(product, RANDOM.randint(1, 4)) for product in products]
        lead = acting(seller_of(customer))["crm.lead"].create(
            prepare_lead_vals(customer, lines, day)
        )
        if (TODAY - day).days > 45 or RANDOM.random() < 0.2:
            reason = RANDOM.choice(LOST_REASONS)
            lead.parts_enquiry_line_ids.lost_reason = reason
            lead.action_set_lost(lost_reason_id=RANDOM.choice(reasons).id)
        else:
            lead.stage_id = RANDOM.choice(stages)
        set_dates(lead, day)
        if not lead.active:
            stamp(lead, day + timedelta(days=RANDOM.randint(1, 9)), ["date_closed"])
        set_dates(lead.parts_enquiry_line_ids, day)
    ask_for_unknown_parts()


def ask_for_unknown_parts():
    asked = ["8W0 907 568 Q", "front brake pads Golf", "89661-33M11", "1K0 615 301 AA"]
    for query in asked:
        customer = ref(f"customer_{RANDOM.randint(1, 12)}")
        lead = acting(seller_of(customer))["crm.lead"].create(
            {
                "type": "opportunity",
                "name": f"{query} ({customer.name.split()[0]})",
                "partner_id": customer.id,
                "user_id": customer.user_id.id,
                "parts_enquiry_line_ids": [Command.create({"query": query})],
            }
        )
        if query.startswith("1K0"):
            lead.parts_enquiry_line_ids.lost_reason = "We cannot get this part"


# === APPROVALS === #


def ask_for_approvals(company):
    """Switch credit control on, and let orders of all kinds be held."""
    company.parts_credit_control = True
    shown, radar = ref("part_5g0906259c"), ref("part_5q0907572a")
    cases = [
        (36, shown, 2, "New customer, pays by transfer on delivery", None),
        (28, radar, 3, "Knows us for years, no file yet", None),
        (34, shown, 40, "Export order, deposit of 30 % announced", None),
        (7, radar, 2, "Promises to settle the old invoices this week", "refuse"),
        (31, shown, 1, "Wants to become a regular customer", "approve"),
        (36, radar, 1, "First order, small", "confirm"),
    ]
    for number, part, quantity, reason, decision in cases:
        customer = ref(f"customer_{number}")
        plan = {"customer": number, "lines": [(part, quantity)]}
        seller = acting(seller_of(customer))
        order = seller["sale.order"].create(prepare_order_vals(plan))
        asking = order.with_env(env(user=customer.user_id.id))
        asking.action_parts_request_approval(reason)
        decide(order.parts_approval_ids, decision)
        if decision == "confirm":
            asking.action_confirm()


def decide(approvals, decision):
    manager = env(user=ref("user_manager").id)
    for approval in approvals.with_env(manager):
        if decision == "refuse":
            approval.action_refuse("Old invoices first: two are three months late.")
        elif decision:
            approval.action_approve("Small amount, go ahead.")


def set_up_rooms():
    """Return what the rooms' own modules of the demo need of this one."""
    return commission.Demo(quiet(), ref, stamp, FIRST_DAY, TODAY)


def write_logins():
    people = [
        {"role": role, "login": login, "password": login}
        for login, role in ROLES.items()
    ]
    people.append({"role": "administrator", "login": "admin", "password": "admin"})
    path = os.environ.get("PARTS_DEMO_LOGINS")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(people, file, indent=1)


def main():
    company = set_up_company()
    load_demo_data()
    stay_at_home()
    set_up_people()
    demo = set_up_rooms()
    commission.set_up_plans(demo)
    say("Company and people are set up")
    date_opening_stock()
    plans = plan_orders()
    purchases = buy(plans)
    say(f"{len(purchases)} purchase orders received")
    enquire()
    say(f"{ENQUIRIES} enquiries made")
    confirmed = sell(plans)
    say(f"{len(confirmed)} of {len(plans)} orders confirmed")
    deliver(confirmed)
    say("Orders delivered")
    invoices = invoice(confirmed)
    say(f"{len(invoices)} invoices posted")
    collect(invoices)
    cheque = commission.trade_specially(demo)
    say("Payments registered")
    ask_for_approvals(company)
    say("Approvals asked for")
    commission.draw_up_statements(demo, cheque)
    pools.fill(demo)
    say("Commission statements drawn up, pools signed")
    apply_stamps()
    # from here on: prices look back at orders in their months
    prices.fill(prices.Demo(quiet(), ref, stamp, TODAY))
    apply_stamps()
    say("Price authority switched on")
    # how the files stand, as after a night; those of today count as done for the cron
    env["parts.credit.file"].search([]).action_refresh_standing()
    env["parts.credit.file"]._cron_nightly()
    env.cr.commit()
    write_logins()


main()
