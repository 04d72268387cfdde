from odoo import api, fields, models
from odoo.exceptions import UserError

# What makes two promises of one invoice line the same. Plan and rate are not
# among them: an unchanged line keeps what it was promised when it was first posted.
LINE_FACTS = ("move_line_id", "user_id", "product_id", "currency_id", "date")


class PartsCommissionBasis(models.Model):
    """The promise: what one invoice line will earn one person once it is collected.

    Written when a customer invoice or credit note is posted, closed when it is
    reset to draft or cancelled, never changed. Links may be emptied when Odoo
    deletes what they point to; the names beside them stay.
    """

    _name = "parts.commission.basis"
    _description = "Promised Commission"
    _order = "date desc, id desc"
    _check_company_auto = True

    active = fields.Boolean(default=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
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
    move_name = fields.Char(string="Invoice Number", readonly=True)
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
    product_name = fields.Char(string="Product or Label", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    partner_name = fields.Char(string="Customer Name", readonly=True)
    plan_id = fields.Many2one(
        comodel_name="parts.commission.plan",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    plan_name = fields.Char(readonly=True)
    rule_id = fields.Many2one(
        comodel_name="parts.commission.rule",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
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
        groups = self.env["parts.commission.entry"]._read_group(
            [("basis_id", "in", self.ids)], ["basis_id"], ["amount_currency:sum"]
        )
        booked = {basis.id: amount for basis, amount in groups}
        for basis in self:
            basis.booked = booked.get(basis.id, 0.0)
            basis.locked = basis.amount - basis.booked if basis.active else 0.0

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
            raise UserError(self.env._("A promised commission is never deleted."))

    # === BUSINESS METHODS === #

    @api.model
    def _promise(self, moves):
        """Write what posted invoices and credit notes promise.

        Lines that are as they were when their promise was closed get that promise
        back; the others get a new one.

        :param moves: posted `account.move` of customers, as superuser
        """
        closed = self.with_context(active_test=False).search(
            [("move_id", "in", moves.ids)]
        )
        closed.filtered("active").active = False
        reopened, vals_list = self.browse(), []
        for move in moves:
            known = {
                basis._get_line_key(): basis
                for basis in closed.sorted("id")
                if basis.move_id == move
            }
            for vals in self._prepare_move_vals(move):
                key = self._get_vals_key(vals)
                if key in known:
                    reopened |= known[key]
                else:
                    vals_list.append(vals)
        if reopened:
            reopened.active = True
        if vals_list:
            self.create(vals_list)

    def _get_line_key(self):
        self.ensure_one()
        facts = [self[name] for name in LINE_FACTS]
        return (
            *(getattr(fact, "id", fact) or False for fact in facts),
            self.currency_id.round(self.base),
        )

    @api.model
    def _get_vals_key(self, vals):
        currency = self.env["res.currency"].browse(vals["currency_id"])
        return (
            *(vals[name] or False for name in LINE_FACTS),
            currency.round(vals["base"]),
        )

    @api.model
    def _prepare_move_vals(self, move):
        """Return the `create` values of all promises of one invoice or credit note.

        A credit note that reverses an invoice takes back from the people, and at the
        rates, that its invoice was promised to; any other document asks the plan of
        its salesperson at its date.
        """
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        original = move.reversed_entry_id
        if move.move_type == "out_refund" and original.move_type == "out_invoice":
            beneficiaries = self._get_reversed_beneficiaries(original)
        else:
            beneficiaries = self._get_beneficiaries(move)
        return [
            self._prepare_vals(line, user, share, plan, rule, rate)
            for user, share, plan, rates in beneficiaries
            for line in lines
            for rule, rate in [self._get_rule_and_rate(line, plan, rates)]
            if rate
        ]

    @api.model
    def _get_beneficiaries(self, move):
        """Return who earns on an invoice: list of (user, share, plan, rates).

        To override for splits between several people. `share` is in per cent of the
        rule's rate; `rates` maps products to (rule, rate) that go before the plan's
        rules.
        """
        user = move.invoice_user_id
        if not user:
            return []
        plan = self.env["parts.commission.plan"]._get_plan(
            move.company_id, user, move.invoice_date or move.date
        )
        return [(user, 100.0, plan, {})] if plan else []

    @api.model
    def _get_reversed_beneficiaries(self, original):
        promised = self.search([("move_id", "=", original.id)], order="id")
        found = {}
        for basis in promised:
            key = (basis.user_id, basis.share, basis.plan_id)
            found.setdefault(key, {}).setdefault(
                basis.product_id, (basis.rule_id, basis.rate)
            )
        return [(*key, rates) for key, rates in found.items()]

    @api.model
    def _get_rule_and_rate(self, line, plan, rates):
        """Return (rule, rate in %) of one invoice line; rate 0: nothing is promised."""
        if line.product_id in rates:
            return rates[line.product_id]
        rule = plan._get_rule(line) if plan else self.env["parts.commission.rule"]
        return rule, rule.rate

    @api.model
    def _prepare_vals(self, line, user, share, plan, rule, rate):
        """Return the `create` values of one promise.

        The base is read from the journal item (`amount_currency`), which Odoo keeps
        balanced, not from `price_subtotal`, which can be written over RPC.
        """
        move = line.move_id
        currency = move.currency_id
        base = -line.amount_currency
        name = line.product_id.display_name or (line.name or "").split("\n")[0]
        return {
            "company_id": move.company_id.id,
            "user_id": user.id,
            "date": move.invoice_date or move.date,
            "move_id": move.id,
            "move_name": move.name,
            "move_line_id": line.id,
            "product_id": line.product_id.id,
            "product_name": name,
            "partner_id": move.commercial_partner_id.id,
            "partner_name": move.commercial_partner_id.name,
            "plan_id": plan.id,
            "plan_name": plan.name,
            "rule_id": rule.id,
            "currency_id": currency.id,
            "share": share,
            "base": base,
            "rate": rate,
            "amount": currency.round(base * rate * share / 10000.0),
        }
