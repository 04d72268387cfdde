import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools import __main__ as entry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 14)])
def test_a_wrong_python_gets_one_sentence(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))
    with pytest.raises(SystemExit, match="Odoo 19 needs Python 3.10 to 3.13"):
        entry.main()


def test_old_pythons_can_read_the_entry():
    ast.parse((ROOT / "tools" / "__main__.py").read_text(), feature_version=(3, 4))


def test_a_missing_python_gets_one_sentence():
    done = subprocess.run(
        [ROOT / "bin" / "odoo", "--version"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.10 to 3.13 is needed")


def test_an_unknown_command_lists_the_known_ones(capsys):
    from tools.commands import run

    assert run(["nonsense"]) == 2
    assert "demo" in capsys.readouterr().err
