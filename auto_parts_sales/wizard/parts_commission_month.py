from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import date_utils

from ..utils.month_label import month_label


class PartsCommissionMonth(models.TransientModel):
    """One person's month: earned, still locked in open invoices, lost to lateness.

    Read with the rights of who looks: of somebody whose entries he may not read, it
    shows nothing.
    """

    _name = "parts.commission.month"
    _description = "My Month of Commission"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        default=lambda self: self.env.uid,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        string="Any Day of the Month",
        required=True,
        default=lambda self: date_utils.start_of(
            fields.Date.context_today(self), "month"
        ),
    )
    collected = fields.Monetary(
        string="Collected (untaxed)", compute="_compute_earned", compute_sudo=False
    )
    earned = fields.Monetary(
        compute="_compute_earned",
        compute_sudo=False,
        help="All that the month's collections brought, less what lateness took.",
    )
    lost = fields.Monetary(
        string="Lost to Lateness", compute="_compute_earned", compute_sudo=False
    )
    entry_ids = fields.Many2many(
        comodel_name="parts.commission.entry",
        string="How It Came About",
        compute="_compute_earned",
        compute_sudo=False,
    )
    statement_id = fields.Many2one(
        comodel_name="parts.commission.statement",
        string="Statement",
        compute="_compute_statement_id",
        compute_sudo=False,
    )
    customer_ids = fields.One2many(
        comodel_name="parts.commission.month.customer",
        inverse_name="month_id",
        string="Customers to Call",
        compute="_compute_customer_ids",
        compute_sudo=False,
        store=True,
    )
    locked = fields.Monetary(
        string="Still Locked",
        compute="_compute_locked",
        compute_sudo=False,
        help="What the open invoices still promise, in company currency at today's"
        " rate. It is earned when the customers pay.",
    )
    chooses_person = fields.Boolean(compute="_compute_chooses_person")
    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        string="Plan",
        compute="_compute_plan_id",
        compute_sudo=False,
        help="The plan of this month's invoices: of the running month today's.",
    )
    has_plan = fields.Boolean(compute="_compute_plan_id", compute_sudo=False)

    # === COMPUTE METHODS === #

    @api.depends("user_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            month = month_label(self.env, sheet.month)
            sheet.display_name = self.env._(
                "%(month)s, %(person)s", month=month, person=sheet.user_id.name or ""
            )

    @api.depends_context("uid")
    def _compute_chooses_person(self):
        user = self.env.user
        self.chooses_person = any(
            user.has_group(f"auto_parts_sales.group_parts_{role}")
            for role in ("sales_manager", "sales_office", "finance", "general_manager")
        )

    @api.depends("user_id", "company_id", "month")
    @api.depends_context("uid")
    def _compute_plan_id(self):
        today = fields.Date.context_today(self)
        for sheet in self:
            day = min(date_utils.end_of(sheet.month, "month"), today)
            # as superuser: that there is one is said also to who may not read it
            plans = self.env["parts.commission.plan"].sudo()
            plan = plans._get_plan(sheet.company_id, sheet.user_id, day)
            sheet.has_plan = bool(plan)
            sheet.plan_id = plan.sudo(False)._filtered_access("read")

    @api.depends("user_id", "company_id", "month")
    @api.depends_context("uid")
    def _compute_earned(self):
        for sheet in self:
            entries = self.env["parts.commission.entry"].search(
                [
                    *sheet._get_own_domain(),
                    ("date", ">=", date_utils.start_of(sheet.month, "month")),
                    ("date", "<=", date_utils.end_of(sheet.month, "month")),
                    # a balance that moves from month to month is nothing earned
                    ("cause", "!=", "carried"),
                ]
            )
            late = entries.filtered(lambda entry: entry.kind == "lateness")
            sheet.entry_ids = entries
            sheet.collected = sum(entries.mapped("collected"))
            sheet.earned = sum(entries.mapped("amount"))
            sheet.lost = -sum(late.mapped("amount"))

    @api.depends("user_id", "company_id", "month")
    @api.depends_context("uid")
    def _compute_statement_id(self):
        for sheet in self:
            first = date_utils.start_of(sheet.month, "month")
            sheet.statement_id = self.env["parts.commission.statement"].search(
                [*sheet._get_own_domain(), ("date_from", "=", first)], limit=1
            )

    @api.depends("user_id", "company_id")
    def _compute_customer_ids(self):
        for sheet in self:
            sheet.customer_ids = [
                fields.Command.clear(),
                *map(fields.Command.create, sheet._prepare_customer_vals()),
            ]

    @api.depends("customer_ids.locked")
    def _compute_locked(self):
        for sheet in self:
            sheet.locked = sum(sheet.customer_ids.mapped("locked"))

    # === ACTIONS === #

    @api.model
    def action_open_mine(self):
        """Open the reader's own month."""
        return self._get_form_action(self.create({}))

    def action_previous(self):
        return self._turn(-1)

    def action_next(self):
        return self._turn(1)

    def action_open_entries(self):
        self.ensure_one()
        return self.env["parts.commission.entry"]._get_entries_action(
            [("id", "in", self.entry_ids.ids)]
        )

    def action_open_promises(self):
        self.ensure_one()
        return self._get_promises_action([])

    def action_open_statement(self):
        self.ensure_one()
        return self.statement_id._get_records_action()

    # === BUSINESS METHODS === #

    def _turn(self, months):
        self.ensure_one()
        return self._get_form_action(
            self.create(
                {
                    "user_id": self.user_id.id,
                    "company_id": self.company_id.id,
                    "month": date_utils.add(self.month, months=months),
                }
            )
        )

    @api.model
    def _get_form_action(self, sheet):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Month"),
            "res_model": self._name,
            "res_id": sheet.id,
            "views": [(False, "form")],
            # pages of one book: turning adds nothing to the way back
            "target": "main",
        }

    def _get_own_domain(self):
        self.ensure_one()
        return [
            ("user_id", "=", self.user_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    def _get_promises_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_basis_action"
        )
        return {
            **action,
            "domain": [*self._get_own_domain(), ("is_open", "=", True), *domain],
            "context": {},
        }

    def _prepare_customer_vals(self):
        """Return whom to call, who is overdue longest first, as `create` values."""
        self.ensure_one()
        bases = self.env["parts.commission.basis"].search(
            [*self._get_own_domain(), ("is_open", "=", True)]
        )
        today = fields.Date.context_today(self)
        locked, invoices = defaultdict(float), defaultdict(set)
        for basis in bases:
            key = (basis.partner_id, basis.partner_name)
            locked[key] += basis.currency_id._convert(
                basis.locked, self.company_id.currency_id, self.company_id, today
            )
            invoices[key].add(basis.move_id)
        vals_list = []
        for (partner, name), amount in locked.items():
            if self.company_id.currency_id.is_zero(amount):
                continue
            # as superuser: who shares in a sale need not be allowed to read its invoice
            moves = self.env["account.move"].union(*invoices[partner, name]).sudo()
            moves = moves.filtered(lambda move: move.move_type == "out_invoice")
            due = min(filter(None, moves.mapped("invoice_date_due")), default=False)
            vals_list.append(
                {
                    "partner_id": partner.id,
                    "name": name or partner.name,
                    "invoice_count": len(moves),
                    "date_due": due,
                    "days_overdue": max((today - due).days, 0) if due else 0,
                    "locked": amount,
                }
            )
        return sorted(vals_list, key=lambda x: (-x["days_overdue"], -x["locked"]))


class PartsCommissionMonthCustomer(models.TransientModel):
    """A customer whose open invoices still promise something: whom to call."""

    _name = "parts.commission.month.customer"
    _description = "Customer to Call for Commission"
    _order = "days_overdue desc, locked desc, id"

    month_id = fields.Many2one(
        comodel_name="parts.commission.month",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="month_id.currency_id")
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    name = fields.Char(string="Customer", readonly=True)
    invoice_count = fields.Integer(string="Open Invoices", readonly=True)
    date_due = fields.Date(string="Oldest Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator=None)
    locked = fields.Monetary(string="Still Locked", readonly=True)

    def action_open_promises(self):
        """Open what this customer's open invoices still promise."""
        self.ensure_one()
        return self.month_id._get_promises_action(
            [("partner_id", "=", self.partner_id.id)]
        )
