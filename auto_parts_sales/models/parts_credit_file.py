from odoo import api, fields, models
from odoo.exceptions import UserError

from .parts_credit_policy import RISK_CLASSES

# What anybody who may write a file may change at any time
FREE = {"note"}
# Marks that may be set at once, and are taken off by a decision only
MARKS = {"blocked", "defaulter"}
# Figures that may become smaller at once
FIGURES = {"credit_limit", "term_days", "overdue_days_allowed"}
TEMPORARY = {"credit_limit", "temporary_limit", "temporary_until"}
# What changes the credit in force: others that read it at this moment must run again
LOCKING = FIGURES | TEMPORARY | MARKS | {"state", "group_file_id", "active"}


class PartsCreditFile(models.Model):
    """How much and how long one customer may owe one company.

    A limit of 0 means none. Without an active file a customer has no credit.
    """

    _name = "parts.credit.file"
    _description = "Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin", "parts.credit.decided.mixin"]
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("parent_id", "=", False)],
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    credit_limit = fields.Monetary(
        tracking=True, help="In company currency. Zero: no credit."
    )
    temporary_limit = fields.Monetary(
        tracking=True, help="Replaces the limit until its date."
    )
    temporary_until = fields.Date(tracking=True)
    term_days = fields.Integer(
        string="Longest Term (days)",
        tracking=True,
        help="The longest payment term that may be granted.",
    )
    overdue_days_allowed = fields.Integer(
        string="Days Overdue Allowed",
        tracking=True,
        help="An order is held when the oldest open item is overdue for longer.",
    )
    risk_class = fields.Selection(
        selection=RISK_CLASSES,
        default="e",
        required=True,
        tracking=True,
    )
    blocked = fields.Boolean(tracking=True)
    defaulter = fields.Boolean(
        string="Wilful Defaulter",
        tracking=True,
        help="Only prepaid orders pass, and no approval can waive that.",
    )
    group_file_id = fields.Many2one(
        comodel_name="parts.credit.file",
        string="Shares the Limit of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The file whose limit this customer uses too, such as his parent's."
        " Finance decides it: it does not follow from the address book.",
    )
    member_ids = fields.One2many(
        comodel_name="parts.credit.file",
        inverse_name="group_file_id",
        string="Share This Limit",
    )
    review_date = fields.Date(
        string="Next Review", tracking=True, help="After this date the file is expired."
    )
    note = fields.Text()
    change_ids = fields.One2many(
        comodel_name="parts.credit.change", inverse_name="file_id", string="Changes"
    )
    beyond_policy = fields.Boolean(
        compute="_compute_beyond_policy",
        search="_search_beyond_policy",
        compute_sudo=True,
        help="It asks for more than the policy allows its risk class: the credit group"
        " decides.",
    )
    deposit_percent = fields.Float(
        string="Deposit (%)", compute="_compute_beyond_policy", compute_sudo=True
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("pending", "Waiting for Approval"),
            ("active", "Active"),
            ("expired", "Expired"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    exposure = fields.Monetary(compute="_compute_exposure", compute_sudo=True)
    exposure_receivable = fields.Monetary(
        string="Open Receivables", compute="_compute_exposure", compute_sudo=True
    )
    exposure_orders = fields.Monetary(
        string="Orders not Invoiced", compute="_compute_exposure", compute_sudo=True
    )
    exposure_drafts = fields.Monetary(
        string="Draft Invoices", compute="_compute_exposure", compute_sudo=True
    )
    exposure_down_payments = fields.Monetary(
        string="Deposits Invoiced", compute="_compute_exposure", compute_sudo=True
    )
    exposure_uncleared = fields.Monetary(
        string="Payments not Seen at the Bank",
        compute="_compute_exposure",
        compute_sudo=True,
    )
    exposure_transactions = fields.Monetary(
        string="Online Payments not Booked",
        compute="_compute_exposure",
        compute_sudo=True,
    )
    available = fields.Monetary(
        string="Free", compute="_compute_exposure", compute_sudo=True
    )
    overdue_days = fields.Integer(compute="_compute_exposure", compute_sudo=True)

    _holder_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer has a credit file already."
    )
    _figures_positive = models.Constraint(
        "CHECK (credit_limit >= 0 AND temporary_limit >= 0 AND term_days >= 0"
        " AND overdue_days_allowed >= 0)",
        "Limits and days of a credit file are zero or more.",
    )

    # === COMPUTE METHODS === #

    def _compute_exposure(self):
        for file, parts in self._figures().items():
            file.exposure_receivable = parts["receivable"]
            file.exposure_orders = parts["orders"]
            file.exposure_drafts = parts["drafts"]
            file.exposure = parts["exposure"]
            file.exposure_down_payments = parts["down_payments"]
            file.exposure_uncleared = parts["uncleared"]
            file.exposure_transactions = parts["transactions"]
            granted = file._limit() if file._in_force() else 0.0
            file.available = granted - file.exposure
            file.overdue_days = parts["overdue_days"]

    @api.depends("risk_class", "company_id", *FIGURES, *TEMPORARY)
    def _compute_beyond_policy(self):
        policies = {
            (line.company_id, line.risk_class): line
            for line in self.env["parts.credit.policy"].search(
                [("company_id", "in", self.company_id.ids)]
            )
        }
        none = self.env["parts.credit.policy"]
        for file in self:
            line = policies.get((file.company_id, file.risk_class), none)
            file.beyond_policy = bool(line._excess(file._granted_terms()))
            file.deposit_percent = line.deposit_percent

    def _search_beyond_policy(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        files = self.sudo().search([])
        return [("id", "in", files.filtered("beyond_policy").ids)]

    def _figures(self):
        """Return ``{file: what is owed on its limit}``: see ``_figures`` of
        ``parts.credit.exposure``.
        """
        found = {}
        for company, files in self.grouped("company_id").items():
            positions = self.env["parts.credit.exposure"]._positions(
                company, [(file._sharers(), None) for file in files]
            )
            for file, (figures, *_more) in zip(files, positions, strict=True):
                found[file] = figures
        return found

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for file in self:
            if file.partner_id.commercial_partner_id != file.partner_id:
                raise UserError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: keep the credit file"
                        " there, it counts for all its contacts.",
                        contact=file.partner_id.display_name,
                        company=file.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("group_file_id", "company_id")
    def _check_group(self):
        for file in self:
            leader = file.group_file_id
            if leader and (leader == file or leader.group_file_id or file.member_ids):
                raise UserError(
                    self.env._(
                        "%(customer)s cannot share the limit of %(leader)s: a group has"
                        " one head, whose file shares nobody else's limit.",
                        customer=file.partner_id.display_name,
                        leader=leader.partner_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # no role may create a file that grants credit at once
            # named, not left out: a default_state in the context must not name it
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        files = super().create(vals_list)
        files._follow_core()
        return files

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        locking = LOCKING & vals.keys()
        if locking:
            self._lock_credit()
        leaders = self.group_file_id
        result = super().write(vals)
        if locking:
            if "group_file_id" in vals:
                self._lock_credit()
            (self | leaders)._follow_core()
            self._follow_standing()
        return result

    def unlink(self):
        partners_of = self.sudo().grouped("company_id")
        partners_of = {
            company: files.partner_id for company, files in partners_of.items()
        }
        result = super().unlink()
        for company, partners in partners_of.items():
            self.env["parts.credit.core"]._show(company, partners)
        return result

    def _lock_credit(self):
        """Have orders that are being confirmed on this credit at the same moment run
        again, and see what is written now.
        """
        for company, files in self.sudo().grouped("company_id").items():
            partners = files.partner_id | files._leader().partner_id
            self.env["parts.credit.lock"]._take(company, partners)

    def _follow_core(self):
        """Have Odoo's own credit limit of the customers show what is granted."""
        for company, files in self.sudo().grouped("company_id").items():
            self.env["parts.credit.core"]._show(company, files._sharers())

    def _check_may_write(self, vals):
        """Refuse what only an approval may change; what lowers takes effect at once."""
        frozen = self.sudo().filtered(
            lambda file: file.state != "draft" and not file._only_lowers(vals)
        )
        if "state" in vals or frozen:
            raise UserError(
                self.env._(
                    "Credit file of %(customer)s: what was approved is frozen, it can"
                    " only be lowered or blocked here. Press “Propose a Change” for"
                    " anything else.",
                    customer=(frozen or self)[:1].partner_id.display_name,
                )
            )

    def _only_lowers(self, vals):
        """Return whether writing ``vals`` makes the credit of this file smaller, or
        leaves it as it is.
        """
        self.ensure_one()
        return all(
            self._lowers(name, value, vals)
            for name, value in vals.items()
            if name not in FREE
        )

    def _lowers(self, name, value, vals):
        if name in MARKS:
            return bool(value)
        if name in TEMPORARY:
            return self._limit_only_lowers(vals)
        if name in FIGURES:
            return (value or 0) <= self[name]
        if name == "risk_class":
            return bool(value) and value >= self.risk_class  # a … e
        if name == "review_date":
            value = fields.Date.to_date(value)
            return bool(value) and (not self.review_date or value <= self.review_date)
        return False

    def _limit_only_lowers(self, vals):
        """Return whether on no day from today the limit would be higher than now."""
        today = fields.Date.context_today(self)
        before = (self.credit_limit, self.temporary_limit, self.temporary_until)
        after = (
            vals.get("credit_limit", self.credit_limit) or 0.0,
            vals.get("temporary_limit", self.temporary_limit) or 0.0,
            fields.Date.to_date(vals.get("temporary_until", self.temporary_until)),
        )
        # A higher figure is refused even where no date puts it in force yet
        if min(after[:2]) < 0 or after[1] > max(before[:2]):
            return False

        def limit(terms, day):
            return terms[1] if terms[2] and terms[2] >= day else terms[0]

        # The limit changes on the days after these only
        turns = [until for *_limits, until in (before, after) if until]
        days = [today, *(fields.Date.add(until, days=1) for until in turns)]
        return all(
            limit(after, day) <= limit(before, day) for day in days if day >= today
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        for file in self:
            if file.state != "draft":
                raise UserError(
                    self.env._(
                        "Credit file of %(customer)s: only a draft can be deleted.",
                        customer=file.partner_id.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _of(self, company, partner):
        """Return the file of ``partner``'s commercial entity in ``company``."""
        return self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.commercial_partner_id.id),
            ],
            limit=1,
        )

    @api.model
    def _of_all(self, company, debtors):
        """Return ``{debtor: his file, or none}`` of several commercial entities."""
        ids = [debtor.id for debtor in debtors]
        files = self.sudo().search_fetch(
            [("company_id", "=", company.id), ("partner_id", "in", ids)]
        )
        found = {file.partner_id.id: file for file in files}
        return {debtor: found.get(debtor.id, files.browse()) for debtor in debtors}

    def _leader(self):
        """Return the file whose limit counts: of the group's head, or this one.

        Empty for an empty recordset.
        """
        return self.group_file_id or self

    def _sharers(self):
        """Return the debtors (commercial entities) who share limit, exposure and lock
        row, this file's own among them; none for an empty recordset.

        :rtype: odoo.models.Model
        """
        leader = self._leader()
        return leader.partner_id | leader.member_ids.partner_id

    def _own_limit(self, today):
        """Return the limit that this file grants on a day, its group left aside."""
        self.ensure_one()
        if self._is_review_overdue(today) and self._overdue_review() == "zero":
            return 0.0
        if self.temporary_until and self.temporary_until >= today:
            return self.temporary_limit
        return self.credit_limit

    def _limit(self):
        """Return the limit in force today, in company currency; of a group, its
        head's.
        """
        self.ensure_one()
        return self._leader()._own_limit(fields.Date.context_today(self))

    def _is_review_overdue(self, today):
        self.ensure_one()
        return bool(self.review_date and self.review_date < today)

    def _is_review_warned(self):
        """Return whether the review is overdue and the credit in force all the same."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return self._is_review_overdue(today) and self._overdue_review() == "warn"

    def _overdue_review(self):
        """Return what the company does about an overdue review: ``warn``, ``freeze``
        or ``zero``.
        """
        self.ensure_one()
        return self.company_id.parts_credit_overdue_review or "freeze"

    def _stands(self, today):
        """Return whether this file alone grants credit on a day."""
        self.ensure_one()
        return bool(
            self.active
            and self.state == "active"
            and not (
                self._is_review_overdue(today) and self._overdue_review() == "freeze"
            )
        )

    def _in_force(self):
        """Return whether the file grants credit today; in a group its head must, too.

        False for an empty recordset.
        """
        today = fields.Date.context_today(self)
        return bool(self) and all(file._stands(today) for file in self | self._leader())

    def _tolerance(self):
        """Return by how many per cent of the limit orders may pass it."""
        company = self.company_id
        if "parts_credit_tolerance" not in company._fields:
            return 0.0
        return company.parts_credit_tolerance
