from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .parts_credit_policy import RISK_CLASSES

# Who reads what is granted today; a salesperson reads what he proposed himself
READERS = (
    "account.group_account_invoice,auto_parts_sales.group_parts_general_manager,"
    "auto_parts_sales.group_parts_management,auto_parts_sales.group_parts_sales_manager"
)
# Figures that a change sets; empty or zero: stays as it is
PROPOSED = (
    "credit_limit",
    "temporary_limit",
    "temporary_until",
    "term_days",
    "overdue_days_allowed",
    "risk_class",
    "review_date",
    "group_file_id",
)


class PartsCreditChange(models.Model):
    """A proposal to change what a customer may owe (CRD-8).

    The file stays in force as it is until the proposal is approved. A figure left
    empty stays as it is in the file; to lower one, finance writes it in the file.
    """

    _name = "parts.credit.change"
    _description = "Change of a Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin", "parts.credit.decided.mixin"]
    _order = "id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    file_id = fields.Many2one(
        comodel_name="parts.credit.file",
        string="Credit File",
        compute="_compute_file_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        ondelete="set null",
        groups=READERS,
    )
    purpose = fields.Selection(
        selection=[
            ("first", "First Credit"),
            ("raise", "Raise"),
            ("temporary", "Temporary Limit"),
            ("review", "Yearly Review"),
            ("unblock", "Take Off a Block"),
            ("parent", "Other Parent Company"),
        ],
        default="raise",
        required=True,
    )
    reason = fields.Text(help="Why it should be granted: the deciders read it.")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("pending", "Waiting for Approval"),
            ("done", "In Force"),
            ("refused", "Refused"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    effective_date = fields.Datetime(string="In Force since", readonly=True, copy=False)
    credit_limit = fields.Monetary(help="Empty: stays as it is.")
    temporary_limit = fields.Monetary(help="Replaces the limit until its date.")
    temporary_until = fields.Date()
    term_days = fields.Integer(string="Longest Term (days)")
    overdue_days_allowed = fields.Integer(string="Days Overdue Allowed")
    risk_class = fields.Selection(selection=RISK_CLASSES, help="Empty: stays as it is.")
    review_date = fields.Date(
        string="Next Review", help="Empty: as the policy says for the class."
    )
    group_file_id = fields.Many2one(
        comodel_name="parts.credit.file",
        string="Shares the Limit of",
        check_company=True,
        groups=READERS,
    )
    leave_group = fields.Boolean(
        string="Shares No Limit Any More",
    )
    unblock = fields.Boolean(string="Take Off the Block")
    clear_defaulter = fields.Boolean(string="Take Off the Defaulter Mark")
    new_parent_id = fields.Many2one(
        comodel_name="res.partner",
        string="New Parent",
        help="The company that this customer will belong to: from then on its credit"
        " counts for him.",
    )
    file_limit = fields.Monetary(
        related="file_id.credit_limit", string="Limit Today", groups=READERS
    )
    file_class = fields.Selection(
        related="file_id.risk_class", string="Class Today", groups=READERS
    )
    file_term_days = fields.Integer(
        related="file_id.term_days", string="Term Today (days)", groups=READERS
    )
    beyond_policy = fields.Boolean(
        compute="_compute_beyond_policy", compute_sudo=True, groups=READERS
    )

    _figures_positive = models.Constraint(
        "CHECK (credit_limit >= 0 AND temporary_limit >= 0 AND term_days >= 0"
        " AND overdue_days_allowed >= 0)",
        "Limits and days of a credit file are zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "purpose")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for change in self:
            name = change.partner_id.display_name or ""
            change.display_name = f"{name} · {purposes.get(change.purpose, '')}"

    @api.depends("partner_id", "company_id")
    def _compute_file_id(self):
        files = self.env["parts.credit.file"]
        for change in self:
            change.file_id = (
                files._of(change.company_id, change.partner_id)
                if change.partner_id
                else files
            )

    @api.depends(*PROPOSED, "file_id", "company_id")
    def _compute_beyond_policy(self):
        for change in self:
            line = self.env["parts.credit.policy"]._of(
                change.company_id, change._resulting_class()
            )
            change.beyond_policy = bool(line._excess(change._resulting_terms()))

    # === CONSTRAINT METHODS === #

    @api.constrains("temporary_limit", "temporary_until")
    def _check_temporary(self):
        for change in self:
            if bool(change.temporary_limit) != bool(change.temporary_until):
                raise ValidationError(
                    self.env._("A temporary limit needs both an amount and a last day.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        vals_list = [
            {**vals, "partner_id": self._commercial_id(vals.get("partner_id"))}
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            frozen = self.sudo().filtered(lambda change: change.state != "draft")
            if {"state", "effective_date"} & vals.keys() or frozen:
                raise UserError(
                    self.env._(
                        "%(change)s was submitted: it is decided as it stands. Withdraw"
                        " the request to change it.",
                        change=(frozen or self)[:1].display_name,
                    )
                )
        if vals.get("partner_id"):
            vals = {**vals, "partner_id": self._commercial_id(vals["partner_id"])}
        return super().write(vals)

    @api.model
    def _commercial_id(self, partner_id):
        partner = self.env["res.partner"].sudo().browse(partner_id)
        return partner.commercial_partner_id.id or partner_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(change.state != "draft" for change in self):
            raise UserError(
                self.env._("Only a draft can be deleted: proposals are kept.")
            )

    # === GATE === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "effect":
            return blocks
        for change in self:
            message = self.env._(
                "A change of the credit of %(customer)s waits for somebody else to"
                " approve it.",
                customer=change.partner_id.display_name,
            )
            blocks.append(
                change._parts_gate_block(
                    "credit_change",
                    "credit_file",
                    message,
                    **change._proposed_facts(),
                )
            )
        return blocks

    def _proposed_facts(self):
        """Return what is proposed: what is left as it is, left out."""
        self.ensure_one()
        facts = {"customer": (self.partner_id.id, "any")}
        for name in ("credit_limit", "temporary_limit"):
            facts[name] = (self[name], "up")
        for name in ("term_days", "overdue_days_allowed"):
            facts[name] = (self[name], "up")
        for name in ("temporary_until", "review_date", "risk_class"):
            facts[name] = (str(self[name] or ""), "any")
        for name in ("group_file_id", "new_parent_id"):
            facts[name] = (self[name].id, "any")
        for name in ("leave_group", "unblock", "clear_defaulter"):
            facts[name] = (self[name], "any")
        return {name: fact for name, fact in facts.items() if fact[0]}

    def _parts_gate_is_closed(self):
        return self.state in ("done", "refused") or super()._parts_gate_is_closed()

    def _parts_gate_amount(self):
        return self._resulting_terms()["limit"], self.currency_id

    def _parts_gate_figures(self, block):
        figures = super()._parts_gate_figures(block)
        return self.env["parts.credit.figures"]._change_figures(self, figures)

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.credit.figures"]._labels()
        return {**super()._parts_gate_labels(), **labels}

    def _parts_credit_approved(self):
        self._take_effect()

    def _parts_credit_refused(self):
        self.state = "refused"

    # === ACTIONS === #

    def action_parts_request_approval(self, reason=None):
        """Submit the proposal: it is frozen until it is decided.

        :param str reason: why it should be granted, if the proposal does not say it
        :raises AccessError: for who may not write it
        :raises UserError: without a reason, when nothing is proposed, or while
            another change of this customer waits
        """
        self.check_access("write")
        for change in self.sudo():
            if reason:
                change.reason = reason
            change._check_complete()
            self.env["parts.approval.rule"].sudo()._create_defaults(
                change.company_id, "credit_file"
            )
        action = super().action_parts_request_approval(reason or self[:1].reason)
        # the state is written by no role
        self.sudo().filtered(lambda change: change.state == "draft").state = "pending"
        return action

    def action_parts_ask_approval(self):
        """Override: the reason that stands on the proposal need not be typed again."""
        action = super().action_parts_ask_approval()
        action["context"]["default_reason"] = self.reason or False
        return action

    def _check_complete(self):
        self.ensure_one()
        name = self.partner_id.display_name
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the credit of %s should change.", name))
        proposed = self._proposed_facts().keys() - {"customer"}
        if not proposed and self.purpose != "review":
            raise UserError(
                self.env._("Nothing is proposed yet for the credit of %s.", name)
            )
        if self.temporary_until and self.temporary_until < fields.Date.context_today(
            self
        ):
            raise UserError(
                self.env._("The last day of the temporary limit of %s is over.", name)
            )
        waiting = self.search_count(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "pending"),
            ]
        )
        if waiting or self.file_id.state == "pending":
            raise UserError(
                self.env._(
                    "Another change of the credit of %s waits for a decision: it has to"
                    " be decided or withdrawn first.",
                    name,
                )
            )

    def action_open_file(self):
        """Open the credit file.

        :raises AccessError: for who may not read it
        """
        self.ensure_one()
        if not self.env["parts.credit.file"].has_access("read"):
            raise AccessError(self.env._("Credit files are read by finance."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.credit.file",
            "res_id": self.file_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _resulting_class(self):
        self.ensure_one()
        return self.risk_class or self.sudo().file_id.risk_class or "e"

    def _resulting_terms(self):
        """Return what the customer would have, see
        :meth:`parts.credit.policy._excess`.
        """
        self.ensure_one()
        file = self.sudo().file_id
        today = fields.Date.context_today(self)
        temporary = self.temporary_limit
        if not temporary and file.temporary_until and file.temporary_until >= today:
            temporary = file.temporary_limit
        return {
            "limit": max(self.credit_limit or file.credit_limit, temporary),
            "term_days": self.term_days or file.term_days,
            "overdue_days": self.overdue_days_allowed or file.overdue_days_allowed,
        }

    def _take_effect(self):
        """Write what was approved into the file, as superuser; make one if needed."""
        self.ensure_one()
        files = self.env["parts.credit.file"]
        if self.new_parent_id:
            self._move_customer()
            self.write({"state": "done", "effective_date": fields.Datetime.now()})
            return
        file = files._of(self.company_id, self.partner_id)
        vals = self._prepare_file_vals()
        if not file and vals:
            file = files.create(
                {
                    "partner_id": self.partner_id.commercial_partner_id.id,
                    "company_id": self.company_id.id,
                    **vals,
                }
            )
        elif vals:
            file.write(vals)
        today = fields.Date.context_today(self)
        if file and (self.purpose == "review" or not file._stands(today)):
            if not self.review_date:
                file.review_date = False
            file._activate()
        self.write(
            {
                "state": "done",
                "effective_date": fields.Datetime.now(),
                "file_id": file.id,
            }
        )

    def _move_customer(self):
        """Bring the customer under his new parent; his own files grant nothing more."""
        files = self.env["parts.credit.file"].search(
            [("partner_id", "=", self.partner_id.id)]
        )
        self.partner_id._parts_set_parent(self.new_parent_id)
        if self.partner_id.commercial_partner_id != self.partner_id:
            for file in files:
                file.message_post(
                    body=self.env._(
                        "%(customer)s belongs to %(parent)s now, whose credit counts.",
                        customer=self.partner_id.display_name,
                        parent=self.new_parent_id.display_name,
                    )
                )
            files.active = False

    def _prepare_file_vals(self):
        vals = {name: self[name] for name in PROPOSED if self[name]}
        if "group_file_id" in vals:
            vals["group_file_id"] = self.group_file_id.id
        elif self.leave_group:
            vals["group_file_id"] = False
        if self.unblock:
            vals["blocked"] = False
        if self.clear_defaulter:
            vals["defaulter"] = False
        return vals
