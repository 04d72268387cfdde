from odoo import api, fields, models


class PartsContractEnd(models.TransientModel):
    """Dialog that suspends or terminates a contract, with its reason."""

    _name = "parts.contract.end"
    _description = "Suspend or Terminate a Contract"

    contract_id = fields.Many2one(
        comodel_name="parts.contract", required=True, ondelete="cascade"
    )
    act = fields.Selection(
        selection=[("suspend", "Suspend"), ("terminate", "Terminate")],
        string="What Happens",
        default="suspend",
        required=True,
    )
    may_suspend = fields.Boolean(related="contract_id.may_suspend")
    may_terminate = fields.Boolean(related="contract_id.may_terminate")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    breach = fields.Selection(
        selection=[
            ("none", "Nobody: by agreement"),
            ("theirs", "The customer"),
            ("ours", "We"),
        ],
        string="Who Broke It",
        default="none",
        required=True,
    )
    reason = fields.Text(required=True)
    paid = fields.Monetary(compute="_compute_figures")
    earnest = fields.Monetary(string="Of It Earnest Money", compute="_compute_figures")
    delivered = fields.Monetary(compute="_compute_figures")
    kept = fields.Monetary(string="Earnest Money Kept", compute="_compute_figures")
    doubled = fields.Monetary(string="Earnest Money on Top", compute="_compute_figures")
    to_return = fields.Monetary(compute="_compute_figures")
    still_owed = fields.Monetary(string="Still to Be Paid", compute="_compute_figures")

    @api.depends("contract_id", "breach", "act")
    def _compute_figures(self):
        names = (
            "paid",
            "earnest",
            "delivered",
            "kept",
            "doubled",
            "to_return",
            "still_owed",
        )
        settlement = self.env["parts.contract.settlement"].sudo()
        for dialog in self:
            figures = dict.fromkeys(names, 0.0)
            if dialog.act == "terminate" and dialog.contract_id:
                dialog.contract_id.check_access("read")
                figures = settlement._figures(dialog.contract_id.sudo(), dialog.breach)
            for name in names:
                dialog[name] = figures[name]

    def action_carry_out(self):
        """Suspend or terminate, as chosen."""
        self.ensure_one()
        if self.act == "suspend":
            self.contract_id.action_suspend(self.reason)
            return {"type": "ir.actions.act_window_close"}
        return self.contract_id.action_terminate(self.reason, breach=self.breach)
