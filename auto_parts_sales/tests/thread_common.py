from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "manager": "sales_team.group_sale_manager",
    "warehouse": "stock.group_stock_user",
    # Odoo lets only sales invoice an order, and only accounting open an invoice
    "finance": "auto_parts_sales.group_parts_finance,"
    "sales_team.group_sale_salesman_all_leads",
    "office": "auto_parts_sales.group_parts_sales_office",
}
PRICE = 1234.57
QUANTITY = 3


class ThreadCommon(AccountTestInvoicingCommon):
    """A trader with credit control on, one part in stock, one person for each role.

    3 × 1,234.57 = 3,703.71, tax 13 % = 481.48, together 4,185.19; commission 7 %.
    """

    @classmethod
    def get_default_groups(cls):
        """Extend to make the catalogue, the stock and the plan with it."""
        administrator = "auto_parts_sales.group_parts_administrator"
        return (
            super().get_default_groups()
            | cls.env.ref(administrator)
            | cls.env.ref("stock.group_stock_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.parts_credit_control = True
        cls.tax_sale_a.write({"amount": 13.0, "amount_type": "percent"})
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"thread_{role}",
                groups=f"base.group_user,{group}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
                lang="en_US",
            )
            for role, group in ROLES.items()
        }
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Tengda Garage",
                "is_company": True,
                "email": "tengda@example.com",
                "user_id": cls.users["salesperson"].id,
                "property_payment_term_id": cls.env.ref(
                    "account.account_payment_term_immediate"
                ).id,
            }
        )
        cls._load_catalogue()
        cls._load_plan()

    @classmethod
    def _load_catalogue(cls):
        group = cls.env["parts.catalog.make.group"].create({"name": "Thread group"})
        make = cls.env["parts.catalog.make"].create(
            {"name": "Volkswagen", "group_id": group.id}
        )
        golf, variant = cls.env["parts.catalog.model"].create(
            [
                {"name": "Golf", "make_id": make.id},
                {"name": "Golf Variant", "make_id": make.id},
            ]
        )
        cls.golf, cls.variant = cls.env["parts.catalog.vehicle"].create(
            [
                {
                    "model_id": model.id,
                    "generation": "VII",
                    "year_from": 2015,
                    "year_to": 2020,
                }
                for model in (golf, variant)
            ]
        )
        cls.part = cls.env["product.product"].create(
            {
                "name": "Engine control unit",
                "default_code": "THREAD-ECU",
                "is_storable": True,
                "list_price": PRICE,
                "taxes_id": [Command.set(cls.tax_sale_a.ids)],
                "invoice_policy": "delivery",
                "parts_grade": "genuine",
                "parts_warranty_months": 24,
                "parts_number_ids": [
                    Command.create(
                        {"number": "5G0 906 259 C", "kind": "oe", "group_id": group.id}
                    )
                ],
                "parts_fitment_ids": [
                    Command.create({"vehicle_id": vehicle.id})
                    for vehicle in (cls.golf, cls.variant)
                ],
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.part, warehouse.lot_stock_id, 10
        )

    @classmethod
    def _load_plan(cls):
        cls.env["parts.commission.plan"].create(
            {
                "name": "Thread",
                "company_id": cls.company.id,
                "user_ids": [Command.set(cls.users["salesperson"].ids)],
                "rule_ids": [Command.create({"rate": 7.0})],
            }
        )

    @classmethod
    def _as(cls, role, records):
        """Return a model (by name) or records as the person of ``role`` sees them."""
        user = cls.users[role]
        if isinstance(records, str):
            return cls.env[records].with_user(user).sudo(False)
        return records.with_user(user).sudo(False)
