"""make demo: a running Odoo with the addon and its demo data."""

import json
import os
import socket
import urllib.error
import urllib.request

from tools.runtime import system_packages
from tools.runtime.console import Problem, say, step
from tools.runtime.locks import exclusive
from tools.runtime.project import ADDON, write_whole
from tools.runtime.runtime import runtime
from tools.runtime.templates import UNFINISHED, core_template

DATABASE = "auto_parts_demo"
DEFAULT_PORT = "8069"
# run one after the other in the new database
SCRIPTS = (
    ("setup.py", "Filling the demo database"),
    ("contracts.py", "Drawing up contracts"),
    ("contract_months.py", "Reconciling the months of contracts"),
    ("web_client.py", "Preparing the web client"),
)


def run(project, arguments):
    port = chosen_port(os.environ.get("PORT") or DEFAULT_PORT)
    project.make_runtime_folder()
    system_packages.want(
        project, [system_packages.WKHTMLTOPDF, system_packages.CHINESE_FONT]
    )
    with runtime(project) as ready:
        with exclusive(project.locks / "demo", "it makes the demo database"):
            bring_up_to_date(ready, fresh=bool(os.environ.get("FRESH")))
        return serve(ready, port)


def chosen_port(text):
    """Return the port as a number, if a server can be started there."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"{text!r} is no port: for instance `make demo PORT=8070`.")
    with socket.socket() as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise Problem(
                f"Port {text} cannot be used ({error.strerror}): choose another one, "
                f"for instance `make demo PORT={int(text) % 65535 + 1}`."
            ) from error
    return text


def bring_up_to_date(ready, fresh):
    """Make the demo database, or update the addon in it if its sources changed."""
    state_file = ready.project.runtime / "demo.json"
    core = core_template(ready)
    wanted = {"core": core, "sources": ready.project.sources_hash()}
    state = json.loads(state_file.read_text()) if state_file.exists() else {}
    if fresh or state.get("core") != core or not ready.databases.exists(DATABASE):
        build(ready, core)
    elif state != wanted:
        with step(f"Updating {ADDON} in the demo database, as its sources changed"):
            ready.odoo_quietly(
                "demo-update",
                *("-d", DATABASE, "-u", ADDON, "--stop-after-init", "--no-http"),
                failure="The update failed: `make demo FRESH=1` starts over.",
            )
    write_whole(state_file, json.dumps(wanted))


def build(ready, core):
    name = DATABASE + UNFINISHED
    scripts = ready.project.root / "tools" / "demo"
    logins = ready.project.runtime / "demo_logins.json"
    logins.unlink(missing_ok=True)
    os.environ["PARTS_DEMO_LOGINS"] = str(logins)  # by setup.py, contracts.py
    with step("Setting up a Chinese company"):
        ready.databases.copy(core, name)
        run_script(ready, name, scripts / "company.py")
    with step(f"Installing {ADDON} with its demo data"):
        ready.odoo_quietly(
            "demo",
            *("-d", name, "-i", ADDON, "--stop-after-init", "--no-http"),
            failure=f"{ADDON} cannot be installed with its demo data.",
        )
    for script, what in SCRIPTS:
        if (scripts / script).exists():
            with step(what):
                run_script(ready, name, scripts / script)
    ready.server.query("ANALYZE", database=name)
    ready.databases.rename(name, DATABASE)


def run_script(ready, database, script):
    if ready.shell(database, script):
        raise Problem(f"The demo database cannot be made: {script.name} failed.")


def serve(ready, port):
    address = f"http://localhost:{port}"
    announced = []

    def announce_once():
        if not announced and answers(port):
            announced.append(True)
            say(f"\nOdoo with {ADDON} runs on {address}\n")
            say(login_table(ready.project.runtime / "demo_logins.json"))
            say("\nCtrl-C stops it. Odoo's warnings appear below.")

    say("==> Starting Odoo")
    options = [f"--http-port={port}", "--workers=0", "--log-level=warn"]
    options += [f"--db-filter=^{DATABASE}$", "--no-database-list"]
    code = ready.odoo("-d", DATABASE, *options, each_second=announce_once)
    say("==> Odoo has stopped")
    return code


def answers(port):
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/web/health", timeout=1
        ) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def login_table(path):
    """Return who can log in, from the list that the scripts of tools/demo left."""
    rows = [{"role": "administrator", "login": "admin", "password": "admin"}]
    if path.exists():
        rows = json.loads(path.read_text(encoding="utf-8"))
    columns = ("role", "login", "password")
    rows = [dict(zip(columns, columns, strict=True)), *rows]
    widths = {c: max(len(str(row[c])) for row in rows) for c in columns}
    lines = ("  ".join(str(row[c]).ljust(widths[c]) for c in columns) for row in rows)
    return "\n".join(f"    {line}".rstrip() for line in lines)
