from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_month_common import ContractMonthCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-02")
class TestContractMonthDifference(ContractMonthCommon):
    """CON-7: what does not fit together in a month is listed with its cause."""

    def _differences(self, month):
        return {
            (row.kind, row.document_name): row.amount
            for row in month.sudo().difference_ids
        }

    def test_differences_are_named_with_their_cause(self):
        loose = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "date": "2026-03-20",
                "journal_id": self.bank.id,
            }
        )
        loose.action_post()
        bounced = self._pay(self.invoice, 30.0, date="2026-03-21")
        bounced.action_reject()
        stray = self._new_invoice([(self.brake, 90.0)], date="2026-03-22")
        with freeze_time("2026-03-23"):
            picking = self._send_without_order(2)
            waiting = self.contract.order_ids
            self._deliver(waiting, 1)
        month = self._new_month()
        found = self._differences(month)
        self.assertEqual(
            found[("payment_unmatched", loose.move_id.display_name)], -70.0
        )
        self.assertEqual(
            found[("payment_bounced", bounced.move_id.display_name)], -30.0
        )
        self.assertEqual(found[("invoice_without_contract", stray.display_name)], 90.0)
        self.assertEqual(found[("delivery_without_order", picking.display_name)], 200.0)
        self.assertEqual(found[("delivered_not_invoiced", self.contract.name)], 100.0)
        self.assertNotIn("unexplained", [kind for kind, _name in found])

    def _send_without_order(self, quantity):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": quantity,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking._action_done()
        return picking

    def test_a_customer_who_has_no_contract_is_no_difference(self):
        stray = self._new_invoice(
            [(self.brake, 90.0)], date="2026-03-22", partner_id=self.partner_b.id
        )
        found = self._differences(self._new_month())
        self.assertNotIn(("invoice_without_contract", stray.display_name), found)

    def test_who_confirms_a_line_reads_what_was_found_of_it(self):
        # a loose payment of 70 of his customer, and 100 delivered beyond the invoices
        other = self._new_contract(500.0, partner_id=self.partner_b.id)
        self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "date": "2026-03-20",
                "journal_id": self.bank.id,
            }
        ).action_post()
        with freeze_time("2026-03-23"):
            self._deliver(self.contract.order_ids, 1)
        month = self._new_month()
        note = self._line_of(month).with_user(self.li).difference_note
        for text in ("A payment is not matched", "70.00", "Delivered, not", "100.00"):
            self.assertIn(text, note)
        # counter-case: nothing was found of another customer's contract
        self.assertFalse(self._line_of(month, other).difference_note)

    def test_an_explanation_stays(self):
        stray = self._new_invoice([(self.brake, 90.0)], date="2026-03-22")
        month = self._new_month()
        row = month.difference_ids.filtered(lambda x: x.res_id == stray.id)
        row.note = "sold over the counter"
        self.assertEqual(row.note_user_id, self.finance)
        month.action_prepare()
        row = month.difference_ids.filtered(lambda x: x.res_id == stray.id)
        self.assertEqual(row.note, "sold over the counter")
        self.assertEqual(row.note_user_id, self.finance)

    def test_an_entry_that_settles_nothing(self):
        # 40 booked against the customer's account, matched with nothing
        accounts = self.company_data
        entry = self.env["account.move"].create(
            {
                "date": "2026-03-25",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts["default_account_receivable"].id,
                            "partner_id": self.customer.id,
                            "credit": 40.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": accounts["default_account_expense"].id,
                            "debit": 40.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        month = self._new_month()
        found = self._differences(month)
        self.assertEqual(found[("entry", entry.display_name)], -40.0)
        row = month.sudo().difference_ids.filtered(lambda x: x.kind == "entry")
        self.assertEqual(row.partner_id, self.customer)
        self.assertEqual(str(row.date), "2026-03-25")
        # counter-case: matched with the invoice it settles, and is no difference
        lines = (entry | self.invoice).line_ids
        lines.filtered(lambda x: x.account_type == "asset_receivable").reconcile()
        month.action_prepare()
        self.assertNotIn(("entry", entry.display_name), self._differences(month))

    def test_an_advance_that_names_its_contract_is_no_difference(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "date": "2026-03-20",
                "journal_id": self.bank.id,
                "parts_contract_id": self.contract.id,
            }
        )
        payment.action_post()
        kinds = [kind for kind, _name in self._differences(self._new_month())]
        self.assertNotIn("payment_unmatched", kinds)
        self.assertNotIn("unexplained", kinds)

    def test_an_order_without_contract(self):
        # 3 at 100, of a customer who has a contract; one of April is none of March's
        order = self._new_order(None, 3, date_order="2026-03-12")
        later = self._new_order(None, 1, date_order="2026-04-01 12:00:00")
        found = self._differences(self._new_month())
        self.assertEqual(found[("order_without_contract", order.display_name)], 300.0)
        self.assertNotIn(("order_without_contract", later.display_name), found)

    def test_the_months_days_are_the_companys(self):
        # 31 March, 20:00 UTC is the 1st of April in Shanghai
        order = self._new_order(None, 1, date_order="2026-03-31 20:00:00")
        name = ("order_without_contract", order.display_name)
        self.company.resource_calendar_id.tz = "UTC"
        self.assertIn(name, self._differences(self._new_month()))
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        month = self.Month.search([("company_id", "=", self.company.id)])
        month.with_user(self.finance).action_prepare()
        self.assertNotIn(name, self._differences(month))

    def test_ordered_beyond_the_contract(self):
        # 10 of 1,000 ordered by now; 3 more are 300 beyond
        self._new_order(self.contract, 3, date_order="2026-03-15")
        found = self._differences(self._new_month())
        self.assertEqual(found[("over_contract", self.contract.name)], 300.0)

    def test_the_part_without_contract_of_an_invoice_over_several(self):
        # 100 under the contract, 50 under none
        with freeze_time("2026-03-16"):
            orders = self._new_order(self.contract, 1) | self._new_order(
                None, 1, price=50.0
            )
            for order in orders:
                self._deliver(order, 1)
            invoice = self._invoice(orders, date="2026-03-16")
        self.assertEqual(invoice.parts_contract_id, self.contract)
        found = self._differences(self._new_month())
        name = ("invoice_without_contract", invoice.display_name)
        self.assertEqual(found[name], 50.0)

    def test_differences_make_up_what_the_books_hold_without_contract(self):
        # −70 not matched and −30 bounced: the line without contract says −100
        before = self._unmatched(self._new_month())
        loose = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 70.0,
                "date": "2026-03-20",
                "journal_id": self.bank.id,
            }
        )
        loose.action_post()
        self._pay(self.invoice, 30.0, date="2026-03-21").action_reject()
        month = self.Month.search([("company_id", "=", self.company.id)])
        month.with_user(self.finance).action_prepare()
        self.assertEqual(self._unmatched(month) - before, -100.0)
        self.assertNotIn("unexplained", month.sudo().difference_ids.mapped("kind"))

    def _unmatched(self, month):
        without = month.sudo().line_ids.filtered(lambda line: not line.contract_id)
        return sum(without.mapped("unmatched"))

    def test_what_nothing_explains_is_said(self):
        # the books say 12.34 more than the ledger
        month = self._new_month().sudo()
        month.books += 12.34
        month.difference_ids._find(month)
        rest = month.difference_ids.filtered(lambda x: x.kind == "unexplained")
        self.assertEqual(round(rest.amount, 2), 12.34)

    def test_who_explains(self):
        stray = self._new_invoice([(self.brake, 90.0)], date="2026-03-22")
        month = self._new_month()
        row = month.difference_ids.filtered(lambda x: x.res_id == stray.id)
        row.with_user(self.director).note = "sold over the counter"
        self.assertEqual(row.note_user_id, self.director)
        for user in (self.li, self.legal):
            with self.assertRaises(AccessError):
                row.with_user(user).note = "mine"
        with self.assertRaises(AccessError):
            row.with_user(self.finance).write({"note": "x", "note_user_id": 1})
