from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX
from .contract_paper_common import ContractPaperCommon, pdf


@tagged("post_install", "-at_install")
class TestContractPaperWays(ContractPaperCommon):
    """Ways round the papers of a contract that a second reading found (CTL-3)."""

    def _as(self, user, model, **context):
        return self.env[model].with_user(user).with_context(**context)

    # === THE CUSTOMER'S LINK (CON-4) ===

    def test_nobody_of_ours_shares_the_link(self):
        contract = self._new_contract()
        self._approve(contract)
        token = contract.sudo()._portal_ensure_token()
        users = self.seller | self.office | self.general_manager
        users.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        for user in users:
            where = {"active_model": "parts.contract", "active_id": contract.id}
            shares = self._as(user, "portal.share", **where)
            with self.subTest(user=user.login):
                link = shares.default_get(["share_link"]).get("share_link", "")
                self.assertNotIn(token, link)
                share = shares.create({"partner_ids": [Command.set(self.customer.ids)]})
                self.assertNotIn(token, share.share_link)
        # counter-case: what goes to the customer by mail is the engine's
        self.assertIn(token, contract.sudo()._get_share_url())

    def test_the_secret_is_not_chosen(self):
        contracts = self._as(
            self.seller, "parts.contract", default_access_token="known"
        )
        contract = contracts.create({"partner_id": self.customer.id})
        self.assertNotEqual(contract.sudo()._portal_ensure_token(), "known")
        with self.assertRaises(AccessError):
            self._as(self.seller, "parts.contract").create(
                {"partner_id": self.customer.id, "access_token": "known"}
            )

    def test_the_link_does_not_go_to_one_of_ours(self):
        contract = self._new_contract()
        self._approve(contract)
        self.customer.email = f"Someone <{self.seller.partner_id.email.upper()}>"
        with self.assertRaisesRegex(UserError, "one of ours"):
            contract.action_parts_send_to_sign()
        self.customer.email = "buyer@example.com"
        contract.action_parts_send_to_sign()  # counter-case
        self.assertIn(
            "buyer@example.com", " ".join(contract.message_ids.mapped("body"))
        )

    # === TEMPLATES (CON-3) ===

    def test_without_its_template(self):
        # a clause left out goes to legal; so does not all of them at once
        contract = self._new_contract()
        contract.template_id = False
        self.assertFalse(contract.clause_ids)
        with self.assertRaisesRegex(UserError, "template"):
            contract.action_submit()
        self.template.sudo().date_end = "2000-01-01"
        contract.action_submit()  # counter-case: there is none to draw it from
        self.assertEqual(contract.state, "approved")

    def test_another_kind_than_its_template(self):
        contract = self._new_contract()
        contract.kind = "framework"
        contract.write({"amount_total": 10.0, "date_end": "2099-12-31"})
        with self.assertRaisesRegex(UserError, "other kind"):
            contract.action_submit()

    def test_a_template_that_ended_since(self):
        contract = self._new_contract()
        self.template.sudo().date_end = fields.Date.subtract(
            fields.Date.today(), days=1
        )
        with self.assertRaisesRegex(UserError, "ended on"):
            contract.action_submit()

    def test_an_amendment_keeps_the_template_of_its_day(self):
        contract = self._new_contract()
        contract.action_submit()
        contract.sudo()._take_effect(contract.sudo().current_version_id)
        self.template.sudo().date_end = fields.Date.subtract(
            fields.Date.today(), days=1
        )
        contract.action_amend("More of it")
        contract.open_version_id.line_ids.quantity = 12
        contract.action_submit()
        self.assertEqual(contract.open_version_id.state, "approved")

    def test_an_ended_template_stays_ended(self):
        today = fields.Date.today()
        for user in (self.legal_post, self.office, self.legal):
            template = self._new_template().with_user(user)
            with self.subTest(user=user.login):
                template.date_end = today  # it may be ended early
                for later in (False, fields.Date.add(today, days=1), "2099-12-31"):
                    with self.assertRaisesRegex(UserError, "new version"):
                        template.date_end = later
                template.date_end = fields.Date.subtract(today, days=1)

    def test_an_approved_template_keeps_its_name(self):
        template = self.template.with_user(self.legal)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            template.update_field_translations("name", {"en_US": "Other"})
        draft = template.copy()
        draft.update_field_translations("name", {"en_US": "Other"})  # counter-case
        self.assertEqual(draft.with_context(lang="en_US").name, "Other")

    def test_a_template_that_would_end_another_company_s(self):
        # the approval of a new version ends the one before it, and no other
        other = self.env["res.company"].create({"name": "Other company"})
        theirs = self._new_template(company_id=other.id)
        templates = self._as(
            self.legal_post,
            "parts.contract.template",
            default_previous_id=theirs.id,
            default_number=9,
        )
        for vals in ({}, {"previous_id": theirs.id, "number": 9}):
            template = templates.create({"name": "Ours", "kind": "single", **vals})
            self.assertFalse(template.previous_id)
            self.assertEqual(template.number, 1)
        action = self.template.with_user(self.legal_post).action_new_version()
        new = self.env["parts.contract.template"].browse(action["res_id"])
        self.assertEqual(new.previous_id, self.template)  # counter-case

    def test_who_wrote_a_clause_does_not_judge_it(self):
        both = self._new_user("both", f"{PREFIX}sales_office", f"{PREFIX}legal_post")
        contract = self._new_contract()
        clause = contract.clause_ids[0]
        clause.with_user(both).body_en = "<p>Sold as seen.</p>"
        self.assertTrue(clause.changed)
        with self.assertRaisesRegex(AccessError, "does not judge"):
            clause.with_user(both).action_judge("wording")
        clause.with_user(self.legal_post).action_judge("wording")  # counter-case
        self.assertEqual(clause.verdict, "wording")
        contract.action_submit()
        request = contract.sudo().parts_approval_ids
        self.assertEqual(request.kind, "clause")
        self.assertIn(both, contract.sudo()._parts_barred_deciders("clause"))
        self.assertNotIn(self.legal_post, contract._parts_barred_deciders("clause"))

    # === SIGNED PAPER (CON-4, CON-11) ===

    def test_paper_is_not_older_than_its_review(self):
        # a letter that lapsed is not revived by an older date on the paper
        authority = self._new_authority(
            date_start="2020-01-01", date_end=fields.Date.today()
        )
        contract = self._new_contract()
        contract.action_submit()
        scan = self._as(self.seller, "parts.contract.scan").create(
            {
                "version_id": contract.current_version_id.id,
                "their_authority_id": authority.id,
                "date": fields.Date.subtract(fields.Date.today(), days=3),
                "scan": pdf(),
                "scan_name": "signed.pdf",
            }
        )
        with self.assertRaisesRegex(UserError, "before its review was over"):
            scan.action_upload()
        scan.date = fields.Date.today()
        scan.action_upload()  # counter-case
        self.assertTrue(contract.sudo().signature_ids)

    def test_a_scan_is_its_uploader_s(self):
        contract = self._new_contract()
        self._approve(contract)
        scan = self._as(self.office, "parts.contract.scan").create(
            {"version_id": contract.current_version_id.id, "scan": pdf()}
        )
        for user in (self.seller, self.legal, self.archive):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                scan.with_user(user).read(["scan"])
        self.assertTrue(scan.scan)  # counter-case

    def test_evidence_is_filed_under_its_own_contract(self):
        # the row's contract is that of its version, whatever is sent along
        contract, other = self._new_contract(), self._new_contract()
        version = self._approve(contract)
        seal = self.env["parts.contract.seal"].create(
            {"name": "Seal", "keeper_ids": [Command.set(self.seal_keeper.ids)]}
        )
        context = {"default_contract_id": other.id}
        sealing = self._as(
            self.seal_keeper, "parts.contract.sealing", **context
        ).create(
            {
                "version_id": version.id,
                "seal_id": seal.id,
                "contract_id": other.id,
            }
        )
        self.assertEqual(sealing.contract_id, contract)
        row = self._as(self.archive, "parts.contract.custody", **context).create(
            {"version_id": version.id, "place": "A1", "contract_id": other.id}
        )
        self.assertEqual(row.contract_id, contract)

    def test_a_seal_by_default_of_the_context(self):
        contract = self._new_contract()
        version = self._approve(contract)
        seal = self.env["parts.contract.seal"].create(
            {"name": "Seal", "keeper_ids": [Command.set(self.seal_keeper.ids)]}
        )
        sealings = self._as(
            self.seal_keeper,
            "parts.contract.sealing",
            default_version_id=version.id,
            default_keeper_id=self.seller.id,
            default_digest="x",
            default_copies=9,
        )
        sealing = sealings.create({"seal_id": seal.id, "version_id": version.id})
        self.assertRecordValues(
            sealing,
            [
                {
                    "digest": version._paper_digest(),
                    "keeper_id": self.seal_keeper.id,
                    "copies": 2,
                }
            ],
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
            sealings.create({"seal_id": seal.id})
            self.env.flush_all()

    # === AUTHORITIES (CON-11) ===

    def test_who_wrote_it_does_not_check_it_through_a_third_person(self):
        authority = self._as(self.office, "parts.contract.authority").create(
            {
                "partner_id": self.customer.id,
                "name": "Li Lei",
                "date_end": "2099-12-31",
                "document": pdf(),
            }
        )
        authority.with_user(self.legal_post).amount_max = 1e9
        # a touch of somebody else must not make the last one forget it
        authority.with_user(self.archive).active = False
        authority.with_user(self.archive).active = True
        for user in (self.office, self.legal_post, self.archive):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                authority.with_user(user).action_check()
        authority.with_user(self.legal).action_check()  # counter-case
        self.assertEqual(authority.state, "checked")

    def test_the_number_of_an_identity_card(self):
        authority = self._new_authority(document_number="110101199001011234")
        for user in (self.seller, self.seal_keeper):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                authority.with_user(user).read(["document_number"])
        for user in (self.office, self.legal, self.archive, self.general_manager):
            with self.subTest(user=user.login):  # counter-case
                self.assertTrue(authority.with_user(user).document_number)


@tagged("post_install", "-at_install")
class TestContractDeclaredOnce(ContractPaperCommon):
    """What was declared is contracted once (CON-9)."""

    def _declared(self, **values):
        declaration = self.env["parts.contract.declaration"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "quantity": quantity,
                            "price_unit": price,
                        }
                    )
                    for quantity, price in values.pop("rows", [(10, 100.0)])
                ],
                **values,
            }
        )
        declaration.state = "approved"
        return declaration.with_user(self.seller)

    def _made(self, declaration):
        action = declaration.action_make_contract()
        return (
            self.env["parts.contract"].with_user(self.seller).browse(action["res_id"])
        )

    def test_two_contracts_of_one_declaration(self):
        # 10 at 100.00 were declared: 6 and 4 are within, 6 and 5 are not
        declaration = self._declared()
        first, second = self._made(declaration), self._made(declaration)
        first.line_ids.quantity = 6
        first.action_submit()
        second.line_ids.quantity = 5
        with self.assertRaisesRegex(UserError, "1,100.00 contracted|11.*contracted"):
            second.action_submit()
        second.line_ids.quantity = 4
        second.action_submit()
        self.assertEqual(second.state, "approved")

    def test_one_that_ended_gives_its_room_back(self):
        declaration = self._declared()
        first, second = self._made(declaration), self._made(declaration)
        first.action_submit()
        with self.assertRaises(UserError):
            second.action_submit()
        first.action_withdraw()
        second.action_submit()
        self.assertEqual(second.state, "approved")

    def test_a_framework_s_volume_once(self):
        declaration = self._declared(
            kind="framework", volume=1000.0, date_end="2099-12-31", rows=[]
        )
        first, second = self._made(declaration), self._made(declaration)
        first.amount_total = 700.0
        first.action_submit()
        second.amount_total = 301.0
        with self.assertRaisesRegex(UserError, "1,001.00 contracted"):
            second.action_submit()
        second.amount_total = 300.0
        second.action_submit()
        self.assertEqual(second.state, "approved")

    def test_an_amendment_is_not_counted_beside_what_it_amends(self):
        declaration = self._declared()
        contract = self._made(declaration)
        contract.action_submit()
        contract.sudo()._take_effect(contract.sudo().current_version_id)
        contract.action_amend("Another date")
        contract.open_version_id.date_end = "2099-12-31"
        contract.action_submit()
        self.assertEqual(contract.open_version_id.state, "approved")

    def test_a_plan_that_is_longer_than_the_terms_declared(self):
        term = self.env.ref("account.account_payment_term_30days")
        declaration = self._declared(payment_term_id=term.id)
        contract = self._made(declaration)
        contract.instalment_ids = [Command.create({"percent": 100, "days": 90})]
        with self.assertRaisesRegex(UserError, "90 days"):
            contract.action_submit()
        contract.instalment_ids.days = 30
        contract.action_submit()  # counter-case
        self.assertEqual(contract.state, "approved")

    def test_terms_that_were_not_declared(self):
        # the credit file answers for them, the declaration says nothing
        contract = self._made(self._declared())
        contract.instalment_ids = [Command.create({"percent": 100, "days": 30})]
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_all_at_the_price_of_the_sample(self):
        # 1 at 50.00 and 10 at 100.00 declared: 11 at 50.00 is below what was declared
        declaration = self._declared(rows=[(1, 50.0), (10, 100.0)])
        contract = self._made(declaration)
        contract.line_ids.write({"price_unit": 50.0})
        with self.assertRaisesRegex(UserError, "declared at"):
            contract.action_submit()

    def test_taxes_that_are_in_the_price(self):
        # 113.00 with 13 per cent in it: 10 of them are 1,000.00 untaxed
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 13 % in the price",
                "amount": 13.0,
                "price_include_override": "tax_included",
            }
        )
        self.part.taxes_id = tax
        declaration = self._declared(rows=[(10, 113.0)])
        self.assertEqual(declaration.amount_untaxed, 1000.0)
        contract = self._made(declaration)
        contract.line_ids.quantity = 11
        with self.assertRaisesRegex(UserError, "1,100.00 contracted"):
            contract.action_submit()


@tagged("post_install", "-at_install")
class TestContractPaperGroups(ContractPaperCommon):
    def test_what_no_caller_sends_along(self):
        # signing takes the drawing and nothing else (CON-4)
        boss = self._new_authority(side="ours")
        self.assertTrue(boss)
        contract = self._new_contract()
        version = self._approve(contract)
        contract.with_user(self.general_manager).action_sign(
            "ours", state="waiting", name="Other", date="2000-01-01", way="paper"
        )
        self.assertRecordValues(
            version.signature_ids,
            [{"state": "valid", "way": "here", "user_id": self.general_manager.id}],
        )

    def test_no_attachment_becomes_evidence(self):
        contract = self._new_contract()
        self._approve(contract)
        authority = self._new_authority()
        attachments = self.env["ir.attachment"]
        admin = self._new_user("system", "base.group_system", f"{PREFIX}administrator")
        filed = attachments.sudo().search(
            [
                ("res_model", "=", "parts.contract.authority"),
                ("res_field", "=", "document"),
                ("res_id", "=", authority.id),
            ]
        )
        self.assertTrue(filed)
        for vals in ({"datas": pdf()}, {"res_id": 0}, {"res_field": False}):
            with self.assertRaises(UserError):
                filed.with_user(admin).write(vals)
        with self.assertRaises(UserError):
            filed.with_user(admin).unlink()
        with self.assertRaises(UserError):
            filed.with_user(admin).copy({"res_id": authority.id})
