from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.month_label import month_label


class PartsCommissionSignature(models.Model):
    """The commission officer's word that what a month collected is right.

    Written by *Sign Month*; never changed, never deleted. Pools accrue signed months.
    """

    _name = "parts.commission.signature"
    _description = "Signed Month of Collections"
    _order = "month desc, id desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    create_uid = fields.Many2one(comodel_name="res.users", string="Signed By")
    create_date = fields.Datetime(string="Signed On")

    _once_a_month = models.UniqueIndex(
        "(company_id, month)", "This month is signed already."
    )

    # === COMPUTE METHODS === #

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for signature in self:
            signature.display_name = month_label(self.env, signature.month)

    # === CRUD METHODS === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A signature is never changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_uninstalling(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            raise UserError(self.env._("A signature is never deleted."))
