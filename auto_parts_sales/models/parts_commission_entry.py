from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, sql

from .parts_commission_split import COMMISSION_ROLE

ENTRY_KIND = [
    ("collection", "Collection"),
    ("lateness", "Lateness"),
    ("tier", "Tier"),
    ("hold", "Hold-back"),
    ("correction", "Correction"),
    ("pool", "Team's Pool"),
]

# What a promise earns, in the invoice's currency; the rest is decided by statements
EARNED_KINDS = ("collection", "lateness", "correction")

ENTRY_CAUSE = [
    ("collected", "Money was collected"),
    ("undone", "The payment was unmatched"),
    ("payment_draft", "The payment was reset to draft"),
    ("payment_rejected", "The payment was rejected"),
    ("payment_cancelled", "The payment was cancelled"),
    ("redated", "The payment has another date"),
    ("invoice_draft", "The invoice was reset to draft"),
    ("invoice_cancelled", "The invoice was cancelled"),
    ("replaced", "The invoice line was changed or replaced"),
    ("credit_note", "A credit note was matched or unmatched"),
    ("contract", "The contract is not in force any more"),
    ("recalculated", "What was collected has changed"),
    ("late", "The money came late"),
    ("interest", "Interest for days late"),
    ("tier", "Tier of the month's collected total"),
    ("carried", "A negative balance is carried over"),
    ("held", "Held back, a customer is overdue"),
    ("released", "Released, the overdue debt was collected"),
    ("charged", "Charged, the overdue debt was written off"),
    ("pool", "Part of the team's pool"),
]


class PartsCommissionEntry(models.Model):
    """The commission ledger: append-only, written by the engine alone.

    Each entry books what money that came in earns one person on one promise. An
    entry is never changed and never deleted; what was wrong is taken back by an
    entry of its own (`reversal_of_id`, `cause`). `date` is the date of the
    collection that an entry speaks of, also where it takes it back; when it was
    booked is `create_date`, and what was paid out when is its statement.
    Links may be emptied when Odoo deletes what they point to (`partial_ref` keeps
    the id of the reconciliation, the names stay).

    An invoice of hundreds of lines books as many entries while an accountant waits,
    and PostgreSQL looks up each foreign key of each. So what promise, company or
    reconciliation say is read there, and not stored again.
    """

    _name = "parts.commission.entry"
    _description = "Commission Entry"
    _inherit = ["parts.commission.origin.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(selection=ENTRY_KIND, required=True, readonly=True)
    cause = fields.Selection(selection=ENTRY_CAUSE, readonly=True)
    role = fields.Selection(selection=COMMISSION_ROLE, default="seller", readonly=True)
    date = fields.Date(
        string="Collected On",
        required=True,
        index=True,
        readonly=True,
        help="The later of the payment's and the invoice's date.",
    )

    # Where it comes from
    basis_id = fields.Many2one(
        comodel_name="parts.commission.basis",
        string="Promise",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="Of a hold-back: a promise of the invoice that is overdue.",
    )
    move_id = fields.Many2one(related="basis_id.move_id")
    # As who reads it: a search leads nowhere where he may not look himself
    move_line_id = fields.Many2one(related="basis_id.move_line_id", related_sudo=False)
    partner_id = fields.Many2one(related="basis_id.partner_id")
    product_id = fields.Many2one(related="basis_id.product_id")
    part_brand_id = fields.Many2one(related="basis_id.part_brand_id")
    partial_id = fields.Many2one(
        comodel_name="account.partial.reconcile",
        string="Reconciliation",
        compute="_compute_partial_id",
        search="_search_partial_id",
        help="Empty once it is undone.",
    )
    partial_ref = fields.Integer(
        string="Reconciliation Number", default=0, readonly=True
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        string="Payment",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    payment_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Payment Entry",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="What brought the money, if that was no payment: a line of a bank"
        " statement, an entry of a journal.",
    )
    payment_name = fields.Char(string="Payment Number", readonly=True)

    # How much
    currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    invoice_currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_invoice_currency_id",
        search="_search_invoice_currency_id",
    )
    collected_currency = fields.Monetary(
        string="Collected in Invoice Currency",
        currency_field="invoice_currency_id",
        readonly=True,
        aggregator=None,
    )
    collected = fields.Monetary(
        string="Collected (untaxed)",
        readonly=True,
        help="Untaxed, in company currency at the rate of the collection's date. What"
        " several people earn on, such as seller and team lead, stands with each.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        readonly=True,
        aggregator=None,
    )
    factor = fields.Float(default=1.0, readonly=True, aggregator=None)
    days_late = fields.Integer(
        readonly=True, aggregator=None, help="Days after the instalment's due date."
    )
    amount_currency = fields.Monetary(
        string="Commission in Invoice Currency",
        currency_field="invoice_currency_id",
        readonly=True,
        aggregator=None,
    )
    amount = fields.Monetary(string="Commission", readonly=True)

    # What became of it
    reversal_of_id = fields.Many2one(
        comodel_name="parts.commission.entry",
        string="Takes Back",
        index="btree_not_null",
        readonly=True,
    )
    reason = fields.Char(compute="_compute_reason")
    statement_id = fields.Many2one(
        comodel_name="parts.commission.statement",
        string="Statement",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    pool_line_id = fields.Many2one(
        comodel_name="parts.commission.pool.split.line",
        string="Part of a Pool",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    # Text, so that a list shows all of a sentence
    description = fields.Text(compute="_compute_description")
    has_order = fields.Boolean(string="From an Order", compute="_compute_has_order")

    # Each index costs where a month's entries get their statement
    company_id = fields.Many2one(index=False)
    user_id = fields.Many2one(index=False)
    _user_idx = models.Index("(user_id, date)")
    _open_idx = models.Index("(company_id, user_id, date) WHERE statement_id IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("partial_ref")
    def _compute_partial_id(self):
        partials = self.env["account.partial.reconcile"]
        existing = partials.browse(set(self.mapped("partial_ref")) - {0}).exists()
        ids = set(existing.ids)
        for entry in self:
            found = entry.partial_ref in ids
            entry.partial_id = entry.partial_ref if found else False

    @api.model
    def _search_partial_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("partial_ref", "in", [ref for ref in value if ref])
        if not all(value):  # of no reconciliation, or of one that is undone
            matched = SQL(
                "(SELECT entry.id FROM parts_commission_entry entry"
                " JOIN account_partial_reconcile partial"
                " ON partial.id = entry.partial_ref)"
            )
            domain |= Domain("id", "not in", matched)
        return domain

    @api.depends("kind", "basis_id.currency_id", "company_id.currency_id")
    def _compute_invoice_currency_id(self):
        for entry in self:
            promise = entry.basis_id.sudo()
            is_earned = entry.kind in EARNED_KINDS and promise
            # what a statement decides stands in the company's currency
            owner = promise if is_earned else entry.company_id
            entry.invoice_currency_id = owner.currency_id

    @api.model
    def _search_invoice_currency_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        is_earned = Domain("kind", "in", EARNED_KINDS) & Domain("basis_id", "!=", False)
        return (is_earned & Domain("basis_id.currency_id", operator, value)) | (
            ~is_earned & Domain("company_id.currency_id", operator, value)
        )

    @api.depends("cause")
    @api.depends_context("lang")
    def _compute_reason(self):
        labels = dict(self._fields["cause"]._description_selection(self.env))
        for entry in self:
            entry.reason = labels.get(entry.cause, False)

    @api.depends("rate", "collected_currency", "date", "partner_name", "move_name")
    @api.depends_context("lang")
    def _compute_description(self):
        for entry in self:
            entry.description = entry._get_sentence()

    @api.depends("move_line_id")
    def _compute_has_order(self):
        for entry in self:
            # as superuser: only whether there is one
            entry.has_order = bool(entry.sudo().move_line_id.sale_line_ids)

    @api.depends("description")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.description

    def init(self):
        """Let hold-backs of before, which named their invoice, name its promise."""
        if not sql.column_exists(self.env.cr, self._table, "move_id"):
            return
        self.env.cr.execute(
            """
            UPDATE parts_commission_entry entry
               SET basis_id = promise.id
              FROM (SELECT move_id, user_id, MIN(id) AS id
                      FROM parts_commission_basis
                  GROUP BY move_id, user_id) promise
             WHERE entry.kind = 'hold'
               AND entry.basis_id IS NULL
               AND promise.move_id = entry.move_id
               AND promise.user_id = entry.user_id
            """
        )

    # === CRUD METHODS === #

    def write(self, vals):  # pylint: disable=method-required-super
        # Neither superuser nor context opens it: `statement_id` is set and freed by
        # the statement in SQL, links are emptied by their foreign keys.
        raise UserError(
            self.env._(
                "A commission entry is never changed. What is wrong is taken back by"
                " an entry of its own, as soon as invoice or payment are put right."
            )
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_uninstalling(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            raise UserError(
                self.env._(
                    "A commission entry is never deleted. What is wrong is taken back"
                    " by an entry of its own, as soon as invoice or payment are put"
                    " right."
                )
            )

    # === ACTIONS === #

    @api.readonly
    def action_open_invoice(self):
        """Open the invoice, or what it brought the reader if he may not read it."""
        self.ensure_one()
        return self._get_document_action(self.move_id, "move_id", self.move_name)

    @api.readonly
    def action_open_payment(self):
        """Open the payment, or what it brought the reader: salespeople read none."""
        self.ensure_one()
        name = self.payment_name
        if self.payment_id:
            return self._get_document_action(self.payment_id, "payment_id", name)
        return self._get_document_action(self.payment_move_id, "payment_move_id", name)

    @api.readonly
    def action_open_order(self):
        """Open the orders of the invoice line, as far as the reader may see them."""
        self.ensure_one()
        # as superuser: the way leads over an invoice line; the orders are read as he is
        orders = self.sudo().move_line_id.sale_line_ids.order_id
        orders = orders.sudo(False)._filtered_access("read")
        if len(orders) == 1:
            return self._get_open_action(orders)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders"),
            "domain": [("id", "in", orders.ids)],
            "context": {},
        }

    @api.readonly
    def action_open_statement(self):
        self.ensure_one()
        return self._get_open_action(self.statement_id)

    @api.model
    def _get_document_action(self, document, link, name):
        if document.has_access("read"):
            return self._get_open_action(document)
        action = self._get_entries_action([(link, "=", document.id)])
        return {**action, "name": name or action["name"]}

    @api.model
    def _get_open_action(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_entries_action(self, domain):
        """Return the action that tells the entries of a domain, one after the other."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_entry_action"
        )
        told = self.env.ref("auto_parts_sales.parts_commission_entry_view_list_told")
        views = [
            (told.id if mode == "list" else view_id, mode)
            for view_id, mode in action["views"]
        ]
        return {**action, "domain": domain, "context": {}, "views": views}
