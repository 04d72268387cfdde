from odoo.fields import Command
from odoo.tests import tagged

from ..models import parts_contract_price_authority
from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractCategory(ContractCommon):
    """A framework's discount by category is judged part by part (CON-2, QUO-4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_price_control = True
        cls.brakes = cls.env["product.category"].create({"name": "Brakes"})
        cls.discs = cls.env["product.category"].create(
            {"name": "Discs", "parent_id": cls.brakes.id}
        )
        cls.part.write({"categ_id": cls.discs.id, "standard_price": 50.0})
        cls.pad = cls.env["product.product"].create(
            {
                "name": "Pad",
                "list_price": 40.0,
                "standard_price": 20.0,
                "categ_id": cls.brakes.id,
                "taxes_id": [Command.clear()],
            }
        )
        # the seller may give 10 per cent, at a margin of 30 at least
        bands = cls.env["parts.price.band"]
        bands.search([("company_id", "=", cls.company.id)]).active = False
        bands.create(
            {
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "percent_below": 10.0,
                "margin_min": 30.0,
            }
        )

    def _with_discount(self, discount, **line):
        line = {"categ_id": self.brakes.id, "discount": discount, **line}
        return self._new_framework(line_ids=[Command.create(line)])

    def _price_deviation(self, contract):
        version = contract.sudo().current_version_id
        return self.env["parts.contract.price"].sudo()._beyond_authority(version)

    def test_within_the_band(self):
        # 90.00 and 36.00: margins 44.4 and 44.4 per cent
        self.assertFalse(self._price_deviation(self._with_discount(10.0)))
        contract = self._with_discount(10.0)
        contract.action_submit()
        self.assertEqual(contract.state, "approved")

    def test_beyond_the_band(self):
        worst, sentences = self._price_deviation(self._with_discount(12.0))
        self.assertAlmostEqual(worst, 12.0)
        self.assertEqual(len(sentences), 1)  # one for the line, not for each part
        self.assertIn("Brakes", sentences[0])

    def test_one_part_whose_margin_is_too_small(self):
        # 36.00 less 26.00: 27.8 per cent
        self.pad.standard_price = 26.0
        _worst, sentences = self._price_deviation(self._with_discount(10.0))
        self.assertIn("Pad", sentences[0])

    def test_a_part_that_its_own_line_prices(self):
        # the pad's own line says 40.00: the category's discount is not for it
        self.pad.standard_price = 26.0
        contract = self._new_framework(
            line_ids=[
                Command.create({"categ_id": self.brakes.id, "discount": 10.0}),
                Command.create({"product_id": self.pad.id, "price_unit": 40.0}),
            ]
        )
        self.assertFalse(self._price_deviation(contract))

    def test_one_price_for_a_category(self):
        # 36.00 for discs at 100.00 is 64 per cent off
        contract = self._with_discount(0.0, price_unit=36.0)
        worst, sentences = self._price_deviation(contract)
        self.assertAlmostEqual(worst, 64.0)
        self.assertIn("Brake disc", sentences[0])

    def test_too_many_to_judge(self):
        most = parts_contract_price_authority.MOST
        self.addCleanup(setattr, parts_contract_price_authority, "MOST", most)
        parts_contract_price_authority.MOST = 1
        _worst, sentences = self._price_deviation(self._with_discount(1.0))
        self.assertIn("more than 1 parts", sentences[0])

    def test_another_company_s_parts_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.pad.write({"company_id": other.id, "standard_price": 39.0})
        self.assertFalse(self._price_deviation(self._with_discount(10.0)))
