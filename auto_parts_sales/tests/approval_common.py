from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.sale.tests.common import SaleCommon

PREFIX = "auto_parts_sales.group_parts_"


class ApprovalCommon(SaleCommon):
    """A company with credit control on, one person for each role, and an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.parts_credit_control = True
        cls.seller = cls._new_user("seller", "sales_team.group_sale_salesman")
        cls.manager = cls._new_user("manager", "sales_team.group_sale_manager")
        cls.general_manager = cls._new_user("boss", f"{PREFIX}general_manager")
        cls.keeper = cls._new_user("keeper", f"{PREFIX}credit_keeper")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Xinda Repair", "is_company": True}
        )
        cls.part = cls.env["product.product"].create(
            {"name": "Brake disc", "list_price": 100.0, "taxes_id": [Command.clear()]}
        )

    @classmethod
    def _new_user(cls, login, *groups, **values):
        return new_test_user(
            cls.env,
            login=f"parts_{login}",
            groups=",".join(("base.group_user", *groups)),
            **values,
        )

    @classmethod
    def _new_order(cls, quantity=1, user=None, customer=None, **values):
        """Return a quotation of ``quantity`` brake discs at 100.00, without tax."""
        user = user or cls.seller
        return (
            cls.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": (customer or cls.customer).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.part.id,
                                "product_uom_qty": quantity,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _new_file(cls, limit, customer=None, **values):
        return cls.env["parts.credit.file"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "company_id": cls.company.id,
                "credit_limit": limit,
                "term_days": 90,
                "state": "active",
                **values,
            }
        )

    @classmethod
    def _ask(cls, order, user=None, reason="Good customer"):
        order = order.with_user(user or cls.seller)
        before = order.sudo().parts_approval_ids
        order.action_parts_request_approval(reason)
        return (order.sudo().parts_approval_ids - before).with_env(order.env)
