from odoo import api, models


class PartsCommissionPlanPartMixin(models.AbstractModel):
    """A row of a plan or pool: nobody writes that by which he earns, nor its rows.

    `_parts_part_of` names the field that points to it.
    """

    _name = "parts.commission.plan.part.mixin"
    _description = "Part of a Commission Plan"

    _parts_part_of = "plan_id"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_whole_not_own()
        return records

    def write(self, vals):
        self._check_whole_not_own()
        res = super().write(vals)
        self._check_whole_not_own()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        self._check_whole_not_own()

    def _check_whole_not_own(self):
        self[self._parts_part_of]._check_not_own()
