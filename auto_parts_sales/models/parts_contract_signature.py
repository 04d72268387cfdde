import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

PREFIX = "auto_parts_sales.group_parts_"
# Who may say that a signed paper is in order: never who uploaded it
CHECKERS = (
    f"{PREFIX}contract_keeper",
    f"{PREFIX}legal_post",
    f"{PREFIX}legal_department",
    f"{PREFIX}sales_office",
    f"{PREFIX}sales_director",
    f"{PREFIX}general_manager",
)
COUNTING = ("waiting", "valid")
# Of many authorities that do not do, so many are named
SAID = 3


class PartsContractSignature(models.Model):
    """One side's signature under one version of a contract (CON-4).

    Written by no role: our side signs here, within its authority; the customer signs
    on his portal; a signed and sealed paper is uploaded and checked off by a second
    person. Each names a fingerprint of the text that was signed.
    """

    _name = "parts.contract.signature"
    _description = "Signature of a Contract"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "version_id, id"

    side = fields.Selection(
        selection=[("ours", "Our Side"), ("theirs", "Customer's Side")], required=True
    )
    way = fields.Selection(
        selection=[("here", "Here"), ("portal", "Portal"), ("paper", "On Paper")],
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "To Be Checked"),
            ("valid", "Valid"),
            ("refused", "Refused"),
        ],
        required=True,
    )
    name = fields.Char(string="Signatory", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Signed by",
        ondelete="restrict",
        help="Our signatory.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="On the Portal as",
        ondelete="restrict",
    )
    authority_id = fields.Many2one(
        comodel_name="parts.contract.authority",
        string="Authority",
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Date(string="Signed on", required=True)
    recorded_by_id = fields.Many2one(
        comodel_name="res.users", string="Recorded by", required=True
    )
    recorded_on = fields.Datetime(required=True, default=fields.Datetime.now)
    address = fields.Char(string="Network Address")
    image = fields.Binary(string="Drawn Signature", attachment=True)
    scan = fields.Binary(string="Signed Paper", attachment=True)
    scan_name = fields.Char(string="File")
    scan_hash = fields.Char(string="Fingerprint of the File (SHA-256)")
    checked_by_id = fields.Many2one(comodel_name="res.users", string="Checked by")
    checked_on = fields.Datetime()
    reason = fields.Char(string="Why Refused")
    digest = fields.Char(string="Fingerprint of the Text (SHA-256)", required=True)

    may_check = fields.Boolean(compute="_compute_may_check", compute_sudo=True)

    _one_each = models.UniqueIndex(
        "(version_id, side) WHERE state IN ('waiting', 'valid')",
        "This version was signed for that side already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "side")
    @api.depends_context("lang")
    def _compute_display_name(self):
        sides = dict(self._fields["side"]._description_selection(self.env))
        for signature in self:
            side = sides.get(signature.side, "")
            signature.display_name = f"{side}: {signature.name}"

    @api.depends("state", "recorded_by_id", "user_id")
    @api.depends_context("uid")
    def _compute_may_check(self):
        user = self.env.user
        checker = any(user.has_group(group) for group in CHECKERS)
        for signature in self:
            signature.may_check = (
                checker
                and signature.state == "waiting"
                and user not in signature.recorded_by_id | signature.user_id
            )

    # === DOORS OF THE CONTRACT === #

    @api.model
    def _sign(self, version, side, image=None, **_values):
        """Sign ``version`` for our side as the user, within his authority.

        What a caller sends beyond the drawing is not believed.

        :param version: ``parts.contract.version`` that was approved
        :param str side: ``ours``; the customer signs by himself or on paper
        :param image: drawn signature, base64 of a PNG or JPEG, or None
        :return: the signature
        :raises UserError: signed already, not approved yet, or without authority
        """
        if side == "theirs":
            raise UserError(
                self.env._(
                    "The customer signs on his portal page, or on paper: upload the"
                    " signed copy, and somebody else checks it off."
                )
            )
        if side != "ours":
            raise ValidationError(self.env._("A contract is signed by us or by them."))
        user = self.env.user
        service = self.sudo()
        service._check_ready(version, side)
        authority = service._check_authority(version, side, user=user)
        service._check_not_sealer(version, user)
        return service._record(
            version,
            side,
            way="here",
            state="valid",
            name=user.name,
            user_id=user.id,
            authority_id=authority.id,
            image=self._drawn(image),
        )

    @api.model
    def _missing(self, version):
        """Return what is missing before ``version`` may come into force.

        :return: sentences; empty once both sides are in, with authority, and sealed
        :rtype: list[str]
        """
        version = version.sudo()
        missing = []
        for side in ("ours", "theirs"):
            missing += self._missing_of(version, side)
        return missing + self.env["parts.contract.sealing"]._missing(version)

    # === SIGNING === #

    @api.model
    def _sign_on_portal(self, version, name, image, partner=None, address=None):
        """Sign ``version`` for the customer; called by the portal as superuser.

        :param str name: as the signatory wrote it
        :param image: drawn signature, base64
        :param partner: who is logged in (``res.partner``), or None by the link
        :param str address: network address
        :raises UserError: sentences for the customer
        """
        name = " ".join((name or "").split())
        if not name:
            raise UserError(self.env._("Write your name below the signature."))
        drawn = self._drawn(image)
        if not drawn:
            raise UserError(self.env._("Draw your signature in the field."))
        self._check_ready(version, "theirs")
        try:
            authority = self._check_authority(version, "theirs", name=name)
        except UserError as error:
            raise UserError(
                self.env._(
                    "%(why)s Whoever is on file signs; else send the licence or a"
                    " letter of authority to your contact first.",
                    why=error,
                )
            ) from error
        return self._record(
            version,
            "theirs",
            way="portal",
            state="valid",
            name=name,
            partner_id=partner and partner.id,
            authority_id=authority.id,
            image=drawn,
            address=address,
        )

    @api.model
    def _upload(self, version, side, authority, date, scan, scan_name):
        """Put the signed paper of ``side`` on file; somebody else checks it off.

        :param authority: ``parts.contract.authority`` of who signed it, may be empty
            in the light form
        :param date: on which it was signed
        :param scan: base64
        """
        content = self.env["parts.contract.upload"]._check(scan, scan_name)
        # as superuser: whoever uploads need not read authorities
        authority = authority.sudo()
        self.sudo()._check_ready(version, side)
        self.sudo()._check_not_sealer(version, authority.user_id)
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The paper was signed on a day to come?"))
        self.sudo()._check_not_older(version, date)
        name = authority.name or self.env._("Signatory not on file")
        found = self.sudo()._check_authority(
            version,
            side,
            user=authority.user_id or None,
            name=authority.name or None,
            date=date,
        )
        return self.sudo()._record(
            version,
            side,
            way="paper",
            state="waiting",
            name=name,
            user_id=authority.user_id.id,
            authority_id=found.id,
            date=date,
            scan=scan,
            scan_name=scan_name,
            scan_hash=hashlib.sha256(content).hexdigest(),
        )

    def _check_not_older(self, version, date):
        """Refuse a paper that is older than the review of what it says: by an older
        date an authority that lapsed would count again.
        """
        review = self.env["parts.contract.review"]._of_version(version)
        if not review:
            return
        local = fields.Datetime.context_timestamp(self, review.date).date()
        over = min(local, review.date.date())
        if date < over:
            raise UserError(
                self.env._(
                    "The paper was signed on %(date)s, before its review was over on"
                    " %(over)s: it is not this text. Have it signed again.",
                    date=fields.Date.to_string(date),
                    over=fields.Date.to_string(over),
                )
            )

    def _check_ready(self, version, side):
        """Refuse to sign what is not to be signed, or was signed already."""
        if version.state != "approved":
            raise UserError(
                self.env._(
                    "%(version)s is not to be signed now: it is signed once its review"
                    " is over, and never again when it is in force.",
                    version=version.display_name,
                )
            )
        signed = version.sudo().signature_ids.filtered(
            lambda one: one.side == side and one.state in COUNTING
        )
        digest = version._paper_digest()
        # a customer's new address is in the text, too: what he signed is another one
        stale = signed.filtered(lambda one: one.digest != digest)
        stale.write({"state": "refused", "reason": self.env._("The text changed.")})
        signed -= stale
        if signed:
            raise UserError(
                self.env._(
                    "%(version)s was signed for this side already: by %(name)s on"
                    " %(date)s.",
                    version=version.display_name,
                    name=signed[0].name,
                    date=fields.Date.to_string(signed[0].date),
                )
            )

    def _check_not_sealer(self, version, user):
        """Refuse a signatory who put the seal under this version (CON-12)."""
        if user in version.sudo().sealing_ids.keeper_id:
            raise UserError(
                self.env._(
                    "%(user)s sealed %(version)s: who keeps the seal does not sign.",
                    user=user.name,
                    version=version.display_name,
                )
            )

    def _check_authority(self, version, side, user=None, name=None, date=None):
        """Return the authority under which somebody signs.

        :raises UserError: with why he may not
        """
        authorities = self.env["parts.contract.authority"].sudo()
        options = {"user": user, "name": name, "date": date}
        lapsed = authorities._lapsed(version, side, **options)
        if lapsed:
            raise UserError("\n".join(lapsed))
        return authorities._find(version, side, **options)

    def _drawn(self, image):
        if not image:
            return False
        data = image.split(",", 1)[-1] if isinstance(image, str) else image
        self.env["parts.contract.upload"]._check(data, drawing=True)
        return data

    def _record(self, version, side, **vals):
        """Write a signature down, as superuser, and tell the contract."""
        # what was refused before makes room for this one
        self.flush_model(["state"])
        signature = self.sudo().create(
            {
                "version_id": version.id,
                "side": side,
                "date": fields.Date.context_today(self),
                "recorded_by_id": self.env.uid,
                "digest": version._paper_digest(),
                **vals,
            }
        )
        signature._tell(
            self.env._("Signed paper uploaded: %s", signature.display_name)
            if signature.state == "waiting"
            else self.env._("Signed: %s", signature.display_name)
        )
        if signature.state == "valid":
            version.sudo()._parts_signatures_changed()
        else:
            version.sudo().contract_id._call_people()
        return signature

    def _tell(self, body):
        self.contract_id.message_post(body=body)

    # === ACTIONS === #

    def action_check_off(self):
        """Say that the uploaded paper is signed and sealed, and is this version.

        :raises AccessError: for who uploaded it, signed it, or may not say so
        :raises UserError: for what waits for no check
        """
        for signature in self._check_checker():
            signature.write(
                {
                    "state": "valid",
                    "checked_by_id": self.env.uid,
                    "checked_on": fields.Datetime.now(),
                }
            )
            signature._tell(
                self.env._("Signed paper checked: %s", signature.display_name)
            )
            signature.version_id._parts_signatures_changed()
        return True

    def action_ask_refusal(self):
        """Open the dialog that takes what is wrong with the paper."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not in Order"),
            "res_model": "parts.contract.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_signature_id": self.id, "default_act": "refuse"},
        }

    def action_refuse(self, reason=None):
        """Say that the uploaded paper is not in order; another one can be uploaded.

        :param str reason: what is wrong with it
        """
        for signature in self._check_checker():
            signature.write(
                {
                    "state": "refused",
                    "checked_by_id": self.env.uid,
                    "checked_on": fields.Datetime.now(),
                    "reason": reason,
                }
            )
            signature._tell(
                self.env._("Signed paper refused: %s", signature.display_name)
            )
            signature.contract_id._call_people()
        return True

    def _check_checker(self):
        """Return these signatures as superuser, if the user may check them off."""
        self.check_access("read")
        user = self.env.user
        if not any(user.has_group(group) for group in CHECKERS):
            raise AccessError(
                self.env._(
                    "Signed papers are checked off by the contract keeper, legal, the"
                    " sales office, the sales director or the general manager."
                )
            )
        for signature in self.sudo():
            if signature.state != "waiting":
                raise UserError(
                    self.env._("%s waits for no check.", signature.display_name)
                )
            if signature.company_id not in user.company_ids:
                raise AccessError(self.env._("It is a contract of another company."))
            if user in signature.recorded_by_id | signature.user_id:
                raise AccessError(
                    self.env._(
                        "Who uploaded or signed a paper does not check it off: a second"
                        " person does."
                    )
                )
        return self.sudo()

    # === WHAT IS MISSING === #

    @api.model
    def _missing_of(self, version, side):
        ours = side == "ours"
        signatures = version.signature_ids.filtered(
            lambda signature: signature.side == side and signature.state in COUNTING
        )
        if not signatures:
            unsigned = (
                self.env._("Our side has not signed yet.")
                if ours
                else self.env._(
                    "The customer has not signed yet: on his portal page, or on paper."
                )
            )
            # before he is sent the link: whether anybody could sign at all
            lapsed = self.env["parts.contract.authority"]._lapsed(version, side)
            return [unsigned, *lapsed[:SAID]]
        signature = signatures[0]
        if signature.state == "waiting":
            return [
                self.env._(
                    "The signed paper of %s waits to be checked off by a second"
                    " person.",
                    signature.name,
                )
            ]
        if signature.digest != version._paper_digest():
            return [
                self.env._(
                    "What %s signed is not this text: it has to be signed again.",
                    signature.name,
                )
            ]
        authority = signature.authority_id
        if authority and not authority._stands(signature.date):
            return [authority._why_not(version, signature.date)]
        if not authority and version.company_id.parts_contract_authority != "light":
            return [self.env._("%s has no authority on file to sign.", signature.name)]
        return []
