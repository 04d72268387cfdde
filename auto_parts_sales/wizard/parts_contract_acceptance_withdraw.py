from odoo import fields, models


class PartsContractAcceptanceWithdraw(models.TransientModel):
    """Dialog that takes back an acceptance recorded by mistake, with its reason."""

    _name = "parts.contract.acceptance.withdraw"
    _description = "Withdraw an Acceptance"

    acceptance_id = fields.Many2one(
        comodel_name="parts.contract.acceptance", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_carry_out(self):
        """Withdraw the acceptance."""
        self.ensure_one()
        self.acceptance_id.action_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
