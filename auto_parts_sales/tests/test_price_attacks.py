from types import SimpleNamespace

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .attacks_price import SELL
from .attacks_price_sources import SELL_BY_SOURCES
from .price_common import PriceCommon

QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.models.unlink")
ATTACKS = {**SELL, **SELL_BY_SOURCES}
# Of these no cheap line comes even with the control off: the price ends at an honest
# one, or Odoo itself refuses
NEEDS_MORE = {
    "the break's price for one",
    "the part named a choice of a combo",
    "price and state in one write",
    "saved as the web client does",
    "quantity zero, then taken",
}


class Undo(Exception):
    """Ends an attack, whatever became of it, and takes it back."""


@tagged("post_install", "-at_install")
class TestPriceRpcAttacks(PriceCommon):
    # QUO-4: nobody gets round the price authority

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.seller.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.seller.group_ids += cls.env.ref("base.group_partner_manager")
        cls.band_director.follow_market = True
        cls.band_manager.follow_market = True
        cls.band_seller.follow_market = True
        cls.warehouse = cls._new_user("stock", "stock.group_stock_user")
        cls.billing = cls._new_user("billing", "account.group_account_invoice")
        cls.attackers = cls.seller | cls.warehouse | cls.billing
        cls.base = cls.env["product.pricelist"].create({"name": "All", "sequence": 1})
        cls.env["product.pricelist"].search([("id", "!=", cls.base.id)]).sequence = 9
        cls.cheap = cls.env["product.pricelist"].create(
            {
                "name": "Cheap",
                "sequence": 50,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 40.0}
                    )
                ],
            }
        )
        vip = cls.env["res.partner"].create({"name": "Wholesaler"})
        vip.property_product_pricelist = cls.cheap
        other, fee, combo = cls.env["product.product"].create(
            [
                {"name": "Pads", "list_price": 100.0},
                {"name": "Discount", "list_price": 1.0},
                {"name": "Hose", "list_price": 100.0},
            ]
        )
        other.standard_price = 10.0
        item = (
            cls.env["product.combo"]
            .create(
                {
                    "name": "Set",
                    "combo_item_ids": [
                        Command.create({"product_id": cls.part.id}),
                        Command.create({"product_id": combo.id}),
                    ],
                }
            )
            .combo_item_ids[0]
        )
        countries = cls.env["res.country.group"].create(
            {"name": "Home", "country_ids": [Command.link(cls.env.ref("base.cn").id)]}
        )
        cls.customer.country_id = cls.env.ref("base.cn")
        size = cls.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": "Small"})]}
        )
        disc = cls.env["product.template"].create(
            {
                "name": "Other disc",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": size.id,
                            "value_ids": [Command.set(size.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        small = disc.attribute_line_ids.product_template_value_ids
        small.price_extra = -40.0
        cls.order = cls._priced(100.0, 2)
        cls.case = SimpleNamespace(
            company=cls.company,
            customer=cls.customer,
            vip=vip,
            manager=cls.manager,
            part=cls.part,
            other=other,
            fee=fee,
            combo_item=item,
            cheap=cls.cheap,
            base=cls.base,
            dozen=cls.env.ref("uom.product_uom_dozen"),
            order=cls.order,
            line=cls.order.order_line,
            cheap_line=cls._priced(60.0, 2).order_line,
            countries=countries,
            small=small,
            other_customer=cls.env["res.partner"].create({"name": "Other"}),
            managers_cheap_line=cls._priced(90.0, 2, user=cls.manager).order_line,
            managers_line=cls._priced(100.0, 2, user=cls.manager).order_line,
            band=cls.band_seller,
        )

    def _call(self, user, sudo=False):
        """Return a function that calls methods as RPC does, as ``user``; each call is a
        request of its own.
        """

        def call(model, method, *args, **kwargs):
            env = self.env(user=user, su=sudo, context={})
            try:
                with self.cr.savepoint():
                    result = call_kw(env[model], method, list(args), kwargs)
                    self.env.flush_all()
                    return result
            except Exception as error:
                self.case.error = error
                return []

        return call

    def _run(self, attack, user, judge):
        self.case.attacker, self.case.error = user, None
        with mute_logger(*QUIET), self.assertRaises(Undo), self.cr.savepoint():
            attack(self._call(user), self.case)
            self.env.invalidate_all()
            judge()
            raise Undo

    def _sold_beyond(self):
        """Return confirmed lines of the part beyond the salesperson's band."""
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "sale"),
                ("partner_invoice_id", "!=", self.case.vip.id),
                ("order_line.product_id", "=", self.part.id),
            ]
        )
        beyond = self.env["sale.order.line"]
        for order in orders:
            lines = order.order_line.filtered(lambda line: not line.display_type)

            def net(line):
                return line.price_unit * (1 - line.discount / 100)

            plus = sum(max(net(line) * line.product_uom_qty, 0.0) for line in lines)
            minus = sum(min(net(line) * line.product_uom_qty, 0.0) for line in lines)
            share = 1 + minus / plus if plus else 1.0
            for line in lines.filtered(lambda line: line.product_id == self.part):
                price = line.product_uom_id._compute_price(
                    net(line) * share, self.part.uom_id
                )
                if line.product_uom_qty > 0 and not 94.9 < price < 110.1:
                    beyond |= line
        return beyond

    def test_there_are_enough(self):
        self.assertGreater(len(ATTACKS), 30)

    def test_selling(self):
        for name, attack in ATTACKS.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self._run(
                        attack, user, lambda: self.assertFalse(self._sold_beyond())
                    )

    def test_selling_is_real(self):
        self.company.parts_price_control = False
        for name, attack in ATTACKS.items():
            expected = self.assertFalse if name in NEEDS_MORE else self.assertTrue
            with self.subTest(attack=name):
                self._run(
                    attack,
                    self.seller,
                    lambda expected=expected: expected(
                        self._sold_beyond(), self.case.error
                    ),
                )
