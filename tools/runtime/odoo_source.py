"""Where Odoo 19 comes from: ODOO_PATH, or Debian's package in .runtime/odoo."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.runtime.apt import PrivateApt, unpack
from tools.runtime.console import Problem, step
from tools.runtime.processes import output_of
from tools.runtime.project import write_whole

DIST_PACKAGES = Path("usr/lib/python3/dist-packages")
# Odoo's package links to the libraries and fonts. Font Awesome has to be version 4,
# which bookworm is the last suite to hold.
PACKAGES = [
    ("odoo-19", "sid"),
    ("libjs-jquery", "sid"),
    ("libjs-jquery-form", "sid"),
    ("libjs-underscore", "sid"),
    ("fonts-roboto-unhinted", "sid"),
    ("fonts-montserrat", "sid"),
    ("fonts-ocr-b", "sid"),
    ("fonts-font-awesome", "bookworm"),
    ("fonts-inconsolata", "bookworm"),
]
# The package leaves this file out; without it every page logs an error in the browser.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo that can be run with ``PYTHONPATH=python_path python -m odoo``."""

    python_path: Path
    addons: list
    version: str


def odoo_source(project):
    """Return the Odoo to use, fetched first if need be."""
    given = os.environ.get("ODOO_PATH")
    if given:
        return source_at(Path(given).expanduser().resolve())
    tree = project.runtime / "odoo"
    if not (tree / "VERSION").exists():
        fetch(project, tree)
    source = source_at(tree)
    version = (tree / "VERSION").read_text().strip()
    return OdooSource(source.python_path, source.addons, version)


def source_at(path):
    """Recognise a checkout, an unpacked package, or a dist-packages folder."""
    for python_path in (path, path / DIST_PACKAGES):
        release = python_path / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise Problem(
            f"No Odoo found in {path}: ODOO_PATH has to be the folder that holds "
            "odoo-bin, or the root of Debian's package unpacked."
        )
    series = re.search(r"version_info = \((\d+), *(\d+)", release.read_text())
    if not series or series.groups() != ("19", "0"):
        found = ".".join(series.groups()) if series else "unknown"
        raise Problem(f"The Odoo in {path} is version {found}; the addon needs 19.0.")
    # A checkout has its apps in addons/; in Debian's package that folder holds copies
    # of the Python files only, and odoo/addons is complete.
    addons = [python_path / "odoo" / "addons"]
    if not has_apps(addons[0]):
        addons.append(python_path / "addons")
    if not has_apps(addons[-1]):
        raise Problem(f"The Odoo in {path} has no apps: is it complete?")
    return OdooSource(python_path, addons, f"{python_path} {commit_of(python_path)}")


def has_apps(folder):
    return (folder / "sale" / "__manifest__.py").exists()


def commit_of(path):
    if not (path / ".git").exists() or not shutil.which("git"):
        return "19.0"
    return (output_of(["git", "-C", path, "rev-parse", "HEAD"]) or "19.0").strip()


def fetch(project, tree):
    project.check_free_space()
    log = project.logs / "apt.log"
    apt = PrivateApt(project.runtime / "apt", log)
    apt.open(PACKAGES)
    version = apt.versions["odoo-19", "sid"]
    packages = apt.download(PACKAGES)
    partial = tree.with_name("odoo.partial")
    with step(f"Unpacking Odoo {version}"):
        shutil.rmtree(partial, ignore_errors=True)
        unpack(packages, partial, log)
        left_out = partial / DIST_PACKAGES / LEFT_OUT
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.touch()
        write_whole(partial / "VERSION", version)
        shutil.rmtree(tree, ignore_errors=True)
        partial.rename(tree)
    apt.discard_downloads()
