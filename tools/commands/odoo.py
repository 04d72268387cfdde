"""bin/odoo: any sub-command of Odoo with the project's runtime and configuration."""

from tools.runtime.runtime import runtime


def run(project, arguments):
    with runtime(project) as ready:
        return ready.odoo(*arguments)
