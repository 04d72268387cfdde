from odoo.fields import Command
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractTaxes(ContractCommon):
    """Contracts and orders with taxes in the price, beside it, and mapped (CON-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beside = cls._new_tax("VAT 13 %", 13.0, "tax_excluded")
        cls.within = cls._new_tax("VAT 13 % in the price", 13.0, "tax_included")

    @classmethod
    def _new_tax(cls, name, amount, include):
        return cls.env["account.tax"].create(
            {"name": name, "amount": amount, "price_include_override": include}
        )

    def _position(self, source, target=None):
        """Return a fiscal position that gives ``target`` instead of ``source``."""
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        if target:
            target.write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [Command.link(source.id)],
                }
            )
        return position

    def _sold_with(self, tax, price=100.0, quantity=10):
        """Return a single contract in force for the part, sold with ``tax``."""
        self.part.taxes_id = tax
        return self._effective(
            self._new_contract(
                line_ids=[
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "quantity": quantity,
                            "price_unit": price,
                        }
                    )
                ]
            )
        )

    def _ordered(self, contract, quantity, **values):
        return self._new_order(
            parts_contract_id=contract.id,
            order_line=[
                Command.create(
                    {"product_id": self.part.id, "product_uom_qty": quantity}
                )
            ],
            **values,
        )

    def test_beside_the_price(self):
        # 10 × 100.00 = 1,000.00, with 13 per cent 1,130.00
        contract = self._sold_with(self.beside)
        self.assertEqual(contract.line_ids.tax_ids, self.beside)
        self.assertEqual(contract.amount_untaxed, 1000.0)
        self.assertEqual(contract.amount_total, 1130.0)
        order = self._ordered(contract, 10)
        self.assertEqual(order.order_line.price_unit, 100.0)
        self.assertEqual(order.amount_total, 1130.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(contract.used_percent, 100.0)
        with self._held("exceeded by"):
            self._ordered(contract, 1).action_confirm()

    def test_in_the_price(self):
        # 10 × 113.00 = 1,130.00, of it 130.00 tax
        contract = self._sold_with(self.within, price=113.0)
        self.assertEqual(contract.amount_untaxed, 1000.0)
        self.assertEqual(contract.amount_total, 1130.0)
        order = self._ordered(contract, 10)
        self.assertEqual(order.order_line.price_unit, 113.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_price_with_tax_beside_instead_of_within(self):
        # 113.00 with the tax in it is 100.00; 113.00 and tax on top is another price
        contract = self._sold_with(self.within, price=113.0)
        order = self._ordered(contract, 1)
        order.order_line.tax_ids = self.beside
        with self._held("prices differ"):
            order.action_confirm()
        order.order_line.price_unit = 100.0
        order.action_confirm()  # counter-case: before taxes it is the same
        self.assertEqual(order.state, "sale")

    def test_taxes_of_the_customer_s_country(self):
        # abroad without tax: 113.00 with 13 per cent in it is 100.00
        free = self._new_tax("No VAT", 0.0, "tax_excluded")
        self.customer.property_account_position_id = self._position(self.within, free)
        self.part.taxes_id = self.within
        contract = self._new_contract(
            line_ids=[
                Command.create(
                    {"product_id": self.part.id, "quantity": 3, "price_unit": 100.0}
                )
            ]
        )
        self.assertEqual(contract.line_ids.tax_ids, free)
        self.assertEqual(contract.amount_total, 300.0)
        self._effective(contract)
        order = self._ordered(contract, 3)
        self.assertEqual(order.order_line.tax_ids, free)
        self.assertEqual(order.order_line.price_unit, 100.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_framework_for_two_countries(self):
        # agreed with the tax in it; the branch abroad pays 100.00 without
        free = self._new_tax("No VAT", 0.0, "tax_excluded")
        position = self._position(self.within, free)
        self.part.taxes_id = self.within
        contract = self._effective(
            self._new_framework(
                line_ids=[
                    Command.create({"product_id": self.part.id, "price_unit": 113.0})
                ]
            )
        )
        home = self._ordered(contract, 1)
        self.assertEqual(home.order_line.price_unit, 113.0)
        abroad = self._ordered(contract, 1, fiscal_position_id=position.id)
        self.assertEqual(abroad.order_line.tax_ids, free)
        self.assertAlmostEqual(abroad.order_line.price_unit, 100.0)
        (home | abroad).action_confirm()
        self.assertEqual(abroad.state, "sale")

    def test_a_category_has_the_parts_own_taxes(self):
        # list price 226.00 with 26.00 tax in it, 10 per cent off: 203.40
        self.part.write({"taxes_id": self.within, "list_price": 226.0})
        contract = self._effective(
            self._new_framework(
                line_ids=[
                    Command.create(
                        {"categ_id": self.part.categ_id.id, "discount": 10.0}
                    )
                ]
            )
        )
        order = self._ordered(contract, 1)
        self.assertAlmostEqual(order.order_line.price_unit, 203.4)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_price_in_force_is_untaxed(self):
        # QUO-3: the part's own price has the tax beside, the contract's has it within
        self.company.parts_price_control = True
        self.part.taxes_id = self.beside
        contract = self._new_framework(
            line_ids=[
                Command.create(
                    {
                        "product_id": self.part.id,
                        "price_unit": 113.0,
                        "tax_ids": [Command.set(self.within.ids)],
                    }
                )
            ]
        )
        contract.action_submit()
        self.assertEqual(contract.state, "approved")  # 100.00 is the list price
        self._sign(contract)
        order = self._new_order(1)
        order.order_line.write({"price_unit": 100.0})
        verdict = self.env["parts.price.verdict"]
        case = verdict._judge(order.sudo())[order.sudo()][0]
        self.assertAlmostEqual(case["yardstick"], 100.0)
        self.assertEqual(case["source"], contract.name)

    def test_cents_are_rounded_as_an_order_rounds_them(self):
        # three lines of 0.35: tax by lines 3 × 0.05, of the whole 0.14 (0.1365)
        self.company.tax_calculation_rounding_method = "round_globally"
        self.part.taxes_id = self.beside
        line = {"product_id": self.part.id, "quantity": 1, "price_unit": 0.35}
        contract = self._effective(
            self._new_contract(line_ids=[Command.create(dict(line)) for _ in range(3)])
        )
        self.assertAlmostEqual(contract.amount_untaxed, 1.05)
        order = self._ordered(contract, 3)
        self.assertAlmostEqual(contract.amount_total, order.amount_total)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_plan_of_what_is_paid(self):
        # 30 per cent of 1,130.00 before goods leave
        self.part.taxes_id = self.beside
        contract = self._new_contract(
            line_ids=[
                Command.create(
                    {"product_id": self.part.id, "quantity": 10, "price_unit": 100.0}
                )
            ],
            instalment_ids=[
                Command.create({"percent": 30, "event": "signing"}),
                Command.create({"percent": 70, "event": "delivery"}),
            ],
        )
        self._effective(contract)
        self.assertEqual(contract.instalment_ids.mapped("amount"), [339.0, 791.0])
