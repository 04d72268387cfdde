from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class PartsCommissionPay(models.TransientModel):
    """Pays approved statements: by vendor bill, journal entry or payroll file."""

    _name = "parts.commission.pay"
    _description = "Pay Commission Statements"

    statement_ids = fields.Many2many(
        comodel_name="parts.commission.statement",
        relation="parts_commission_pay_statement_rel",
        string="Statements",
        default=lambda self: self._default_statement_ids(),
        domain=[("state", "=", "approved")],
    )
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary(compute="_compute_company_id", string="To Pay")
    method = fields.Selection(
        selection=[
            ("bill", "Vendor bill for each person"),
            ("entry", "One journal entry"),
            ("payroll", "Payroll file (XLSX)"),
        ],
        default="bill",
        required=True,
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    expense_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Commission Expense",
        domain=[("account_type", "in", ("expense", "expense_direct_cost"))],
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal", domain=[("type", "=", "general")]
    )
    liability_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Commission Payable",
        domain=[("account_type", "in", ("liability_payable", "liability_current"))],
        help="What is owed to each person until it is paid.",
    )

    @api.model
    def _default_statement_ids(self):
        if self.env.context.get("active_model") != "parts.commission.statement":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    @api.depends("statement_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.statement_ids.company_id[:1]
            wizard.amount_total = sum(wizard.statement_ids.mapped("amount_total"))

    # === ACTIONS === #

    def action_pay(self):
        """Make the bills, the entry or the file, and mark the statements as paid."""
        self.ensure_one()
        self._check_may_pay()
        # As superuser: no role writes statements, this door does it by its rules
        statements = self.statement_ids.sudo()
        empty = statements.filtered(lambda x: x.currency_id.is_zero(x.amount_total))
        empty._pay("none", self.date)
        due = statements - empty
        paid = due._pay(self.method, self.date) if due else due
        if paid != due:
            raise UserError(
                self.env._(
                    "Some of these statements were just paid by somebody else: close"
                    " this dialog and choose from those that are still to be paid."
                )
            )
        if not due:
            return {"type": "ir.actions.act_window_close"}
        return getattr(self, f"_pay_by_{self.method}")(due)

    def _check_may_pay(self):
        statements = self.statement_ids
        statements.check_access("read")
        if not self.env.user.has_group("auto_parts_sales.group_parts_finance"):
            raise AccessError(self.env._("Commission is paid by finance."))
        if self.env.user in statements.user_id:
            raise AccessError(
                self.env._(
                    "Nobody pays his own commission: leave your statement out, somebody"
                    " else of finance pays it."
                )
            )
        if len(statements.company_id) != 1:
            raise UserError(
                self.env._("Choose approved statements of one company, at least one.")
            )
        waiting = statements.filtered(lambda x: x.state != "approved")
        if waiting:
            raise UserError(
                self.env._(
                    "%(names)s: only approved statements are paid, and only once.",
                    names=", ".join(waiting.mapped("name")),
                )
            )

    # === BUSINESS METHODS === #

    def _pay_by_bill(self, statements):
        """Return the action that shows the drafts of one vendor bill a statement.

        Made with the user's own rights in accounting.
        """
        self._check_account(self.expense_account_id)
        bills = self.env["account.move"].with_company(statements.company_id)
        for statement in statements:
            bill = bills.create(self._prepare_bill_vals(statement))
            statement.payment_move_id = bill
            bills |= bill
        return self._get_moves_action(bills)

    def _prepare_bill_vals(self, statement):
        return {
            "move_type": "in_invoice",
            "company_id": statement.company_id.id,
            "partner_id": statement.user_id.partner_id.id,
            "currency_id": statement.currency_id.id,
            "invoice_date": self.date,
            "ref": statement.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self._get_label(statement),
                        "account_id": self.expense_account_id.id,
                        "quantity": 1.0,
                        "price_unit": statement.amount_total,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _pay_by_entry(self, statements):
        self._check_account(self.expense_account_id)
        self._check_account(self.liability_account_id)
        lines = []
        for statement in statements:
            common = {
                "name": self._get_label(statement),
                "partner_id": statement.user_id.partner_id.id,
            }
            for account, sign in (
                (self.expense_account_id, 1.0),
                (self.liability_account_id, -1.0),
            ):
                balance = sign * statement.amount_total
                lines.append(
                    Command.create(
                        {**common, "account_id": account.id, "balance": balance}
                    )
                )
        company = statements.company_id
        entry = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "date": self.date,
                    "ref": self.env._("Commission"),
                    "narration": self._get_note(statements),
                    "line_ids": lines,
                    **({"journal_id": self.journal_id.id} if self.journal_id else {}),
                }
            )
        )
        statements.payment_move_id = entry
        return self._get_moves_action(entry)

    def _get_note(self, statements):
        """Return what the entry books, for who may not see journal items in Odoo."""
        rows = Markup().join(
            Markup("<li>%s: %s</li>")
            % (
                self._get_label(statement),
                statement.currency_id.format(statement.amount_total),
            )
            for statement in statements
        )
        accounts = self.env._(
            "Debit %(expense)s, credit %(liability)s:",
            expense=self.expense_account_id.display_name,
            liability=self.liability_account_id.display_name,
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (accounts, rows)

    def _pay_by_payroll(self, statements):
        # as a download it would leave the dialog open over what is paid now
        return {**statements._get_payroll_action(), "target": "new", "close": True}

    def _check_account(self, account):
        if not account:
            raise UserError(
                self.env._("Choose the accounts on which the commission is booked.")
            )

    def _get_label(self, statement):
        return self.env._(
            "Commission of %(month)s, %(user)s (%(name)s)",
            month=statement._get_month_label(),
            user=statement.user_id.name,
            name=statement.name,
        )

    def _get_moves_action(self, moves):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
            "name": self.env._("Commission to Pay"),
        }
        if len(moves) == 1:
            action |= {"view_mode": "form", "res_id": moves.id}
        return action
