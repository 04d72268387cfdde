"""make i18n: the translation template from the sources, merged into zh_CN."""

from tools.runtime.console import step
from tools.runtime.project import ADDON
from tools.runtime.runtime import runtime
from tools.runtime.templates import installed_template


def run(project, arguments):
    with runtime(project) as ready:
        return translations(ready, "merge")


def translations(ready, action):
    """Export the template of the addon as it is now, and check or merge it."""
    database = installed_template(ready)
    template = ready.project.runtime / f"{ADDON}.pot"
    with step("Exporting the translation template"):
        ready.odoo_quietly(
            "i18n",
            *("i18n", "export", "-d", database, "-o", template, ADDON),
            failure="The translation template cannot be exported.",
        )
    folder = ready.project.addon / "i18n"
    script = ("-m", "tools.checks.translations", action, template, folder, ADDON)
    return ready.run(*script, cwd=ready.project.root)
