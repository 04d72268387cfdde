from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .credit_file_common import CreditFileCommon


@tagged("post_install", "-at_install")
class TestCreditGroup(CreditFileCommon):
    # CRD-3: a limit shared by a parent and its subsidiaries, set by finance

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding, cls.branch = cls.env["res.partner"].create(
            [
                {"name": "Holding", "is_company": True},
                {"name": "Branch", "is_company": True},
            ]
        )
        cls.leader = cls._new_file(500.0, customer=cls.holding)
        cls.member = cls._new_file(
            9000.0, customer=cls.branch, group_file_id=cls.leader.id
        )

    def test_limit_and_sharers_are_the_heads(self):
        for file in (self.leader, self.member):
            self.assertEqual(file._limit(), 500.0)
            self.assertEqual(file._sharers(), self.holding | self.branch)
        alone = self._new_file(1.0)
        self.assertEqual(alone._sharers(), self.customer)
        none = self.env["parts.credit.file"]
        self.assertFalse(none._sharers() or none._in_force())

    def _taken(self, debtors):
        """Return whose rows of the lock are raised for ``debtors``."""
        locks = self.env["parts.credit.lock"]

        def serials():
            locks.invalidate_model()
            return {lock.partner_id: lock.serial for lock in locks.search([])}

        before = serials()
        self.env.flush_all()
        with self.assertQueryCount(1):
            locks._take(self.company, debtors)
        return {
            partner.name
            for partner, serial in serials().items()
            if serial == before.get(partner, 0) + 1
        }

    def test_the_lock_row_is_the_heads(self):
        # CRD-3: one row for all who share, in one statement, whoever asks
        other = self.env["res.partner"].create({"name": "Without a file"})
        for debtors, rows in (
            (self.holding, {"Holding"}),
            (self.branch, {"Holding"}),
            (self.branch | self.holding | other, {"Holding", "Without a file"}),
            (other, {"Without a file"}),
        ):
            with self.subTest(debtors=debtors.mapped("name")):
                self.assertEqual(self._taken(debtors), rows)
        self.env["parts.credit.lock"]._take(self.company, other.browse())

    def test_the_lock_row_of_another_company_is_not_the_heads(self):
        company = self.env["res.company"].create({"name": "Sister"})
        self.env["parts.credit.lock"]._take(company, self.branch)
        [lock] = self.env["parts.credit.lock"].search([("company_id", "=", company.id)])
        self.assertEqual(lock.partner_id, self.branch)

    def test_who_leaves_a_group_has_a_row_of_his_own(self):
        # what is written and not yet in the database counts
        self.member.group_file_id = False
        self.env["parts.credit.lock"].search([]).unlink()
        self.env["parts.credit.lock"]._take(self.company, self.branch)
        [lock] = self.env["parts.credit.lock"].search([])
        self.assertEqual(lock.partner_id, self.branch)

    def test_confirming_locks_with_one_query(self):
        # CRD-4: who is invoiced belongs to a group, who orders does not
        order = self._new_order(1, customer=self.customer)
        order.partner_invoice_id = self.branch
        check = self.env["parts.credit.check"]
        check._lock(order)
        self.env.flush_all()
        with self.assertQueryCount(1):
            check._lock(order)

    def test_orders_of_one_use_the_limit_of_all(self):
        self._new_order(3, customer=self.branch).action_confirm()
        self._new_order(2, customer=self.holding).action_confirm()
        for customer in (self.branch, self.holding):
            with self.assertRaises(GateError), self.cr.savepoint():
                self._new_order(1, customer=customer).action_confirm()
        self.assertEqual(self.member.exposure, 500.0)
        self.assertEqual(self.leader.exposure, 500.0)

    def test_the_head_out_of_force_takes_all_with_it(self):
        self.leader.state = "expired"
        self.assertFalse(self.member._in_force())

    def test_a_group_has_one_head(self):
        third = self._new_file(1.0)
        with self.assertRaisesRegex(UserError, "one head"):
            third.group_file_id = self.member
        with self.assertRaisesRegex(UserError, "one head"):
            self.leader.group_file_id = third

    def test_joining_is_decided_not_written(self):
        file = self._new_file(100.0)
        with self.assertRaises(UserError):
            file.with_user(self.keeper).group_file_id = self.leader
        with self.assertRaises(UserError):
            self.member.with_user(self.keeper).group_file_id = False
        self.company.parts_credit_hands = "two"
        change = self._propose(self.keeper, group_file_id=self.leader.id)
        self._decide_all(self._submit(change), self.general_manager)
        self.assertEqual(file.group_file_id, self.leader)


@tagged("post_install", "-at_install")
class TestCreditParent(CreditFileCommon):
    # A customer with a file, debts or open orders is not moved below another company

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rich, cls.person = cls.env["res.partner"].create(
            [
                {"name": "Rich", "is_company": True},
                {"name": "Li Wei", "is_company": False},
            ]
        )
        cls._new_file(100000.0, customer=cls.rich)

    def test_with_an_order_he_is_not_moved(self):
        order = self._new_order(5, customer=self.person)
        for values in ({"parent_id": self.rich.id},):
            with self.assertRaisesRegex(UserError, "Propose it"):
                self.person.write(values)
        with self.assertRaisesRegex(UserError, "Propose it"):
            self.rich.write({"child_ids": [(4, self.person.id)]})
        with self.assertRaises(GateError), self.cr.savepoint():
            order.action_confirm()

    def test_with_a_file_he_is_not_moved(self):
        self._new_file(10.0, customer=self.person)
        with self.assertRaisesRegex(UserError, "Li Wei"):
            self.person.parent_id = self.rich

    def test_a_branch_is_no_person_all_at_once(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "is_company": True, "parent_id": self.rich.id}
        )
        self._new_order(5, customer=branch)
        with self.assertRaisesRegex(UserError, "Propose it"):
            branch.is_company = False

    def test_who_owes_nothing_is_moved(self):
        self.person.parent_id = self.rich
        self.assertEqual(self.person.commercial_partner_id, self.rich)

    def test_control_off_moves_anybody(self):
        self._new_order(5, customer=self.person)
        self.company.parts_credit_control = False
        self.person.parent_id = self.rich
        self.assertEqual(self.person.commercial_partner_id, self.rich)

    def test_proposed_and_approved_he_is(self):
        self.company.parts_credit_hands = "two"
        file = self._new_file(10.0, customer=self.person)
        change = self._propose(
            self.finance,
            partner_id=self.person.id,
            purpose="parent",
            new_parent_id=self.rich.id,
        )
        self._decide_all(self._submit(change), self.general_manager)
        self.assertEqual(self.person.commercial_partner_id, self.rich)
        self.assertFalse(file.active)


@tagged("post_install", "-at_install")
class TestCreditMerge(CreditFileCommon):
    # Merging customers: the lower limit, the worse class, both histories

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls.env["res.partner"].create(
            {"name": "Xinda Repairs", "is_company": True}
        )

    def _merge(self, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.double).ids, target)

    def test_lower_limit_worse_class_every_mark(self):
        kept = self._new_file(500.0, risk_class="b", overdue_days_allowed=30)
        other = self._new_file(
            200.0, customer=self.double, risk_class="d", term_days=30, blocked=True
        )
        other.message_post(body="Paid late in spring")
        self.env["ir.attachment"].create(
            {
                "name": "balance.txt",
                "raw": b"x",
                "res_model": other._name,
                "res_id": other.id,
            }
        )
        self._merge(self.customer)
        self.assertFalse(other.exists())
        self.assertRecordValues(
            kept,
            [
                {
                    "partner_id": self.customer.id,
                    "credit_limit": 200.0,
                    "risk_class": "d",
                    "term_days": 30,
                    "overdue_days_allowed": 0,
                    "blocked": True,
                    "state": "active",
                }
            ],
        )
        bodies = "".join(kept.message_ids.mapped("body"))
        self.assertRegex(bodies, "late in spring")
        self.assertRegex(bodies, "Merged with")
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", kept._name), ("res_id", "=", kept.id)]
            ),
            1,
        )
        customer = self.customer.with_company(self.company)
        self.assertEqual(customer.credit_limit, 200.0)

    def test_the_only_file_goes_to_who_remains(self):
        file = self._new_file(200.0, customer=self.double)
        self._merge(self.customer)
        self.assertEqual(file.partner_id, self.customer)
        self.assertEqual((file.state, file.credit_limit), ("active", 200.0))

    def test_refused_while_an_approval_runs(self):
        self._new_file(500.0)
        self._submit(
            self._propose(
                partner_id=self.double.id, purpose="first", credit_limit=300.0
            )
        )
        with self.assertRaisesRegex(UserError, "waits for approval"):
            self._merge(self.customer)
        self.assertTrue(self.double.exists())
