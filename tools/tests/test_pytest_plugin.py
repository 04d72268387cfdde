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
