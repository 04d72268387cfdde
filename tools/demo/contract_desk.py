"""Who draws up, reviews, signs and keeps the demo's contracts, and their acts.

Used by contracts.py and contract_months.py. Everything comes about by the addon's own
methods, by the people whose part it is.
"""

import base64
import io
import json
import os
from datetime import date, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from odoo.fields import Command

TODAY = date.today()
# Untaxed: what is sold on credit below it goes without a written contract
WRITTEN_FROM = 30000.0
SIGNATORY = "Li Lei 李雷"
PASSWORD_IS_LOGIN = (
    # login, name, position, roles, what the list of logins says
    (
        "keeper",
        "Zhou Min 周敏",
        "Contract and Seal Keeper",
        ("contract_keeper", "seal_keeper"),
        "contract and seal keeper",
    ),
    ("director", "Chen Gang 陈刚", "Sales Director", ("sales_director",), ""),
)
# who decides on a contract, in this order where several could
DECIDERS = ("director", "finance", "legal", "purchase", "gm")
ROLES = {"manager": ("management",), "deputy": ("management",)}


def days(number):
    return TODAY + timedelta(days=number)


# === PICTURES === #


def strokes(size, lines):
    """Return a picture of ``lines`` on white, base64, as a pad or scanner sends it."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for line in lines:
        draw.line(line, fill="black", width=3)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def drawing():
    return strokes(
        (300, 100),
        [
            [(20, 70), (45, 20), (60, 75), (80, 35)],
            [(95, 60), (120, 30), (135, 70), (160, 25), (190, 75), (270, 40)],
        ],
    )


def scan():
    """Return a sheet with lines of text, a seal and a signature."""
    text = [[(60, y), (540, y)] for y in range(90, 600, 22)]
    seal = [[(90, 680), (150, 650), (210, 680), (210, 740), (150, 770), (90, 740)]]
    signature = [[(340, 740), (370, 690), (390, 745), (420, 700), (500, 720)]]
    return strokes((600, 850), [*text, *seal, *signature])


# === PEOPLE AND RIGHTS === #


class Desk:
    """Who does what: ``desk("legal")`` is the environment of that person.

    :param env: superuser's, as `odoo shell` gives it
    """

    def __init__(self, env):
        self.env = env(
            context={
                "mail_notrack": True,
                "mail_create_nosubscribe": True,
                "mail_auto_subscribe_no_notify": True,
                "lang": "en_US",
                "tz": "Asia/Shanghai",
            }
        )
        self.company = env.ref("base.main_company")

    def ref(self, name):
        return self.env.ref(f"auto_parts_sales.demo_{name}")

    def __call__(self, login):
        return self.env(user=self.user(login).id, su=False)

    def by(self, login, records):
        return records.with_env(self(login))

    def user(self, login):
        return self.ref(f"user_{login}")

    # === PREPARING === #

    def prepare(self):
        """Fill the posts of contracts, switch control on, file seal and papers."""
        logins = [self._hire(*person) for person in PASSWORD_IS_LOGIN]
        for login, roles in ROLES.items():
            self._give(self.user(login), roles)
        self._give(self.user("purchase"), ("supply_chain",))
        self._invite_customer(self.ref("customer_2"))
        logins.append(("customer on the portal", "customer"))
        self._list_logins([row for row in logins if row[0]])
        self.company.parts_contract_control = True
        needs = self.env["parts.contract.need"]
        needs._create_defaults(self.company)
        on_credit = needs.search([("company_id", "=", self.company.id)])[-1:]
        on_credit.amount_min = WRITTEN_FROM
        self.env["parts.contract.seal"].create(
            {"name": "Contract Seal 合同专用章", "keeper_ids": self.user("keeper").ids}
        ).with_context(lang="zh_CN").name = "合同专用章"
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "1001 2345 0920 0188 678",
                "bank_id": self.env["res.bank"]
                .create({"name": "ICBC Shanghai 中国工商银行上海分行"})
                .id,
            }
        )
        for number in (60, 90):
            term = self.ref(f"payment_term_{number}").with_context(lang="zh_CN")
            term.name = f"{number}天"
        self._approve_templates()
        self._put_authority_on_file()

    def _give(self, user, roles):
        groups = [
            self.env.ref(f"auto_parts_sales.group_parts_{role}") for role in roles
        ]
        user.group_ids = [Command.link(group.id) for group in groups]

    def _name(self, record, name):
        self.env["ir.model.data"].create(
            {
                "module": "auto_parts_sales",
                "name": f"demo_{name}",
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )
        return record

    def _hire(self, login, name, position, roles, listed):
        user = self.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@xinhua-parts.example.com",
                "function": position,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "notification_type": "inbox",
                "group_ids": [Command.set([self.env.ref("base.group_user").id])],
            }
        )
        self._give(user, roles)
        self._name(user, f"user_{login}")
        return listed or position.lower(), login

    def _invite_customer(self, customer):
        user = self.env["res.users"].create(
            {
                "partner_id": customer.id,
                "login": "customer",
                "password": "customer",
                "lang": "zh_CN",
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        self._name(user, "user_customer")

    def _list_logins(self, rows):
        path = Path(os.environ.get("PARTS_DEMO_LOGINS") or "")
        if not path.is_file():
            return
        people = json.loads(path.read_text(encoding="utf-8"))
        known = {person["login"] for person in people}
        people[-1:-1] = [
            {"role": role, "login": login, "password": login}
            for role, login in rows
            if login not in known
        ]
        path.write_text(json.dumps(people, indent=1), encoding="utf-8")

    def _approve_templates(self):
        templates = self.env["parts.contract.template"].search(
            [("company_id", "=", self.company.id), ("state", "=", "draft")]
        )
        for template in templates:
            self.by("office", template).action_parts_request_approval("For daily use")
            self.decide(template, "legal")

    def _put_authority_on_file(self):
        """Ours by the licence; each customer's with its paper, checked by legal."""
        authorities = self("keeper")["parts.contract.authority"]
        start = {"date_start": days(-400)}
        made = authorities.create(
            {"side": "ours", "user_id": self.user("gm").id, "basis": "licence", **start}
        )
        for number in (1, 2, 3, 4, 5, 8, 9, 25):
            made |= authorities.create(
                {
                    "side": "theirs",
                    "partner_id": self.ref(f"customer_{number}").id,
                    "name": SIGNATORY,
                    "function": "Manager 经理",
                    "basis": "letter",
                    "document_number": f"SQ-{number:04}",
                    "document": scan(),
                    "document_name": "letter.png",
                    "date_end": days(200),
                    **start,
                }
            )
        self.by("legal", made).action_check()

    # === THE ACTS === #

    def decide(self, document, *logins, comment="In order. 同意。", **minutes):
        """Have those people approve what waits on ``document``, each in his turn."""
        for login in logins:
            pending = document.sudo().parts_approval_ids.filtered(
                lambda request: request.state == "pending"
            )
            self.by(login, pending).action_approve(comment, **minutes)

    def submit(self, contract, *logins):
        """Submit a contract; have ``logins`` approve it, or all who are asked."""
        self.by(contract.user_id.login, contract).action_submit()
        self.decide(contract, *logins)
        while not logins and self._decide_one(contract):
            pass
        return contract

    def _decide_one(self, contract):
        """Have somebody decide who is asked; return whether there was one."""
        requests = contract.sudo().parts_approval_ids
        for request in requests.filtered(lambda one: one.state == "pending"):
            for login in DECIDERS:
                if self.by(login, request).can_decide:
                    self.by(login, request).action_approve("In order. 同意。")
                    return True
        return False

    def sign(self, contract, on_paper=False):
        """Have both sides sign, and the seal put under it."""
        version = contract.sudo().open_version_id
        self.by("gm", contract).action_sign("ours", image=drawing())
        if on_paper:
            self._sign_on_paper(contract.user_id.login, version)
        else:
            signatures = self.env["parts.contract.signature"].sudo()
            signatures._sign_on_portal(version, SIGNATORY, drawing())
        self("keeper")["parts.contract.sealing"].create(
            {
                "version_id": version.id,
                "seal_id": self.env["parts.contract.seal"].search([], limit=1).id,
                "copies": 2,
            }
        )
        if version.state != "effective":
            raise RuntimeError(f"{contract.name}: {version._missing_signatures()}")
        return contract

    def _sign_on_paper(self, login, version):
        authority = self.env["parts.contract.authority"].search(
            [
                ("side", "=", "theirs"),
                ("partner_id", "=", version.partner_id.commercial_partner_id.id),
            ]
        )
        self(login)["parts.contract.scan"].create(
            {
                "version_id": version.id,
                "side": "theirs",
                "their_authority_id": authority.id,
                "scan": scan(),
                "scan_name": "signed.png",
            }
        ).action_upload()
        waiting = version.signature_ids.filtered(lambda one: one.state == "waiting")
        self.by("keeper", waiting).action_check_off()

    def contract(self, login, customer, rows, kind="single", plan=(), **values):
        """Return a draft of ``login``; ``rows``: (part, quantity, share of price)."""
        lines = [
            Command.create(
                {
                    "product_id": self.ref(part).id,
                    "quantity": quantity,
                    "price_unit": round(self.ref(part).lst_price * share),
                    "date_delivery": kind == "single" and days(45),
                }
            )
            for part, quantity, share in rows
        ]
        vals = {
            "kind": kind,
            "partner_id": self.ref(f"customer_{customer}").id,
            "line_ids": lines,
            "instalment_ids": [Command.create(row) for row in plan],
            **values,
        }
        return self(login)["parts.contract"].create(vals)

    def order(self, contract, *quantities, confirm=True):
        """Return an order under ``contract``: of a framework, so many of its parts."""
        login = contract.user_id.login
        vals = self.env["parts.contract.order"]._prepare_order_vals(contract)
        if contract.kind == "framework":
            vals["order_line"] = [
                Command.create({"product_id": part.id, "product_uom_qty": quantity})
                for part, quantity in zip(
                    contract.line_ids.product_id, quantities, strict=False
                )
            ]
        order = self(login)["sale.order"].create(vals)
        if confirm:
            order.action_confirm()
            if order.state != "sale":
                raise RuntimeError(f"{order.name} is held: {order.parts_gate_html}")
        return order.sudo()

    def deliver(self, order, share=1.0):
        """As superuser: the warehouse's part is told elsewhere."""
        picking = order.picking_ids.filtered(lambda one: one.state != "done")[:1]
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity, move.picked = round(move.product_uom_qty * share), True
        result = picking.with_context(skip_backorder=share == 1.0).button_validate()
        if isinstance(result, dict):
            dialog = self.env[result["res_model"]].with_context(result["context"])
            dialog.sudo().create({}).process()
        return order

    def invoice(self, order, paid=1.0):
        invoice = order._create_invoices()
        invoice.action_post()
        if paid:
            register = self("finance")["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            amount = round(invoice.amount_residual * paid, 2)
            register.create({"amount": amount})._create_payments()
        return invoice

    def advance(self, contract, amount):
        """A deposit comes in before anything is invoiced."""
        self("finance")["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": contract.commercial_partner_id.id,
                "parts_contract_id": contract.id,
                "amount": amount,
                "memo": contract.name,
            }
        ).action_post()
