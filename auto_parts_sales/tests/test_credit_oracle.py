import logging
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .credit_common import CreditCommon
from .credit_oracle import exposure

_logger = logging.getLogger(__name__)

# PARTS_CREDIT_HISTORIES=3000 runs some thousand
HISTORIES = int(os.environ.get("PARTS_CREDIT_HISTORIES", "15"))
STEPS = int(os.environ.get("PARTS_CREDIT_STEPS", "25"))

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
STEP = st.tuples(st.sampled_from(ACTS), st.integers(1, 12), st.integers(0, 99))


class NothingToDoError(Exception):
    """An act that needs a document of which there is none."""


@tagged("post_install", "-at_install")
class TestCreditOracle(CreditCommon):
    # CRD-3: random histories, the exposure beside a slow oracle after every act

    histories = acts = 0

    @classmethod
    def tearDownClass(cls):
        _logger.info(
            "%s histories, %s acts compared with the oracle", cls.histories, cls.acts
        )
        super().tearDownClass()

    @mute_logger("odoo.models.unlink")
    @settings(
        max_examples=HISTORIES,
        deadline=None,
        database=None,
        derandomize=HISTORIES < 100,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEP, min_size=STEPS // 2, max_size=STEPS))
    def test_random_histories(self, steps):
        # a customer of its own each: cheaper than to undo what the last one did
        self.customer = self._new_customer("Xinda Repair")
        self.payments = self.env["account.payment"]
        done = []
        # most acts need an order
        for step in [("order", *steps[0][1:]), *steps]:
            if self._do(*step):
                done.append(step)
                self._compare(done)
        type(self).histories += 1
        type(self).acts += len(done)
        self.env.invalidate_all()

    def _do(self, name, quantity, choice):
        """Return whether an act took place; what Odoo refuses leaves nothing behind."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            acted = getattr(self, f"_act_{name}")(quantity, choice)
            self.env.flush_all()
        except NothingToDoError:
            savepoint.close(rollback=False)  # raised before anything is written
            return False
        except (UserError, ValidationError):
            self.env.cr.clear()
            savepoint.close()
            return False
        savepoint.close(rollback=False)
        return acted is not False

    def _compare(self, done):
        figures = self._figures()
        expected = exposure(self.env, self.company, self.customer)
        found = {part: figures[part] for part in expected}
        self.assertEqual(found, expected, done)
        self.assertAlmostEqual(figures["exposure"], sum(expected.values()), 2, done)

    # === ACTS === #

    def _one(self, records, choice):
        """Return one of ``records``; nothing happens where there is none."""
        if not records:
            raise NothingToDoError
        return records.sorted("id")[choice % len(records)]

    def _orders(self, state="sale"):
        return self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", state)]
        )

    def _moves(self, state, move_type="out_invoice"):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("state", "=", state),
                ("move_type", "=", move_type),
            ]
        )

    def _act_order(self, quantity, choice):
        product = (self.part, self.part_delivered, self.service)[choice % 3]
        quantities = [quantity, 3] if choice % 2 else [quantity]
        taxes = self.tax if choice % 4 else self.tax.browse()
        order = self._new_order(*quantities, product=product, taxes=taxes)
        if choice % 5 == 0:
            order.order_line[0].discount = 10.0
        order.action_confirm()

    def _act_deliver(self, quantity, choice, backorder=True):
        order = self._one(self._orders(), choice)
        waiting = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
            and picking.picking_type_code == "outgoing"
        )
        picking = self._one(waiting, choice)
        move = self._one(picking.move_ids, choice)
        (picking.move_ids - move).picked = False
        move.write({"quantity": quantity, "picked": True})
        picking.with_context(cancel_backorder=not backorder)._action_done()

    def _act_cut_short(self, quantity, choice):
        self._act_deliver(quantity, choice, backorder=False)

    def _act_bring_back(self, quantity, choice):
        pickings = self._orders().picking_ids.filtered(
            lambda picking: picking.state == "done"
            and picking.picking_type_code == "outgoing"
        )
        picking = self._one(pickings, choice)
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_ids=picking.ids, active_id=picking.id
        )
        form = wizard.create({})
        form.product_return_moves[0].quantity = min(
            quantity, picking.move_ids[0].quantity
        )
        form.product_return_moves[1:].quantity = 0
        returned = self.env["stock.picking"].browse(
            form.action_create_returns()["res_id"]
        )
        returned.move_ids.to_refund = bool(choice % 3)
        if choice % 2:
            for move in returned.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            returned._action_done()

    def _act_cancel_order(self, _quantity, choice):
        self._one(self._orders(), choice)._action_cancel()

    def _act_edit_order(self, quantity, choice):
        order = self._one(self._orders(), choice)
        order.order_line.filtered(lambda line: not line.is_downpayment)[
            0
        ].product_uom_qty = quantity

    def _act_invoice(self, quantity, choice):
        invoice = self._one(self._orders(), choice)._create_invoices(
            final=bool(choice % 2)
        )
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.is_downpayment
        )[:1]
        if choice % 3 and line:
            line.quantity = quantity

    def _act_edit_draft(self, quantity, choice):
        invoice = self._one(self._moves("draft"), choice)
        line = self._one(
            invoice.invoice_line_ids.filtered(
                lambda line: line.display_type == "product" and not line.is_downpayment
            ),
            choice,
        )
        if choice % 2:
            line.quantity = quantity
        else:
            line.price_unit = 10.0 * quantity

    def _act_post(self, _quantity, choice):
        drafts = self._moves("draft") | self._moves("draft", "out_refund")
        self._one(drafts, choice).action_post()

    def _act_unpost(self, _quantity, choice):
        posted = self._moves("posted") | self._moves("posted", "out_refund")
        self._one(posted, choice).button_draft()

    def _act_cancel_invoice(self, _quantity, choice):
        self._one(self._moves("draft"), choice).button_cancel()

    def _act_credit_note(self, quantity, choice):
        invoice = self._one(self._moves("posted"), choice)
        refund = invoice._reverse_moves(cancel=not choice % 3)
        if choice % 3 == 1:
            refund.invoice_line_ids[:1].quantity = quantity

    def _act_down_payment(self, quantity, choice):
        order = self._one(self._orders(), choice)
        self._down_payment(order, 50.0 * quantity, post=bool(choice % 3))

    def _act_pay(self, quantity, choice):
        invoice = self._one(
            self._moves("posted").filtered(lambda move: move.amount_residual > 0),
            choice,
        )
        amount = invoice.amount_residual if choice % 2 else 30.0 * quantity
        self.payments |= self._pay(invoice, amount)

    def _act_pay_loose(self, quantity, _choice):
        self.payments |= self._loose_payment(75.0 * quantity)

    def _act_match(self, _quantity, choice):
        # draft invoices can be matched, too
        invoices = self._moves("posted") | self._moves("draft")
        invoice = self._one(invoices, choice)
        payment = self._one(self.payments.exists(), choice)
        items = (invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
            and not item.reconciled
        )
        items.reconcile()

    def _payment(self, choice, *states):
        payments = self.payments.exists()
        return self._one(payments.filtered(lambda pay: pay.state in states), choice)

    def _act_reject(self, _quantity, choice):
        self._payment(choice, "in_process", "paid").action_reject()

    def _act_redraft_payment(self, _quantity, choice):
        self._payment(choice, "in_process", "paid", "rejected").action_draft()

    def _act_repost_payment(self, _quantity, choice):
        self._payment(choice, "draft").action_post()

    def _act_cancel_payment(self, _quantity, choice):
        self._payment(choice, "in_process", "paid").action_cancel()

    def _act_unmatch(self, _quantity, choice):
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id.partner_id", "=", self.customer.id)]
        )
        self._one(partials, choice).unlink()
