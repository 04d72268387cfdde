"""The addon's demo data loads whatever the company's chart of accounts is."""

from pathlib import Path

import pytest

from tools.runtime.project import ADDON, Project
from tools.runtime.runtime import runtime
from tools.runtime.templates import core_template

DATABASE = "auto_parts_test_demo"

# Core's apps are only marked as if they had demo data: ours is what is tried.
PREPARE = """
company = env.ref("base.main_company")
if {module!r}:
    company.country_id = env.ref("base.cn")
    module = env["ir.module.module"].search([("name", "=", {module!r})])
    module.button_immediate_install()
    env["account.chart.template"].try_loading({chart!r}, company, install_demo=False)
env.cr.execute("UPDATE ir_module_module SET demo = TRUE WHERE state = 'installed'")
env.cr.commit()
"""

CHECK = """
assert env.ref("base.main_company").chart_template == {chart!r}
number = env["parts.catalog.number"].search([("key", "=", "5G0906259C")])
assert number.product_tmpl_id.parts_fitment_ids.vehicle_id, "what does it fit?"
hits = env["product.product"].parts_find("5g0 906-259 c")
assert hits[0]["match"] == "oe", hits
assert env["parts.credit.file"].search_count([("state", "=", "active")]) > 10
assert env["sale.order"].search_count([("state", "=", "sale")])
assert env["parts.enquiry.line"].search_count([])
"""


@pytest.fixture(scope="module")
def ready():
    with runtime(Project(Path(__file__).parents[1])) as ready:
        yield ready
        ready.databases.drop(DATABASE)


def shell(ready, script, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(script)
    assert ready.shell(DATABASE, path) == 0


@pytest.mark.parametrize(
    ("module", "chart"), [(None, "generic_coa"), ("l10n_cn", "cn")]
)
def test_demo_data_loads(ready, tmp_path, module, chart):
    ready.databases.copy(core_template(ready), DATABASE)
    shell(ready, PREPARE.format(module=module, chart=chart), tmp_path)
    ready.odoo_quietly(
        "test-demo",
        *("-d", DATABASE, "-i", ADDON, "--stop-after-init", "--no-http"),
        failure="The demo data does not load.",
    )
    shell(ready, CHECK.format(chart=chart), tmp_path)
