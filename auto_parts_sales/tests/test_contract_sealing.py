from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractSealing(ContractPaperCommon):
    # CON-12: seal, keeper (not the signatory), version, copies; where the paper lies

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_authority()
        cls._new_authority("ours")
        cls.seal = cls.env["parts.contract.seal"].create(
            {"name": "Contract seal", "keeper_ids": [Command.set(cls.seal_keeper.ids)]}
        )
        cls.contract = cls._new_contract()
        cls.version = cls._approve(cls.contract)

    def _seal(self, user=None, **values):
        return (
            self.env["parts.contract.sealing"]
            .with_user(user or self.seal_keeper)
            .create(
                {
                    "version_id": self.version.id,
                    "seal_id": self.seal.id,
                    "copies": 2,
                    **values,
                }
            )
        )

    def _missing(self):
        return self.env["parts.contract.signature"].sudo()._missing(self.version)

    def test_needed_where_there_is_a_seal(self):
        self._sign_ours(self.version)
        self._sign_portal(self.version)
        self.assertEqual(self._missing(), ["Our seal is not under it yet."])
        sealing = self._seal(keeper_id=self.seller.id, date="2020-01-01 00:00:00")
        # keeper and moment are those who do it, and now
        self.assertEqual(sealing.keeper_id, self.seal_keeper)
        self.assertEqual(sealing.date.date(), fields.Datetime.now().date())
        self.assertFalse(self._missing())

    def test_not_where_there_is_none(self):
        self.seal.active = False
        self._sign_ours(self.version)
        self._sign_portal(self.version)
        self.assertFalse(self._missing())

    def test_only_its_keeper(self):
        other = self._new_user("keeper2", "auto_parts_sales.group_parts_seal_keeper")
        for user in (other, self.seller, self.archive, self.general_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._seal(user)

    def test_the_keeper_is_not_the_signatory(self):
        self._new_authority("ours", user_id=self.seal_keeper.id)
        self._sign_ours(self.version, self.seal_keeper)
        with self.assertRaisesRegex(AccessError, "signed for our side"):
            self._seal()

    def test_who_sealed_does_not_sign(self):
        self._new_authority("ours", user_id=self.seal_keeper.id)
        self._seal()
        with self.assertRaisesRegex(UserError, "does not sign"):
            self._sign_ours(self.version, self.seal_keeper)
        self._sign_ours(self.version)

    def test_not_before_the_review_is_over(self):
        for state in ("draft", "review"):
            self.version.state = state
            with self.subTest(state=state), self.assertRaisesRegex(UserError, "review"):
                self._seal()

    def test_a_seal_of_another_company(self):
        self.seal.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self._seal()

    def test_no_copies(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            with mute_logger("odoo.sql_db"):
                self._seal(copies=0)

    def test_never_changed(self):
        sealing = self._seal()
        for user in (self.seal_keeper, self.general_manager, self.seller):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    sealing.with_user(user).write({"copies": 9})
                with self.assertRaises(AccessError):
                    sealing.with_user(user).unlink()

    def test_another_text_needs_another_seal(self):
        self._seal()
        self.version.line_ids.price_unit = 90.0
        self._sign_ours(self.version)
        self._sign_portal(self.version)
        self.assertEqual(self._missing(), ["What was sealed is not this text."])

    # === where the paper lies === #

    def _move(self, kind, copies=1, user=None, **values):
        return (
            self.env["parts.contract.custody"]
            .with_user(user or self.archive)
            .create(
                {
                    "version_id": self.version.id,
                    "kind": kind,
                    "copies": copies,
                    **values,
                }
            )
        )

    def test_where_it_is(self):
        self.assertFalse(self.contract.whereabouts)
        self._move("filed", 3, place="Cabinet 4")
        self._move("handed", 1, receiver="Li Lei, by courier")
        self._move("lent", 1, user_id=self.manager.id, date_back="2099-01-01")
        self.contract.invalidate_recordset()
        today = fields.Date.to_string(fields.Date.today())
        self.assertEqual(
            self.contract.whereabouts,
            f"1 in Cabinet 4 · 1 with {self.manager.name} since {today} · 1 with the"
            " customer",
        )
        self._move("returned", 1, place="Cabinet 5")
        self.contract.invalidate_recordset()
        self.assertEqual(
            self.contract.whereabouts, "2 in Cabinet 5 · 1 with the customer"
        )

    def test_what_cannot_have_happened(self):
        with self.assertRaises(UserError):
            self._move("lent", user_id=self.manager.id)
        self._move("filed", 1, place="Cabinet 4")
        with self.assertRaises(UserError) as not_here:
            self._move("lent", 2, user_id=self.manager.id)
        self.assertIn("not here", str(not_here.exception))
        with self.assertRaises(UserError) as too_many:
            self._move("returned", 1)
        self.assertIn("come back", str(too_many.exception))
        for kind in ("filed", "lent", "handed"):
            with self.subTest(kind=kind), self.assertRaises(ValidationError):
                self._move(kind)
        with self.assertRaises(ValidationError):
            self._move("filed", place="x", date="2099-01-01")

    def test_only_the_contract_keeper(self):
        for user in (self.seller, self.manager, self.legal, self.seal_keeper):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._move("filed", user=user, place="My drawer")
        row = self._move("filed", place="Cabinet 4")
        for action in (lambda: row.write({"place": "x"}), row.unlink):
            with self.assertRaises(AccessError):
                action()
