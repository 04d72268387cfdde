from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .credit_file_common import CreditFileCommon


@tagged("post_install", "-at_install")
class TestCreditCore(CreditFileCommon):
    # Odoo's own limit is shown from the file; with the control off nothing is touched

    def _limit(self, partner=None):
        partner = (partner or self.customer).with_company(self.company)
        return partner.credit_limit

    def test_shown_from_the_file(self):
        file = self._new_file(300.0)
        self.assertEqual(self._limit(), 300.0)
        file.credit_limit = 120.0
        self.assertEqual(self._limit(), 120.0)
        file.state = "expired"
        self.assertEqual(self._limit(), 0.0)

    def test_a_write_is_refused_with_a_pointer(self):
        self._new_file(300.0)
        for partner in (self.customer, self.customer.with_user(self.finance)):
            with self.assertRaisesRegex(UserError, "Credit → Files"):
                partner.with_company(self.company).write({"credit_limit": 900.0})
        with self.assertRaisesRegex(UserError, "credit file"):
            self.customer.create({"name": "New", "credit_limit": 900.0})
        self.assertEqual(self._limit(), 300.0)

    def test_the_limit_is_not_learned_by_trying(self):
        # who may not read it gets the same answer to a right guess and a wrong one
        self._new_file(300.0)
        customer = self.customer.with_user(self.seller)
        for guess in (300.0, 299.0, 0.0):
            with self.assertRaisesRegex(UserError, "Credit → Files"):
                customer.write({"credit_limit": guess})
        with self.assertRaisesRegex(UserError, "credit file"):
            customer.create(
                {"name": "Desk", "parent_id": customer.id, "credit_limit": 300.0}
            )
        desk = customer.create({"name": "Desk", "parent_id": customer.id})
        self.assertEqual(self._limit(desk.sudo()), 300.0)

    def test_contacts_are_made_and_copied_all_the_same(self):
        self._new_file(300.0)
        contact = self.customer.create(
            {"name": "Counter", "parent_id": self.customer.id}
        )
        self.assertEqual(self._limit(contact), 300.0)
        self.assertEqual(self._limit(self.customer.copy()), 0.0)
        self.customer.write({"name": "Xinda", "credit_limit": 300.0})  # as it is

    def test_only_in_the_company_with_the_control(self):
        other = self.env["res.company"].create({"name": "Other"})
        customer = self.customer.with_company(other)
        customer.credit_limit = 77.0
        self._new_file(300.0)
        self.assertEqual((self._limit(), customer.credit_limit), (300.0, 77.0))

    def test_switched_off_it_is_what_it_was(self):
        self.company.parts_credit_control = False
        plain = self.customer.create({"name": "Plain"}).with_company(self.company)
        plain.credit_limit = 50.0
        self.customer.with_company(self.company).credit_limit = 70.0
        self._new_file(300.0)
        self.assertEqual(self._limit(), 70.0)
        self.company.parts_credit_control = True
        self.assertEqual((self._limit(), self._limit(plain)), (300.0, 0.0))
        self.company.parts_credit_control = False
        self.assertEqual((self._limit(), self._limit(plain)), (70.0, 50.0))
        self.customer.with_company(self.company).credit_limit = 80.0
        self.assertEqual(self._limit(), 80.0)

    def test_our_verdict_takes_the_place_of_the_banner(self):
        self.company.account_use_credit_limit = True
        self._new_file(300.0)
        order = self._new_order(9)
        warning = order.partner_credit_warning
        self.assertEqual(warning, "")  # free: this order's gate says it is over
        self._new_order(3).action_confirm()
        order.invalidate_recordset(["partner_credit_warning"])
        self.assertRegex(order.partner_credit_warning, "nearly used")
        self.assertNotRegex(order.partner_credit_warning, "300")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.part.id, "price_unit": 900.0})
                ],
            }
        )
        self.assertRegex(invoice.partner_credit_warning, "credit of Xinda")
        self.assertNotRegex(invoice.partner_credit_warning, "reached its credit limit")

    def test_without_control_the_banner_is_odoos(self):
        self.company.account_use_credit_limit = True
        self.company.parts_credit_control = False
        self.customer.with_company(self.company).credit_limit = 100.0
        order = self._new_order(9)
        self.assertRegex(order.partner_credit_warning, "reached its credit limit")


@tagged("post_install", "-at_install")
class TestCreditVerdict(CreditFileCommon):
    # Sales reads a step and a sentence, no figure

    def _verdict(self):
        self.customer.invalidate_recordset()
        customer = self.customer.with_user(self.seller).with_company(self.company)
        return customer.parts_credit_step, customer.parts_credit_verdict

    def test_steps(self):
        self.assertEqual(self._verdict()[0], "none")
        file = self._new_file(1000.0)
        self.assertEqual(self._verdict()[0], "free")
        self._new_order(7).action_confirm()
        self.assertEqual(self._verdict()[0], "free")
        self._new_order(1).action_confirm()  # 800 of 1,000
        self.assertEqual(self._verdict()[0], "near")
        self._new_order(2).action_confirm()
        self.assertEqual(self._verdict()[0], "near")  # used up, not over
        file.credit_limit = 999.99
        self.assertEqual(self._verdict()[0], "over")
        file.blocked = True
        step, sentence = self._verdict()
        self.assertEqual(step, "none")
        self.assertRegex(sentence, "blocked")

    def test_no_figure_in_the_sentence(self):
        self._new_file(1234.0)
        self._new_order(11).action_confirm()
        self.assertNotRegex(self._verdict()[1], r"\d")

    def test_days_of_the_oldest_debt(self):
        file = self._new_file(1000.0, overdue_days_allowed=12)
        for due, amount in (("2026-06-01", 30.0), ("2026-06-10", 40.0)):
            self._owe(due, amount)
        with freeze_time("2026-06-13"):
            step, sentence = self._verdict()
            self.assertEqual(step, "free")
            self.assertRegex(sentence, "oldest debt is 12 days overdue")
            self.assertNotRegex(sentence, "held")
            file.overdue_days_allowed = 11
            self.assertRegex(self._verdict()[1], "held until it is paid")

    def test_control_off_says_nothing(self):
        self.company.parts_credit_control = False
        self.assertEqual(self._verdict(), (False, False))

    def test_the_lead_says_it_too(self):
        self._new_file(100.0)
        self._new_order(1).action_confirm()
        lead = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create({"name": "Discs", "partner_id": self.customer.id})
        )
        self.assertEqual(lead.parts_credit_step, "near")
        self.assertRegex(lead.parts_credit_verdict, "nearly used")

    def test_sales_reads_no_figure_by_any_way(self):
        file = self._new_file(1234.0)
        change = self._propose(purpose="raise", credit_limit=2000.0)
        files = file.with_user(self.seller)
        for read in (
            lambda: files.search([]),
            lambda: files.read(["credit_limit"]),
            lambda: files.search_read([], ["exposure"]),
            lambda: files._read_group([], ["risk_class"], ["credit_limit:sum"]),
            lambda: files.formatted_read_group(
                [], ["risk_class"], ["credit_limit:sum"]
            ),
            lambda: files.export_data(["credit_limit"]),
            lambda: files.message_ids.mapped("body"),
            lambda: self.customer.with_user(self.seller).read(["parts_credit_file_id"]),
            lambda: self.customer.with_user(self.seller).read(
                ["parts_credit_usage_html"]
            ),
            lambda: self.customer.with_user(self.seller).read(["credit_limit"]),
            lambda: change.read(["file_limit"]),
            lambda: change.search([("file_limit", ">", 1000)]),
            lambda: change.search([("file_id.credit_limit", ">", 1000)]),
            lambda: change._read_group([], ["file_id"], ["__count"]),
            lambda: self.env["parts.credit.trend"].with_user(self.seller).search([]),
            lambda: self.env["parts.credit.policy"].with_user(self.seller).search([]),
            lambda: self.env["parts.credit.core"].with_user(self.seller).search([]),
        ):
            # refused access is a UserError, too, and so is a refused export
            with self.assertRaises(UserError):
                read()
        message = file.message_post(body="Limit 1,234")
        with self.assertRaises(AccessError):
            message.with_user(self.seller).read(["body"])

    def test_the_customers_form_opens_for_sales_and_finance(self):
        self._new_file(500.0)
        for user in (self.seller, self.finance, self.general_manager):
            with self.subTest(user=user.login):
                with Form(self.customer.with_user(user)) as form:
                    self.assertEqual(form.parts_credit_step, "free")
