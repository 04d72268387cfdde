import uuid

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .contract_paper_common import ContractPaperCommon, picture


@tagged("post_install", "-at_install")
class TestContractPortal(HttpCase, ContractPaperCommon):
    # The customer sees his own only, with a link that cannot be guessed, and signs

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_authority()
        cls.contract = cls._new_contract()
        cls.version = cls._approve(cls.contract)
        cls.token = cls.contract.sudo()._portal_ensure_token()
        cls.page = f"/my/contracts/{cls.contract.id}"
        cls.buyer = cls._new_portal_user("buyer", cls.customer)
        cls.stranger = cls._new_portal_user(
            "stranger", cls.env["res.partner"].create({"name": "Other"})
        )

    @classmethod
    def _new_portal_user(cls, login, company):
        user = new_test_user(
            cls.env, login=f"portal_{login}", groups="base.group_portal"
        )
        user.partner_id.parent_id = company
        return user

    def _sign(self, name="Li Lei", token=None, image=None, contract=None):
        contract = contract or self.contract
        query = f"?access_token={token}" if token else ""
        return self.make_jsonrpc_request(
            f"/my/contracts/{contract.id}/sign{query}",
            {"name": name, "signature": image or picture()},
        )

    def _shows(self, url):
        response = self.url_open(url)
        return response.status_code == 200 and self.contract.name in response.text

    # === who sees it === #

    def test_by_the_link(self):
        self.assertTrue(self._shows(f"{self.page}?access_token={self.token}"))

    def test_guessing(self):
        for guess in (
            "",
            "?access_token=",
            "?access_token=False",
            "?access_token=None",
            f"?access_token={uuid.uuid4()}",
            f"?access_token={self.token[:-1]}",
            f"?access_token={self.token}x",
            f"?access_token[]={self.token}",
        ):
            with self.subTest(guess=guess):
                self.assertFalse(self._shows(self.page + guess))

    def test_a_contract_that_has_no_link_yet(self):
        other = self._new_contract()
        self._approve(other)
        for guess in ("", "False", "None", self.token):
            response = self.url_open(f"/my/contracts/{other.id}?access_token={guess}")
            self.assertNotIn(other.name, response.text)

    def test_logged_in(self):
        self.authenticate("portal_buyer", "portal_buyer")
        self.assertTrue(self._shows(self.page))
        self.assertIn(self.contract.name, self.url_open("/my/contracts").text)
        self.authenticate("portal_stranger", "portal_stranger")
        self.assertFalse(self._shows(self.page))
        self.assertNotIn(self.contract.name, self.url_open("/my/contracts").text)
        self.assertFalse(self._shows(f"{self.page}?report_type=pdf"))
        self.assertIn("error", self._sign())
        self.assertFalse(self.version.signature_ids)

    def test_nothing_that_is_still_drawn_up(self):
        self.authenticate("portal_buyer", "portal_buyer")
        for state in ("draft", "review"):
            self.contract.sudo().state = state
            self.version.state = state
            self.env.flush_all()
            with self.subTest(state=state):
                self.assertFalse(self._shows(f"{self.page}?access_token={self.token}"))
                self.assertFalse(self._shows("/my/contracts"))
                self.assertIn("error", self._sign(token=self.token))

    def test_portal_users_read_nothing_over_rpc(self):
        self.authenticate("portal_buyer", "portal_buyer")
        for model in (
            "parts.contract",
            "parts.contract.version",
            "parts.contract.clause",
            "parts.contract.signature",
            "parts.contract.filing",
            "parts.contract.authority",
            "parts.contract.declaration",
            "parts.contract.template",
            "parts.contract.policy",
        ):
            records = self.env[model].with_user(self.buyer)
            with self.subTest(model=model):
                self.assertFalse(records.has_access("read"))
                self.assertFalse(records.has_access("create"))

    # === signing === #

    def test_signing_by_the_link(self):
        answer = self._sign(token=self.token)
        self.assertIn("message=signed", answer["redirect_url"])
        signature = self.version.signature_ids
        self.assertRecordValues(
            signature,
            [
                {
                    "side": "theirs",
                    "way": "portal",
                    "state": "valid",
                    "name": "Li Lei",
                    "partner_id": False,
                }
            ],
        )
        self.assertTrue(signature.image)
        self.assertTrue(signature.address)
        page = self.url_open(f"{self.page}?access_token={self.token}").text
        self.assertIn("Li Lei", page)
        self.assertNotIn("portal.signature_form", page)
        # the order's own signature fields, which anyone may write, are not it
        self.assertIn(
            "signed for this side already", self._sign(token=self.token)["error"]
        )
        self.assertEqual(len(self.version.signature_ids), 1)

    def test_signing_logged_in(self):
        self.authenticate("portal_buyer", "portal_buyer")
        self._sign()
        self.assertEqual(self.version.signature_ids.partner_id, self.buyer.partner_id)

    def test_what_is_refused(self):
        for options, words in (
            ({"token": None}, "does not exist"),
            ({"token": str(uuid.uuid4())}, "does not exist"),
            ({"token": self.token, "name": "Han Meimei"}, "no authority"),
            ({"token": self.token, "name": " "}, "Write your name"),
            ({"token": self.token, "image": "AAAA"}, "Draw the signature again"),
        ):
            with self.subTest(words=words):
                self.assertIn(words, self._sign(**options)["error"])
        self.assertFalse(self.version.signature_ids)

    def test_a_lapsed_letter_blocks(self):
        authority = self.env["parts.contract.authority"].search(
            [("partner_id", "=", self.customer.id)]
        )
        authority.date_end = "2021-01-01"
        self.assertIn("lapsed", self._sign(token=self.token)["error"])

    def test_nobody_of_ours_signs_for_him(self):
        for login in ("parts_seller", "parts_boss", "parts_office"):
            self.authenticate(login, login)
            with self.subTest(login=login):
                self.assertIn("himself", self._sign(token=self.token)["error"])
                page = self.url_open(f"{self.page}?access_token={self.token}").text
                self.assertNotIn("portal.signature_form", page)
        self.assertFalse(self.version.signature_ids)

    def test_nobody_of_ours_learns_the_link(self):
        for user in (self.seller, self.office, self.general_manager):
            contract = self.contract.with_user(user)
            with self.subTest(user=user.login):
                self.assertNotIn(self.token, contract.get_portal_url())
                with self.assertRaises(AccessError):
                    contract.read(["access_token"])

    def test_when_it_is_in_force_there_is_nothing_to_sign(self):
        self.version.state = "effective"
        self.contract.sudo().state = "effective"
        self.env.flush_all()
        self.assertTrue(self._shows(f"{self.page}?access_token={self.token}"))
        self.assertIn("nothing to sign", self._sign(token=self.token)["error"])

    def test_the_filed_pdf(self):
        self.version._snapshot_paper()
        self.version.state = "effective"
        self.contract.sudo().state = "effective"
        self.env.flush_all()
        response = self.url_open(
            f"{self.page}?access_token={self.token}&report_type=pdf"
        )
        self.assertEqual(response.content, self.version.filing_ids._content())
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
