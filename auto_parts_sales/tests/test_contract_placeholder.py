from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractPlaceholder(ContractPaperCommon):
    """CON-1: placeholders read the customer, the orders and the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.contract = cls._new_contract().sudo()
        cls.version = cls.contract.current_version_id
        cls.company.partner_id.with_context(no_vat_validation=True).write(
            {
                "name": "Xinhua Parts",
                "street": "1288 Zhangyang Road",
                "city": "Shanghai",
                "vat": "91310115MA1K4XH29P",
                "phone": "021 5835 1288",
                "bank_ids": [Command.create({"acc_number": "1001 2345"})],
            }
        )
        cls.customer.with_context(no_vat_validation=True).write(
            {
                "name": "Xinda Garage",
                "street": "9 Nanjing Road",
                "city": "Hangzhou",
                "vat": "91330100MA2AXXXX7K",
                "phone": "0571 8888",
                "bank_ids": [Command.create({"acc_number": "6222 0202"})],
            }
        )
        term = cls.env["account.payment.term"].create(
            {
                "name": "60 days",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 60})],
            }
        )
        pricelist = cls.env["product.pricelist"].create(
            {"name": "Fleet prices", "currency_id": cls.contract.currency_id.id}
        )
        cls.version.write(
            {
                "credit_amount": 5000.0,
                "date_start": "2026-03-05",
                "date_end": "2027-03-04",
                "pricelist_id": pricelist.id,
                "payment_term_id": term.id,
            }
        )
        cls.version.line_ids.date_delivery = "2026-04-30"
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.customer.id, "parts_contract_id": cls.contract.id}
        )

    def _rendered(self, name, lang):
        text = self.env["parts.contract.placeholder"]._render(
            "<p>{{%s}}</p>" % name, self.version, lang
        )
        return str(text).replace("\xa0", " ")

    def test_each_reads_its_own(self):
        # 10 × 100.00 of the contract
        expected = {
            "number": self.contract.name,
            "version": "<p>1</p>",
            "languages": "the Chinese one prevails",
            "company": "Xinhua Parts",
            "company_address": "1288 Zhangyang Road, Shanghai",
            "company_tax_number": "91310115MA1K4XH29P",
            "company_phone": "021 5835 1288",
            "company_bank": "1001 2345",
            "customer": "Xinda Garage",
            "customer_address": "9 Nanjing Road, Hangzhou",
            "customer_tax_number": "91330100MA2AXXXX7K",
            "customer_phone": "0571 8888",
            "customer_bank": "6222 0202",
            "salesperson": self.seller.name,
            "orders": self.order.name,
            "currency": self.contract.currency_id.name,
            "amount": "1,000.00",
            "amount_words": "One Thousand",
            "credit": "5,000.00",
            "date_start": "5 March 2026",
            "date_end": "4 March 2027",
            "delivery_date": "30 April 2026",
            "price_basis": "Fleet prices",
            "payment_terms": "60 days",
            # without instalments, the payment terms are the plan
            "payment_plan": "60 days",
        }
        names = self.env["parts.contract.placeholder"]._names()
        self.assertEqual(expected.keys(), names.keys())
        for name, text in expected.items():
            with self.subTest(name=name):
                self.assertIn(text, self._rendered(name, "en"))

    def test_dates_and_amounts_in_chinese(self):
        for name, text in {
            "date_start": "2026年3月5日",
            "delivery_date": "2026年4月30日",
            "amount": "1,000.00",
            "amount_words": "壹仟元整",
        }.items():
            with self.subTest(name=name):
                self.assertIn(text, self._rendered(name, "zh"))

    def test_they_read_what_is_true_when_it_prints(self):
        self.customer.phone = "0571 9999"
        self.assertIn("0571 9999", self._rendered("customer_phone", "en"))
        self.version.line_ids.quantity = 20
        self.assertIn("2,000.00", self._rendered("amount", "en"))
        self.assertIn("贰仟元整", self._rendered("amount_words", "zh"))

    def test_of_languages_that_it_has(self):
        # CON-1: one text prevails over the other only where there are two
        for languages, told, silent in (
            ("zh", ["本合同以中文书写。"], ["prevails", "为准", "English", "英文"]),
            ("en", ["written in English."], ["prevails", "为准", "Chinese", "中文"]),
            (
                "both",
                ["以中文文本为准", "in Chinese and in English", "Chinese one prevails"],
                [],
            ),
        ):
            self.version.clause_ids.write(
                {"body_zh": "<p>{{languages}}</p>", "body_en": "<p>{{languages}}</p>"}
            )
            self.version.paper_language = languages
            content, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "auto_parts_sales.parts_contract_version_report", self.version.ids
            )
            text = content.decode()
            with self.subTest(languages=languages):
                for words in told:
                    self.assertIn(words, text)
                for words in silent:
                    self.assertNotIn(words, text)
            self.assertFalse(self.version.blank_note)

    def test_the_usual_templates_leave_the_languages_to_the_contract(self):
        # as shipped: a database keeps the texts that it was installed with
        for name in ("single", "framework"):
            path = f"auto_parts_sales/data/parts_contract_template_{name}_data.xml"
            with file_open(path, "rb") as file:
                bodies = [
                    "".join(node.itertext())
                    for node in etree.parse(file).iterfind(".//field")
                    if node.get("name") in ("body_zh", "body_en")
                ]
            with self.subTest(template=name):
                self.assertEqual(
                    sum("{{languages}}" in body for body in bodies), 2, "zh and en"
                )
                for word in ("Chinese", "English", "中文", "英文"):
                    self.assertFalse([body for body in bodies if word in body])
