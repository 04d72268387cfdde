import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.runtime.console import Problem
from tools.runtime.processes import output_of, run_in_front, run_logged

ROOT = Path(__file__).resolve().parents[2]


def python(code):
    return [sys.executable, "-c", code]


def test_the_exit_code_is_passed_through():
    assert run_in_front(python("raise SystemExit(7)")) == 7


def test_a_killed_program_gives_the_shells_code():
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_in_front(python(code)) == 128 + signal.SIGKILL


def test_a_signal_sent_to_us_reaches_the_program():
    program = (
        "import signal, sys, time;"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5));"
        "print('ready', flush=True);"
        "time.sleep(60)"
    )
    tool = (
        "import sys; from tools.runtime.processes import run_in_front;"
        f"sys.exit(run_in_front([sys.executable, '-c', {program!r}]))"
    )
    with subprocess.Popen(
        python(tool), stdout=subprocess.PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    ) as running:
        assert running.stdout.readline() == b"ready\n"
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == 5


def test_a_failure_shows_the_end_of_the_log(tmp_path):
    code = "print('first'); print('the reason'); raise SystemExit(1)"
    with pytest.raises(Problem, match="(?s)It failed.*the reason.*whole log"):
        run_logged(python(code), tmp_path / "log", "It failed.")


def test_a_program_that_does_not_exist_is_a_problem(tmp_path):
    with pytest.raises(Problem, match="It failed"):
        run_logged(["/no/such/program"], tmp_path / "log", "It failed.")


def test_output_of_a_failure_is_none():
    assert output_of(python("print('x')")) == "x\n"
    assert output_of(python("raise SystemExit(1)")) is None
