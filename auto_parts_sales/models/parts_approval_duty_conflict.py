from odoo import api, fields, models
from odoo.tools import SQL

# A row's id is made of its duty and its user, so that it stays the same
DUTY_FACTOR = 10**8


class PartsApprovalDutyConflict(models.Model):
    """Users who hold two duties of different hands, worked out from the roles.

    Administrators hold every role: each has one row, marked *full rights*, instead of
    one for each duty.
    """

    _name = "parts.approval.duty.conflict"
    _description = "Conflicting Duties of a User"
    _auto = False
    _order = "full_rights, user_id, duty_id"
    _rec_name = "user_id"

    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    duty_id = fields.Many2one(comodel_name="parts.approval.duty", readonly=True)
    full_rights = fields.Boolean(
        readonly=True, help="An administrator, who holds every role."
    )
    roles = fields.Char(compute="_compute_roles", compute_sudo=True)

    _depends = {
        "res.users": ["active", "group_ids"],
        "res.groups": ["implied_ids", "user_ids"],
        "parts.approval.duty": ["active", "group_a_ids", "group_b_ids"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH RECURSIVE implied(gid, hid) AS (
                SELECT id, id FROM res_groups
                UNION
                SELECT implied.gid, rel.hid
                FROM implied JOIN res_groups_implied_rel rel ON rel.gid = implied.hid
            ), held AS (
                SELECT DISTINCT rel.uid, implied.hid AS gid
                FROM res_groups_users_rel rel
                JOIN implied ON implied.gid = rel.gid
                JOIN res_users u ON u.id = rel.uid AND u.active
            ), full_rights AS (
                SELECT uid FROM held WHERE gid = %(administrator)s
            )
            SELECT uid AS id, uid AS user_id, NULL::integer AS duty_id,
                   TRUE AS full_rights
            FROM full_rights
            UNION ALL
            SELECT DISTINCT duty.id::bigint * %(factor)s + a.uid, a.uid, duty.id, FALSE
            FROM parts_approval_duty duty
            JOIN parts_approval_duty_group_a_rel side_a
                ON side_a.parts_approval_duty_id = duty.id
            JOIN parts_approval_duty_group_b_rel side_b
                ON side_b.parts_approval_duty_id = duty.id
            JOIN held a ON a.gid = side_a.res_groups_id
            JOIN held b ON b.gid = side_b.res_groups_id AND b.uid = a.uid
            WHERE duty.active AND a.uid NOT IN (SELECT uid FROM full_rights)
            """,
            administrator=self.env["ir.model.data"]._xmlid_to_res_id(
                "auto_parts_sales.group_parts_administrator"
            ),
            factor=DUTY_FACTOR,
        )

    # === COMPUTE METHODS === #

    @api.depends("user_id", "duty_id")
    def _compute_roles(self):
        for conflict in self:
            if conflict.full_rights:
                conflict.roles = self.env._("Every role")
                continue
            held = conflict.user_id.all_group_ids
            sides = (conflict.duty_id.group_a_ids, conflict.duty_id.group_b_ids)
            conflict.roles = " + ".join(
                ", ".join((side & held).mapped("name")) for side in sides
            )

    # === ACTIONS === #

    def action_open_user(self):
        """Open the user's form, where roles are given and taken."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users",
            "res_id": self.user_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _sentence(self):
        self.ensure_one()
        return self.env._(
            "%(user)s holds %(roles)s (%(duty)s).",
            user=self.user_id.name,
            roles=self.roles,
            duty=self.duty_id.name,
        )
