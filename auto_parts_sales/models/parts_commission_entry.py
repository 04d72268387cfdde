from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .parts_commission_split import COMMISSION_ROLE

ENTRY_KIND = [
    ("collection", "Collection"),
    ("lateness", "Lateness"),
    ("tier", "Tier"),
    ("hold", "Hold-back"),
    ("correction", "Correction"),
    ("pool", "Team's Pool"),
]

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
    )
    partial_id = fields.Many2one(
        comodel_name="account.partial.reconcile",
        string="Reconciliation",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
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
    )
    payment_name = fields.Char(string="Payment Number", readonly=True)

    # How much
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Company Currency",
        required=True,
        readonly=True,
    )
    invoice_currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
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

    # Read where the promise says it: an invoice of hundreds of lines books as many
    # entries while an accountant waits, and each foreign key of each is looked up. As
    # who reads it: a search leads nowhere where he may not look himself
    move_line_id = fields.Many2one(
        related="basis_id.move_line_id", related_sudo=False, index=None
    )
    # Each index costs where a month's entries get their statement
    company_id = fields.Many2one(index=False)
    user_id = fields.Many2one(index=False)
    _user_idx = models.Index("(user_id, date)")
    _open_idx = models.Index("(company_id, user_id, date) WHERE statement_id IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("cause", "kind")
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
            raise UserError(self.env._("A commission entry is never deleted."))

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

    def _get_sentence(self):
        """Return in one sentence how this amount came about, for its reader.

        A collection and what lateness takes off it read the same sentence:

        >>> entry._get_sentence()
        "7 % of ¥12,400.00 collected on 03/03/2026 from Xinda (INV/2026/0012, discs),
        ×0.8 for 41 days late"
        """
        self.ensure_one()
        if not self.invoice_currency_id:
            return ""
        if not self.basis_id:
            return self._get_closing_sentence()
        if self.kind == "lateness":
            return self._get_lateness_sentence()
        sentence = self._get_collection_sentence()
        terms = self.basis_id.terms or {}
        if self.kind == "collection" and (
            terms.get("factors") or terms.get("interest")
        ):
            for late in self._get_lateness_beside():
                sentence += late._get_lateness_suffix()
        return sentence

    def _get_values(self):
        """Return what the sentences are made of."""
        return {
            "rate": f"{self.rate:g}",
            "collected": format_amount(
                self.env, abs(self.collected_currency), self.invoice_currency_id
            ),
            "date": format_date(self.env, self.date),
            "partner": self.partner_name or "",
            "origin": ", ".join(
                filter(None, (self.move_name, self.product_name, *self._get_terms()))
            ),
        }

    def _get_terms(self):
        """Return in words for what else than selling, and on what else than money."""
        basis = self.basis_id
        terms = []
        for record, name, usual in (
            (self, "role", "seller"),
            (basis, "measure", "amount"),
        ):
            if record[name] and record[name] != usual:
                labels = dict(record._fields[name]._description_selection(self.env))
                terms.append(labels.get(record[name]))
        return terms

    def _get_collection_sentence(self):
        """Return the sentence of money that came or went, and why it is put right."""
        values = self._get_values()
        # what is taken back has the other sign
        if (self.collected_currency < 0) == bool(self.reversal_of_id):
            sentence = self.env._(
                "%(rate)s %% of %(collected)s collected on %(date)s from %(partner)s"
                " (%(origin)s)",
                **values,
            )
        else:
            sentence = self.env._(
                "%(rate)s %% of %(collected)s credited to or paid back on %(date)s to"
                " %(partner)s (%(origin)s)",
                **values,
            )
        if self.kind != "correction":
            return sentence
        reason = self.reason or ""
        values = {"reason": reason[:1].lower() + reason[1:], "sentence": sentence}
        if self.reversal_of_id:
            return self.env._("Taken back because %(reason)s: %(sentence)s", **values)
        return self.env._("Put right because %(reason)s: %(sentence)s", **values)

    def _get_lateness_beside(self):
        """Return what lateness took off this collection, its take-backs aside."""
        return self.search(
            [
                ("basis_id", "=", self.basis_id.id),
                ("partial_ref", "=", self.partial_ref),
                ("date", "=", self.date),
                ("kind", "=", "lateness"),
                ("reversal_of_id", "=", False),
            ],
            order="id",
        )

    def _get_lateness_suffix(self):
        if self.cause == "interest":
            return self.env._(
                ", %(interest)s interest for %(days)s days late",
                interest=format_amount(
                    self.env, abs(self.amount_currency), self.invoice_currency_id
                ),
                days=self.days_late,
            )
        return self.env._(
            ", ×%(factor)s for %(days)s days late",
            factor=f"{self.factor:g}",
            days=self.days_late,
        )

    def _get_lateness_sentence(self):
        """Return the sentence of the collection that this entry belongs to."""
        if self.reversal_of_id:
            return self.env._(
                "Deduction for lateness taken back: %(sentence)s",
                sentence=self.reversal_of_id._get_lateness_sentence(),
            )
        collection = self.search(
            [
                ("basis_id", "=", self.basis_id.id),
                ("partial_ref", "=", self.partial_ref),
                ("date", "=", self.date),
                ("kind", "=", "collection"),
                ("id", "<", self.id),
            ],
            order="id desc",
            limit=1,
        )
        return (
            collection or self
        )._get_collection_sentence() + self._get_lateness_suffix()

    def _get_carried_sentence(self):
        # what comes from a month stands on the first day after it
        if self.date.day == 1:
            day = format_date(self.env, fields.Date.subtract(self.date, days=1))
            if self.amount > 0:
                return self.env._("Less is carried over from %(date)s", date=day)
            return self.env._("Negative balance carried over from %(date)s", date=day)
        if self.amount < 0:
            return self.env._("Less is carried over to the next statement")
        return self.env._("Negative balance carried over to the next statement")

    def _get_closing_sentence(self):
        """Return the sentence of what a statement decided."""
        values = {"date": format_date(self.env, self.date)}
        if self.kind == "tier":
            return self.env._(
                "Tier reached: %(rate)s %% of what was collected until %(date)s",
                rate=f"{self.rate:g}",
                **values,
            )
        if self.cause == "carried":
            return self._get_carried_sentence()
        if self.kind == "pool":
            # As superuser: who is paid reads his part, not the pool
            split = self.sudo().pool_line_id.split_id
            return self.env._(
                "Part of the pool “%(pool)s” of %(team)s, accrued until %(date)s"
                " (%(split)s)",
                pool=split.pool_id.name or "",
                team=split.team_id.name or "",
                split=split.name or "",
                **values,
            )
        if self.cause == "charged" and self.amount > 0:
            return self.env._(
                "Charge given back, %(invoice)s of %(partner)s is written off no more",
                invoice=self.move_name or "",
                partner=self.partner_name or "",
            )
        if self.kind == "hold":
            return self.env._(
                "%(reason)s: %(invoice)s of %(partner)s",
                reason=self.reason or "",
                invoice=self.move_name or "",
                partner=self.partner_name or "",
            )
        return self.reason or ""
