import json
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.parts_contract import CONTRACT_STATES
from ..models.parts_contract_figures import COLUMNS

# Columns of figures: fetched for the page's lines alone, or joined where they are
# searched, sorted or added up
FIGURES = frozenset(COLUMNS)
# Which of them a query that is being put together asks for, by table alias
ASKED = WeakKeyDictionary()
# More than this do not fit into an address; then the search is exported
MAX_IDS = 500
COMMISSION_READERS = ",".join(
    f"auto_parts_sales.group_parts_{name}"
    for name in ("finance", "sales_office", "general_manager", "sales_director")
)


def money(string, own=False, **options):
    """Return an amount in company currency, or in the contract's (``own``)."""
    if own:
        options["aggregator"] = None
    return fields.Monetary(
        string=string,
        currency_field="currency_id" if own else "company_currency_id",
        readonly=True,
        **options,
    )


class PartsContractLedger(models.Model):
    """The contract ledger: one line per contract, and one per company without (CON-6).

    Receivables of all lines of a company add up to its receivable accounts in the
    general ledger, to the cent.
    """

    _name = "parts.contract.ledger"
    _description = "Contract Ledger"
    _auto = False
    # what is without contract stands last, as in an account
    _order = "date desc nulls last, id desc"
    _rec_name = "name"

    # === FIELDS === #

    name = fields.Char(string="Contract Number", readonly=True)
    contract_id = fields.Many2one("parts.contract", string="Contract", readonly=True)
    kind = fields.Selection(
        selection=[("single", "Single Contract"), ("framework", "Framework Contract")],
        readonly=True,
    )
    state = fields.Selection(selection=CONTRACT_STATES, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer Group", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    date = fields.Date(string="In Force since", readonly=True)
    date_end = fields.Date(string="Until", readonly=True)

    amount = money("Contract Amount", help="What the contract promises, with taxes.")
    ordered = money("Ordered", help="Confirmed orders under the contract, with taxes.")
    delivered = money(
        "Delivered",
        help="What left, without what came back, at the order's prices with taxes.",
    )
    invoiced = money("Invoiced", help="Posted invoices without posted credit notes.")
    credited = money("Credited", help="Posted credit notes; taken off in Invoiced.")
    collected = money(
        "Collected",
        help="Money by the company's policy; of payments that bounced, nothing.",
    )
    other = money(
        "Settled Otherwise",
        help="Write-offs, discounts, offsets, exchange differences.",
    )
    unmatched = money(
        "Not Matched",
        help="Payments and entries on receivable accounts that settle nothing and"
        " name no contract.",
    )
    receivable = money(
        "Receivable",
        help="What is open in the books: all lines together are the general ledger's"
        " receivable accounts.",
    )
    due = money(
        "Due",
        help="Payable today or before, and not paid: by the payment plan, without one"
        " by the invoices' due dates.",
    )
    overdue = money("Overdue", help="The part of Due whose date has passed.")
    to_come = money(
        "Still to Come", help="What the contract promises, and is neither paid nor due."
    )
    commission = money(
        "Commission",
        groups=COMMISSION_READERS,
        help="Commission booked on this contract's invoices.",
    )

    amount_currency = money("Contract Amount (Contract Currency)", own=True)
    ordered_currency = money("Ordered (Contract Currency)", own=True)
    delivered_currency = money("Delivered (Contract Currency)", own=True)
    invoiced_currency = money("Invoiced (Contract Currency)", own=True)
    credited_currency = money("Credited (Contract Currency)", own=True)
    collected_currency = money("Collected (Contract Currency)", own=True)
    other_currency = money("Settled Otherwise (Contract Currency)", own=True)
    unmatched_currency = money("Not Matched (Contract Currency)", own=True)
    receivable_currency = money("Receivable (Contract Currency)", own=True)
    due_currency = money("Due (Contract Currency)", own=True)
    overdue_currency = money("Overdue (Contract Currency)", own=True)
    to_come_currency = money("Still to Come (Contract Currency)", own=True)
    commission_currency = money(
        "Commission (Contract Currency)", own=True, groups=COMMISSION_READERS
    )

    days_late = fields.Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How late money came on average, by amount; in time counts as 0.",
    )
    worst_late = fields.Integer(
        string="Latest Payment (days)", readonly=True, aggregator="max"
    )
    late_count = fields.Integer(string="Late Payments", readonly=True)
    rejected_count = fields.Integer(string="Payments Bounced", readonly=True)
    taken_percent = fields.Float(
        string="Goods Taken (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Delivered, without returns, of what was ordered.",
    )
    date_accepted = fields.Date(
        string="Accepted on",
        readonly=True,
        help="The first acceptance that stands.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "contract_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name or self.env._("Without Contract")

    # === TABLE === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT 2 * contract.id AS id, contract.id AS contract_id, contract.name,
                   contract.kind, contract.state, contract.partner_id,
                   contract.commercial_partner_id, contract.company_id,
                   contract.currency_id,
                   company.currency_id AS company_currency_id,
                   contract.user_id, contract.team_id,
                   contract.date_effective AS date, version.date_end,
                   contract.date_accepted
              FROM parts_contract contract
              JOIN res_company company ON company.id = contract.company_id
              JOIN parts_contract_version version
                ON version.id = contract.current_version_id
             UNION ALL
            SELECT 2 * id + 1, NULL, NULL, NULL, NULL, NULL, NULL, id, currency_id,
                   currency_id, NULL, NULL, NULL, NULL, NULL
              FROM res_company
            """
        )

    _depends = {
        "parts.contract": [
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "current_version_id",
            "date_accepted",
            "date_effective",
            "kind",
            "name",
            "partner_id",
            "state",
            "team_id",
            "user_id",
        ],
        "parts.contract.version": ["date_end"],
    }

    # === FIGURES === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in FIGURES:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        figures = query.make_alias(alias, "figures")
        asked = ASKED.setdefault(query, {}).setdefault(figures, set())
        if field_expr not in asked:
            asked.add(field_expr)
            self._join_figures(query, alias, figures, asked)
        return SQL("COALESCE(%s, 0)", SQL.identifier(figures, field_expr))

    def _join_figures(self, query, alias, figures, asked):
        """Join the figures that a query asks for; once, whatever it asks next."""
        engine = self.env["parts.contract.figures"].sudo()
        engine._flush_facts()
        query._joins.pop(figures, None)
        query.add_join(
            "LEFT JOIN",
            figures,
            engine._query(
                companies=None if self.env.su else self.env.companies, columns=asked
            ),
            SQL("%s = %s", SQL.identifier(figures, "key"), SQL.identifier(alias, "id")),
        )

    def _fetch_query(self, query, fields):
        """Override: figures are worked out for the lines of the page alone."""
        plain = [field for field in fields if field.name not in FIGURES]
        if len(plain) == len(fields):
            return super()._fetch_query(query, fields)
        lines = super()._fetch_query(query, plain or [self._fields["company_id"]])
        engine = self.env["parts.contract.figures"].sudo()
        rows = engine._rows(lines.ids, companies=lines.sudo().company_id)
        for field in fields:
            if field.name in FIGURES:
                values = [rows.get(id_, {}).get(field.name, 0.0) for id_ in lines.ids]
                if field.type == "integer":
                    values = [int(value) for value in values]
                field._insert_cache(lines, values)
        return lines

    # === ACTIONS === #

    @api.readonly
    def action_open_contract(self):
        """Open the contract; of the line without contract, the items behind it."""
        self.ensure_one()
        if self.contract_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "parts.contract",
                "res_id": self.contract_id.id,
                "views": [(False, "form")],
            }
        return self.action_open_invoices()

    @api.readonly
    def action_open_orders(self):
        """Open the orders behind this line."""
        domain = self._document_domain() + [("state", "=", "sale")]
        return self._action(self.env._("Orders"), "sale.order", domain)

    @api.readonly
    def action_open_invoices(self):
        """Open the invoices and credit notes behind this line."""
        if self.contract_id:
            return self.contract_id.action_ledger_invoices()
        domain = self._document_domain() + [
            ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
            ("state", "=", "posted"),
        ]
        return self._action(self.env._("Invoices"), "account.move", domain)

    @api.readonly
    def action_open_payments(self):
        """Open the payments behind this line; without contract, those not matched."""
        if self.contract_id:
            return self.contract_id.action_ledger_payments()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("parts_contract_id", "=", False),
            ("partner_type", "=", "customer"),
            ("is_reconciled", "=", False),
        ]
        return self._action(self.env._("Payments"), "account.payment", domain)

    def _document_domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("parts_contract_id", "=", self.contract_id.id),
        ]

    def _action(self, name, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": domain,
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }

    @api.readonly
    def action_export_xlsx(self):
        """Export these lines; without any, those of the list's search.

        The list says what it shows in ``active_domain``; whoever exports finds what he
        may read, and no more.
        """
        domain = self.env.context.get("active_domain") or []
        if self and not (domain and len(self) > MAX_IDS):
            domain = [("id", "in", self.ids)]
        return {
            "type": "ir.actions.act_url",
            "url": "/auto_parts_sales/contract/ledger/xlsx?"
            + urlencode({"domain": json.dumps(list(domain))}),
            "target": "download",
        }
