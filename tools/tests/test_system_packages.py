import pytest

from tools.runtime import system_packages
from tools.runtime.system_packages import SystemPackage, want


@pytest.fixture
def installed(project, monkeypatch):
    """Have no rights to install anything; return what was installed all the same."""
    project.make_runtime_folder()
    names = []
    monkeypatch.setattr(
        system_packages, "install", lambda project, name, rights: names.append(name)
    )
    monkeypatch.setattr(system_packages, "can_install", lambda: None)
    return names


MISSING = SystemPackage("a-browser", lambda: False, "tours do not run")
PRESENT = SystemPackage("a-font", lambda: True, "nothing is read")


def test_without_rights_one_line_says_what_is_lost(project, installed, capsys):
    want(project, [MISSING, PRESENT])
    assert installed == []
    [line] = capsys.readouterr().err.splitlines()
    assert "a-browser" in line and "tours do not run" in line


def test_with_rights_only_the_missing_is_installed(project, installed, monkeypatch):
    monkeypatch.setattr(system_packages, "can_install", lambda: [])
    want(project, [MISSING, PRESENT])
    assert installed == ["a-browser"]


def test_what_cannot_be_installed_is_tried_once(project, installed, monkeypatch):
    monkeypatch.setattr(system_packages, "can_install", lambda: [])
    want(project, [MISSING])
    want(project, [MISSING])
    assert installed == ["a-browser"]
