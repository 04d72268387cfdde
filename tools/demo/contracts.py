"""Contracts of the demo's year: a framework in force, a single one walked to the end,
one in review, a draft and an amendment under way.

Called by setup.py, which hands over its environment; everything comes about by the
addon's own methods.
"""

from datetime import date, timedelta

from odoo.fields import Command

TODAY = date.today()


class Contracts:
    """Draws up, reviews and signs the demo's contracts.

    :param env: Odoo's environment, as superuser
    :param acting: ``acting(login)`` returns the environment of a demo user
    :param sign: ``sign(contract)`` has both sides sign what was approved
    """

    def __init__(self, env, acting, sign):
        self.env, self.acting, self.sign = env, acting, sign

    def build(self, customers, parts):
        """Make the contracts.

        :param customers: ``res.partner``, at least four
        :param parts: ``product.product`` that are sold, at least four
        """
        framework = self._framework(customers[0], parts)
        self._review(framework)
        self.sign(framework)
        self._order(framework, parts)
        single = self._single(customers[1], parts, 12)
        self._review(single)
        self.sign(single)
        important = self._single(customers[2], parts, 2000)
        important.action_submit()
        self._single(customers[3], parts, 5)
        framework.with_env(self.acting("sales")).action_amend(
            "The customer takes more: three per cent off from next month"
        )
        framework.open_version_id.sudo().credit_amount = 80000
        return framework | single | important

    def _framework(self, customer, parts):
        lines = [
            Command.create(
                {"product_id": part.id, "price_unit": round(part.lst_price * 0.95, 2)}
            )
            for part in parts[:4]
        ]
        return self.acting("sales")["parts.contract"].create(
            {
                "kind": "framework",
                "partner_id": customer.commercial_partner_id.id,
                "date_start": TODAY - timedelta(days=1),
                "date_end": TODAY + timedelta(days=364),
                "amount_total": 90000.0,
                "line_ids": lines,
            }
        )

    def _single(self, customer, parts, quantity):
        return self.acting("sales")["parts.contract"].create(
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
                            "percent": 30,
                            "event": "signing",
                            "nature": "earnest" if quantity < 10 else "advance",
                        }
                    ),
                    Command.create(
                        {"name": "Rest", "percent": 70, "event": "delivery", "days": 30}
                    ),
                ],
            }
        )

    def _review(self, contract):
        """Submit a contract, and have every function approve what it is asked."""
        contract.action_submit()
        for _step in range(8):
            pending = contract.sudo().parts_approval_ids.filtered(
                lambda approval: approval.state == "pending"
            )
            if not pending:
                return
            for approval in pending:
                step = approval._current_steps()[:1]
                barred = contract.user_id | contract.create_uid
                users = step.group_id.all_user_ids.filtered("active") - barred
                users -= approval.decision_ids.user_id
                approval.with_user(users[:1]).action_approve("In order.")

    def _order(self, contract, parts):
        order = self.acting("sales")["sale.order"].create(
            {
                "partner_id": contract.partner_id.id,
                "parts_contract_id": contract.id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_uom_qty": 4})
                    for part in parts[:2]
                ],
            }
        )
        return order
