from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, date_utils

from ..utils.month_label import month_label

STATEMENT_STATE = [
    ("draft", "Draft"),
    ("checked", "Checked"),
    ("approved", "Approved"),
    ("paid", "Paid"),
]

# What people see: handed in, it is no draft for them any more
STATEMENT_PROGRESS = [
    STATEMENT_STATE[0],
    ("in_check", "In Check"),
    *STATEMENT_STATE[1:],
]


class PartsCommissionStatement(models.Model):
    """What one person earned in one month, and what older months were late with.

    Drawn up by the sales office or by the system, never by who is paid. An entry
    gets its statement once, in SQL under a condition that only one transaction can
    meet; deleting a draft frees its entries.
    """

    _name = "parts.commission.statement"
    _description = "Commission Statement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "parts.approval.gate.mixin",
        "parts.commission.refusal.mixin",
    ]
    _order = "date_from desc, user_id, id desc"

    name = fields.Char(required=True, readonly=True, default="/")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    date_from = fields.Date(required=True, readonly=True)
    date_to = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        selection=STATEMENT_STATE,
        default="draft",
        required=True,
        index=True,
        readonly=True,
    )
    submitted = fields.Boolean(
        string="In Check",
        readonly=True,
        help="Handed in: it takes no more entries.",
    )
    progress = fields.Selection(
        selection=STATEMENT_PROGRESS, string="Status", compute="_compute_progress"
    )
    partner_id = fields.Many2one(related="user_id.partner_id", string="Payee")
    payment_method = fields.Selection(
        selection=[
            ("bill", "Vendor bill"),
            ("entry", "Journal entry"),
            ("payroll", "Payroll file"),
            ("none", "Nothing to pay"),
        ],
        string="Paid By",
        readonly=True,
    )
    payment_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Bill or Entry",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    payment_date = fields.Date(string="Paid On", readonly=True)
    entry_ids = fields.One2many(
        comodel_name="parts.commission.entry",
        inverse_name="statement_id",
        string="Entries",
        readonly=True,
    )
    collected_total = fields.Monetary(
        string="Collected (untaxed)", compute="_compute_totals"
    )
    amount_total = fields.Monetary(string="Commission", compute="_compute_totals")
    entry_count = fields.Integer(compute="_compute_totals")

    _one_a_month = models.UniqueIndex(
        "(user_id, company_id, date_from)",
        "This month's statement was drawn up already. Open it in the list.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "submitted")
    def _compute_progress(self):
        for statement in self:
            waits = statement.submitted and statement.state == "draft"
            statement.progress = "in_check" if waits else statement.state

    @api.depends("entry_ids.amount", "entry_ids.collected")
    def _compute_totals(self):
        # As superuser: whoever reads a statement reads the whole of it
        groups = (
            self.env["parts.commission.entry"]
            .sudo()
            ._read_group(
                [("statement_id", "in", self.ids)],
                ["statement_id"],
                ["collected:sum", "amount:sum", "__count"],
            )
        )
        totals = {statement.id: sums for statement, *sums in groups}
        for statement in self:
            collected, amount, count = totals.get(statement.id, (0.0, 0.0, 0))
            statement.collected_total = collected
            statement.amount_total = amount
            statement.entry_count = count

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if self.env["parts.commission.engine"]._is_uninstalling():
            return
        for statement in self:
            if statement.state != "draft" or statement.submitted:
                raise UserError(
                    self.env._(
                        "%(name)s is no draft any more. What is wrong in it is put"
                        " right by entries of the next statement.",
                        name=statement.name,
                    )
                )
            if statement.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Nobody draws up or discards his own statement: somebody else"
                        " of the sales office does it."
                    )
                )

    def unlink(self):
        # Before: what the draft decided itself is taken back, not left to the next
        self.check_access("unlink")
        self._unlink_except_draft()
        if not self.env["parts.commission.engine"]._is_uninstalling():
            self.env["parts.commission.closing"].sudo()._take_back(self.sudo())
        return super().unlink()

    # === GATE === #

    def _parts_gate_next(self):
        return "pay" if self.state in ("draft", "checked") else False

    def _parts_gate_amount(self):
        self.ensure_one()
        return self.amount_total, self.currency_id

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "pay":
            return blocks
        for statement in self:
            message = self.env._(
                "%(name)s: %(amount)s of commission for %(user)s are paid once the"
                " statement was checked and approved.",
                name=statement.name,
                amount=statement.currency_id.format(statement.amount_total),
                user=statement.user_id.name,
            )
            blocks.append(
                statement._parts_gate_block(
                    "commission",
                    "commission",
                    message,
                    amount_total=(statement.amount_total, "any"),
                    collected_total=(statement.collected_total, "any"),
                    entry_count=(statement.entry_count, "any"),
                )
            )
        return blocks

    def _parts_approval_decided(self, approval):
        super()._parts_approval_decided(approval)
        if approval.kind != "commission":
            return
        if approval.state == "approved":
            self._parts_gate_pass("pay")
            self.write({"state": "approved", "submitted": True})
        else:
            self.write({"state": "draft", "submitted": False})

    def _parts_approval_voided(self, approval):
        if approval.kind == "commission" and self.state in ("draft", "checked"):
            self.write({"state": "draft", "submitted": False})
        return super()._parts_approval_voided(approval)

    def _mark_checked(self):
        """Called as superuser once finance has checked."""
        self.filtered(lambda x: x.state == "draft").state = "checked"

    # === ACTIONS === #

    def action_submit(self):
        """Hand drafts in: finance, the deputy and the general manager decide.

        A negative balance is carried over; from now on they take no more entries.
        """
        self._check_may_draw_up()
        for statement in self:
            statement.check_access("read")
            if statement.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Nobody hands in his own statement: somebody else of the sales"
                        " office does it."
                    )
                )
            if statement.state != "draft" or statement.submitted:
                raise UserError(
                    self.env._(
                        "%(name)s was handed in already: it waits under Approvals.",
                        name=statement.name,
                    )
                )
        # As superuser: no role writes statements, this door does it by its rules
        self.sudo()._hand_in()
        return True

    def _hand_in(self):
        """Close these drafts for further entries and ask for their approval."""
        for statement in self:
            self.env["parts.commission.closing"]._carry_over(statement)
        self.submitted = True
        # sent now: it conflicts with who draws up at the same moment
        self.flush_recordset()
        self.env["parts.approval.rule"]._create_defaults(self.company_id, "commission")
        self.invalidate_recordset()
        self.action_parts_request_approval()

    @api.readonly
    def action_open_payment(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.payment_move_id.id,
            "views": [(False, "form")],
        }

    @api.readonly
    def action_open_entries(self):
        self.ensure_one()
        return self.env["parts.commission.entry"]._get_entries_action(
            [("statement_id", "=", self.id)]
        )

    @api.readonly
    def action_export_xlsx(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/auto_parts_sales/commission/statement/{self.id}/xlsx",
            "target": "download",
        }

    @api.readonly
    def action_export_payroll(self):
        """Send the payroll file once more: all that was paid with it on that day."""
        self.ensure_one()
        together = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("payment_method", "=", "payroll"),
                ("payment_date", "=", self.payment_date),
            ]
        )
        return {**(self | together)._get_payroll_action(), "target": "download"}

    # === BUSINESS METHODS === #

    def _pay(self, method, date):
        """Mark approved statements as paid; each at most once.

        One statement of SQL: of two that pay at once the second finds nothing left.

        :param str method: see `payment_method`
        :return: those that were not paid before
        """
        if not self:
            return self
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "UPDATE parts_commission_statement SET state = 'paid',"
                " payment_method = %(method)s, payment_date = %(date)s"
                " WHERE id IN %(ids)s AND state = 'approved' RETURNING id",
                method=method,
                date=date,
                ids=tuple(self.ids),
            )
        )
        self.invalidate_recordset()
        return self.browse(sorted(row_id for [row_id] in rows))

    def _get_payroll_action(self):
        numbers = "-".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/auto_parts_sales/commission/payroll/{numbers}/xlsx",
        }

    @api.model
    def _draw_up(self, company, day, excluded=None):
        """Draw up the statements of the month of `day` for everyone with open entries.

        Entries of older months that came late are taken along. A month that was
        drawn up already and is still draft takes what has come since; one beyond
        draft is left, and its late entries wait for the next month.

        :param excluded: `res.users` whose statements are not drawn up
        :return: the statements that got entries
        """
        date_from = date_utils.start_of(day, "month")
        date_to = date_utils.end_of(day, "month")
        entries = self.env["parts.commission.entry"]
        open_entries = [
            ("company_id", "=", company.id),
            ("statement_id", "=", False),
            ("date", "<=", date_to),
            ("user_id", "not in", (excluded or self.env["res.users"]).ids),
        ]
        groups = entries._read_group(open_entries, ["user_id"], ["id:min"])
        self._lock_entries([first_id for _user, first_id in groups])
        users = self.env["res.users"].union(*(user for user, _first_id in groups))
        released = self.env["parts.commission.hold"]._get_released_users(
            company, date_to, users | (excluded or users.browse())
        )
        users |= released
        existing = self.search(
            [("company_id", "=", company.id), ("date_from", "=", date_from)]
        )
        statements = existing.filtered(
            lambda x: x.state == "draft" and not x.submitted and x.user_id in users
        )
        statements |= self.create(
            [
                self._prepare_vals(company, user, date_from, date_to)
                for user in users
                if user not in existing.user_id
            ]
        )
        if not statements:
            return statements
        taken = statements._take_entries()
        taken |= statements.filtered(lambda x: x.user_id in released)
        self.env["parts.commission.closing"]._close(taken)
        return taken

    @api.model
    def _lock_entries(self, ids):
        """Take each person's first open entry.

        Of two who draw up at once the second waits, finds that entry changed since
        its snapshot began, and is run again: it then sees the statements of the first.
        """
        if ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM parts_commission_entry WHERE id IN %s"
                    " ORDER BY id FOR UPDATE",
                    tuple(ids),
                )
            )

    @api.model
    def _prepare_vals(self, company, user, date_from, date_to):
        sequence = self.env["ir.sequence"].with_company(company)
        sequence = sequence.with_context(ir_sequence_date=date_from)
        return {
            "name": sequence.next_by_code(self._name) or "/",
            "user_id": user.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "date_from": date_from,
            "date_to": date_to,
        }

    def _take_entries(self):
        """Put the open entries on these statements, once, and return what took some.

        One statement of SQL: of two that draw up at once the second waits for the
        first and fails on its snapshot (it is run again), or finds nothing left. It
        writes the statements as well, so that one that is handed in at the same moment
        conflicts: what is approved is what is on it.
        """
        self.flush_recordset()
        entries = self.env["parts.commission.entry"]
        entries.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH statement AS (
                    UPDATE parts_commission_statement
                       SET write_date = %(now)s
                     WHERE id IN %(ids)s
                       AND state = 'draft'
                       AND submitted IS NOT TRUE
                 RETURNING id, user_id, company_id, date_to
                ), taken AS (
                    UPDATE parts_commission_entry entry
                       SET statement_id = statement.id
                      FROM statement
                     WHERE entry.user_id = statement.user_id
                       AND entry.company_id = statement.company_id
                       AND entry.date <= statement.date_to
                       AND entry.statement_id IS NULL
                 RETURNING statement.id
                )
                SELECT DISTINCT id FROM taken ORDER BY id
                """,
                ids=tuple(self.ids),
                now=self.env.cr.now(),
            )
        )
        entries.invalidate_model(["statement_id"])
        self.invalidate_recordset()
        return self.browse(statement_id for [statement_id] in rows)

    @api.model
    def _check_may_draw_up(self):
        if not self.env.user.has_group("auto_parts_sales.group_parts_sales_office"):
            raise AccessError(
                self.env._("Commission statements are drawn up by the sales office.")
            )

    @api.model
    def _cron_draw_up(self):
        """Draw up last month's statements of all companies."""
        day = date_utils.subtract(fields.Date.context_today(self), months=1)
        companies = self.env["res.company"].search(
            [("parts_commission_in_use", "=", True)]
        )
        for company in companies:
            self._draw_up(company, day)

    def _get_month_label(self):
        """Return the statement's month as its reader writes it."""
        self.ensure_one()
        return month_label(self.env, self.date_from)
