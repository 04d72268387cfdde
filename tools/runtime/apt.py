"""Debian packages into a private folder, with nothing on the system changed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.runtime.console import Problem, megabytes, step
from tools.runtime.processes import output_of, run_logged

KEYRINGS = ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
RELEASE = re.compile(r"^'(?P<mirror>\S+?)/dists/(?P<suite>\S+)/InRelease'", re.M)


class PrivateApt:
    """The machine's apt and mirror, with package lists of our own."""

    def __init__(self, folder, log):
        self.folder = folder
        self.log = log
        self.sources = folder / "sources.list"
        self.lists = folder / "lists"
        self.downloads = folder / "downloads"
        self.partial = folder / "cache" / "archives" / "partial"

    def options(self):
        return [
            f"-oDir::State={self.folder}",
            f"-oDir::State::lists={self.lists}",
            "-oDir::State::status=/dev/null",
            f"-oDir::Cache={self.folder / 'cache'}",
            "-oDir::Etc::preferences=/dev/null",
            "-oDir::Etc::preferencesparts=/dev/null",
            "-oAPT::Sandbox::User=root",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=3",
            # Mirrors frozen at a date hold lists that have expired; signatures count.
            "-oAcquire::Check-Valid-Until=false",
        ]

    def own_sources(self):
        return [
            f"-oDir::Etc::sourcelist={self.sources}",
            "-oDir::Etc::sourceparts=/dev/null",
        ]

    def open(self, suites, wanted):
        """Load the lists of some Debian suites from the machine's own mirror.

        :param suites: names of suites, the first of which has to hold ``wanted``
        """
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if not shutil.which(tool):
                raise Problem(
                    f"{tool} is not on this machine, and Odoo 19 comes from a Debian "
                    "package: set ODOO_PATH to a checkout of Odoo 19 instead."
                )
        for folder in (self.lists / "partial", self.partial, self.downloads):
            folder.mkdir(parents=True, exist_ok=True)
        mirrors = self._mirrors()
        complaint = ""
        for mirror in mirrors:
            self.sources.write_text(sources_list(mirror, suites))
            with step(f"Loading the package lists of Debian {' and '.join(suites)}"):
                complaint = self._update()
            if self.version(wanted, suites[0]):
                return
        raise Problem(
            f"Debian's suite {suites[0]} with the package {wanted} is not in reach of "
            f"this machine's apt (it knows {', '.join(mirrors) or 'no mirror'}): check "
            "the network and the sources in /etc/apt, or set ODOO_PATH to a checkout "
            f"of Odoo 19.\n{complaint}"
        )

    def _mirrors(self):
        """Return the mirrors of the machine's own apt configuration, Debian's first."""
        listed = output_of(["apt-get", "update", "--print-uris", *self.options()])
        return mirrors_in(listed or "")

    def _update(self):
        """Load the lists; return what apt complains about.

        What counts is whether the packages are known afterwards: apt ends well without
        a list that it could not load, and badly although it has all that we need.
        """
        self.log.unlink(missing_ok=True)
        try:
            command = ["apt-get", "update", *self.options(), *self.own_sources()]
            run_logged(command, self.log, "apt-get update failed.")
        except Problem as problem:
            return f"    {problem}"
        lines = self.log.read_text(errors="replace").splitlines()
        bad = [line for line in lines if line.startswith(("E:", "W:", "Err:"))]
        return "\n".join(f"    {line}" for line in bad)

    def version(self, package, suite):
        """Return the version of a package in a suite, or None."""
        command = ["apt-cache", "madison", *self.options(), *self.own_sources()]
        listed = output_of([*command, package]) or ""
        for line in listed.splitlines():
            fields = [field.strip() for field in line.split("|")]
            if len(fields) == 3 and f" {suite}/" in f" {fields[2]}":
                return fields[1]
        return None

    def download(self, packages):
        """Download packages, checked by apt, and return their files.

        :param packages: list of (name, suite)
        """
        wanted = []
        for name, suite in packages:
            version = self.version(name, suite)
            if not version:
                raise Problem(f"The Debian suite {suite} has no package {name}.")
            wanted.append(f"{name}={version}")
        total = self._size(wanted)
        command = ["apt-get", "download", *self.options(), *self.own_sources()]
        names = ", ".join(name for name, suite in packages)
        with step(
            f"Downloading {names} ({megabytes(total)})",
            lambda: f"{megabytes(self._downloaded())} of {megabytes(total)}",
        ):
            run_logged(
                [*command, *wanted],
                self.log,
                "The download was interrupted: run the command again, it goes on.",
                cwd=self.downloads,
            )
        return sorted(self.downloads.glob("*.deb"))

    def _size(self, wanted):
        shown = output_of(
            ["apt-cache", "show", *self.options(), *self.own_sources(), *wanted]
        )
        return sum(
            int(size) for size in re.findall(r"^Size: (\d+)$", shown or "", re.M)
        )

    def _downloaded(self):
        files = [*self.downloads.iterdir(), *self.partial.iterdir()]
        return sum(path.stat().st_size for path in files if path.exists())

    def discard_downloads(self):
        shutil.rmtree(self.downloads, ignore_errors=True)


def mirrors_in(printed_uris):
    """Return the mirrors in what ``apt-get update --print-uris`` prints.

    Suites with a dash are additions such as updates and security.
    """
    mirrors = []
    for found in RELEASE.finditer(printed_uris):
        if "-" not in found["suite"] and found["mirror"] not in mirrors:
            mirrors.append(found["mirror"])
    return sorted(mirrors, key=lambda mirror: not mirror.endswith("/debian"))


def sources_list(mirror, suites):
    keyrings = [Path("/usr/share/keyrings", name) for name in KEYRINGS]
    signed_by = next((f"[signed-by={key}] " for key in keyrings if key.exists()), "")
    return "".join(f"deb {signed_by}{mirror} {suite} main\n" for suite in suites)


def unpack(packages, folder, log):
    """Unpack Debian packages into one folder tree."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        run_logged(
            ["dpkg-deb", "-x", package, folder],
            log,
            f"{package.name} cannot be unpacked into {folder}.",
        )


def can_install():
    """Return how system packages may be installed: [], ["sudo", "-n"] or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and not subprocess.run(
            ["sudo", "-n", "true"], capture_output=True, check=False
        ).returncode
    ):
        return ["sudo", "-n"]
    return None
