"""make bench: every bench/*.py in Odoo's shell, on one database of its own.

Scripts in bench/against_core run on a database without the addon, too, in turns, and
leave their measurements in a file; the comparison is printed here.
"""

import json
import os
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from tools.runtime.console import Problem, say, step
from tools.runtime.runtime import runtime
from tools.runtime.templates import core_template, installed_template

TURNS = 2


def run(project, arguments):
    scripts = sorted((project.root / "bench").rglob("*.py"))
    if not scripts:
        raise Problem(f"There is nothing to measure in {project.root / 'bench'}.")
    with runtime(project) as ready:
        templates = {"core": core_template(ready), "addon": installed_template(ready)}
        names = {kind: f"auto_parts_bench_{kind}_{os.getpid()}" for kind in templates}
        try:
            for kind, name in names.items():
                ready.databases.copy(templates[kind], name)
            failed = [s.name for s in scripts if not measure(ready, s, names)]
        finally:
            for name in names.values():
                ready.databases.drop(name)
    if failed:
        say(f"bench: {', '.join(failed)} failed")
    return bool(failed)


def measure(ready, script, databases):
    """Run one script; return whether it succeeded."""
    with step(f"Measuring with {script.name}"):
        if script.parent.name != "against_core":
            return not ready.shell(databases["addon"], script)
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results"
            os.environ["BENCH_RESULTS"] = str(results)
            for _turn in range(TURNS):
                for database in databases.values():
                    if ready.shell(database, script):
                        return False
            for line in compared(results.read_text()):
                say(f"    {line}")
    return True


def compared(results):
    """Return lines that compare what was measured with the variant ``core``.

    :param str results: a JSON list a line: measurement, variant, seconds, queries
    """
    figures = defaultdict(lambda: defaultdict(list))
    for line in results.splitlines():
        measurement, variant, *figure = json.loads(line)
        figures[measurement][variant].append(figure)
    lines = []
    for measurement, variants in figures.items():
        seconds, queries = medians(variants.pop("core"))
        for variant, rounds in variants.items():
            own_seconds, own_queries = medians(rounds)
            lines.append(
                f"{measurement}, {variant} / core = {own_seconds / seconds:.2f}"
                f" ({own_seconds:.3f} s / {seconds:.3f} s),"
                f" {own_queries - queries:+.0f} queries ({queries:.0f})"
            )
    return lines


def medians(rounds):
    """Return the median seconds and the median number of queries."""
    return tuple(statistics.median(figures) for figures in zip(*rounds, strict=True))
