from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .parts_commission_origin_mixin import ORIGIN_NAMES
from .parts_commission_split import COMMISSION_ROLE

# What makes two promises of one invoice line the same. Plan and rate are not
# among them: an unchanged line keeps what it was promised when it was first posted.
LINE_FACTS = (
    "move_line_id",
    "user_id",
    "role",
    "product_id",
    "partner_id",
    "currency_id",
    "date",
    "team_id",
)
QUANTITY_DIGITS = 6
# What a promise that somebody takes over keeps
LINKS = (
    "company_id",
    "currency_id",
    "move_id",
    "move_line_id",
    "part_brand_id",
    "partner_id",
    "plan_id",
    "product_id",
    "rule_id",
    "team_id",
)


class PartsCommissionBasis(models.Model):
    """The promise: what one invoice line will earn one person once it is collected.

    Written when a customer invoice or credit note is posted, closed when it is
    reset to draft or cancelled, never changed. Links may be emptied when Odoo
    deletes what they point to; the names beside them stay.
    """

    _name = "parts.commission.basis"
    _description = "Promised Commission"
    _inherit = ["parts.commission.origin.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    active = fields.Boolean(default=True, readonly=True)
    date = fields.Date(string="Invoice Date", required=True, readonly=True)

    # Where it comes from
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        check_company=True,
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Invoice Line",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    part_brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    role = fields.Selection(
        selection=COMMISSION_ROLE, default="seller", required=True, readonly=True
    )
    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    plan_name = fields.Char(readonly=True)
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The invoice's team when it was posted: what is collected counts for its"
        " pool.",
    )
    rule_id = fields.Many2one(
        comodel_name="parts.commission.rule",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    measure = fields.Selection(
        selection=lambda self: self.env["parts.commission.rule"]
        ._fields["measure"]
        ._description_selection(self.env),
        string="On",
        default="amount",
        readonly=True,
    )
    terms = fields.Json(
        string="Terms (Data)",
        readonly=True,
        help="What the plan said when the invoice was posted: what counts as"
        " collected, factors for lateness, interest, whether a contract is needed.",
    )
    terms_note = fields.Char(string="Terms of the Plan", compute="_compute_terms_note")

    # Transferred to somebody else
    transfer_id = fields.Many2one(
        comodel_name="parts.commission.transfer",
        string="By Transfer",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    source_id = fields.Many2one(
        comodel_name="parts.commission.basis",
        string="Taken Over From",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    date_from = fields.Date(
        string="Collected From",
        readonly=True,
        help="Earns what is collected from this day on; what was collected before"
        " belongs to whom it was taken over from.",
    )

    # How much
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    share = fields.Float(
        string="Share (%)",
        digits=(16, 4),
        min_display_digits=2,
        default=100.0,
        readonly=True,
    )
    base = fields.Monetary(
        string="Untaxed Amount",
        readonly=True,
        help="In the invoice's currency; negative on a credit note.",
    )
    quantity = fields.Float(
        readonly=True,
        aggregator=None,
        help="In the product's unit; negative on a credit note.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        min_display_digits=2,
        readonly=True,
        aggregator=None,
    )
    amount = fields.Monetary(
        string="Promised",
        readonly=True,
        help="Commission of the whole line, in the invoice's currency.",
    )
    entry_ids = fields.One2many(
        comodel_name="parts.commission.entry", inverse_name="basis_id", readonly=True
    )
    booked = fields.Monetary(
        string="Earned so Far",
        compute="_compute_booked",
        help="What the ledger holds of this promise, in the invoice's currency.",
    )
    locked = fields.Monetary(
        string="Still Locked",
        compute="_compute_booked",
        help="What will be earned when the rest is collected.",
    )
    is_open = fields.Boolean(
        string="Still Open",
        compute="_compute_is_open",
        search="_search_is_open",
        help="Its invoice is open, or paid by money that does not count yet: a draft"
        " before its day, a payment that the bank has not seen or that was rejected.",
    )
    serial = fields.Integer(
        readonly=True,
        help="Raised with each booking, so that two bookings at once conflict.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_name", "product_name")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = ", ".join(
                filter(None, (basis.move_name, basis.product_name))
            )

    @api.depends("amount", "active", "entry_ids.amount_currency")
    def _compute_booked(self):
        # What was taken over counts for both: the rest is the new person's
        successors = {
            basis.source_id: basis
            for basis in self.sudo().search([("source_id", "in", self.ids)])
        }
        sources = {}
        for basis in self.sudo():
            chain = basis
            while chain[-1:].source_id:
                chain += chain[-1:].source_id
            sources[basis.id] = chain
        everyone = self.sudo().union(*sources.values())
        groups = (
            self.env["parts.commission.entry"]
            .sudo()
            ._read_group(
                [
                    ("basis_id", "in", everyone.ids),
                    ("kind", "in", ("collection", "correction")),
                ],
                ["basis_id"],
                ["amount_currency:sum"],
            )
        )
        booked = {basis.id: amount for basis, amount in groups}
        for basis in self:
            basis.booked = booked.get(basis.id, 0.0)
            chain = sum(booked.get(other.id, 0.0) for other in sources[basis.id])
            open_ended = basis.active and basis.sudo() not in successors
            basis.locked = basis.amount - chain if open_ended else 0.0

    @api.depends("active", "move_id")
    def _compute_is_open(self):
        found = self.search([("id", "in", self.ids), ("is_open", "=", True)])
        for basis in self:
            basis.is_open = basis in found

    @api.model
    def _search_is_open(self, operator, value):
        """Search in SQL: who shares in a sale need not read the invoice to know."""
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        return [("id", "in" if True in value else "not in", self._get_open_query())]

    @api.model
    def _get_open_query(self):
        """Return the ids of promises that may still earn something, as SQL."""
        return SQL(
            """(
            SELECT basis.id
              FROM parts_commission_basis basis
              JOIN account_move move ON move.id = basis.move_id
             WHERE basis.active
               AND NOT EXISTS (
                   SELECT 1 FROM parts_commission_basis heir
                    WHERE heir.source_id = basis.id AND heir.active)
               AND (move.payment_state IN ('not_paid', 'partial')
                OR (move.move_type = 'out_refund' AND EXISTS (
                   SELECT 1
                     FROM account_move_line item
                     JOIN account_partial_reconcile partial
                       ON partial.credit_move_id = item.id
                     JOIN account_move_line other ON other.id = partial.debit_move_id
                     JOIN account_move invoice ON invoice.id = other.move_id
                    WHERE item.move_id = move.id
                      AND invoice.payment_state IN ('not_paid', 'partial')))
                OR (move.payment_state IN ('paid', 'in_payment') AND EXISTS (
                   SELECT 1
                     FROM account_move_line item
                     JOIN account_partial_reconcile partial
                       ON partial.debit_move_id = item.id
                     JOIN account_move_line other ON other.id = partial.credit_move_id
                     JOIN account_payment payment ON payment.move_id = other.move_id
                    WHERE item.move_id = move.id
                      AND (payment.state IN ('draft', 'rejected', 'canceled')
                       OR payment.parts_maturity_date > %(today)s
                       OR ((basis.terms ->> 'cleared')::boolean
                           AND payment.is_matched IS NOT TRUE)))))
            )""",
            today=fields.Date.context_today(self),
        )

    @api.depends("terms")
    @api.depends_context("lang")
    def _compute_terms_note(self):
        for basis in self:
            basis.terms_note = basis._get_terms_sentence()

    def _get_terms_sentence(self):
        """Return the frozen terms in words."""
        self.ensure_one()
        terms, _ = self.terms or {}, self.env._
        counting = {
            "discount": _("early-payment discount counts"),
            "fees": _("bank fees count"),
            "withheld": _("withheld tax counts"),
            "contract": _("needs an effective contract"),
        }
        parts = [
            _("once cleared in the bank")
            if terms.get("cleared")
            else _("once a payment is registered"),
            *(text for name, text in counting.items() if terms.get(name)),
            *(
                _("from %(days)s days late ×%(factor)s", days=days, factor=f"{x:g}")
                for days, x in terms.get("factors", ())
            ),
        ]
        if terms.get("interest"):
            rate = f"{terms['interest']:g}"
            parts.append(_("%(rate)s %% interest a year for days late", rate=rate))
        return "; ".join(parts)

    # === CRUD METHODS === #

    def write(self, vals):
        if set(vals) != {"active"} or not self.env.su:
            raise UserError(
                self.env._(
                    "A promised commission is never changed. Reset the invoice to"
                    " draft, change it and post it again: the promise follows."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_uninstalling(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            raise UserError(
                self.env._(
                    "A promised commission is never deleted. Reset the invoice to draft"
                    " or cancel it: that closes the promise."
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _promise(self, moves):
        """Write what posted invoices and credit notes promise.

        Lines that are as they were when their promise was closed get that promise
        back, with what was transferred of it; the others get a new one.

        :param moves: posted `account.move` of customers, as superuser
        """
        closed = self.with_context(active_test=False).search(
            [("move_id", "in", moves.ids)], order="id"
        )
        closed.filtered("active").active = False
        known = defaultdict(list)
        for basis in closed:
            if not basis.source_id:
                known[basis._get_line_key()].append(basis)
        handed_over, new = {}, []
        for move in moves:
            for item in self.env["parts.commission.promise"]._prepare_promises(move):
                same = known[self._get_vals_key(item.vals)]
                if same:
                    handed_over[same.pop()] = item.transfers
                else:
                    new.append(item)
        reopened = self.union(*handed_over)
        for basis in closed:
            if basis.source_id in reopened:
                reopened |= basis
        if reopened:
            reopened.active = True
        made = self.create([item.vals for item in new])
        for basis, item in zip(made, new, strict=True):
            handed_over[basis] = item.transfers
        (reopened | made)._take_over(handed_over)

    def _get_line_key(self):
        self.ensure_one()
        facts = [self[name] for name in LINE_FACTS]
        return (
            *(getattr(fact, "id", fact) or False for fact in facts),
            self.currency_id.round(self.base),
            round(self.quantity, QUANTITY_DIGITS),
        )

    @api.model
    def _get_vals_key(self, vals):
        currency = self.env["res.currency"].browse(vals["currency_id"])
        return (
            *(vals[name] or False for name in LINE_FACTS),
            currency.round(vals["base"]),
            round(vals["quantity"], QUANTITY_DIGITS),
        )

    def _take_over(self, handed_over):
        """Carry what was transferred of these promises' invoices over to them.

        What was carried over already stays as it is.

        :param handed_over: {promise: the transfers by which what it takes back of an
            order went to somebody else}
        """
        moves = self.move_id | self.move_id.reversed_entry_id
        transfers = self.env["parts.commission.transfer"].search(
            [("state", "=", "done"), ("move_ids", "in", moves.ids)]
        )
        groups = defaultdict(self.browse)
        for basis in self:
            documents = basis.move_id | basis.move_id.reversed_entry_id
            concerned = transfers.filtered(
                lambda transfer, documents=documents: transfer.move_ids & documents
            )
            concerned |= handed_over.get(basis._get_root(), transfers.browse())
            if concerned:
                groups[concerned] |= basis
        for concerned, bases in groups.items():
            for transfer in concerned._sorted_as_carried_out():
                bases |= bases._transfer(transfer)

    def _get_root(self):
        """Return the promise as it was made, before it went from hand to hand."""
        self.ensure_one()
        return self.source_id._get_root() if self.source_id else self

    def _get_running(self):
        """Return those of these promises that nobody has taken over."""
        return self - self.search([("source_id", "in", self.ids)]).source_id

    @api.model
    def _get_taking_back(self, invoices):
        """Return the promises of what takes back from these invoices alone.

        Of credit notes that reverse them, and of the lines by which an order takes
        back what it had invoiced.
        """
        promise = self.env["parts.commission.promise"]
        lines = invoices.invoice_line_ids.sale_line_ids.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and promise._takes_back(line)
                and promise._get_invoiced_before(line).move_id <= invoices
            )
        )
        return self.search(
            [
                "|",
                ("move_id.reversed_entry_id", "in", invoices.ids),
                ("move_line_id", "in", lines.ids),
            ]
        )

    def _transfer(self, transfer):
        """Continue those promises of `transfer.user_from_id` that still run.

        :return: the new promises
        """
        own = self._get_running().filtered(
            lambda basis: basis.user_id == transfer.user_from_id
        )
        return self.create([basis._prepare_transfer_vals(transfer) for basis in own])

    def _lock_documents(self):
        """Let nobody book on the documents of these promises at the same moment.

        The first promise of each is written, as by who books on it: of two
        transactions, each on its own snapshot, the second fails and is run again.
        """
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE parts_commission_basis
                   SET serial = COALESCE(serial, 0) + 1
                 WHERE id IN (
                       SELECT MIN(id)
                         FROM parts_commission_basis
                        WHERE move_id = ANY(%s)
                     GROUP BY move_id
                       )
             RETURNING id
                """,
                self.move_id.ids,
            )
        )
        self.invalidate_model(["serial"])

    def _prepare_transfer_vals(self, transfer):
        self.ensure_one()
        kept = ("role", "date", "plan_name", "measure", "terms", "share", "base")
        return {
            **{name: self[name].id for name in LINKS},
            **{name: self[name] for name in (*ORIGIN_NAMES, *kept)},
            "quantity": self.quantity,
            "rate": self.rate,
            "amount": self.amount,
            "user_id": transfer.user_to_id.id,
            "transfer_id": transfer.id,
            "source_id": self.id,
            "date_from": transfer.date,
        }
