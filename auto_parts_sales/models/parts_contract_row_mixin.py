from odoo import fields, models


class PartsContractRowMixin(models.AbstractModel):
    """A row of one version of a contract: goods, an instalment, a clause."""

    _name = "parts.contract.row.mixin"
    _description = "Row of a Contract"
    _inherit = ["parts.contract.part.mixin"]
    _order = "version_id, sequence, id"

    _part_of = "version_id"
    _part_computed = frozenset({"contract_id", "company_id"})

    version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    contract_id = fields.Many2one(
        related="version_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="version_id.company_id")
    currency_id = fields.Many2one(related="version_id.currency_id")
    sequence = fields.Integer(default=10)
