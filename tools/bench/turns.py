"""Measuring Odoo with and without the addon, round by round in turns.

A machine is not equally fast all the time, and no process is as fast as another. So a
process for each variant runs at the same time, each on its own database, and only the
one whose turn it is works: what is compared lies a second apart.

A script in ``bench/against_core`` names its variants, core first, and measures inside
``with Turns() as turns``::

    VARIANTS = ("core", "off", "on")

    with Turns() as turns:
        for _round in range(20):
            with turns.next():
                seconds, queries = act()
                turns.note("what was done", seconds, queries)
"""

import ast
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

VARIANT = "BENCH_VARIANT"
FOLDER = "BENCH_TURNS"
# More tokens than a script has rounds: who waits for somebody that failed goes on
ALL_CLEAR = b"." * 10_000


class Turns:
    """One process's part of a measurement in turns."""

    def __init__(self):
        self.variant = os.environ[VARIANT]
        self.folder = Path(os.environ[FOLDER])
        self.round = 0

    def __enter__(self):
        pipes = sorted(self.folder.glob("turn_*"))
        own = next(pipe for pipe in pipes if pipe.name.endswith(f"_{self.variant}"))
        following = pipes[(pipes.index(own) + 1) % len(pipes)]
        self.own = own.open("rb", buffering=0)
        self.following = following.open("wb", buffering=0)
        self.results = (self.folder / f"results_{self.variant}").open("w")
        return self

    def __exit__(self, *_error):
        self.results.close()
        self.own.close()
        self.following.close()

    @contextmanager
    def next(self):
        """Wait for one's turn, and give it on afterwards."""
        self.own.read(1)
        try:
            yield
        finally:
            self.round += 1
            self.following.write(b".")

    def note(self, measurement, seconds, queries):
        """Note what this turn's round took."""
        row = [measurement, self.variant, self.round, seconds, queries]
        print(json.dumps(row), file=self.results)


def get_variants(script):
    """Return the variants that a script names, core first."""
    for node in ast.parse(script.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VARIANTS":
            return ast.literal_eval(node.value)
    raise ValueError(f"{script} names no VARIANTS")


def run_in_turns(shell, script, databases):
    """Run a script for each of its variants at once, and return what they noted.

    :param shell: called with database, script and, as keywords, variables of the
        environment; returns an exit code
    :param dict databases: variant to the name of its database
    :return: list of [measurement, variant, round, seconds, queries], or None if a
        process failed
    """
    with tempfile.TemporaryDirectory() as folder:
        pipes = [
            Path(folder) / f"turn_{place}_{variant}"
            for place, variant in enumerate(databases)
        ]
        for pipe in pipes:
            os.mkfifo(pipe)
        # held open at both ends: nobody waits for the other side of a pipe
        ends = [os.open(pipe, os.O_RDWR) for pipe in pipes]

        def measure(variant):
            variables = {VARIANT: variant, FOLDER: folder}
            code = shell(databases[variant], script, **variables)
            if code:
                for end in ends:
                    os.write(end, ALL_CLEAR)
            return code

        try:
            os.write(ends[0], b".")
            with ThreadPoolExecutor(len(databases)) as pool:
                codes = list(pool.map(measure, databases))
        finally:
            for end in ends:
                os.close(end)
        if any(codes):
            return None
        return [
            json.loads(line)
            for variant in databases
            for line in (Path(folder) / f"results_{variant}").read_text().splitlines()
        ]
