"""The virtual environment with what Odoo and the tools need, from requirements/."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys

from tools.runtime.apt import PrivateApt, unpack
from tools.runtime.console import Problem, step
from tools.runtime.processes import run_logged

PIP = [("python3-pip-whl", "sid")]


class PythonEnv:
    def __init__(self, project):
        self.project = project
        self.folder = project.runtime / "venv"
        self.python = self.folder / "bin" / "python"
        self.lock = project.root / "requirements" / "lock.txt"
        self.stamp = self.folder / "installed-lock"

    @property
    def site_packages(self):
        return next(self.folder.glob("lib/python3*/site-packages"))

    def make_ready(self):
        """Make the environment, or bring it to the state of the lock file."""
        wanted = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        if self._works() and self.stamp.exists() and self.stamp.read_text() == wanted:
            return
        log = self.project.logs / "pip.log"
        if not self._works():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._create(log)
        command = [*self._pip(), "install", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "-r", self.lock]
        failure = (
            "The Python packages cannot be installed: if the network failed, run the "
            "command again, it goes on."
        )
        with step("Installing Python packages (requirements/lock.txt)"):
            run_logged(command, log, failure)
        self.stamp.write_text(wanted)

    def _works(self):
        if not self.python.exists():
            return False
        test = [self.python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))"]
        return subprocess.run(test, capture_output=True, check=False).returncode == 0

    def _create(self, log):
        bundled_pip = importlib.util.find_spec("ensurepip") is not None
        without = [] if bundled_pip else ["--without-pip"]
        with step(f"Making a virtual environment of Python {sys.version.split()[0]}"):
            run_logged(
                [sys.executable, "-m", "venv", *without, self.folder],
                log,
                "Python cannot make a virtual environment: install its module venv "
                "(on Debian: apt-get install python3-venv).",
            )

    def _pip(self):
        """Return the command that runs pip, which a bare Debian does not have."""
        if (self.folder / "bin" / "pip").exists():
            return [self.python, "-m", "pip"]
        wheels = self.project.runtime / "pip"
        if not wheels.exists():
            self._fetch_pip(wheels)
        wheel = next(wheels.glob("usr/share/python-wheels/pip-*.whl"), None)
        if not wheel:
            raise Problem(f"Debian's package of pip holds no wheel: see {wheels}.")
        return [self.python, wheel / "pip"]

    def _fetch_pip(self, folder):
        log = self.project.logs / "apt.log"
        apt = PrivateApt(self.project.runtime / "apt", log)
        apt.open(PIP)
        packages = apt.download(PIP)
        partial = folder.with_name("pip.partial")
        shutil.rmtree(partial, ignore_errors=True)
        unpack(packages, partial, log)
        partial.rename(folder)
        apt.discard_downloads()
