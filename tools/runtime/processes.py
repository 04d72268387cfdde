"""Running other programs: quietly with a log, or in the foreground."""

import signal
import subprocess

from tools.runtime.console import Problem

PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}


def run_logged(command, log, failure, **options):
    """Run a program with its output in a log; a failure shows the log's end.

    :param failure: sentence for the person at the keyboard
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        start = output.tell()
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **options,
            )
        except OSError as error:
            raise Problem(f"{failure}\n    {error}") from error
    if done.returncode:
        with log.open("rb") as written:
            written.seek(start)
            lines = written.read().decode(errors="replace").splitlines()
        tail = "\n".join(f"    {line}" for line in lines[-15:])
        raise Problem(f"{failure}\n{tail}\n    (whole log: {log})")


def output_of(command, **options):
    """Return what a program prints, or None if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        **options,
    )
    return None if done.returncode else done.stdout


def run_in_front(command, each_second=None, **options):
    """Run a program that owns the terminal, pass signals on, return its exit code.

    Ctrl-C on a terminal reaches the program by itself, so only signals that another
    process sent to us are passed on.

    :param each_second: function called about once a second while it runs
    """
    child = subprocess.Popen([str(part) for part in command], **options)
    awaited = {*PASSED_ON, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    try:
        while child.poll() is None:
            event = signal.sigtimedwait(awaited, 1)
            if event and event.si_signo in PASSED_ON and event.si_pid:
                child.send_signal(event.si_signo)
            if each_second:
                each_second()
    finally:
        while signal.sigtimedwait(awaited, 0):
            pass  # what came after the end of the program concerns nobody
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    code = child.returncode
    return code if code >= 0 else 128 - code
