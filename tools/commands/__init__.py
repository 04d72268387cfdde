"""One module per command; its function ``run(project, arguments)`` returns the code."""

import importlib
import sys
from pathlib import Path

from tools.runtime.console import Problem, say
from tools.runtime.project import Project

COMMANDS = (
    "bench",
    "clean",
    "demo",
    "i18n",
    "lint",
    "odoo",
    "test",
    "test_core",
)


def run(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        say(f"Commands: {', '.join(COMMANDS)}. See `make help`.")
        return 2
    command = importlib.import_module(f"tools.commands.{arguments[0]}")
    project = Project(Path(__file__).resolve().parents[2])
    try:
        return command.run(project, arguments[1:])
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130
    except OSError as error:
        if error.errno == 28:
            say("\nThe disk is full: make room and run the command again, it goes on.")
            return 1
        raise
    finally:
        sys.stderr.flush()
