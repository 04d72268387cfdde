import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractAuthority(ContractPaperCommon):
    # CON-11: signing authority of both sides on file; a lapsed one blocks

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls._approve(cls._new_contract())
        cls.today = fields.Date.today()

    def _lapsed(self, side="theirs", **options):
        return self.env["parts.contract.authority"]._lapsed(
            self.version, side, **options
        )

    def test_nobody_on_file(self):
        self.assertIn("Nobody has authority", self._lapsed()[0])
        self.assertIn("Nobody has authority", self._lapsed("ours")[0])
        self.assertIn("boss", self._lapsed("ours", user=self.general_manager)[0])

    def test_on_file(self):
        self._new_authority()
        self._new_authority("ours")
        self.assertFalse(self._lapsed())
        self.assertFalse(self._lapsed("ours", user=self.general_manager))
        self.assertTrue(self._lapsed("ours", user=self.manager))
        self.assertFalse(self._lapsed(name="li  lei"))
        self.assertTrue(self._lapsed(name="Han Meimei"))

    def test_checked_by_a_second_person(self):
        authority = self._new_authority(checked=False)
        self.assertIn("not been checked", self._lapsed()[0])
        for user in (self.archive, self.seller, self.manager, self.office):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.assertFalse(authority.with_user(user).may_check)
                authority.with_user(user).action_check()
        self.assertTrue(authority.with_user(self.legal).may_check)
        authority.with_user(self.legal).action_check()
        self.assertFalse(authority.with_user(self.legal).may_check)
        self.assertFalse(self._lapsed())
        # what was checked and is changed is checked again
        authority.with_user(self.archive).date_end = "2099-01-01"
        self.assertEqual(authority.state, "draft")
        self.assertTrue(self._lapsed())

    def test_nobody_checks_his_own(self):
        authority = self._new_authority("ours", checked=False)
        with self.assertRaises(AccessError):
            authority.with_user(self.general_manager).action_check()

    def test_a_customer_s_paper_is_needed(self):
        authority = self._new_authority(checked=False, document=False)
        with self.assertRaisesRegex(UserError, "paper on file"):
            authority.with_user(self.legal).action_check()

    def test_lapsed(self):
        authority = self._new_authority()
        authority.sudo().date_end = self.today
        self.assertFalse(self._lapsed())
        authority.sudo().date_end = self.today - timedelta(days=1)
        self.assertIn("lapsed on", self._lapsed()[0])
        authority.sudo().write({"date_end": "2099-01-01", "active": False})
        self.assertIn("withdrawn", self._lapsed()[0])
        authority.sudo().write(
            {"active": True, "date_start": self.today + timedelta(days=1)}
        )
        self.assertIn("begins on", self._lapsed()[0])

    def test_amount_and_kind(self):
        authority = self._new_authority("ours", amount_max=1000.0)
        self.assertFalse(self._lapsed("ours"))
        authority.sudo().amount_max = 999.99
        self.assertIn("ends at $ 999.99", self._lapsed("ours")[0].replace("\xa0", " "))
        # what was written into the stored total is not believed
        self.version.sudo().amount_total = 1.0
        self.assertTrue(self._lapsed("ours"))
        authority.sudo().write({"amount_max": 0, "kind": "framework"})
        self.assertIn("other kind", self._lapsed("ours")[0])

    def test_of_the_group_not_of_another_customer(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._new_authority(partner_id=other.id)
        self.assertTrue(self._lapsed())
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id}
        )
        self._new_authority(partner_id=branch.id)
        self.assertFalse(self._lapsed())

    def test_the_light_form(self):
        self.company.parts_contract_authority = "light"
        self.assertFalse(self._lapsed())
        self._new_authority().sudo().date_end = "2021-01-01"
        self.assertIn("lapsed on", self._lapsed()[0])

    def test_who_sees_the_paper_itself(self):
        authority = self._new_authority()
        with self.assertRaises(AccessError):
            authority.with_user(self.seller).read(["document"])
        self.assertTrue(authority.with_user(self.seller).read(["name"]))
        self.assertTrue(authority.with_user(self.legal).read(["document"]))

    def test_bad_input(self):
        for values in (
            {"date_end": False},
            {"partner_id": False},
            {"date_end": "2019-12-31"},
            {"side": "ours", "user_id": False, "name": "Somebody"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._new_authority(checked=False, **values)

    def test_attacks(self):
        authority = self._new_authority(checked=False, state="checked")
        self.assertEqual(authority.state, "draft")
        for values in ({"state": "checked"}, {"checked_by_id": self.legal.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                authority.with_user(self.archive).write(values)
        for user in (self.seller, self.manager, self.seal_keeper):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                authority.with_user(user).write({"name": "Me"})
        with self.assertRaises(UserError):
            self._new_authority(document=base64.b64encode(b"MZ\x90" * 99))
        authority.with_user(self.legal).action_check()
        with self.assertRaises(UserError):
            authority.with_user(self.archive).unlink()
