from odoo import fields, models


class PartsContractClauseVerdict(models.Model):
    """What legal said about a changed clause; written by no role (CON-3)."""

    _name = "parts.contract.clause.verdict"
    _description = "Legal's Answer about a Clause"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "id desc"

    clause_id = fields.Many2one(
        comodel_name="parts.contract.clause",
        required=True,
        index=True,
        ondelete="cascade",
    )
    version_id = fields.Many2one(
        related="clause_id.version_id",
        store=True,
        index=True,
        required=False,
        ondelete="cascade",
    )
    verdict = fields.Selection(
        selection=[("wording", "Wording"), ("substance", "Substance")], required=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Said by", required=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    note = fields.Text(string="Reason")
    text = fields.Text(string="What Was Judged")
    digest = fields.Char(required=True)
