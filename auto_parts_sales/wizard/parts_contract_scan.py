from odoo import api, fields, models
from odoo.exceptions import UserError


class PartsContractScan(models.TransientModel):
    """Put a signed and sealed paper on file; a second person checks it off (CON-4)."""

    _name = "parts.contract.scan"
    _description = "Signed Paper"

    version_id = fields.Many2one(
        comodel_name="parts.contract.version", required=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(related="version_id.contract_id")
    side = fields.Selection(
        selection=[
            ("theirs", "Customer's Side"),
            ("ours", "Our Side"),
            ("both", "Both Sides"),
        ],
        string="Signed by",
        default="theirs",
        required=True,
    )
    choice_ids = fields.Many2many(
        comodel_name="parts.contract.authority",
        compute="_compute_choice_ids",
        compute_sudo=True,
    )
    their_authority_id = fields.Many2one(
        comodel_name="parts.contract.authority",
        string="Customer's Signatory",
        compute="_compute_their_authority_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', choice_ids), ('side', '=', 'theirs')]",
        ondelete="cascade",
    )
    our_authority_id = fields.Many2one(
        comodel_name="parts.contract.authority",
        string="Our Signatory",
        compute="_compute_our_authority_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', choice_ids), ('side', '=', 'ours')]",
        ondelete="cascade",
    )
    date = fields.Date(
        string="Signed on", default=fields.Date.context_today, required=True
    )
    scan = fields.Binary(string="Scanned Paper", attachment=False)
    scan_name = fields.Char(string="File")

    @api.depends("version_id")
    def _compute_choice_ids(self):
        authorities = self.env["parts.contract.authority"]
        for scan in self:
            version = scan.version_id
            found = authorities
            for side in ("ours", "theirs"):
                found |= authorities._candidates(version, side)
            scan.choice_ids = found.filtered("active")

    @api.depends("choice_ids")
    def _compute_their_authority_id(self):
        for scan in self:
            scan.their_authority_id = scan._only_signatory("theirs")

    @api.depends("choice_ids")
    def _compute_our_authority_id(self):
        for scan in self:
            scan.our_authority_id = scan._only_signatory("ours")

    def _only_signatory(self, side):
        """Return the only one who may sign for ``side``, if there is only one."""
        found = self.choice_ids.filtered(lambda one: one.side == side)
        return found if len(found) == 1 else False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_size(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_size(vals)
        return super().write(vals)

    @api.model
    def _check_size(self, vals):
        """Refuse a file that is too large before it is written down anywhere."""
        if vals.get("scan"):
            upload = self.env["parts.contract.upload"]
            upload._check_size(vals["scan"], vals.get("scan_name"))

    def action_upload(self):
        """Put the paper on file for the sides that signed it.

        :raises UserError: for a file that is no scanned paper, or a signatory without
            authority
        """
        self.ensure_one()
        self.contract_id.check_access("read")
        if not self.scan:
            raise UserError(self.env._("Choose the scanned paper first."))
        signatures = self.env["parts.contract.signature"]
        for side in ("ours", "theirs"):
            if self.side not in (side, "both"):
                continue
            authority = (
                self.our_authority_id if side == "ours" else self.their_authority_id
            )
            strict = self.version_id.sudo().company_id.parts_contract_authority
            if not authority and strict != "light":
                raise UserError(
                    self.env._("Say who signed for our side.")
                    if side == "ours"
                    else self.env._("Say who signed for the customer.")
                )
            signatures._upload(
                self.version_id, side, authority, self.date, self.scan, self.scan_name
            )
        return {"type": "ir.actions.act_window_close"}
