from odoo.fields import Command

from .approval_common import PREFIX, ApprovalCommon


class PriceCommon(ApprovalCommon):
    """A company with price control on. The part: list price 100, cost 60.

    Bands: the director 20 below, 30 above, margin 5 %; from him the manager 12 below,
    20 above, margin 15 %; from him every salesperson 5 below, 10 above, margin 25 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = False
        cls.company.parts_price_control = True
        cls.director = cls._new_user(
            "director", f"{PREFIX}sales_director", "sales_team.group_sale_manager"
        )
        cls.pricer = cls._new_user(
            "pricer", f"{PREFIX}price_group", "sales_team.group_sale_salesman_all_leads"
        )
        cls.accountant = cls._new_user("accountant", f"{PREFIX}finance")
        cls.part.standard_price = 60.0
        cls.band_director = cls._band(
            "sales_director", 20, 30, 5, None, may_pass_on=True
        )
        cls.band_manager = cls._band(
            "sales_manager", 12, 20, 15, cls.band_director, may_pass_on=True
        )
        cls.band_seller = cls._band("salesperson", 5, 10, 25, cls.band_manager)

    @classmethod
    def _band(cls, role, below, above, margin, parent=None, **values):
        holder = {"group_id": cls.env.ref(f"{PREFIX}{role}").id} if role else {}
        return cls.env["parts.price.band"].create(
            {
                **holder,
                "company_id": cls.company.id,
                "percent_below": below,
                "percent_above": above,
                "margin_min": margin,
                "parent_id": parent.id if parent else False,
                "date_from": "2020-01-01",
                **values,
            }
        )

    @classmethod
    def _priced(cls, price=100.0, quantity=1, user=None, **line):
        """Return a quotation of the part at ``price``."""
        order = cls._new_order(quantity, user=user, order_line=[])
        cls._add(order, price, quantity, **line)
        return order

    @classmethod
    def _add(cls, order, price, quantity=1, **line):
        return (
            cls.env["sale.order.line"]
            .with_user(order.env.user)
            .create(
                {
                    "order_id": order.id,
                    "product_id": cls.part.id,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                    **line,
                }
            )
        )

    def _keys(self, order, gate="confirm"):
        return [b["key"] for b in order.sudo()._parts_gate_blocks(gate)]

    def assertInside(self, order):
        self.assertEqual(self._keys(order), [])

    def assertBeyond(self, order):
        self.assertEqual(self._keys(order), ["price"])

    def _confirms(self, order, user=None):
        try:
            with self.cr.savepoint():
                order.with_user(user or self.seller).action_confirm()
        except Exception:
            return False
        return order.state == "sale"
