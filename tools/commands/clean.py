"""make clean: remove the runtime, with its databases and what lies outside of it."""

import shutil

from tools.runtime.console import Problem, say, step
from tools.runtime.own_postgres import EmbeddedServer, home_outside, sockets_outside
from tools.runtime.python_env import PythonEnv


def run(project, arguments):
    if not project.runtime.exists():
        say("There is no runtime to remove.")
        return 0
    project.make_runtime_folder()
    stop_server(project)
    folders = (project.runtime, home_outside(project), sockets_outside(project))
    for folder in folders:
        if folder.exists():
            with step(f"Removing {folder}"):
                shutil.rmtree(folder)
    return 0


def stop_server(project):
    python_env = PythonEnv(project)
    if not python_env.folder.exists():
        return
    server = EmbeddedServer(project, python_env.site_packages)
    if not server.stop_unless_in_use():
        raise Problem("Another command of this project uses PostgreSQL: end it first.")
