import pytest

from tools.runtime.console import Problem
from tools.runtime.databases import Databases


class Server:
    """Remembers what it is told."""

    def __init__(self, names=()):
        self.names = list(names)
        self.told = []

    def query(self, sql):
        self.told.append(sql)
        return self.names


@pytest.fixture
def databases(tmp_path):
    files = tmp_path / "filestore" / "a" / "00"
    files.mkdir(parents=True)
    (files / "00ff").write_text("picture")
    return Databases(Server(["a", "auto_parts_test_1"]), tmp_path)


def test_a_copy_has_the_files_too(databases):
    databases.copy("a", "b")
    assert (databases.filestore / "b" / "00" / "00ff").read_text() == "picture"
    assert 'CREATE DATABASE "b" TEMPLATE "a"' in databases.server.told


def test_what_a_copy_writes_stays_out_of_the_original(databases):
    databases.copy("a", "b")
    copied = databases.filestore / "b" / "00"
    (copied / "00aa").write_text("new")
    (copied / "00ff").unlink()
    assert [p.name for p in (databases.filestore / "a" / "00").iterdir()] == ["00ff"]


def test_dropping_removes_the_files(databases):
    databases.drop("a")
    assert not (databases.filestore / "a").exists()


def test_renaming_moves_the_files(databases):
    databases.rename("a", "b")
    assert (databases.filestore / "b" / "00" / "00ff").exists()
    assert not (databases.filestore / "a").exists()


def test_names_are_found_by_prefix(databases):
    assert databases.names("auto_parts_") == ["auto_parts_test_1"]


@pytest.mark.parametrize("name", ["", 'a"; DROP DATABASE b', "a'b"])
def test_what_is_no_name_is_refused(databases, name):
    with pytest.raises(Problem, match="is no name"):
        databases.drop(name)
