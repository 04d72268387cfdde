from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

# What a customer sees of his contracts: nothing that is still being drawn up
SHOWN_STATES = ("approved", "effective", "suspended", "done", "terminated")


class PartsContract(models.Model):
    """What a contract is on paper and on the customer's portal page."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _name = "parts.contract"
    _inherit = ["parts.contract", "portal.mixin"]

    # whoever reads it could sign for the customer: no role does
    access_token = fields.Char(groups=fields.NO_ACCESS)
    signing_version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        string="To Be Signed",
        compute="_compute_signing_version_id",
        compute_sudo=True,
        help="The version that was approved and waits for signatures.",
    )
    signing_missing = fields.Text(
        string="Missing to Sign", compute="_compute_signing_missing", compute_sudo=True
    )
    waits_for_customer = fields.Boolean(
        compute="_compute_waits_for_customer", compute_sudo=True
    )
    waits_for_paper = fields.Boolean(
        string="Waits for a Signed Paper",
        compute="_compute_waits_for_customer",
        compute_sudo=True,
    )
    may_sign_here = fields.Boolean(compute="_compute_may_sign_here", compute_sudo=True)
    filing_id = fields.Many2one(
        comodel_name="parts.contract.filing",
        string="Filed PDF",
        compute="_compute_filing_id",
        compute_sudo=True,
    )

    all_signature_ids = fields.One2many(
        comodel_name="parts.contract.signature",
        inverse_name="contract_id",
        string="Signatures of All Versions",
        readonly=True,
    )
    all_sealing_ids = fields.One2many(
        comodel_name="parts.contract.sealing",
        inverse_name="contract_id",
        string="Seals of All Versions",
        readonly=True,
    )

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"
        return result

    @api.depends("version_ids.state", "current_version_id.state")
    def _compute_signing_version_id(self):
        for contract in self:
            versions = contract.version_ids | contract.current_version_id
            waiting = versions.filtered(lambda version: version.state == "approved")
            contract.signing_version_id = waiting.sorted("number")[-1:]

    @api.depends_context("lang")
    def _compute_signing_missing(self):
        for contract in self:
            contract.signing_missing = contract.signing_version_id.signing_missing

    @api.depends("signing_version_id", "all_signature_ids.state")
    def _compute_waits_for_customer(self):
        for contract in self:
            version = contract.signing_version_id
            open_for = {
                side
                for side in ("ours", "theirs")
                if version and not version._signatures_standing(side)
            }
            contract.waits_for_customer = "theirs" in open_for
            contract.waits_for_paper = bool(open_for)

    @api.depends("signing_version_id")
    @api.depends_context("uid")
    def _compute_may_sign_here(self):
        authorities = self.env["parts.contract.authority"]
        user = self.env.user
        for contract in self:
            version = contract.signing_version_id
            contract.may_sign_here = (
                bool(version)
                and not version._signatures_standing("ours")
                and not authorities._lapsed(version, "ours", user=user)
            )

    @api.depends("version_ids.filing_ids")
    def _compute_filing_id(self):
        for contract in self:
            contract.filing_id = contract.current_version_id.filing_ids[:1]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # nobody chooses the secret of the customer's link
        context = dict(self.env.context)
        context.pop("default_access_token", None)
        clean = self.with_env(self.env(context=context))
        contracts = super(PartsContract, clean).create(vals_list)
        for contract in contracts:
            if not contract.template_id:
                contract._start_from_template()
        return contracts.with_env(self.env)

    def _start_from_template(self):
        """Give a new contract the clauses of the template in use, if there is one."""
        self.ensure_one()
        # as superuser: templates are read by whoever draws up a contract
        template = self.env["parts.contract.template"].sudo()
        found = template._find(self.company_id, self.kind)
        if found:
            self.sudo().template_id = found

    # === THE REVIEW SHEET === #

    def _reviewed_version(self):
        """Return the version that the review sheet is about: the newest."""
        self.ensure_one()
        versions = self.version_ids | self.current_version_id
        return versions.sorted("number")[-1:]

    def _review_rows(self):
        """Return the rows of the review sheet: who answered what, and why (CON-3).

        :return: dictionaries with ``what``, ``function``, ``who``, ``answer``,
            ``when`` and ``why``; extend it with reviews that no approval holds
        :rtype: list[dict]
        """
        self.ensure_one()
        versions = (self.version_ids | self.current_version_id).ids
        # as superuser: the sheet names every answer, whoever prints it
        requests = (
            self.env["parts.approval"]
            .sudo()
            .search(
                [
                    "|",
                    "&",
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    "&",
                    ("res_model", "=", "parts.contract.version"),
                    ("res_id", "in", versions),
                ],
                order="id",
            )
        )
        rows = [row for request in requests for row in self._request_rows(request)]
        return rows + self._automatic_rows()

    def _automatic_rows(self):
        """Return the rows of reviews in which nobody had anything to decide."""
        reviews = self.sudo().review_ids.filtered(
            lambda review: review.automatic and not review.order_id
        )
        return [
            {
                "what": review.summary or review.name,
                "function": "",
                "who": "",
                "answer": self.env._("Automatic"),
                "when": review.date,
                "why": "",
            }
            for review in reviews.sorted("id")
        ]

    def _request_rows(self, request):
        rows = []
        states = dict(request._fields["state"]._description_selection(self.env))
        verdicts = dict(
            request.decision_ids._fields["verdict"]._description_selection(self.env)
        )
        for step in request.step_ids.sorted("sequence"):
            role = step.group_id.name or ", ".join(step.user_ids.mapped("name"))
            for decision in step.decision_ids:
                rows.append(
                    {
                        "what": request.message,
                        "function": role,
                        "who": decision.user_id.name,
                        "answer": verdicts.get(decision.verdict, ""),
                        "when": decision.create_date,
                        "why": decision.comment or "",
                    }
                )
            if not step.decision_ids:
                rows.append(
                    {
                        "what": request.message,
                        "function": role,
                        "who": "",
                        "answer": states.get(request.state, ""),
                        "when": False,
                        "why": request.void_reason or "",
                    }
                )
        return rows

    # === PORTAL === #

    def _portal_ensure_token(self):
        """Return the secret of the customer's link; no role reads or writes it."""
        return super(PartsContract, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        """Return the hash of a reader of the customer's page; see above."""
        return super(PartsContract, self.sudo())._sign_token(pid)

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        """Return the address that is shared; its secret goes with what the engine
        mails to the customer, and to nobody else.
        """
        ours = not self.env.su
        return super()._get_share_url(
            redirect=redirect,
            signup_partner=signup_partner,
            pid=None if ours else pid,
            share_token=share_token and not ours,
        )

    def get_portal_url(
        self,
        suffix=None,
        report_type=None,
        download=None,
        query_string=None,
        anchor=None,
    ):
        """Return the address of the customer's page.

        Without its secret for whoever is of ours: who knows it could sign for him.
        """
        url = super().get_portal_url(
            suffix=suffix,
            report_type=report_type,
            download=download,
            query_string=query_string,
            anchor=anchor,
        )
        if not self.env.su:
            token = self.sudo().access_token or ""
            url = url.replace(token, "") if token else url
        return url

    def _is_shown(self):
        """Return whether the customer may see this contract."""
        self.ensure_one()
        return self.state in SHOWN_STATES or bool(self.signing_version_id)

    def _shown_version(self):
        """Return the version on the customer's page: to be signed, else in force."""
        self.ensure_one()
        return self.signing_version_id or self.current_version_id

    @api.model
    def _portal_domain(self, partner):
        """Return the domain of the contracts that ``partner`` sees on his portal."""
        return [
            ("commercial_partner_id", "=", partner.commercial_partner_id.id),
            ("state", "in", SHOWN_STATES),
        ]

    # === ACTIONS === #

    def action_parts_send_to_sign(self):
        """Send the customer the link to his page, where he signs.

        :raises UserError: while nothing is to be signed, or without an e-mail address
        """
        self.ensure_one()
        self.check_access("write")
        if not self.signing_version_id:
            raise UserError(
                self.env._(
                    "%s is not to be signed now: its review comes first.", self.name
                )
            )
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address that the link could go to.",
                    self.partner_id.display_name,
                )
            )
        self._check_outside()
        self.message_post(
            body=self.env._(
                "Contract %s is ready. Please read it and sign it on your page.",
                self.name,
            ),
            subject=self.env._("Contract %s to sign", self.name),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        # whoever has the link can sign: it is kept who was sent it
        self.message_post(
            body=self.env._(
                "The link to sign went to %(customer)s, %(email)s.",
                customer=self.partner_id.display_name,
                email=self.partner_id.email,
            ),
            subtype_xmlid="mail.mt_note",
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The link went to %s.", self.partner_id.display_name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_outside(self):
        """Refuse to send the link to an address of one of ours: whoever has it could
        sign for the customer.

        :raises UserError: naming the address
        """
        self.ensure_one()
        email = email_normalize(self.partner_id.email) or self.partner_id.email.strip()
        users = self.env["res.users"].sudo().with_context(active_test=False)
        same = Domain("login", "=ilike", email) | Domain("email_normalized", "=", email)
        if users.search_count(Domain("share", "=", False) & same, limit=1):
            raise UserError(
                self.env._(
                    "%s is the address of one of ours: the link goes to the customer"
                    " himself.",
                    email,
                )
            )

    def action_parts_sign_here(self):
        """Sign the version that waits for it, for our side."""
        self.ensure_one()
        return self.action_sign("ours")

    def _open_dialog(self, model, name, version):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_version_id": version.id,
                "default_contract_id": self.id,
            },
        }

    def action_parts_upload_signed(self):
        """Open the dialog that takes a signed and sealed paper."""
        self.ensure_one()
        version = self._signing_or_error()
        return self._open_dialog(
            "parts.contract.scan", self.env._("Signed Paper"), version
        )

    def action_parts_seal(self):
        """Open the dialog in which the keeper records the seal."""
        self.ensure_one()
        version = self._signing_or_error()
        action = self._open_dialog(
            "parts.contract.sealing", self.env._("Seal"), version
        )
        seals = self.env["parts.contract.seal"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("keeper_ids", "in", self.env.uid),
            ],
            limit=2,
        )
        if len(seals) == 1:
            action["context"]["default_seal_id"] = seals.id
        return action

    def action_parts_move_paper(self):
        """Open the dialog in which the contract keeper moves the paper."""
        self.ensure_one()
        if self.state in ("draft", "review"):
            raise UserError(
                self.env._("There is no signed paper of %s yet.", self.name)
            )
        version = self._shown_version()
        return self._open_dialog(
            "parts.contract.custody", self.env._("Move the Paper"), version
        )

    def _signing_or_error(self):
        version = self.signing_version_id
        if not version:
            raise UserError(
                self.env._(
                    "%s is not to be signed now: it is signed and sealed once its"
                    " review is over.",
                    self.name,
                )
            )
        return version

    def action_parts_download_filed(self):
        """Download the PDF as it was filed when the contract came into force."""
        self.ensure_one()
        self.check_access("read")
        filing = self.filing_id
        if not filing:
            raise UserError(
                self.env._("%s is filed when it comes into force.", self.name)
            )
        if not filing.intact:
            raise AccessError(
                self.env._(
                    "The filed PDF of %s is not the one that was filed: its fingerprint"
                    " differs. Tell your administrator.",
                    self.name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/parts.contract.filing/{filing.id}/pdf/{filing.name}"
            "?download=true",
            "target": "self",
        }
