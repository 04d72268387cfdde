from odoo.fields import Command
from odoo.tests import tagged

from .contract_base_common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractQueries(ContractCommon):
    """What is looked at often costs as much for many as for few."""

    def _orders(self, contract, number):
        orders = self.env["sale.order"]
        for _index in range(number):
            orders |= self._order_under(contract, 1)
        return orders.sudo()

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _judged(self, order, contract):
        inside = self.env["parts.contract.inside"].sudo()
        return lambda: inside._deviations(
            order.sudo(), contract.sudo(), order.browse().sudo()
        )

    def test_an_order_under_a_contract_with_many_orders(self):
        contract = self._effective(
            self._new_framework(volume=90000.0, credit_amount=80000.0)
        )
        self._orders(contract, 3).action_confirm()
        order = self._orders(contract, 1)
        self._judged(order, contract)()
        few = self._count(self._judged(order, contract))
        self._orders(contract, 12).action_confirm()
        many = self._count(self._judged(order, contract))
        self.assertLessEqual(many, few + 2)

    def test_a_list_of_contracts(self):
        fields = ["name", "partner_id", "amount_total", "used_percent", "state"]

        def listed(number):
            contracts = self.env["parts.contract"]
            for _index in range(number):
                contracts |= self._new_contract()
            return lambda: contracts.with_user(self.office).web_read(
                {name: {} for name in fields}
            )

        listed(1)()
        few, many = self._count(listed(2)), self._count(listed(2))
        self.assertLessEqual(abs(many - few), 2)
        two, ten = listed(2), listed(10)
        self.assertLessEqual(self._count(ten), self._count(two) + 2)

    def test_orders_confirmed_without_control(self):
        # with the control off, a contract costs no query more when prices are written
        self.company.parts_contract_control = False
        contract = self._effective(self._new_framework())
        plain = self._new_order(1)
        under = self._new_order(
            parts_contract_id=contract.id,
            order_line=[
                Command.create({"product_id": self.part.id, "product_uom_qty": 1})
            ],
        )
        (plain | under).action_confirm()

        def written(order):
            return lambda: order.sudo().order_line.write({"price_unit": 77.0})

        written(plain)(), written(under)()
        counts = []
        for order in (plain, under):
            order.sudo().order_line.price_unit = 70.0
            counts.append(self._count(written(order)))
        self.assertLessEqual(counts[1], counts[0] + 1)
