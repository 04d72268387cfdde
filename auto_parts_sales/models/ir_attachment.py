from odoo import api, models
from odoo.exceptions import UserError

# Files of these records are evidence: only what made them writes them
EVIDENCE_MODELS = (
    "parts.contract.filing",
    "parts.contract.signature",
    "parts.contract.authority",
    "parts.contract.acceptance",
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === CONTRACT === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if vals.get("res_field"):
                    self._parts_check_evidence([vals.get("res_model")])
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            fields_of = self.sudo().filtered("res_field")
            self._parts_check_evidence(fields_of.mapped("res_model"))
            if vals.get("res_model"):
                self._parts_check_evidence([vals["res_model"]])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_parts_evidence(self):
        if not self.env.su:
            fields_of = self.sudo().filtered("res_field")
            self._parts_check_evidence(fields_of.mapped("res_model"))

    @api.model
    def _parts_check_evidence(self, names):
        """Refuse to touch a filed paper or a signature, also for administrators.

        :raises UserError: naming what it is
        """
        if any(name in EVIDENCE_MODELS for name in names):
            raise UserError(
                self.env._(
                    "This file is evidence of a contract: it is not changed, replaced"
                    " or deleted."
                )
            )
