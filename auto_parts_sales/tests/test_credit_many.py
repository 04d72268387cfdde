from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .approval_common import PREFIX
from .credit_file_common import CreditFileCommon
from .shipping_common import ShippingCommon


class CountingCommon:
    def _queries(self, act):
        """Return how many queries an act takes from a cold cache, all written down."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCreditManyDeliveries(CountingCommon, ShippingCommon):
    # CRD-5: a list of transfers is judged at once, however many customers there are

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pickings = cls.picking
        for number in range(6):
            customer = cls.env["res.partner"].create({"name": f"Repair {number}"})
            file = cls._new_file(1000.0, customer=customer)
            order = cls._new_confirmed(number + 1, customer=customer)
            cls.pickings |= order.picking_ids
            # held: every second one, by a block
            file.blocked = bool(number % 2)

    def test_each_as_if_alone(self):
        together = self.pickings._parts_ship_standing()
        alone = {
            picking.id for picking in self.pickings if picking._parts_ship_standing()
        }
        self.assertEqual(together, alone)
        # Repair 1, 3 and 5
        self.assertEqual(
            sorted(self.pickings.browse(together).partner_id.mapped("name")),
            ["Repair 1", "Repair 3", "Repair 5"],
        )

    def test_as_many_queries_for_six_as_for_two(self):
        # two and six of those that may leave
        free = self.pickings - self.pickings.browse(
            self.pickings._parts_ship_standing()
        )
        two = self._queries(free[:2]._parts_ship_standing)
        self.assertEqual(self._queries(free._parts_ship_standing), two)

    def test_held_ones_too(self):
        held = self.pickings.browse(self.pickings._parts_ship_standing()).sorted("id")
        two = self._queries(held[:2]._parts_ship_standing)
        self.assertEqual(self._queries(held._parts_ship_standing), two)


@tagged("post_install", "-at_install")
class TestCreditManyFiles(CountingCommon, CreditFileCommon):
    # CRD-6: the night works all files out at once

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["parts.credit.file"]
        for number in range(8):
            customer = cls.env["res.partner"].create({"name": f"Garage {number}"})
            cls.files |= cls._new_file(1000.0, customer=customer)
            order = cls._new_order(number + 1, customer=customer)
            order.sudo().action_confirm()

    def test_each_as_if_alone(self):
        self.files._refresh_standing()
        self.assertEqual(
            self.files.mapped("used_amount"), [100.0 * n for n in range(1, 9)]
        )
        engine = self.env["parts.credit.exposure"]
        for file in self.files:
            figures = engine._figures(self.company, file.partner_id)
            self.assertEqual(file._figures()[file], figures)
            self.assertEqual(figures["exposure"], file.used_amount)

    def test_members_of_a_group_count_together(self):
        head, member = self.files[:2]
        member.group_file_id = head
        found = (head | member)._figures()
        # 100.00 of one, 200.00 of the other
        self.assertEqual([found[file]["exposure"] for file in found], [300.0, 300.0])

    def test_as_many_queries_for_eight_as_for_two(self):
        for files in (self.files[:2], self.files):  # only the hour is new next time
            files._look_over()
        with freeze_time("2035-01-01 01:00:00"):
            two = self._queries(self.files[:2]._look_over)
        with freeze_time("2035-01-01 02:00:00"):
            self.assertEqual(self._queries(self.files._look_over), two)


@tagged("post_install", "-at_install")
class TestCreditLate(CreditFileCommon):
    # CRD-6: who turns late without any file, told once to owner and finance

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.seller
        cls.keeper = cls._new_user("late_keeper", f"{PREFIX}credit_keeper")
        cls.late = cls.env["parts.credit.late"]

    def _night(self, day):
        with freeze_time(f"{day} 01:00:00"):
            self.late._look_over(self.company)
            self.env.flush_all()
        return self.late.search([("partner_id", "=", self.customer.id)])

    def _tasks(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.customer.id),
                ("summary", "ilike", "turned late"),
            ]
        )

    def test_told_once(self):
        self._owe("2026-06-01", 70.0)
        self.assertFalse(self._night("2026-06-01"))
        self.assertFalse(self._tasks())
        row = self._night("2026-06-02")
        self.assertEqual((row.debt_days, row.debt_overdue), (1, 70.0))
        self.assertEqual(row.late_since, date(2026, 6, 2))
        self.assertEqual(row.with_user(self.finance).debt_overdue, 70.0)
        row = self._night("2026-06-12")
        self.assertEqual((row.debt_days, row.debt_overdue), (11, 70.0))
        self.assertEqual(row.late_since, date(2026, 6, 2))
        self.assertEqual(len(self._tasks()), 2)
        self.assertIn(self.seller, self._tasks().user_id)
        # no figure but the days, for whoever reads the customer
        for task in self._tasks():
            self.assertNotIn("70", task.note)

    def test_forgotten_when_paid(self):
        invoice = self._owe("2026-06-01")
        self.assertTrue(self._night("2026-06-02"))
        invoice.button_draft()
        self.assertFalse(self._night("2026-06-03"))

    def test_who_has_a_file_is_marked_there(self):
        self._owe("2026-06-01")
        self._new_file(1000.0)
        self.assertFalse(self._night("2026-06-12"))

    def test_a_cheque_that_bounced(self):
        invoice = self._owe("2026-06-01")
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = wizard.create({})._create_payments()
        self.assertFalse(self._night("2026-06-12"))
        payment.action_reject()
        row = self._night("2026-06-12")
        self.assertEqual((row.debt_days, row.debt_overdue), (11, 100.0))

    def test_a_long_night_is_gone_on_with(self):
        # what an earlier run of the same night did is not done again
        file = self._new_file(1000.0)
        today = fields.Datetime.now()
        file.standing_date = today - timedelta(days=1)
        with self.enter_registry_test_mode():
            cron = self.env.ref("auto_parts_sales.ir_cron_parts_credit_nightly")
            cron.method_direct_trigger()
            file.invalidate_recordset()
            self.assertEqual(file.standing_date.date(), today.date())
            file.standing = "none"
            cron.method_direct_trigger()
        self.assertEqual(file.standing, "none")
