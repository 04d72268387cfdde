"""make lint: style, Odoo's conventions, and the translations; all of it, then fails."""

from tools.commands.i18n import translations
from tools.runtime.console import say
from tools.runtime.project import ADDON
from tools.runtime.runtime import runtime
from tools.runtime.templates import installed_template


def run(project, arguments):
    with runtime(project) as ready:
        failed = [
            name for name, check in CHECKS.items() if not passes(name, check, ready)
        ]
    say(
        f"\nlint: {', '.join(failed)} failed" if failed else "\nlint: all checks passed"
    )
    return bool(failed)


def passes(name, check, ready):
    say(f"==> {name}")
    return check(ready) == 0


def ruff(*arguments):
    def check(ready):
        return ready.run("-m", "ruff", *arguments, ".", cwd=ready.project.root)

    return check


def pylint(ready):
    command = ("-m", "pylint", "--rcfile=.pylintrc", ADDON)
    return ready.run(*command, cwd=ready.project.root)


def old_idioms(ready):
    """Let Odoo list the files that it would rewrite for a newer version."""
    addons = f"--addons-path={ready.project.root}"
    scope = f"--glob={ADDON}/**/*"
    return ready.odoo("upgrade_code", "--from=17.0", "--dry-run", addons, scope)


def conventions(ready):
    database = installed_template(ready)
    options = (f"--odoo-database={database}", "-q", "--no-header", "tools/checks")
    return ready.run("-m", "pytest", *options, cwd=ready.project.root)


def complete_translations(ready):
    return translations(ready, "check")


CHECKS = {
    "ruff check": ruff("check", "--no-fix"),
    "ruff format": ruff("format", "--check"),
    "pylint with OCA's mandatory checks": pylint,
    "idioms of older versions of Odoo": old_idioms,
    "Odoo's own conventions": conventions,
    "translations": complete_translations,
}
