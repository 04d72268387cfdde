from types import SimpleNamespace

import pytest

from tools.commands import test as command
from tools.commands.test import FURTHER_SUITE, PARALLEL, planned, resolved


@pytest.fixture
def root(tmp_path):
    for path in (
        "auto_parts_sales/tests/test_x.py",
        "tests/test_y.py",
        "tests/addons/test_more/tests/test_z.py",
        "tools/tests/test_t.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def test_paths_may_be_given_below_the_addon(root):
    def seen(argument):
        return resolved(argument, root)

    assert seen("tests/test_x.py") == "auto_parts_sales/tests/test_x.py"
    assert seen("tests/test_x.py::TestX::test_a").startswith("auto_parts_sales/tests/")
    assert seen("tests/test_y.py") == "tests/test_y.py"
    assert seen("-k") == "-k"
    assert seen("race") == "race"


def test_the_whole_suite_is_two_runs(root):
    plain, further = planned([], root)
    assert plain == ["tools/tests", "tests", "auto_parts_sales/tests", *PARALLEL]
    assert further == [FURTHER_SUITE]


@pytest.mark.parametrize(
    "wanted",
    [
        ["tests/test_y.py"],
        ["auto_parts_sales/tests/test_x.py", "-k", "race"],
        ["-k", "race"],
        ["tests"],
    ],
)
def test_a_part_of_the_plain_tests_needs_no_further_apps(root, wanted):
    assert planned(wanted, root) == (wanted, None)


@pytest.mark.parametrize(
    "path",
    [
        "tests/addons",
        "tests/addons/test_more/",
        "tests/addons/test_more/tests/test_z.py::TestZ::test_a",
    ],
)
def test_a_part_of_the_further_tests_is_the_only_run(root, path):
    assert planned([path, "-k", "shop"], root) == (None, [path, "-k", "shop"])


def test_parts_of_both_share_the_options(root):
    wanted = ["tests/test_y.py", "tests/addons", "-x"]
    assert planned(wanted, root) == (["tests/test_y.py", "-x"], ["tests/addons", "-x"])


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 0], 0),
        ([1, 1], 1),  # what failed first is counted by the second run
        ([5, 0], 0),
        ([2], 2),  # interrupted: no second run
        ([3], 3),
        ([4], 4),
    ],
)
def test_exit_code_of_both_runs(monkeypatch, tmp_path, codes, code):
    seen = []

    def run_pytest(ready, template, tests, *options):
        seen.append((template, options))
        return codes[len(seen) - 1]

    monkeypatch.setattr(command, "run_pytest", run_pytest)
    monkeypatch.setattr(command, "installed_template", lambda ready: "plain")
    monkeypatch.setattr(command, "further_template", lambda ready: "further")
    project = SimpleNamespace(runtime=tmp_path, test_addons="more")
    ready = SimpleNamespace(project=project, addons_path=lambda *more: "path")
    assert command.run_both(ready, ["tests"], ["tests/addons"]) == code
    assert [template for template, _options in seen] == ["plain", "further"][
        : len(codes)
    ]
    [kept] = [option for option in seen[0][1] if option.startswith("--reports-to=")]
    if len(codes) == 2:
        assert kept.replace("-to=", "-from=") in seen[1][1]
