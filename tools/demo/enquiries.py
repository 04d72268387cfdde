"""The demo's enquiries: those that become quotations, and those that became nothing, or
not yet.
"""

from datetime import timedelta

from odoo.fields import Command

ENQUIRIES = 140
LOST_REASONS = [
    "Too expensive",
    "Competitor had it in stock",
    "We cannot get this part",
    "Customer repaired the old one",
    "No answer",
]


def team_of(world, login):
    return world.ref("team_counter" if login == "sales" else "team_fleet")


def seller_of(customer):
    return customer.user_id.login


def vehicle_of(world, product):
    return world.dice.choice(product.parts_fitment_ids.vehicle_id.sorted("id"))


def messy(world, number):
    """Return a number as a customer writes it in a chat."""
    return world.dice.choice(
        [number, number.lower(), number.replace(" ", "").replace("-", ""),
         number.replace("-", " ").lower()]
    )  # fmt: skip


def prepare_lead_vals(world, customer, lines, day):
    """Return an enquiry; `lines` are pairs (part, quantity)."""
    first = lines[0][0]
    login = seller_of(customer)
    return {
        "type": "opportunity",
        "name": f"{first.name.split(',')[0]} ({customer.name.split()[0]})",
        "partner_id": customer.id,
        "user_id": customer.user_id.id,
        "team_id": team_of(world, login).id,
        "expected_revenue": sum(p.list_price * quantity for p, quantity in lines),
        "date_deadline": day + timedelta(days=world.dice.randint(2, 20)),
        "parts_enquiry_line_ids": [
            Command.create(
                {
                    "query": messy(world, product.parts_number_ids[0].number),
                    "product_id": product.id,
                    "vehicle_id": vehicle_of(world, product).id,
                    "quantity": quantity,
                }
            )
            for product, quantity in lines
        ],
    }


def enquire(world):
    everything = world.env["product.product"].search(
        [("categ_id", "child_of", world.ref("category").id)], order="id"
    )
    stages = world.env["crm.stage"].search([("is_won", "=", False)], order="sequence")
    reasons = world.env["crm.lost.reason"].search([])
    for _number in range(ENQUIRIES):
        day = world.some_day()
        customer = world.ref(f"customer_{world.dice.randint(1, 36)}")
        products = world.dice.sample(everything, world.dice.choice([1, 1, 2, 3]))
        lines = [(product, world.dice.randint(1, 4)) for product in products]
        lead = world.acting(seller_of(customer))["crm.lead"].create(
            prepare_lead_vals(world, customer, lines, day)
        )
        if (world.today - day).days > 45 or world.dice.random() < 0.2:
            reason = world.dice.choice(LOST_REASONS)
            lead.parts_enquiry_line_ids.lost_reason = reason
            lead.action_set_lost(lost_reason_id=world.dice.choice(reasons).id)
        else:
            lead.stage_id = world.dice.choice(stages)
        world.set_dates(lead, day)
        if not lead.active:
            world.stamp(
                lead, day + timedelta(days=world.dice.randint(1, 9)), ["date_closed"]
            )
        world.set_dates(lead.parts_enquiry_line_ids, day)
    ask_for_unknown_parts(world)


def ask_for_unknown_parts(world):
    asked = ["8W0 907 568 Q", "front brake pads Golf", "89661-33M11", "1K0 615 301 AA"]
    for query in asked:
        customer = world.ref(f"customer_{world.dice.randint(1, 12)}")
        lead = world.acting(seller_of(customer))["crm.lead"].create(
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
