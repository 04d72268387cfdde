from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import DepositCommon


@tagged("post_install", "-at_install")
class TestCommissionDeposit(DepositCommon):
    """COM-1: deposit plus final invoice earn the commission of the goods.

    600 of brake discs at 10 % and 400 of filters at 5 %: 60 + 20 = 80 on 1,000, so a
    deposit earns 8 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.rule_ids = [
            Command.clear(),
            Command.create({"sequence": 1, "product_id": cls.filter.id, "rate": 5.0}),
            Command.create({"sequence": 2, "rate": 10.0}),
        ]
        cls.order = cls._new_order([(cls.brake, 600.0), (cls.filter, 400.0)])

    def test_deposit_plus_final(self):
        deposit = self._invoice(self.order, "percentage", amount=30.0)
        self.assertEqual(deposit.amount_untaxed, 300.0)
        self._pay(deposit, 300.0)
        # 300 × 8 %
        self.assertLedger(deposit, [("collection", "collected", "2026-03-10", 24.0)])
        final = self._invoice(self.order, day="2026-04-01")
        self.assertEqual(final.amount_total, 700.0)
        promised = self.Basis.search([("move_id", "=", final.id)])
        self.assertEqual(sorted(promised.mapped("amount")), [-24.0, 20.0, 60.0])
        self._pay(final, 350.0, date="2026-04-10")
        self.assertEqual(self._earned(final), 28.0)
        self._pay(final, 350.0, date="2026-04-20")
        self.assertEqual(self._earned(deposit | final), 80.0)
        self.assertIdle(deposit | final)

    def test_odd_cents_come_out(self):
        """33.33 at 7.77 %, two deposits of a third each: together 2.59."""
        self.plan.rule_ids.rate = 7.77
        order = self._new_order([(self.brake, 33.33)])
        first = self._invoice(order, "percentage", amount=33.0)
        second = self._invoice(order, "percentage", amount=33.0)
        final = self._invoice(order)
        for invoice in (first, second, final):
            self._pay(invoice, invoice.amount_residual)
        self.assertEqual(self._earned(first | second | final), 2.59)

    def test_changed_rate_takes_back_what_the_deposit_got(self):
        """Rates double after the deposit: 24 back, 160 for the goods."""
        deposit = self._invoice(self.order, "percentage", amount=30.0)
        self._pay(deposit, 300.0)
        for rule in self.plan.rule_ids:
            rule.rate *= 2
        final = self._invoice(self.order, day="2026-04-01")
        self._pay(final, 700.0, date="2026-04-10")
        self.assertEqual(self._earned(deposit), 24.0)
        self.assertEqual(self._earned(final), 136.0)

    def test_other_salesperson_on_the_final_invoice(self):
        """The deposit's person gives back what he got; Wang earns the goods."""
        self._new_plan("Wang", self.wang, [{"rate": 10.0}])
        deposit = self._invoice(self.order, "percentage", amount=30.0)
        self._pay(deposit, 300.0)
        self.order.user_id = self.wang
        final = self._invoice(self.order, day="2026-04-01")
        final_entries = self._entries(final)
        self._pay(final, 700.0, date="2026-04-10")
        final_entries = self._entries(final)
        by_user = {
            user: sum(entries.mapped("amount"))
            for user, entries in final_entries.grouped("user_id").items()
        }
        self.assertEqual(by_user, {self.li: -24.0, self.wang: 100.0})

    def test_deposit_of_the_whole_leaves_a_final_of_zero(self):
        """Rates rise by half after the deposit: 120 − 80 on an invoice of 0.00."""
        deposit = self._invoice(self.order, "percentage", amount=100.0)
        self._pay(deposit, 1000.0)
        self.assertEqual(self._earned(deposit), 80.0)
        for rule in self.plan.rule_ids:
            rule.rate *= 1.5
        final = self._invoice(self.order, day="2026-04-01")
        self.assertEqual(final.amount_total, 0.0)
        self.assertEqual(self._earned(final), 40.0)
        self.assertIdle(final)
        final.button_draft()
        self.assertEqual(self._earned(final), 0.0)

    def test_credited_deposit_takes_its_own_back(self):
        deposit = self._invoice(self.order, "percentage", amount=30.0)
        self._pay(deposit, 300.0)
        note = self._credit(deposit)
        self._pay(note, 300.0, date="2026-04-02")
        self.assertEqual(self._earned(deposit | note), 0.0)

    def test_invoice_of_two_orders(self):
        other = self._new_order([(self.brake, 100.0)])
        invoice = self._invoice(self.order | other)
        self.assertEqual(len(invoice), 1)
        self._pay(invoice, 1100.0)
        self.assertEqual(self._earned(invoice), 90.0)

    def test_whose_sale_by_the_order(self):
        """Wang is on the invoice; Li, whose plan says so, keeps his order's sale."""
        self._new_plan("Wang", self.wang, [{"rate": 1.0}])
        self.plan.seller_source = "order"
        invoice = self._invoice(self.order)
        invoice.button_draft()
        invoice.invoice_user_id = self.wang
        invoice.action_post()
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.user_id, self.li)
        self.plan.seller_source = "invoice"
        other = self._new_order([(self.brake, 50.0)])
        invoice = self._invoice(other)
        invoice.button_draft()
        invoice.invoice_user_id = self.wang
        invoice.action_post()
        promised = self.Basis.search([("move_id", "=", invoice.id)])
        self.assertEqual(promised.user_id, self.wang)
