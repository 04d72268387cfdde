"""The demo's prices: bands and portions, a year of given-away margin, market prices,
price sheets and quotations in every state.

Called by setup.py, when the year is there. Everything comes about by Odoo's and the
addon's own methods, as the person whose work it is; `Demo` carries what setup.py has
and these need.
"""

from collections import namedtuple
from datetime import timedelta

from odoo.fields import Command

# env: superuser without mails; ref: name -> record; stamp: (records, moment, columns)
Demo = namedtuple("Demo", "env ref stamp today random")

SHOWN = "part_8966306l3100"
RAISED = ("part_8966306l3100", "part_8966306l5200", "part_5g0906259c")
# days ago, share of today's list price, reason
RISES = (
    (310, 0.93, "Start of the year, exchange rate 年初汇率调整"),
    (170, 0.97, "The maker went up by 4 % 厂家上调 4 %"),
    (55, 1.0, "Freight and copper 运费及铜价上涨"),
)
SEEN = (
    ("part_5g0906259c", "Tuhu 途虎", 0.93, "web", "manager", 12),
    ("part_5q0907572a", "Fengshun 丰顺", 0.95, "visit", "sales", 30),
    ("part_8966306l9000", "Hengtong 恒通", 0.97, "list", "sales2", 4),
)


def fill(demo):
    """Switch price authority on, with a year behind it and work waiting."""
    company = demo.env.ref("base.main_company")
    below = raise_list_prices_later(demo)
    company.parts_price_control = True
    company.parts_price_send = True
    set_up_bands(demo, company)
    observe(demo, company)
    past_sheets(demo, below)
    open_sheets(demo)
    look_back(demo)
    for quote in QUOTES:
        quotation(demo, *quote)


def acting(demo, login):
    return demo.env(user=demo.ref(f"user_{login}").id, su=False)


def part(demo, name):
    return demo.ref(name)


# === BANDS === #


def set_up_bands(demo, company):
    """The manager passes a portion on to one of his people, by name."""
    parent = demo.ref("price_band_manager")
    acting(demo, "manager")["parts.price.band"].create(
        {
            "parent_id": parent.id,
            "company_id": company.id,
            "user_id": demo.ref("user_sales2").id,
            "percent_below": 8.0,
            "percent_above": 20.0,
            "date_from": demo.today.replace(month=1, day=1),
            "date_to": demo.today.replace(month=12, day=31),
        }
    )


def observe(demo, company):
    for name, seen_at, share, source, login, days in SEEN:
        product = part(demo, name)
        acting(demo, login)["parts.price.observation"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "company_id": company.id,
                "competitor": seen_at,
                "price": round(product.list_price * share),
                "source": source,
                "date": demo.today - timedelta(days=days),
            }
        )


# === SHEETS === #


def raise_list_prices_later(demo):
    """Set list prices back to what they were a year ago; return today's."""
    templates = [part(demo, name).product_tmpl_id for name in RAISED]
    today = {template: template.list_price for template in templates}
    for template, price in today.items():
        template.list_price = round(price * 0.9)
    return today


def sheet(demo, login, reason, prices, date_from=None):
    """Return a sheet of list prices, `prices` a dict of templates to them."""
    return acting(demo, login)["parts.price.sheet"].create(
        {
            "reason": reason,
            "date_from": date_from or demo.today,
            "line_ids": [
                Command.create(
                    {"product_tmpl_id": template.id, "price_after": round(price)}
                )
                for template, price in prices.items()
            ],
        }
    )


def decide(demo, document, login, comment=None):
    for request in document.sudo().parts_approval_ids:
        request.with_env(acting(demo, login)).action_approve(comment)


def past_sheets(demo, below):
    for days, share, reason in RISES:
        changed = sheet(
            demo,
            "manager",
            reason,
            {template: price * share for template, price in below.items()},
            demo.today - timedelta(days=days),
        )
        changed.action_submit()
        decide(demo, changed, "price", "Agreed 同意")
        changed.with_env(acting(demo, "finance")).action_enter()
        moment = demo.today - timedelta(days=days)
        done = changed.sudo()
        demo.stamp(done, moment, ["create_date"])
        demo.stamp(done.change_ids, moment, ["date"])
        demo.stamp(done.parts_approval_ids, moment, ["create_date"])


def open_sheets(demo):
    """One that waits for the decision, one to be entered, one for a later date."""
    templates = [
        part(demo, name).product_tmpl_id
        for name in ("part_5q0907572a", "part_8966306l4200", "part_8966306l9000")
    ]
    radar, second, third = templates
    waiting = sheet(
        demo,
        "manager",
        "Radar sensors sell slowly 雷达动销慢",
        {radar: 0.96 * radar.list_price},
    )
    waiting.action_submit()
    decided = sheet(
        demo, "manager", "Match the market 对齐市场价", {third: 0.97 * third.list_price}
    )
    decided.action_submit()
    decide(demo, decided, "price", "By 3 %, not more 下调不超过 3 %")
    later = sheet(
        demo,
        "manager",
        "Genuine parts from next month 下月原厂件调价",
        {second: 1.04 * second.list_price},
        demo.today + timedelta(days=9),
    )
    later.action_submit()
    decide(demo, later, "price")
    later.with_env(acting(demo, "finance")).action_enter()


# === THE YEAR BEHIND === #


def look_back(demo):
    """Write down what the year's orders gave away, by who sold them."""
    env = demo.env
    orders = env["sale.order"].search([("state", "=", "sale")])
    lines = orders.order_line.filtered("product_id")
    known = env["parts.price.author"].search([("line_id", "in", lines.ids)]).line_id
    env["parts.price.author"].create(
        [
            {"line_id": line.id, "user_id": line.order_id.user_id.id}
            for line in lines - known
            if line.order_id.user_id
        ]
    )
    env["parts.price.given"]._record(orders)
    for row in env["parts.price.given"].search([("order_id", "in", orders.ids)]):
        row.date = row.order_id.date_order.date()
        row.authority = "own"


# === QUOTATIONS === #

# customer, (part, quantity, share of the price in force) ..., reason, what became of it
QUOTES = (
    (3, ((SHOWN, 2, 0.97), ("part_5g0906259c", 4, 1.0)), None, None),
    (
        6,
        ((SHOWN, 1, 0.97), ("part_5g0906259c", 6, 0.9), ("part_5q0907572a", 2, 1.0)),
        None,
        None,
    ),
    (9, (("part_5g0906259c", 10, 0.91),), "Fengshun offers 0.92 丰顺报九二折", "asked"),
    (
        12,
        (("part_8966306l9000", 20, 0.86),),
        "Yearly framework of 200 年框 200 件",
        "asked",
    ),
    (
        5,
        ((SHOWN, 3, 0.72),),
        "Clears the shelf before the new type 清旧型号库存",
        "asked",
    ),
    (2, (("part_5q0907572a", 5, 0.9),), "Long-standing customer 老客户", "approved"),
    (
        8,
        (("part_5g0906259c", 3, 0.89),),
        "First order of a chain 连锁首单",
        "confirmed",
    ),
    (
        14,
        ((SHOWN, 4, 0.92),),
        "Competitor named in writing 有竞品书面报价",
        "confirmed",
    ),
    (3, (("part_8966306l5200", 6, 0.9),), "Paid in advance 预付全款", "confirmed"),
    (11, ((SHOWN, 1, 0.8),), "Wants 20 % 要求八折", "refused"),
)


def quotation(demo, number, rows, reason, fate):
    customer = demo.ref(f"customer_{number}")
    seller = customer.user_id.login
    env = acting(demo, seller)
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "user_id": customer.user_id.id,
            "order_line": [
                Command.create(
                    {"product_id": part(demo, name).id, "product_uom_qty": quantity}
                )
                for name, quantity, _share in rows
            ],
        }
    )
    for line, (_name, _quantity, share) in zip(order.order_line, rows, strict=True):
        if share != 1.0:
            line.discount = round((1.0 - share) * 100.0, 1)
    if not reason or not order.parts_gate_askable:
        return
    order.action_parts_request_approval(reason)
    requests = order.sudo().parts_approval_ids
    if fate == "refused":
        request = requests.filtered(lambda row: row.kind == "price")
        request.with_env(decider(demo, request)).action_refuse("10 % at most 最多九折")
    elif fate in ("approved", "confirmed"):
        for request in requests:
            request.with_env(decider(demo, request)).action_approve("Agreed 同意")
    if fate == "confirmed":
        order.action_confirm()


def decider(demo, request):
    """Return the environment of whose turn it is."""
    for login in ("manager", "sales2", "price", "gm", "deputy", "finance", "credit"):
        user = demo.ref(f"user_{login}")
        if request.sudo()._with_step_of(user):
            return acting(demo, login)
    raise ValueError(f"Nobody decides {request.display_name}")
