import pytest

from tools.commands.test_core import outcomes, report
from tools.runtime.console import Problem

START = "2026-01-01 00:00:00,000 1 INFO db odoo.addons.sale.tests.test_x: Starting "
TROUBLE = "2026-01-01 00:00:00,000 1 ERROR db odoo.addons.sale.tests.test_x: "


def log(*lines):
    return "\n".join(lines)


def test_outcomes_are_read_from_the_log():
    found = outcomes(
        log(
            f"{START}TestX.test_a ... ",
            f"{START}TestX.test_b ... ",
            f"{TROUBLE}FAIL: TestX.test_b",
            f"{START}TestX.test_c ... ",
            f"{TROUBLE}ERROR: TestX.test_c",
            f"{START}TestX.test_d ... ",
            f"{TROUBLE}FAIL: Subtest TestX.test_d (i=1)",
            f"{TROUBLE}ERROR: setUpClass (odoo.addons.sale.tests.test_x.TestY)",
        )
    )
    assert found == {
        "sale: TestX.test_a": "passed",
        "sale: TestX.test_b": "failed",
        "sale: TestX.test_c": "error",
        "sale: TestX.test_d": "failed",
        "setUpClass (odoo.addons.sale.tests.test_x.TestY)": "error",
    }


def test_a_query_more_or_less_is_a_difference(capsys):
    count = "Query count less than expected for user admin: {} < 44 in x at y.py:1"
    without = outcomes(log(f"{START}TestX.test_a ... ", TROUBLE + count.format(27)))
    with_addon = outcomes(log(f"{START}TestX.test_a ... ", TROUBLE + count.format(28)))
    assert report({"without": without, "with": with_addon}) == 1
    assert report({"without": without, "with": without}) == 0
    assert "28 < 44" in capsys.readouterr().err


def test_a_test_that_only_runs_once_is_a_difference():
    without = {"sale: TestX.test_a": "passed", "sale: TestX.test_b": "passed"}
    with_addon = {"sale: TestX.test_a": "passed"}
    assert report({"without": without, "with": with_addon}) == 1


def test_a_run_without_tests_is_no_success():
    with pytest.raises(Problem, match="did not run"):
        report({"without": {}, "with": {}})
