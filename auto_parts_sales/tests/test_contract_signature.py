import base64
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .contract_paper_common import ContractPaperCommon, pdf, picture


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
                authority.with_user(user).action_check()
        authority.with_user(self.legal).action_check()
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


@tagged("post_install", "-at_install")
class TestContractSignature(ContractPaperCommon):
    # CON-4: in force only when both sides are in

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_authority()
        cls._new_authority("ours")
        cls.contract = cls._new_contract()
        cls.version = cls._approve(cls.contract)

    def _missing(self):
        return self.env["parts.contract.signature"].sudo()._missing(self.version)

    def test_both_sides(self):
        self.assertEqual(len(self._missing()), 2)
        self._sign_ours(self.version)
        self.assertEqual(len(self._missing()), 1)
        self.assertIn("customer has not signed", self._missing()[0])
        signature = self._sign_portal(self.version)
        self.assertFalse(self._missing())
        self.assertRecordValues(
            signature,
            [{"side": "theirs", "way": "portal", "state": "valid", "name": "Li Lei"}],
        )
        self.assertEqual(len(signature.digest), 64)

    def test_who_finds_the_button(self):
        for user, expected in (
            (self.general_manager, True),
            (self.seller, False),
            (self.legal, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.contract.with_user(user).may_sign_here, expected)
        self._sign_ours(self.version)
        self.contract.invalidate_recordset()
        self.assertFalse(self.contract.with_user(self.general_manager).may_sign_here)

    def test_before_the_review_is_over(self):
        contract = self._new_contract()
        version = contract.sudo().current_version_id
        for state in ("draft", "review", "effective", "replaced"):
            version.state = state
            with self.subTest(state=state):
                with self.assertRaisesRegex(UserError, "not to be signed"):
                    self._sign_ours(version)
                with self.assertRaisesRegex(UserError, "not to be signed"):
                    self._sign_portal(version)

    def test_twice(self):
        self._sign_portal(self.version)
        with self.assertRaisesRegex(UserError, "signed for this side already"):
            self._sign_portal(self.version)
        with self.assertRaisesRegex(UserError, "signed for this side already"):
            self._scan(self.version)
        self._sign_ours(self.version)
        # both are in: it is in force, and nobody signs it any more
        self.assertEqual(self.version.state, "effective")
        with self.assertRaisesRegex(UserError, "never again when it is in force"):
            self._sign_ours(self.version)
        self.assertEqual(len(self.version.signature_ids), 2)

    def test_who_has_no_authority(self):
        for user in (self.seller, self.manager, self.office, self.legal):
            with self.subTest(user=user.login):
                with self.assertRaisesRegex(UserError, "no authority on file"):
                    self._sign_ours(self.version, user)
        with self.assertRaisesRegex(UserError, "no authority on file"):
            self._sign_portal(self.version, "Han Meimei")

    def test_nobody_of_ours_signs_for_the_customer(self):
        signatures = self.env["parts.contract.signature"]
        for user in (self.seller, self.general_manager):
            with self.subTest(user=user.login):
                with self.assertRaisesRegex(UserError, "customer signs on his portal"):
                    signatures.with_user(user)._sign(
                        self.version, "theirs", way="portal", name="Li Lei"
                    )
        with self.assertRaises(ValidationError):
            signatures._sign(self.version, "everybody")

    def test_what_the_caller_sends_along_is_not_believed(self):
        signatures = self.env["parts.contract.signature"]
        signature = signatures.with_user(self.general_manager)._sign(
            self.version, "ours", name="Somebody", user_id=1, state="valid", digest="x"
        )
        self.assertEqual(signature.name, self.general_manager.name)
        self.assertEqual(signature.user_id, self.general_manager)
        self.assertNotEqual(signature.digest, "x")

    def test_name_and_drawing_are_needed(self):
        sign = self.env["parts.contract.signature"].sudo()._sign_on_portal
        for name, image, words in (
            ("", picture(), "Write your name"),
            ("  ", picture(), "Write your name"),
            ("Li Lei", "", "Draw your signature"),
            ("Li Lei", None, "Draw your signature"),
            ("Li Lei", base64.b64encode(b"<svg onload=1>").decode(), "Draw"),
            ("Li Lei", base64.b64encode(b"MZ" * 500).decode(), "Draw"),
            ("Li Lei", pdf(), "Draw"),
            ("Li Lei", "A" * 5_000_000, "larger than 1 MB"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                sign(self.version, name, image)
        self.assertFalse(self.version.signature_ids)

    def test_paper_is_checked_off_by_a_second_person(self):
        self._sign_ours(self.version)
        signature = self._scan(self.version, self.office)
        self.assertEqual(signature.state, "waiting")
        self.assertEqual(len(signature.scan_hash), 64)
        self.assertIn("waits to be checked off", self._missing()[0])
        for user in (self.office, self.seller, self.manager, self.committee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                signature.with_user(user).action_check_off()
        signature.with_user(self.archive).action_check_off()
        self.assertEqual(signature.checked_by_id, self.archive)
        self.assertFalse(self._missing())
        with self.assertRaisesRegex(UserError, "waits for no check"):
            signature.with_user(self.legal).action_check_off()

    def test_paper_that_is_refused_is_uploaded_again(self):
        first = self._scan(self.version)
        with self.assertRaisesRegex(UserError, "signed for this side already"):
            self._scan(self.version)
        first.with_user(self.archive).action_refuse("The seal is missing")
        self.assertEqual(first.state, "refused")
        self.assertIn("has not signed", " ".join(self._missing()))
        second = self._scan(self.version)
        second.with_user(self.archive).action_check_off()
        self.assertEqual(second.state, "valid")

    def test_our_signatory_does_not_check_his_paper(self):
        ours = self.env["parts.contract.authority"].search([("side", "=", "ours")])
        signature = self._scan(self.version, side="ours", our_authority_id=ours.id)
        self.assertEqual(signature.user_id, self.general_manager)
        with self.assertRaisesRegex(AccessError, "second person"):
            signature.with_user(self.general_manager).action_check_off()
        signature.with_user(self.archive).action_check_off()

    def test_both_sides_on_one_paper(self):
        authorities = self.env["parts.contract.authority"]
        ours = authorities.search([("side", "=", "ours")])
        self._scan(self.version, side="both", our_authority_id=ours.id)
        self.assertEqual(self.version.signature_ids.mapped("side"), ["ours", "theirs"])
        self.version.signature_ids.with_user(self.archive).action_check_off()
        self.assertFalse(self._missing())

    def test_files_that_are_no_scans(self):
        huge = base64.b64encode(b"%PDF-1.4\n" + b"0" * (20 * 1024 * 1024 + 1))
        encoded = base64.b64encode
        for name, content, words in (
            ("setup.exe", encoded(b"MZ\x90\x00" * 200), "no scanned paper"),
            ("contract.pdf", encoded(b"MZ\x90\x00" * 200), "no scanned paper"),
            ("page.html", encoded(b"<script>alert(1)</script>"), "no scanned paper"),
            ("picture.svg", encoded(b"<svg/>"), "no scanned paper"),
            ("script.sh", encoded(b"#!/bin/sh\nrm -rf /"), "no scanned paper"),
            ("broken.pdf", encoded(b"%PDF-1.4 but not really"), "cannot be read"),
            ("active.pdf", pdf(b"\n1 0 obj << /JavaScript (x) >>"), "holds programs"),
            ("large.pdf", huge, "larger than 20 MB"),
            # neither decoded nor written down first
            ("scan.pdf", "A" * 60_000_000, "larger than 20 MB"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, words):
                self._scan(self.version, scan=content, scan_name=name)
        with self.assertRaisesRegex(UserError, "Choose the scanned paper"):
            self._scan(self.version, scan=False)
        self.assertFalse(self.version.signature_ids)

    def test_pictures_are_scans(self):
        for kind in ("PNG", "JPEG"):
            with self.subTest(kind=kind):
                signature = self._scan(self.version, scan=picture(kind=kind))
                signature.with_user(self.archive).action_refuse()

    def test_dates_of_paper(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "a day to come"):
            self._scan(self.version, date=tomorrow)
        # signed while the letter was in force, uploaded after it lapsed
        theirs = self.env["parts.contract.authority"].search([("side", "=", "theirs")])
        theirs.sudo().date_end = "2022-12-31"
        with self.assertRaisesRegex(UserError, "lapsed on"):
            self._scan(self.version)
        self._scan(self.version, date="2022-12-01").with_user(
            self.archive
        ).action_check_off()
        self._sign_ours(self.version)
        self.assertFalse(self._missing())

    def test_an_authority_withdrawn_before_it_is_in_force(self):
        signature = self._sign_portal(self.version)
        signature.authority_id.active = False
        self._sign_ours(self.version)
        self.assertIn("withdrawn", self._missing()[0])
        self.assertEqual(self.version.state, "approved")

    def test_what_was_signed_is_this_text(self):
        self._sign_ours(self.version)
        digest = self.version._paper_digest()
        for change in (
            lambda: self.version.line_ids.write({"price_unit": 90.0}),
            lambda: self.version.line_ids.write({"quantity": 11}),
            lambda: self.version.clause_ids[1].write({"body_en": "<p>x</p>"}),
            lambda: self.version.write({"date_end": "2099-01-01"}),
            lambda: self.version.write(
                {"instalment_ids": [Command.create({"percent": 100.0})]}
            ),
            lambda: self.customer.write({"name": "Somebody else"}),
        ):
            change()
            now = self.version._paper_digest()
            self.assertNotEqual(now, digest)
            digest = now
        self.assertEqual(len(self._missing()), 2)
        self.assertIn("not this text", self._missing()[0])
        # what the customer signs now does not bring it into force
        self._sign_portal(self.version)
        self.assertEqual(self.version.state, "approved")
        # and ours can be signed again
        self._sign_ours(self.version)
        self.assertEqual(self.version.state, "effective")

    def test_no_role_writes_signatures(self):
        signatures = self.env["parts.contract.signature"]
        administrator = self._new_user(
            "admin", "auto_parts_sales.group_parts_administrator"
        )
        values = {
            "version_id": self.version.id,
            "side": "theirs",
            "way": "portal",
            "state": "valid",
            "name": "Li Lei",
            "date": "2026-01-01",
            "recorded_by_id": self.seller.id,
            "digest": self.version._paper_digest(),
        }
        signature = self._scan(self.version)
        for user in (self.seller, self.manager, self.archive, administrator):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    signatures.with_user(user).create(values)
                with self.assertRaises(AccessError):
                    signature.with_user(user).write({"state": "valid"})
                with self.assertRaises(AccessError):
                    signature.with_user(user).unlink()
        for command in (Command.create(values), Command.clear()):
            for owner in (self.contract, self.contract.current_version_id):
                with (
                    self.subTest(owner=owner),
                    self.assertRaises(UserError),
                ):
                    owner.with_user(self.seller).write({"signature_ids": [command]})
        self.assertTrue(signature.exists())

    def test_files_of_signatures_are_not_replaced(self):
        signature = self._scan(self.version)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "parts.contract.signature"),
                ("res_id", "=", signature.id),
                ("res_field", "=", "scan"),
            ]
        )
        self.assertTrue(files)
        system = self._new_user("system", "base.group_system")
        for user in (self.seller, self.archive, system):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    files.with_user(user).write({"raw": b"other"})
                with self.assertRaises(UserError):
                    files.with_user(user).unlink()
                with self.assertRaises(UserError):
                    files.with_user(user).create(
                        {
                            "name": "forged",
                            "res_model": "parts.contract.signature",
                            "res_id": signature.id,
                            "res_field": "image",
                            "raw": b"forged",
                        }
                    )

    def test_read_with_the_contract(self):
        signature = self._scan(self.version)
        other = self._new_user("other", "sales_team.group_sale_salesman")
        for user, count in ((self.seller, 1), (self.archive, 1), (other, 0)):
            signatures = self.env["parts.contract.signature"].with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(
                    signatures.search_count([("id", "=", signature.id)]), count
                )
        with self.assertRaises(AccessError):
            signature.with_user(other).read(["name"])


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


@tagged("post_install", "-at_install")
class TestContractFiling(ContractPaperCommon):
    # CON-4: the effective PDF is filed with a hash and never changes

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._new_contract()
        cls.version = cls._approve(cls.contract)

    def test_filed_once(self):
        self.version._snapshot_paper()
        filing = self.version.filing_ids
        self.assertTrue(filing.intact)
        self.assertEqual(len(filing.sha256), 64)
        content = filing._content()
        self.assertIn(b"Xinda Repair", content)
        self.customer.name = "Somebody else"
        self.version._snapshot_paper()
        self.assertEqual(self.version.filing_ids, filing)
        self.assertEqual(filing._content(), content)

    def test_what_it_shows(self):
        # 10 × 100.00 less 5 % = 950.00, delivered until a date, in two instalments
        version = self._new_contract(
            date_end="2099-12-31",
            instalment_ids=[
                Command.create({"name": "Deposit", "percent": 30, "event": "signing"}),
                Command.create({"percent": 70, "event": "delivery", "days": 30}),
            ],
        ).current_version_id
        version.line_ids.write({"discount": 5.0, "date_delivery": "2099-06-30"})
        version = version.sudo()
        version.state = "approved"
        for languages, words in (
            ("zh", ["汽车配件买卖合同", "玖佰伍拾元整", "送货上门"]),
            ("en", ["Contract for the Sale of Parts", "Nine Hundred Fifty"]),
            ("both", ["玖佰伍拾元整", "Nine Hundred Fifty", "Brought to the buyer"]),
        ):
            version.paper_language = languages
            report = self.env["ir.actions.report"]
            content, _kind = report._render_qweb_html(
                "auto_parts_sales.parts_contract_version_report", version.ids
            )
            text = content.decode()
            with self.subTest(languages=languages):
                for word in [*words, "950.00", "5 %", "2099-06-30", "Xinda Repair"]:
                    self.assertIn(word, text)

    def test_every_post_opens_the_form(self):
        # legal and the keepers read no orders, taxes' accounts or price lists
        accountant = self._new_user("accountant", "account.group_account_invoice")
        supply = self._new_user("supply", "auto_parts_sales.group_parts_supply_chain")
        self._new_order(1).parts_contract_id = self.contract
        for user in (
            self.seller,
            self.office,
            self.legal_post,
            self.legal,
            self.seal_keeper,
            self.archive,
            self.general_manager,
            accountant,
            supply,
        ):
            with self.subTest(user=user.login):
                form = Form(self.contract.with_user(user))
                self.assertEqual(form.partner_id, self.customer)

    def test_in_a_currency_that_has_no_rate(self):
        # counts one to one, as everywhere in Odoo
        currency = self.env["res.currency"].create(
            {"name": "XPA", "symbol": "X", "active": True}
        )
        contract = self._new_contract(currency_id=currency.id)
        self.assertEqual(Form(contract).currency_id, currency)
        self.assertEqual(contract.sudo().current_version_id._company_amount(), 1000.0)

    def test_the_review_sheet(self):
        contract = self._new_contract()
        clause = contract.clause_ids[:1]
        clause.body_en = "<p>Something else.</p>"
        clause.with_user(self.legal).action_judge("wording", "Same meaning")
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "auto_parts_sales.parts_contract_review_report", contract.ids
        )
        for word in (contract.name, "Same meaning", self.legal.name):
            self.assertIn(word, content.decode())

    def test_download(self):
        with self.assertRaisesRegex(UserError, "when it comes into force"):
            self.contract.action_parts_download_filed()
        self.version._snapshot_paper()
        self.contract.invalidate_recordset()
        action = self.contract.action_parts_download_filed()
        self.assertIn("/web/content/parts.contract.filing/", action["url"])

    def test_nobody_changes_it(self):
        self.version._snapshot_paper()
        filing = self.version.filing_ids
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "parts.contract.filing"),
                ("res_id", "=", filing.id),
                ("res_field", "=", "pdf"),
            ]
        )
        self.assertTrue(files)
        system = self._new_user(
            "system", "base.group_system", "auto_parts_sales.group_parts_administrator"
        )
        for user in (self.seller, self.archive, self.general_manager, system):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    filing.with_user(user).write({"pdf": pdf()})
                with self.assertRaises(AccessError):
                    filing.with_user(user).unlink()
                with self.assertRaises(UserError):
                    files.with_user(user).write({"raw": b"other"})
                with self.assertRaises(UserError):
                    files.with_user(user).write({"res_field": False})
                with self.assertRaises(UserError):
                    files.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    filing.with_user(user).create(
                        {
                            "version_id": self.version.id,
                            "name": "x",
                            "pdf": pdf(),
                            "sha256": "x",
                        }
                    )

    def test_what_was_changed_beneath_is_seen(self):
        self.version._snapshot_paper()
        filing = self.version.filing_ids
        filing.pdf = pdf()
        filing.invalidate_recordset()
        self.assertFalse(filing.intact)
        self.contract.invalidate_recordset()
        with self.assertRaisesRegex(AccessError, "fingerprint"):
            self.contract.action_parts_download_filed()
