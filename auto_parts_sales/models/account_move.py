from odoo import api, fields, models

COMMISSION_FIELDS = {"state", "date", "invoice_date"}
ITEMS = {"line_ids", "invoice_line_ids"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "parts.commission.button.mixin"]

    # === CONTRACT === #

    # Entries that name a contract are few among all its invoices
    _parts_contract_entry_idx = models.Index(
        "(parts_contract_id)"
        " WHERE move_type = 'entry' AND parts_contract_id IS NOT NULL"
    )

    parts_contract_id = fields.Many2one(
        comodel_name="parts.contract",
        string="Contract",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Of an invoice of orders: their contract, fixed when it is posted.",
    )
    parts_contract_share_ids = fields.One2many(
        comodel_name="parts.contract.share",
        inverse_name="move_id",
        string="Shares in Contracts",
        readonly=True,
    )
    parts_contract_ids = fields.Many2many(
        comodel_name="parts.contract",
        string="Contracts",
        compute="_compute_parts_contract_ids",
        help="The contracts of an invoice that is over several.",
    )
    parts_contract_shared = fields.Boolean(
        string="Over Several Contracts", compute="_compute_parts_contract_ids"
    )

    @api.depends("state", "company_id", "parts_contract_id")
    @api.depends_context("uid")
    def _compute_parts_contract_ids(self):
        posted = self.filtered(
            lambda move: (
                move.state == "posted" and move.company_id.parts_contract_in_use
            )
        )
        shares = self.env["parts.contract.share"].sudo()._of(posted)
        for move in self:
            own = shares.get(move.id, self.env["parts.contract.share"])
            move.parts_contract_shared = bool(own)
            # each sees those that he may open
            contracts = own.contract_id.sudo(self.env.su)._filtered_access("read")
            move.parts_contract_ids = contracts

    def _parts_sold_orders(self):
        """Return the orders that these customer invoices are of, as superuser."""
        sold = self.sudo().filtered(
            lambda move: move.move_type in ("out_invoice", "out_receipt")
        )
        return sold.invoice_line_ids.sale_line_ids.order_id

    def _post(self, soft=True):
        if self.env["res.company"]._parts_controlled_ids("hands"):
            for move in self:
                self.env["parts.contract.hand"]._take(
                    "released", move._parts_sold_orders(), move.ref or None
                )
        posted = super()._post(soft)
        self.env["parts.contract.share"]._freeze(posted)
        return posted

    # === COMMISSION === #

    _parts_commission_link = "move_id"
    _parts_commission_promise_link = "move_id"

    parts_collected_percent = fields.Float(
        string="Collected (%)",
        compute="_compute_parts_collected_percent",
        compute_sudo=True,
        help="Which part of the invoice came in as money, by the company's policy.",
    )

    parts_collected_bar = fields.Float(
        string="Collected",
        compute="_compute_parts_collected_bar",
        help="Which part of the invoice came in as money. Shown where commission is in"
        " use; below zero: not shown.",
    )

    @api.depends("state", "move_type")
    def _compute_parts_collected_bar(self):
        shown = self.filtered(
            lambda x: (
                x.move_type in ("out_invoice", "out_refund")
                and x.state == "posted"
                and x.company_id.parts_commission_in_use
            )
        )
        for move in self:
            move.parts_collected_bar = (
                move.parts_collected_percent if move in shown else -1.0
            )

    def _compute_parts_collected_percent(self):
        documents = self.filtered(
            lambda x: x.move_type in ("out_invoice", "out_refund")
        )
        collected = self.env["parts.commission.collected"]
        shares = collected._get_collected_share(documents)
        for move in self:
            move.parts_collected_percent = shares.get(move, 0.0)

    def write(self, vals):
        if "parts_contract_id" in vals and not self.env.su:
            self.env["parts.contract.share"]._check_contract(
                self, vals["parts_contract_id"]
            )
        if ITEMS.isdisjoint(vals):
            res = super().write(vals)
        else:
            # one item after the other is written: followed once all are
            with self.env["parts.commission.engine"]._gathering():
                res = super().write(vals)
        if "partner_id" in vals:
            self._parts_credit_follow()
        if "parts_contract_id" in vals:
            self.env["parts.contract.share"]._rebook(self)
        if COMMISSION_FIELDS & vals.keys():
            self._parts_commission_follow("state" in vals)
        return res

    def _parts_commission_follow(self, promise):
        moves = self if promise else self.filtered(lambda move: move.state == "posted")
        self.env["parts.commission.engine"]._follow_moves(moves, promise=promise)
        if not promise:
            # on which day the money of an invoice counts
            moves._parts_commission_derive()

    def _parts_commission_contract_date(self):
        """Return since when an effective contract covers this invoice, or False.

        Asked as superuser where plan or company wants a contract. What was collected
        before that day is earned on it, what is collected later when it is. Of an
        invoice over several contracts, the day on which the last one came into force;
        False where a part has none. `_parts_commission_follow_contract` is called when
        the answer changes.

        :rtype: date | False
        """
        self.ensure_one()
        return self.env["parts.contract.share"]._effective_date(self)

    def _parts_commission_follow_contract(self):
        """Book what a contract that became effective, or ceased to be, means.

        For the contract room, on the invoices and credit notes that the contract
        covers, once `_parts_commission_contract_date` gives the new answer. Works as
        superuser; costs no query where commission was never in use; a failure stops
        nobody and is listed for finance. Called twice it adds nothing.
        """
        self._parts_commission_derive()

    def _parts_commission_derive(self):
        """Book what changed about these invoices and credit notes, others aside.

        Works as superuser; costs no query where commission was never in use.
        """
        moves = self.filtered("company_id.parts_commission_in_use")
        if moves:
            engine = self.env["parts.commission.engine"]._as_superuser()
            sales = moves.filtered(
                lambda move: move.move_type in ("out_invoice", "out_refund")
            )
            engine._follow_documents(engine._browse_moves(sales))

    # === CREDIT === #

    def _compute_partner_credit_warning(self):
        """Override: with credit control on, our verdict stands in place of core's."""
        controlled = self.env["res.company"]._parts_controlled_ids("credit")
        if not controlled:
            return super()._compute_partner_credit_warning()
        ours = self.filtered(lambda move: move.company_id.id in controlled)
        for move in ours:
            concerned = move.state == "draft" and move.move_type == "out_invoice"
            move.partner_credit_warning = (
                self.env["parts.credit.verdict"]._warning(
                    move.company_id, move.partner_id
                )
                if concerned
                else ""
            )
        return super(AccountMove, self - ours)._compute_partner_credit_warning()

    def _parts_credit_follow(self):
        # for somebody else now: what its lines hold of orders is counted anew
        if self.env["res.company"]._parts_controlled_ids("credit"):
            orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
            self.env["parts.credit.suspect"]._note(orders)
