from odoo import api, fields, models


class PartsCreditFile(models.Model):
    """How the customer kept his contracts, in his credit file (CON-13)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.credit.file"

    contract_line_ids = fields.Many2many(
        comodel_name="parts.contract.ledger",
        string="Contracts",
        compute="_compute_contract_line_ids",
        help="Goods taken, payments and what was credited, by contract.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_contract_line_ids(self):
        ledger = self.env["parts.contract.ledger"]
        readable = ledger.has_access("read")
        for file in self:
            file.contract_line_ids = (
                ledger.search(
                    [
                        ("company_id", "=", file.company_id.id),
                        (
                            "commercial_partner_id",
                            "=",
                            file.partner_id.commercial_partner_id.id,
                        ),
                    ]
                )
                if readable and file.partner_id
                else False
            )
