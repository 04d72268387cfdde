import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_paper_common import ContractPaperCommon, pdf, picture


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

    def test_whether_anybody_could_sign_is_said_before_the_link_goes(self):
        # CON-11: and the link is offered until he has signed
        self.assertTrue(self.contract.waits_for_customer)
        theirs = self.env["parts.contract.authority"].search(
            [("side", "=", "theirs"), ("partner_id", "=", self.customer.id)]
        )
        theirs.active = False
        self.assertIn("was withdrawn", " ".join(self._missing()))
        theirs.active = True
        self.assertEqual(len(self._missing()), 2)
        self._sign_portal(self.version)
        self.assertFalse(self.contract.waits_for_customer)

    def test_what_is_wrong_with_a_paper_is_said_in_the_dialog(self):
        signature = self._scan(self.version, self.office)
        # who uploaded it, and who may not check, find no button
        for user, may in (
            (self.archive, True),
            (self.legal, True),
            (self.office, False),
            (self.seller, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(signature.with_user(user).may_check, may)
        action = signature.with_user(self.archive).action_ask_refusal()
        dialog = self.env[action["res_model"]].with_user(self.archive)
        dialog = dialog.with_context(**action["context"])
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.create({"reason": " "}).action_carry_out()
        dialog.create({"reason": "The seal is missing"}).action_carry_out()
        self.assertEqual(
            (signature.state, signature.reason), ("refused", "The seal is missing")
        )
        self.assertFalse(signature.with_user(self.archive).may_check)
        # the dialog gives nobody a right that the answer asks for
        again = self._scan(self.version, self.office)
        action = again.with_user(self.office).action_ask_refusal()
        dialog = self.env[action["res_model"]].with_user(self.office)
        dialog = dialog.with_context(**action["context"])
        with self.assertRaisesRegex(AccessError, "second person"):
            dialog.create({"reason": "Mine"}).action_carry_out()

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

    def test_the_dialog_names_who_alone_may_sign(self):
        # CON-4: and asks for no more papers once both sides are in
        contract = self.version.contract_id
        self.assertTrue(contract.waits_for_paper)
        [ours] = self.env["parts.contract.authority"].search([("side", "=", "ours")])
        self._scan(self.version, side="both")
        self.assertEqual(
            self.version.signature_ids.filtered(lambda one: one.side == "ours").name,
            ours.user_id.name,
        )
        contract.invalidate_recordset()
        self.assertFalse(contract.waits_for_paper)
        self.version.signature_ids[:1].with_user(self.archive).action_refuse("Blurred")
        contract.invalidate_recordset()
        self.assertTrue(contract.waits_for_paper)

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
