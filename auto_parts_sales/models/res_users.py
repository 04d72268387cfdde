from odoo import api, fields, models

# What may give somebody a second duty, or bring him under a company that refuses it
PARTS_DUTY_FIELDS = {"group_ids", "role", "company_ids", "company_id", "active"}


class ResUsers(models.Model):
    _inherit = "res.users"

    # Read by the engine alone
    parts_substitute_ids = fields.One2many(
        comodel_name="parts.approval.substitute",
        inverse_name="user_id",
        groups=fields.NO_ACCESS,
    )
    parts_duty_warning = fields.Text(
        string="Conflicting Duties",
        compute="_compute_parts_duty_warning",
        compute_sudo=True,
        groups="base.group_erp_manager",
    )

    # === COMPUTE METHODS === #

    @api.depends("group_ids")
    def _compute_parts_duty_warning(self):
        conflicts = (
            self.env["parts.approval.duty.conflict"]
            .sudo()
            .search([("user_id", "in", self.ids), ("full_rights", "=", False)])
            .grouped("user_id")
        )
        for user in self:
            own = conflicts.get(user._origin, ())
            sentences = [conflict._sentence() for conflict in own]
            user.parts_duty_warning = "\n".join(sentences) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["parts.approval.duty"]._watch():
            return super().create(vals_list)

    def write(self, vals):
        with self.env["parts.approval.duty"]._watch(PARTS_DUTY_FIELDS & vals.keys()):
            return super().write(vals)
