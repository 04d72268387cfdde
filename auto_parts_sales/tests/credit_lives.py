"""Random histories of customers, lived through side by side (CRD-3)."""

import copy
import random
from collections import Counter
from dataclasses import dataclass

from odoo.exceptions import UserError, ValidationError

from odoo.addons.mail.models.mail_thread import MailThread

from .credit_common import CreditCommon

# What people do, as often as it is named here. Each takes two small numbers.
ACTS = (
    *("order",) * 4,
    *("deliver",) * 4,
    *("cut_short",) * 2,
    *("bring_back",) * 2,
    "cancel_order",
    "edit_order",
    *("invoice",) * 5,
    *("edit_draft",) * 2,
    *("post",) * 6,
    *("unpost",) * 2,
    "cancel_invoice",
    *("credit_note",) * 2,
    *("down_payment",) * 2,
    *("pay",) * 5,
    *("pay_loose",) * 3,
    *("match",) * 3,
    *("reject",) * 2,
    *("redraft_payment",) * 2,
    "repost_payment",
    "cancel_payment",
    "unmatch",
)
# Those that make no document but a payment or a credit note
CHANGES = tuple(
    act for act in ACTS if act not in ("order", "invoice", "down_payment", "bring_back")
)


class Life:
    """One customer, and what is to happen to him, drawn from ``seed`` alone."""

    def __init__(self, seed, length, customer):
        self.seed = seed
        self.customer = customer
        # most acts need an order
        self.steps = self._drawn(seed, ["order"], ACTS, length)
        self.done = []
        self.payments = customer.env["account.payment"]

    def _drawn(self, seed, first, acts, length):
        draw = random.Random(seed)
        acts = [*first, *draw.choices(acts, k=draw.randint(length // 2, length))]
        return [(act, draw.randint(1, 12), draw.randrange(100)) for act in acts]

    def branch(self, number, length):
        """Return another life of this customer from here on: what is there changes."""
        other = copy.copy(self)
        other.done = [*self.done, f"branch {number}"]
        other.steps = self._drawn(f"{self.seed}/{number}", [], CHANGES, length)
        return other


@dataclass
class Plan:
    """An act of one life: on what, and its two numbers."""

    life: Life
    step: tuple
    target: object

    @property
    def quantity(self):
        return self.step[1]

    @property
    def choice(self):
        return self.step[2]


class CreditLives(CreditCommon):
    """Acts, each done for all customers together whose turn it is.

    ``_find_x(life, quantity, choice)`` returns what a customer's act is about, nothing
    where there is none; ``_act_x(plans)`` does it, and returns those of ``plans`` of
    which something became, or None for all of them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the chatter owes nothing, and costs a fifth of the time
        for name in ("message_post", "message_post_with_source"):
            cls.classPatch(
                MailThread, name, lambda thread, *_, **__: thread.env["mail.message"]
            )

    def _live(self, lives):
        """Go through all of ``lives``, and yield the plans of each batch that acted.

        The act that most of them wait for comes next. Each has steps of its own, in
        their order, whatever the others do. Who is taken out of the list lives no more.
        """
        while waiting := [life for life in lives if life.steps]:
            counts = Counter(life.steps[0][0] for life in waiting)
            name = max(counts, key=lambda act: (counts[act], act))
            found = (self._plan(life) for life in waiting if life.steps[0][0] == name)
            acted = self._do(name, [plan for plan in found if plan.target])
            for plan in acted:
                plan.life.done.append(plan.step)
            if acted:
                yield acted

    def _plan(self, life):
        step = life.steps.pop(0)
        return Plan(life, step, getattr(self, f"_find_{step[0]}")(life, *step[1:]))

    def _do(self, name, plans):
        """Return the plans that took place: all at once, or else one by one; what Odoo
        refuses leaves nothing behind.
        """
        if not plans:
            return []
        acted = self._attempt(name, plans)
        if acted is None and len(plans) > 1:
            acted = [plan for plan in plans if self._attempt(name, [plan])]
        return acted or []

    def _attempt(self, name, plans):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        payments = [plan.life.payments for plan in plans]
        try:
            acted = getattr(self, f"_act_{name}")(plans)
            self.env.flush_all()
        except (UserError, ValidationError):
            self.env.cr.clear()
            savepoint.close()
            for plan, before in zip(plans, payments, strict=True):
                plan.life.payments = before
            return None
        savepoint.close(rollback=False)
        return plans if acted is None else acted

    # === FINDING === #

    def _one(self, records, choice):
        records = records.sorted("id")
        return records[choice % len(records)] if records else records

    def _orders(self, life, state="sale"):
        return self.env["sale.order"].search(
            [("partner_id", "=", life.customer.id), ("state", "=", state)]
        )

    def _moves(self, life, state, *move_types):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", life.customer.id),
                ("state", "=", state),
                ("move_type", "in", move_types or ("out_invoice",)),
            ]
        )

    def _payment(self, life, choice, *states):
        payments = life.payments.exists()
        return self._one(payments.filtered(lambda pay: pay.state in states), choice)

    def _goods(self, lines):
        return lines.filtered(
            lambda line: line.display_type == "product" and not line.is_downpayment
        )

    def _of_life(self, records, plan):
        return records.filtered(lambda r: r.partner_id == plan.life.customer)

    # === ORDERS === #

    def _find_order(self, life, _quantity, _choice):
        return life.customer

    def _act_order(self, plans):
        values = []
        for plan in plans:
            quantity, choice = plan.quantity, plan.choice
            product = (self.part, self.part_delivered, self.service)[choice % 3]
            quantities = [quantity, 3] if choice % 2 else [quantity]
            taxes = self.tax if choice % 4 else self.tax.browse()
            values.append(
                self._order_vals(
                    *quantities, product=product, taxes=taxes, customer=plan.target
                )
            )
            if choice % 5 == 0:
                values[-1]["order_line"][0][2]["discount"] = 10.0
        self.env["sale.order"].create(values).action_confirm()

    def _find_cancel_order(self, life, _quantity, choice):
        return self._one(self._orders(life), choice)

    def _act_cancel_order(self, plans):
        self._targets(plans)._action_cancel()

    _find_edit_order = _find_cancel_order

    def _act_edit_order(self, plans):
        for plan in plans:
            lines = plan.target.order_line
            lines = lines.filtered(lambda line: not line.is_downpayment)
            lines[0].product_uom_qty = plan.quantity

    def _targets(self, plans):
        return plans[0].target.union(*(plan.target for plan in plans))

    # === TRANSFERS === #

    def _find_deliver(self, life, _quantity, choice):
        order = self._one(self._orders(life), choice)
        waiting = order.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.picking_type_code == "outgoing"
            )
        )
        return self._one(self._one(waiting, choice).move_ids, choice)

    def _act_deliver(self, plans, backorder=True):
        for plan in plans:
            move = plan.target
            (move.picking_id.move_ids - move).picked = False
            move.write({"quantity": plan.quantity, "picked": True})
        pickings = self._targets(plans).picking_id
        pickings.with_context(cancel_backorder=not backorder)._action_done()

    _find_cut_short = _find_deliver

    def _act_cut_short(self, plans):
        self._act_deliver(plans, backorder=False)

    def _find_bring_back(self, life, _quantity, choice):
        pickings = self._orders(life).picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_code == "outgoing"
            )
        )
        return self._one(pickings, choice)

    def _act_bring_back(self, plans):
        arrived = self.env["stock.picking"]
        for plan in plans:
            picking = plan.target
            wizard = self.env["stock.return.picking"].with_context(
                active_model="stock.picking",
                active_ids=picking.ids,
                active_id=picking.id,
            )
            form = wizard.create({})
            form.product_return_moves[0].quantity = min(
                plan.quantity, picking.move_ids[0].quantity
            )
            form.product_return_moves[1:].quantity = 0
            returned = picking.browse(form.action_create_returns()["res_id"])
            returned.move_ids.to_refund = bool(plan.choice % 3)
            if plan.choice % 2:
                for move in returned.move_ids:
                    move.write({"quantity": move.product_uom_qty, "picked": True})
                arrived |= returned
        if arrived:
            arrived._action_done()

    # === INVOICES === #

    def _find_invoice(self, life, _quantity, choice):
        return self._one(self._orders(life), choice)

    def _act_invoice(self, plans):
        acted = []
        for final in (False, True):
            own = [plan for plan in plans if bool(plan.choice % 2) == final]
            if not own:
                continue
            orders = self._targets(own).with_context(raise_if_nothing_to_invoice=False)
            invoices = orders._create_invoices(final=final)
            for plan in own:
                invoice = self._of_life(invoices, plan)
                line = self._goods(invoice.invoice_line_ids)[:1]
                if plan.choice % 3 and line:
                    line.quantity = plan.quantity
                if invoice:
                    acted.append(plan)
        return acted

    def _find_edit_draft(self, life, _quantity, choice):
        invoice = self._one(self._moves(life, "draft"), choice)
        return self._one(self._goods(invoice.invoice_line_ids), choice)

    def _act_edit_draft(self, plans):
        for plan in plans:
            if plan.choice % 2:
                plan.target.quantity = plan.quantity
            else:
                plan.target.price_unit = 10.0 * plan.quantity

    def _find_post(self, life, _quantity, choice):
        return self._one(
            self._moves(life, "draft", "out_invoice", "out_refund"), choice
        )

    def _act_post(self, plans):
        self._targets(plans).action_post()

    def _find_unpost(self, life, _quantity, choice):
        posted = self._moves(life, "posted", "out_invoice", "out_refund")
        return self._one(posted, choice)

    def _act_unpost(self, plans):
        self._targets(plans).button_draft()

    def _find_cancel_invoice(self, life, _quantity, choice):
        return self._one(self._moves(life, "draft"), choice)

    def _act_cancel_invoice(self, plans):
        self._targets(plans).button_cancel()

    def _find_credit_note(self, life, _quantity, choice):
        return self._one(self._moves(life, "posted"), choice)

    def _act_credit_note(self, plans):
        for cancel in (False, True):
            own = [plan for plan in plans if (not plan.choice % 3) == cancel]
            if not own:
                continue
            refunds = self._targets(own)._reverse_moves(cancel=cancel)
            for plan in own:
                if plan.choice % 3 == 1:
                    refund = self._of_life(refunds, plan)
                    refund.invoice_line_ids[:1].quantity = plan.quantity

    _find_down_payment = _find_invoice

    def _act_down_payment(self, plans):
        posted = self.env["account.move"]
        for plan in plans:
            deposit = self._down_payment(plan.target, 50.0 * plan.quantity, post=False)
            if plan.choice % 3:
                posted |= deposit
        if posted:
            posted.action_post()

    # === MONEY === #

    def _find_pay(self, life, _quantity, choice):
        posted = self._moves(life, "posted")
        return self._one(posted.filtered(lambda move: move.amount_residual > 0), choice)

    def _act_pay(self, plans):
        """In full by Odoo's wizard, or some amount, matched with the invoice."""
        in_full = [plan for plan in plans if plan.choice % 2]
        if in_full:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self._targets(in_full).ids
            )
            payments = wizard.create({"journal_id": self.bank.id})._create_payments()
            self._keep(in_full, payments)
        in_part = [plan for plan in plans if not plan.choice % 2]
        if in_part:
            payments = self._paid(in_part, 30.0)
            self._match(
                (plan.target, self._of_life(payments, plan)) for plan in in_part
            )

    def _find_pay_loose(self, life, _quantity, _choice):
        return life.customer

    def _act_pay_loose(self, plans):
        self._paid(plans, 75.0)

    def _paid(self, plans, unit):
        """Return a payment of each plan's customer: quantity times ``unit``."""
        payments = self.env["account.payment"].create(
            [
                {
                    "partner_id": plan.life.customer.id,
                    "amount": unit * plan.quantity,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "journal_id": self.bank.id,
                }
                for plan in plans
            ]
        )
        payments.action_post()
        self._keep(plans, payments)
        return payments

    def _keep(self, plans, payments):
        for plan in plans:
            plan.life.payments |= self._of_life(payments, plan)

    def _find_match(self, life, _quantity, choice):
        # draft invoices can be matched, too
        invoices = self._moves(life, "posted") | self._moves(life, "draft")
        invoice = self._one(invoices, choice)
        payment = self._one(life.payments.exists(), choice)
        return invoice and payment and (invoice, payment)

    def _act_match(self, plans):
        self._match(plan.target for plan in plans)

    def _match(self, pairs):
        items = [
            (invoice.line_ids | payment.move_id.line_ids).filtered(
                lambda item: (
                    item.account_id.account_type == "asset_receivable"
                    and not item.reconciled
                )
            )
            for invoice, payment in pairs
        ]
        items = [both for both in items if both]
        if items:
            self.env["account.move.line"]._reconcile_plan(items)

    def _find_reject(self, life, _quantity, choice):
        return self._payment(life, choice, "in_process", "paid")

    def _act_reject(self, plans):
        self._targets(plans).action_reject()

    def _find_redraft_payment(self, life, _quantity, choice):
        return self._payment(life, choice, "in_process", "paid", "rejected")

    def _act_redraft_payment(self, plans):
        self._targets(plans).action_draft()

    def _find_repost_payment(self, life, _quantity, choice):
        return self._payment(life, choice, "draft")

    def _act_repost_payment(self, plans):
        self._targets(plans).action_post()

    _find_cancel_payment = _find_reject

    def _act_cancel_payment(self, plans):
        self._targets(plans).action_cancel()

    def _find_unmatch(self, life, _quantity, choice):
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id.partner_id", "=", life.customer.id)]
        )
        return self._one(partials, choice)

    def _act_unmatch(self, plans):
        self._targets(plans).unlink()
