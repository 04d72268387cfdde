"""Programs of the system that parts of the project need, installed where allowed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.runtime.apt import can_install
from tools.runtime.console import Problem, say, step
from tools.runtime.processes import output_of, run_logged


def has_chromium():
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return any(shutil.which(name) for name in names)


def has_wkhtmltopdf():
    return bool(shutil.which("wkhtmltopdf"))


def has_chinese_font():
    if shutil.which("fc-list"):
        return bool((output_of(["fc-list", ":lang=zh-cn", "family"]) or "").strip())
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


@dataclass(frozen=True)
class SystemPackage:
    name: str
    present: object
    lost_without: str


CHROMIUM = SystemPackage(
    "chromium", has_chromium, "browser tours and screenshots do not run"
)
WKHTMLTOPDF = SystemPackage(
    "wkhtmltopdf", has_wkhtmltopdf, "reports cannot be printed as PDF"
)
CHINESE_FONT = SystemPackage(
    "fonts-noto-cjk", has_chinese_font, "Chinese text is printed as empty boxes"
)


def want(project, packages):
    """Install what is missing where apt may be used, else say what is lost."""
    missing = [package for package in packages if not package.present()]
    refused = project.runtime / "system-packages-refused"
    already_refused = refused.read_text().split() if refused.exists() else []
    rights = can_install()
    for package in missing:
        if rights is not None and package.name not in already_refused:
            install(project, package.name, rights)
            if not package.present():
                already_refused.append(package.name)
                refused.write_text("\n".join(already_refused))
        if not package.present():
            say(
                f"    Without {package.name}, {package.lost_without}: install it with "
                f"`apt-get install {package.name}`."
            )


def install(project, name, rights):
    log = project.logs / "system-packages.log"
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    with step(f"Installing the system package {name}"):
        try:
            run_logged([*apt, "update"], log, "")
            run_logged(
                [*apt, "install", "--no-install-recommends", name],
                log,
                f"apt-get cannot install {name}.",
            )
        except Problem as problem:
            say(f"    {problem}")
