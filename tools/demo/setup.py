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
import sys
import time
from pathlib import Path

from odoo.addons import auto_parts_sales

# a script read from the standard input has no folder of its own
sys.path.insert(0, str(Path(auto_parts_sales.__file__).parents[1]))
from tools.demo import commission, enquiries, pools, prices  # noqa: E402
from tools.demo.trade import Trade  # noqa: E402

STARTED = time.monotonic()
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


def set_up_people(ref):
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


# === APPROVALS === #


def ask_for_approvals(trade, company):
    """Switch credit control on, and let orders of all kinds be held."""
    company.parts_credit_control = True
    shown, radar = trade.ref("part_5g0906259c"), trade.ref("part_5q0907572a")
    cases = [
        (36, shown, 2, "New customer, pays by transfer on delivery", None),
        (28, radar, 3, "Knows us for years, no file yet", None),
        (34, shown, 40, "Export order, deposit of 30 % announced", None),
        (7, radar, 2, "Promises to settle the old invoices this week", "refuse"),
        (31, shown, 1, "Wants to become a regular customer", "approve"),
        (36, radar, 1, "First order, small", "confirm"),
    ]
    for number, part, quantity, reason, decision in cases:
        customer = trade.ref(f"customer_{number}")
        plan = {"customer": number, "lines": [(part, quantity)]}
        seller = trade.acting(enquiries.seller_of(customer))
        order = seller["sale.order"].create(trade.prepare_order_vals(plan))
        asking = order.with_env(env(user=customer.user_id.id))
        asking.action_parts_request_approval(reason)
        decide(trade, order.parts_approval_ids, decision)
        if decision == "confirm":
            asking.action_confirm()


def decide(trade, approvals, decision):
    manager = env(user=trade.ref("user_manager").id)
    for approval in approvals.with_env(manager):
        if decision == "refuse":
            approval.action_refuse("Old invoices first: two are three months late.")
        elif decision:
            approval.action_approve("Small amount, go ahead.")


def set_up_rooms(trade):
    """Return what the rooms' own modules of the demo need of this one."""
    return commission.Demo(
        trade.quiet(), trade.ref, trade.stamp, trade.first_day, trade.today
    )


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
    trade = Trade(env)
    set_up_people(trade.ref)
    demo = set_up_rooms(trade)
    commission.set_up_plans(demo)
    say("Company and people are set up")
    trade.date_opening_stock()
    plans = trade.plan_orders()
    purchases = trade.buy(plans)
    say(f"{len(purchases)} purchase orders received")
    enquiries.enquire(trade)
    say(f"{enquiries.ENQUIRIES} enquiries made")
    confirmed = trade.sell(plans)
    say(f"{len(confirmed)} of {len(plans)} orders confirmed")
    trade.deliver(confirmed)
    say("Orders delivered")
    invoices = trade.invoice(confirmed)
    say(f"{len(invoices)} invoices posted")
    trade.collect(invoices)
    cheque = commission.trade_specially(demo)
    say("Payments registered")
    ask_for_approvals(trade, company)
    say("Approvals asked for")
    commission.draw_up_statements(demo, cheque)
    pools.fill(demo)
    say("Commission statements drawn up, pools signed")
    trade.apply_stamps()
    # from here on: prices look back at orders in their months
    prices.fill(prices.Demo(trade.quiet(), trade.ref, trade.stamp, trade.today))
    trade.apply_stamps()
    say("Price authority switched on")
    # how the files stand, as after a night; those of today count as done for the cron
    env["parts.credit.file"].search([]).action_refresh_standing()
    env["parts.credit.file"]._cron_nightly()
    env.cr.commit()
    write_logins()


main()
