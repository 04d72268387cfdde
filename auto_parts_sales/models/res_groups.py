from odoo import api, models

PARTS_DUTY_FIELDS = {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["parts.approval.duty"]._watch():
            return super().create(vals_list)

    def write(self, vals):
        with self.env["parts.approval.duty"]._watch(PARTS_DUTY_FIELDS & vals.keys()):
            return super().write(vals)
