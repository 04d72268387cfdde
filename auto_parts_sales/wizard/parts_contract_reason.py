from odoo import fields, models
from odoo.exceptions import UserError


class PartsContractReason(models.TransientModel):
    """Dialog that takes the reason of an answer about a contract: what legal says of a
    changed clause (CON-3), what is wrong with a signed paper (CON-4), why a contract
    is given up that never came into force (CON-5).
    """

    _name = "parts.contract.reason"
    _description = "Reason of an Answer"

    act = fields.Selection(
        selection=[
            ("wording", "Only Wording"),
            ("substance", "Substance"),
            ("refuse", "Not in Order"),
            ("give_up", "Give Up"),
        ],
        string="Answer",
        required=True,
    )
    clause_id = fields.Many2one(
        comodel_name="parts.contract.clause", ondelete="cascade"
    )
    signature_id = fields.Many2one(
        comodel_name="parts.contract.signature",
        string="Signed Paper",
        ondelete="cascade",
    )
    contract_id = fields.Many2one(comodel_name="parts.contract", ondelete="cascade")
    reason = fields.Text()

    def action_carry_out(self):
        """Give the answer, with its reason; rights are those of the answer itself.

        :raises UserError: without a reason; only legal may say it in one word
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason and self.act in ("refuse", "give_up"):
            raise UserError(self.env._("Say why: it is kept with the contract."))
        if self.act == "refuse":
            self.signature_id.action_refuse(reason)
        elif self.act == "give_up":
            self.contract_id.action_give_up(reason)
        else:
            self.clause_id.action_judge(self.act, reason or None)
        return {"type": "ir.actions.act_window_close"}
