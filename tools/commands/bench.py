"""make bench: every bench/*.py in Odoo's shell, on one database of its own.

Scripts in bench/against_core run without the addon, too, in turns: see
tools/bench/turns.py; the comparison is printed here.
"""

import os
import statistics
from collections import defaultdict

from tools.bench.turns import get_variants, run_in_turns
from tools.runtime.console import Problem, say, step
from tools.runtime.runtime import runtime
from tools.runtime.templates import core_template, installed_template


def run(project, arguments):
    scripts = sorted((project.root / "bench").rglob("*.py"))
    if not scripts:
        raise Problem(f"There is nothing to measure in {project.root / 'bench'}.")
    with runtime(project) as ready:
        templates = {"core": core_template(ready), "addon": installed_template(ready)}
        database = f"auto_parts_bench_{os.getpid()}"
        failed = []
        try:
            ready.databases.copy(templates["addon"], database)
            for script in scripts:
                with step(f"Measuring with {script.name}"):
                    if script.parent.name == "against_core":
                        succeeded = measure_against_core(ready, script, templates)
                    else:
                        succeeded = not ready.shell(database, script)
                if not succeeded:
                    failed.append(script.name)
        finally:
            ready.databases.drop(database)
    if failed:
        say(f"bench: {', '.join(failed)} failed")
    return bool(failed)


def measure_against_core(ready, script, templates):
    """Run one script for each of its variants; return whether it succeeded."""
    databases = {
        variant: f"auto_parts_bench_{os.getpid()}_{variant}"
        for variant in get_variants(script)
    }
    try:
        for variant, database in databases.items():
            template = templates["core" if variant == "core" else "addon"]
            ready.databases.copy(template, database)
        rows = run_in_turns(ready.shell, script, databases)
    finally:
        for database in databases.values():
            ready.databases.drop(database)
    for line in compared(rows or []):
        say(f"    {line}")
    return rows is not None


def compared(rows):
    """Return lines that compare what was measured with the variant ``core``.

    The ratio is the median of those of the rounds; the middle half of them stands
    beside it.

    :param rows: lists of measurement, variant, round, seconds, queries
    """
    figures = defaultdict(lambda: defaultdict(dict))
    for measurement, variant, turn, *figure in rows:
        figures[measurement][variant][turn] = figure
    lines = []
    for measurement, variants in figures.items():
        core = variants.pop("core")
        seconds, queries = medians(core.values())
        for variant, rounds in variants.items():
            own_seconds, own_queries = medians(rounds.values())
            ratios = [rounds[turn][0] / core[turn][0] for turn in rounds]
            low, ratio, high = middle_half(ratios)
            lines.append(
                f"{measurement}, {variant} / core = {ratio:.2f}"
                f" ({low:.2f} to {high:.2f}; {own_seconds:.3f} s / {seconds:.3f} s),"
                f" {own_queries - queries:+.0f} queries ({queries:.0f})"
            )
    return lines


def middle_half(ratios):
    """Return the lower quartile, the median and the upper quartile."""
    if len(ratios) == 1:
        return ratios * 3
    return statistics.quantiles(ratios, n=4, method="inclusive")


def medians(rounds):
    """Return the median seconds and the median number of queries."""
    return tuple(statistics.median(figures) for figures in zip(*rounds, strict=True))
