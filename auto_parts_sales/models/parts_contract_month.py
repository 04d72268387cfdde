import logging
from datetime import datetime, time

import pytz
from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.misc import babel_locale_parse, get_lang

from .parts_contract_figures import AMOUNTS, COLUMNS

_logger = logging.getLogger(__name__)

SIDES = ("sales", "finance")
SALES_GROUPS = (
    "auto_parts_sales.group_parts_sales_manager,"
    "auto_parts_sales.group_parts_sales_office"
)
FINANCE_GROUPS = "auto_parts_sales.group_parts_finance"
READERS = (
    "auto_parts_sales.group_parts_finance,account.group_account_invoice,"
    "auto_parts_sales.group_parts_sales_director,"
    "auto_parts_sales.group_parts_sales_office,"
    "auto_parts_sales.group_parts_general_manager"
)


class PartsContractMonth(models.Model):
    """A month of the contract ledger, reconciled by sales and finance (CON-7).

    It holds the ledger as it stood on the month's last day, by the documents' dates,
    and the differences that were found, with their cause. Sales and finance confirm
    each line, and each signs the month. From then on it is a frozen snapshot: what is
    booked into the month later does not touch it, but is shown beside it
    (``parts.contract.month.correction``). No role writes any of it: it is prepared,
    confirmed and signed by the methods below.
    """

    _name = "parts.contract.month"
    _description = "Monthly Reconciliation of Contracts"
    _inherit = ["mail.thread"]
    _order = "date desc, company_id"

    # === FIELDS === #

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Month",
        required=True,
        readonly=True,
        default=lambda self: self._default_date(),
        help="First day of the month.",
    )
    date_to = fields.Date(string="Last Day", compute="_compute_date_to")
    state = fields.Selection(
        selection=[("open", "Open"), ("signed", "Signed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    prepared_date = fields.Datetime(string="Prepared on", readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="parts.contract.month.line",
        inverse_name="month_id",
        string="Ledger",
        readonly=True,
    )
    difference_ids = fields.One2many(
        comodel_name="parts.contract.month.difference",
        inverse_name="month_id",
        string="Differences",
        readonly=True,
    )
    correction_ids = fields.One2many(
        comodel_name="parts.contract.month.correction",
        inverse_name="month_id",
        string="Later Corrections",
        readonly=True,
    )
    receivable = fields.Monetary(
        string="Receivable by the Ledger", readonly=True, groups=READERS
    )
    books = fields.Monetary(
        string="Receivable by the General Ledger", readonly=True, groups=READERS
    )
    sales_user_id = fields.Many2one(
        comodel_name="res.users", string="Signed by Sales", readonly=True, copy=False
    )
    sales_date = fields.Datetime(string="Signed by Sales on", readonly=True, copy=False)
    finance_user_id = fields.Many2one(
        comodel_name="res.users", string="Signed by Finance", readonly=True, copy=False
    )
    finance_date = fields.Datetime(
        string="Signed by Finance on", readonly=True, copy=False
    )
    unconfirmed_count = fields.Integer(
        string="Lines not Confirmed",
        compute="_compute_unconfirmed_count",
        compute_sudo=True,
    )
    compared_date = fields.Datetime(
        string="Compared with the Books on", readonly=True, copy=False
    )

    _company_month_uniq = models.UniqueIndex(
        "(company_id, date)", "This month is reconciled already: open it."
    )

    # === COMPUTE METHODS === #

    @api.model
    def _default_date(self):
        today = fields.Date.context_today(self)
        return today.replace(day=1) - relativedelta(months=1)

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_name(self):
        for month in self:
            locale = babel_locale_parse(get_lang(self.env).code)
            month.name = (
                format_skeleton("yMMMM", month.date, locale=locale)
                if month.date
                else False
            )

    @api.depends("name")
    def _compute_display_name(self):
        for month in self:
            month.display_name = month.name

    @api.depends("date")
    def _compute_date_to(self):
        for month in self:
            month.date_to = month.date and (
                month.date + relativedelta(months=1, days=-1)
            )

    @api.depends("line_ids.sales_user_id", "line_ids.finance_user_id")
    def _compute_unconfirmed_count(self):
        lines = self.env["parts.contract.month.line"]
        for month in self:
            month.unconfirmed_count = len(lines._get_unconfirmed(month))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Open months; of their values, company and month alone count."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in ("company_id", "date") if name in vals}
                for vals in vals_list
            ]
        for vals in vals_list:
            date = fields.Date.to_date(vals.get("date")) or self._default_date()
            vals["date"] = date.replace(day=1)
        # the caller's defaults must not sign
        clean = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
        }
        return super(PartsContractMonth, self.with_env(self.env(context=clean))).create(
            vals_list
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(month.sales_user_id or month.finance_user_id for month in self):
            raise UserError(
                self.env._("A month that was signed is kept, with all that it says.")
            )

    # === PREPARING === #

    def action_prepare(self):
        """Take the ledger as it stands at the end of the month, with its differences.

        What was confirmed stays confirmed where the figures stay the same.

        :raises UserError: of a month that is not over, or signed
        """
        self._check_role(*SIDES)
        for month in self:
            month._check_open()
            month._check_over()
            if month.sales_user_id or month.finance_user_id:
                month._unsign()
            month.sudo()._prepare()
        return True

    def _prepare(self):
        """Write lines and differences, as superuser."""
        self.ensure_one()
        figures = self._get_figures()
        kept = {line.key: line for line in self.line_ids}
        commands = [
            Command.delete(line.id) for key, line in kept.items() if key not in figures
        ]
        for key, row in figures.items():
            line = kept.get(key)
            if not line:
                commands.append(Command.create(self._line_vals(key, row)))
            elif line.figures != row:
                commands.append(Command.update(line.id, self._line_vals(key, row)))
        self.write(
            {
                "line_ids": commands,
                "prepared_date": fields.Datetime.now(),
                "receivable": self.currency_id.round(
                    sum(row["receivable"] for row in figures.values())
                ),
                "books": self._get_books(),
            }
        )
        self.env["parts.contract.month.difference"]._find(self)

    def _get_figures(self):
        """Return ``{key: figures}`` at the end of the month, of lines with any."""
        self.ensure_one()
        contracts = (
            self.env["parts.contract"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)])
        )
        keys = [2 * contract.id for contract in contracts]
        keys.append(2 * self.company_id.id + 1)
        engine = self.env["parts.contract.figures"].sudo()
        rows = engine._rows(keys, date=self.date_to, companies=self.company_id)
        amounts = [name for name in AMOUNTS if name != "amount"]
        started = {
            2 * contract.id
            for contract in contracts
            if contract.date_effective and contract.date_effective <= self.date_to
        }
        return {
            key: {name: row[name] for name in COLUMNS}
            for key, row in rows.items()
            if key % 2 or key in started or any(row[name] for name in amounts)
        }

    def _get_moments(self):
        """Return the moments (UTC) at which the month begins and the next one does, as
        the company's days run.
        """
        self.ensure_one()
        zone = pytz.timezone(
            self.env["parts.contract.figures"]._zone(self.company_id.sudo())
        )
        return tuple(
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (self.date, fields.Date.add(self.date_to, days=1))
        )

    def _line_vals(self, key, row):
        contract_id = False if key % 2 else key // 2
        contract = self.env["parts.contract"].sudo().browse(contract_id or [])
        return {
            "key": key,
            "contract_id": contract_id,
            "contract_name": contract.name,
            "partner_name": contract.partner_id.display_name,
            "contract_currency_id": (contract.currency_id or self.currency_id).id,
            "figures": row,
            **{name: row[name] for name in AMOUNTS},
            "sales_user_id": False,
            "sales_date": False,
            "finance_user_id": False,
            "finance_date": False,
        }

    def _get_books(self):
        """Return the receivable accounts of the general ledger at the month's end."""
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("date", "<=", self.date_to),
                ],
                aggregates=["balance:sum"],
            )
        )
        return self.currency_id.round(groups[0][0] or 0.0)

    # === SIGNING === #

    def action_sign_sales(self):
        """Sign the month for sales; see ``_sign``."""
        return self._sign("sales")

    def action_sign_finance(self):
        """Sign the month for finance; see ``_sign``."""
        return self._sign("finance")

    def _sign(self, side):
        """Sign for a side. Once both have, the month is a frozen snapshot.

        :raises AccessError: for who is not of that side
        :raises UserError: where figures changed since, lines are not confirmed, an
            earlier month is open, or the same person signed for the other side
        """
        self._check_role(side)
        for month in self:
            month._check_open()
            month._check_over()
            month._check_signer(side)
            month._check_complete()
            month = month.sudo()
            month[f"{side}_user_id"] = self.env.uid
            month[f"{side}_date"] = fields.Datetime.now()
            if month.sales_user_id and month.finance_user_id:
                month.state = "signed"
                month._signed()
            month.message_post(
                body=self.env._("Signed by %(name)s.", name=self.env.user.name)
            )
        return True

    def _signed(self):
        """Called as superuser once both sides have signed: pools accrue (COM-7)."""
        pools = self.env["parts.commission.pool"]
        pools._get_pools(self.company_id)._accrue_signed()

    def _unsign(self):
        """Take signatures back: what they stood under is prepared anew."""
        self.sudo().write(
            {f"{side}_{name}": False for side in SIDES for name in ("user_id", "date")}
        )

    @api.model
    def _is_signed(self, company, date):
        """Return whether the month of ``date`` was signed by both sides (COM-7)."""
        return bool(
            self.sudo().search_count(
                [
                    ("company_id", "=", company.id),
                    ("date", "=", fields.Date.to_date(date).replace(day=1)),
                    ("state", "=", "signed"),
                ],
                limit=1,
            )
        )

    # === CHECKS === #

    def _check_role(self, *sides):
        """Refuse who is of none of these sides; without an ``sudo`` around it."""
        self.check_access("read")
        groups = {"sales": SALES_GROUPS, "finance": FINANCE_GROUPS}
        user = self.env.user
        if not any(user.has_groups(groups[side]) for side in sides):
            raise AccessError(
                self.env._(
                    "The monthly reconciliation is prepared and signed by sales"
                    " (manager or office) and by finance. Ask one of them."
                )
            )
        if self.company_id - user.company_ids:
            raise AccessError(self.env._("This month is of another company."))

    def _check_open(self):
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(month)s was signed by both sides and does not change any more."
                    " Compare it with the books: what was booked later is shown there.",
                    month=self.name,
                )
            )

    def _check_over(self):
        if self.date_to >= fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(month)s is not over yet: it is reconciled from the next day on.",
                    month=self.name,
                )
            )

    def _check_signer(self, side):
        other = self.finance_user_id if side == "sales" else self.sales_user_id
        if self[f"{side}_user_id"]:
            raise UserError(
                self.env._(
                    "%(name)s signed for this side already.",
                    name=self[f"{side}_user_id"].name,
                )
            )
        if other == self.env.user:
            raise UserError(
                self.env._(
                    "You signed for the other side. Two people sign a month: ask"
                    " somebody else."
                )
            )
        earlier = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<", self.date),
                ("state", "=", "open"),
            ],
            order="date",
            limit=1,
        )
        if earlier:
            raise UserError(
                self.env._(
                    "%(month)s is still open: sign the months one after the other.",
                    month=earlier.name,
                )
            )

    def _check_complete(self):
        """Refuse to sign what is not the ledger, or not confirmed."""
        month = self.sudo()
        if not month.prepared_date:
            raise UserError(self.env._("Prepare %(month)s first.", month=self.name))
        now = month._get_figures()
        if now != {line.key: line.figures for line in month.line_ids}:
            raise UserError(
                self.env._(
                    "Something was booked into %(month)s since it was prepared."
                    " Prepare it again: what changed has to be confirmed anew.",
                    month=self.name,
                )
            )
        waiting = month.line_ids._get_unconfirmed(month)
        if waiting:
            raise UserError(
                self.env._(
                    "%(number)s lines are not confirmed by both sides, the first is"
                    " %(line)s. Confirm them, or say what is wrong with them.",
                    number=len(waiting),
                    line=waiting[0].display_name,
                )
            )

    # === AFTERWARDS === #

    def action_compare(self):
        """Show what was booked into a signed month later; it does not touch the month.

        :raises UserError: of a month that is not signed
        """
        self._check_role(*SIDES)
        for month in self:
            if month.state != "signed":
                raise UserError(
                    self.env._(
                        "%(month)s is not signed yet: prepare it again instead.",
                        month=month.name,
                    )
                )
            self.env["parts.contract.month.correction"].sudo()._compare(month.sudo())
            month.sudo().compared_date = fields.Datetime.now()
        return True

    # === SCHEDULED === #

    @api.model
    def _cron_open(self):
        """Open and prepare last month where contracts are in use; one that fails stops
        no other.
        """
        companies = self.env["res.company"].search(
            [("parts_contract_in_use", "=", True)]
        )
        for company in companies:
            date = self._default_date()
            domain = [("company_id", "=", company.id), ("date", "=", date)]
            if self.search_count(domain, limit=1):
                continue
            try:
                with self.env.cr.savepoint():
                    self.create({"company_id": company.id, "date": date})._prepare()
            except Exception:
                _logger.exception("Month of contracts of company %s", company.id)
