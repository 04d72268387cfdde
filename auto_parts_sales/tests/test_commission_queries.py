from unittest.mock import patch

from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionQueries(CommissionCommon):
    """Queries of the engine do not grow with what is there already."""

    def _new_payments(self, count, amount=100.0):
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_a.id,
                    "journal_id": self.bank.id,
                    "amount": amount,
                    "date": "2026-03-10",
                }
                for _number in range(count)
            ]
        )
        payments.action_post()
        return payments

    def _receivable(self, moves):
        return moves.line_ids.filtered(lambda x: x.account_type == "asset_receivable")

    def _reconcile(self, count, lines=1):
        """Reconcile payments with invoices in one go; return the engine's queries."""
        invoices = self.env["account.move"].union(
            *(self._new_invoice([100.0] * lines) for _number in range(count))
        )
        plans = [
            self._receivable(invoice | payment.move_id)
            for invoice, payment in zip(
                invoices, self._new_payments(count), strict=True
            )
        ]
        return self._count(lambda: self.env["account.move.line"]._reconcile_plan(plans))

    def _count(self, act):
        """Count the queries of booking alone, from a cold cache.

        What Odoo has left to write is written before it, and is not the engine's.
        """
        engine = type(self.env["parts.commission.engine"])
        derive = engine._derive
        counted = []

        def watched(this, *args, **kwargs):
            before = this.env.cr.sql_log_count
            result = derive(this, *args, **kwargs)
            counted.append(this.env.cr.sql_log_count - before)
            return result

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(engine, "_derive", watched):
            act()
        self.assertEqual(len(counted), 1, "what happens at once is followed once")
        return counted[0]

    def test_many_payments_at_once(self):
        """Fewer than one query for each payment more."""
        few, many = self._reconcile(3), self._reconcile(40)
        self.assertLessEqual(many - few, 10, (few, many))

    def test_part_payments_of_one_invoice(self):
        """The tenth costs what the second cost, as few as for one line."""
        counts = {}
        for lines in (1, 20):
            invoice = self._new_invoice([10.0] * lines)
            counts[lines] = [
                self._count(
                    lambda invoice=invoice, payment=payment: self._receivable(
                        invoice | payment.move_id
                    ).reconcile()
                )
                for payment in self._new_payments(10, lines)
            ]
        self.assertLessEqual(counts[20][9], counts[20][1], counts)
        self.assertLessEqual(counts[20][9], counts[1][9], counts)

    def test_payments_registered_at_once_are_followed_once(self):
        """Odoo reconciles one after the other; commission looks once, at the end."""
        invoices = self.env["account.move"].union(
            *(self._new_invoice([100.0]) for _number in range(5))
        )
        self._count(lambda: self._pay(invoices, None, group_payment=False))
        self.assertEqual(self._earned(invoices), 50.0)
        self.assertIdle(invoices)
