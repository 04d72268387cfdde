"""What the tools say to people, always on stderr: stdout belongs to Odoo."""

import sys
import threading
import time
from contextlib import contextmanager

HEARTBEAT_SECONDS = 30


class Problem(Exception):
    """Something the person at the keyboard can put right; shown without traceback."""


def say(text=""):
    print(text, file=sys.stderr, flush=True)


def duration(seconds):
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def megabytes(size):
    return f"{size / 1e6:.0f} MB"


@contextmanager
def step(title, progress=None):
    """Say what is done and how long it took, with a sign of life in between.

    :param progress: function that returns how far it is, for instance "3 of 9 MB";
        on a terminal it is shown every second
    """
    say(f"==> {title}")
    started = time.monotonic()
    finished = threading.Event()
    live = progress is not None and sys.stderr.isatty()

    def show_life():
        while not finished.wait(1 if live else HEARTBEAT_SECONDS):
            passed = duration(int(time.monotonic() - started))
            text = f"    {progress() if progress else 'still working'}, {passed}"
            print(text, end="\033[K\r" if live else "\n", file=sys.stderr, flush=True)

    thread = threading.Thread(target=show_life, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
    say(f"    done in {duration(time.monotonic() - started)}" + "\033[K" * live)
