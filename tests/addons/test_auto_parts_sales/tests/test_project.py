from odoo.fields import Command
from odoo.tests import tagged

from .further_common import FurtherCommon


@tagged("post_install", "-at_install")
class TestProject(FurtherCommon):
    """paths.md B: a planner's task or project confirms a quotation.

    It is no customer who acts, so the planner reads why it cannot be, and nothing of
    what he wrote is saved half.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._new_user("planner", "project.group_project_manager")
        cls.seller.group_ids |= cls.env.ref("project.group_project_user")
        cls.project = cls.env["project.project"].create(
            {
                "name": "Workshop",
                "partner_id": cls.customer.id,
                "allow_billable": True,
                "privacy_visibility": "employees",
            }
        )
        cls.task = cls.env["project.task"].create(
            {"name": "Fit brakes", "project_id": cls.project.id}
        )
        cls.order = cls._new_service_order()
        cls.line = cls.order.order_line

    def _assert_nothing_happened(self):
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.task.sale_line_id)
        self.assertFalse(self.project.sale_line_id)

    def test_linking_a_task(self):
        task = self.task.with_user(self.planner)
        self._assert_refused(lambda: task.write({"sale_line_id": self.line.id}))
        self._assert_nothing_happened()
        self._new_file(100.0)
        task.sale_line_id = self.line
        self.assertEqual(self.order.state, "sale")

    def test_creating_a_linked_task(self):
        tasks = self.env["project.task"].with_user(self.planner)
        vals = {
            "name": "Bleed brakes",
            "project_id": self.project.id,
            "sale_line_id": self.line.id,
        }
        self._assert_refused(lambda: tasks.create(vals))
        self._assert_nothing_happened()
        self.assertFalse(tasks.search([("name", "=", "Bleed brakes")]))
        self._new_file(100.0)
        tasks.create(vals)
        self.assertEqual(self.order.state, "sale")

    def test_linking_a_project(self):
        project = self.project.with_user(self.planner)
        self._assert_refused(lambda: project.write({"sale_line_id": self.line.id}))
        self._assert_nothing_happened()
        self._new_file(100.0)
        project.sale_line_id = self.line
        self.assertEqual(self.order.state, "sale")

    def test_creating_a_linked_project(self):
        # Odoo notes the project on the order: only who may write it can do that. It
        # also adds to the values that it is given.
        self.seller.group_ids |= self.env.ref("project.group_project_manager")
        projects = self.env["project.project"].with_user(self.seller)
        vals = {
            "name": "Second workshop",
            "partner_id": self.customer.id,
            "allow_billable": True,
            "sale_line_id": self.line.id,
        }
        self._assert_refused(lambda: projects.create(dict(vals)))
        self.assertFalse(projects.search([("name", "=", "Second workshop")]))
        self._new_file(100.0)
        projects.create(dict(vals))
        self.assertEqual(self.order.state, "sale")

    def test_an_approval_opens_it_to_the_planner(self):
        self._ask(self.order).with_user(self.manager).action_approve()
        self.task.with_user(self.planner).sale_line_id = self.line
        self.assertEqual(self.order.state, "sale")

    def test_order_created_from_a_task(self):
        orders = self.env["sale.order"].with_user(self.seller)
        orders = orders.with_context(create_for_task_id=self.task.id)
        vals = {
            "partner_id": self.customer.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.service.id,
                        "product_uom_qty": 1,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        before = orders.search_count([])
        self._assert_refused(lambda: orders.create(vals))
        self.assertEqual(orders.search_count([]), before)
        self._assert_nothing_happened()
        self._new_file(100.0)
        order = orders.create(vals)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.task.sale_line_id, order.order_line)

    def test_order_created_from_a_project(self):
        # Odoo links the project, which confirms the order at once
        orders = self.env["sale.order"].with_user(self.seller)
        orders = orders.with_context(create_for_project_id=self.project.id)
        line = {"product_id": self.service.id, "price_unit": 100.0, "tax_ids": False}
        vals = {
            "partner_id": self.customer.id,
            "order_line": [Command.create(line)],
        }
        self.seller.group_ids |= self.env.ref("project.group_project_manager")
        self._assert_refused(lambda: orders.create(vals))
        self.assertFalse(self.project.sale_line_id)
        self._new_file(100.0)
        self.assertEqual(orders.create(vals).state, "sale")


@tagged("post_install", "-at_install")
class TestProjectMaterial(FurtherCommon):
    """paths.md B: material that leaves for a project is charged to its order.

    An order of 100.00 all but uses the limit up; the material costs 20.00 each.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse_user = cls._new_user(
            "warehouse", "stock.group_stock_user", "project.group_project_user"
        )
        cls._new_file(105.0)  # for the goods themselves, at their price
        cls.order = cls._new_service_order()
        cls.order.action_confirm()
        project = cls.env["project.project"].create(
            {
                "name": "Workshop",
                "partner_id": cls.customer.id,
                "allow_billable": True,
                "privacy_visibility": "employees",
                "reinvoiced_sale_order_id": cls.order.id,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        warehouse.out_type_id.analytic_costs = True
        grease = cls.env["product.product"].create(
            {
                "name": "Grease",
                "standard_price": 20.0,
                "expense_policy": "cost",
                "taxes_id": [Command.clear()],
            }
        )
        customers = cls.env.ref("stock.stock_location_customers")
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": customers.id,
        }
        cls.picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": cls.customer.id,
                "project_id": project.id,
                "move_ids": [
                    Command.create(
                        {"product_id": grease.id, "product_uom_qty": 2, **places}
                    )
                ],
                **places,
            }
        )
        cls.picking.action_confirm()
        cls.picking.move_ids.write({"quantity": 2, "picked": True})

    def test_material_is_let_in_and_flagged(self):
        self.picking.with_user(self.warehouse_user).button_validate()
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(self.order.amount_total, 140.0)
        self._assert_grown(self.order, 40.0)

    def test_the_next_gate_stands(self):
        self.picking.with_user(self.warehouse_user).button_validate()
        line = self.order.order_line[0]
        self._assert_refused(
            lambda: line.write({"price_unit": 100.01}), "beyond the credit limit"
        )
