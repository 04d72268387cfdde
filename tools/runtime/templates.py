"""Databases kept to be copied: core's apps, and the addon on top of them."""

from tools.runtime.console import say, step
from tools.runtime.locks import exclusive
from tools.runtime.project import ADDON, short_hash

CORE = "auto_parts_core_"
INSTALLED = "auto_parts_addon_"
UNFINISHED = "_unfinished"


def core_template(runtime):
    """Return a database with the apps that the addon depends on, without demo data."""
    key = short_hash("|".join([runtime.source.version, *runtime.project.depends]))

    def install(name):
        modules = ",".join(runtime.project.depends)
        with step(f"Installing Odoo's own apps into a template database ({modules})"):
            runtime.odoo_quietly(
                "core-template",
                *("-d", name, "-i", modules, "--stop-after-init", "--no-http"),
                failure="Odoo's own apps cannot be installed.",
            )

    return _kept(runtime, CORE, key, install)


def installed_template(runtime):
    """Return a database with the addon as its sources are now, without demo data."""
    core = core_template(runtime)
    sources = runtime.project.sources_hash(without=("tests", "i18n"))
    key = short_hash(f"{core} {sources}")

    def install(name):
        with step(f"Installing {ADDON} into a copy of the template database"):
            runtime.databases.copy(core, name)
            lines = runtime.odoo_quietly(
                "addon",
                *("-d", name, "-i", ADDON, "--stop-after-init", "--no-http"),
                failure=f"{ADDON} cannot be installed.",
            )
        for line in lines:
            if " WARNING " in line:
                say(f"    {line}")

    return _kept(runtime, INSTALLED, key, install)


def _kept(runtime, prefix, key, install):
    """Return the database for the key; made under another name until it is whole."""
    name = prefix + key
    databases = runtime.databases
    with exclusive(runtime.project.locks / "templates", "it makes a template"):
        if not databases.exists(name):
            databases.drop(name + UNFINISHED)
            install(name + UNFINISHED)
            databases.rename(name + UNFINISHED, name)
            for outdated in databases.names(prefix):
                if outdated != name:
                    databases.drop(outdated)
    return name
