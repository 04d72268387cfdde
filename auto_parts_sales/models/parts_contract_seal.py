from odoo import fields, models


class PartsContractSeal(models.Model):
    """A seal of the company, and who keeps it (CON-12)."""

    _name = "parts.contract.seal"
    _description = "Company Seal"
    _inherit = ["mail.thread"]
    _order = "company_id, name"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[
            ("contract", "Contract Seal"),
            ("company", "Company Seal"),
            ("representative", "Legal Representative's Seal"),
        ],
        default="contract",
        required=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    keeper_ids = fields.Many2many(
        comodel_name="res.users",
        string="Keepers",
        required=True,
        tracking=True,
        help="Who may seal with it; each also needs the role Seal Keeper.",
    )
    active = fields.Boolean(default=True, tracking=True)
