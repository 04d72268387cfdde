"""make test: the whole suite, or the part that T names, in one run of pytest."""

import os
import shlex

from tools.runtime import system_packages
from tools.runtime.console import say, step
from tools.runtime.project import ADDON
from tools.runtime.runtime import runtime
from tools.runtime.templates import installed_template

PREFIX = "auto_parts_test_"
WORKERS = "2"
SUITES = ("tools/tests", "tests", f"{ADDON}/tests")


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
    with runtime(project) as ready:
        template = installed_template(ready)
        drop_abandoned(ready.databases)
        database = f"{PREFIX}{os.getpid()}"
        try:
            with step("Copying the template to a test database"):
                ready.databases.copy(template, database)
            return run_pytest(ready, database, wanted)
        finally:
            for name in ready.databases.names(database):
                ready.databases.drop(name)


def run_pytest(ready, database, wanted):
    root = ready.project.root
    if wanted:
        tests = [resolved(argument, root) for argument in wanted]
    else:
        tests = [suite for suite in SUITES if (root / suite).is_dir()]
        tests += ["-n", WORKERS, "--dist", "loadscope"]
    say(f"==> pytest {' '.join(map(shlex.quote, tests))}")
    options = [f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=warn"]
    return ready.run("-m", "pytest", *options, *tests, cwd=root)


def resolved(argument, root):
    """Return a path below the addon as seen from the repository's root."""
    path = argument.partition("::")[0]
    if not path or path.startswith("-") or (root / path).exists():
        return argument
    return f"{ADDON}/{argument}" if (root / ADDON / path).exists() else argument


def drop_abandoned(databases):
    """Drop the databases of runs that were killed."""
    for name in databases.names(PREFIX):
        process = name.removeprefix(PREFIX).partition("-")[0]
        if not os.path.exists(f"/proc/{process}"):
            databases.drop(name)
