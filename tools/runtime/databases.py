"""Databases with their files: made, copied, renamed and dropped together."""

import os
import shutil

from tools.runtime.console import Problem

PREFIX = "auto_parts_"


class Databases:
    def __init__(self, server, data_folder):
        self.server = server
        self.filestore = data_folder / "filestore"

    def names(self, prefix=""):
        listed = self.server.query("SELECT datname FROM pg_database ORDER BY 1")
        return [name for name in listed if name.startswith(prefix)]

    def exists(self, name):
        return name in self.names()

    def copy(self, source, name):
        """Copy a database and its files; what bears the name already is dropped."""
        self.drop(name)
        self._disconnect(source)
        self.server.query(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(source)}")
        if (self.filestore / source).exists():
            shutil.copytree(
                self.filestore / source, self.filestore / name, copy_function=link
            )

    def rename(self, source, name):
        self.drop(name)
        self._disconnect(source)
        self.server.query(f"ALTER DATABASE {quoted(source)} RENAME TO {quoted(name)}")
        if (self.filestore / source).exists():
            (self.filestore / source).rename(self.filestore / name)

    def drop(self, name):
        self.server.query(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        shutil.rmtree(self.filestore / name, ignore_errors=True)

    def _disconnect(self, name):
        self.server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{plain(name)}' AND pid <> pg_backend_pid()"
        )


def plain(name):
    if not name or any(sign in name for sign in "\"'\\"):
        raise Problem(f"{name!r} is no name for a database.")
    return name


def quoted(name):
    return f'"{plain(name)}"'


def link(source, target):
    """Share a file of a filestore: Odoo never changes one, it writes a new one."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
