import subprocess
import sys

import pytest

from tools.bench.turns import get_variants, run_in_turns
from tools.commands.bench import compared

SCRIPT = """
from tools.bench.turns import Turns
VARIANTS = ("core", "off", "on")
with Turns() as turns:
    for number in range(3):
        with turns.next():
            with open(LOG, "a") as log:
                print(turns.variant, file=log)
            if turns.variant == FAILS:
                raise SystemExit(1)
            turns.note("act", number + 1.0, 7)
"""


@pytest.fixture
def script(tmp_path):
    def write(fails=None):
        path = tmp_path / "script.py"
        log = tmp_path / "log"
        path.write_text(f"LOG, FAILS = {str(log)!r}, {fails!r}\n{SCRIPT}")
        return path, log

    return write


def shell(database, script, **variables):
    return subprocess.run([sys.executable, script], env=variables).returncode


def in_turns(path):
    databases = {variant: "" for variant in get_variants(path)}

    def run(database, script, **variables):
        return shell(database, script, PYTHONPATH=":".join(sys.path), **variables)

    return run_in_turns(run, path, databases)


def test_each_variant_is_compared_with_core_round_by_round():
    rows = [
        ["confirm", "core", 1, 1.0, 100],
        ["confirm", "core", 2, 3.0, 100],
        ["confirm", "core", 3, 2.0, 101],
        ["confirm", "on", 1, 1.5, 108],
        ["confirm", "on", 2, 3.0, 108],
        ["confirm", "on", 3, 2.5, 108],
    ]
    # 1.5, 1.0 and 1.25 times
    assert compared(rows) == [
        "confirm, on / core = 1.25 (1.12 to 1.38; 2.500 s / 2.000 s), +8 queries (100)"
    ]


def test_variants_work_in_turns(script):
    path, log = script()
    rows = in_turns(path)
    assert log.read_text().split() == ["core", "off", "on"] * 3
    assert ["act", "off", 0, 1.0, 7] in rows
    assert len(rows) == 9


def test_nobody_waits_for_a_variant_that_failed(script):
    path, _log = script(fails="off")
    assert in_turns(path) is None
