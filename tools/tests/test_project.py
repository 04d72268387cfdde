import os
from collections import namedtuple

import pytest

from tools.runtime import project as project_module
from tools.runtime.console import Problem
from tools.runtime.project import Project

Usage = namedtuple("Usage", "total used free")


def test_depends_are_read_from_the_manifest(project):
    assert project.depends == ["sale", "stock"]


def test_a_broken_manifest_is_named(project):
    (project.addon / "__manifest__.py").write_text("{'depends': ")
    with pytest.raises(Problem, match="manifest cannot be read"):
        _ = Project(project.root).depends


def test_the_hash_follows_the_sources_but_not_the_tests(project):
    before = project.sources_hash()
    (project.addon / "tests").mkdir()
    (project.addon / "tests" / "test_x.py").write_text("assert True")
    assert project.sources_hash() == before
    (project.addon / "models.py").write_text("x = 2")
    assert project.sources_hash() != before


def test_a_file_that_moves_changes_the_hash(project):
    before = project.sources_hash()
    (project.addon / "models.py").rename(project.addon / "other.py")
    assert project.sources_hash() != before


def test_too_little_disk_is_said_before_the_download(project, monkeypatch):
    project.make_runtime_folder()
    monkeypatch.setattr(
        project_module.shutil, "disk_usage", lambda path: Usage(9, 9, 10**9)
    )
    with pytest.raises(Problem, match=r"has 1.0 GB of free space.* needs 4 GB"):
        project.check_free_space()


def test_a_runtime_of_another_user_is_refused(project, monkeypatch):
    project.make_runtime_folder()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(Problem, match="belongs to user number"):
        project.make_runtime_folder()


def test_further_apps_are_what_only_the_test_addons_ask_for(project):
    assert project.test_addon_names == []
    assert project.further_depends == []
    for name, depends in {
        "example": ["auto_parts_sales"],
        "test_more": ["auto_parts_sales", "example", "website_sale", "sale"],
    }.items():
        folder = project.test_addons / name
        (folder / "tests").mkdir(parents=True)
        (folder / "__manifest__.py").write_text(f"{{'depends': {depends}}}")
    assert project.test_addon_names == ["example", "test_more"]
    assert project.further_depends == ["website_sale"]


def test_the_hash_of_test_addons_leaves_their_tests_out(project):
    folder = project.test_addons / "example"
    (folder / "tests").mkdir(parents=True)
    (folder / "__manifest__.py").write_text("{'depends': []}")
    before = project.test_addons_hash()
    (folder / "tests" / "test_x.py").write_text("x = 1")
    assert project.test_addons_hash() == before
    (folder / "models.py").write_text("x = 1")
    assert project.test_addons_hash() != before
