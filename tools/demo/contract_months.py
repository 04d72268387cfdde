# ruff: noqa: F821 (env is given by `odoo shell`)
"""Two months of the demo's contract ledger: one signed by both sides, into which
something was booked later, and one open, with a difference of each cause.

Run in `odoo shell` on the demo's database, after contracts.py, whose people it takes.
Documents come about by Odoo's own methods and are dated back; whatever waits for an
approval is approved, and the months are reconciled, by those whose part it is. A
second run changes nothing.
"""

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.fields import Command

from odoo.addons import auto_parts_sales

# a script read from the standard input has no folder of its own
sys.path.insert(0, str(Path(auto_parts_sales.__file__).parents[1]))
from tools.demo import contract_desk  # noqa: E402

THIS_MONTH = date.today().replace(day=1)
OPEN = THIS_MONTH - relativedelta(months=1)
SIGNED = THIS_MONTH - relativedelta(months=2)
PARTS = ("part_5q0910143b", "part_3q0909144j")
# (salesperson, customer, what he will buy in all)
FLEET = ("sales2", 11, 120_000.0)
HARBOUR = ("sales", 16, 15_000.0)
# who decides what is held, in this order where several could
DECIDERS = (
    "manager",
    "director",
    "office",
    "finance",
    "deputy",
    "gm",
    "legal",
    "purchase",
)

EXPLAINED = {
    "payment_unmatched": "Asked the customer what it is for 已询问客户款项用途",
    "payment_bounced": "Bank returned it; a new transfer is promised 退票，客户将重付",
    "entry": "Settled with his next invoice 抵下一张发票",
    "invoice_without_contract": "Sold over the counter 门市零售",
    "order_without_contract": "Sold over the counter 门市零售",
    "delivered_not_invoiced": "Invoiced at the month's end 月底统一开票",
}


def noon(day):
    """Return noon of a day in China, as the database keeps it."""
    return datetime.combine(day, time(4))


class Months:
    """Makes the documents of both months and reconciles them.

    :param desk: ``tools.demo.contract_desk.Desk``
    :param commit: ends the transaction: what was signed is older than what comes after
    """

    def __init__(self, desk, commit):
        self.desk, self.env, self.commit = desk, desk.env, commit
        self.company = desk.company

    def build(self):
        self._put_authority_on_file()
        fleet, harbour = self._contract(*FLEET), self._contract(*HARBOUR)
        self._sell(fleet, SIGNED + timedelta(days=4), (6, 3))
        self._sell(harbour, SIGNED + timedelta(days=9), (4, 4))
        signed = self._sign_month()
        self.commit()
        self._correct(fleet, signed)
        self._sell(fleet, OPEN + timedelta(days=6), (5, 2), paid=0.6)
        self._every_difference(fleet, harbour)
        self._open_month(fleet)

    # === CONTRACTS AND SALES === #

    def _put_authority_on_file(self):
        authorities = self.desk("keeper")["parts.contract.authority"]
        for _login, number, _amount in (FLEET, HARBOUR):
            authorities |= authorities.create(
                {
                    "side": "theirs",
                    "partner_id": self.desk.ref(f"customer_{number}").id,
                    "name": contract_desk.SIGNATORY,
                    "function": "Manager 经理",
                    "basis": "letter",
                    "document_number": f"SQ-{number:04}",
                    "document": contract_desk.scan(),
                    "document_name": "letter.png",
                    "date_start": contract_desk.days(-400),
                    "date_end": contract_desk.days(200),
                }
            )
        self.desk.by("legal", authorities).action_check()

    def _contract(self, login, customer, amount):
        """Return a framework contract in force since before both months."""
        start = SIGNED - timedelta(days=10)
        partner = self.desk.ref(f"customer_{customer}")
        contract = self.desk.contract(
            login,
            customer,
            [(part, 0, 0.97) for part in PARTS],
            kind="framework",
            amount_total=amount,
            date_start=start,
            payment_term_id=partner.property_payment_term_id.id,
            date_end=THIS_MONTH + timedelta(days=200),
        )
        self.desk.submit(contract)
        self.desk.sign(contract)
        contract = contract.sudo()
        contract.date_effective = contract.current_version_id.date_effective = start
        return contract

    def _sell(self, contract, day, quantities, paid=1.0, invoiced=True):
        """Order, deliver, invoice and pay under a contract; return the invoice."""
        order = self.desk.order(contract, *quantities, confirm=False)
        self._confirm(order, contract.user_id.login)
        self.desk.deliver(order)
        self._date_back(order, day)
        if not invoiced:
            return None
        invoice = order._create_invoices()
        self._post(invoice, day + timedelta(days=2))
        if paid:
            self._pay(invoice, paid, day + timedelta(days=12))
        return invoice

    def _confirm(self, order, login):
        order = self.desk.by(login, order)
        self._get_approved(order)
        order.action_confirm()

    def _get_approved(self, document):
        """Ask for what a document is held for, and have it approved."""
        blocks = document._parts_gate_preview()
        if any(block["state"] == "askable" for block in blocks):
            reason = "Agreed with the customer 已与客户商定"
            document.action_parts_request_approval(reason)
            while self._decide_one(document):
                pass

    def _decide_one(self, document):
        """Have somebody decide who is asked; return whether there was one."""
        requests = document.sudo().parts_approval_ids
        for request in requests.filtered(lambda one: one.state == "pending"):
            for login in DECIDERS:
                asked = self.desk.by(login, request)
                try:
                    if asked.can_decide:
                        asked.action_approve("In order. 同意。")
                        return True
                except AccessError:
                    continue  # he does not see it
        return False

    @staticmethod
    def _date_back(order, day):
        """Date an order, and its goods a day later."""
        order.date_order = noon(day)
        pickings = order.picking_ids.filtered(lambda one: one.state == "done")
        pickings.move_ids.date = pickings.date_done = noon(day + timedelta(days=1))

    @staticmethod
    def _post(invoice, day):
        invoice.write({"invoice_date": day, "date": day})
        invoice.action_post()

    def _pay(self, invoice, share, day):
        register = self.desk("finance")["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        amount = round(invoice.amount_residual * share, 2)
        wizard = register.create({"amount": amount, "payment_date": day})
        return wizard._create_payments().sudo()

    # === RECONCILING === #

    def _month(self, day):
        months = self.desk("finance")["parts.contract.month"]
        month = months.search(
            [("company_id", "=", self.company.id), ("date", "=", day)]
        ) or months.create({"company_id": self.company.id, "date": day})
        month.action_prepare()
        return month

    def _confirm_own(self, month):
        """Each salesperson confirms what he sells, the director what is left."""
        for login in (FLEET[0], HARBOUR[0], "director"):
            lines = self.desk(login)["parts.contract.month.line"].search(
                [("month_id", "=", month.id), ("sales_user_id", "=", False)]
            )
            lines.action_confirm_sales()

    def _explain(self, month, *kinds):
        for row in month.difference_ids:
            if row.kind in EXPLAINED and (not kinds or row.kind in kinds):
                row.note = EXPLAINED[row.kind]

    def _sign_month(self):
        month = self._month(SIGNED)
        self._explain(month)
        month.line_ids.action_confirm_finance()
        self._confirm_own(month)
        self.desk.by("director", month).action_sign_sales()
        month.action_sign_finance()
        return month

    def _correct(self, contract, month):
        """A part came back that month, which is told only once the month is signed."""
        invoice = contract._ledger_documents()[:1]
        note = invoice._reverse_moves([{"ref": f"Returned part, {invoice.name}"}])
        note.invoice_line_ids[1:].unlink()
        note.invoice_line_ids.quantity = 1.0
        self._post(note, month.date_to)
        month.action_compare()

    def _open_month(self, fleet):
        """Finance is half through; sales of one contract has confirmed."""
        month = self._month(OPEN)
        self._explain(month, "payment_unmatched", "payment_bounced")
        lines = month.line_ids.filtered("contract_id")
        lines.action_confirm_finance()
        own = lines.filtered(lambda line: line.contract_id == fleet)
        self.desk.by(FLEET[0], own).action_confirm_sales()

    # === ONE DIFFERENCE OF EACH CAUSE === #

    def _every_difference(self, fleet, harbour):
        day = OPEN + timedelta(days=14)
        customer = harbour.commercial_partner_id
        # ordered beyond the contract, and its payment comes back from the bank
        beyond = self._sell(harbour, OPEN + timedelta(days=3), (2, 2), paid=0.0)
        self._pay(beyond, 1.0, day).action_reject()
        self._sell(fleet, day, (1, 1), invoiced=False)
        self._pay_ahead(customer, 1500.0, day)
        self._book_beside(customer, 200.0, day)
        self._sell_without_contract(customer, day)
        self._send_without_order(customer, day)

    def _pay_ahead(self, customer, amount, day):
        """Money of which nobody said what it is for."""
        payment = self.desk("finance")["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": customer.id,
                "amount": amount,
                "date": day,
            }
        )
        payment.action_post()

    def _book_beside(self, customer, amount, day):
        """An entry in the customer's account that settles no invoice."""
        receivable = customer.with_company(self.company).property_account_receivable_id
        expense = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)],
            limit=1,
        )
        entry = self.desk("finance")["account.move"].create(
            {
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "credit": amount,
                            "name": "Compensation 赔偿",
                        }
                    ),
                    Command.create({"account_id": expense.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()

    def _sell_without_contract(self, customer, day):
        """A small order on the side, delivered and invoiced."""
        part = self.desk.ref(PARTS[1])
        order = self.desk(HARBOUR[0])["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_uom_qty": 2})
                ],
            }
        )
        self._confirm(order, HARBOUR[0])
        order = order.sudo()
        self.desk.deliver(order)
        self._date_back(order, day)
        self._post(order._create_invoices(), day + timedelta(days=2))

    def _send_without_order(self, customer, day):
        """A part sent out in a hurry; no order was written for it."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        part = self.desk.ref(PARTS[0])
        picking = self.desk("warehouse")["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": customer.id,
                "move_ids": [
                    Command.create(
                        {"product_id": part.id, "product_uom_qty": 1, **places}
                    )
                ],
                **places,
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        self._get_approved(picking)
        picking.button_validate()
        picking.sudo().move_ids.date = picking.sudo().date_done = noon(day)


def is_told():
    """Return whether the demo has a signed month already."""
    months = env["parts.contract.month"]
    return bool(months.search_count([("state", "=", "signed")], limit=1))


if "env" in globals() and not is_told():  # in `odoo shell`, after contracts.py
    Months(contract_desk.Desk(env), env.cr.commit).build()
    env.cr.commit()
