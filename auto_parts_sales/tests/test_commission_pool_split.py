from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commission_pool_common import FEBRUARY, JANUARY, PoolCommon
from .test_commission_settlement import P


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

    def test_decided_in_another_language(self):
        """60.50 reads 60,50 in French: that is no change of what was asked."""
        self.env["res.lang"].sudo()._activate_lang("fr_FR")
        split = self._new_split([], method="amount")
        split.line_ids = [Command.create({"user_id": self.li.id, "fixed_amount": 60.5})]
        split.with_context(lang="fr_FR").action_submit()
        self._decide_pool(split.with_context(lang="en_US"))
        self.assertEqual(split.state, "approved")
        self.assertEqual(self._pool_entries().mapped("amount"), [60.5])

    def test_refused_or_withdrawn_it_is_a_draft_again(self):
        split = self._new_split([(self.li, 100.0)])
        split.action_submit()
        self._decide_pool(split, refuse=True)
        self.assertEqual((split.state, self.pool.balance), ("draft", 100.0))
        self.assertTrue(split.refusal)
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
