from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_commission_settlement import P, SettlementCommon

JANUARY, FEBRUARY, MARCH = "2026-01-01", "2026-02-01", "2026-03-01"


class PoolCommon(SettlementCommon):
    """A team led by Boss, with Li and Wang; a pool of 1 % up to the plan, 3 % beyond.

    The plan: 12,000.00 in 2026, 1,000.00 a month.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._new_user("com_boss", "sales_team.group_sale_salesman")
        cls.team = cls._new_team("Counter", cls.boss, cls.li | cls.wang)
        cls.plan.user_ids |= cls.wang
        cls.pool = cls._new_pool(cls.team, [(0.0, 1.0), (100.0, 3.0)])
        cls.Month = cls.env["parts.commission.pool.month"].sudo()
        cls.Split = cls.env["parts.commission.pool.split"]

    @classmethod
    def _new_team(cls, name, leader, members):
        team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": name, "user_id": leader.id, "company_id": cls.company.id})
        )
        cls.env["crm.team.member"].sudo().create(
            [{"crm_team_id": team.id, "user_id": user.id} for user in members]
        )
        return team

    @classmethod
    def _new_pool(cls, team, tiers, **vals):
        return (
            cls.env["parts.commission.pool"]
            .with_user(cls.roles["finance_deputy"])
            .create(
                {
                    "name": f"{team.name} 2026",
                    "company_id": cls.company.id,
                    "team_id": team.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "plan_amount": 12000.0,
                    "tier_ids": [
                        Command.create({"percent_from": start, "rate": rate})
                        for start, rate in tiers
                    ],
                    **vals,
                }
            )
            .sudo()
        )

    def _sell(self, amount, day, user=None, team=None, **vals):
        """An invoice that is paid the same day."""
        invoice = self._new_invoice(
            [amount], date=day, user=user, team_id=(team or self.team).id, **vals
        )
        return self._pay(invoice, amount, date=day)

    def _sign(self, month, role="finance"):
        wizard = self.env["parts.commission.sign"].with_user(self.roles[role])
        return wizard.create(
            {"month": month, "company_id": self.company.id}
        ).action_sign()

    def _months(self, pool=None):
        """The pool's months as (month, planned, collected, due, accrued)."""
        months = (pool or self.pool).month_ids.sorted("date_from")
        months.invalidate_recordset()
        return [
            (str(m.date_from), m.planned, m.collected, m.due, m.accrued) for m in months
        ]

    def _new_split(self, shares, user=None, **vals):
        split = self.Split.with_user(user or self.boss).create(
            {
                "pool_id": self.pool.id,
                "line_ids": [
                    Command.create({"user_id": person.id, "share": share})
                    for person, share in shares
                ],
                **vals,
            }
        )
        return split

    def _decide_pool(self, split, role="general_manager", refuse=False):
        approval = split.sudo().parts_approval_ids.filtered(
            lambda x: x.state == "pending"
        )
        request = approval.with_user(self.roles[role]).sudo(False)
        return request.action_refuse("no") if refuse else request.action_approve()


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15")
class TestCommissionPool(PoolCommon):
    """COM-7: accrued monthly from the cumulated collected total against plan."""

    def test_accrued_by_signed_months(self):
        """January 800 of 1,000: 1 % of 800. February 2,500 of 2,000: 1 % of 2,000 and
        3 % of 500, less January's 8."""
        self._sell(800.0, "2026-01-10")
        self._sell(1700.0, "2026-02-20", user=self.wang)
        self.assertEqual(self._months(), [], "not before it is signed")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 800.0, 8.0, 8.0)])
        self._sign(FEBRUARY)
        self.assertEqual(self._months()[1:], [(FEBRUARY, 2000.0, 2500.0, 35.0, 27.0)])
        self.assertEqual(self.pool.balance, 35.0)

    def test_whole(self):
        """The highest tier reached, on the whole total: 3 % of 2,500."""
        self.pool.tier_method = "whole"
        self._sell(2500.0, "2026-01-10")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 2500.0, 75.0, 75.0)])

    def test_plan_by_month(self):
        """1 % of 500 and 3 % of 300; without a plan only what begins at zero."""
        self.pool.write(
            {
                "plan_method": "monthly",
                "target_ids": [
                    Command.create({"month": FEBRUARY, "amount": 500.0}),
                    Command.create({"month": MARCH, "amount": 100.0}),
                ],
            }
        )
        self._sell(300.0, "2026-01-10")
        self._sell(500.0, "2026-02-10")
        self._sign(JANUARY)
        self._sign(FEBRUARY)
        self.assertEqual(
            self._months(),
            [(JANUARY, 0.0, 300.0, 3.0, 3.0), (FEBRUARY, 500.0, 800.0, 14.0, 11.0)],
        )
        with self.assertRaisesRegex(UserError, "accrued already"):
            self.pool.target_ids[:1].amount = 1.0
        self.pool.target_ids[1:].amount = 700.0

    def test_corrections_go_into_the_next_month(self):
        """January's 800 bounce in February: 300 − 800 were collected too much."""
        payment = self._sell(800.0, "2026-01-10")
        self._sign(JANUARY)
        payment.action_reject()
        self._sell(300.0, "2026-02-10")
        self._sign(FEBRUARY)
        self.assertEqual(
            self._months(),
            [(JANUARY, 1000.0, 800.0, 8.0, 8.0), (FEBRUARY, 2000.0, 300.0, 3.0, -5.0)],
        )
        self.assertEqual(self.pool.balance, 3.0)

    def test_to_the_cent(self):
        """Three times 33.35 at 1 %: 0.33, 0.67, 1.00; a third of a cent is not lost."""
        for month in (JANUARY, FEBRUARY, MARCH):
            self._sell(33.35, month)
            self._sign(month)
        self.assertEqual([row[4] for row in self._months()], [0.33, 0.34, 0.33])
        self.assertEqual(self.pool.balance, 1.0)

    def test_what_counts(self):
        """The invoice's team when posted; splits count once, overrides not at all."""
        self.plan.split_ids = [
            Command.create({"role": "collector", "user_id": self.wang.id, "share": 30}),
            Command.create({"role": "lead", "user_id": self.boss.id, "share": 10}),
        ]
        other = self._new_team("Online", self.boss, self.env["res.users"])
        self._sell(1000.0, "2026-01-10")
        self._sell(700.0, "2026-01-11", team=other)
        invoice = self._new_invoice([400.0], date="2026-01-12", team_id=self.team.id)
        invoice.team_id = other
        self._pay(invoice, 400.0, date="2026-01-12")
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 1400.0, 22.0, 22.0)])

    def test_a_credit_note_takes_from_the_team_that_earned(self):
        other = self._new_team("Online", self.boss, self.env["res.users"])
        invoice = self._new_invoice([1000.0], date="2026-01-12", team_id=self.team.id)
        self._pay(invoice, 1000.0, date="2026-01-12")
        note = self._credit(invoice, [(self.brake, 200.0)], "2026-01-20", match=False)
        note.sudo().team_id = other
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=note.ids
        )
        wizard.create({"payment_date": "2026-01-25"})._create_payments()
        self._sign(JANUARY)
        self.assertEqual(self._months(), [(JANUARY, 1000.0, 800.0, 8.0, 8.0)])

    def test_before_and_after_the_pool(self):
        """What was corrected after the last month goes into one after it."""
        self.pool.write({"date_from": FEBRUARY, "date_to": "2026-02-28"})
        self._sell(500.0, "2026-01-31")
        payment = self._sell(800.0, "2026-02-10")
        self._sell(900.0, "2026-03-10")
        self._sign(FEBRUARY)
        self._sign(MARCH)
        self.assertEqual(self._months(), [(FEBRUARY, 12000.0, 800.0, 8.0, 8.0)])
        payment.action_draft()
        self._sign("2026-04-01")
        self.assertEqual(self._months()[1:], [("2026-04-01", 12000.0, 0.0, 0.0, -8.0)])

    def test_in_order_and_once(self):
        self._sell(800.0, "2026-01-10")
        with self.assertRaisesRegex(UserError, "January 2026 comes first"):
            self._sign(FEBRUARY)
        with self.assertRaisesRegex(UserError, "not over"):
            self._sign("2026-06-01")
        self._sign(JANUARY)
        self._sign(JANUARY)
        self.assertEqual(len(self.pool.month_ids), 1)
        self.assertFalse(self.pool._accrue_signed())
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Month.create(self.pool._prepare_month_vals(date(2026, 1, 1)))

    def test_the_contract_ledger_can_sign(self):
        """The hook: where it says that a month is signed, the pools accrue it."""
        self._sell(800.0, "2026-01-10")
        pools = type(self.env["parts.commission.pool"])
        signed = {(self.company, date(2026, 1, 1))}
        self.patch(
            pools,
            "_parts_commission_month_signed",
            lambda _self, company, month: (company, month) in signed,
        )
        made = self.env["parts.commission.pool"]._get_pools(self.company)
        self.assertEqual(made._accrue_signed().mapped("accrued"), [8.0])

    def test_terms_stay_once_a_month_is_accrued(self):
        self._sign(JANUARY)
        for vals in (
            {"plan_amount": 1.0},
            {"tier_method": "whole"},
            {"team_id": self._new_team("B", self.boss, self.li).id},
            {"tier_ids": [Command.create({"percent_from": 5.0, "rate": 90.0})]},
            {"tier_ids": [Command.update(self.pool.tier_ids[0].id, {"rate": 90.0})]},
            {"tier_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "accrued"):
                with self.env.cr.savepoint():
                    self.pool.write(vals)
        with self.assertRaises(UserError):
            self.pool.unlink()
        with self.assertRaisesRegex(ValidationError, "one pool at a time"):
            with self.env.cr.savepoint():
                self._new_pool(self.team, [(0.0, 1.0)])
        self.pool.date_to = "2026-05-31"
        self._new_pool(self.team, [(0.0, 1.0)], date_from="2026-06-01")
        with self.assertRaisesRegex(ValidationError, "first day of a month"):
            self.pool.date_to = "2026-05-30"


@freeze_time("2026-06-15")
class SignedPoolCommon(PoolCommon):
    """January: 1 % of 1,000 and 3 % of 3,000 are 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoice = cls._new_invoice([4000.0], date="2026-01-10", team_id=cls.team.id)
        cls._pay(invoice, 4000.0, date="2026-01-10")
        wizard = cls.env["parts.commission.sign"].with_user(cls.roles["finance"])
        wizard.create({"month": JANUARY}).action_sign()

    def _pool_entries(self):
        return self.Entry.search([("kind", "=", "pool")], order="id")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15")
class TestCommissionPoolSplit(SignedPoolCommon):
    """COM-7: the split is approved, and never decided by who is paid."""

    def test_split_approved_and_paid(self):
        """100.00 in three parts: cents add up; the statements take the entries."""
        third = 100.0 / 3.0
        people = [(self.li, third), (self.wang, third), (self.boss, third)]
        split = self._new_split(people)
        split.action_submit()
        self.assertFalse(self._pool_entries(), "not before it is approved")
        self._decide_pool(split)
        self.assertEqual(split.state, "approved")
        self.assertRecordValues(
            self._pool_entries(),
            [
                {"user_id": user.id, "amount": amount, "date": date(2026, 1, 31)}
                for user, amount in (
                    (self.li, 33.33),
                    (self.wang, 33.34),
                    (self.boss, 33.33),
                )
            ],
        )
        self.assertEqual(self.pool.balance, 0.0)
        mine = self._pool_entries()[0].with_user(self.li).sudo(False)
        self.assertIn("pool “Counter 2026” of Counter", mine.description)
        statement = self._draw(JANUARY).filtered(lambda x: x.user_id == self.wang)
        self.assertEqual(statement.amount_total, 33.34)
        self._approve(statement)
        self.assertEqual(statement.state, "approved")

    def test_by_amount_and_the_rest_stays(self):
        split = self._new_split([], method="amount")
        split.line_ids = [
            Command.create({"user_id": self.li.id, "fixed_amount": 60.0}),
            Command.create({"user_id": self.wang.id, "fixed_amount": 30.0}),
        ]
        split.action_submit()
        self.assertEqual(self.pool.balance, 10.0, "handed in, it is spoken for")
        more = self._new_split([(self.li, 100.0)], amount=10.01)
        with self.assertRaisesRegex(UserError, "holds"):
            more.action_submit()
        more.amount = 10.0
        more.action_submit()
        self._decide_pool(split)
        self._decide_pool(more)
        self.assertEqual(self._pool_entries().mapped("amount"), [60.0, 30.0, 10.0])

    def test_refused_or_withdrawn_it_is_a_draft_again(self):
        split = self._new_split([(self.li, 100.0)])
        split.action_submit()
        self._decide_pool(split, refuse=True)
        self.assertEqual((split.state, self.pool.balance), ("draft", 100.0))
        split.action_submit()
        pending = split.parts_approval_ids.filtered(lambda x: x.state == "pending")
        pending.with_user(self.boss).sudo(False).action_withdraw()
        self.assertEqual(split.state, "draft")
        self.assertFalse(self._pool_entries())

    def test_a_pool_that_fell_meanwhile_pays_nothing(self):
        split = self._new_split([(self.li, 100.0)])
        split.action_submit()
        self.env["account.payment"].search([("amount", "=", 4000.0)]).action_reject()
        self._sign(FEBRUARY)
        self.assertEqual(self.pool.balance, -100.0)
        with self.assertRaisesRegex(UserError, "holds"):
            self._decide_pool(split)
        self.assertFalse(self._pool_entries())

    def test_who_is_paid_does_not_decide(self):
        boss = self.roles["general_manager"]
        split = self._new_split([(boss, 50.0), (self.li, 50.0)])
        split.action_submit()
        with self.assertRaises(UserError):
            self._decide_pool(split)
        with self.assertRaises(UserError):
            self._decide_pool(split, "finance_deputy")

    def test_incomplete(self):
        for shares in ([], [(self.li, 90.0)], [(self.li, 100.0), (self.wang, 0.0)]):
            split = self._new_split(shares)
            with self.subTest(shares=shares), self.assertRaises(UserError):
                split.action_submit()

    def test_who_proposes(self):
        self._new_split([(self.li, 100.0)], self.roles["sales_office"]).action_submit()
        manager = self._new_user("com_mgr", f"{P}sales_manager")
        for user in (self.li, manager, self.roles["finance"], self.simple_accountman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._new_split([(self.li, 100.0)], user)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15")
class TestCommissionPoolRights(SignedPoolCommon):
    """Attacks over RPC: nobody writes months, nobody gives himself a part."""

    def _users(self):
        return [self.li, self.boss, *self.roles.values(), self.simple_accountman]

    def test_nobody_writes_months_and_signatures(self):
        vals = {
            "parts.commission.pool.month": {
                "pool_id": self.pool.id,
                "date_from": FEBRUARY,
                "date_to": "2026-02-28",
                "accrued": 1000.0,
            },
            "parts.commission.signature": {
                "company_id": self.company.id,
                "month": FEBRUARY,
            },
        }
        for name, values in vals.items():
            record = self.env[name].sudo().search([], limit=1)
            self.assertTrue(record)
            for user in self._users():
                model = self.env[name].with_user(user)
                with self.subTest(model=name, user=user.login):
                    with self.assertRaises(AccessError):
                        model.create(values)
                    with self.assertRaises(UserError):
                        model.browse(record.id).write(values)
                    with self.assertRaises(UserError):
                        model.browse(record.id).unlink()
            with self.assertRaises(UserError):
                record.write(values)
            with self.assertRaises(UserError):
                record.unlink()

    def test_nobody_decides_by_writing(self):
        split = self._new_split([(self.li, 100.0)])
        with self.assertRaises(AccessError):
            split.write({"state": "approved"})
        for vals in ({"state": "approved"}, {"date": JANUARY}):
            with self.assertRaises(AccessError):
                self._new_split([(self.li, 100.0)], **vals)
        by_context = self.Split.with_user(self.boss).with_context(
            default_state="approved"
        )
        with self.assertRaises(UserError):
            by_context.create({"pool_id": self.pool.id})
        split.action_submit()
        line = split.line_ids
        for act in (
            lambda: split.write({"amount": 1.0}),
            lambda: split.write({"line_ids": [Command.clear()]}),
            lambda: line.write({"user_id": self.boss.id}),
            lambda: line.create({"split_id": split.id, "user_id": self.boss.id}),
            lambda: line.unlink(),
            lambda: split.unlink(),
            lambda: split.action_submit(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act()

    def test_others_splits(self):
        other = self._new_team("Online", self.wang, self.env["res.users"])
        pool = self._new_pool(other, [(0.0, 1.0)])
        split = self._new_split([(self.li, 100.0)])
        for user in (self.li, self.wang):
            theirs = split.with_user(user)
            for act in (
                lambda theirs=theirs: theirs.write({"note": "x"}),
                lambda theirs=theirs: theirs.line_ids.write({"share": 1.0}),
                lambda theirs=theirs: theirs.unlink(),
                lambda theirs=theirs: theirs.action_submit(),
                lambda theirs=theirs: theirs.read(["amount"]),
            ):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            split.write({"pool_id": pool.id})

    def test_salespeople_see_their_own_part_only(self):
        split = self._new_split([(self.li, 60.0), (self.wang, 40.0)])
        line = self.env["parts.commission.pool.split.line"]
        self.assertFalse(line.with_user(self.li).search([]), "not before it is decided")
        split.action_submit()
        self._decide_pool(split)
        self.assertEqual(line.with_user(self.li).search([]).user_id, self.li)
        self.assertEqual(len(line.with_user(self.boss).search([])), 2)
        for name in ("pool", "pool.split", "pool.month", "pool.tier"):
            model = self.env[f"parts.commission.{name}"]
            self.assertFalse(model.with_user(self.li).search([]), name)
            self.assertTrue(model.with_user(self.boss).search([]), name)
        entries = self.env["parts.commission.entry"].with_user(self.li)
        self.assertEqual(entries.search([("kind", "=", "pool")]).amount, 60.0)

    def test_who_keeps_pools_and_signs(self):
        for user in (self.li, self.boss, self.roles["sales_office"]):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.pool.with_user(user).sudo(False).write({"name": "x"})
        deputy = self.roles["finance_deputy"]
        mine = self._new_team("Mine", self.boss, deputy)
        with self.assertRaisesRegex(AccessError, "yourself"):
            with self.env.cr.savepoint():
                self._new_pool(mine, [(0.0, 1.0)])
        theirs = self._new_pool(
            self._new_team("Theirs", self.boss, self.li), [(0.0, 1.0)]
        )
        with self.assertRaisesRegex(AccessError, "yourself"):
            theirs.with_user(deputy).sudo(False).team_id = mine
        for role in ("li", "boss"):
            self.roles[role] = getattr(self, role)
            with self.assertRaises(AccessError):
                self._sign(FEBRUARY, role)
        self.team.sudo().user_id = self.roles["finance"]
        with self.assertRaisesRegex(AccessError, "somebody else"):
            self._sign(FEBRUARY)

    def test_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        user = self.roles["general_manager"].sudo()
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["parts.commission.pool"].with_user(user).search([]))
        wizard = self.env["parts.commission.sign"].with_user(user)
        with self.assertRaises(AccessError):
            wizard.create(
                {"month": FEBRUARY, "company_id": self.company.id}
            ).action_sign()

    def test_in_the_export_before_uninstallation(self):
        export = self.env["parts.approval.export"]
        names = export._export_models()
        for name in ("pool", "pool.month", "pool.split", "pool.split.line"):
            self.assertIn(f"parts.commission.{name}", names)
        self.assertTrue(export.sudo()._build_workbook())
