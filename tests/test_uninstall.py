"""Uninstalling leaves a working database with nothing of ours, and a way back."""

from pathlib import Path

import pytest

from tools.runtime.project import ADDON, Project
from tools.runtime.runtime import runtime
from tools.runtime.templates import core_template, installed_template

DATABASE = "auto_parts_test_uninstall"

# What a database holds, as text: (what it is, query)
SCHEMA = {
    "table": "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = 'public'",
    "column": "SELECT table_name || '.' || column_name"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conname FROM pg_constraint",
    "sequence": "SELECT sequencename FROM pg_sequences",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "view": "SELECT name FROM ir_ui_view WHERE model LIKE 'parts.%'"
    " OR name LIKE '%parts%'",
    "external id": f"SELECT name FROM ir_model_data WHERE module = '{ADDON}'",
    "menu": "SELECT name ->> 'en_US' FROM ir_ui_menu",
    "cron": "SELECT cron_name FROM ir_cron",
    "group": "SELECT name ->> 'en_US' FROM res_groups",
    "privilege": "SELECT name ->> 'en_US' FROM res_groups_privilege",
    "rule": "SELECT name FROM ir_rule",
    "activity type": "SELECT name ->> 'en_US' FROM mail_activity_type",
    "mail template": "SELECT name ->> 'en_US' FROM mail_template",
    "document sequence": "SELECT code FROM ir_sequence WHERE code LIKE 'parts%'",
}

USE = """
from odoo.fields import Command

env.company.parts_credit_control = True
customer = env["res.partner"].create({"name": "Xinda"})
part = env["product.product"].create({"name": "Brake disc", "list_price": 100.0})
make = env["parts.catalog.make"].create({"name": "Make"})
env["parts.catalog.number"].create(
    {"product_tmpl_id": part.product_tmpl_id.id, "number": "5G0 906 259 C",
     "kind": "oe", "make_id": make.id}
)
sales = env.ref("sales_team.group_sale_salesman")
seller = env["res.users"].create(
    {"name": "Seller", "login": "uninstall_seller",
     "group_ids": [Command.link(sales.id)]}
)
order = env["sale.order"].with_user(seller).create(
    {"partner_id": customer.id, "order_line": [Command.create({"product_id": part.id})]}
)
order.action_parts_request_approval("because")
assert order.sudo().parts_approval_ids.activity_ids
env.cr.commit()
"""

WORK_ON = """
order = env["sale.order"].search([("partner_id.name", "=", "Xinda")])
assert order.state == "draft", order.state
order.action_confirm()
assert order.state == "sale"
assert not env["mail.message"].search([("model", "=like", "parts.%")])
assert "Brake disc" in env["product.product"].name_search("brake")[0][1]
env.cr.commit()
"""


@pytest.fixture(scope="module")
def ready():
    with runtime(Project(Path(__file__).parents[1])) as ready:
        yield ready
        ready.databases.drop(DATABASE)


def held(ready, database):
    return {
        f"{kind} {name}"
        for kind, query in SCHEMA.items()
        for name in ready.server.query(query, database=database)
    }


def shell(ready, script, tmp_path, database=DATABASE, *options):
    path = tmp_path / "script.py"
    path.write_text(script + "\nprint('done')\n")
    assert ready.shell(database, path, *options) == 0


def test_uninstalling_leaves_nothing_and_installing_again_works(ready, tmp_path):
    ready.databases.copy(installed_template(ready), DATABASE)
    shell(ready, USE, tmp_path)
    assert ready.odoo("module", "uninstall", "-d", DATABASE, ADDON) == 0
    left = held(ready, DATABASE) - held(ready, core_template(ready))
    assert not left
    shell(ready, WORK_ON, tmp_path)
    assert ready.odoo("module", "install", "-d", DATABASE, ADDON) == 0
    shell(ready, "assert env.company.parts_credit_control is False", tmp_path)
