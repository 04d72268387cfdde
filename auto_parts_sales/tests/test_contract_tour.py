from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .approval_common import PREFIX
from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractTour(HttpCase, ContractPaperCommon):
    """CON-1 to CON-4: from a quotation to the order confirmed, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_contract_control = True
        cls._new_authority("ours")
        cls._new_authority("theirs")
        # one reviewer: who reviews what has its own tests
        function = cls.env.ref(f"{PREFIX}sales_manager")
        triggers = cls.env["parts.contract.trigger"]._in_use(cls.company)
        triggers.group_ids = function
        cls.env["parts.approval.rule"].create(
            {
                "name": "Contract",
                "kind": "contract",
                "company_id": cls.company.id,
                "sequence": 0,
                "step_ids": [Command.create({"group_id": function.id})],
            }
        )

    def test_single_contract(self):
        # 1,000 discs at 100.00 without tax: 100,000.00, the first large contract
        order = self._new_order(1000)
        self._walk("seller", "draws", f"/odoo/sales/{order.id}")
        contract = order.parts_contract_id
        self.assertEqual((contract.state, contract.user_id), ("review", self.seller))

        self._walk("manager", "reviews")
        self.assertEqual(contract.state, "approved")

        self._walk("boss", "signs", f"/odoo/parts.contract/{contract.id}")
        self.assertEqual(contract.state, "approved")

        token = contract.sudo()._portal_ensure_token()
        self.start_tour(
            f"/my/contracts/{contract.id}?access_token={token}",
            "parts_contract_customer_signs",
        )
        contract.invalidate_recordset()
        self.assertEqual(contract.state, "effective")
        signatures = contract.sudo().current_version_id.signature_ids
        self.assertEqual(
            signatures.sorted("id").mapped("name"),
            [self.general_manager.name, "Li Lei"],
        )
        self.assertTrue(contract.sudo().filing_id)

        self._walk("seller", "confirms", f"/odoo/sales/{order.id}")
        self.assertEqual(order.state, "sale")

    def _walk(self, role, step, url="/odoo"):
        self.env.flush_all()
        self.start_tour(url, f"parts_contract_{step}", login=f"parts_{role}")
        self.env.invalidate_all()
