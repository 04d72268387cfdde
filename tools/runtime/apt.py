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
        self.versions = {}
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
            "-oDir::Cache::pkgcache=pkgcache.bin",
            "-oDir::Cache::srcpkgcache=srcpkgcache.bin",
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

    def open(self, packages):
        """Load the package lists of Debian suites from the machine's own mirror.

        :param packages: list of (name, suite) to be downloaded later
        """
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if not shutil.which(tool):
                raise Problem(
                    f"{tool} is not on this machine, and Odoo 19 comes from a Debian "
                    "package: set ODOO_PATH to a checkout of Odoo 19 instead."
                )
        for folder in (self.lists / "partial", self.partial, self.downloads):
            folder.mkdir(parents=True, exist_ok=True)
        suites = sorted({suite for name, suite in packages}, reverse=True)
        mirrors = self._mirrors()
        complaint = ""
        missing = packages
        for mirror in mirrors:
            self.sources.write_text(sources_list(mirror, suites))
            with step(f"Loading the package lists of Debian {' and '.join(suites)}"):
                complaint = self._update()
                self.versions = self._find_versions(packages)
            missing = [package for package in packages if package not in self.versions]
            if not missing:
                return
        wanted = ", ".join(f"{name} of the suite {suite}" for name, suite in missing)
        raise Problem(
            f"Not in reach of this machine's apt: Debian's {wanted} (apt knows "
            f"{', '.join(mirrors) or 'no mirror'}). Check the network and the sources "
            f"in /etc/apt, or set ODOO_PATH to a checkout of Odoo 19.\n{complaint}"
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

    def _find_versions(self, packages):
        """Return the version of each package that its suite holds."""
        command = ["apt-cache", "madison", *self.options(), *self.own_sources()]
        listed = output_of([*command, *(name for name, suite in packages)]) or ""
        versions = {}
        for line in listed.splitlines():
            name, version, origin = (field.strip() for field in line.split("|"))
            for suite in {suite for _name, suite in packages}:
                if f" {suite}/" in origin:
                    versions.setdefault((name, suite), version)
        return versions

    def download(self, packages):
        """Download packages, checked by apt, and return their files."""
        wanted = [f"{name}={self.versions[name, suite]}" for name, suite in packages]
        self._discard_others(wanted)
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
                "The download was interrupted: run the command again, what is whole "
                "is kept.",
                cwd=self.downloads,
            )
        return sorted(self.downloads.glob("*.deb"))

    def _discard_others(self, wanted):
        """Remove what an interrupted run left of other versions."""
        starts = tuple(
            text.replace("=", "_").replace(":", "%3a") + "_" for text in wanted
        )
        for path in self.downloads.glob("*.deb"):
            if not path.name.startswith(starts):
                path.unlink()

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
        command = ["dpkg-deb", "-x", package, folder]
        failure = f"{package.name} cannot be unpacked into {folder}."
        try:
            run_logged(command, log, failure)
        except Problem:
            package.unlink()  # apt would keep a damaged file of the right size
            raise


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
