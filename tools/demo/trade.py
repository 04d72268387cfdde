"""The demo's trade: what was bought, sold, delivered, invoiced and paid in a year.

Everything comes about by Odoo's and the addon's own methods; only the dates are moved
into the past afterwards.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from odoo.fields import Command

from tools.demo import enquiries
from tools.demo.world import World

ORDERS = 260

# how a customer pays: days after the due date (from, to), share never paid
PAYERS = {
    "early": ((-12, 0), 0.0),
    "usual": ((-4, 9), 0.0),
    "slow": ((6, 45), 0.04),
    "bad": ((30, 110), 0.25),
}
PAYER_OF = {7: "bad", 13: "slow", 15: "slow", 18: "slow", 21: "bad", 25: "slow"}


class Trade(World):
    """A year of trade, planned first and then done step by step."""

    # === A YEAR, PLANNED === #

    def choose_pool(self):
        """Return the parts that sell, in stock ones first, with their weights."""
        stocked = self.env["stock.quant"].search(
            [
                ("product_id.categ_id", "child_of", self.ref("category").id),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ],
            order="id",
        )
        pool = self.dice.sample(stocked.product_id.sorted("id"), 110)
        if self.ref("part_5g0906259c") not in pool:
            pool.insert(0, self.ref("part_5g0906259c"))
        return pool, [1.0 / (rank + 4) for rank in range(len(pool))]

    def choose_customer(self):
        numbers = range(1, 37)
        # nothing on credit for who has no file: those come with the approvals
        weights = [0 if n in (28, 31, 34, 36, 30) else 38 - n for n in numbers]
        return self.dice.choices(numbers, weights)[0]

    def plan_orders(self):
        """Return the orders of the year, oldest first, as dictionaries."""
        pool, weights = self.choose_pool()
        plans = []
        for _number in range(ORDERS):
            customer = self.choose_customer()
            fleet = self.ref(f"customer_{customer}").user_id == self.ref("user_sales2")
            products = dict.fromkeys(
                self.dice.choices(pool, weights, k=self.dice.choice([1, 1, 2, 2, 3, 4]))
            )
            plans.append(
                {
                    "day": self.some_day(),
                    "customer": customer,
                    "lines": [
                        (product, self.dice.randint(1, 6 if fleet else 3))
                        for product in products
                    ],
                    "enquiry": self.dice.random() < 0.3,
                }
            )
        plans.sort(key=lambda plan: plan["day"])
        for plan in plans:
            plan["delivered"] = self.workday(
                plan["day"] + timedelta(self.dice.randint(0, 4))
            )
        return plans

    # === PURCHASES AND STOCK === #

    def buy(self, plans):
        """Order and receive what the year needs, so that no stock is below zero."""
        quiet_env = self.quiet()
        demand = defaultdict(float)
        for plan in plans:
            for product, quantity in plan["lines"]:
                demand[product] += quantity
        orders = defaultdict(list)
        for product, quantity in demand.items():
            short = quantity + self.dice.randint(3, 15) - product.free_qty
            if short <= 0:
                continue
            parts = self.dice.choice([1, 2, 3]) if short > 6 else 1
            seller = product.seller_ids[:1]
            for part in range(parts):
                month = self.dice.randint(0, 3) + 4 * part if parts > 1 else 0
                month = min(month, 11)
                bought = round(short / parts) + 1
                orders[month, seller.partner_id].append((product, bought, seller.price))
        purchases, days = quiet_env["purchase.order"], {}
        for (month, vendor), lines in sorted(
            orders.items(), key=lambda item: (item[0][0], item[0][1].id)
        ):
            day = self.workday(
                self.first_day
                + timedelta(days=30 * month - 20 + self.dice.randint(0, 9))
            )
            purchase = self.acting("purchase")["purchase.order"].create(
                {
                    "partner_id": vendor.id,
                    "payment_term_id": vendor.property_supplier_payment_term_id.id,
                    "user_id": self.ref("user_purchase").id,
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
        self.done(purchases.picking_ids)
        for purchase in purchases:
            self.set_dates(purchase, days[purchase.id])
            received = self.workday(
                days[purchase.id] + timedelta(days=self.dice.randint(2, 9))
            )
            self.set_dates(purchase.picking_ids, received)
        self.bill(purchases, days)
        return purchases

    def bill(self, purchases, days):
        for purchase in purchases:  # together, Odoo makes one bill for each vendor
            purchase.action_create_invoice()
        bills = purchases.invoice_ids
        for bill_ in bills.sorted("id"):
            purchase = bill_.line_ids.purchase_line_id.order_id
            day = self.workday(days[purchase.id] + timedelta(days=10))
            bill_.write(
                {
                    "invoice_date": day,
                    "date": day,
                    "ref": f"{self.dice.randint(10**7, 10**8 - 1)}",
                }
            )
        bills.action_post()
        self.pay(
            [
                (
                    bill_,
                    bill_.invoice_date_due + timedelta(days=self.dice.randint(0, 12)),
                    bill_.amount_residual,
                )
                for bill_ in bills
            ]
        )

    def done(self, pickings, share=1.0):
        """Validate transfers, all of them or a share of each line."""
        for move in pickings.move_ids:
            move.quantity = max(round(move.product_uom_qty * share), 1)
            move.picked = True
        pickings.with_context(
            skip_sanity_check=True, cancel_backorder=False
        )._action_done()

    def date_opening_stock(self):
        moves = self.env["stock.move"].search([("is_inventory", "=", True)])
        day = datetime.combine(self.first_day - timedelta(days=30), datetime.min.time())
        self.stamp(moves, day, ["create_date", "date"])
        self.stamp(moves.move_line_ids, day, ["create_date", "date"])

    # === SALES === #

    def prepare_order_vals(self, plan):
        customer = self.ref(f"customer_{plan['customer']}")
        return {
            "partner_id": customer.id,
            "user_id": customer.user_id.id,
            "team_id": enquiries.team_of(self, enquiries.seller_of(customer)).id,
            "parts_vehicle_id": enquiries.vehicle_of(self, plan["lines"][0][0]).id,
            "client_order_ref": f"PO-{self.dice.randint(1000, 9999)}"
            if self.dice.random() < 0.5
            else False,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "discount": self.dice.choice([0, 0, 0, 0, 3, 5]),
                    }
                )
                for product, quantity in plan["lines"]
            ],
        }

    def quote_enquiries(self, plans):
        """Make enquiries that are won; return {id of plan: its quotation}."""
        orders = {}
        for plan in plans:
            customer = self.ref(f"customer_{plan['customer']}")
            lead = self.acting(enquiries.seller_of(customer))["crm.lead"].create(
                enquiries.prepare_lead_vals(self, customer, plan["lines"], plan["day"])
            )
            lead.action_parts_create_quotation()
            lead.action_set_won()
            self.set_dates(lead, plan["day"])
            self.stamp(lead, plan["day"], ["date_closed"])
            self.set_dates(lead.parts_enquiry_line_ids, plan["day"])
            orders[id(plan)] = lead.order_ids[:1].with_env(self.quiet())
        return orders

    def quote(self, plans):
        """Return the orders of `plans`, their numbers as old as their dates."""
        orders = self.quote_enquiries([plan for plan in plans if plan["enquiry"]])
        direct = [plan for plan in plans if not plan["enquiry"]]
        made = self.quiet()["sale.order"].create(
            [self.prepare_order_vals(plan) for plan in direct]
        )
        orders.update({id(p): order for p, order in zip(direct, made, strict=True)})
        result = [orders[id(plan)] for plan in plans]
        names = sorted(order.name for order in result)
        for plan, order, name in zip(plans, result, names, strict=True):
            order.name = name
            self.set_dates(order, plan["day"])
        return result

    def sell(self, plans):
        """Make the orders; return {order: plan} of those that were confirmed."""
        confirmed, cancelled = {}, self.env["sale.order"]
        for plan, order in zip(plans, self.quote(plans), strict=True):
            age = (self.today - plan["day"]).days
            fate = self.dice.random()
            if age < 14 and fate < 0.5:
                order.state = "draft" if fate < 0.25 else "sent"
            elif fate > 0.93:
                cancelled |= order
            else:
                confirmed[order] = plan
        cancelled.with_env(self.quiet()).action_cancel()
        orders = self.env["sale.order"].browse(order.id for order in confirmed)
        orders.with_env(self.quiet()).action_confirm()
        for order, plan in confirmed.items():
            self.set_dates(order, plan["day"])
        return confirmed

    def deliver(self, confirmed):
        """Deliver what is due; the newest wait for the warehouse."""
        whole, partly = self.env["stock.picking"], self.env["stock.picking"]
        for order, plan in confirmed.items():
            picking = order.picking_ids
            if (self.today - plan["delivered"]).days < 3:
                self.set_dates(picking, plan["day"])
            elif self.dice.random() < 0.08:
                partly |= picking
            else:
                whole |= picking
        self.done(whole.with_env(self.quiet()))
        self.done(partly.with_env(self.quiet()), 0.5)
        for picking in whole | partly:
            plan = confirmed[picking.sale_id]
            self.set_dates(picking, plan["delivered"])
        for picking in partly.backorder_ids:
            later = confirmed[picking.sale_id]["delivered"]
            later += timedelta(days=self.dice.randint(8, 20))
            if later < self.today:
                self.done(picking.with_env(self.quiet()))
                self.set_dates(picking, later)

    # === MONEY === #

    def invoice(self, confirmed):
        """Invoice what was delivered; return the posted invoices."""
        orders = self.env["sale.order"].browse(
            order.id for order in confirmed if order.invoice_status == "to invoice"
        )
        recent = [
            o for o in orders if (self.today - confirmed[o]["delivered"]).days < 7
        ]
        waiting = self.env["sale.order"].browse(
            o.id for o in recent[: len(recent) // 2]
        )
        invoices = (
            (orders - waiting).with_env(self.quiet())._create_invoices(grouped=True)
        )
        for move in invoices:
            order = move.line_ids.sale_line_ids.order_id
            day = confirmed[order[:1]]["delivered"]
            move.write({"invoice_date": day, "date": day})
        drafts = invoices.sorted("invoice_date")[-2:]
        (invoices - drafts).sorted(
            lambda move: (move.invoice_date, move.id)
        ).action_post()
        return invoices - drafts

    def pay(self, payments):
        """Register `payments`: a list of (invoice or bill, day, amount)."""
        due = sorted(
            (p for p in payments if p[1] <= self.today), key=lambda p: (p[1], p[0].id)
        )
        journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        records = self.quiet()["account.payment"].create(
            [
                {
                    "date": day,
                    "amount": amount,
                    "journal_id": journal.id,
                    "partner_id": move.commercial_partner_id.id,
                    "payment_type": "inbound"
                    if move.is_sale_document()
                    else "outbound",
                    "partner_type": "customer"
                    if move.is_sale_document()
                    else "supplier",
                    "memo": move.payment_reference or move.ref or move.name,
                    "invoice_ids": [Command.set(move.ids)],
                }
                for move, day, amount in due
            ]
        )
        records.action_post()
        open_types = ("asset_receivable", "liability_payable")
        self.quiet()["account.move.line"]._reconcile_plan(
            [
                (move | payment.move_id).line_ids.filtered(
                    lambda line: line.account_type in open_types
                )
                for (move, _day, _amount), payment in zip(due, records, strict=True)
            ]
        )

    def payer_of(self, partner):
        number = int(partner.get_external_id()[partner.id].rsplit("_", 1)[1])
        if number in PAYER_OF:
            return PAYERS[PAYER_OF[number]]
        return PAYERS["early" if number % 3 == 0 else "usual"]

    def collect(self, invoices):
        """Let customers pay as they are: early, late, partly, not at all."""
        self.credit(self.dice.sample(invoices.sorted("id"), 6))
        payments = []
        for move in invoices.sorted(lambda move: (move.invoice_date, move.id)):
            (first, last), never = self.payer_of(move.partner_id)
            day = move.invoice_date_due + timedelta(days=self.dice.randint(first, last))
            day = max(day, move.invoice_date)
            if self.dice.random() < never or not move.amount_residual:
                continue
            rest = move.amount_residual
            if self.dice.random() < 0.12:
                part = move.currency_id.round(rest * self.dice.choice([0.3, 0.5, 0.6]))
                payments.append((move, day, part))
                rest = move.currency_id.round(rest - part)
                day += timedelta(days=self.dice.randint(15, 40))
            payments.append((move, day, rest))
        self.pay(payments)

    def credit(self, moves):
        """Credit a line of each: parts that came back."""
        for move in moves:
            day = self.workday(
                move.invoice_date + timedelta(days=self.dice.randint(3, 15))
            )
            note = move._reverse_moves(
                [
                    {
                        "invoice_date": day,
                        "date": day,
                        "ref": f"Returned part, {move.name}",
                    }
                ]
            )
            (note.invoice_line_ids - note.invoice_line_ids[:1]).unlink()
            note.invoice_line_ids.quantity = 1
            note.action_post()
            lines = (move | note).line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
                and not line.reconciled
            )
            lines.reconcile()
