"""Databases kept to be copied.

Core's apps; the addon on top of them; core's apps with further ones that the addon has
to work beside; the addon with the test addons on top of those. Core's part is kept by
itself, so that a change of the addon installs only the addon again.
"""

from tools.runtime.console import say, step
from tools.runtime.locks import exclusive
from tools.runtime.project import ADDON, short_hash

CORE = "auto_parts_core_"
INSTALLED = "auto_parts_addon_"
FURTHER_CORE = "auto_parts_more_apps_"
FURTHER = "auto_parts_more_addon_"
UNFINISHED = "_unfinished"

_ONCE = ("--stop-after-init", "--no-http")


def core_template(runtime):
    """Return a database with the apps that the addon depends on, without demo data."""
    key = short_hash("|".join([runtime.source.version, *runtime.project.depends]))

    def install(name):
        modules = ",".join(runtime.project.depends)
        with step(f"Installing Odoo's own apps into a template database ({modules})"):
            runtime.odoo_quietly(
                "core-template",
                *("-d", name, "-i", modules, *_ONCE),
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
                *("-d", name, "-i", ADDON, *_ONCE),
                failure=f"{ADDON} cannot be installed.",
            )
        for line in lines:
            if " WARNING " in line:
                say(f"    {line}")

    return _kept(runtime, INSTALLED, key, install)


def further_core_template(runtime):
    """Return a database with the apps, too, that only the test addons depend on."""
    core = core_template(runtime)
    modules = runtime.project.further_depends
    key = short_hash("|".join([core, *modules]))

    # Without the bridges that Odoo would install by itself: they double the time, and
    # what is to be tried is named by the test addons.
    def install(name):
        with step(f"Installing further apps into a copy of it ({','.join(modules)})"):
            runtime.databases.copy(core, name)
            runtime.odoo_quietly(
                "further-core-template",
                *("-d", name, "-i", ",".join(modules), *_ONCE, "--skip-auto-install"),
                failure="Odoo's further apps cannot be installed.",
            )

    return _kept(runtime, FURTHER_CORE, key, install)


def further_template(runtime):
    """Return a database with the further apps, the addon and the test addons."""
    core = further_core_template(runtime)
    project = runtime.project
    sources = project.sources_hash(without=("tests", "i18n"))
    key = short_hash(f"{core} {sources} {project.test_addons_hash()}")
    modules = ",".join([ADDON, *project.test_addon_names])

    def install(name):
        with step(f"Installing {modules} beside the further apps"):
            runtime.databases.copy(core, name)
            runtime.odoo_quietly(
                "further-addon",
                *("-d", name, "-i", modules, *_ONCE, "--skip-auto-install"),
                f"--addons-path={runtime.addons_path(project.test_addons)}",
                failure=f"{ADDON} cannot be installed beside the further apps.",
            )

    return _kept(runtime, FURTHER, key, install)


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
