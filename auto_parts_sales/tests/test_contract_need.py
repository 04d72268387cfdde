from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractNeed(ContractPaperCommon):
    """CON-10: which sales need a declaration is a rule: amount, kind, customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_contract_control = True
        cls.needs = cls.env["parts.contract.need"]
        cls.needs.search([("company_id", "=", cls.company.id)]).unlink()

    def _need(self, **values):
        return self.needs.create(
            {
                "name": "Declared first",
                "company_id": self.company.id,
                "needs_contract": True,
                "needs_declaration": True,
                **values,
            }
        )

    def _framework(self):
        return self._new_contract(
            kind="framework",
            template_id=False,
            date_end="2099-12-31",
            amount_total=5000.0,
            line_ids=[Command.create({"product_id": self.part.id, "price_unit": 90.0})],
        )

    def _refused(self):
        return self.assertRaisesRegex(UserError, "needs a declaration first")

    def _submitted(self, contract):
        contract.action_submit()
        self.assertNotEqual(contract.state, "draft")

    def test_usual_from_half_a_million(self):
        # 5,000 × 100.00 untaxed is the limit, included
        self.needs._create_defaults(self.company)
        large = self._new_contract(quantity=5000)
        with self._refused():
            large.action_submit()
        self._submitted(self._new_contract(quantity=4999))

    def test_with_a_declaration_that_was_approved(self):
        self._need()
        declaration = (
            self.env["parts.contract.declaration"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.part.id,
                                "quantity": 10,
                                "price_unit": 100.0,
                            }
                        )
                    ],
                }
            )
        )
        request = self._submit(declaration)
        for user in (self.office, self.manager, self.general_manager):
            request.with_user(user).action_approve()
        contract = self._new_contract()
        with self._refused():
            contract.action_submit()
        contract.declaration_id = declaration
        self._submitted(contract)

    def test_by_kind(self):
        self._need(kind="framework")
        framework = self._framework()
        with self._refused():
            framework.action_submit()
        self._submitted(self._new_contract())

    def test_by_customer(self):
        need = self._need(partner_domain=str([("id", "=", self.customer.id)]))
        contract = self._new_contract()
        with self._refused():
            contract.action_submit()
        need.partner_domain = str([("id", "=", self.env.user.partner_id.id)])
        self._submitted(contract)

    def test_the_first_line_that_fits_decides(self):
        self._need(sequence=20)
        self._need(sequence=10, name="Written", needs_declaration=False)
        self._submitted(self._new_contract())

    def test_what_is_paid_on_the_spot_is_no_rule_for_contracts(self):
        self._need(payment="spot")
        self._submitted(self._new_contract())

    def test_without_control_nothing_is_asked(self):
        self._need()
        self.company.parts_contract_control = False
        self._submitted(self._new_contract())

    def test_bad_input(self):
        for domain in ("[('nothing', '=', 1)]", "1 +", "__import__('os')"):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self._need(partner_domain=domain)
