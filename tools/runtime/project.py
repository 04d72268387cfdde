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
        path = self.addon / "__manifest__.py"
        try:
            return ast.literal_eval(path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError) as error:
            raise Problem(f"The addon's manifest cannot be read: {error}") from error

    @property
    def depends(self):
        return sorted(self.manifest.get("depends", []))

    @property
    def id(self):
        """Short name of this checkout, for folders outside of it."""
        return short_hash(str(self.root))

    def sources_hash(self, without=("tests",)):
        """Return a hash of all of the addon, but for some of its folders."""
        digest = hashlib.sha256()
        for path in sorted(self.addon.rglob("*")):
            inside = path.relative_to(self.addon)
            if not path.is_file() or inside.parts[0] in without:
                continue
            if "__pycache__" in inside.parts:
                continue
            digest.update(f"{inside}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:12]

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


def short_hash(text):
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def write_whole(path, text):
    """Write a file so that it is there whole or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
