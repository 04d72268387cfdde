from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import formatLang

PREFIX = "auto_parts_sales.group_parts_"
# Who may say that a paper about authority is in order
CHECKERS = (
    f"{PREFIX}legal_post",
    f"{PREFIX}legal_department",
    f"{PREFIX}contract_keeper",
    f"{PREFIX}general_manager",
)
# Who sees the paper itself
READERS = ",".join((*CHECKERS, f"{PREFIX}sales_office"))
# What is written when it is checked, never by hand
CHECKED = {"state", "checked_by_id", "date_checked", "editor_ids", "lapse_told"}


class PartsContractAuthority(models.Model):
    """Who may sign contracts, on our side or on a customer's (CON-11).

    It counts once somebody other than who entered it has checked the paper. A change
    of what was checked has it checked again.
    """

    _name = "parts.contract.authority"
    _description = "Signing Authority"
    _inherit = ["mail.thread"]
    _order = "side, date_end desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Signatory",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    side = fields.Selection(
        selection=[("ours", "Our Side"), ("theirs", "Customer's Side")],
        default="theirs",
        required=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="User",
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
    )
    function = fields.Char(string="Job Position")
    basis = fields.Selection(
        selection=[
            ("licence", "Legal Representative (Business Licence)"),
            ("identity", "Private Person (Identity Card)"),
            ("letter", "Letter of Authority"),
        ],
        default="letter",
        required=True,
    )
    # an identity card: not for everybody who may know that there is one
    document_number = fields.Char(
        help="Of the licence, identity card or letter.", groups=READERS
    )
    document = fields.Binary(attachment=True, copy=False, groups=READERS)
    document_name = fields.Char(copy=False, groups=READERS)
    kind = fields.Selection(
        selection=[
            ("all", "All Contracts"),
            ("single", "Single Contracts"),
            ("framework", "Framework Contracts"),
        ],
        string="For",
        default="all",
        required=True,
    )
    amount_max = fields.Monetary(
        string="Up to",
        help="With taxes, in the company's currency. Zero: any amount.",
    )
    date_start = fields.Date(
        string="From", default=fields.Date.context_today, required=True
    )
    date_end = fields.Date(
        string="Until", help="Last day. A letter of authority always has one."
    )
    state = fields.Selection(
        selection=[("draft", "To Be Checked"), ("checked", "Checked")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    editor_ids = fields.Many2many(
        comodel_name="res.users",
        relation="parts_contract_authority_editor_rel",
        string="Entered by",
        readonly=True,
        copy=False,
        help="Who wrote what is to be checked: none of them checks it.",
    )
    checked_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    date_checked = fields.Date(string="Checked on", readonly=True, copy=False)
    active = fields.Boolean(default=True, tracking=True)
    stands = fields.Boolean(string="In Force", compute="_compute_stands")
    may_check = fields.Boolean(compute="_compute_may_check", compute_sudo=True)

    _amount_positive = models.Constraint(
        "CHECK (amount_max >= 0)", "An amount of authority is zero or more."
    )

    # === COMPUTE METHODS === #

    @api.depends("user_id")
    def _compute_name(self):
        for authority in self:
            authority.name = authority.user_id.name or authority.name

    @api.depends("state", "active", "date_start", "date_end")
    def _compute_stands(self):
        today = fields.Date.context_today(self)
        for authority in self:
            authority.stands = authority._stands(today)

    @api.depends("state", "editor_ids", "user_id")
    @api.depends_context("uid")
    def _compute_may_check(self):
        user = self.env.user
        checker = any(user.has_group(group) for group in CHECKERS)
        for authority in self:
            authority.may_check = (
                checker
                and authority.state == "draft"
                and user not in authority._involved()
            )

    def _involved(self):
        """Return who wrote what is to be checked, or is meant by it."""
        self.ensure_one()
        return self.editor_ids | self.write_uid | self.create_uid | self.user_id

    def _stands(self, date):
        """Return whether this authority counts on ``date``."""
        self.ensure_one()
        return bool(
            self.active
            and self.state == "checked"
            and self.date_start <= date
            and (not self.date_end or date <= self.date_end)
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("side", "user_id", "partner_id", "basis", "date_start", "date_end")
    def _check_complete(self):
        for authority in self:
            if authority.side == "ours" and not authority.user_id:
                raise ValidationError(
                    self.env._("Say which user may sign for our side.")
                )
            if authority.side == "theirs" and not authority.partner_id:
                raise ValidationError(
                    self.env._("Say for which customer %s may sign.", authority.name)
                )
            if (
                authority.side == "theirs"
                and authority.basis == "letter"
                and not authority.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "The letter of authority of %s needs its last day.",
                        authority.name,
                    )
                )
            if authority.date_end and authority.date_end < authority.date_start:
                raise ValidationError(
                    self.env._(
                        "The authority of %s ends before it begins.", authority.name
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    **{key: vals[key] for key in vals.keys() - CHECKED},
                    "state": "draft",
                }
                for vals in vals_list
            ]
            for vals in vals_list:
                self._check_document(vals)
        authorities = super().create(vals_list)
        if not self.env.su:
            authorities.sudo().editor_ids = [Command.link(self.env.uid)]
        return authorities

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if CHECKED & vals.keys():
            raise UserError(
                self.env._("An authority is checked with the button, not by hand.")
            )
        self._check_document(vals)
        result = super().write(vals)
        told = {"active", "message_follower_ids", "message_main_attachment_id"}
        told |= {name for name in vals if name.startswith("activity_")}
        if vals.keys() - told or vals.get("active"):
            # as superuser: the state is written by no role
            self.sudo().write(
                {
                    "state": "draft",
                    "checked_by_id": False,
                    "date_checked": False,
                    "editor_ids": [Command.link(self.env.uid)],
                }
            )
        return result

    @api.model
    def _check_document(self, vals):
        if vals.get("document"):
            self.env["parts.contract.upload"]._check(
                vals["document"], vals.get("document_name")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        used = self.env["parts.contract.signature"].sudo()
        for authority in self:
            if authority.state == "checked" or used.search_count(
                [("authority_id", "=", authority.id)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "The authority of %s is kept as evidence: archive it.",
                        authority.name,
                    )
                )

    # === ACTIONS === #

    def action_check(self):
        """Say that the paper of this authority is in order.

        :raises AccessError: for who may not say so, or entered it or is meant himself
        :raises UserError: without the paper of a customer's authority
        """
        self.check_access("read")
        user = self.env.user
        if not any(user.has_group(group) for group in CHECKERS):
            raise AccessError(
                self.env._(
                    "Signing authorities are checked by legal, the contract keeper or"
                    " the general manager."
                )
            )
        for authority in self.sudo():
            if authority.company_id not in user.company_ids:
                raise AccessError(
                    self.env._("%s is of another company.", authority.name)
                )
            if user in authority._involved():
                raise AccessError(
                    self.env._(
                        "Who entered an authority, or holds it, does not check it:"
                        " another person does."
                    )
                )
            if authority.side == "theirs" and not authority.document:
                raise UserError(
                    self.env._(
                        "Put the paper on file first: licence, identity card or letter"
                        " of authority of %s.",
                        authority.name,
                    )
                )
            authority.write(
                {
                    "state": "checked",
                    "checked_by_id": user.id,
                    "date_checked": fields.Date.context_today(self),
                    "editor_ids": [Command.clear()],
                }
            )
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _candidates(self, version, side):
        """Return the authorities on file, in force or not, for ``side``."""
        domain = [("company_id", "=", version.company_id.id), ("side", "=", side)]
        if side == "theirs":
            holder = version.partner_id.commercial_partner_id
            domain.append(("partner_id.commercial_partner_id", "=", holder.id))
        return self.sudo().with_context(active_test=False).search(domain)

    @api.model
    def _find(self, version, side, user=None, name=None, date=None):
        """Return the authority in force by which somebody signs ``version``, or none.

        :param user: who signs for our side; None: any
        :param str name: who signs for the customer; None: any
        """
        date = date or fields.Date.context_today(self)
        candidates = self._candidates(version, side)
        if user:
            candidates = candidates.filtered(lambda record: record.user_id == user)
        if name:
            candidates = candidates.filtered(lambda record: record._is_called(name))
        fitting = candidates.filtered(
            lambda record: record._stands(date) and record._covers(version)
        )
        return fitting[:1]

    @api.model
    def _lapsed(self, version, side, user=None, name=None, date=None):
        """Return why nobody, or not who wants to, may sign ``version`` for ``side``.

        :return: sentences; empty where an authority in force covers it
        :rtype: list[str]
        """
        if self._find(version, side, user=user, name=name, date=date):
            return []
        date = date or fields.Date.context_today(self)
        candidates = self._candidates(version, side)
        if user:
            candidates = candidates.filtered(lambda record: record.user_id == user)
        if name:
            candidates = candidates.filtered(lambda record: record._is_called(name))
        if candidates:
            return [record._why_not(version, date) for record in candidates]
        if version.company_id.parts_contract_authority == "light":
            return []
        who = user.name if user else name
        if side == "ours":
            return [
                self.env._("%s has no authority on file to sign for our side.", who)
                if who
                else self.env._("Nobody has authority on file to sign for our side.")
            ]
        customer = version.partner_id.commercial_partner_id.display_name
        if who:
            return [
                self.env._(
                    "%(who)s has no authority on file to sign for %(customer)s.",
                    who=who,
                    customer=customer,
                )
            ]
        return [
            self.env._(
                "Nobody has authority on file to sign for %s: licence, identity card or"
                " letter of authority.",
                customer,
            )
        ]

    def _is_called(self, name):
        self.ensure_one()
        return (
            "".join((self.name or "").split()).casefold()
            == "".join(name.split()).casefold()
        )

    def _covers(self, version):
        """Return whether kind and amount of ``version`` are within this authority."""
        self.ensure_one()
        if self.kind not in ("all", version.kind):
            return False
        amount = version._company_amount()
        return (
            not self.amount_max
            or self.currency_id.compare_amounts(amount, self.amount_max) <= 0
        )

    def _why_not(self, version, date):
        """Return why this authority does not do for ``version`` on ``date``."""
        self.ensure_one()
        if not self.active:
            return self.env._("The authority of %s was withdrawn.", self.name)
        if self.state != "checked":
            return self.env._(
                "The authority of %s has not been checked by a second person yet.",
                self.name,
            )
        if self.date_end and self.date_end < date:
            return self.env._(
                "The authority of %(who)s lapsed on %(date)s.",
                who=self.name,
                date=fields.Date.to_string(self.date_end),
            )
        if self.date_start > date:
            return self.env._(
                "The authority of %(who)s begins on %(date)s.",
                who=self.name,
                date=fields.Date.to_string(self.date_start),
            )
        if self.kind not in ("all", version.kind):
            return self.env._(
                "The authority of %s is for the other kind of contract.", self.name
            )
        return self.env._(
            "The authority of %(who)s ends at %(amount)s.",
            who=self.name,
            amount=formatLang(self.env, self.amount_max, currency_obj=self.currency_id),
        )
