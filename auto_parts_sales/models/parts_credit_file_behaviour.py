from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from .parts_credit_policy import RISK_CLASSES

MONTHS = 12


class PartsCreditFile(models.Model):
    """What the ledger tells of a file's customer, and what follows from it (CRD-6)."""

    # A file for each topic: what is granted, and how the customer behaves
    _inherit = "parts.credit.file"  # pylint: disable=consider-merging-classes-inherited

    days_to_pay = fields.Float(
        string="Average Days to Pay",
        compute="_compute_behaviour",
        compute_sudo=True,
        help="From invoice to payment, weighted by amount, over the last 12 months.",
    )
    late_share = fields.Float(
        string="Paid Late (%)", compute="_compute_behaviour", compute_sudo=True
    )
    worst_delay = fields.Integer(
        string="Worst Delay (days)", compute="_compute_behaviour", compute_sudo=True
    )
    promises_broken = fields.Integer(compute="_compute_behaviour", compute_sudo=True)
    rejected_count = fields.Integer(
        string="Rejected Payments", compute="_compute_behaviour", compute_sudo=True
    )
    turnover = fields.Monetary(
        string="Turnover of 12 Months", compute="_compute_behaviour", compute_sudo=True
    )
    overdue_amount = fields.Monetary(
        string="Overdue", compute="_compute_behaviour", compute_sudo=True
    )
    suggested_class = fields.Selection(
        selection=RISK_CLASSES,
        compute="_compute_behaviour",
        compute_sudo=True,
    )
    suggested_limit = fields.Monetary(compute="_compute_behaviour", compute_sudo=True)
    score_html = fields.Html(
        string="How It Is Worked Out",
        compute="_compute_behaviour_html",
        compute_sudo=True,
        sanitize=False,
    )
    trend_html = fields.Html(
        string="Trend by Month",
        compute="_compute_behaviour_html",
        compute_sudo=True,
        sanitize=False,
    )
    usage_html = fields.Html(
        string="Use of the Limit",
        compute="_compute_usage_html",
        compute_sudo=True,
        sanitize=False,
    )

    # === COMPUTE METHODS === #

    def _compute_behaviour(self):
        for company, files in self.grouped("company_id").items():
            found, suggested = files._behaviours(company)
            for file in files:
                behaviour, suggestion = found[file.id], suggested[file.id]
                file.days_to_pay = behaviour["days_to_pay"] or 0.0
                file.late_share = behaviour["late_share"]
                file.worst_delay = behaviour["worst_delay"]
                file.promises_broken = behaviour["broken"]
                file.rejected_count = behaviour["rejected"]
                file.turnover = behaviour["turnover"]
                file.overdue_amount = behaviour["overdue"]
                file.suggested_class = suggestion["risk_class"]
                file.suggested_limit = suggestion["limit"]

    def _behaviours(self, company):
        """Return ({id of the file: behaviour}, {id of the file: suggestion}) of files
        of one company, over the last twelve months.
        """
        since = fields.Date.subtract(fields.Date.context_today(self), months=MONTHS)
        by_debtor = self.env["parts.credit.behaviour"]._behaviour(
            company, self.partner_id, since=since
        )
        nothing = self.env["parts.credit.behaviour"]._nothing()
        found = {file.id: by_debtor.get(file.partner_id.id, nothing) for file in self}
        return found, self.env["parts.credit.score"]._suggest(company, found)

    def _compute_behaviour_html(self):
        measures = dict(
            self.env["parts.credit.score"]
            ._fields["measure"]
            ._description_selection(self.env)
        )
        classes = dict(self._fields["risk_class"]._description_selection(self.env))
        for company, files in self.grouped("company_id").items():
            found, suggested = files._behaviours(company)
            for file in files:
                suggestion = suggested[file.id]
                file.score_html = self.env["ir.qweb"]._render(
                    "auto_parts_sales.parts_credit_score_card",
                    {
                        "suggestion": suggestion,
                        "rows": [
                            (measures[name], self._number(value), points, most)
                            for name, value, points, most in suggestion["rows"]
                        ],
                        "risk_class": classes.get(suggestion["risk_class"]),
                        "limit": file._amount(suggestion["limit"]),
                        "daily": file._amount(suggestion["daily"]),
                        "turnover": file._amount(found[file.id]["turnover"]),
                    },
                )
                file.trend_html = self.env["ir.qweb"]._render(
                    "auto_parts_sales.parts_credit_trend_bars",
                    {"months": file._trend_months()},
                )

    def _compute_usage_html(self):
        for file in self:
            file.usage_html = self.env["ir.qweb"]._render(
                "auto_parts_sales.parts_credit_usage_bar", file._usage_values()
            )

    def _usage_values(self):
        """Return what the bar of the limit shows: its parts, in per cent of the greater
        of limit and use.
        """
        self.ensure_one()
        limit = self._limit() if self._in_force() else 0.0
        parts = [
            ("primary", self.env._("Receivables"), self.exposure_receivable),
            ("info", self.env._("Orders"), self.exposure_orders),
            ("warning", self.env._("Draft invoices"), self.exposure_drafts),
        ]
        whole = max(limit, self.exposure) or 1.0
        return {
            "parts": [
                (colour, label, self._amount(amount), max(amount, 0.0) * 100 / whole)
                for colour, label, amount in parts
            ],
            "limit": self._amount(limit),
            "used": self._amount(self.exposure),
            "free": self._amount(limit - self.exposure),
            "over": self.exposure > limit,
        }

    def _trend_months(self):
        """Return the last months, oldest first: label, amount paid, days to pay, share
        paid late, and the height of its bar in per cent.
        """
        self.ensure_one()
        start = fields.Date.subtract(
            fields.Date.context_today(self).replace(day=1), months=MONTHS - 1
        )
        rows = self.env["parts.credit.trend"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("month", ">=", start),
            ]
        )
        by_month = {row.month: row for row in rows}
        highest = max(rows.mapped("days_to_pay"), default=0.0) or 1.0
        months = []
        for index in range(MONTHS):
            month = fields.Date.add(start, months=index)
            row = by_month.get(month)
            days = row.days_to_pay if row else 0.0
            months.append(
                {
                    "label": format_date(self.env, month, date_format="MMM"),
                    "paid": self._amount(row.paid if row else 0.0),
                    "days": round(days),
                    "late": round(row.late_share) if row else 0,
                    "height": max(round(days * 100 / highest), 4) if row else 0,
                }
            )
        return months if rows else []

    def _amount(self, amount):
        self.ensure_one()
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.model
    def _number(self, value):
        return formatLang(self.env, value, digits=0 if value == round(value) else 1)

    # === ACTIONS === #

    def action_export_xlsx(self):
        """Download these files as a spreadsheet."""
        self.check_access("read")
        numbers = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/auto_parts_sales/credit/files/xlsx?file_ids={numbers}",
            "target": "download",
        }

    def action_view_trend(self):
        """Open the payment behaviour of the customer by month, as a graph."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Behaviour: %s", self.partner_id.display_name),
            "res_model": "parts.credit.trend",
            "view_mode": "graph,list,pivot",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
        }

    def action_view_receivable(self):
        """Open the items behind the open receivables and overdue amounts."""
        self.ensure_one()
        items = self.env["parts.credit.books"].sudo()
        items = items._open_items(self.company_id, self.sudo()._sharers())
        return self._action_of(
            "account.move.line",
            [("id", "in", items.ids)],
            self.env._("Open Receivables"),
        )

    def action_view_orders(self):
        """Open the confirmed orders that claim more than invoices hold."""
        return self._action_of(
            "sale.order",
            [("id", "in", self._orders_with("claim").ids)],
            self.env._("Orders not Invoiced"),
        )

    def action_view_down_payments(self):
        """Open the invoices of deposits that are not deducted yet."""
        lines = self._orders_with("down_payments").order_line
        invoices = lines.filtered("is_downpayment").invoice_lines.move_id
        return self._action_of(
            "account.move",
            [("id", "in", invoices.ids), ("state", "=", "posted")],
            self.env._("Deposits Invoiced"),
        )

    def action_view_uncleared(self):
        """Open the payments that no bank statement shows yet."""
        return self._action_of(
            "account.payment",
            [
                ("partner_id.commercial_partner_id", "in", self.sudo()._sharers().ids),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
                ("is_matched", "=", False),
                ("payment_transaction_id", "=", False),
            ],
            self.env._("Payments not Seen at the Bank"),
        )

    def action_view_transactions(self):
        """Open the online payments that are done or authorised, and not booked."""
        return self._action_of(
            "payment.transaction",
            [
                ("partner_id.commercial_partner_id", "in", self.sudo()._sharers().ids),
                ("state", "in", ("authorized", "done")),
                ("operation", "!=", "validation"),
                "|",
                ("payment_id", "=", False),
                ("payment_id.state", "=", "draft"),
            ],
            self.env._("Online Payments not Booked"),
        )

    def _orders_with(self, part):
        """Return the orders, as superuser, with something of a part of their claim."""
        self.ensure_one()
        claims = self.env["parts.credit.claim"].sudo()
        claims = claims._of(self.company_id, self.sudo()._sharers())
        orders = self.env["sale.order"].sudo()
        return orders.browse(id_ for id_, claim in claims.items() if claim[part])

    def action_view_drafts(self):
        """Open the draft invoices and credit notes."""
        self.ensure_one()
        return self._action_of(
            "account.move",
            [
                ("commercial_partner_id", "in", self.sudo()._sharers().ids),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "draft"),
            ],
            self.env._("Draft Invoices"),
        )

    def _action_of(self, model, domain, name):
        """Return the window action on the documents behind a figure: access to them is
        their own.
        """
        self.ensure_one()
        self.env[model].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("company_id", "=", self.company_id.id), *domain],
            "context": {"create": False},
        }
