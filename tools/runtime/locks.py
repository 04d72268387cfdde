"""Locks between commands that run at the same time; a killed one leaves none."""

import fcntl
from contextlib import contextmanager

from tools.runtime.console import say


def open_lock(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a")


def try_lock(handle, kind=fcntl.LOCK_EX):
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path, waiting_for):
    """Hold a lock alone; say so when another command has to be waited for."""
    with open_lock(path) as handle:
        if not try_lock(handle):
            say(f"    waiting for another command of this project ({waiting_for})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
