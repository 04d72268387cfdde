from unittest.mock import patch

from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionQueries(CommissionCommon):
    """Queries of the engine do not grow with what is there already."""

    def _reconcile(self, count, lines=1):
        """Reconcile payments with invoices in one go; return the engine's queries."""
        invoices = self.env["account.move"].union(
            *(self._new_invoice([100.0] * lines) for _number in range(count))
        )
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_a.id,
                    "journal_id": self.bank.id,
                    "amount": 100.0,
                    "date": "2026-03-10",
                }
                for _number in range(count)
            ]
        )
        payments.action_post()
        plans = [
            (invoice | payment.move_id).line_ids.filtered(
                lambda x: x.account_type == "asset_receivable"
            )
            for invoice, payment in zip(invoices, payments, strict=True)
        ]
        return self._count(lambda: self.env["account.move.line"]._reconcile_plan(plans))

    def _count(self, act):
        engine = type(self.env["parts.commission.engine"])
        door = engine._follow_partials
        counted = []

        def watched(this, *args, **kwargs):
            before = this.env.cr.sql_log_count
            door(this, *args, **kwargs)
            counted.append(this.env.cr.sql_log_count - before)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(engine, "_follow_partials", watched):
            act()
        return sum(counted)

    def test_many_payments_at_once(self):
        few, many = self._reconcile(3), self._reconcile(12)
        self.assertLessEqual(many / 12, few / 3, "no more for each payment")

    def test_part_payments_of_one_invoice(self):
        """The tenth costs what the second cost."""
        invoice = self._new_invoice([10.0] * 20)
        counts = [
            self._count(lambda: self._pay(invoice, 10.0)) for _payment in range(10)
        ]
        self.assertLessEqual(counts[9], counts[1] + 10, counts)
