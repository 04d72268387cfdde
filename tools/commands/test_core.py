"""make test-core: do Odoo's own tests give the same result with the addon installed?

Both runs go on at the same time, on copies of the template databases.
"""

import os
import re
import socket
import subprocess

from tools.runtime.console import Problem, say, step
from tools.runtime.runtime import runtime
from tools.runtime.templates import core_template, installed_template

MODULES = ("sale", "sale_management", "sale_stock", "stock", "account", "crm")
RUNS = ("without", "with")
STARTED = re.compile(r" odoo\.addons\.(\w+)\.tests\.\S+: Starting (\S+) \.\.\.")
TROUBLE = re.compile(r": (FAIL|ERROR|skipped):? (?:Subtest )?(setUpClass \(\S+\)|\S+)")
QUERIES = re.compile(r"Query count (?:less|more) than expected .*")


def run(project, arguments):
    with runtime(project) as ready:
        templates = {"without": core_template(ready), "with": installed_template(ready)}
        names = {run: f"auto_parts_core_tests_{run}_{os.getpid()}" for run in RUNS}
        try:
            for run_name, name in names.items():
                ready.databases.copy(templates[run_name], name)
            results = run_tests(ready, names)
        finally:
            for name in names.values():
                ready.databases.drop(name)
    return report(results)


def run_tests(ready, databases):
    """Run core's tests on both databases and return the outcomes of each run."""
    logs = {run: ready.project.logs / f"test-core-{run}.log" for run in databases}
    processes = {}
    title = f"Odoo's own tests of {', '.join(MODULES)}, without and with the addon"
    try:
        with step(title, lambda: progress(logs)):
            for run_name, database in databases.items():
                processes[run_name] = start(ready, database, logs[run_name])
            for process in processes.values():
                process.wait()
    finally:
        for process in processes.values():
            process.terminate()
            process.wait()
    return {run: outcomes(log.read_text(errors="replace")) for run, log in logs.items()}


def start(ready, database, log):
    tags = ",".join(f"post_install/{module}" for module in MODULES)
    handlers = [f"--log-handler=odoo.addons.{name}.tests:INFO" for name in MODULES]
    command = [
        ready.python_env.python,
        "-m",
        "odoo",
        "-d",
        database,
        "--test-tags",
        tags,
    ]
    command += ["--stop-after-init", f"--http-port={free_port()}"]
    command += ["--log-handler=:WARNING", *handlers]
    with log.open("w") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=ready.environment(),
            pass_fds=ready.inherited,
        )


def free_port():
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return test.getsockname()[1]


def progress(logs):
    counts = []
    for run_name, log in logs.items():
        text = log.read_text(errors="replace") if log.exists() else ""
        counts.append(f"{len(STARTED.findall(text))} tests {run_name} the addon")
    return ", ".join(counts)


def outcomes(log):
    """Return the outcome of each test in a log of Odoo."""
    found = {}
    current = None
    for line in log.splitlines():
        if started := STARTED.search(line):
            current = f"{started[1]}: {started[2]}"
            found[current] = "passed"
        elif trouble := TROUBLE.search(line):
            kind = {"FAIL": "failed", "ERROR": "error"}.get(trouble[1], trouble[1])
            name = current if not trouble[2].startswith("setUpClass") else trouble[2]
            found[name] = kind
        elif queries := QUERIES.search(line):
            found[f"{current}: {queries[0]}"] = "seen"
    return found


def report(results):
    """Print the differences between the two runs; return 1 if there are any."""
    without, with_addon = results["without"], results["with"]
    if not any(outcome == "passed" for outcome in without.values()):
        raise Problem(
            "Odoo's own tests did not run: see .runtime/logs/test-core-*.log."
        )
    for run_name, found in results.items():
        kinds = ("passed", "failed", "error", "skipped")
        counts = [f"{sum(o == k for o in found.values())} {k}" for k in kinds]
        say(f"    {run_name} the addon: {', '.join(counts)}")
    changed = [
        f"{name}: {without.get(name, 'not run')} -> {with_addon.get(name, 'not run')}"
        for name in sorted(without.keys() | with_addon.keys())
        if without.get(name) != with_addon.get(name)
    ]
    say("\n".join(changed) or "    No difference.")
    return bool(changed)
