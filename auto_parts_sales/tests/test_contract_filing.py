from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .contract_paper_common import ContractPaperCommon, pdf


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

    def test_a_version_is_printed_by_who_may_read_it(self):
        # CON-5: an amendment as a draft, before it is approved
        def printed(user):
            content, _kind = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html(
                    "auto_parts_sales.parts_contract_version_report", draft.ids
                )
            )
            return content.decode()

        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        draft = self._new_contract().current_version_id
        draft.line_ids.price_unit = 987.0
        action = self.env.ref("auto_parts_sales.parts_contract_version_report")
        self.assertEqual(action.binding_model_id.model, "parts.contract.version")
        self.assertIn("987.00", printed(self.seller))
        with self.assertRaises(AccessError):
            printed(stranger)

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
