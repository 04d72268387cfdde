"""Pytest as `make test` wants it.

Parallel, with signs of life, no tour lost, and one summary for two runs.
"""

import fcntl
import json
import os
import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.runtime.databases import link
from tools.runtime.locks import open_lock

NO_BROWSER = "Chrome executable not found"
BEAT_SECONDS = 30


def pytest_addoption(parser):
    parser.addoption("--reports-to", help="file that keeps what the tests reported")
    parser.addoption(
        "--reports-from", help="such a file of an earlier run, to count it"
    )


def pytest_configure(config):
    pytest_odoo = config.pluginmanager.get_plugin("odoo")
    if pytest_odoo:
        pytest_odoo._shared_filestore = own_filestore
    if hasattr(config, "workerinput"):  # in a worker of pytest-xdist
        config.pluginmanager.register(BrowserAlone(), "browser-alone")
    else:
        config.pluginmanager.register(SignsOfLife(), "signs-of-life")
        tours = MissedTours()
        if path := config.getoption("--reports-to"):
            config.pluginmanager.register(KeptReports(config, path), "kept-reports")
            tours.silent = True  # the next run names them, in its last line
        if path := config.getoption("--reports-from"):
            earlier = EarlierReports(config, path, tours)
            config.pluginmanager.register(earlier, "earlier-reports")
        config.pluginmanager.register(tours, "missed-tours")


@contextmanager
def own_filestore(original, database):
    """Give the database of a parallel worker a filestore of its own.

    pytest-odoo lets the workers share one; but Odoo tidies it up after each class of
    tests, and what one worker does not know, another one may be using.
    """
    from odoo.tools import config

    if original == database:
        yield
        return
    own = Path(config.filestore(database))
    shared = Path(config.filestore(original))
    shutil.rmtree(own, ignore_errors=True)
    if shared.exists():
        shutil.copytree(shared, own, copy_function=link)
    try:
        yield
    finally:
        shutil.rmtree(own, ignore_errors=True)


class BrowserAlone:
    """While a worker runs a browser test, the others wait: a tour has little patience.

    Who wants to go first passes the gate, so that a browser test is not kept waiting by
    others that follow each other.
    """

    def __init__(self):
        locks = Path(".runtime/locks").absolute()
        self.gate = open_lock(locks / "tests-gate")
        self.lock = open_lock(locks / "tests")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        kind = fcntl.LOCK_EX if uses_browser(item) else fcntl.LOCK_SH
        fcntl.flock(self.gate, fcntl.LOCK_EX)
        fcntl.flock(self.lock, kind)
        fcntl.flock(self.gate, fcntl.LOCK_UN)
        try:
            return (yield)
        finally:
            fcntl.flock(self.lock, fcntl.LOCK_UN)


def uses_browser(item):
    from odoo.tests.common import HttpCase

    return bool(item.cls) and issubclass(item.cls, HttpCase)


class SignsOfLife:
    """A line every half minute, because a test or its set-up may take long."""

    def __init__(self):
        self.total = 0
        self.done = 0
        self.started = time.monotonic()
        self.finished = threading.Event()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self):
        # A copy, because pytest puts its own file there while a test runs.
        self.terminal = os.fdopen(os.dup(2), "w")
        threading.Thread(target=self._beat, daemon=True).start()

    def pytest_runtest_logreport(self, report):
        self.done += report.when == "teardown"

    def pytest_sessionfinish(self):
        self.finished.set()

    def _beat(self):
        while not self.finished.wait(BEAT_SECONDS):
            passed = int(time.monotonic() - self.started)
            line = f"    {passed // 60} min {passed % 60} s: {self.done} tests done"
            print(f"\n{line}", file=self.terminal, flush=True)


class MissedTours:
    """Browser tests without a browser: failed in CI, named in the last line elsewhere.

    Odoo skips them.
    """

    def __init__(self):
        self.missed = []
        self.silent = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if not report.skipped or NO_BROWSER not in str(report.longrepr):
            return
        if os.environ.get("CI"):
            report.outcome = "failed"
            report.longrepr = f"{NO_BROWSER}: in CI the browser tests have to run."
        else:
            self.missed.append(report.nodeid.rpartition("::")[2])

    def pytest_unconfigure(self):
        if self.missed and not self.silent:
            print(
                f"{len(self.missed)} browser tests did not run, because Chromium is "
                f"missing (apt-get install chromium): {', '.join(self.missed)}"
            )


class KeptReports:
    """Keeps the reports that count, a line each, for the summary of a later run."""

    def __init__(self, config, path):
        self.config = config
        self.path = Path(path)
        self.path.write_text("")

    # After the plugins that may still turn the outcome
    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        if category_of(self.config, report):
            self._keep(report)

    def pytest_collectreport(self, report):
        if report.failed:
            self._keep(report)

    def _keep(self, report):
        data = self.config.hook.pytest_report_to_serializable(
            config=self.config, report=report
        )
        data.pop("node", None)  # the worker of pytest-xdist
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(data, default=str) + "\n")


class EarlierReports:
    """Counts an earlier run's reports in the summary and in the exit code."""

    def __init__(self, config, path, tours):
        self.config = config
        self.tours = tours
        self.failed = 0
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        self.reports = [self._report(line) for line in lines]

    def _report(self, line):
        return self.config.hook.pytest_report_from_serializable(
            config=self.config, data=json.loads(line)
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        # Before the first of this run's own: the summary's colour follows all of them
        stats = self.config.pluginmanager.get_plugin("terminalreporter").stats
        for report in self.reports:
            self.failed += report.failed
            stats.setdefault(category_of(self.config, report), []).append(report)
            self.tours.pytest_runtest_logreport(report)
        result = yield
        session.testsfailed += self.failed
        return result


def category_of(config, report):
    """Return what the terminal counts a report as: passed, failed, error ..."""
    if isinstance(report, pytest.CollectReport):
        return "error" if report.failed else ""
    return config.hook.pytest_report_teststatus(report=report, config=config)[0]
