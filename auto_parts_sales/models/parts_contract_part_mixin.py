from odoo import api, models
from odoo.exceptions import UserError


class PartsContractPartMixin(models.AbstractModel):
    """A row of a paper: written while that paper is a draft, by nobody afterwards.

    Set ``_part_of`` to the name of the many2one to the paper, which has a method
    ``_check_draft()``, and ``_part_computed`` to what a row works out by itself: such
    values, and defaults of the context for them, are not believed.
    """

    _name = "parts.contract.part.mixin"
    _description = "Row of a Paper"

    _part_of = None
    _part_computed = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        names = self._part_computed
        if not self.env.su:
            vals_list = [
                {key: value for key, value in vals.items() if key not in names}
                for vals in vals_list
            ]
        defaults = {f"default_{name}" for name in names}
        context = {
            key: value for key, value in self.env.context.items() if key not in defaults
        }
        clean = self.with_env(self.env(context=context))
        parts = super(PartsContractPartMixin, clean).create(vals_list)
        if not self.env.su:
            parts[self._part_of]._check_draft()
        return parts.with_env(self.env)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self[self._part_of]._check_draft()
        if self._part_computed & vals.keys() or self._is_moved(vals):
            raise UserError(
                self.env._(
                    "A row stays in its version of a paper, and its totals are worked"
                    " out, not written."
                )
            )
        return super().write(vals)

    def _is_moved(self, vals):
        """Return whether ``vals`` would put a row into another paper."""
        parent = vals.get(self._part_of)
        return self._part_of in vals and any(
            part[self._part_of].id != parent for part in self
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if not self.env.su:
            self[self._part_of]._check_draft()
