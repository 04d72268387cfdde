# ruff: noqa: F821 (env is given by `odoo shell`)
"""Contracts of the demo's year: a framework in force with an order under it and an
amendment under way, a single one in force, an important one in review, a draft.

Everything comes about by the addon's own methods, by the people whose part it is. Run
in `odoo shell` on the demo's database, after setup.py.
"""

import base64
import io
from datetime import date, timedelta

from PIL import Image

from odoo.fields import Command

TODAY = date.today()
SIGNATORY = "Li Lei"


def drawing():
    """Return a drawn signature, base64, as a signature pad sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


class Contracts:
    """Draws up, reviews and signs the demo's contracts.

    :param env: Odoo's environment, as superuser
    :param people: ``{part: res.users}`` with ``sales``, ``office``, ``legal``, ``gm``
    """

    def __init__(self, env, people):
        self.env, self.people = env, people
        self.company = env.company

    def by(self, part, records):
        return records.with_user(self.people[part])

    def build(self, customers, parts):
        """Make the contracts, and return them.

        :param customers: ``res.partner``, at least four
        :param parts: ``product.product`` that are sold, at least three
        """
        self._approve_templates()
        self._put_authority_on_file(customers[:2])
        framework = self._framework(customers[0], parts)
        self._into_force(framework)
        if framework.state == "effective":
            self._order(framework, parts)
            self._amend(framework)
        single = self._single(customers[1], parts, 12)
        self._into_force(single)
        important = self._single(customers[2], parts, 2500)
        important.action_submit()
        return framework | single | important | self._single(customers[3], parts, 5)

    def _approve_templates(self):
        templates = self.env["parts.contract.template"].search(
            [("company_id", "=", self.company.id), ("state", "=", "draft")]
        )
        for template in templates:
            self.by("office", template).action_parts_request_approval("For daily use")
            requests = template.parts_approval_ids
            self.by("legal", requests).action_approve("In order.")

    def _put_authority_on_file(self, customers):
        """As superuser: the papers themselves would be scans."""
        checked = {"state": "checked", "date_start": TODAY - timedelta(days=300)}
        authorities = self.env["parts.contract.authority"]
        authorities.create(
            {
                "side": "ours",
                "user_id": self.people["gm"].id,
                "basis": "licence",
                **checked,
            }
        )
        for customer in customers:
            authorities.create(
                {
                    "side": "theirs",
                    "partner_id": customer.commercial_partner_id.id,
                    "name": SIGNATORY,
                    "basis": "licence",
                    **checked,
                }
            )

    def _into_force(self, contract):
        """Submit a contract; have those decide who are asked, and both sides sign."""
        contract.action_submit()
        while contract.state == "review":
            approval = contract.sudo().parts_approval_ids.filtered(
                lambda one: one.state == "pending"
            )[:1]
            step = approval._current_steps()[:1]
            users = step.group_id.all_user_ids - contract.user_id
            users -= approval.decision_ids.user_id
            if not users:
                return  # nobody holds the role: it stays in review
            approval.with_user(users[:1]).action_approve("In order.")
        version = contract.sudo().open_version_id
        self.by("gm", contract).action_sign("ours")
        signatures = self.env["parts.contract.signature"].sudo()
        signatures._sign_on_portal(version, SIGNATORY, drawing())

    def _amend(self, contract):
        contract.action_amend("The customer takes more: another three per cent off")
        for line in contract.open_version_id.line_ids:
            line.price_unit = round(line.price_unit * 0.97, 2)

    def _contracts(self):
        return self.by("sales", self.env["parts.contract"])

    def _framework(self, customer, parts):
        return self._contracts().create(
            {
                "kind": "framework",
                "partner_id": customer.commercial_partner_id.id,
                "date_end": TODAY + timedelta(days=364),
                "amount_total": 90000.0,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "price_unit": round(part.lst_price * 0.95, 2),
                        }
                    )
                    for part in parts[:3]
                ],
            }
        )

    def _single(self, customer, parts, quantity):
        return self._contracts().create(
            {
                "partner_id": customer.commercial_partner_id.id,
                "date_end": TODAY + timedelta(days=120),
                "line_ids": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "quantity": quantity,
                            "price_unit": part.lst_price,
                        }
                    )
                    for part in parts[:3]
                ],
                "instalment_ids": [
                    Command.create(
                        {
                            "name": "Deposit",
                            "percent": 20,
                            "event": "signing",
                            "nature": "earnest",
                        }
                    ),
                    Command.create(
                        {"name": "Rest", "percent": 80, "event": "delivery", "days": 30}
                    ),
                ],
            }
        )

    def _order(self, contract, parts):
        return self.by("sales", self.env["sale.order"]).create(
            {
                "partner_id": contract.partner_id.id,
                "parts_contract_id": contract.id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_uom_qty": 4})
                    for part in parts[:2]
                ],
            }
        )


def ref(name):
    return env.ref(f"auto_parts_sales.demo_{name}")


if "env" in globals():  # after setup.py, in `odoo shell`
    builder = Contracts(
        env(context={"mail_notrack": True, "mail_create_nosubscribe": True}),
        {part: ref(f"user_{part}") for part in ("sales", "office", "legal", "gm")},
    )
    builder.build(
        [ref(f"customer_{number}") for number in (1, 2, 4, 5)],
        [
            ref("part_5g0906259c"),
            ref("part_5q0907572a"),
            ref("part_8966306l3100"),
        ],
    )
    env.cr.commit()
