"""The example of a check goes as it came, and what it asked for stays on record."""

from pathlib import Path

import pytest

from tools.runtime.project import Project
from tools.runtime.runtime import runtime
from tools.runtime.templates import installed_template

from .test_uninstall import held, shell

EXAMPLE = "parts_example_check"
DATABASE = "auto_parts_test_example"

USE = """
from odoo.fields import Command

env.company.parts_example_reference = True
role = env.ref("auto_parts_sales.group_parts_sales_manager")
env["parts.approval.rule"].create(
    {"name": "No number", "kind": "example_reference",
     "step_ids": [Command.create({"group_id": role.id})]}
)
customer = env["res.partner"].create({"name": "Xinda"})
part = env["product.product"].create({"name": "Brake disc", "list_price": 100.0})
order = env["sale.order"].create(
    {"partner_id": customer.id, "order_line": [Command.create({"product_id": part.id})]}
)
try:
    with env.cr.savepoint():
        order.action_confirm()
except Exception as error:
    assert "order number is missing" in str(error), error
assert order.state == "draft", "the check holds nothing"
order.action_parts_request_approval("because")
env.cr.commit()
"""

# Odoo's command for it does not take a path for addons
UNINSTALL = f"""
module = env["ir.module.module"].search([("name", "=", {EXAMPLE!r})])
module.button_immediate_uninstall()
"""

WORK_ON = """
order = env["sale.order"].search([("partner_id.name", "=", "Xinda")])
assert not order.parts_gate_html, order.parts_gate_html
order.action_confirm()
assert order.state == "sale"
request = order.parts_approval_ids
assert request.kind == "example_reference", "what was asked stays on record"
assert request.display_name and request.read(), "and can be read"
assert not env["parts.approval.rule"].search([("name", "=", "No number")])
env.cr.rollback()
"""


@pytest.fixture(scope="module")
def ready():
    with runtime(Project(Path(__file__).parents[1])) as ready:
        yield ready
        ready.databases.drop(DATABASE)


def test_the_example_uninstalls_cleanly(ready, tmp_path):
    template = installed_template(ready)
    path = f"--addons-path={ready.addons_path(ready.project.test_addons)}"
    ready.databases.copy(template, DATABASE)
    ready.odoo_quietly(
        "test-example",
        *("-d", DATABASE, "-i", EXAMPLE, "--stop-after-init", "--no-http", path),
        failure="The example addon cannot be installed.",
    )
    shell(ready, USE, tmp_path, DATABASE, path)
    shell(ready, UNINSTALL, tmp_path, DATABASE, path)
    assert not held(ready, DATABASE) - held(ready, template)
    shell(ready, WORK_ON, tmp_path, DATABASE)
