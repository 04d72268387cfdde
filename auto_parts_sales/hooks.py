from odoo.fields import Command
from odoo.tools import SQL


def post_init_hook(env):
    """Give every right of the addon to those who administrate the database."""
    administrators = env["res.users"].search(
        [("all_group_ids", "in", env.ref("base.group_system").ids)]
    )
    env.ref("auto_parts_sales.group_parts_administrator").user_ids = [
        Command.link(user.id) for user in administrators
    ]


def uninstall_hook(env):
    """Let go of what would keep Odoo from deleting our roles and activity types."""
    env.flush_all()
    env["parts.catalog.import"]._drop_all_tables()
    for table in (
        "parts_approval_figure",
        "parts_approval_rule_step",
        "parts_approval_step",
    ):
        env.cr.execute(SQL("UPDATE %s SET group_id = NULL", SQL.identifier(table)))
    env.cr.execute("UPDATE parts_price_band SET parent_id = NULL")
    env.cr.execute("DELETE FROM parts_price_band")
    env.invalidate_all()
    for name in ("parts_approval", "parts_held"):
        kind = env.ref(
            f"auto_parts_sales.mail_activity_type_{name}", raise_if_not_found=False
        )
        if kind:
            env["mail.activity"].with_context(active_test=False).search(
                [("activity_type_id", "=", kind.id)]
            ).unlink()
