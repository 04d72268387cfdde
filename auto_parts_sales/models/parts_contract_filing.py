import base64
import hashlib

from odoo import api, fields, models


class PartsContractFiling(models.Model):
    """The paper of a version as it came into force, with its fingerprint (CON-4).

    Made once, when the version comes into force, and changed by nobody.
    """

    _name = "parts.contract.filing"
    _description = "Filed Contract"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "id desc"

    name = fields.Char(required=True)
    pdf = fields.Binary(string="PDF", attachment=True, required=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True)
    date = fields.Datetime(
        string="Filed on", required=True, default=fields.Datetime.now
    )
    intact = fields.Boolean(
        compute="_compute_intact",
        compute_sudo=True,
        help="The file is still the one that was filed.",
    )

    _version_uniq = models.UniqueIndex(
        "(version_id)", "The paper of a version is filed once."
    )

    @api.depends("pdf", "sha256")
    def _compute_intact(self):
        for filing in self:
            filing.intact = filing._fingerprint(filing._content()) == filing.sha256

    def _content(self):
        """Return the filed file, as bytes."""
        self.ensure_one()
        data = self.with_context(bin_size=False).pdf
        return base64.b64decode(data) if data else b""

    @api.model
    def _fingerprint(self, content):
        return hashlib.sha256(content).hexdigest()

    @api.model
    def _file(self, version):
        """File the paper of ``version``, once; called as superuser."""
        filed = self.search([("version_id", "=", version.id)], limit=1)
        if filed:
            return filed
        report = self.env["ir.actions.report"].sudo()
        content, _kind = report._render_qweb_pdf(
            "auto_parts_sales.parts_contract_version_report", version.ids
        )
        number = (version.contract_id.name or "").replace("/", "-")
        return self.create(
            {
                "version_id": version.id,
                "name": f"{number}-v{version.number}.pdf",
                "pdf": base64.b64encode(content),
                "sha256": self._fingerprint(content),
            }
        )
