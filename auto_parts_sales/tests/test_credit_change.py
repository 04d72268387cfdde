from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX
from .credit_file_common import CreditFileCommon


@tagged("post_install", "-at_install")
class TestCreditHands(CreditFileCommon):
    # CRD-8, CTL-2: proposed by sales and finance, checked, approved, entered

    def test_a_company_starts_with_the_full_form(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.parts_credit_hands, "four")

    def test_proposed_by_sales_in_four_hands(self):
        change = self._propose(purpose="first", credit_limit=300.0, term_days=60)
        approval = self._submit(change)
        self.assertEqual(change.state, "pending")
        # finance proposes with sales first, and nobody decides out of turn
        self._assert_may_not(
            approval, self.seller, self.manager, self.general_manager, self.keeper
        )
        self._decide_all(approval, self.finance)
        self._assert_may_not(
            approval, self.finance, self.seller, self.general_manager, self.keeper
        )
        self._decide_all(approval, self.director)
        self._assert_may_not(approval, self.director, self.manager, self.keeper)
        self._decide_all(approval, self.general_manager)
        self.assertFalse(self.env["parts.credit.file"]._of(self.company, self.customer))
        self._decide_all(approval, self.keeper)
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        self.assertEqual(change.state, "done")
        self.assertRecordValues(
            file, [{"state": "active", "credit_limit": 300.0, "term_days": 60}]
        )
        deciders = approval.decision_ids.user_id
        self.assertEqual(len(deciders), 4)
        self.assertNotIn(self.seller, deciders)
        self._new_order(3).action_confirm()

    def test_proposed_by_finance_in_four_hands(self):
        file = (
            self.env["parts.credit.file"]
            .with_user(self.finance)
            .create({"partner_id": self.customer.id, "credit_limit": 500.0})
        )
        approval = self._submit(file)
        self._assert_may_not(
            approval, self.seller, self.finance, self.general_manager, self.keeper
        )
        # sales proposes with finance, another of sales checks
        self._decide_all(approval, self.manager)
        self._assert_may_not(approval, self.manager)
        self._decide_all(approval, self.director, self.general_manager, self.keeper)
        self.assertEqual(file.state, "active")

    def test_the_keeper_who_proposed_does_not_enter(self):
        file = (
            self.env["parts.credit.file"]
            .with_user(self.keeper)
            .create({"partner_id": self.customer.id, "credit_limit": 500.0})
        )
        approval = self._submit(file)
        self._decide_all(approval, self.manager, self.director, self.general_manager)
        self._assert_may_not(approval, self.keeper)
        other = self._new_user("keeper2", f"{PREFIX}credit_keeper")
        self._decide_all(approval, other)
        self.assertEqual(file.state, "active")

    def test_it_says_through_whose_hands_it_goes(self):
        change = self._propose(purpose="raise", credit_limit=2000.0)
        [block] = change._parts_gate_preview()
        self.assertIn(
            "Finance → Sales Manager → General Manager → Credit Keeper", block["note"]
        )
        # what was typed on the proposal need not be typed again
        action = change.action_parts_ask_approval()
        self.assertEqual(action["context"]["default_reason"], "Two years without delay")

    def test_two_hands(self):
        self.company.parts_credit_hands = "two"
        approval = self._submit(self._propose(purpose="first", credit_limit=300.0))
        self._assert_may_not(
            approval, self.seller, self.manager, self.finance, self.keeper
        )
        self._decide_all(approval, self.general_manager)
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        self.assertEqual(file.state, "active")

    def test_who_keeps_master_data_does_not_decide(self):
        self.company.parts_credit_hands = "two"
        both = self._new_user(
            "both", f"{PREFIX}general_manager", f"{PREFIX}master_data_keeper"
        )
        approval = self._submit(self._propose(purpose="first", credit_limit=300.0))
        self._assert_may_not(approval, both)
        self._decide_all(approval, self.general_manager)

    def test_who_sells_to_him_does_not_decide(self):
        self.company.parts_credit_hands = "two"
        self.customer.user_id = self.general_manager
        approval = self._submit(self._propose(purpose="first", credit_limit=300.0))
        self._assert_may_not(approval, self.general_manager)

    def test_no_role_puts_a_proposal_in_force(self):
        change = self._propose(purpose="first", credit_limit=300.0, state="done")
        self.assertEqual(change.state, "draft")
        for user in (self.seller, self.finance, self.keeper, self.general_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    change.with_user(user).write({"state": "done"})
        self._submit(change)
        with self.assertRaises(UserError):
            change.write({"credit_limit": 1e9})
        with self.assertRaises(UserError):
            change.unlink()


@tagged("post_install", "-at_install")
class TestCreditChange(CreditFileCommon):
    # CRD-6, CRD-8: the file stays in force until the change is approved

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_hands = "two"
        cls.file = cls._new_file(300.0, term_days=30, risk_class="c")

    def _approve(self, change):
        self._decide_all(self._submit(change), self.general_manager)

    def test_in_force_meanwhile_and_raised_afterwards(self):
        change = self._propose(purpose="raise", credit_limit=500.0)
        approval = self._submit(change)
        self.assertEqual((self.file.state, self.file._limit()), ("active", 300.0))
        self._new_order(3).action_confirm()
        with self.assertRaises(GateError), self.cr.savepoint():
            self._new_order(1).action_confirm()
        self._decide_all(approval, self.general_manager)
        self.assertEqual(self.file._limit(), 500.0)
        # what was not proposed stays
        self.assertRecordValues(self.file, [{"term_days": 30, "risk_class": "c"}])
        self._new_order(2).action_confirm()

    def test_refused_changes_nothing(self):
        change = self._propose(purpose="raise", credit_limit=500.0)
        self._submit(change).with_user(self.general_manager).action_refuse("no")
        self.assertEqual((change.state, self.file._limit()), ("refused", 300.0))

    def test_withdrawn_can_be_changed(self):
        change = self._propose(purpose="raise", credit_limit=500.0)
        self._submit(change).with_user(self.seller).action_withdraw()
        change.credit_limit = 400.0
        self._approve(change)
        self.assertEqual(self.file._limit(), 400.0)

    def test_one_change_at_a_time(self):
        self._submit(self._propose(purpose="raise", credit_limit=500.0))
        with self.assertRaisesRegex(UserError, "Another change"):
            self._submit(self._propose(self.finance, credit_limit=900.0))

    def test_a_reason_and_something_proposed(self):
        with self.assertRaisesRegex(UserError, "Nothing is proposed"):
            self._submit(self._propose(purpose="raise"))
        change = self._propose(purpose="raise", credit_limit=500.0, reason=False)
        with self.assertRaisesRegex(UserError, "Say why"):
            change.action_parts_request_approval()

    def test_temporary(self):
        with self.assertRaises(ValidationError):
            self._propose(purpose="temporary", temporary_limit=900.0)
        with freeze_time("2026-05-01"):
            self._approve(
                self._propose(
                    purpose="temporary",
                    temporary_limit=900.0,
                    temporary_until="2026-05-10",
                )
            )
            self.assertEqual(self.file._limit(), 900.0)
        with freeze_time("2026-05-11"):  # CRD-2: ends by itself
            self.assertEqual(self.file._limit(), 300.0)

    def test_block_at_once_unblock_by_approval(self):
        file = self.file.with_user(self.keeper)
        file.blocked = True
        for values in ({"blocked": False}, {"defaulter": False}):
            with self.subTest(values=values), self.assertRaises(UserError):
                file.write(values)
        self._approve(self._propose(self.keeper, purpose="unblock", unblock=True))
        self.assertFalse(self.file.blocked)

    @freeze_time("2026-06-01")
    def test_review_renews_it_by_somebody_else(self):
        # CRD-6: reviewed at least yearly, by somebody other than who proposed
        self.file.write({"review_date": "2026-05-31", "state": "expired"})
        self.assertFalse(self.file._in_force())
        change = self._propose(self.keeper, purpose="review")
        approval = self._submit(change)
        self._assert_may_not(approval, self.keeper)
        self._decide_all(approval, self.general_manager)
        self.assertEqual(self.file.review_date, fields.Date.to_date("2027-06-01"))
        self.assertEqual((self.file.state, self.file._in_force()), ("active", True))

    def test_lowering_takes_effect_at_once(self):
        file = self.file.with_user(self.keeper)
        file.credit_limit = 200.0
        self.assertEqual(self.file._limit(), 200.0)
        for values in (
            {"term_days": 10},
            {"overdue_days_allowed": 0},
            {"risk_class": "e"},
            {"review_date": "2030-01-01"},
            {"defaulter": True},
            {"note": "Said to be for sale"},
            {"temporary_limit": 100.0, "temporary_until": "2099-01-01"},
        ):
            with self.subTest(values=values):
                file.write(values)

    def test_raising_never_does(self):
        self.file.write({"temporary_limit": 100.0, "temporary_until": "2099-01-01"})
        file = self.file.with_user(self.keeper)
        for values in (
            {"credit_limit": 300.01},
            {"term_days": 31},
            {"overdue_days_allowed": 1},
            {"risk_class": "b"},
            {"review_date": False},
            # the temporary limit is the lower one: its end raises
            {"temporary_until": False},
            {"temporary_until": "2026-01-01"},
            {"temporary_limit": 0.0, "temporary_until": False},
            {"temporary_limit": 1000.0},
            {"credit_limit": 10.0, "term_days": 31},
            {"group_file_id": self.file.id},
            {"state": "active"},
            {"active": False},
            {"partner_id": self.customer.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                file.write(values)

    def test_a_lowered_limit_holds_the_next_order(self):
        self.file.with_user(self.keeper).credit_limit = 100.0
        with self.assertRaises(GateError), self.cr.savepoint():
            self._new_order(2).action_confirm()


@tagged("post_install", "-at_install")
class TestCreditPolicy(CreditFileCommon):
    # CRD-8: a policy for each class; beyond it the credit group decides

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["parts.credit.policy"].create(
            {
                "company_id": cls.company.id,
                "risk_class": "c",
                "limit_max": 1000.0,
                "term_days_max": 45,
                "overdue_days_max": 10,
                "deposit_percent": 20.0,
                "review_months": 6,
            }
        )

    def test_within_and_beyond(self):
        for values, beyond in (
            ({"credit_limit": 1000.0, "term_days": 45}, False),
            ({"credit_limit": 1000.01}, True),
            ({"credit_limit": 1.0, "term_days": 46}, True),
            ({"credit_limit": 1.0, "overdue_days_allowed": 11}, True),
            (
                {
                    "credit_limit": 1.0,
                    "temporary_limit": 1001.0,
                    "temporary_until": "2099-01-01",
                },
                True,
            ),
            ({"credit_limit": 5000.0, "risk_class": "b"}, False),  # no line
        ):
            with self.subTest(values=values):
                change = self._propose(purpose="first", **{"risk_class": "c", **values})
                self.assertEqual(change.sudo().beyond_policy, beyond)

    def test_beyond_it_the_credit_group_decides(self):
        self.company.parts_credit_hands = "two"
        approval = self._submit(
            self._propose(purpose="first", credit_limit=1500.0, risk_class="c")
        )
        self._assert_may_not(approval, self.general_manager)
        self._decide_all(approval, self.group)
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        self.assertEqual(file.state, "active")
        self.assertTrue(file.beyond_policy)
        found = self.env["parts.credit.file"].search([("beyond_policy", "=", True)])
        self.assertIn(file, found)

    def test_beyond_it_in_four_hands(self):
        approval = self._submit(
            self._propose(purpose="first", credit_limit=1500.0, risk_class="c")
        )
        self._decide_all(approval, self.finance, self.director)
        self._assert_may_not(approval, self.general_manager)
        self._decide_all(approval, self.group, self.keeper)

    @freeze_time("2026-03-01")
    def test_the_class_sets_review_and_deposit(self):
        self.company.parts_credit_hands = "two"
        approval = self._submit(
            self._propose(purpose="first", credit_limit=900.0, risk_class="c")
        )
        self._decide_all(approval, self.general_manager)
        file = self.env["parts.credit.file"]._of(self.company, self.customer)
        self.assertEqual(file.review_date, fields.Date.to_date("2026-09-01"))
        self.assertEqual(file.deposit_percent, 20.0)

    def test_only_the_administrator_writes_it(self):
        for user in (self.seller, self.finance, self.keeper, self.general_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.policy.with_user(user).write({"limit_max": 1e9})

    def test_usual_lines_fill_what_is_missing(self):
        policies = self.env["parts.credit.policy"]
        policies.with_company(self.company).action_fill_usual()
        lines = policies.search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(lines.mapped("risk_class")), list("abcde"))
        self.assertEqual(self.policy.limit_max, 1000.0)
