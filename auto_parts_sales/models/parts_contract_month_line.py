from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from .parts_contract_month import FINANCE_GROUPS

ALL_SALES = (
    "auto_parts_sales.group_parts_sales_director,"
    "auto_parts_sales.group_parts_sales_office"
)
COMMISSION_READERS = ",".join(
    f"auto_parts_sales.group_parts_{name}"
    for name in ("finance", "sales_office", "general_manager", "sales_director")
)


class PartsContractMonthLine(models.Model):
    """One line of the ledger at the end of a month, confirmed by both sides (CON-7).

    Amounts are in company currency; ``figures`` keeps all columns, with those in the
    contract's currency. Names are kept as they were.
    """

    _name = "parts.contract.month.line"
    _description = "Contract in a Monthly Reconciliation"
    _order = "month_id desc, key desc"

    month_id = fields.Many2one(
        comodel_name="parts.contract.month",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="month_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="month_id.currency_id")
    state = fields.Selection(related="month_id.state")
    key = fields.Integer(readonly=True)
    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    contract_name = fields.Char(string="Contract Number", readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True)
    contract_currency_id = fields.Many2one(
        comodel_name="res.currency", string="Contract Currency", readonly=True
    )
    figures = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    amount = fields.Monetary(string="Contract Amount", readonly=True)
    ordered = fields.Monetary(readonly=True)
    delivered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)
    credited = fields.Monetary(readonly=True)
    collected = fields.Monetary(readonly=True)
    other = fields.Monetary(string="Settled Otherwise", readonly=True)
    unmatched = fields.Monetary(string="Not Matched", readonly=True)
    receivable = fields.Monetary(readonly=True)
    due = fields.Monetary(readonly=True)
    overdue = fields.Monetary(readonly=True)
    to_come = fields.Monetary(string="Still to Come", readonly=True)
    commission = fields.Monetary(readonly=True, groups=COMMISSION_READERS)
    difference_note = fields.Text(
        string="Differences",
        compute="_compute_difference_note",
        compute_sudo=True,
        help="What was found of this contract and its customer in the month.",
    )
    sales_user_id = fields.Many2one(
        comodel_name="res.users", string="Confirmed by Sales", readonly=True
    )
    sales_date = fields.Datetime(string="Confirmed by Sales on", readonly=True)
    finance_user_id = fields.Many2one(
        comodel_name="res.users", string="Confirmed by Finance", readonly=True
    )
    finance_date = fields.Datetime(string="Confirmed by Finance on", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("contract_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.contract_name or self.env._("Without Contract")

    @api.depends("month_id.difference_ids.kind", "month_id.difference_ids.amount")
    @api.depends_context("lang")
    def _compute_difference_note(self):
        """As superuser: who confirms a line reads what was found of it."""
        kinds = self.env["parts.contract.month.difference"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        for line in self:
            about = line.month_id.difference_ids.filtered(line._is_about)
            sums = {
                kind: format_amount(
                    self.env, sum(rows.mapped("amount")), line.currency_id
                )
                for kind, rows in about.grouped("kind").items()
            }
            line.difference_note = "\n".join(
                f"{labels[kind]}: {amount}" for kind, amount in sums.items()
            )

    def _is_about(self, difference):
        """Return whether a difference is one of this line's contract or customer."""
        contract = self.contract_id
        if not contract or difference.contract_id:
            return bool(contract) and difference.contract_id == contract
        customer = difference.partner_id.commercial_partner_id
        return customer == contract.commercial_partner_id

    @api.model
    def _get_unconfirmed(self, month):
        """Return the lines of ``month`` that one side has not confirmed, as superuser.

        Searched, not read from the month: those that its form shows are the reader's.
        """
        open_for = Domain("sales_user_id", "=", False)
        open_for |= Domain("finance_user_id", "=", False)
        return self.sudo().search(Domain("month_id", "in", month.ids) & open_for)

    # === ACTIONS === #

    def action_confirm_sales(self):
        """Confirm lines for sales: one's own contracts, one's team's, or all.

        :raises AccessError: for who does not answer for a contract
        """
        for line in self:
            line._check_sales()
        return self._confirm("sales")

    def action_confirm_finance(self):
        """Confirm lines for finance.

        :raises AccessError: for anybody else
        """
        self.check_access("read")
        if not self.env.user.has_groups(FINANCE_GROUPS):
            raise AccessError(
                self.env._("Finance confirms for its side: ask somebody of finance.")
            )
        return self._confirm("finance")

    def _check_sales(self):
        """Sales answers for what it may see; for what has no contract, its heads do."""
        self.check_access("read")
        user = self.env.user
        mine = user.has_group("auto_parts_sales.group_parts_salesperson") and (
            self.contract_id and self._answers_for(user)
        )
        if not mine and not user.has_groups(ALL_SALES):
            raise AccessError(
                self.env._(
                    "%(line)s is confirmed by its salesperson, by who leads his team,"
                    " or by the head or the office of sales.",
                    line=self.display_name,
                )
            )

    def _answers_for(self, user):
        """Return whether ``user`` sells under this contract or leads who does."""
        contract = self.contract_id.sudo()
        teams = contract.team_id | contract.user_id.crm_team_member_ids.crm_team_id
        return user in contract.user_id | teams.user_id

    def _confirm(self, side):
        for month in self.month_id:
            month._check_open()
            month._check_over()
        other = "finance" if side == "sales" else "sales"
        for line in self.sudo():
            if line[f"{other}_user_id"] == self.env.user:
                raise UserError(
                    self.env._(
                        "You confirmed %(line)s for the other side. Two people confirm"
                        " a line: ask somebody else.",
                        line=line.display_name,
                    )
                )
            line[f"{side}_user_id"] = self.env.uid
            line[f"{side}_date"] = fields.Datetime.now()
        return True

    def action_open_contract(self):
        """Open the contract of this line, or the ledger where it has none."""
        self.ensure_one()
        if not self.contract_id:
            return self.env["ir.actions.act_window"]._for_xml_id(
                "auto_parts_sales.parts_contract_ledger_action"
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract",
            "res_id": self.contract_id.id,
            "views": [(False, "form")],
        }
