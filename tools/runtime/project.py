"""Where things lie, and what the addon says about itself."""

import ast
import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.runtime.console import Problem

ADDON = "auto_parts_sales"
FREE_BYTES_NEEDED = 4 * 10**9


@dataclass(frozen=True)
class Project:
    root: Path

    @property
    def addon(self):
        return self.root / ADDON

    @property
    def test_addons(self):
        """Addons that only tests install: never on the path of the demo."""
        return self.root / "tests" / "addons"

    @property
    def runtime(self):
        return self.root / ".runtime"

    @property
    def logs(self):
        return self.runtime / "logs"

    @property
    def locks(self):
        return self.runtime / "locks"

    @cached_property
    def manifest(self):
        return read_manifest(self.addon)

    @property
    def depends(self):
        return sorted(self.manifest.get("depends", []))

    @property
    def test_addon_names(self):
        manifests = self.test_addons.glob("*/__manifest__.py")
        return sorted(path.parent.name for path in manifests)

    @property
    def further_depends(self):
        """Odoo's apps that the test addons ask for beside those of the addon."""
        asked = {
            name
            for addon in self.test_addon_names
            for name in read_manifest(self.test_addons / addon).get("depends", [])
        }
        return sorted(asked - {ADDON, *self.depends, *self.test_addon_names})

    @property
    def id(self):
        """Short name of this checkout, for folders outside of it."""
        return short_hash(str(self.root))

    def sources_hash(self, without=("tests",)):
        """Return a hash of all of the addon, but for some of its folders."""
        return folder_hash(self.addon, without)

    def test_addons_hash(self):
        """Return a hash of the test addons, but for their tests."""
        hashes = [
            f"{name} {folder_hash(self.test_addons / name, ('tests',))}"
            for name in self.test_addon_names
        ]
        return short_hash("|".join(hashes))

    def make_runtime_folder(self):
        """Make .runtime, or say why it cannot be used."""
        try:
            self.runtime.mkdir(exist_ok=True)
        except OSError as error:
            raise Problem(f"{self.runtime} cannot be made: {error}") from error
        owner = self.runtime.stat().st_uid
        if owner != os.geteuid():
            raise Problem(
                f"{self.runtime} belongs to user number {owner}, who set it up: run "
                "this as the same user, or remove the folder first (make clean)."
            )

    def check_free_space(self):
        free = shutil.disk_usage(self.runtime).free
        if free < FREE_BYTES_NEEDED:
            raise Problem(
                f"{self.runtime} has {free / 1e9:.1f} GB of free space, the runtime "
                f"needs {FREE_BYTES_NEEDED / 1e9:.0f} GB: make room and run this again."
            )


def read_manifest(addon):
    path = addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise Problem(f"The manifest cannot be read: {path}: {error}") from error


def folder_hash(folder, without):
    """Return a hash of all files in a folder, but for some of the folders in it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or inside.parts[0] in without:
            continue
        if "__pycache__" in inside.parts:
            continue
        digest.update(f"{inside}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def short_hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def write_whole(path, text):
    """Write a file so that it is there whole or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
