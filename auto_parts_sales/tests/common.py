from odoo.tests import new_test_user

from odoo.addons.sale.tests.common import SaleCommon


class PartsCommon(SaleCommon):
    """Users of every role, and a small catalogue of two makes."""

    # login: groups beside base.group_user
    ROLES = {
        "salesperson": "sales_team.group_sale_salesman",
        "sales_manager": "sales_team.group_sale_manager",
        "price_group": "auto_parts_sales.group_parts_price_group",
        "finance": "auto_parts_sales.group_parts_finance",
        "finance_deputy": "auto_parts_sales.group_parts_finance_deputy",
        "general_manager": "auto_parts_sales.group_parts_general_manager",
        "warehouse": "stock.group_stock_user",
        "legal": "auto_parts_sales.group_parts_legal_department",
        "administrator": "auto_parts_sales.group_parts_administrator",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env, login=f"parts_{role}", groups=f"base.group_user,{group}"
            )
            for role, group in cls.ROLES.items()
        }
        cls.salesperson = cls.users["salesperson"]
        cls._load_vehicles()
        cls._load_parts()

    @classmethod
    def _load_vehicles(cls):
        cls.vag = cls.env["parts.catalog.make.group"].create({"name": "VAG"})
        cls.vw, cls.audi, cls.toyota = cls.env["parts.catalog.make"].create(
            [
                {"name": "Volkswagen", "group_id": cls.vag.id},
                {"name": "Audi", "group_id": cls.vag.id},
                {"name": "Toyota"},
            ]
        )
        golf, passat, camry = cls.env["parts.catalog.model"].create(
            [
                {"name": "Golf", "make_id": cls.vw.id},
                {"name": "Passat", "make_id": cls.vw.id},
                {"name": "Camry", "make_id": cls.toyota.id},
            ]
        )
        cls.golf, cls.passat, cls.camry = cls.env["parts.catalog.vehicle"].create(
            [
                {
                    "model_id": golf.id,
                    "generation": "VII",
                    "year_from": 2013,
                    "year_to": 2020,
                    "engine": "1.4 TSI",
                    "engine_code": "CZCA",
                },
                {"model_id": passat.id, "year_from": 2015, "year_to": 2022},
                {"model_id": camry.id, "year_from": 2018},
            ]
        )

    @classmethod
    def _load_parts(cls):
        cls.bosch, cls.hella = cls.env["parts.catalog.brand"].create(
            [
                {"name": "Bosch", "grade": "oes"},
                {"name": "Hella", "grade": "aftermarket"},
            ]
        )
        cls.source = cls.env["parts.catalog.source"].create({"name": "Catalogue A"})
        cls.ecu, cls.ecu_b, cls.filter = cls.env["product.product"].create(
            [
                {
                    "name": "Engine control unit",
                    "default_code": "ECU-1",
                    "list_price": 800.0,
                    "is_storable": True,
                    "sale_delay": 7,
                    "parts_brand_id": cls.bosch.id,
                    "parts_grade": "genuine",
                    "parts_warranty_months": 24,
                },
                {"name": "Engine control unit, index B", "list_price": 700.0},
                {"name": "Oil filter", "default_code": "OF-9", "barcode": "4006633"},
            ]
        )

    @classmethod
    def _add_number(cls, product, number, **values):
        """Give a product a number; of Volkswagen unless said otherwise."""
        if not values.keys() & {"make_id", "group_id", "brand_id"}:
            values["make_id"] = cls.vw.id
        return cls.env["parts.catalog.number"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "number": number,
                **values,
            }
        )

    @classmethod
    def _add_fitment(cls, product, vehicle, **values):
        return cls.env["parts.catalog.fitment"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "vehicle_id": vehicle.id,
                **values,
            }
        )
