from odoo import api, fields, models


class PartsApprovalHoldMixin(models.AbstractModel):
    """A sales order that its customer makes binding, and that a gate can hold.

    Everything here is asked by ``parts.approval.hold``, mostly as superuser.
    """

    _name = "parts.approval.hold.mixin"
    _description = "Document That Can Be Held"

    parts_held = fields.Boolean(
        string="Held",
        help="The customer signed or paid; a check keeps the order from being"
        " confirmed.",
        compute="_compute_parts_held",
        search="_search_parts_held",
        compute_sudo=True,
    )
    parts_held_note = fields.Char(
        string="Why It Waits", compute="_compute_parts_held_note", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_parts_held(self):
        holds = self._parts_hold_of()
        for order in self:
            order.parts_held = order._origin.id in holds

    @api.depends("state")
    @api.depends_context("lang", "tz")
    def _compute_parts_held_note(self):
        holds = self._parts_hold_of()
        for order in self:
            hold = holds.get(order._origin.id)
            order.parts_held_note = hold._sentence(order) if hold else False

    def _search_parts_held(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        # as superuser: who reads the order may read its hold
        holds = (
            self.env["parts.approval.hold"]
            .sudo()
            ._search([("res_model", "=", self._name), ("released_date", "=", False)])
        )
        return [
            ("state", "in", ("draft", "sent")),
            ("id", "in", holds.subselect("res_id")),
        ]

    # === THE CUSTOMER'S ACTS === #

    def _parts_around_validate_order(self, proceed):
        """Confirm as the customer, who signed or has nothing to pay.

        :param proceed: the method itself, of the records given
        """
        return self.env["parts.approval.hold"]._act(self, lambda: proceed(self))

    def _parts_around_action_confirm(self, proceed):
        """Confirm; as customer where a visitor calls it (a website's free tickets), or
        a till that took his money.

        :param proceed: the method itself, of the records given
        """
        if not self._parts_hold_watched():
            return proceed(self)

        def confirm():
            with self.env["parts.approval.watch"]._passing(self):
                return proceed(self)

        if self.env.user.share or self.env["parts.approval.beside"]._at_till():
            return self.env["parts.approval.hold"]._act(self, confirm)
        return confirm()

    # === WHAT THE ENGINE ASKS === #

    def _parts_hold_watched(self):
        """Return those that a control watches: no other is ever held.

        No query where every control is off.
        """
        return self.browse()

    def _parts_hold_of(self):
        """Return ``{order id: its open hold}`` of those that are still held."""
        waiting = self.filtered(lambda order: order._parts_hold_waits())
        return self.env["parts.approval.hold"]._open_of(waiting._parts_hold_watched())

    def _parts_hold_waits(self):
        """Return whether the order can still be confirmed."""
        self.ensure_one()
        return self.state in ("draft", "sent")

    def _parts_hold_cancelled(self):
        self.ensure_one()
        return self.state == "cancel"

    def _parts_hold_owner(self):
        """Return who looks after the order: its salesperson, else the leader of the
        team, else an administrator, whoever can read it; none if nobody can.
        """
        self.ensure_one()
        role = self.env.ref("auto_parts_sales.group_parts_administrator")
        administrators = role.sudo().all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )
        for user in (self.user_id, self.team_id.user_id, *administrators.sorted("id")):
            order = self.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            if user.active and order.sudo(False).has_access("read"):
                return user
        return self.env["res.users"]

    def _parts_hold_cause(self):
        """Return what the customer did last: ``payment``, ``signature``, ``other``."""
        self.ensure_one()
        if self._parts_hold_done("payment"):
            return "payment"
        return "signature" if self._parts_hold_done("signature") else "other"

    def _parts_hold_done(self, cause):
        """Return whether what the customer did stands, as Odoo asks for it.

        :param str cause: what he did, see :meth:`_parts_hold_cause`
        """
        self.ensure_one()
        states = set(self.transaction_ids.mapped("state")) - {"draft"}
        paid = self._is_confirmation_amount_reached()
        if cause == "payment":
            return paid and bool(states & {"authorized", "done"})
        if cause == "signature":
            return paid and bool(self.signature)
        return not states or bool(states - {"cancel", "error"})

    def _parts_hold_terms(self):
        """Return what the customer agreed to, as JSON.

        An order that was changed since then is confirmed by a person, or not at all.
        """
        self.ensure_one()
        return [
            self.partner_invoice_id.id,
            self.currency_id.id,
            self.payment_term_id.id,
            [
                [
                    line.product_id.id,
                    line.product_uom_id.id,
                    line.product_uom_qty,
                    line.price_unit,
                    line.discount,
                    sorted(line.tax_ids.ids),
                ]
                for line in self.order_line
                if not line.display_type
            ],
        ]

    # === WHAT THE ENGINE DOES === #

    def _parts_hold_mark(self):
        """Leave no draft behind: a draft is a cart that its visitor may change, and
        that a pending payment would try to confirm once more.
        """
        drafts = self.filtered(lambda order: order.state == "draft")
        drafts.with_context(tracking_disable=True).action_quotation_sent()
        # Odoo's shop gives a cart its salesperson only when confirming it
        if "website_id" in self._fields:
            carts = self.filtered(lambda order: order.website_id and not order.user_id)
            carts.with_context(force_user_recomputation=True)._compute_user_id()

    def _parts_hold_changed(self):
        self.invalidate_recordset(["parts_held", "parts_held_note"])

    def _parts_hold_release(self, reason):
        self.env["parts.approval.hold"]._release_of(self._parts_hold_watched(), reason)

    def _parts_hold_confirm(self):
        """Confirm as the customer's act would have."""
        self._validate_order()

    def _parts_hold_follow_up(self):
        """Do what would have followed the customer's act."""
        self.transaction_ids._parts_invoice_late()

    def _parts_hold_mailed(self):
        """Return those whose customer gets Odoo's mail about a payment.

        A pending payment's mail promises confirmation by that payment, which is not
        what a held order waits for.
        """
        return self.filtered(
            lambda order: not order.parts_held
            or order.sudo().get_portal_last_transaction().state != "pending"
        )
