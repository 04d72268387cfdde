from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils, format_amount

# What its engine writes, and nobody else
DECIDED = {"name", "state", "date", "company_id"}
# What was handed in is what is decided
PROPOSED = {"pool_id", "method", "amount", "line_ids", "note"}


class PartsCommissionPoolSplit(models.Model):
    """Who gets what of a pool: proposed by the team's manager or the sales office.

    Decided under an approval of kind `pool`, never by who is paid. Approved, each
    person's part is an entry of the ledger, and is paid with his statement.
    """

    _name = "parts.commission.pool.split"
    _description = "Split of a Commission Pool"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "parts.approval.gate.mixin",
        "parts.commission.refusal.mixin",
    ]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    pool_id = fields.Many2one(
        comodel_name="parts.commission.pool",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="pool_id.currency_id")
    team_id = fields.Many2one(related="pool_id.team_id")
    available = fields.Monetary(
        string="Can Be Split",
        compute="_compute_available",
        compute_sudo=True,
        help="What the pool accrued, less the other splits.",
    )
    method = fields.Selection(
        selection=[
            ("share", "Shares of an amount"),
            ("amount", "An amount for each person"),
        ],
        string="By",
        default="share",
        required=True,
    )
    amount = fields.Monetary(
        string="To Split",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many(
        comodel_name="parts.commission.pool.split.line",
        inverse_name="split_id",
        string="People",
        copy=True,
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amount_total", compute_sudo=True
    )
    shares = fields.Char(
        compute="_compute_amount_total", compute_sudo=True, string="Who Gets What"
    )
    note = fields.Text(help="Why it is split in this way.")
    date = fields.Date(
        string="Booked On",
        readonly=True,
        copy=False,
        help="End of the last month that the pool had accrued.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Handed In"),
            ("approved", "Approved"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)", "What is split is zero or more."
    )

    # === COMPUTE METHODS === #

    @api.depends("pool_id")
    def _compute_amount(self):
        for split in self:
            split.amount = max(split.sudo().pool_id.balance, 0.0)

    @api.depends("pool_id", "state")
    def _compute_available(self):
        for split in self:
            own = 0.0 if split.state == "draft" else split.amount_total
            split.available = split.pool_id.balance + own

    @api.depends("method", "amount", "line_ids.share", "line_ids.fixed_amount")
    @api.depends_context("lang")
    def _compute_amount_total(self):
        for split in self:
            amounts = split.line_ids._get_amounts()
            split.amount_total = sum(amounts.values())
            split.shares = "; ".join(
                f"{line.user_id.name} "
                f"{format_amount(self.env, amount, split.currency_id)}"
                for line, amount in amounts.items()
            )

    @api.onchange("pool_id")
    def _onchange_pool_id(self):
        members = self.pool_id.sudo().team_id.member_ids
        if members and not self.line_ids:
            self.line_ids = [
                fields.Command.create(
                    {"user_id": user.id, "share": round(100.0 / len(members), 2)}
                )
                for user in members
            ]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_nothing_decided(set().union(*vals_list))
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = sequence.next_by_code(self._name) or "/"
        splits = super().create(vals_list)
        splits._check_may_propose()
        if not self.env.su:
            # the caller's context can bring values, too
            splits._check_draft()
        return splits

    def write(self, vals):
        if not self.env.su:
            self._check_nothing_decided(vals.keys())
            if PROPOSED & vals.keys():
                self._check_draft()
                self._check_may_propose()
        res = super().write(vals)
        if not self.env.su and "pool_id" in vals:
            self._check_may_propose()
        return res

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            self._check_draft()

    @api.model
    def _check_nothing_decided(self, names):
        if DECIDED & set(names):
            raise AccessError(
                self.env._(
                    "What becomes of a split is decided by its approval: hand it in."
                )
            )

    def _check_draft(self):
        for split in self:
            if split.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s was handed in: it does not change any more. Withdraw"
                        " the request of approval first.",
                        name=split.name,
                    )
                )

    def _check_may_propose(self):
        """Refuse who neither leads the pool's team nor works in the sales office."""
        user = self.env.user
        if self.env.su or user.has_group("auto_parts_sales.group_parts_sales_office"):
            return
        others = self.sudo().filtered(lambda split: split.team_id.user_id != user)
        if others:
            raise AccessError(
                self.env._(
                    "The split of “%(pool)s” is proposed by the team's manager or by"
                    " the sales office.",
                    pool=others[:1].pool_id.name,
                )
            )

    # === GATE === #

    def _parts_gate_next(self):
        return "pay" if self.state == "submitted" else False

    def _parts_gate_amount(self):
        self.ensure_one()
        return self.amount_total, self.currency_id

    def _parts_gate_lock(self, gate):
        self.pool_id._lock()
        return super()._parts_gate_lock(gate)

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "pay":
            return blocks
        for split in self:
            # compared as text: in one language, whoever asks and whoever decides
            lang = split.company_id.partner_id.lang or "en_US"
            shares = split.with_context(lang=lang).shares
            lack = split.currency_id.round(split.amount_total - split.available)
            if lack > 0.0:
                blocks.append(
                    split._parts_gate_block(
                        "pool_empty",
                        False,
                        split._get_lack_message(),
                        amount=lack,
                        currency=split.currency_id,
                    )
                )
            blocks.append(
                split._parts_gate_block(
                    "pool",
                    "pool",
                    self.env._(
                        "%(name)s: %(amount)s of the pool “%(pool)s” are paid out once"
                        " the split is approved.",
                        name=split.name,
                        amount=split.currency_id.format(split.amount_total),
                        pool=split.pool_id.name,
                    ),
                    amount_total=(split.amount_total, "any"),
                    shares=(shares, "any"),
                )
            )
        return blocks

    def _get_lack_message(self):
        self.ensure_one()
        return self.env._(
            "The pool “%(pool)s” holds %(available)s, not %(amount)s.",
            pool=self.pool_id.name,
            available=self.currency_id.format(self.available),
            amount=self.currency_id.format(self.amount_total),
        )

    def _parts_barred_deciders(self, kind):
        return super()._parts_barred_deciders(kind) | self.line_ids.user_id

    def _parts_approval_decided(self, approval):
        super()._parts_approval_decided(approval)
        if approval.kind != "pool":
            return
        if approval.state == "approved":
            self._parts_gate_pass("pay")
            self._book()
        else:
            self.state = "draft"

    def _parts_approval_voided(self, approval):
        if approval.kind == "pool" and self.state == "submitted":
            self.state = "draft"
        return super()._parts_approval_voided(approval)

    # === ACTIONS === #

    def action_submit(self):
        """Hand drafts in: the general manager decides (*Approval Rules*)."""
        for split in self:
            split.check_access("write")
            split._check_draft()
            split._check_may_propose()
            split._check_complete()
        # As superuser: what is decided is written by these doors alone
        splits = self.sudo()
        splits.pool_id._lock()
        for split in splits:
            if (
                split.currency_id.compare_amounts(split.amount_total, split.available)
                > 0
            ):
                raise UserError(split._get_lack_message())
            split.state = "submitted"
        self.env["parts.approval.rule"].sudo()._create_defaults(
            splits.company_id, "pool"
        )
        splits.action_parts_request_approval()
        return True

    def _check_complete(self):
        self.ensure_one()
        amounts = self.sudo().line_ids._get_amounts()
        if not amounts or min(amounts.values()) <= 0.0:
            raise UserError(
                self.env._("Name the people, each with a part of more than nothing.")
            )
        shares = sum(self.line_ids.mapped("share"))
        if self.method == "share" and abs(shares - 100.0) > 0.05:
            raise UserError(
                self.env._(
                    "The shares add up to %(shares)s %%, not to 100 %%.",
                    shares=f"{shares:g}",
                )
            )

    # === BUSINESS METHODS === #

    def _book(self):
        """Append everybody's part to the ledger; as superuser, once."""
        entries = self.env["parts.commission.entry"]
        for split in self:
            months = split.pool_id.month_ids
            today = fields.Date.context_today(split)
            split.date = max(
                months.mapped("date_to"),
                default=date_utils.end_of(today, "month"),
            )
            split.state = "approved"
            entries |= entries.create(
                [
                    split._prepare_entry_vals(line, amount)
                    for line, amount in split.line_ids._get_amounts().items()
                ]
            )
        return entries

    def _prepare_entry_vals(self, line, amount):
        """Return the `create` values of one person's entry."""
        self.ensure_one()
        return {
            "kind": "pool",
            "cause": "pool",
            "company_id": self.company_id.id,
            "user_id": line.user_id.id,
            "date": self.date,
            "amount": amount,
            "amount_currency": amount,
            "pool_line_id": line.id,
        }
