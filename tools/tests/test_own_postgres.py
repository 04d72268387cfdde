import os
import subprocess
import sys

import pytest

from tools.runtime import own_postgres, runtime
from tools.runtime.console import Problem
from tools.runtime.own_postgres import EmbeddedServer, own_folder
from tools.runtime.postgres import ExternalServer
from tools.runtime.project import Project


@pytest.fixture
def server(project, monkeypatch):
    """A server that is never started."""
    monkeypatch.setattr(own_postgres, "unprivileged_account", lambda: None)
    server = EmbeddedServer(project, project.root / "site-packages")
    server.data.mkdir(parents=True)
    return server


def test_a_server_that_pghost_names_is_used(project, monkeypatch):
    monkeypatch.setattr(own_postgres, "unprivileged_account", lambda: None)
    monkeypatch.setenv("PGHOST", "db.example")
    chosen = runtime.server_for(project, project.root)
    assert isinstance(chosen, ExternalServer)


def test_a_command_started_by_another_uses_the_same_server(server, monkeypatch):
    monkeypatch.setenv("PGHOST", server.host)
    chosen = runtime.server_for(server.project, server.programs)
    assert isinstance(chosen, EmbeddedServer)


def test_a_long_path_puts_the_socket_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(own_postgres, "unprivileged_account", lambda: None)
    deep = Project(tmp_path / ("x" * 100))
    server = EmbeddedServer(deep, tmp_path)
    assert len(f"{server.sockets}/.s.PGSQL.5432") < own_postgres.LONGEST_SOCKET_PATH
    assert server.home == deep.runtime / "postgres"


def test_a_closed_home_puts_the_server_elsewhere(project, monkeypatch):
    somebody = {"user": 65534, "group": 65534, "extra_groups": []}
    monkeypatch.setattr(own_postgres, "unprivileged_account", lambda: somebody)
    monkeypatch.setattr(EmbeddedServer, "_can_run_in_place", lambda self: False)
    server = EmbeddedServer(project, project.root)
    assert server.home == own_postgres.home_outside(project)
    assert server.server_bin.is_relative_to(server.home)


def test_the_note_of_a_dead_server_is_removed(server):
    note = server.data / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    note.write_text(f"{gone.pid}\n{server.data}\n")
    server._forget_dead_server()
    assert not note.exists()


def test_a_number_that_another_program_got_is_no_server(server):
    note = server.data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{server.data}\n")
    server._forget_dead_server()
    assert not note.exists()


def test_the_note_of_a_living_server_stays(server):
    note = server.data / "postmaster.pid"
    program = "import time; print('ready', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", program, "-D", str(server.data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as living:
        living.stdout.readline()
        note.write_text(f"{living.pid}\n{server.data}\n")
        server._forget_dead_server()
        living.kill()
    assert note.exists()


def test_a_folder_prepared_by_somebody_else_is_refused(tmp_path):
    (tmp_path / "trap").symlink_to(tmp_path)
    with pytest.raises(Problem, match="belongs to somebody else"):
        own_folder(tmp_path / "trap")


def test_the_role_postgres_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "postgres")
    with pytest.raises(Problem, match="Odoo refuses the role postgres"):
        ExternalServer(tmp_path)._check()


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        (["120005", "t", "pg_trgm unaccent"], "older than PostgreSQL 13"),
        (["150005", "f", "pg_trgm unaccent"], "may not create databases"),
        (["150005", "t", "unaccent"], "lacks pg_trgm"),
    ],
)
def test_an_unfit_server_is_refused(tmp_path, monkeypatch, answers, complaint):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "me")
    server = ExternalServer(tmp_path)
    replies = iter(answers)
    monkeypatch.setattr(server, "query", lambda sql: next(replies).split())
    with pytest.raises(Problem, match=complaint):
        server._check()


def test_a_server_out_of_reach_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "me")
    server = ExternalServer(tmp_path)

    def refuse(sql):
        raise Problem("connection refused")

    monkeypatch.setattr(server, "query", refuse)
    with pytest.raises(Problem, match="(?s)does not answer the role me.*refused"):
        server._check()
