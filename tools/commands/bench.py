"""make bench: every bench/*.py in Odoo's shell, on one database of its own."""

import os

from tools.runtime.console import Problem, say, step
from tools.runtime.runtime import runtime
from tools.runtime.templates import installed_template


def run(project, arguments):
    scripts = sorted((project.root / "bench").glob("*.py"))
    if not scripts:
        raise Problem(f"There is nothing to measure in {project.root / 'bench'}.")
    with runtime(project) as ready:
        template = installed_template(ready)
        database = f"auto_parts_bench_{os.getpid()}"
        failed = []
        try:
            ready.databases.copy(template, database)
            for script in scripts:
                with step(f"Measuring with {script.name}"):
                    if ready.shell(database, script):
                        failed.append(script.name)
        finally:
            ready.databases.drop(database)
    if failed:
        say(f"bench: {', '.join(failed)} failed")
    return bool(failed)
