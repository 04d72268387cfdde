# ruff: noqa: F821 (env is given by `odoo shell`)
"""The demo's contracts: one in every state, with the papers before, orders under them
and money behind them.

Run in `odoo shell` on the demo's database, after setup.py. Everything comes about by
the addon's own methods, by the people whose part it is. Contract control is on in it
from here on, for what is worth a contract to a trader of this size.

PARTS_DEMO_LOGINS names the file with the list of logins; who is new here is added.
"""

import sys
from pathlib import Path

from odoo.fields import Command

from odoo.addons import auto_parts_sales

# a script read from the standard input has no folder of its own
sys.path.insert(0, str(Path(auto_parts_sales.__file__).parents[1]))
from tools.demo.contract_desk import Desk, days, drawing, scan  # noqa: E402

PARTS = (
    "part_77959twbh220",
    "part_5q0910143b",
    "part_8966306s0100",
    "part_3q0909144j",
    "part_57114twac510",
)
# who answers for a declaration of sales
DECLARED = ("office", "manager", "gm")


class Story(Desk):
    """The scenes, in the order in which they happen."""

    def tell(self):
        self._policy()
        self._framework_in_force()
        self._framework_near_its_end()
        self._suspended()
        self._done()
        self._on_paper()
        self._terminated()
        self._important_in_review()
        self._clause_before_legal()
        self._to_be_signed()
        self._drafts()
        self.env["parts.contract"]._cron_near_end()

    def _policy(self):
        policy = self("office")["parts.contract.policy"].create(
            {
                "name": "Sales Policy 销售政策",
                "price_basis": "<p>List prices; contracts from them 以价目表为准</p>",
                "discounts": "<p>Up to 5 % from 50,000; 10 % by the director"
                " 五万以上让利 5%，10% 须销售总监批准</p>",
                "credit_terms": "<p>As the credit file says 按信用档案执行</p>",
                "deposits": "<p>20 % earnest money 定金 20%</p>",
                "commission": "<p>By what is collected 按回款计提</p>",
            }
        )
        policy.action_parts_request_approval("For the new year 新年度政策")
        minutes = {"minutes": scan(), "minutes_name": "minutes.png"}
        self.decide(policy, "manager", "deputy", **minutes)
        self.decide(policy, "gm")

    def _declare(self, login, customer, rows, decided=DECLARED, **vals):
        declaration = self(login)["parts.contract.declaration"].create(
            {
                "partner_id": self.ref(f"customer_{customer}").id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.ref(part).id,
                            "quantity": quantity,
                            "price_unit": round(self.ref(part).lst_price * share),
                        }
                    )
                    for part, quantity, share in rows
                ],
                "delivery_terms": "To his store, at our cost 送货上门，运费我方承担",
                **vals,
            }
        )
        if decided is not None:
            declaration.action_parts_request_approval("Discussed on site 已当面商谈")
            self.decide(declaration, *decided)
        return declaration

    def _from(self, declaration, **values):
        action = declaration.action_make_contract()
        contract = declaration.env["parts.contract"].browse(action["res_id"])
        contract.write(values)
        return contract

    def _framework_in_force(self):
        """By declaration; four orders under it, one amendment that rules."""
        rows = [(part, 1, 0.98) for part in PARTS[:3]]
        declaration = self._declare(
            "sales",
            2,
            rows,
            kind="framework",
            volume=240000.0,
            date_start=days(-60),
            date_end=days(305),
            payment_term_id=self.ref("customer_2").property_payment_term_id.id,
        )
        contract = self._from(declaration)
        self.submit(contract)
        self.sign(contract)
        self.invoice(self.deliver(self.order(contract, 6, 4, 2)))
        self.invoice(self.deliver(self.order(contract, 3, 5)), paid=0.4)
        self.deliver(self.order(contract, 4, 4), share=0.5)
        self.order(contract, 2, 2, 2, confirm=False)
        contract.action_amend("Copper went up by a tenth 铜价上涨一成，调价 2%")
        version = contract.open_version_id
        for line in version.line_ids:
            line.price_unit = round(line.price_unit * 1.02)
        self.submit(contract)
        self.sign(contract)

    def _framework_near_its_end(self):
        """In its last weeks, its volume nearly used up; an amendment is drawn up."""
        contract = self.contract(
            "sales",
            1,
            [(PARTS[3], 0, 0.97), (PARTS[4], 0, 0.97)],
            kind="framework",
            amount_total=30000.0,
            date_start=days(-345),
            date_end=days(19),
        )
        self.submit(contract)
        self.sign(contract)
        self.invoice(self.deliver(self.order(contract, 14, 8)), paid=0.0)
        contract.action_amend("Another year 续签一年")
        version = contract.open_version_id
        version.write({"date_end": days(384), "amount_total": 60000.0})

    def _suspended(self):
        contract = self.contract(
            "sales2",
            8,
            [(PARTS[1], 0, 0.96)],
            kind="framework",
            amount_total=80000.0,
            date_end=days(200),
        )
        self.submit(contract)
        self.sign(contract)
        self.by("finance", contract).action_suspend(
            "Two invoices overdue 有两张发票逾期"
        )

    def _done(self):
        """From declaration to done: everything delivered and paid."""
        rows = [(PARTS[0], 20, 1.0), (PARTS[3], 12, 1.0)]
        contract = self._from(
            self._declare("sales", 4, rows),
            date_end=days(90),
            instalment_ids=[
                Command.create({"percent": 100, "event": "delivery", "days": 15})
            ],
        )
        self.submit(contract)
        self.sign(contract)
        self.invoice(self.deliver(self.order(contract)))
        self.by("office", contract).action_complete()

    def _on_paper(self):
        """Signed on paper, earnest money in, half of it delivered; a copy is lent."""
        contract = self.contract(
            "sales2",
            5,
            [(PARTS[1], 16, 1.0), (PARTS[2], 12, 1.0)],
            date_end=days(150),
            plan=(
                {"name": "Earnest Money 定金", "percent": 20, "event": "signing"},
                {"name": "Rest 尾款", "percent": 80, "event": "delivery", "days": 60},
            ),
        )
        contract.instalment_ids[:1].nature = "earnest"
        self.submit(contract)
        self.sign(contract, on_paper=True)
        self.advance(contract, contract.instalment_ids[:1].amount)
        self.invoice(self.deliver(self.order(contract), share=0.5), paid=0.0)
        papers = self("keeper")["parts.contract.custody"]
        version = contract.current_version_id
        for vals in (
            {"kind": "filed", "copies": 2, "place": "Room 305, cabinet 2 305室2号柜"},
            {
                "kind": "lent",
                "copies": 1,
                "user_id": self.user("finance").id,
                "date_back": days(7),
            },
        ):
            papers.create({"version_id": version.id, **vals})

    def _terminated(self):
        """The customer gave it up after the earnest money; a part was delivered."""
        contract = self.contract(
            "sales2",
            3,
            [(PARTS[0], 30, 1.0)],
            date_end=days(120),
            plan=(
                {"name": "Earnest Money 定金", "percent": 20, "event": "signing"},
                {"name": "Rest 尾款", "percent": 80, "event": "delivery", "days": 30},
            ),
        )
        contract.instalment_ids[:1].nature = "earnest"
        self.submit(contract)
        self.sign(contract)
        self.advance(contract, contract.instalment_ids[:1].amount)
        self.deliver(self.order(contract), share=0.1)
        self.by("gm", contract).action_terminate(
            "He closes his workshop 对方停业，提出终止", breach="theirs"
        )

    def _important_in_review(self):
        """Beyond what may be sold without a declaration: all functions are asked."""
        rows = [(PARTS[2], 150, 0.95), (PARTS[1], 100, 0.95)]
        contract = self._from(
            self._declare(
                "sales",
                9,
                rows,
                leaves_policy=True,
                leaves_reason="First order for the new depot 新网点首批备货",
            ),
            date_end=days(180),
        )
        self.submit(contract, "finance")

    def _clause_before_legal(self):
        contract = self.contract("sales", 25, [(PARTS[3], 30, 1.0)], date_end=days(100))
        clause = contract.clause_ids.filtered(lambda one: one.topic == "warranty")[:1]
        clause = clause or contract.clause_ids[:1]
        clause.body_zh = f"{clause.body_zh}<p>质保期延长至24个月。</p>"
        clause.body_en = f"{clause.body_en}<p>The warranty is 24 months.</p>"
        self.submit(contract)

    def _to_be_signed(self):
        """Ours is under it; the customer finds it on his portal page."""
        contract = self.contract(
            "sales",
            2,
            [(PARTS[4], 20, 1.0), (PARTS[0], 15, 1.0)],
            date_end=days(60),
            payment_term_id=self.ref("customer_2").property_payment_term_id.id,
        )
        self.submit(contract)
        self.by("gm", contract).action_sign("ours", image=drawing())
        contract.action_parts_send_to_sign()

    def _drafts(self):
        """A declaration that waits, and a contract out of a quotation."""
        self._declare("sales", 27, [(PARTS[1], 40, 0.97)], decided=("office",))
        order = self("sales")["sale.order"].create(
            {
                "partner_id": self.ref("customer_6").id,
                "order_line": [
                    Command.create(
                        {"product_id": self.ref(part).id, "product_uom_qty": 9}
                    )
                    for part in PARTS[:3]
                ],
            }
        )
        order.action_parts_draw_contract()


story = Story(env)
story.prepare()
story.tell()
env.cr.commit()
