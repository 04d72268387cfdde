import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools.pytest_plugin import NO_BROWSER, MissedTours


def skipped(reason):
    return SimpleNamespace(
        skipped=True,
        outcome="skipped",
        longrepr=("file.py", 1, f"Skipped: {reason}"),
        nodeid="tests/test_x.py::TestX::test_tour",
    )


@pytest.mark.parametrize(("ci", "outcome"), [("true", "failed"), ("", "skipped")])
def test_a_tour_without_browser_fails_in_ci(monkeypatch, capsys, ci, outcome):
    monkeypatch.setenv("CI", ci)
    tours, report = MissedTours(), skipped(NO_BROWSER)
    tours.pytest_runtest_logreport(report)
    assert report.outcome == outcome
    tours.pytest_unconfigure()
    assert ("test_tour" in capsys.readouterr().out) == (outcome == "skipped")


def test_other_skipped_tests_stay_skipped(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    tours, report = MissedTours(), skipped("not today")
    tours.pytest_runtest_logreport(report)
    tours.pytest_unconfigure()
    assert report.outcome == "skipped"
    assert capsys.readouterr().out == ""


FIRST = """
import pytest

def test_passes(): pass

def test_fails(): assert 1 == 2

@pytest.mark.skip("not today")
def test_is_skipped(): pass

@pytest.fixture
def broken(): raise ValueError("broken")

def test_has_no_set_up(broken): pass
"""
SECOND = "def test_passes(): pass"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs pytest on a file and returns code and output."""

    def run(name, text, *options):
        (tmp_path / name).write_text(text)
        return subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-p", "no:odoo"),
                *("-p", "tools.pytest_plugin", "-p", "no:cacheprovider"),
                *("-p", "no:hypothesispytest"),
                *("--rootdir", str(tmp_path), *options, str(tmp_path / name)),
            ],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            text=True,
            capture_output=True,
        )

    return run


def test_the_second_run_sums_up_both(run, tmp_path):
    kept = tmp_path / "reports"
    first = run("test_first.py", FIRST, f"--reports-to={kept}", "-n", "1")
    assert first.returncode == 1, first.stdout
    second = run("test_second.py", SECOND, f"--reports-from={kept}")
    assert second.returncode == 1
    last = second.stdout.splitlines()[-1]
    assert "1 failed, 2 passed, 1 skipped, 1 error" in last, second.stdout
    assert "assert 1 == 2" in second.stdout
    assert "FAILED test_first.py::test_fails" in second.stdout


def test_two_good_runs_are_good(run, tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    kept = tmp_path / "reports"
    tour = f"import pytest\n@pytest.mark.skip('{NO_BROWSER}')\ndef test_tour(): pass"
    first = run("test_first.py", tour, f"--reports-to={kept}")
    assert first.returncode == 0
    assert "browser tests did not run" not in first.stdout
    second = run("test_second.py", SECOND, f"--reports-from={kept}")
    assert second.returncode == 0
    *_others, summary, last = second.stdout.splitlines()
    assert "1 passed, 1 skipped" in summary
    assert "1 browser tests did not run" in last
