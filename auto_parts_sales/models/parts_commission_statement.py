from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, date_utils, format_date

STATEMENT_STATE = [
    ("draft", "Draft"),
    ("checked", "Checked"),
    ("approved", "Approved"),
    ("paid", "Paid"),
]


class PartsCommissionStatement(models.Model):
    """What one person earned in one month, and what older months were late with.

    Drawn up by the sales office or by the system, never by who is paid. An entry
    gets its statement once, in SQL under a condition that only one transaction can
    meet; deleting a draft frees its entries.
    """

    _name = "parts.commission.statement"
    _description = "Commission Statement"
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
            if statement.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s is no draft any more. What is wrong in it is put"
                        " right by entries of the next statement.",
                        name=statement.name,
                    )
                )
            if statement.user_id == self.env.user:
                raise UserError(
                    self.env._("Nobody draws up or discards his own statement.")
                )

    # === ACTIONS === #

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

    # === BUSINESS METHODS === #

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
        users = [user for [user] in entries._read_group(open_entries, ["user_id"])]
        existing = self.search(
            [("company_id", "=", company.id), ("date_from", "=", date_from)]
        )
        statements = existing.filtered(
            lambda x: x.state == "draft" and x.user_id in users
        )
        statements |= self.create(
            [
                self._prepare_vals(company, user, date_from, date_to)
                for user in users
                if user not in existing.user_id
            ]
        )
        return statements._take_entries() if statements else statements

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
        first and fails on its snapshot (it is run again), or finds nothing left.
        """
        self.flush_recordset()
        entries = self.env["parts.commission.entry"]
        entries.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE parts_commission_entry entry
                   SET statement_id = statement.id
                  FROM parts_commission_statement statement
                 WHERE statement.id IN %(ids)s
                   AND statement.state = 'draft'
                   AND entry.user_id = statement.user_id
                   AND entry.company_id = statement.company_id
                   AND entry.date <= statement.date_to
                   AND entry.statement_id IS NULL
             RETURNING statement.id
                """,
                ids=tuple(self.ids),
            )
        )
        entries.invalidate_model(["statement_id"])
        self.invalidate_recordset()
        return self.browse({statement_id for [statement_id] in rows}).sorted("id")

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
        return format_date(self.env, self.date_from, date_format="MMMM y")
