from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX
from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractLapse(ContractPaperCommon):
    """Who keeps a signing authority is told before it lapses, once (CON-11)."""

    def _told(self, authority):
        return authority.sudo().activity_ids

    def _lapsing(self, days, **values):
        end = fields.Date.add(fields.Date.today(), days=days)
        return self._new_authority(date_end=end, **values).sudo()

    def test_told_once_within_the_days(self):
        self.company.parts_contract_end_days = 30
        soon, later = self._lapsing(30), self._lapsing(31, name="Han Meimei")
        authorities = self.env["parts.contract.authority"]
        authorities._cron_lapse()
        self.assertEqual(self._told(soon).user_id, self.archive)
        self.assertEqual(self._told(soon).date_deadline, soon.date_end)
        self.assertIn("Li Lei", self._told(soon).summary)
        self.assertFalse(self._told(later))
        authorities._cron_lapse()
        self.assertEqual(len(self._told(soon)), 1)
        self.assertEqual(soon.state, "checked")  # telling changes nothing

    def test_told_again_after_it_was_renewed(self):
        soon = self._lapsing(10)
        authorities = self.env["parts.contract.authority"]
        authorities._cron_lapse()
        soon.with_user(self.office).date_end = fields.Date.add(
            fields.Date.today(), days=20
        )
        authorities._cron_lapse()
        self.assertEqual(len(self._told(soon)), 1)  # not checked: not in force
        soon.with_user(self.legal).action_check()
        authorities._cron_lapse()
        self.assertEqual(len(self._told(soon)), 2)

    def test_what_is_not_in_force_is_not_told(self):
        lapsed, unchecked = self._lapsing(10), self._lapsing(10, checked=False)
        archived = self._lapsing(10)
        archived.active = False
        lapsed.date_end = fields.Date.subtract(fields.Date.today(), days=1)
        self.env["parts.contract.authority"]._cron_lapse()
        for authority in (lapsed, unchecked, archived):
            self.assertFalse(self._told(authority))

    def test_somebody_else_keeps_it_once_who_entered_it_has_left(self):
        soon = self._lapsing(10)
        self.archive.active = False
        other = self._new_user(
            "archive2", "auto_parts_sales.group_parts_contract_keeper"
        )
        self.env["parts.contract.authority"]._cron_lapse()
        self.assertEqual(self._told(soon).user_id, other)


@tagged("post_install", "-at_install")
class TestContractTemplateCompanies(ContractPaperCommon):
    """Templates in further companies, and in those that come later (CON-1, CTL-5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch"})
        cls.branch_seller = cls._new_user(
            "branch_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.branch.id,
            company_ids=[Command.set(cls.branch.ids)],
        )

    def _contract_of_branch(self):
        return (
            self.env["parts.contract"]
            .with_user(self.branch_seller)
            .with_company(self.branch)
            .create({"partner_id": self.customer.id})
        )

    def test_shared_it_is_drawn_from(self):
        template = self._new_template(shared_company_ids=[Command.set(self.branch.ids)])
        contract = self._contract_of_branch()
        self.assertEqual(contract.template_id, template)
        self.assertEqual(len(contract.clause_ids), 3)
        self.env.flush_all()
        self.env.invalidate_all()
        own = template.with_user(self.branch_seller)
        self.assertEqual(own.read(["name"])[0]["name"], "Sale")
        self.assertTrue(own.search([("usable", "=", True), ("kind", "=", "single")]))

    def test_not_shared_it_is_not(self):
        contract = self._contract_of_branch()
        self.assertFalse(contract.template_id)
        with self.assertRaises(AccessError):
            self.template.with_user(self.branch_seller).read(["name"])
        with self.assertRaisesRegex(UserError, "another company"):
            contract.sudo().template_id = self.template

    def test_one_s_own_comes_first(self):
        self._new_template(shared_company_ids=[Command.set(self.branch.ids)])
        own = self._new_template(company_id=self.branch.id)
        self.assertEqual(self._contract_of_branch().template_id, own)

    def test_sharing_is_approved_with_it(self):
        template = self.template.with_user(self.legal)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            template.shared_company_ids = self.branch
        facts = self.template._paper_facts()
        self.assertEqual(facts["companies"], ([], "any"))

    def test_the_branch_reads_and_writes_not(self):
        legal = self._new_user(
            "branch_legal",
            f"{PREFIX}legal_department",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        template = self._new_template(
            shared_company_ids=[Command.set(self.branch.ids)]
        ).with_user(legal)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(template.clause_ids.mapped("body_zh"))
        with self.assertRaises(AccessError):
            template.date_end = fields.Date.today()

    def test_a_company_that_comes_later_has_drafts(self):
        templates = self.env["parts.contract.template"]
        company = self.env["res.company"].create(
            {"name": "Later", "parts_contract_control": True}
        )
        found = templates.search([("company_id", "=", company.id)])
        self.assertEqual(sorted(found.mapped("kind")), ["framework", "single"])
        self.assertEqual(set(found.mapped("state")), {"draft"})
        self.assertTrue(all(template.clause_ids for template in found))
        company.parts_contract_control = False
        company.parts_contract_control = True
        self.assertEqual(templates.search_count([("company_id", "=", company.id)]), 2)

    def test_where_nobody_controls_contracts_nothing_is_made(self):
        self.env["res.company"].search([]).parts_contract_control = False
        company = self.env["res.company"].create({"name": "Later"})
        self.assertFalse(
            self.env["parts.contract.template"].search_count(
                [("company_id", "=", company.id)]
            )
        )
        self.company.parts_contract_control = True
        company = self.env["res.company"].create({"name": "Later still"})
        self.assertEqual(
            self.env["parts.contract.template"].search_count(
                [("company_id", "=", company.id)]
            ),
            2,
        )
