from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contract_paper_common import ContractPaperCommon, pdf


@tagged("post_install", "-at_install")
class TestContractPolicy(ContractPaperCommon):
    # CTL-7: dated, versioned, decided by a committee, issued by the general manager

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()

    def _draft(self, user=None, **values):
        return (
            self.env["parts.contract.policy"]
            .with_user(user or self.office)
            .create({"discounts": "<p>Up to 5 per cent</p>", **values})
        )

    def _issue(self, policy):
        request = self._submit(policy)
        for member in (self.committee, self.second):
            request.with_user(member).action_approve(
                minutes=pdf(), minutes_name="minutes.pdf"
            )
        request.with_user(self.general_manager).action_approve()
        return request

    def _now(self):
        policies = self.env["parts.contract.policy"]
        return policies._in_force(self.company, self.today)

    def test_committee_then_general_manager(self):
        policy = self._draft()
        self.assertFalse(self._now())
        request = self._submit(policy)
        for user in (self.general_manager, self.manager, self.office):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        request.with_user(self.committee).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(self.general_manager).action_approve()
        # a meeting decides with its minutes
        with self.assertRaises(UserError):
            request.with_user(self.second).action_approve()
        request.with_user(self.second).action_approve(
            minutes=pdf(), minutes_name="minutes.pdf"
        )
        self.assertFalse(self._now())
        request.with_user(self.general_manager).action_approve()
        self.assertEqual(self._now(), policy)
        self.assertTrue(policy.in_force)
        self.assertEqual(policy.date_approved, self.today)

    def test_its_deciders_read_text(self):
        policy = self._draft(deposits="<p>20 % <b>earnest</b> money</p>")
        figures = {
            row.label: row.value for row in self._submit(policy).sudo().figure_ids
        }
        self.assertEqual(figures["Discounts"], "Up to 5 per cent")
        self.assertIn("20 %", figures["Deposits"])
        self.assertNotIn("<", "".join(figures.values()))
        self.assertNotIn("Commission", figures)  # of which it says nothing

    def test_it_never_rules_before_it_was_issued(self):
        policy = self._draft(date_from="2020-01-01")
        self._issue(policy)
        self.assertEqual(policy.date_from, self.today)

    def test_versions_follow_each_other(self):
        first = self._draft()
        self._issue(first)
        action = first.with_user(self.office).action_new_version()
        second = self.env["parts.contract.policy"].browse(action["res_id"])
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertIn("5 per cent", second.discounts)
        starts = self.today + timedelta(days=10)
        second.with_user(self.office).date_from = starts
        self._issue(second)
        first.invalidate_recordset()
        self.assertEqual(self._now(), first)
        self.assertEqual(first.date_until, starts - timedelta(days=1))
        policies = self.env["parts.contract.policy"]
        self.assertEqual(
            policies._in_force(self.company, starts - timedelta(days=1)), first
        )
        self.assertEqual(policies._in_force(self.company, starts), second)
        with freeze_time(fields.Datetime.now() + timedelta(days=11)):
            policies.invalidate_model()
            self.assertEqual(policies.search([("in_force", "=", True)]), second)

    def test_a_version_does_not_overtake_the_one_after_it(self):
        # issued for next month; what is issued after it rules after it
        first, second = self._draft(), self._draft()
        first.with_user(self.office).date_from = self.today + timedelta(days=30)
        self._issue(first)
        self._issue(second)
        self.assertEqual(second.date_from, self.today + timedelta(days=30))
        policies = self.env["parts.contract.policy"]
        self.assertEqual(
            policies._in_force(self.company, self.today + timedelta(days=30)), second
        )

    def test_each_company_has_its_own(self):
        self._issue(self._draft())
        other = self.env["res.company"].create({"name": "Other"})
        policies = self.env["parts.contract.policy"]
        self.assertFalse(policies._in_force(other, self.today))
        first = policies.create({"company_id": other.id, "discounts": "<p>0</p>"})
        self.assertEqual(first.number, 1)

    def test_drafts_are_seen_by_those_who_make_it(self):
        policy = self._draft()
        with self.assertRaises(AccessError):
            policy.with_user(self.seller).read(["name"])
        self._issue(policy)
        self.assertTrue(policy.with_user(self.seller).read(["name"]))

    def test_attacks(self):
        policy = self._draft(state="approved", number=7)
        self.assertEqual((policy.state, policy.number), ("draft", 1))
        for values in (
            {"state": "approved"},
            {"number": 9},
            {"date_approved": "2020-1-1"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                policy.write(values)
        with self.assertRaises(AccessError):
            policy.with_user(self.seller).write({"discounts": "<p>50</p>"})
        self._issue(policy)
        for user in (self.office, self.committee, self.general_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    policy.with_user(user).write({"discounts": "<p>50</p>"})
                with self.assertRaises(UserError):
                    policy.with_user(user).unlink()

    def test_empty_is_not_submitted(self):
        policy = self._draft(discounts=False)
        with self.assertRaisesRegex(UserError, "says nothing"):
            policy.action_parts_request_approval("Now")

    def test_contracts_and_declarations_name_it(self):
        contract = self._new_contract()
        self.assertFalse(contract.policy_id)
        policy = self._draft()
        self._issue(policy)
        contract.invalidate_recordset()
        self.assertEqual(contract.policy_id, policy)
        declaration = self.env["parts.contract.declaration"].create(
            {"partner_id": self.customer.id}
        )
        self.assertEqual(declaration.policy_id, policy)
