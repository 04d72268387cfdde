from odoo import api, models


class PartsCommissionPlanPartMixin(models.AbstractModel):
    """A row of a plan: nobody writes the plan by which he earns, nor its rows."""

    _name = "parts.commission.plan.part.mixin"
    _description = "Part of a Commission Plan"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.plan_id._check_not_own()
        return records

    def write(self, vals):
        self.plan_id._check_not_own()
        res = super().write(vals)
        self.plan_id._check_not_own()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        self.plan_id._check_not_own()
