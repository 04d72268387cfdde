from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KEEPER = "auto_parts_sales.group_parts_seal_keeper"


class PartsContractSealing(models.Model):
    """A seal put under a version of a contract: which, by whom, how often (CON-12).

    Recorded by the keeper himself, as of now; never changed. A mistake is explained
    by a further record with its note.
    """

    _name = "parts.contract.sealing"
    _description = "Sealing of a Contract"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "id"

    seal_id = fields.Many2one(
        comodel_name="parts.contract.seal", required=True, ondelete="restrict"
    )
    keeper_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True)
    copies = fields.Integer(default=2, required=True)
    note = fields.Char()
    digest = fields.Char(string="Fingerprint of the Text (SHA-256)", readonly=True)

    _copies_positive = models.Constraint(
        "CHECK (copies > 0)", "At least one copy is sealed."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        user = self.env.user
        for vals in vals_list:
            version = self.env["parts.contract.version"].browse(vals.get("version_id"))
            version.contract_id.check_access("read")
            vals.update(
                keeper_id=user.id,
                date=fields.Datetime.now(),
                digest=version and version.sudo()._paper_digest(),
            )
        sealings = super().create(vals_list)
        for sealing in sealings.sudo():
            sealing._check_keeper(user)
            sealing.contract_id.message_post(
                body=self.env._(
                    "Sealed: %(seal)s, %(copies)s copies, %(version)s",
                    seal=sealing.seal_id.name,
                    copies=sealing.copies,
                    version=sealing.version_id.display_name,
                )
            )
            sealing.version_id._parts_signatures_changed()
        return sealings

    def _check_keeper(self, user):
        """Refuse who may not seal this version with this seal."""
        self.ensure_one()
        version, seal = self.version_id, self.seal_id
        if not user.has_group(KEEPER) or user not in seal.keeper_ids:
            raise AccessError(
                self.env._(
                    "%(seal)s is kept by %(keepers)s, with the role Seal Keeper.",
                    seal=seal.name,
                    keepers=", ".join(seal.keeper_ids.mapped("name")),
                )
            )
        if seal.company_id != version.company_id or not seal.active:
            raise UserError(
                self.env._("%s is no seal of the company of this contract.", seal.name)
            )
        signatories = version.signature_ids.filtered(
            lambda signature: signature.state != "refused"
        ).user_id
        if user in signatories:
            raise AccessError(
                self.env._("Who signed for our side does not put the seal under it.")
            )
        if version.state not in ("approved", "effective"):
            raise UserError(
                self.env._(
                    "%s is not to be sealed now: it is sealed once its review is over.",
                    version.display_name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _missing(self, version):
        """Return what is missing of the seal, as sentences.

        A company with no seal on file signs without one.
        """
        seals = self.env["parts.contract.seal"].sudo()
        if not seals.search_count(
            [("company_id", "=", version.company_id.id)], limit=1
        ):
            return []
        if not version.sealing_ids:
            return [self.env._("Our seal is not under it yet.")]
        digest = version._paper_digest()
        if not any(sealing.digest == digest for sealing in version.sealing_ids):
            return [self.env._("What was sealed is not this text.")]
        return []
