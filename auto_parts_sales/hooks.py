from odoo.fields import Command


def post_init_hook(env):
    """Give every right of the addon to those who administrate the database."""
    administrators = env["res.users"].search(
        [("all_group_ids", "in", env.ref("base.group_system").ids)]
    )
    env.ref("auto_parts_sales.group_parts_administrator").user_ids = [
        Command.link(user.id) for user in administrators
    ]


def uninstall_hook(env):
    """Remove what Odoo's own uninstallation leaves behind."""
