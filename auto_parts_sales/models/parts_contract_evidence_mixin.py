from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import clean_context


class PartsContractEvidenceMixin(models.AbstractModel):
    """What is kept about a version of a contract: a signature, a seal, a paper.

    It is read by whoever can read the contract, and by nobody else.
    """

    _name = "parts.contract.evidence.mixin"
    _description = "Evidence of a Contract"
    _inherit = ["parts.approval.readable.mixin"]

    version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        required=True,
        index=True,
        ondelete="restrict",
    )
    contract_id = fields.Many2one(
        related="version_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="version_id.company_id")

    @api.model_create_multi
    def create(self, vals_list):
        # of whose contract it is evidence, is told by the version that is named; a
        # default of the caller's context names nothing
        if not self.env.su:
            own = ("contract_id", "company_id")
            vals_list = [
                {key: value for key, value in vals.items() if key not in own}
                for vals in vals_list
            ]
        clean = self.with_env(self.env(context=clean_context(self.env.context)))
        rows = super(PartsContractEvidenceMixin, clean).create(vals_list)
        return rows.with_env(self.env)

    def _readable_ids(self, env):
        contracts = env["parts.contract"].browse(self.contract_id.ids)
        readable = set(contracts._filtered_access("read").ids)
        return [record.id for record in self if record.contract_id.id in readable]

    def _make_read_error(self, forbidden):
        return AccessError(
            self.env._("You may not read this, as you may not read its contract.")
        )
