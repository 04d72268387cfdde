"""make test: the whole suite, or the part that T names.

Two runs of pytest: the addon with the apps that it depends on, and the tests of
``tests/addons`` on a database that has further apps of Odoo, too. The summary of the
second counts both.
"""

import os
import shlex
from pathlib import Path

from tools.runtime import system_packages
from tools.runtime.console import say, step
from tools.runtime.project import ADDON
from tools.runtime.runtime import runtime
from tools.runtime.templates import further_template, installed_template

PREFIX = "auto_parts_test_"
SUITES = ("tools/tests", "tests", f"{ADDON}/tests")
FURTHER_SUITE = "tests/addons"
PARALLEL = ("-n", "2", "--dist", "loadscope")
# Pytest's own exit codes after which the other run still makes sense
PASSED, FAILED, NOTHING_COLLECTED = 0, 1, 5


def run(project, arguments):
    wanted = arguments or shlex.split(os.environ.get("T", ""))
    project.make_runtime_folder()
    system_packages.want(
        project,
        [
            system_packages.CHROMIUM,
            system_packages.WKHTMLTOPDF,
            system_packages.CHINESE_FONT,
        ],
    )
    plain, further = planned(wanted, project.root)
    with runtime(project) as ready:
        drop_abandoned(ready.databases)
        if further is None:
            return run_plain(ready, plain)
        if plain is None:
            return run_further(ready, further)
        return run_both(ready, plain, further)


def planned(wanted, root):
    """Return the arguments of the plain run and of the further one, None for no run.

    The further one needs apps that take minutes to install: it is part of the whole
    suite, and else only asked for by a path.
    """
    if not wanted:
        suites = [suite for suite in SUITES if (root / suite).is_dir()]
        further = [FURTHER_SUITE] if (root / FURTHER_SUITE).is_dir() else None
        return [*suites, *PARALLEL], further
    arguments = [resolved(argument, root) for argument in wanted]
    paths = [argument for argument in arguments if is_path(argument, root)]
    further = [path for path in paths if is_further(path, root)]
    if not further:
        return arguments, None
    plain = [path for path in paths if path not in further]
    return (
        [one for one in arguments if one not in further] if plain else None,
        [one for one in arguments if one not in plain],
    )


def resolved(argument, root):
    """Return a path below the addon as seen from the repository's root."""
    path = argument.partition("::")[0]
    if not path or path.startswith("-") or (root / path).exists():
        return argument
    return f"{ADDON}/{argument}" if (root / ADDON / path).exists() else argument


def is_path(argument, root):
    path = argument.partition("::")[0]
    return bool(path) and not path.startswith("-") and (root / path).exists()


def is_further(argument, root):
    path = (root / argument.partition("::")[0]).resolve()
    return path.is_relative_to((root / FURTHER_SUITE).resolve())


def run_both(ready, plain, further):
    """Run one after the other and return the exit code of both together."""
    reports = Path(ready.project.runtime, f"test-reports-{os.getpid()}")
    try:
        code = run_plain(ready, plain, f"--reports-to={reports}")
        if code not in (PASSED, FAILED, NOTHING_COLLECTED):
            return code
        return run_further(ready, further, f"--reports-from={reports}")
    finally:
        reports.unlink(missing_ok=True)


def run_plain(ready, tests, *options):
    return run_pytest(
        ready, installed_template(ready), tests, f"--ignore={FURTHER_SUITE}", *options
    )


def run_further(ready, tests, *options):
    path = ready.addons_path(ready.project.test_addons)
    return run_pytest(
        ready, further_template(ready), tests, f"--odoo-addons-path={path}", *options
    )


def run_pytest(ready, template, tests, *options):
    database = f"{PREFIX}{os.getpid()}"
    try:
        with step("Copying the template to a test database"):
            ready.databases.copy(template, database)
        say(f"==> pytest {' '.join(map(shlex.quote, tests))}")
        return ready.run(
            "-m",
            "pytest",
            f"--odoo-database={database}",
            "--odoo-http",
            "--odoo-log-level=warn",
            *options,
            *tests,
            cwd=ready.project.root,
        )
    finally:
        for name in ready.databases.names(database):
            ready.databases.drop(name)


def drop_abandoned(databases):
    """Drop the databases of runs that were killed."""
    for name in databases.names(PREFIX):
        process = name.removeprefix(PREFIX).partition("-")[0]
        if not os.path.exists(f"/proc/{process}"):
            databases.drop(name)
